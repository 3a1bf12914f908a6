/* SPDX-License-Identifier: Apache-2.0 */
#include "core/correction.h"

#include <string.h>

/* Instants that stand for none, or for no end, stay. */
static bool is_instant(struct utc at)
{
    return at.ms != 0 && at.ms != UTC_NEVER.ms && at.ms != UTC_ALWAYS.ms;
}

static void move(const struct correction *correction, int64_t margin, struct utc *at)
{
    if (at->ms >= correction->from.ms && at->ms <= correction->until.ms + margin)
        at->ms += correction->by;
}

/* Given by our clock. */
static void move_ours(const struct correction *correction, struct utc *at)
{
    if (!is_instant(*at))
        return;
    move(correction, 0, at);
    *at = utc_earlier(*at, correction->now);
}

static bool is_gross(const struct correction *correction)
{
    return correction->by > LAG_AHEAD_MS || correction->by < -correction->late_ms;
}

/* Of a ping: it may be as far ahead of us as a device's clock may. */
static void move_theirs(const struct correction *correction, struct utc *at)
{
    if (is_instant(*at) && is_gross(correction))
        move(correction, LAG_AHEAD_MS, at);
}

static void move_alerted(const struct correction *correction, struct utc *at)
{
    move_theirs(correction, at);
    if (is_instant(*at) && at->ms > correction->now.ms + LAG_AHEAD_MS)
        *at = correction->now;
}

static void go_back(struct utc *at, int64_t ms)
{
    if (is_instant(*at))
        at->ms -= ms;
}

/* The troubles of a device, and what it has used of its budgets: all by our clock. */
static void move_troubles(const struct correction *correction, struct known_device *device)
{
    struct utc *instants[] = {
        &device->health_kept,   &device->updates.since, &device->past.since,
        &device->written.since, &device->refused,       &device->lulls.since
    };

    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        move_ours(correction, instants[i]);
    for (size_t i = 0; i < TROUBLES; i++) {
        move_ours(correction, &device->troubles[i].opened);
        move_ours(correction, &device->troubles[i].alerted);
        move_ours(correction, &device->troubles[i].well);
    }
}

static void move_pace(const struct correction *correction, struct lag_pace *pace)
{
    struct utc *instants[] = { &pace->group.came,   &pace->before.came, &pace->first.came,
                               &pace->earlier.came, &pace->opened,      &pace->last };

    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        move_ours(correction, instants[i]);
}

/* What was learnt of a device's clock was learnt by ours, and so was how far they are apart. */
static void move_lag(const struct correction *correction, struct lag *lag)
{
    struct lag_mix *mix = &lag->mix;
    struct utc last = lag->pace.last;
    struct utc *instants[] = { &lag->since, &lag->best.came,  &mix->fresh,       &mix->breath,
                               &mix->heard, &mix->front.came, &mix->anchor.came, &mix->band.since,
                               &mix->begun, &mix->since,      &mix->found };

    move_pace(correction, &lag->pace);
    move_pace(correction, &mix->pace);
    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        move_ours(correction, instants[i]);
    if (lag->offset_ms == 0)
        return;
    lag->offset_ms += lag->pace.last.ms - last.ms;
    if (lag->offset_ms < 0)
        lag->offset_ms = 0;
}

bool correction_device(const struct correction *correction, struct known_device *device)
{
    struct known_device before = *device;
    struct estimate none = { .heard = { 0 } };
    struct estimate *estimate = device->estimate != NULL ? device->estimate : &none;
    struct utc when = estimate->belief.when, heard = estimate->heard;
    int64_t ahead;

    move_ours(correction, &device->listened);
    move_ours(correction, &device->talked);
    move_ours(correction, &device->talking);
    move_ours(correction, &device->arrived);
    move_ours(correction, &device->frozen.since);
    move_ours(correction, &device->newest_came);
    move_lag(correction, &device->lag);
    move_ours(correction, &device->carried);
    move_troubles(correction, device);
    move_theirs(correction, &device->newest.time);
    move_theirs(correction, &device->doubted.time);
    move_theirs(correction, &device->elsewhere.at.time);
    move_theirs(correction, &device->elsewhere.torn);
    move_theirs(correction, &device->elsewhere.alike);
    move_theirs(correction, &device->elsewhere.leaps_since);
    move_theirs(correction, &device->worse_since);
    move_theirs(correction, &device->tampered_at.time);
    move_theirs(correction, &device->battery_low_at.time);
    move_theirs(correction, &estimate->belief.when);
    move_theirs(correction, &estimate->heard);
    for (size_t i = 0; i < TRAIL_PLACES; i++)
        move_theirs(correction, &device->trail[i].at.time);
    ahead = device->newest.time.ms - correction->now.ms;
    if (ahead > LAG_AHEAD_MS) {
        go_back(&device->newest.time, ahead);
        go_back(&device->doubted.time, ahead);
        go_back(&estimate->belief.when, ahead);
        go_back(&estimate->heard, ahead);
        for (size_t i = 0; i < TRAIL_PLACES; i++)
            go_back(&device->trail[i].at.time, ahead);
    }
    return memcmp(&before, device, sizeof before) != 0 || estimate->belief.when.ms != when.ms ||
           estimate->heard.ms != heard.ms;
}

bool correction_incident(const struct correction *correction, struct incident *incident)
{
    struct incident before = *incident;
    struct utc *instants[] = { &incident->opened,
                               &incident->alerted,
                               &incident->ended,
                               &incident->entered,
                               &incident->run,
                               &incident->before_from,
                               &incident->before_until,
                               &incident->late.from,
                               &incident->late.until,
                               &incident->late_at,
                               &incident->elsewhere,
                               &incident->unbelieved_at,
                               &incident->testimony.since,
                               &incident->testimony.until,
                               &incident->testimony.hinted_since,
                               &incident->testimony.hinted_until };

    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        move_alerted(correction, instants[i]);
    for (size_t i = 0; i < INCIDENT_RUNS; i++) {
        move_alerted(correction, &incident->runs[i].from);
        move_alerted(correction, &incident->runs[i].until);
    }
    for (size_t i = 0; i < INCIDENT_OLDER; i++) {
        move_alerted(correction, &incident->older[i].from);
        move_alerted(correction, &incident->older[i].until);
    }
    move_ours(correction, &incident->openings.since);
    move_ours(correction, &incident->pasts.since);
    move_ours(correction, &incident->gathering.opened);
    move_ours(correction, &incident->gathering.alerted);
    return memcmp(&before, incident, sizeof before) != 0;
}

bool correction_custody(const struct correction *correction, struct custody *custody)
{
    struct utc before = custody->since, shelved = custody->shelved;

    move_ours(correction, &custody->since);
    // Until when it is shelved people have said, by other clocks.
    custody->shelved = utc_earlier(custody->shelved, utc_plus(correction->now, CUSTODY_SHELF_MS));
    return custody->since.ms != before.ms || custody->shelved.ms != shelved.ms;
}
