/* SPDX-License-Identifier: Apache-2.0 */
/*
 * geojson_json.h - a GeoJSON shape as GEOS can read it. RFC 7946 lets a position have an altitude,
 * which many programs write and which GEOS 3.11 refuses; where a zone is, it does not matter.
 */
#ifndef ADAPTER_GEOJSON_JSON_H
#define ADAPTER_GEOJSON_JSON_H

#include "core/arena.h"

/*
 * The text without its altitudes, in arena memory; or `text` itself where not every position has
 * one, and where it is no JSON, so that the reader says why. NULL when memory is out.
 */
const char *geojson_flat(const char *text, struct arena *arena);

#endif
