/* SPDX-License-Identifier: Apache-2.0 */
#include "core/retrospect.h"

#include "core/watch.h"

#include <stdio.h>
#include <string.h>

enum { AGAIN_GROWS = 10 }; // told again after a tenth of the age

static const struct allowance_limit zone_limit = { RETROSPECT_MOST, RETROSPECT_MOST };

static bool belongs(const struct past_run *run, struct utc when)
{
    return run->from.ms != 0 && when.ms >= run->from.ms - WATCH_LATE_GAP_MS &&
           when.ms <= run->until.ms + WATCH_LATE_GAP_MS;
}

/* The newest run goes before the first `n` of the others, and the last of those is free. */
static void put_back(struct incident *incident, size_t n)
{
    memmove(incident->runs + 1, incident->runs, (n - 1) * sizeof *incident->runs);
    incident->runs[0] = incident->late;
}

static bool find(struct incident *incident, struct utc when)
{
    if (belongs(&incident->late, when))
        return true;
    for (size_t i = 0; i < INCIDENT_RUNS; i++) {
        struct past_run found = incident->runs[i];

        if (belongs(&found, when)) {
            put_back(incident, i + 1);
            incident->late = found;
            return true;
        }
    }
    return false;
}

bool retrospect_join(struct incident *incident, struct utc when)
{
    struct past_run *run = &incident->late;

    if (!find(incident, when))
        return false;
    run->from = utc_earlier(run->from, when);
    run->until = utc_later(run->until, when);
    run->pings += run->pings < RETROSPECT_RUN;
    return true;
}

struct past_run retrospect_begin(struct incident *incident, struct utc when)
{
    struct past_run forgotten = incident->runs[INCIDENT_RUNS - 1];

    if (incident->late.from.ms != 0)
        put_back(incident, INCIDENT_RUNS);
    else
        forgotten = (struct past_run){ 0 };
    incident->late = (struct past_run){ when, when, 1, false };
    return forgotten;
}

bool retrospect_goes_on(const struct incident *incident, struct utc when)
{
    return incident->late.gathered && when.ms >= incident->late.from.ms &&
           when.ms <= incident->late.until.ms;
}

bool retrospect_take(struct incident *incident, struct known_device *device,
                     const struct detect *detect, bool permitted, struct utc now)
{
    struct allowance_limit limit = { detect->device_day, detect->device_day };
    bool run = incident->late.pings >= RETROSPECT_RUN;
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
