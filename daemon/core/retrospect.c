/* SPDX-License-Identifier: Apache-2.0 */
#include "core/retrospect.h"

#include <stdio.h>
#include <string.h>

enum { AGAIN_GROWS = 10 }; // told again after a tenth of the age

static const struct allowance_limit zone_limit = { RETROSPECT_MOST, RETROSPECT_MOST };

bool retrospect_goes_on(const struct incident *incident, struct utc when)
{
    return incident->late_gathered && when.ms >= incident->late_from.ms &&
           when.ms <= incident->late_until.ms;
}

bool retrospect_take(struct incident *incident, struct known_device *device,
                     const struct detect *detect, bool permitted, struct utc now)
{
    struct allowance_limit limit = { detect->device_day, detect->device_day };
    bool run = incident->late_pings >= RETROSPECT_RUN;
    double kept = run ? 0 : RETROSPECT_MOST - RETROSPECT_FIRST;

    if (detect->device_day <= 0) // any number
        return true;
    if (!allowance_has(&device->past, limit, 1 + (run ? 0 : limit.day / 2), now) ||
        (!permitted && !allowance_has(&incident->pasts, zone_limit, 1 + kept, now)))
        return false;
    if (!permitted)
        allowance_take(&incident->pasts, zone_limit, 1, now);
    return allowance_take(&device->past, limit, 1, now);
}

/* Of a clock that was set back it is as if no time had passed. */
static int64_t elapsed(struct utc since, struct utc now)
{
    return now.ms > since.ms ? now.ms - since.ms : 0;
}

void retrospect_count(struct past_gathering *gathering, uint32_t *numbers, struct utc now)
{
    if (gathering->number == 0 || elapsed(gathering->opened, now) >= RETROSPECT_GATHERS_MS)
        *gathering = (struct past_gathering){ .number = ++*numbers, .opened = now };
    gathering->count += gathering->count < UINT32_MAX;
}

bool retrospect_due(const struct past_gathering *gathering, struct utc now, int64_t every_ms)
{
    int64_t since = elapsed(gathering->alerted, now);

    if (gathering->alerted_count == 0 || gathering->count / 2 >= gathering->alerted_count)
        return true;
    return since >= every_ms && since >= elapsed(gathering->opened, now) / AGAIN_GROWS;
}

void retrospect_alerted(struct past_gathering *gathering, struct alert *alert)
{
    char lasts[DURATION_TEXT_MAX];
    size_t n = strlen(alert->reason);

    gathering->alerts = alert->nth;
    gathering->alerted = alert->received;
    gathering->alerted_count = gathering->count;
    alert->count = gathering->count;
    if (gathering->count > 1)
        snprintf(alert->reason + n, sizeof alert->reason - n,
                 "; the last of %u that came in %s, too many to tell each", gathering->count,
                 duration_print(elapsed(gathering->opened, alert->received), lasts));
    else
        snprintf(alert->reason + n, sizeof alert->reason - n,
                 "; one of too many: further ones are counted here");
}
