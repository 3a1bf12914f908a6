/* SPDX-License-Identifier: Apache-2.0 */
/* units.h - quantities as operators write them. Pure. */
#ifndef ADAPTER_CONF_UNITS_H
#define ADAPTER_CONF_UNITS_H

#include "core/fault.h"
#include "core/lonlat.h"

#include <stdint.h>

enum unit_kind {
    UNIT_COUNT,
    UNIT_DURATION,
    UNIT_DISTANCE,
    UNIT_SPEED,
    UNIT_SIZE,
    UNIT_SHARE,
    UNIT_PERCENT
};

/*
 * Reads `250`; `15s 5m 2h 28d` and `200ms` to milliseconds; `200 m`, `1.5 km` to metres; `0.5 m/s`;
 * `1 MiB`, `64 KiB`, `512 B` to bytes; `80 %` to 0.8; `95` or `95 %` to 95. A blank before the unit
 * is fine. The value must lie in low..high, given in the unit that it is read to. False with the
 * value and the legal range in *why.
 */
bool unit_parse(enum unit_kind kind, const char *text, double low, double high, double *out,
                struct fault *why);

/*
 * A value in the unit that it is read to, as an operator may write it, in the largest unit in which
 * it is whole: "90s", "1500 m", "2 km", "0s"; in the smallest where it is whole in none.
 */
enum { UNIT_TEXT_MAX = 32 };
char *unit_print(enum unit_kind kind, double value, char text[UNIT_TEXT_MAX]);

/* "51.56844, 0.45782": latitude, longitude, on the map. */
bool latlon_parse(const char *text, struct lonlat *out, struct fault *why);

#endif
