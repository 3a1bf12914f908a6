/* SPDX-License-Identifier: Apache-2.0 */
/* still.h - real phones that never moved, beside edges that they never crossed. */
#ifndef DETECT_STILL_H
#define DETECT_STILL_H

#include "detect/score.h"

enum { STILL_EDGES = 5, STILL_DIRECTIONS = 8, STILL_RADII = 2 };

extern const double still_edges[STILL_EDGES]; /* metres from the recording's median */
extern const double still_radii[STILL_RADII]; /* metres: a home's zone, and a town's, nearly a
                                                 straight edge */

/* What one judge said of all recordings at one distance and radius: every one of it false. */
struct still {
    size_t possibles, breaches, pasts;
    size_t worst; /* breaches in the worst recording, all directions together */
    double days;
};

struct stills {
    size_t recordings, fixes; /* 0 recordings: no data here */
    struct still of[JUDGES][STILL_RADII][STILL_EDGES];
};

void still_run(const char *shared_data, const struct detect *detect, bool rivals,
               struct stills *out);

#endif
