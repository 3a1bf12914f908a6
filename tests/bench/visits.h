/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visits.h - from the POST of a visitor's first ping inside to its alert, wherever that is heard.
 * Each visit must give one alert, known by device and ping time; what the visitor causes afterwards
 * is not timed.
 */
#ifndef BENCH_VISITS_H
#define BENCH_VISITS_H

#include "bench/load.h"

#include <jansson.h>

struct visit;

struct visits {
    struct load load;
    struct visit *of; /* a person each */
    size_t awaited;   /* alerts that have not come */
    size_t strange;   /* alerts that no visit called for */
    struct samples delays;
};

/*
 * A load with these settings of the command line, from argv[first] on. Ends the program if wrong.
 */
void visits_init(struct visits *visits, int argc, char **argv, int first);
void visits_fini(struct visits *visits);

/* An alert was heard now; NULL: something that is none. */
void visits_hear(struct visits *visits, const json_t *alert, int64_t now);

/* Sends everything, waits for the last alerts, and prints the table. False when none came. */
bool visits_run(struct visits *visits);

#endif
