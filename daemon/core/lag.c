/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lag.h"

#include "core/alert.h"

#include <stdio.h>
#include <stdlib.h>

static const struct utc clock_set = { 946684800000 }; // 2000-01-01
static const int64_t rollover_ms = 7168 * 86400000LL; // 1024 weeks

enum { ROLLOVERS = 2 };

bool lag_clock_was_set(struct utc time)
{
    return time.ms >= clock_set.ms;
}

/* Within what any ping may say. */
static bool can_be(struct utc time, struct utc now, int64_t most_ms)
{
    return time.ms <= now.ms + LAG_AHEAD_MS && now.ms - time.ms <= most_ms;
}

struct utc lag_mend(struct utc time, struct utc now, int64_t most_ms)
{
    for (int64_t k = -ROLLOVERS; k <= ROLLOVERS && !can_be(time, now, most_ms); k++) {
        struct utc mended = utc_plus(time, k * rollover_ms);

        if (can_be(mended, now, most_ms))
            return mended;
    }
    return time;
}

/*
 * Whether one group came as long after the other as its time says, but for a quarter, and for what
 * a network and times in tenths of a second make of that. An upload runs ahead: its times are
 * farther apart than its arrivals.
 */
static bool at_pace(const struct lag_group *from, const struct lag_group *to)
{
    int64_t arrivals = to->came.ms - from->came.ms, times = to->time.ms - from->time.ms;

    return from->came.ms != 0 && arrivals > 0 && times > 0 &&
           llabs(times - arrivals) <= arrivals / 4 + 300;
}

static bool goes_on(const struct lag *lag)
{
    return !lag->disorder && at_pace(&lag->before, &lag->group) &&
           at_pace(&lag->first, &lag->group);
}

static void begin_group(struct lag *lag)
{
    if (lag->group.came.ms != 0) {
        bool keeps_pace = goes_on(lag);

        if (!keeps_pace)
            lag->first = lag->group;
        lag->run = keeps_pace && lag->run < LAG_GROUPS ? lag->run + 1 : keeps_pace ? lag->run : 1;
        lag->before = lag->group;
    }
    lag->group = (struct lag_group){ 0 };
    lag->disorder = false;
}

/* Takes the ping into its group. How many groups in a row keep one pace, this one as it is now. */
static unsigned pace_of(struct lag *lag, struct utc time, struct utc now)
{
    int64_t pause = now.ms - lag->last.ms;

    if (pause < 0 || pause >= LAG_PAUSE_MS || now.ms - lag->opened.ms >= LAG_GROUP_MS) {
        begin_group(lag);
        lag->opened = now;
    }
    lag->last = now;
    lag->disorder |= lag->before.came.ms != 0 && time.ms <= lag->before.time.ms;
    if (lag->group.came.ms != 0 && time.ms < lag->group.time.ms)
        return 1;
    lag->group = (struct lag_group){ time, now };
    return goes_on(lag) ? lag->run + 1 : 1;
}

/* An old ping comes: for how long, how often and to what end has it been so? */
static void count_old(struct lag *lag, struct utc time, struct utc now, int64_t pause)
{
    struct lag_group *best = &lag->best;

    if (lag->since.ms == 0) {
        lag->since = now;
        lag->quiet_ms = 0;
        lag->pauses = lag->stalled = 0;
        *best = (struct lag_group){ time, now };
        return;
    }
    if (pause >= LAG_PAUSE_MS) {
        lag->quiet_ms += pause;
        lag->pauses += lag->pauses < LAG_GROUPS;
        lag->stalled += lag->stalled < LAG_GROUPS;
    }
    if (time.ms - best->time.ms > (now.ms - best->came.ms) * 8 / 5) {
        *best = (struct lag_group){ time, now };
        lag->stalled = 0;
    }
}

/* Nothing but old pings for longer than any upload lasts. */
static bool is_no_upload(const struct lag *lag, struct utc now)
{
    return (lag->pauses + 1 >= LAG_GROUPS && lag->quiet_ms >= LAG_UPLOAD_MS) ||
           now.ms - lag->since.ms - lag->quiet_ms >= LAG_TALK_MS;
}

