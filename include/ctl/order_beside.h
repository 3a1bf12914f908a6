/* SPDX-License-Identifier: Apache-2.0 */
/* order_beside.h - what is written, checked beside the files of a folder that are there already. */
#ifndef CTL_ORDER_BESIDE_H
#define CTL_ORDER_BESIDE_H

#include "ctl/order_place.h"

/*
 * The folder's orders with those drafts. NULL, and complaints, where they are refused. With `[site]
 * reload = by-file` a file that is bad without them does not count, for breachd too goes on with
 * what was last good of it, or without it: it is named on stderr, with what is wrong in it.
 */
struct rulebook *order_beside_load(const struct order_place *place,
                                   const struct orderfile_draft *drafts, size_t n,
                                   struct complaints *complaints);

#endif
