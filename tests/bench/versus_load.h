/* SPDX-License-Identifier: Apache-2.0 */
/*
 * versus_load.h - zones and pings that Redis, breachd and whoever else is held against it are all
 * given: circles that each count for one device, a share of the devices about one of their own, all
 * of them a step farther each turn. The same knobs are the same load.
 */
#ifndef BENCH_VERSUS_LOAD_H
#define BENCH_VERSUS_LOAD_H

#include "bench/population.h"
#include "core/instant.h"

enum { VERSUS_KNOBS = 6, VERSUS_PING_MAX = 160, VERSUS_TURN_S = 15 };

#define VERSUS_RADIUS_M 200.0
#define VERSUS_STEP_M   40.0 /* between two pings of a device */

/* Numbers of the command line, hence double. */
struct versus_plan {
    double zones, devices, pings, seed;
    double about, within; /* a share of the devices, and so far from the centre go those, metres */
};

#define VERSUS_DEFAULT                                                                             \
    {                                                                                              \
        .zones = 100000, .devices = 10000, .pings = 300000, .seed = 1, .about = 0.2, .within = 600 \
    }

void versus_knobs(struct versus_plan *plan, struct knob knobs[VERSUS_KNOBS]);

struct versus_ping {
    uint32_t device, turn;
    struct lonlat at;
};

/* Zone `i` is of device `i` % devices; ping `i` likewise, of turn `i` / devices. */
struct versus_load {
    struct versus_plan plan;
    struct lonlat *zones;
    struct versus_ping *pings;
    struct utc last; /* when the last turn was; each is VERSUS_TURN_S after the one before */
};

/* Ends the program where memory does. */
void versus_load_init(struct versus_load *load, const struct versus_plan *plan);
void versus_load_fini(struct versus_load *load);

/* To the second. */
char *versus_time(const struct versus_load *load, const struct versus_ping *ping,
                  char text[UTC_TEXT_MAX]);

/* As JSON; its length. */
size_t versus_json(const struct versus_load *load, const struct versus_ping *ping,
                   char out[VERSUS_PING_MAX]);

/* The array of `n` pings from number `first` on, into `body`, of room for them; its length. */
size_t versus_body(const struct versus_load *load, size_t first, size_t n, char *body);

#endif
