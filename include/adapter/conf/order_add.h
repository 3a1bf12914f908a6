/* SPDX-License-Identifier: Apache-2.0 */
/* order_add.h - sections as they stand in files, added to a rulebook. For orderfile.c. */
#ifndef ADAPTER_CONF_ORDER_ADD_H
#define ADAPTER_CONF_ORDER_ADD_H

#include "adapter/conf/order_draft.h"
#include "adapter/conf/orderfile.h"

struct order_adding {
    const struct orderfile_options *options;
    struct complaints *complaints;
    struct arena *arena;
    struct arena *order_keys; /* of orders: of no more use once those are added, and freed then */
    struct rulebook *rulebook;
};

/*
 * Adds the orders from `first` on, then zones, then permits: ids are told apart already. One thing
 * that is wrong hides no other: what was complained of is made good with something harmless, as the
 * rulebook of a folder with errors is thrown away.
 */
void order_add_all(const struct order_adding *adding, struct order_draft *first);

#endif
