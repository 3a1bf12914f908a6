/* SPDX-License-Identifier: Apache-2.0 */
/* shape_kind.h - what a text that should be a shape is, by how it begins. Pure. */
#ifndef ADAPTER_CONF_SHAPE_KIND_H
#define ADAPTER_CONF_SHAPE_KIND_H

#include "core/fault.h"

#define SHAPE_WKT     "WKT"
#define SHAPE_GEOJSON "GeoJSON"

/*
 * False, with what it is instead in *why, when the text is known for something else than `wanted`:
 * in quotation marks, KML, other XML, a zip archive, UTF-16, WKB. One of which nothing is known is
 * let through, so that its reader tells what is wrong.
 */
bool shape_kind_is(const char *wanted, const char *text, struct fault *why);

#endif
