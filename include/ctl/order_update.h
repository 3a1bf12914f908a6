/* SPDX-License-Identifier: Apache-2.0 */
/* order_update.h - zones that stand in the folder already, drawn anew in a map. */
#ifndef CTL_ORDER_UPDATE_H
#define CTL_ORDER_UPDATE_H

#include "ctl/order_place.h"
#include "ctl/order_sheet.h"

/*
 * Writes the shapes of those zones of the sheet that have moved into the files in which they stand,
 * and nothing else of it; file by file, each checked with all the others before it is moved into
 * place. False and why: a zone is not there, or a file was refused; those before it are in place.
 */
bool order_update(const struct order_place *place, const struct order_sheet *sheet,
                  struct fault *why);

#endif
