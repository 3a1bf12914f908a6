/* SPDX-License-Identifier: Apache-2.0 */
/*
 * population.h - a population in which everybody wears a tag; and knobs,
 * samples, a clock for every bench.
 */
#ifndef BENCH_POPULATION_H
#define BENCH_POPULATION_H

#include "core/lonlat.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Person 42 is R-000042 with the device tag-000042 and the order B-000042, whose one zone
 * B-000042/home is a circle, or a polygon nearly as round, around population_home(). The same seed
 * is the same population for orders_make and for whoever sends its pings.
 */
#define POPULATION_DEVICE   "tag-%06u"
#define POPULATION_RADIUS_M 200.0
#define POPULATION_STEP_M   25.0 /* from the edge to who has just crossed it */

enum {
    POPULATION_PEOPLE_MAX = 1000000,
    POPULATION_PING_MAX = 160 /* the longest ping has 120 characters */
};
enum population_throw { DICE_LATITUDE, DICE_LONGITUDE, DICE_SHAPE, DICE_NEAR, DICE_WHEN };

double population_dice(unsigned seed, unsigned who,
                       enum population_throw dice); /* 0 <= it < 1, always the same */
struct lonlat population_home(unsigned seed, unsigned who);
/*
 * Metres north of home at one's turn: of this share of people a step inside the zone, a step
 * outside, a step inside; of all others far off.
 */
double population_north(unsigned seed, unsigned who, double near, unsigned turns);
/* Writes somebody's ping, so many metres north of home, as JSON; its length. */
size_t population_ping(char out[POPULATION_PING_MAX], unsigned seed, unsigned who, const char *time,
                       double north);

/* A number that may be set on the command line, by its name and with its range. */
struct knob {
    const char *name;
    double *value; /* its default until then */
    double least, most;
};

/* Reads `--name value` pairs from argv[first] on; on a mistake lists the knobs and exits with 2. */
void knobs_read(int argc, char **argv, int first, const struct knob *knobs, size_t n);

/* Times in microseconds; grows as needed. */
struct samples {
    uint32_t *us;
    size_t n, room;
};

void samples_add(struct samples *samples, int64_t us);
/* Milliseconds that this share of them do not exceed: 0.5 the median, 1 the longest; or NAN. */
double samples_ms(struct samples *samples, double share);

int64_t now_us(void); /* monotonic */
/* Seconds of a core that a process has used so far; 0 is this one. */
double used_s(double pid);

/* Memory, or the end: there is nothing to measure without it. */
void *needed(void *memory);

#endif
