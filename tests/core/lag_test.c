/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lag.h"

#include <math.h>
#include <string.h>

#include "support/rows.h"

/* Seconds; weeks are those of a GPS week rollover. */
#define MINUTE 60.0
#define HOUR   3600.0
#define DAY    86400.0
#define WEEKS  (1024 * 7 * DAY)

enum { PINGS_MAX = 12 };

static const int64_t noon = 1790000000000;

/* By what instant a ping is judged. */
enum by {
    OWN,     // its own time, put right by weeks if need be, and fresh
    ARRIVAL, // our clock
    MENDED,  // its own, put right by an offset that was learnt
    PAST     // either of the two, and it is of the past
};

/* A ping: seconds after noon by the device's clock and by ours, what it is, and what is told. */
struct said {
    double time, came;
    enum by want;
    enum lag_fault fault;
};

static const struct row {
    const char *says;
    size_t n;
    struct said pings[PINGS_MAX];
} rows[] = {
    { "0. a right clock", 2, { { 0, 1, OWN, LAG_NONE }, { 15, 17, OWN, LAG_NONE } } },
    { "0. ten minutes old is fresh, and two minutes ahead is right",
      2,
      { { 0, 600, OWN, LAG_NONE }, { 721, 601, OWN, LAG_NONE } } },

    // Traccar issue 4113 and its kin: each tracker of a make says 19.6 years ago since one night.
    { "1. 1024 weeks behind, as of a rollover: the first is judged at its own time, mended",
      2,
      { { -WEEKS, 1, OWN, LAG_WEEKS }, { 15 - WEEKS, 16, OWN, LAG_WEEKS } } },
    { "1. twice that", 1, { { -2 * WEEKS, 1, OWN, LAG_WEEKS } } },
    { "1. ahead", 1, { { WEEKS, 1, OWN, LAG_WEEKS } } },
    { "1. thrice is merely old", 1, { { -3 * WEEKS, 1, ARRIVAL, LAG_UNSET } } },
    { "1. and two minutes ahead, as any ping may be", 1, { { 121 - WEEKS, 1, OWN, LAG_WEEKS } } },
    { "1. or more", 1, { { 122 - WEEKS, 1, ARRIVAL, LAG_OLD } } },
    { "1. an upload of it is an upload",
      3,
      { { -HOUR - WEEKS, 0, PAST, LAG_WEEKS },
        { -HOUR / 2 - WEEKS, 0.2, PAST, LAG_WEEKS },
        { -WEEKS, 0.4, OWN, LAG_WEEKS } } },
    { "1. and an hour behind too, it is steady",
      3,
      { { -HOUR - WEEKS, 0, PAST, LAG_WEEKS },
        { 15 - HOUR - WEEKS, 15, PAST, LAG_WEEKS },
        { 30 - HOUR - WEEKS, 30, ARRIVAL, LAG_STEADY } } },
    { "1. it rolls over in the midst, and back",
      3,
      { { 0, 0, OWN, LAG_NONE }, { 15 - WEEKS, 15, OWN, LAG_WEEKS }, { 30, 30, OWN, LAG_NONE } } },

    { "2. the first day of a chip, years ago", 1, { { -11 * 365 * DAY, 0, ARRIVAL, LAG_OLD } } },
    { "2. a week and a second", 1, { { -7 * DAY - 1, 0, ARRIVAL, LAG_OLD } } },
    { "2. 1970 was never set", 1, { { -1790000000, 0, ARRIVAL, LAG_UNSET } } },
    { "3. two minutes and a second ahead", 1, { { 121, 0, ARRIVAL, LAG_AHEAD } } },
    { "3. fourteen hours, a time zone taken for UTC", 1, { { 14 * HOUR, 0, ARRIVAL, LAG_AHEAD } } },

    { "7. an hour behind at its own pace: from the third on",
      4,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 15, PAST, LAG_NONE },
        { 30 - HOUR, 30, ARRIVAL, LAG_STEADY },
        { 45 - HOUR, 45, ARRIVAL, LAG_STEADY } } },
    { "7. in batches of twenty seconds: from the last of the third on",
      7,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 0.1, PAST, LAG_NONE },
        { 20 - HOUR, 20, PAST, LAG_NONE },
        { 35 - HOUR, 20.1, PAST, LAG_NONE },
        { 40 - HOUR, 40, PAST, LAG_NONE },
        { 55 - HOUR, 40.1, ARRIVAL, LAG_STEADY },
        { 60 - HOUR, 45, ARRIVAL, LAG_STEADY } } },
    { "7. each ten minutes, a day behind, some seconds on the way",
      3,
      { { -DAY, 3, PAST, LAG_NONE },
        { 600 - DAY, 601, PAST, LAG_NONE },
        { 1200 - DAY, 1209, ARRIVAL, LAG_STEADY } } },
    { "7. each second",
      3,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 1 - HOUR, 1.2, PAST, LAG_NONE },
        { 2 - HOUR, 1.9, ARRIVAL, LAG_STEADY } } },
    { "7. set back by five minutes, and older than what it said before",
      4,
      { { 0, 0, OWN, LAG_NONE },
        { 15 - 300, 15, PAST, LAG_NONE },
        { 30 - 300, 30, PAST, LAG_NONE },
        { 45 - 300, 45, ARRIVAL, LAG_STEADY } } },
    { "7. one that is fresh begins it anew",
      4,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 15, PAST, LAG_NONE },
        { 20, 20, OWN, LAG_NONE },
        { 30 - HOUR, 30, PAST, LAG_NONE } } },
    { "7. as does another offset",
      5,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 15, PAST, LAG_NONE },
        { 30 - 2 * HOUR, 30, PAST, LAG_NONE },
        { 45 - 2 * HOUR, 45, PAST, LAG_NONE },
        { 60 - 2 * HOUR, 60, ARRIVAL, LAG_STEADY } } },

    { "6. an hour behind, between those that are right: from the fourth on",
      11,
      { { 0, 0, OWN, LAG_NONE },
        { 60, 60, OWN, LAG_NONE },
        { 67 - HOUR, 67, PAST, LAG_NONE },
        { 75, 75, OWN, LAG_NONE },
        { 82 - HOUR, 82, PAST, LAG_NONE },
        { 90, 90, OWN, LAG_NONE },
        { 97 - HOUR, 97, PAST, LAG_NONE },
        { 105, 105, OWN, LAG_NONE },
        { 112 - HOUR, 112, ARRIVAL, LAG_MIXED },
        { 120, 120, OWN, LAG_MIXED },
        { 127 - HOUR, 127, ARRIVAL, LAG_MIXED } } },
    { "6. for twenty minutes after the last of those",
      11,
      { { 0, 0, OWN, LAG_NONE },
        { 60, 60, OWN, LAG_NONE },
        { 67 - HOUR, 67, PAST, LAG_NONE },
        { 75, 75, OWN, LAG_NONE },
        { 82 - HOUR, 82, PAST, LAG_NONE },
        { 90, 90, OWN, LAG_NONE },
        { 97 - HOUR, 97, PAST, LAG_NONE },
        { 105, 105, OWN, LAG_NONE },
        { 112 - HOUR, 112, ARRIVAL, LAG_MIXED },
        { 1311, 1311, OWN, LAG_MIXED },
        { 1313, 1313, OWN, LAG_NONE } } },
    { "6. and weeks behind as well",
      9,
      { { 0, 0, OWN, LAG_NONE },
        { 60, 60, OWN, LAG_NONE },
        { 67 - 660 - WEEKS, 67, PAST, LAG_WEEKS },
        { 75, 75, OWN, LAG_NONE },
        { 82 - 660 - WEEKS, 82, PAST, LAG_WEEKS },
        { 90, 90, OWN, LAG_NONE },
        { 97 - 660 - WEEKS, 97, PAST, LAG_WEEKS },
        { 105, 105, OWN, LAG_NONE },
        { 112 - 660 - WEEKS, 112, ARRIVAL, LAG_MIXED } } },
    { "9. an upload between those, 1.2 times as fast as it was recorded",
      11,
      { { 0, 0, OWN, LAG_NONE },
        { 60, 60, OWN, LAG_NONE },
        { -HOUR, 67, PAST, LAG_NONE },
        { 75, 75, OWN, LAG_NONE },
        { 15 - HOUR, 79.5, PAST, LAG_NONE },
        { 90, 90, OWN, LAG_NONE },
        { 30 - HOUR, 92, PAST, LAG_NONE },
        { 45 - HOUR, 104.5, PAST, LAG_NONE },
        { 105, 105, OWN, LAG_NONE },
        { 60 - HOUR, 117, PAST, LAG_NONE },
        { 120, 120, OWN, LAG_NONE } } },
    { "9. or as fast, of what was kept since it was heard last, in the minute in which it is again",
      10,
      { { 0, 0, OWN, LAG_NONE },
        { 3600, 3600, OWN, LAG_NONE },
        { 100, 3605, PAST, LAG_NONE },
        { 3607, 3607, OWN, LAG_NONE },
        { 115, 3620, PAST, LAG_NONE },
        { 3622, 3622, OWN, LAG_NONE },
        { 130, 3635, PAST, LAG_NONE },
        { 3637, 3637, OWN, LAG_NONE },
        { 145, 3650, PAST, LAG_NONE },
        { 3652, 3652, OWN, LAG_NONE } } },

    { "4. it drifts",
      5,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 14 - HOUR, 15, PAST, LAG_NONE },
        { 28 - HOUR, 30, ARRIVAL, LAG_STEADY },
        { 42 - HOUR, 45, ARRIVAL, LAG_STEADY },
        { 56 - HOUR, 60, ARRIVAL, LAG_STEADY } } },
    { "4. and is set right: at once by its own time",
      4,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 15, PAST, LAG_NONE },
        { 30 - HOUR, 30, ARRIVAL, LAG_STEADY },
        { 45, 45, OWN, LAG_NONE } } },
    { "4. or half right: that is its offset now",
      5,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 15, PAST, LAG_NONE },
        { 30 - HOUR, 30, ARRIVAL, LAG_STEADY },
        { 45 - HOUR / 2, 45, ARRIVAL, LAG_STEADY },
        { 60 - HOUR / 2, 60, ARRIVAL, LAG_STEADY } } },
    { "4. what such a device held up is of its own time, mended",
      6,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 15, PAST, LAG_NONE },
        { 30 - HOUR, 30, ARRIVAL, LAG_STEADY },
        { 45 - HOUR, 330, MENDED, LAG_STEADY },
        { 60 - HOUR, 330.1, MENDED, LAG_STEADY },
        { 330 - HOUR, 330.2, ARRIVAL, LAG_STEADY } } },
    { "4. or of the past",
      5,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 15, PAST, LAG_NONE },
        { 30 - HOUR, 30, ARRIVAL, LAG_STEADY },
        { 45 - HOUR, 1830, PAST, LAG_STEADY },
        { 1830 - HOUR, 1830.1, ARRIVAL, LAG_STEADY } } },
    { "4. and farther behind than that, it waits for three again",
      6,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 15, PAST, LAG_NONE },
        { 30 - HOUR, 30, ARRIVAL, LAG_STEADY },
        { 45 - 5 * HOUR, 45, PAST, LAG_STEADY },
        { 60 - 5 * HOUR, 60, PAST, LAG_STEADY },
        { 75 - 5 * HOUR, 75, ARRIVAL, LAG_STEADY } } },

    { "9. an upload, one by one, ending fresh",
      4,
      { { -HOUR, 0, PAST, LAG_NONE },
        { -HOUR / 2, 1, PAST, LAG_NONE },
        { -900, 2, PAST, LAG_NONE },
        { 0, 3, OWN, LAG_NONE } } },
    { "9. the newest first",
      4,
      { { -720, 0, PAST, LAG_NONE },
        { -735, 1, PAST, LAG_NONE },
        { -750, 2, PAST, LAG_NONE },
        { -765, 3, PAST, LAG_NONE } } },
    { "9. of a ping a second, each taken in half of that",
      4,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 1 - HOUR, 0.5, PAST, LAG_NONE },
        { 2 - HOUR, 1, PAST, LAG_NONE },
        { 3 - HOUR, 1.5, PAST, LAG_NONE } } },

    { "9. of a ping each second and a half, each taken in a second",
      4,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 1.5 - HOUR, 1, PAST, LAG_NONE },
        { 3 - HOUR, 2, PAST, LAG_NONE },
        { 4.5 - HOUR, 3, PAST, LAG_NONE } } },
    { "9. in no order, as if at a pace by chance",
      5,
      { { -HOUR, 0, PAST, LAG_NONE },
        { -2 * HOUR, 15, PAST, LAG_NONE },
        { 15 - HOUR, 15.1, PAST, LAG_NONE },
        { -3 * HOUR, 30, PAST, LAG_NONE },
        { 30 - HOUR, 30.1, PAST, LAG_NONE } } },

    { "8. the same instant for ever: a minute, and at least three",
      6,
      { { -HOUR, 0, PAST, LAG_NONE },
        { -HOUR, 20, PAST, LAG_NONE },
        { -HOUR, 40, PAST, LAG_NONE },
        { -HOUR, 59, PAST, LAG_NONE },
        { -HOUR, 61, ARRIVAL, LAG_ERRATIC },
        { -HOUR + 1, 62, ARRIVAL, LAG_ERRATIC } } },
    { "8. two offsets by turns: by the sixth, as kept ones may say an age again by chance",
      7,
      { { -3 * HOUR, 0, PAST, LAG_NONE },
        { 20 - HOUR, 20, PAST, LAG_NONE },
        { 40 - 3 * HOUR, 40, PAST, LAG_NONE },
        { 60 - HOUR, 60, PAST, LAG_NONE },
        { 80 - 3 * HOUR, 80, PAST, LAG_NONE },
        { 100 - HOUR, 100, ARRIVAL, LAG_ERRATIC },
        { 120 - 3 * HOUR, 120, ARRIVAL, LAG_ERRATIC } } },
    { "9. the newest first, one a minute: no clock runs back",
      8,
      { { -15 * MINUTE, 0, PAST, LAG_NONE },
        { -16 * MINUTE, 60, PAST, LAG_NONE },
        { -17 * MINUTE, 120, PAST, LAG_NONE },
        { -18 * MINUTE, 180, PAST, LAG_NONE },
        { -19 * MINUTE, 240, PAST, LAG_NONE },
        { -20 * MINUTE, 900, PAST, LAG_NONE },
        { -21 * MINUTE, 960, PAST, LAG_NONE },
        { -22 * MINUTE, 1020, PAST, LAG_NONE } } },
    { "9. in no order, one a minute",
      8,
      { { -35 * MINUTE, 0, PAST, LAG_NONE },
        { -17 * MINUTE, 60, PAST, LAG_NONE },
        { -15 * MINUTE, 120, PAST, LAG_NONE },
        { -41 * MINUTE, 180, PAST, LAG_NONE },
        { -22 * MINUTE, 240, PAST, LAG_NONE },
        { -16 * MINUTE, 900, PAST, LAG_NONE },
        { -24 * MINUTE, 960, PAST, LAG_NONE },
        { -23 * MINUTE, 1020, PAST, LAG_NONE } } },
    { "9. in order, one a minute, of four each minute",
      8,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 60, PAST, LAG_NONE },
        { 30 - HOUR, 120, PAST, LAG_NONE },
        { 45 - HOUR, 180, PAST, LAG_NONE },
        { 60 - HOUR, 240, PAST, LAG_NONE },
        { 75 - HOUR, 900, PAST, LAG_NONE },
        { 90 - HOUR, 960, PAST, LAG_NONE },
        { 105 - HOUR, 1020, PAST, LAG_NONE } } },
    { "7. after times in no order it is the fifth",
      10,
      { { -2 * HOUR, 0, PAST, LAG_NONE },
        { -3 * HOUR, 60, PAST, LAG_NONE },
        { -4 * HOUR, 120, PAST, LAG_NONE },
        { -5 * HOUR, 180, PAST, LAG_NONE },
        { 60 - 5 * HOUR, 240, PAST, LAG_NONE },
        { 120 - 5 * HOUR, 300, PAST, LAG_NONE },
        { 180 - 5 * HOUR, 360, PAST, LAG_NONE },
        { 240 - 5 * HOUR, 420, ARRIVAL, LAG_STEADY },
        { 300 - 5 * HOUR, 480, ARRIVAL, LAG_STEADY },
        { 360 - 5 * HOUR, 540, ARRIVAL, LAG_STEADY } } },
    { "8. until one is fresh and believed",
      6,
      { { -HOUR, 0, PAST, LAG_NONE },
        { -HOUR, 30, PAST, LAG_NONE },
        { -HOUR, 60, ARRIVAL, LAG_ERRATIC },
        { 65, 65, OWN, LAG_NONE },
        { -HOUR, 70, PAST, LAG_NONE },
        { -HOUR, 90, PAST, LAG_NONE } } },
    { "8. who catches up with our time for ever: an hour",
      5,
      { { -DAY, 0, PAST, LAG_NONE },
        { 400 - DAY, 200, PAST, LAG_NONE },
        { 1600 - DAY, 800, PAST, LAG_NONE },
        { 7190 - DAY, 3599, PAST, LAG_NONE },
        { 7200 - DAY, 3601, ARRIVAL, LAG_ERRATIC } } },
    { "8. but not who did once: a minute, and two more",
      5,
      { { -DAY, 0, PAST, LAG_NONE },
        { 40 - DAY, 20, PAST, LAG_NONE },
        { 40 - DAY, 40, PAST, LAG_NONE },
        { 41 - DAY, 70, ARRIVAL, LAG_ERRATIC },
        { 42 - DAY, 80, ARRIVAL, LAG_ERRATIC } } },
    { "9. what is taken 1.2 times as fast as it was recorded is not at its pace",
      7,
      { { -HOUR, 0, PAST, LAG_NONE },
        { 15 - HOUR, 12.5, PAST, LAG_NONE },
        { 30 - HOUR, 25, PAST, LAG_NONE },
        { 45 - HOUR, 37.5, PAST, LAG_NONE },
        { 60 - HOUR, 50, PAST, LAG_NONE },
        { 75 - HOUR, 62.5, PAST, LAG_NONE },
        { 90 - HOUR, 75, PAST, LAG_NONE } } },
};