static bool is_erratic(const struct lag *lag, const struct lag_ping *ping)
{
    bool groups = lag->pauses + 1 >= LAG_GROUPS, stalled = lag->stalled + 1 >= LAG_GROUPS;

    return lag->fault == LAG_ERRATIC || is_no_upload(lag, ping->now) ||
           (!ping->vouched_for && groups && stalled && lag->quiet_ms >= LAG_QUIET_MS);
}

static struct lag_verdict wrong(struct lag *lag, enum lag_fault fault, struct utc now)
{
    lag->fault = fault;
    return (struct lag_verdict){ now, true };
}

static bool is_old(const struct lag_ping *ping, struct utc time)
{
    return ping->now.ms - time.ms > ping->late_ms || time.ms < ping->newest.ms;
}

/* Whether a clock of a known offset was set right, or nearly so. */
static bool was_set_right(const struct lag *lag, const struct lag_ping *ping, int64_t behind)
{
    return behind <= LAG_AHEAD_MS || (behind <= ping->late_ms && behind <= lag->offset_ms / 2);
}

struct lag_verdict lag_judge(struct lag *lag, const struct lag_ping *ping)
{
    struct utc now = ping->now, time = lag_mend(ping->time, now, ping->most_ms), mended = time;
    int64_t behind = now.ms - time.ms, pause = now.ms - lag->last.ms;
    bool known = lag->offset_ms != 0 && !was_set_right(lag, ping, behind);
    unsigned pace;

    // 1. What weeks mend is wrong no more than that.
    if (time.ms != ping->time.ms)
        lag->fault = LAG_WEEKS;

    // 2. and 3. What cannot be.
    if (behind > ping->most_ms)
        return wrong(lag, lag_clock_was_set(time) ? LAG_OLD : LAG_UNSET, now);
    if (behind < -LAG_AHEAD_MS)
        return wrong(lag, LAG_AHEAD, now);

    // 4. and 5. What is of the present, by its own time or by what is known of its clock.
    if (!known && !is_old(ping, time))
        return (struct lag_verdict){ time, false };
    pace = pace_of(lag, time, now);
    if (known) {
        mended = utc_plus(time, lag->offset_ms);
        if (mended.ms > now.ms || (pace > 1 && !is_old(ping, mended))) {
            lag->offset_ms = behind;
            mended = now;
        }
        if (!is_old(ping, mended)) {
            lag->since.ms = 0;
            return (struct lag_verdict){ mended, true };
        }
    }

    // 6. At the device's own pace.
    count_old(lag, time, now, pause);
    if (pace >= LAG_GROUPS && (!ping->vouched_for || is_no_upload(lag, now))) {
        lag->offset_ms = behind;
        lag->since.ms = 0;
        return wrong(lag, LAG_STEADY, now);
    }

    // 7. Nobody hides behind an upload for ever. 8. But an upload it may be.
    if (is_erratic(lag, ping))
        return wrong(lag, LAG_ERRATIC, now);
    return (struct lag_verdict){ mended, known };
}

void lag_trust(struct lag *lag, bool mended)
{
    *lag = (struct lag){ .fault = mended ? LAG_WEEKS : LAG_NONE };
}

void lag_explain(const struct lag *lag, struct utc time, struct utc now, char text[LAG_TEXT_MAX])
{
    int64_t behind = now.ms - time.ms;
    char far[DURATION_TEXT_MAX];

    duration_print(llabs(behind), far);
    switch ((enum lag_fault)lag->fault) {
    case LAG_WEEKS:
        snprintf(text, LAG_TEXT_MAX, "1024 weeks %s, by a GPS week rollover",
                 behind > 0 ? "behind" : "ahead");
        return;
    case LAG_AHEAD:
        snprintf(text, LAG_TEXT_MAX, "%s ahead", far);
        return;
    case LAG_UNSET:
        snprintf(text, LAG_TEXT_MAX, "never set, before the year 2000");
        return;
    case LAG_OLD:
        snprintf(text, LAG_TEXT_MAX, "%s behind, more than any ping can have waited", far);
        return;
    case LAG_STEADY:
        snprintf(text, LAG_TEXT_MAX, "%s behind, ping after ping", far);
        return;
    case LAG_ERRATIC:
        snprintf(text, LAG_TEXT_MAX, "its times do not go with the pace at which it talks");
        return;
    case LAG_NONE:
    case LAG_FAULTS:
        break;
    }
    snprintf(text, LAG_TEXT_MAX, "right");
}
