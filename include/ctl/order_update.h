/* SPDX-License-Identifier: Apache-2.0 */
/* order_update.h - zones that stand in the folder already, drawn anew in a map. */
#ifndef CTL_ORDER_UPDATE_H
#define CTL_ORDER_UPDATE_H

#include "ctl/order_place.h"
#include "ctl/order_sheet.h"

/*
 * Writes the shapes of those zones of the sheet that have moved into the files in which they stand,
 * and nothing else of it. All are checked as one first: false and why, with every file as it
 * was, where a zone is not there or one is refused. False too where writing ends half-way;
 * then *why tells which are in place.
 */
bool order_update(const struct order_place *place, const struct order_sheet *sheet,
                  struct fault *why);

#endif
