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
    LAG_MIX_SAMES = 4,                 /* nor when so many say the very same time */
    LAG_MIX_SAME_MS = 2 * 60 * 1000,   /* over so long, */
    LAG_MIX_STILL = 20,                /* or are no farther apart than such a part of their span, */
    LAG_MIX_MOST_MS = 60 * 60 * 1000,  /* nor when there is no end of them for so long, */
    LAG_MIX_LULLS = 3,                 /* or with so many pauses in which nothing was kept, */
    LAG_MIX_EVER_MS = 3 * 3600 * 1000, /* nor for so long, whatever was; */
    LAG_MIX_BACK_MS = 24 * 3600 * 1000, /* but what comes newest first may last so long */
    LAG_MIX_BREATH_MS = 60 * 1000,      /* fresh pings so near are one: an upload may end with it */
    LAG_MIX_GAP_MS = 35 * 60 * 1000,    /* old ones farther apart are at no pace with each other, */
    LAG_MIX_APART_MS = 3 * 3600 * 1000, /* and so far do not belong together */
    LAG_MIX_KEPT_MS = 20 * 60 * 1000    /* the clock is two for so long after it last was */
};

/* Times in a row that hardly go on. Zeroed: none. */
struct lag_band {
    struct utc least, most; /* the earliest and the latest of them, */
    struct utc since;       /* our clock at the first, */
    unsigned pings;         /* and how many they are, up to LAG_MIX_SAMES */
};

/* Zeroed is a device of one clock. All but `fresh`, `breath` and `heard` is about old pings. */
struct lag_mix {
    struct utc fresh;               /* our clock at the newest fresh ping, */
    struct utc breath;              /* at the first that belongs together with that, */
    struct utc heard;               /* and at the last one before those */
    struct lag_pace pace;           /* of old ones from while it was heard, whose */
    struct lag_group front, anchor; /* newest is that, and was that when last it caught up; */
    unsigned fronts;                /* and how often it has gone on since, up to LAG_MIX_FRONTS */
    struct lag_band band;           /* and the newest in a row of those that stand still */
    struct utc begun;               /* our clock at the first of them no GAP apart; */
    struct utc since;               /* at the first without an end, since when there were */
    unsigned lulls;                 /* so many pauses in which nothing was kept, */
    int64_t lulled_ms;              /* so long together */
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
 * 4. They stand still: four and more in a row of the very same time, over two minutes or more; or
 *    of times no farther apart than a twentieth of the time in which they came, over a quarter of
 *    an hour: a pace at which nobody sends what he kept.
 * 5. For an hour there was no end of them: an upload ends with a pause of late_ms after which comes
 *    what was kept in it. Pauses in which nothing was kept do not count to the hour, but the third
 *    of them ends it. What is three hours apart does not belong together.
 * 6. For three hours there was no pause of 35 minutes between them. But while they come newest
 *    first (see lag_goes_back), as no clock does, rules 5 and 6 wait for a day.
 * 7. One of 2 to 6 was so in the last twenty minutes.
 *
 * So whose old times come between fresh ones waits for three pings at his own pace, or when his
 * clock stands still, but for two minutes; when he has none, for a quarter of an hour and twelve
 * pings that are newer than all old ones before; and when those catch up, or are random, for an
 * hour, or for three pings and an hour when they come each ten minutes and more: by his seventh
 * ping, by his fourth when he pings each twenty minutes. Only who is behind by less than he pings
 * seldom, or has old ones between his own that were kept meanwhile, waits for three hours; and who
 * imitates an upload of the newest first for a day: that is none of his clock's doing.
 */
bool lag_mix_tells(struct lag_mix *mix, struct utc time, struct utc now, int64_t late_ms);

/* Whether it was so lately; what was longer ago is forgotten. */
bool lag_mix_lasts(struct lag_mix *mix, struct utc now);

#endif
