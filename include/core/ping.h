/* SPDX-License-Identifier: Apache-2.0 */
/* ping.h - one position report of one device. */
#ifndef CORE_PING_H
#define CORE_PING_H

#include "core/fault.h"
#include "core/index.h"
#include "core/instant.h"
#include "core/lonlat.h"

/* A position no better known than so, metres, is none; and no tag on the ground is faster, m/s. */
#define PING_ACCURACY_MAX 100000.0
#define PING_SPEED_MAX    70.0 /* 157 mph: faster than anything there but a train */

/* Checked by whoever read it: its id is well formed, and ping_settle has had its say. */
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

/*
 * The ranges of what a ping may say, in one place, for every door: called by each reader when it
 * has filled in what was said, in the units above, NaN for what was not. Refuses a place off the
 * map (latitude 90.1, infinity, NaN) and a time outside 1970 to 2200. Of the rest what is out of
 * range becomes unknown: accuracy 0 or -5, speed 70.1, course -1, battery 101. Accuracy over
 * 100 km is no fix: unknown, and the ping is untrusted. -0 becomes 0.
 */
bool ping_settle(struct ping *ping, struct fault *why);

#endif
