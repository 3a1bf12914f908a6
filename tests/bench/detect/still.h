/* SPDX-License-Identifier: Apache-2.0 */
/* still.h - real phones that never moved, beside edges that they never crossed. */
#ifndef DETECT_STILL_H
#define DETECT_STILL_H

#include "detect/pile.h"
#include "detect/score.h"
#include "support/recording.h"

enum { STILL_EDGES = 5, STILL_DIRECTIONS = 8, STILL_RADII = 2, STILL_SOURCES = 2 };

extern const double still_edges[STILL_EDGES]; /* metres from where the recording lay */
/* Metres: a home's zone, and a population's, nearly a straight edge. */
extern const double still_radii[STILL_RADII];

/*
 * Phones that were known to lie still, and receivers whose own
 * Doppler speed never was over 0.2 m/s.
 */
extern const char *const still_sources[STILL_SOURCES];

/* Whether the recording of that source is of one that lay still. */
bool still_lay(int source, const struct recorded *rows, size_t n);

/*
 * Where it lay: the median of the fixes of 100 m accuracy and better, or of unknown accuracy;
 * of all where there are none. Two recordings are mostly of a mast 416 and 764 m off: the
 * median of all would take its word, and the good fixes, which agree with the other
 * recordings of the room, for errors.
 */
struct lonlat still_place(const struct recorded *rows, size_t n);

/* Carries the recording so that its place lies `off` metres from the site's middle. */
void still_carry(struct run *run, const struct recorded *rows, size_t n, const struct site *site,
                 double angle, double off);

/* What one judge said of all recordings at one distance and radius: every one of it false. */
struct still {
    size_t approaches, possibles, breaches, pasts;
    size_t worst; /* breaches in the worst recording, all directions together */
};

struct stills {
    size_t recordings[STILL_SOURCES], fixes[STILL_SOURCES]; /* 0: no data here */
    double days[STILL_SOURCES];                             /* of all recordings together */
    struct still of[STILL_SOURCES][JUDGES][STILL_RADII][STILL_EDGES];
};

/* `rivals` false: breachd and the plain test alone. */
void still_run(const char *shared_data, const struct detect *detect, bool rivals,
               struct stills *out);

/* Of all sources and radii together: bars are on that. */
struct still still_sum(const struct stills *stills, enum judge judge, int edge);

#endif
