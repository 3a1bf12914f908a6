/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lag_pace.h"

static const int64_t slack_ms = 300;

bool lag_catches_up(const struct lag_group *from, const struct lag_group *to)
{
    int64_t arrivals = to->came.ms - from->came.ms, times = to->time.ms - from->time.ms;

    return times - arrivals > arrivals / 10 + slack_ms;
}

static bool at_pace(const struct lag_group *from, const struct lag_group *to)
{
    int64_t arrivals = to->came.ms - from->came.ms, times = to->time.ms - from->time.ms;

    return from->came.ms != 0 && arrivals > 0 && times > 0 && !lag_catches_up(from, to) &&
           arrivals - times <= arrivals / 4 + slack_ms;
}

static bool goes_on(const struct lag_pace *pace)
{
    return !pace->disorder && at_pace(&pace->before, &pace->group) &&
           at_pace(&pace->first, &pace->group);
}

static void begin_group(struct lag_pace *pace)
{
    if (pace->group.came.ms != 0) {
        bool keeps_pace = goes_on(pace);

        if (!keeps_pace)
            pace->first = pace->group;
        pace->run = !keeps_pace ? 1 : pace->run < LAG_GROUPS ? pace->run + 1 : pace->run;
        pace->before = pace->group;
    }
    pace->group = (struct lag_group){ 0 };
    pace->disorder = false;
}

unsigned lag_pace_of(struct lag_pace *pace, struct utc time, struct utc now)
{
    int64_t pause = now.ms - pace->last.ms;

    if (pause < 0 || pause >= LAG_PAUSE_MS || now.ms - pace->opened.ms >= LAG_GROUP_MS) {
        begin_group(pace);
        pace->opened = now;
    }
    pace->last = now;
    pace->disorder |= pace->before.came.ms != 0 && time.ms <= pace->before.time.ms;
    if (pace->group.came.ms != 0 && time.ms < pace->group.time.ms)
        return 1;
    pace->group = (struct lag_group){ time, now };
    return goes_on(pace) ? pace->run + 1 : 1;
}
