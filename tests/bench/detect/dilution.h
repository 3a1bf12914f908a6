/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dilution.h - what a tracker's HDOP is worth when it tells no accuracy: the real devices that lay
 * still, with their accuracy taken from the HDOP in three ways, outside of an edge and inside.
 */
#ifndef DETECT_DILUTION_H
#define DETECT_DILUTION_H

#include "detect/still.h"

enum dilution_way {
    DILUTION_FIVE,  /* 5 m for each 1, as it was once read */
    DILUTION_READ,  /* as adapter/ping/reading.h reads it */
    DILUTION_NONE,  /* not at all */
    DILUTION_LEAST, /* 10 m for each 1 and at least 20: bolder than we are */
    DILUTION_WAYS
};

/* Receivers' own HDOP, of their NMEA; and phones, as if each fix had told DILUTION_USUAL. */
enum dilution_source { DILUTION_RECEIVERS, DILUTION_PHONES, DILUTION_SOURCES };
#define DILUTION_USUAL 1.0

enum { DILUTION_EDGES = 4 };
extern const double dilution_edges[DILUTION_EDGES]; /* metres, outside and inside */

/* Of STILL_DIRECTIONS times the recordings at one distance. */
struct dilution_score {
    size_t false_breaches, false_possibles;    /* alerts, from outside */
    size_t missed_breaches, missed_altogether; /* runs, inside */
};

struct dilutions {
    size_t recordings[DILUTION_SOURCES], fixes[DILUTION_SOURCES]; /* 0: no data here */
    struct dilution_score of[DILUTION_SOURCES][DILUTION_WAYS][DILUTION_EDGES];
};

void dilution_run(const char *shared_data, const struct detect *detect, struct dilutions *out);

#endif
