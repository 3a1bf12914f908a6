/* SPDX-License-Identifier: Apache-2.0 */
/* order_grid.h - a place of the National Grid in place of a centre. */
#ifndef CTL_ORDER_GRID_H
#define CTL_ORDER_GRID_H

#include "core/fault.h"
#include "core/lonlat.h"

enum { ORDER_CENTRE_MAX = 64 };

/* `571340, 188470`: two numbers, both over 1000. */
bool order_grid_is(const char *text);

/*
 * `51.5690681, 0.4708678` of that, to the centimetre; on stderr by which transformation, and how
 * accurate.
 */
bool order_grid_centre(const char *text, const struct lonlat_box *region,
                       char out[ORDER_CENTRE_MAX], struct fault *why);

#endif
