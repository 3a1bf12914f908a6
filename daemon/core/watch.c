/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c - looks at each zone, asks decide(), and turns verdicts into incidents and alerts. */
#include "core/watch.h"

#include "core/evidence.h"
#include "core/health.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One zone at one instant, as one device's position shows it. */
struct look {
    const struct watch *watch;
    const struct respondent *who;
    const struct exclusion *exclusion;
    struct incident *incident;
    const char *device;
    struct position at; // the position looked at
    double distance;    // of it, metres from the edge, negative inside
    double closing;     // m/s towards the zone; NaN: unknown
    struct utc when;    // the instant judged
    struct utc now;     // our clock
    enum standing was;  // standing just before `when`
    struct situation situation;
};

static double sure_of(const struct look *look)
{
    double accuracy = look->at.accuracy;

    if (isnan(accuracy))
        accuracy = look->watch->detect->unknown_accuracy;
    return evidence_inside(look->distance, accuracy);
}

/* The next alert of `out`, filled but for its words; incident->phase is already the new one. */
static struct alert *tell(const struct look *look, enum alert_type type, int rule,
                          struct outcome *out)
{
    struct incident *incident = look->incident;
    struct alert *alert = &out->alerts[out->n++];
    bool coming = incident->phase == PHASE_APPROACH && type != ALERT_CLEARED;

    *alert = (struct alert){
        .type = type,
        .severity = alert_severity(type, incident->phase, incident->authorised),
        .exclusion = look->exclusion,
        .respondent = look->who->id,
        .device = look->device,
        .incident = incident->number,
        .nth = ++incident->alerts,
        .time = look->when,
        .received = look->now,
        .authorised = incident->authorised,
        .probability = sure_of(look),
        .depth = -look->distance,
        .eta = coming ? look->distance / look->closing : NAN,
        .rule = rule,
        .has_ping = look->device != NULL,
        .ping = look->at,
    };
    incident->told = look->when;
    return alert;
}

/* An incident begins, or the open one becomes graver. */
static void begin(struct look *look, enum phase phase, enum alert_type type, int rule,
                  struct outcome *out)
{
    struct incident *incident = look->incident;

    if (incident->phase == PHASE_NONE) {
        incident->number = ++incident->numbers;
        incident->alerts = 0;
        incident->opened = look->when;
        incident->ended = incident->entered = UTC_NEVER;
    }
    if (phase > PHASE_APPROACH && incident->entered.ms == UTC_NEVER.ms) {
        incident->entered = look->when;
        incident->pings = 1; // of those inside
    }
    incident->phase = phase;
    incident->authorised = look->situation.permitted;
    alert_explain(tell(look, type, rule, out), &look->situation, look->was);
}

static void end(struct look *look, int rule, struct outcome *out)
{
    struct incident *incident = look->incident;

    // Its words tell what it was, so they come before it is over.
    alert_explain(tell(look, ALERT_CLEARED, rule, out), &look->situation, look->was);
    incident->phase = PHASE_NONE;
    incident->authorised = false;
    incident->ended = look->when;
}

/* A breach in the past gets an incident number of its own; the present one is not touched. */
static void tell_past(struct look *look, int rule, struct outcome *out)
{
    struct incident *present = look->incident;
    struct incident past = { .phase = PHASE_BREACH,
                             .authorised = look->situation.permitted,
                             .number = ++present->numbers,
                             .opened = look->when };

    present->late_from = present->late_until = look->when;
    look->incident = &past;
    alert_explain(tell(look, ALERT_RETROSPECTIVE, rule, out), &look->situation, look->was);
    look->incident = present;
}

/* True when what it did may call for another look at once: one incident ended, another may begin.
 */
static bool act(struct look *look, struct decision decision, struct outcome *out)
{
    switch (decision.verdict) {
    case VERDICT_QUIET:
        return false;
    case VERDICT_APPROACHES:
        begin(look, PHASE_APPROACH, ALERT_APPROACH, decision.rule, out);
        return false;
    case VERDICT_POSSIBLE:
        begin(look, PHASE_POSSIBLE, ALERT_POSSIBLE, decision.rule, out);
        return false;
    case VERDICT_BREACHES:
        begin(look, PHASE_BREACH, ALERT_BREACH, decision.rule, out);
        return false;
    case VERDICT_GOES_ON:
        alert_explain(tell(look, ALERT_UPDATE, decision.rule, out), &look->situation, look->was);
        return false;
    case VERDICT_ENDS:
        end(look, decision.rule, out);
        return true;
    case VERDICT_WAS_INSIDE:
        tell_past(look, decision.rule, out);
        return false;
    }
    return false;
}

