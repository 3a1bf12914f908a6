/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c - what positions say of each zone that concerns them: now, in the past, or once more. */
#include "core/watch.h"

#include "core/health.h"
#include "core/look.h"

#include <math.h>

static enum zone_side side_of(double distance)
{
    return isnan(distance) ? ZONE_UNSURE : distance <= 0 ? ZONE_INSIDE : ZONE_OUTSIDE;
}

/* Metres a second towards the zone since the device's last ping; NaN when that says nothing. */
static double closing_speed(const struct look *look, const struct known_device *device)
{
    int64_t ms = look->at.time.ms - device->newest.time.ms;

    if (!device->heard || ms <= 0 || ms > WATCH_PAIR_MS)
        return NAN;
    return (zone_distance(look->exclusion->zone, device->newest.at, INFINITY) - look->distance) /
           ((double)ms / 1000);
}

static uint32_t with_bit(uint32_t mask, size_t nth, bool set)
{
    return set ? mask | 1U << nth : mask & ~(1U << nth);
}

/* A ping of the present: this device's side is new, the other devices stay where they were. */
static void look_now(struct look *look, size_t nth, size_t device_nth,
                     const struct known_device *device, struct outcome *out)
{
    struct situation *situation = &look->situation;
    struct incident *incident = look->incident;
    bool open = incident->phase != PHASE_NONE, in_ring;
    double warn = look->exclusion->warn;

    // On its way while something newer was told: it counts from there on, and cannot undo it.
    if (incident->told.ms > look->when.ms)
        look->when = incident->told;
    look->distance = zone_distance(look->exclusion->zone, look->at.at, open ? INFINITY : warn);
    situation->side = side_of(look->distance);
    in_ring = look->distance > 0 && look->distance <= warn;
    incident->inside_by = with_bit(incident->inside_by, device_nth, situation->side == ZONE_INSIDE);
    incident->ring_by = with_bit(incident->ring_by, device_nth, in_ring);
    // Another device inside keeps a breach open, but opens none by what this one says.
    if (incident->phase > PHASE_APPROACH && incident->inside_by != 0 &&
        situation->side == ZONE_OUTSIDE)
        situation->side = ZONE_INSIDE;
    situation->in_ring = incident->ring_by != 0;
    if (in_ring)
        look->closing = closing_speed(look, device);
    situation->closing = look->closing >= look->watch->detect->closing_speed;
    look_settle(look, nth, out);
    out->device_changed |= open || !(look->distance > warn);
}

static bool lies_in(struct utc when, struct utc from, struct utc until)
{
    return when.ms >= from.ms && when.ms <= until.ms;
}

/* Whether an incident that was told holds that instant already; a run of late pings is one. */
static bool covered(struct incident *incident, struct utc when)
{
    bool run = incident->late_from.ms != 0 &&
               lies_in(when, utc_plus(incident->late_from, -WATCH_LATE_GAP_MS),
                       utc_plus(incident->late_until, WATCH_LATE_GAP_MS));

    if (run && when.ms < incident->late_from.ms)
        incident->late_from = when;
    if (run && when.ms > incident->late_until.ms)
        incident->late_until = when;
    return run || (incident->number > 0 && lies_in(when, incident->entered, incident->ended)) ||
           (incident->number > 1 && lies_in(when, incident->before_from, incident->before_until));
}

static void look_back(struct look *look, size_t nth, struct outcome *out)
{
    look->distance = zone_distance(look->exclusion->zone, look->at.at, 0);
    look->situation.side = side_of(look->distance);
    if (look->situation.side == ZONE_OUTSIDE)
        return;
    look->situation.covered = covered(look->incident, look->when);
    look_settle(look, nth, out);
    out->incidents_changed |= 1U << nth; // the run of late pings may be longer now
    out->device_changed = true;          // and this one must be known again
}

void watch_ping(const struct watch *watch, const struct respondent *who, struct track *track,
                size_t device_nth, const struct ping *ping, struct utc now, struct outcome *out)
{
    struct known_device *device = track->devices[device_nth];
    struct utc when;
    bool present, near;

    out->n = 0;
    out->incidents_changed = 0;
    out->device_changed = false;
    out->arrival = arrival_of(device, ping, now, &when);
    present = out->arrival == ARRIVED_NEW || out->arrival == ARRIVED_FUTURE;
    if (out->arrival == ARRIVED_AGAIN)
        return;
    if (out->arrival != ARRIVED_LATE)
        health_check(who, device, device_nth, ping, when, now, out);
    for (size_t i = 0; i < who->n_exclusions && out->arrival != ARRIVED_IMPLAUSIBLE; i++) {
        struct look look = { .watch = watch,
                             .who = who,
                             .exclusion = who->exclusions[i],
                             .incident = track->incidents[i],
                             .device = who->devices[device_nth],
                             .at = { when, ping->at, ping->accuracy },
                             .closing = NAN,
                             .when = when,
                             .now = now,
                             .situation = { .cause = CAUSE_PING, .arrival = out->arrival } };

        if (present)
            look_now(&look, i, device_nth, device, out);
        else
            look_back(&look, i, out);
    }
    if (!present)
        return;
    device->newest = (struct position){ when, ping->at, ping->accuracy };
    device->heard = true;
    // The first far ping after a near one is kept too, or a restart would find him where he was.
    near = out->device_changed;
    out->device_changed |= device->near;
    device->near = near;
}

