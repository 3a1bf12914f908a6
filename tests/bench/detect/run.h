/* SPDX-License-Identifier: Apache-2.0 */
/* run.h - one device's pings in the order of their arrival, with the truth beside each. */
#ifndef DETECT_RUN_H
#define DETECT_RUN_H

#include "detect/gps.h"
#include "detect/path.h"

struct fix {
    double t, arrival;    /* seconds since the run began: of the fix, and of its arrival */
    double true_distance; /* metres from the edge, negative inside; NaN: nobody knows */
    double distance;      /* the same of the place seen */
    struct seen seen;
    double error; /* metres from the true place; NaN: nobody knows */
};

/* Memory is kept from run to run. */
struct run {
    struct fix *fixes;
    size_t n, room;
    double end;
    struct truth truth;
};

void run_add(struct run *run, const struct fix *fix);
void run_sort(struct run *run); /* by arrival */
void run_fini(struct run *run);

/* What the way to us does: 3 % are lost, 2 % held up for 5 to 120 s, 0.5 % come twice. */
struct link {
    double loss, held, twice;
};
extern const struct link link_usual;

/* Fills the run with what `gps` sees every `interval` seconds of the path. */
void run_simulate(struct run *run, const struct path *path, const struct area *area,
                  struct gps *gps, const struct link *link, double interval, struct rng *rng);

/* The device has no coverage from `from` to `until`: what it saw then comes at once after it. */
void run_hold(struct run *run, double from, double until);

#endif
