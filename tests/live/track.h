/* SPDX-License-Identifier: Apache-2.0 */
/* track.h - one real track of the shared data, moved to where we want it. */
#ifndef LIVE_TRACK_H
#define LIVE_TRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "live/earth.h"

struct fix {
    char time[32]; /* RFC 3339 in UTC, with milliseconds, as the file has it */
    struct place at;
};

struct track {
    struct fix *fixes;
    size_t n;
};

/* Reads the track `name` from FOLDER/tracks.csv.gz; false when there is no such file or track. */
bool track_read(const char *folder, const char *name, struct track *out_track);
void track_fini(struct track *track);

/*
 * Carries it so that its middle (the median fix) comes to `to`;
 * positions are rounded to 1e-7 degrees.
 */
void track_move(struct track *track, struct place to);
double track_length(const struct track *track);

#endif
