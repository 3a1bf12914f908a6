/* SPDX-License-Identifier: Apache-2.0 */
/* import_readers.h - the kinds of files that an import reads, each by a source of its name. */
#ifndef CTL_IMPORT_READERS_H
#define CTL_IMPORT_READERS_H

#include "ctl/import_rows.h"

#include <stdint.h>

/* Of a map of a million zones; it is held in memory as a text. */
#define IMPORT_BYTES_MAX (INT64_C(4) * 1024 * 1024 * 1024)

bool import_csv(struct import_rows *import, const char *text, size_t n, struct fault *why);

/* `crs` is the system where the text names none: "OGC:CRS84" by RFC 7946; "": refused then. */
bool import_geojson(struct import_rows *import, const char *text, size_t n, const char *crs,
                    struct fault *why);

/*
 * What GDAL's ogr2ogr makes GeoJSON of, its places as they are there, and the EPSG's name of their
 * system by ogrinfo, "" for none; the caller frees. NULL and why. Says in the import how long texts
 * can be in such a file.
 */
char *import_by_ogr(struct import_rows *import, const char *path, char crs[32], size_t *out_n,
                    struct fault *why);

/* WKT of another system as WKT of WGS84, without heights; the caller frees. NULL and why. */
char *import_wkt(struct import_rows *import, const char *text, struct fault *why);

#endif
