/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path.h - where somebody truly was: straight legs between instants, and what that means for an
 * area. Seconds since the run began; metres of the area's own plane.
 */
#ifndef DETECT_PATH_H
#define DETECT_PATH_H

#include "detect/area.h"

#include <stdbool.h>

struct waypoint {
    double t;
    struct metres at;
};

/* Grows as it is walked. Zeroed is none; path_start begins one anew in the same memory. */
struct path {
    struct waypoint *points;
    size_t n, room;
};

void path_start(struct path *path, struct metres at);
void path_add(struct path *path, double t, struct metres at);
void path_go(struct path *path, struct metres to, double speed); /* metres a second */
void path_wait(struct path *path, double seconds);
void path_fini(struct path *path);

double path_end(const struct path *path); /* seconds */
/* `*leg` is where the last question was answered: start with 0, ask in order of time. */
struct metres path_at(const struct path *path, double t, size_t *leg);

/* One unbroken time inside. */
struct stay {
    double enter, leave;
    double depth; /* the greatest, metres */
    double deep;  /* seconds: the longest unbroken time at least TRUTH_DEEP_M inside */
};

#define TRUTH_DEEP_M 10.0

enum { TRUTH_STAYS_MAX = 256 };

struct truth {
    size_t n;
    struct stay stays[TRUTH_STAYS_MAX];
    double outside; /* seconds */
};

/* Edges are found to within 0.05 s. False when there are more stays than room. */
bool truth_find(const struct path *path, const struct area *area, struct truth *out);

#endif
