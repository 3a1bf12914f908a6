/* SPDX-License-Identifier: Apache-2.0 */
/* order_apart.h - no two sections of one id. For orderfile.c. */
#ifndef ADAPTER_CONF_ORDER_APART_H
#define ADAPTER_CONF_ORDER_APART_H

#include "adapter/conf/order_draft.h"

/*
 * Of `n` sections from `first` on each that has the id of one before it is complained of, as a
 * clash when that stands in another file, and gets an id that nobody can have written, in arena
 * memory, so that the rest of it is checked too. False when memory is out.
 */
bool order_apart(struct order_draft *first, size_t n, struct arena *arena,
                 struct complaints *complaints);

#endif
