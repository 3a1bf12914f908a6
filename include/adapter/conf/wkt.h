/* SPDX-License-Identifier: Apache-2.0 */
/* wkt.h - a shape in WKT as programs write it, for GEOS to read. Pure. */
#ifndef ADAPTER_CONF_WKT_H
#define ADAPTER_CONF_WKT_H

#include "core/arena.h"
#include "core/fault.h"

/*
 * The text without what PostGIS's EWKT puts before it, `SRID=4326;`, and with the dimension, as in
 * `POLYGONZ ((`, blotted out: GEOS passes over the third and fourth number of a corner. `text`
 * itself or in arena memory. NULL and why: another SRID, by its name; what is no WKT.
 */
const char *wkt_plain(const char *text, struct arena *arena, struct fault *why);

#endif
