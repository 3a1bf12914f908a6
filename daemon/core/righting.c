/* SPDX-License-Identifier: Apache-2.0 */
#include "core/righting.h"

#include <string.h>

/* Instants that stand for none, or for no end, stay. */
static bool is_instant(struct utc at)
{
    return at.ms != 0 && at.ms != UTC_NEVER.ms && at.ms != UTC_ALWAYS.ms;
}

static void move(const struct righting *righting, int64_t margin, struct utc *at)
{
    if (at->ms >= righting->from.ms && at->ms <= righting->until.ms + margin)
        at->ms += righting->by;
}

/* Given by our clock. */
static void move_ours(const struct righting *righting, struct utc *at)
{
    if (!is_instant(*at))
        return;
    move(righting, 0, at);
    *at = utc_earlier(*at, righting->now);
}

static bool is_gross(const struct righting *righting)
{
    return righting->by > LAG_AHEAD_MS || righting->by < -righting->late_ms;
}

/* Of a ping: it may be as far ahead of us as a device's clock may. */
static void move_theirs(const struct righting *righting, struct utc *at)
{
    if (is_instant(*at) && is_gross(righting))
        move(righting, LAG_AHEAD_MS, at);
}

static void move_told(const struct righting *righting, struct utc *at)
{
    move_theirs(righting, at);
    if (is_instant(*at) && at->ms > righting->now.ms + LAG_AHEAD_MS)
        *at = righting->now;
}

static void go_back(struct utc *at, int64_t ms)
{
    if (is_instant(*at))
        at->ms -= ms;
}

/* The troubles of a device, and what it has used of its budgets: all by our clock. */
static void move_troubles(const struct righting *righting, struct known_device *device)
{
    struct utc *instants[] = { &device->health_kept, &device->updates.since, &device->past.since,
                               &device->written.since };

    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        move_ours(righting, instants[i]);
    for (size_t i = 0; i < TROUBLES; i++) {
        move_ours(righting, &device->troubles[i].opened);
        move_ours(righting, &device->troubles[i].told);
        move_ours(righting, &device->troubles[i].well);
    }
}

static void move_pace(const struct righting *righting, struct lag_pace *pace)
{
    struct utc *instants[] = { &pace->group.came, &pace->before.came, &pace->first.came,
                               &pace->opened, &pace->last };

    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        move_ours(righting, instants[i]);
}

/* What was learnt of a device's clock was learnt by ours, and so was how far they are apart. */
static void move_lag(const struct righting *righting, struct lag *lag)
{
    struct lag_mix *mix = &lag->mix;
    struct utc last = lag->pace.last;
    struct utc *instants[] = { &lag->since,       &lag->best.came, &mix->fresh,
                               &mix->breath,      &mix->heard,     &mix->front.came,
                               &mix->anchor.came, &mix->since,     &mix->found };

    move_pace(righting, &lag->pace);
    move_pace(righting, &mix->pace);
    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        move_ours(righting, instants[i]);
    if (lag->offset_ms == 0)
        return;
    lag->offset_ms += lag->pace.last.ms - last.ms;
    if (lag->offset_ms < 0)
        lag->offset_ms = 0;
}

bool righting_device(const struct righting *righting, struct known_device *device)
{
    struct known_device before = *device;
    struct estimate none = { .heard = { 0 } };
    struct estimate *estimate = device->estimate != NULL ? device->estimate : &none;
    struct utc when = estimate->belief.when, heard = estimate->heard;
    int64_t ahead;

    move_ours(righting, &device->listened);
    move_ours(righting, &device->talked);
    move_ours(righting, &device->talking);
    move_ours(righting, &device->arrived);
    move_ours(righting, &device->frozen.since);
    move_ours(righting, &device->newest_came);
    move_lag(righting, &device->lag);
    move_ours(righting, &device->carried);
    move_troubles(righting, device);
    move_theirs(righting, &device->newest.time);
    move_theirs(righting, &device->doubted.time);
    move_theirs(righting, &device->elsewhere.at.time);
    move_theirs(righting, &device->elsewhere.torn);
    move_theirs(righting, &device->elsewhere.leaps_since);
    move_theirs(righting, &device->worse_since);
    move_theirs(righting, &estimate->belief.when);
    move_theirs(righting, &estimate->heard);
    for (size_t i = 0; i < TRAIL_PLACES; i++)
        move_theirs(righting, &device->trail[i].at.time);
    ahead = device->newest.time.ms - righting->now.ms;
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

bool righting_incident(const struct righting *righting, struct incident *incident)
{
    struct incident before = *incident;
    struct utc *instants[] = { &incident->opened,       &incident->told,
                               &incident->ended,        &incident->entered,
                               &incident->run,          &incident->before_from,
                               &incident->before_until, &incident->late_from,
                               &incident->late_until,   &incident->late_at,
                               &incident->elsewhere,    &incident->unbelieved_at };

    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        move_told(righting, instants[i]);
    for (size_t i = 0; i < INCIDENT_OLDER; i++) {
        move_told(righting, &incident->older[i].from);
        move_told(righting, &incident->older[i].until);
    }
    move_ours(righting, &incident->openings.since);
    return memcmp(&before, incident, sizeof before) != 0;
}

bool righting_custody(const struct righting *righting, struct custody *custody)
{
    struct utc before = custody->since, shelved = custody->shelved;

    move_ours(righting, &custody->since);
    // Until when it is shelved people have said, by other clocks.
    custody->shelved = utc_earlier(custody->shelved, utc_plus(righting->now, CUSTODY_SHELF_MS));
    return custody->since.ms != before.ms || custody->shelved.ms != shelved.ms;
}
