/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_untaken.h - what a map's table says otherwise than the folder, of which an update takes
 * shapes alone: each is told on stderr, so that nobody thinks it was taken.
 */
#ifndef CTL_ORDER_UNTAKEN_H
#define CTL_ORDER_UNTAKEN_H

#include "adapter/conf/order_text.h"
#include "core/rulebook.h"
#include "ctl/meter.h"
#include "ctl/order_sheet.h"

struct civil;

/*
 * How many keys of the sheet's order, of its zone, say otherwise; an empty one says nothing. `text`
 * is where order_text_find() holds the order's.
 */
size_t order_untaken_order(const struct order *now, const struct civil *civil,
                           const struct sheet_section *order, struct order_text_held *text,
                           struct meter *meter);
size_t order_untaken_zone(const struct exclusion *now, const struct sheet_section *zone,
                          struct order_text_held *text, struct meter *meter);

/*
 * Zones of the folder that are not in the sheet, of which so many are named. How many those are of
 * orders that are in it: they were deleted there.
 */
enum { ORDER_UNTAKEN_NAMED_MAX = 20 };
size_t order_untaken_missing(const struct rulebook *rules, const struct order_sheet *sheet);

#endif
