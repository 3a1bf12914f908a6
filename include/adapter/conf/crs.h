/* SPDX-License-Identifier: Apache-2.0 */
/* crs.h - the names under which a coordinate reference system stands in a shape. Pure. */
#ifndef ADAPTER_CONF_CRS_H
#define ADAPTER_CONF_CRS_H

#include "core/fault.h"

/*
 * Whether `name` is WGS84 in degrees, by any usual spelling: `urn:ogc:def:crs:OGC:1.3:CRS84`,
 * `urn:ogc:def:crs:OGC::CRS84`, `urn:ogc:def:crs:EPSG::4326`, `EPSG:4326`, `SRID=4326`, the
 * addresses of opengis.net; letters may be large or small. Longitude stands first whatever the
 * system's own order of axes: GeoJSON and WKT have it so. False with the name in *why, of the
 * National Grid and of Web Mercator as such.
 */
bool crs_is_wgs84(const char *name, struct fault *why);

#endif
