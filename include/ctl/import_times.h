/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_times.h - instants that go through other people's maps: their fields of date and time have
 * no offset (QGIS drops it), or no time of day (a shapefile). A text beside them keeps the whole.
 */
#ifndef CTL_IMPORT_TIMES_H
#define CTL_IMPORT_TIMES_H

#include "core/instant.h"
#include "core/order.h"

#include <stdbool.h>

enum { IMPORT_TIMES_MAX = 4 * UTC_TEXT_MAX };

/*
 * "from 2026-01-01T09:00:00.000Z; served …; until …": the property `times`; what is never is left
 * out.
 */
char *import_times_print(const struct order *order, char out[IMPORT_TIMES_MAX]);

/*
 * The instant that `times` has for that key, when `value` is what a map made of it: the same date,
 * or the same date and time, without an offset. False, *out untouched: it is another, was written
 * by somebody (2026-01-01 09:00 is local time), or there is none.
 */
bool import_times_find(const char *times, const char *key, const char *value,
                       char out[UTC_TEXT_MAX]);

/*
 * An instant as GDAL writes it into tables and KML, `2020/06/09 12:00:00+00`, or with `-` or `T` in
 * it, fractions of a second, `Z`, `+01`, `+0100` or `+01:00`, as RFC 3339. False, *out untouched:
 * it is written otherwise, is no instant, or is longer than UTC_TEXT_MAX.
 */
bool import_times_rewrite(const char *value, char out[UTC_TEXT_MAX]);

/*
 * Whether it is a date, or a date and time to the second, without an offset: so maps write
 * instants, and nobody else; of which hour it is they do not say.
 */
bool import_times_bare(const char *value);

#endif
