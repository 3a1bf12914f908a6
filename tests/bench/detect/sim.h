/* SPDX-License-Identifier: Apache-2.0 */
/* sim.h - the simulated part of the bench: so many runs of each behaviour, before every judge. */
#ifndef DETECT_SIM_H
#define DETECT_SIM_H

#include "detect/score.h"
#include "detect/stanford.h"

enum { SITES_MAX = RADII + 1 + 12 };

struct sim {
    uint64_t seed;
    unsigned share; /* a full run has 1; 36 is a 36th of the runs */
    struct detect detect;
    struct site sites[SITES_MAX]; /* four circles, then polygons */
    size_t n_sites;
    size_t runs, pings;
    struct calibration {
        double fixes, within, within_twice; /* the reported radius */
    } calibration[SKIES][CLAIMS];           /* of all but those far away */
    double moving;            /* errors are so many times as large while he goes: 1, or the axis' */
    bool moving_reported;     /* and the accuracy told is */
    bool right_only;          /* only runs whose accuracy is told right */
    struct stanford stanford; /* of all visits before OURS */
    struct path path;
    struct run run;
    struct sayings sayings;
};

extern const double sim_intervals[INTERVALS]; /* seconds */
extern const double sim_radii[RADII];         /* metres */

/* `shared_data` is the folder with poly-essex; without it, the polygon is an L of our own. */
void sim_init(struct sim *sim, uint64_t seed, unsigned share, const char *shared_data);
void sim_fini(struct sim *sim);

/* All behaviours; `rivals` false: breachd and the plain test alone. */
void sim_all(struct sim *sim, bool rivals, struct results *out);

/* `n` runs of one behaviour, the settings in turn. */
void sim_some(struct sim *sim, enum behaviour behaviour, size_t n, bool rivals,
              struct results *out);

/* The same, spread over all settings of a full run. */
void sim_spread(struct sim *sim, enum behaviour behaviour, size_t n, bool rivals,
                struct results *out);

/* One run along sim->path under a new receiver, before all judges. False: too many stays. */
bool sim_judge(struct sim *sim, const struct setting *setting, const struct site *site,
               struct rng *rng, bool rivals, struct results *out);

/* sim->run, whose truth is known, before all judges. */
void sim_score(struct sim *sim, const struct setting *setting, const struct site *site, bool rivals,
               struct results *out);

#endif
