/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lag_pace.h"

#include <stdlib.h>

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

static bool says_time_again(const struct lag_pace *pace)
{
    return pace->before.came.ms != 0 &&
           llabs(pace->group.time.ms - pace->before.time.ms) <= LAG_SAME_MS;
}

static bool says_age_again(const struct lag_pace *pace)
{
    return at_pace(&pace->before, &pace->group) || at_pace(&pace->earlier, &pace->group);
}

static bool goes_forth(const struct lag_pace *pace)
{
    return pace->before.came.ms != 0 && pace->group.time.ms < pace->before.came.ms &&
           pace->group.time.ms >= pace->before.time.ms - LAG_SAME_MS;
}

/* How many groups more what went back so often must keep one pace: as kept ones may by chance. */
static unsigned debt(const struct lag_pace *pace)
{
    return pace->backs > 0 ? pace->backs - 1 : 0;
}

static void count_order(struct lag_pace *pace)
{
    bool back = pace->before.came.ms != 0 && pace->group.time.ms < pace->before.time.ms;

    pace->backs += back && pace->backs < LAG_BACKS;
    pace->sames = !says_time_again(pace) ? 0 : pace->sames + (pace->sames < LAG_SAMES);
    pace->ages = !says_age_again(pace) ? 0 : pace->ages + (pace->ages < LAG_AGES);
    pace->forth |= goes_forth(pace);
    pace->earlier = pace->before;
}

bool lag_says_again(const struct lag_pace *pace)
{
    return (says_time_again(pace) && pace->sames + 1 >= LAG_SAMES) ||
           (says_age_again(pace) && pace->ages + 1 >= LAG_AGES);
}

bool lag_goes_back(const struct lag_pace *pace)
{
    return pace->before.came.ms != 0 && !pace->forth && !goes_forth(pace);
}

static void begin_group(struct lag_pace *pace)
{
    if (pace->group.came.ms != 0) {
        bool keeps_pace = goes_on(pace);

        count_order(pace);

        if (!keeps_pace)
            pace->first = pace->group;
        pace->run = !keeps_pace ? 1 : pace->run + (pace->run < LAG_RUN);
        pace->before = pace->group;
        if (pace->run >= LAG_GROUPS + debt(pace))
            pace->backs = 0;
    }
    pace->group = (struct lag_group){ 0 };
    pace->disorder = false;
}

unsigned lag_pace_of(struct lag_pace *pace, struct utc time, struct utc now)
{
    int64_t pause = now.ms - pace->last.ms;

    if (pause < 0 || pause >= LAG_ORDER_MS)
        pace->backs = 0;
    if (pause < 0 || pause >= LAG_PAUSE_MS || now.ms - pace->opened.ms >= LAG_GROUP_MS) {
        begin_group(pace);
        pace->opened = now;
    }
    pace->last = now;
    pace->disorder |= pace->before.came.ms != 0 && time.ms <= pace->before.time.ms;
    if (pace->group.came.ms != 0 && time.ms < pace->group.time.ms)
        return 1;
    pace->group = (struct lag_group){ time, now };
    return goes_on(pace) && pace->run > debt(pace) ? pace->run + 1 - debt(pace) : 1;
}
