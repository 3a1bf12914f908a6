/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_rows.h - orders and zones out of other people's tables and maps: a row, or a feature, is
 * a zone, and says of its order what that row says or the options do. What the readers share.
 */
#ifndef CTL_IMPORT_ROWS_H
#define CTL_IMPORT_ROWS_H

#include "ctl/order_place.h"
#include "ctl/order_sheet.h"

#include <stdio.h>

struct import_rows {
    const struct order_place *place;
    struct order_sheet sheet;
    const char *each;              /* "line" or "feature" */
    char crs[128];                 /* in which places are; "": degrees of WGS84 */
    struct projection *projection; /* of `projected`; NULL: not needed yet */
    char projected[128];
    char refused[256];        /* the transformation that was told of last */
    struct zone_maker *maker; /* to compare a shape with the circle that it was */
    struct meter *meter;      /* that is shown meanwhile; NULL: none */
    size_t rows;
    size_t text_most;             /* bytes of a text that its format keeps; 0: any number */
    size_t overruled[ORDER_KEYS]; /* rows that say otherwise than an option, which counts */
};

/* What one row says, by number of order_keys; NULL: nothing. */
struct import_row {
    size_t nth; /* as the operator counts them, from 1 */
    const char *values[ORDER_KEYS];
    const char *name;  /* a zone's, if it has no other */
    const char *times; /* of its order, as import_times_print has them; NULL: not said */
};

/*
 * Adds it to the sheet. False, with its number in *why: also when it names a zone that lies
 * nowhere.
 */
bool import_rows_put(struct import_rows *import, const struct import_row *row, struct fault *why);

/*
 * A place of the import's system, or of `crs` when that is not NULL, as degrees of WGS84; the first
 * of each transformation is told on stderr.
 */
bool import_rows_place(struct import_rows *import, const char *crs, double x, double y,
                       struct lonlat *out, struct fault *why);

/* Of each option that counted in place of what rows say, in how many; on stderr. */
void import_rows_tell_overruled(const struct import_rows *import);

/* As many digits as give the same number again. */
void import_rows_degrees(FILE *file, double degrees);

#endif
