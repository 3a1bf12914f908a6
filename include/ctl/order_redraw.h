/* SPDX-License-Identifier: Apache-2.0 */
/* order_redraw.h - shapes of zones, each into the file in which that zone stands. */
#ifndef CTL_ORDER_REDRAW_H
#define CTL_ORDER_REDRAW_H

#include "ctl/order_place.h"
#include "ctl/order_sheet.h"

/*
 * Reads the folder, which is locked, once; checks all files that change as one; then writes one
 * after the other, and shows the sections as they are then. False and why, with every file as it
 * was, where a zone is not there or anything is refused; false too where writing ends half-way:
 * then *why tells which zones are in place.
 */
bool order_redraw(const struct order_place *place, const struct sheet_section *const *zones,
                  size_t n, struct fault *why);

#endif
