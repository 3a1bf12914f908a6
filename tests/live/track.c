/* SPDX-License-Identifier: Apache-2.0 */
#include "live/track.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/recording.h"

struct reading {
    const char *name;
    struct track track;
    bool full; // no memory
};

static void take(const struct recorded *row, void *arg)
{
    struct reading *reading = arg;
    struct track *track = &reading->track;

    if (reading->full || strcmp(row->track, reading->name) != 0)
        return;
    if ((track->n & (track->n - 1)) == 0) { // room is a power of two
        size_t room = track->n == 0 ? 1 : 2 * track->n;
        struct fix *fixes = realloc(track->fixes, room * sizeof(*fixes));

        reading->full = fixes == NULL;
        if (reading->full)
            return;
        track->fixes = fixes;
    }
    track->fixes[track->n] = (struct fix){ .at = { row->lat, row->lon } };
    memcpy(track->fixes[track->n++].time, row->time, sizeof(row->time));
}

bool track_read(const char *folder, const char *name, struct track *out_track)
{
    struct reading reading = { .name = name };

    if (!recording_rows(folder, take, &reading) || reading.full || reading.track.n == 0) {
        track_fini(&reading.track);
        return false;
    }
    *out_track = reading.track;
    return true;
}

void track_fini(struct track *track)
{
    free(track->fixes);
    *track = (struct track){ 0 };
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof(*values), ascending);
    return values[n / 2];
}

static struct place middle(const struct track *track)
{
    double *lats = calloc(2 * track->n, sizeof(*lats)), *lons = lats + track->n;
    struct place place;

    for (size_t i = 0; i < track->n; i++) {
        lats[i] = track->fixes[i].at.lat;
        lons[i] = track->fixes[i].at.lon;
    }
    place = (struct place){ median(lats, track->n), median(lons, track->n) };
    free(lats);
    return place;
}

/* What "%.7f" prints, so that we judge the very numbers that are sent. */
static double rounded(double degrees)
{
    return round(degrees * 1e7) / 1e7;
}

void track_move(struct track *track, struct place to)
{
    struct frame from = frame_at(middle(track)), here = frame_at(to);

    for (struct fix *fix = track->fixes; fix < track->fixes + track->n; fix++) {
        struct place at = frame_move(&from, &here, fix->at);

        fix->at = (struct place){ rounded(at.lat), rounded(at.lon) };
    }
}

double track_length(const struct track *track)
{
    double length = 0;

    for (size_t i = 1; i < track->n; i++) {
        struct frame frame = frame_at(track->fixes[i - 1].at);
        struct flat step = frame_flat(&frame, track->fixes[i].at);

        length += hypot(step.east, step.north);
    }
    return length;
}
