/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_strays.h - what lies in a folder of orders and is passed over: an order in `home.conf.txt`
 * would protect nobody, and nobody would know. For orderfile.c.
 */
#ifndef ADAPTER_CONF_ORDER_STRAYS_H
#define ADAPTER_CONF_ORDER_STRAYS_H

#include "adapter/conf/order_draft.h"

enum { ORDER_STRAYS_NAMED_MAX = 20 };

/*
 * Warns of each by name, of more than that many in one line: of all but order files, names that
 * begin with a dot or README, what editors and packages keep of before, and the shapes that
 * sections from `first` on name, or folders of such.
 */
void order_strays_tell(const char *folder, const struct order_draft *first,
                       struct complaints *complaints);

#endif
