/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lag_mix.h"

/* Whether what comes now belongs to the newest fresh pings. */
static bool in_one_breath(const struct lag_mix *mix, struct utc now)
{
    return mix->breath.ms != 0 && now.ms - mix->breath.ms < LAG_MIX_BREATH_MS;
}

void lag_mix_hear(struct lag_mix *mix, struct utc now)
{
    if (!in_one_breath(mix, now)) {
        mix->heard = mix->fresh;
        mix->breath = now;
    }
    mix->fresh = now;
}

static void begin(struct lag_mix *mix, struct utc time, struct utc now)
{
    mix->front = mix->anchor = (struct lag_group){ time, now };
    mix->fronts = 1;
}

/* Rule 3. Whose newest stands still for as long may have begun anew, farther behind. */
static bool front_keeps_pace(struct lag_mix *mix, struct utc time, struct utc now)
{
    struct lag_group front = { time, now };
    int64_t arrivals, times;

    if (mix->front.came.ms == 0 || now.ms - mix->front.came.ms >= LAG_MIX_FRONT_MS ||
        lag_catches_up(&mix->anchor, &front)) {
        begin(mix, time, now);
        return false;
    }
    if (time.ms > mix->front.time.ms) {
        mix->fronts += mix->fronts < LAG_MIX_FRONTS && now.ms - mix->front.came.ms >= LAG_PAUSE_MS;
        mix->front = front;
    }
    arrivals = mix->front.came.ms - mix->anchor.came.ms;
    times = mix->front.time.ms - mix->anchor.time.ms;
    return mix->fronts >= LAG_MIX_FRONTS && arrivals >= LAG_MIX_FRONT_MS &&
           times >= arrivals * 3 / 4;
}

/* Rule 2. */
static bool run_keeps_pace(struct lag_mix *mix, struct utc time, struct utc now)
{
    return lag_pace_of(&mix->pace, time, now) >= LAG_MIX_GROUPS &&
           now.ms - mix->pace.first.came.ms >= LAG_MIX_RUN_MS;
}

/* Rule 4. */
static bool stands_still(struct lag_band *band, struct utc time, struct utc now)
{
    struct utc least = utc_earlier(band->least, time), most = utc_later(band->most, time);
    int64_t width = most.ms - least.ms, span = now.ms - band->since.ms;

    if (band->pings == 0 || span < 0 ||
        (width > LAG_MIX_FRONT_MS / LAG_MIX_STILL && width > span / LAG_MIX_STILL)) {
        *band = (struct lag_band){ time, time, now, 1 };
        return false;
    }
    band->least = least;
    band->most = most;
    band->pings += band->pings < LAG_MIX_SAMES;
    return band->pings >= LAG_MIX_SAMES &&
           span >= (width == 0 ? LAG_MIX_SAME_MS : LAG_MIX_FRONT_MS);
}

/* Whether what comes after that pause was kept in it, or is none of theirs: another upload. */
static bool begins_anew(const struct lag_mix *mix, const struct lag_group *ping, int64_t late_ms)
{
    struct utc last = mix->pace.last;
    int64_t pause = ping->came.ms - last.ms;

    return pause < 0 || pause >= LAG_MIX_APART_MS || (pause >= late_ms && ping->time.ms >= last.ms);
}

/* Several pings of another upload say for themselves at what pace they come. */
static void part(struct lag_mix *mix)
{
    if (mix->pace.first.came.ms != 0 && mix->pace.first.came.ms < mix->since.ms)
        mix->pace = (struct lag_pace){ 0 };
    if (mix->front.came.ms < mix->since.ms)
        mix->front = (struct lag_group){ 0 };
}

/* What the pause before a ping says of those before it. */
static void pass_pause(struct lag_mix *mix, const struct lag_group *ping, int64_t late_ms)
{
    int64_t pause = ping->came.ms - mix->pace.last.ms;
    bool apart = pause < 0 || pause >= LAG_MIX_GAP_MS,
         same = ping->time.ms == mix->band.least.ms && ping->time.ms == mix->band.most.ms;

    if (begins_anew(mix, ping, late_ms)) {
        mix->band.pings = mix->lulls = 0;
        mix->lulled_ms = 0;
        mix->since = ping->came;
    } else if (pause >= late_ms) {
        mix->band.pings = same ? mix->band.pings : 0;
        mix->lulls += mix->lulls < LAG_MIX_LULLS;
        mix->lulled_ms += pause;
    } else {
        part(mix);
    }
    if (apart || mix->begun.ms == 0)
        mix->begun = ping->came;
    if (apart) {
        mix->pace = (struct lag_pace){ 0 };
        mix->front = (struct lag_group){ 0 };
    }
}

/* Rules 5 and 6. */
static bool has_no_end(const struct lag_mix *mix, struct utc now)
{
    int64_t lulled_ms = mix->lulls < LAG_MIX_LULLS ? mix->lulled_ms : 0;
    bool back = lag_goes_back(&mix->pace);

    return now.ms - mix->since.ms - lulled_ms >= (back ? LAG_MIX_BACK_MS : LAG_MIX_MOST_MS) ||
           now.ms - mix->begun.ms >= (back ? LAG_MIX_BACK_MS : LAG_MIX_EVER_MS);
}

bool lag_mix_tells(struct lag_mix *mix, struct utc time, struct utc now, int64_t late_ms)
{
    struct utc heard = in_one_breath(mix, now) ? mix->heard : mix->fresh;
    struct lag_group ping = { time, now };
    bool found;

    // 1. It may have been kept while nothing was heard.
    if (heard.ms == 0 || time.ms >= heard.ms)
        return false;
    pass_pause(mix, &ping, late_ms);
    // 2. to 6. Each, or all together: each must hear of it.
    found = run_keeps_pace(mix, time, now);
    found |= front_keeps_pace(mix, time, now);
    found |= stands_still(&mix->band, time, now);
    found |= has_no_end(mix, now);
    if (found)
        mix->found = now;
    // 7. Nor does an older one between them make it one.
    return lag_mix_lasts(mix, now);
}

bool lag_mix_lasts(struct lag_mix *mix, struct utc now)
{
    if (mix->found.ms != 0 && now.ms - mix->found.ms > LAG_MIX_KEPT_MS)
        mix->found.ms = 0;
    return mix->found.ms != 0;
}