/* Standing, permit and interval at the instant judged; the sides are the caller's to say. */
static void survey(struct look *look)
{
    const struct watch *watch = look->watch;
    struct situation *situation = &look->situation;

    look->was = exclusion_standing(look->exclusion, watch->civil, utc_plus(look->when, -1));
    situation->standing = exclusion_standing(look->exclusion, watch->civil, look->when);
    situation->permitted = exclusion_permit(look->exclusion, look->when) != NULL;
    // While another device keeps the incident open, this one has nothing to add to it.
    situation->update_due = look->when.ms - look->incident->told.ms >= watch->detect->update_ms &&
                            !(situation->side == ZONE_INSIDE && look->distance > 0);
    situation->incident = look->incident;
}

static enum zone_side side_of(double distance)
{
    return isnan(distance) ? ZONE_UNSURE : distance <= 0 ? ZONE_INSIDE : ZONE_OUTSIDE;
}

/* Asks until it is quiet. */
static void settle(struct look *look, size_t nth, struct outcome *out)
{
    struct incident *incident = look->incident;
    size_t told = out->n;
    bool counts = look->situation.cause == CAUSE_PING && look->situation.side == ZONE_INSIDE &&
                  incident->phase != PHASE_NONE;

    incident->pings += counts;
    survey(look);
    if (act(look, decide(&look->situation), out))
        act(look, decide(&look->situation), out);
    if (out->n != told || counts)
        out->incidents_changed |= 1U << nth;
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

    look->distance = zone_distance(look->exclusion->zone, look->at.at, open ? INFINITY : warn);
    situation->side = side_of(look->distance);
    in_ring = look->distance > 0 && look->distance <= warn;
    incident->inside_by = with_bit(incident->inside_by, device_nth, situation->side == ZONE_INSIDE);
    incident->ring_by = with_bit(incident->ring_by, device_nth, in_ring);
    if (incident->inside_by != 0 && situation->side == ZONE_OUTSIDE)
        situation->side = ZONE_INSIDE;
    situation->in_ring = incident->ring_by != 0;
    if (in_ring)
        look->closing = closing_speed(look, device);
    situation->closing = look->closing >= look->watch->detect->closing_speed;
    settle(look, nth, out);
    out->device_changed |= open || !(look->distance > warn);
}

/* Whether some incident, told already, holds that instant; a run of late pings is one. */
static bool covered(struct incident *incident, struct utc when)
{
    bool told =
        incident->number > 0 && when.ms >= incident->opened.ms && when.ms <= incident->ended.ms;
    bool run = incident->late_from.ms != 0 &&
               when.ms >= incident->late_from.ms - WATCH_LATE_GAP_MS &&
               when.ms <= incident->late_until.ms + WATCH_LATE_GAP_MS;

    if (run && when.ms < incident->late_from.ms)
        incident->late_from = when;
    if (run && when.ms > incident->late_until.ms)
        incident->late_until = when;
    return told || run;
}

static void look_back(struct look *look, size_t nth, struct outcome *out)
{
    look->distance = zone_distance(look->exclusion->zone, look->at.at, 0);
    look->situation.side = side_of(look->distance);
    if (look->situation.side == ZONE_OUTSIDE)
        return;
    look->situation.covered = covered(look->incident, look->when);
    settle(look, nth, out);
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

/* Fills inside_by and ring_by; returns the number of the device deepest inside, or of the newest
 * heard if none is. */
static size_t locate(const struct respondent *who, const struct track *track, size_t nth,
                     double *out_distance)
{
    struct incident *incident = track->incidents[nth];
    size_t best = SIZE_MAX;

    incident->inside_by = incident->ring_by = 0;
    for (size_t i = 0; i < who->n_devices; i++) {
        const struct known_device *device = track->devices[i];
        double distance;

        if (!device->heard)
            continue;
        distance = zone_distance(who->exclusions[nth]->zone, device->newest.at, INFINITY);
        incident->inside_by = with_bit(incident->inside_by, i, distance <= 0);
        incident->ring_by =
            with_bit(incident->ring_by, i, distance > 0 && distance <= who->exclusions[nth]->warn);
        if (best == SIZE_MAX || isnan(distance) || distance < *out_distance) {
            best = i;
            *out_distance = distance;
        }
    }
    return best;
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
                             .distance = NAN,
                             .closing = NAN,
                             .when = at,
                             .now = now,
                             .situation = { .cause = cause } };
        size_t best = locate(who, track, i, &look.distance);

        if (best == SIZE_MAX)
            continue; // never heard of: nothing is open and nothing can be
        if (cause == CAUSE_TIME && look.incident->told.ms > at.ms)
            continue; // a boundary before what was told last has had its say
        look.device = who->devices[best];
        look.at = track->devices[best]->newest;
        look.situation.side = side_of(look.distance);
        look.situation.in_ring = look.incident->ring_by != 0;
        look.situation.stale = at.ms - look.at.time.ms > watch->detect->last_known_ms;
        settle(&look, i, out);
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