static struct utc at(double seconds)
{
    return (struct utc){ noon + llround(seconds * 1000) };
}

static enum by judged_by(const struct lag_ping *ping, struct lag_verdict verdict)
{
    bool old = ping->now.ms - verdict.when.ms > ping->late_ms || verdict.when.ms < ping->newest.ms;

    return old ? PAST : !verdict.ours ? OWN : verdict.when.ms == ping->now.ms ? ARRIVAL : MENDED;
}

static void row_holds(void **state)
{
    static const char *const names[] = { "own", "arrival", "mended", "past" };
    const struct row *row = *state;
    struct lag lag = { 0 };
    struct utc newest = UTC_ALWAYS;

    for (size_t i = 0; i < row->n; i++) {
        const struct said *said = &row->pings[i];
        struct lag_ping ping = {
            at(said->time), at(said->came), newest, 600000, (int64_t)(7 * DAY * 1000), false
        };
        struct lag_verdict verdict = lag_judge(&lag, &ping);
        enum by by = judged_by(&ping, verdict);

        if (by == OWN)
            lag_trust(&lag, verdict.when.ms != ping.time.ms);
        if (by != PAST && verdict.when.ms > newest.ms)
            newest = verdict.when.ms > ping.now.ms ? ping.now : verdict.when;
        if (by != said->want || lag.fault != said->fault)
            fail_msg("ping %zu is judged by %s, and %d is told", i + 1, names[by], (int)lag.fault);
    }
}

int main(void)
{
    return rows_hold("clocks", rows, row_holds);
}
