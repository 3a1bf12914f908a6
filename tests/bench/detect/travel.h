/* SPDX-License-Identifier: Apache-2.0 */
/*
 * travel.h - real movement under a simulated receiver: a recorded track, as it stands, is taken for
 * the truth, and zones are put on it and beside it.
 */
#ifndef DETECT_TRAVEL_H
#define DETECT_TRAVEL_H

#include "detect/sim.h"

struct travel {
    size_t tracks; /* 0: no data here */
    double km;
};

/* Adds results of the behaviour REAL_MOVEMENT. */
void travel_run(struct sim *sim, const char *shared_data, bool rivals, struct results *out,
                struct travel *travel);

#endif
