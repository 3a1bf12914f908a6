/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lag.h - how far a device's clock is from ours, learnt from its pings. A time that is old on
 * arrival was either held up on its way or given by a clock that is wrong: the first belongs to the
 * past, the second is now, and only how the device goes on talking tells which.
 */
#ifndef CORE_LAG_H
#define CORE_LAG_H

#include "core/lag_mix.h"

/* What is wrong with a device's clock. Kept in ledgers: only ever add. */
enum lag_fault {
    LAG_NONE,
    LAG_WEEKS,   /* 1024 weeks off, once or twice: mended, and right else */
    LAG_AHEAD,   /* more than LAG_AHEAD_MS */
    LAG_UNSET,   /* says a year before 2000, when no tag was made */
    LAG_OLD,     /* says what no device can have kept so long */
    LAG_STEADY,  /* equally old ping after ping, at the device's own pace */
    LAG_ERRATIC, /* old, and neither steady nor an upload */
    LAG_MIXED,   /* of two clocks: right, and old ping after ping between those */
    LAG_FAULTS
};

enum {
    LAG_AHEAD_MS = 120 * 1000,      /* a clock so far ahead of ours is wrong */
    LAG_QUIET_MS = 60 * 1000,       /* between the groups of one who is no upload, */
    LAG_UPLOAD_MS = 10 * 60 * 1000, /* and of one who may be; */
    LAG_TALK_MS = 20 * 60 * 1000,   /* nor does one last longer without a pause, */
    LAG_CATCH_MS = 60 * 60 * 1000,  /* or one that catches up with ours, or is in no order, */
    LAG_BACK_MS = 24 * 3600 * 1000, /* or one of the newest first */
    LAG_TEXT_MAX = 128
};

/* Zeroed is a clock that is right, as far as is known. All but `fault` is about old pings alone. */
struct lag {
    struct lag_mix mix; /* outlives each that is right */
    unsigned fault;     /* an enum lag_fault: as last seen */
    int64_t offset_ms;  /* ours less its, of LAG_STEADY; 0: not known */

    struct lag_pace pace;  /* since one was right */
    struct utc since;      /* our clock at the first old ping; 0: none since one was right */
    int64_t quiet_ms;      /* of the time since then: all pauses */
    unsigned pauses;       /* and how many; */
    unsigned stalled;      /* of which since his times caught up with ours, */
    struct lag_group best; /* as the newest of them did then */
};

/* A ping's own time, and what else says whether it is old. */
struct lag_ping {
    struct utc time, now;
    struct utc newest;        /* an older one is out of order; UTC_ALWAYS: none is */
    int64_t late_ms, most_ms; /* [detect] late and clock-lag-most */
    bool vouched_for;         /* only satellites can have given it: [devices N] clock */
};

struct lag_verdict {
    struct utc when; /* by what instant it is to be judged, */
    bool ours;       /* which is not by its own clock, though that may have been mended by weeks */
};

/*
 * The rules, of which the first that applies settles it. Old is what is older on arrival than
 * late_ms, or out of order.
 *
 * 1. See lag_mend; the mended time is then judged by the rules below.
 * 2. Older than most_ms: wrong, judged at arrival, from the first ping.
 * 3. More than LAG_AHEAD_MS ahead: the same.
 * 4. Of a known offset: what is fresh by its own time, and no longer so far behind, is judged by
 *    that. Else the time and the offset are its time: at the device's own pace, or ahead of us, it
 *    is judged at arrival and the offset learnt anew; what was held up on its way, up to late_ms,
 *    at that time. Who was held up for longer is judged by the rules below.
 * 5. Not old: judged by its own time.
 * 6. Between pings that are right, see lag_mix.h: wrong, and judged at arrival.
 * 7. The third group of pings in a row, whose times are as far apart as their arrivals: wrong, the
 *    offset is known, and it is judged at arrival. The fifth at most, when they were in no order
 *    before: see lag_pace_of.
 * 8. Only old times: which do not catch up with ours (see lag_catches_up), but come again (see
 *    lag_says_again), for a minute of pauses and three groups; any, for twenty minutes without a
 *    pause; or for an hour; or of the newest first (see lag_goes_back) for a day: wrong, and each
 *    is judged at arrival until lag_trust.
 * 9. Held up: it is of the past.
 *
 * Of a time that is vouched for what the device kept may come as slowly as it was recorded: rule 7
 * holds after ten minutes of pauses alone, as does what rule 8 says of a minute.
 *
 * So somebody waits who is old by rule 9 alone: for two pings at his own pace; for a minute and
 * three pings when his clock stands still, or six when it has two offsets; when his times are
 * vouched for, for ten or twenty minutes; when they catch up, or are random, for an hour, and when
 * they go back, as no clock does, for a day: so long apps take over what they kept. None of these
 * is heard meanwhile, so he is silent long before. Between those that are right he waits as
 * lag_mix.h says.
 */
struct lag_verdict lag_judge(struct lag *lag, const struct lag_ping *ping);

/*
 * Satellites count 1024 weeks, and a receiver that loses count is off by 7168 days or twice that.
 * The time put right to the second when that is what brings it within what any ping may say, 120 s
 * ahead to most_ms behind; else as it was.
 */
struct utc lag_mend(struct utc time, struct utc now, int64_t most_ms);

/*
 * A ping was fresh by its own time, and its position believed: what was old before it is past. But
 * of two clocks the one that is right does not make the other so.
 */
void lag_trust(struct lag *lag, bool mended);

/* No tag was made before 2000: false for a device that was never told the time. */
bool lag_clock_was_set(struct utc time);

/* What is wrong, when it is: "1 h 0 min behind, ping after ping". */
void lag_explain(const struct lag *lag, struct utc time, struct utc now, char text[LAG_TEXT_MAX]);

#endif