/* The position that says most of a zone, and whose it is. */
struct witness {
    size_t device; // SIZE_MAX: nobody was ever heard of
    double distance;
    bool stale;
};

/* A fresh position before a stale one, then the deeper. */
static bool says_more(const struct witness *one, const struct witness *than)
{
    if (than->device == SIZE_MAX || one->stale != than->stale)
        return than->device == SIZE_MAX || !one->stale;
    return isnan(one->distance) || one->distance < than->distance;
}

/* Fills inside_by and ring_by, and finds the witness; who was heard before `stale_before` is stale.
 */
static struct witness locate(const struct respondent *who, const struct track *track, size_t nth,
                             struct utc stale_before)
{
    struct incident *incident = track->incidents[nth];
    struct witness best = { .device = SIZE_MAX, .distance = NAN };

    incident->inside_by = incident->ring_by = 0;
    for (size_t i = 0; i < who->n_devices; i++) {
        const struct position *newest = &track->devices[i]->newest;
        struct witness one = { .device = i, .stale = newest->time.ms < stale_before.ms };

        if (!track->devices[i]->heard)
            continue;
        one.distance = zone_distance(who->exclusions[nth]->zone, newest->at, INFINITY);
        incident->inside_by = with_bit(incident->inside_by, i, one.distance <= 0);
        incident->ring_by = with_bit(
            incident->ring_by, i, one.distance > 0 && one.distance <= who->exclusions[nth]->warn);
        if (says_more(&one, &best))
            best = one;
    }
    return best;
}

/* Which side, where a breach stays open as long as any device is inside, fresh or not. */
static enum zone_side side_known(const struct incident *incident, const struct witness *best)
{
    if (incident->phase > PHASE_APPROACH && incident->inside_by != 0)
        return ZONE_INSIDE;
    return side_of(best->distance);
}

void watch_again(const struct watch *watch, const struct respondent *who, struct track *track,
                 enum cause cause, struct utc at, struct utc now, struct outcome *out)
{
    out->n = 0;
    out->incidents_changed = 0;
    out->device_changed = false;
    out->arrival = ARRIVED_NEW;
    for (size_t i = 0; i < who->n_exclusions; i++) {
        struct look look = { .watch = watch,
                             .who = who,
                             .exclusion = who->exclusions[i],
                             .incident = track->incidents[i],
                             .closing = NAN,
                             .when = at,
                             .now = now,
                             .situation = { .cause = cause } };
        struct witness best = locate(who, track, i, utc_plus(at, -watch->detect->last_known_ms));

        if (best.device == SIZE_MAX)
            continue; // never heard of: nothing is open and nothing can be
        if (cause == CAUSE_TIME && look.incident->told.ms > at.ms)
            continue; // a boundary before what was told last has had its say
        look.device = who->devices[best.device];
        look.at = track->devices[best.device]->newest;
        look.distance = best.distance;
        look.situation.side = side_known(look.incident, &best);
        look.situation.in_ring = look.incident->ring_by != 0;
        look.situation.stale = best.stale;
        look_settle(&look, i, out);
    }
}

struct utc watch_due(const struct watch *watch, const struct respondent *who,
                     const struct track *track, struct utc at)
{
    struct utc due = UTC_NEVER;

    for (size_t i = 0; i < who->n_exclusions; i++) {
        const struct incident *incident = track->incidents[i];

        if (incident->inside_by != 0 || incident->phase != PHASE_NONE)
            due = utc_earlier(due, exclusion_next(who->exclusions[i], watch->civil, at));
    }
    return due;
}

void watch_withdraw(const struct exclusion *gone, struct incident *incident, struct utc now,
                    struct outcome *out)
{
    struct alert *alert;

    incident->inside_by = incident->ring_by = 0;
    if (incident->phase == PHASE_NONE || out->n == OUTCOME_ALERTS_MAX)
        return;
    alert = &out->alerts[out->n++];
    *alert = (struct alert){ .type = ALERT_CLEARED,
                             .severity = SEVERITY_INFO,
                             .exclusion = gone,
                             .respondent = gone->order->respondent,
                             .incident = incident->number,
                             .nth = ++incident->alerts,
                             .time = now,
                             .received = now,
                             .authorised = incident->authorised,
                             .probability = NAN,
                             .depth = NAN,
                             .eta = NAN,
                             .rule = 4,
                             .reason = "order or zone withdrawn" };
    incident->told = incident->ended = now;
    incident->phase = PHASE_NONE;
}
