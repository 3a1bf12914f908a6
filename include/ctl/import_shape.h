/* SPDX-License-Identifier: Apache-2.0 */
/* import_shape.h - a zone whose row says a circle and a drawing: which of them is meant. */
#ifndef CTL_IMPORT_SHAPE_H
#define CTL_IMPORT_SHAPE_H

#include "ctl/import_rows.h"

/*
 * What `zones --geojson` wrote has both the circle and its drawing. As long as nobody has drawn it
 * otherwise it is the circle; else what was drawn is meant, and that is told, by an update once
 * the zone has moved. Clears the other one's values.
 */
void import_shape_choose(struct import_rows *import, struct sheet_section *zone,
                         const char *values[ORDER_KEYS]);

#endif
