/* SPDX-License-Identifier: Apache-2.0 */
/* ping.h - one position report of one device. */
#ifndef CORE_PING_H
#define CORE_PING_H

#include "core/index.h"
#include "core/instant.h"
#include "core/lonlat.h"

/* Checked by whoever read it: id well formed, position on the map, accuracy positive or NaN. */
struct ping {
    char device[NAME_MAX_CHARS + 1];
    struct utc time; /* as the device says */
    struct lonlat at;
    double accuracy; /* metres, 68 % radius; NaN: unknown, never perfect */
    double speed;    /* m/s, as reported; NaN or 0: not said */
    double course;   /* degrees from north, 0..360; NaN: not said */
    double battery;  /* per cent; NaN: not said */
    bool tamper;
    bool untrusted; /* its own sender does not vouch for the position: kept, and moves nothing */
    bool doubted;   /* our clock was in doubt when it came: looking old does not make it late */
};

/* Where a device was, when, and how sure. `time` is the one that it was judged by. */
struct position {
    struct utc time;
    struct lonlat at;
    double accuracy;
};

#endif
