/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lag_mix.h - old times between fresh ones of the same device. An upload may bring them, while the
 * device goes on to say where it is; or a clock that is wrong, while somebody else sends what is
 * fresh. An upload comes to its end: its times catch up with ours.
 */
#ifndef CORE_LAG_MIX_H
#define CORE_LAG_MIX_H

#include "core/lag_pace.h"

enum {
    LAG_MIX_GROUPS = 4,                /* of old pings in a row, at one pace */
    LAG_MIX_RUN_MS = 10 * 1000,        /* over so long: no upload, which would have gained on us; */
    LAG_MIX_FRONTS = 12,               /* nor is it when the newest of them goes on so often, */
    LAG_MIX_FRONT_MS = 15 * 60 * 1000, /* over so long, and is no nearer to us, */
    LAG_MIX_MOST_MS = 60 * 60 * 1000,  /* nor when there is no end of them for so long */
    LAG_MIX_BREATH_MS = 60 * 1000,     /* fresh pings so near are one: an upload may end with it */
    LAG_MIX_GAP_MS = 35 * 60 * 1000,   /* old ones farther apart do not belong together */
    LAG_MIX_KEPT_MS = 20 * 60 * 1000   /* the clock is two for so long after it last was */
};

/* Zeroed is a device of one clock. All but `fresh`, `breath` and `heard` is about old pings. */
struct lag_mix {
    struct utc fresh;               /* our clock at the newest fresh ping, */
    struct utc breath;              /* at the first that belongs together with that, */
    struct utc heard;               /* and at the last one before those */
    struct lag_pace pace;           /* of old ones from while it was heard, whose */
    struct lag_group front, anchor; /* newest is that, and was that when last it caught up; */
    unsigned fronts;                /* and how often it has gone on since, up to LAG_MIX_FRONTS */
    struct utc since;               /* our clock at the first of them without an end */
    struct utc found;               /* our clock when last they were of now; 0: no */
};

/* A fresh ping came. */
void lag_mix_hear(struct lag_mix *mix, struct utc now);

/*
 * An old ping came, by `late_ms` or more. Whether it is of now, as one of a device that has two
 * clocks:
 *
 * 1. From before the device was heard last, but for the breath in which it is: it is an upload's.
 * 2. The fourth group of them in a row at one pace, over ten seconds or more.
 * 3. The newest of them has gone on for the eleventh time since it last caught up, over a quarter
 *    of an hour or more, and by three quarters of that.
 * 4. For an hour there was no pause of late_ms between them.
 * 5. One of 2 to 4 was so in the last twenty minutes.
 *
 * So whose old times come between fresh ones waits for three pings at his own pace; when he has
 * none, for a quarter of an hour and twelve pings that are newer than all old ones before; and when
 * those catch up, for an hour.
 */
bool lag_mix_tells(struct lag_mix *mix, struct utc time, struct utc now, int64_t late_ms);

/* Whether it was so lately; what was longer ago is forgotten. */
bool lag_mix_lasts(struct lag_mix *mix, struct utc now);

#endif
