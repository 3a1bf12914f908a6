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

bool lag_mix_tells(struct lag_mix *mix, struct utc time, struct utc now, int64_t late_ms)
{
    struct utc heard = in_one_breath(mix, now) ? mix->heard : mix->fresh;
    int64_t pause = now.ms - mix->pace.last.ms;
    bool at_pace, endless;

    // 1. It may have been kept while nothing was heard.
    if (heard.ms == 0 || time.ms >= heard.ms)
        return false;
    if (pause < 0 || pause >= LAG_MIX_GAP_MS) {
        mix->pace = (struct lag_pace){ 0 };
        mix->front = (struct lag_group){ 0 };
    }
    if (pause < 0 || pause >= late_ms)
        mix->since = now;
    // 2. and 3. At a pace, each or all together: each must hear of it.
    at_pace = run_keeps_pace(mix, time, now);
    at_pace |= front_keeps_pace(mix, time, now);
    // 4. No upload is so slow.
    endless = now.ms - mix->since.ms >= LAG_MIX_MOST_MS;
    if (at_pace || endless)
        mix->found = now;
    // 5. Nor does an older one between them make it one.
    return lag_mix_lasts(mix, now);
}

bool lag_mix_lasts(struct lag_mix *mix, struct utc now)
{
    if (mix->found.ms != 0 && now.ms - mix->found.ms > LAG_MIX_KEPT_MS)
        mix->found.ms = 0;
    return mix->found.ms != 0;
}
