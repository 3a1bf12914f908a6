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

/* An old ping comes: for how long, how often and to what end has it been so? */
static void count_old(struct lag *lag, struct utc time, struct utc now, int64_t pause)
{
    struct lag_group *best = &lag->best, newest = { time, now };

    if (lag->since.ms == 0) {
        lag->since = now;
        lag->quiet_ms = 0;
        lag->pauses = lag->stalled = 0;
        *best = newest;
        return;
    }
    if (pause >= LAG_PAUSE_MS) {
        lag->quiet_ms += pause;
        lag->pauses += lag->pauses < LAG_GROUPS;
        lag->stalled += lag->stalled < LAG_GROUPS;
    }
    if (lag_catches_up(best, &newest)) {
        *best = newest;
        lag->stalled = 0;
    }
}

/* Nothing but old pings for longer than any upload lasts. One that is nearly done may take long. */
static bool is_no_upload(const struct lag *lag, struct utc now)
{
    int64_t lasts = now.ms - lag->since.ms;

    if (now.ms - lag->best.came.ms < LAG_QUIET_MS && lag->best.came.ms != lag->since.ms)
        return lasts >= LAG_CATCH_MS;
    if (lasts - lag->quiet_ms >= LAG_TALK_MS ||
        lasts >= (lag_goes_back(&lag->pace) ? LAG_BACK_MS : LAG_CATCH_MS))
        return true;
    return lag_says_again(&lag->pace) && lag->pauses + 1 >= LAG_GROUPS &&
           lag->quiet_ms >= LAG_UPLOAD_MS;
}

static bool is_erratic(const struct lag *lag, const struct lag_ping *ping)
{
    bool groups = lag->pauses + 1 >= LAG_GROUPS,
         stalled =
             lag->stalled + 1 >= LAG_GROUPS && ping->now.ms - lag->best.came.ms >= LAG_GROUP_MS;

    return lag->fault == LAG_ERRATIC || is_no_upload(lag, ping->now) ||
           (!ping->vouched_for && groups && stalled && lag->quiet_ms >= LAG_QUIET_MS &&
            lag_says_again(&lag->pace));
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
    int64_t behind = now.ms - time.ms, pause = now.ms - lag->pace.last.ms;
    bool known = lag->offset_ms != 0 && !was_set_right(lag, ping, behind);
    bool mixed;
    unsigned pace;

    if (!lag_mix_lasts(&lag->mix, now) && lag->fault == LAG_MIXED)
        lag->fault = LAG_NONE;
    // 1. What weeks mend is wrong no more than that.
    if (time.ms != ping->time.ms)
        lag->fault = LAG_WEEKS;

    // 2. and 3. What cannot be.
    if (behind > ping->most_ms)
        return wrong(lag, lag_clock_was_set(time) ? LAG_OLD : LAG_UNSET, now);
    if (behind < -LAG_AHEAD_MS)
        return wrong(lag, LAG_AHEAD, now);

    // 4. and 5. What is of the present, by its own time or by what is known of its clock.
    if (!known && !is_old(ping, time)) {
        lag_mix_hear(&lag->mix, now);
        return (struct lag_verdict){ time, false };
    }
    mixed = behind > ping->late_ms && lag_mix_tells(&lag->mix, time, now, ping->late_ms);
    pace = lag_pace_of(&lag->pace, time, now);
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

    // 6. Another clock tells what is right, and this one does not catch up with it.
    if (mixed)
        return wrong(lag, LAG_MIXED, now);

    // 7. At the device's own pace.
    count_old(lag, time, now, pause);
    if (pace >= LAG_GROUPS && (!ping->vouched_for || is_no_upload(lag, now))) {
        lag->offset_ms = behind;
        lag->since.ms = 0;
        return wrong(lag, LAG_STEADY, now);
    }

    // 8. Nobody hides behind an upload for ever. 9. But an upload it may be.
    if (is_erratic(lag, ping))
        return wrong(lag, LAG_ERRATIC, now);
    return (struct lag_verdict){ mended, known };
}

void lag_trust(struct lag *lag, bool mended)
{
    *lag = (struct lag){ .fault = lag->mix.found.ms != 0 ? LAG_MIXED
                                  : mended               ? LAG_WEEKS
                                                         : LAG_NONE,
                         .pace = { .last = lag->pace.last, .backs = lag->pace.backs },
                         .mix = lag->mix };
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
    case LAG_MIXED:
        snprintf(text, LAG_TEXT_MAX, "%s behind, ping after ping, between others that are right",
                 far);
        return;
    case LAG_NONE:
    case LAG_FAULTS:
        break;
    }
    snprintf(text, LAG_TEXT_MAX, "right");
}
