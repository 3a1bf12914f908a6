/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c - what positions say of each zone that concerns them: now, in the past, or once more. */
#include "core/watch.h"

#include "core/claim.h"
#include "core/device_watch.h"
#include "core/doubt.h"
#include "core/estimate.h"
#include "core/evidence.h"
#include "core/frozen.h"
#include "core/health.h"
#include "core/motion.h"
#include "core/observation.h"
#include "core/places.h"
#include "core/safe_region.h"
#include "core/silence.h"
#include "core/testimony.h"
#include "core/witness.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static_assert((int)TRACK_DEVICES_MAX >= (int)RESPONDENT_DEVICES_MAX, "a score for each device");

static void begin(struct outcome *out)
{
    out->arrival = ARRIVED_NEW;
    out->when = UTC_NEVER;
    out->n = 0;
    out->devices_changed = 0;
    out->incidents_changed = (struct zone_set){ { 0 } };
}

/* The ping is the newest position now. */
static void remember(struct known_device *device, const struct observation *observation,
                     bool trusted, struct utc now, const struct detect *detect)
{
    device->newest = observation->at;
    device->newest_came = now;
    device->newest_guessed = observation->arriving.guessed;
    device->heard = true;
    if (trusted)
        motion_remember(device, &observation->at, detect);
    estimate_let_go(device);
}

/* Who is known by a mast alone is still there: the older that were, the more it let him be. */
static void stay(struct known_device *device, size_t nth, const struct ping *ping,
                 struct reception arriving, struct utc now, const struct detect *detect,
                 struct outcome *out)
{
    if (motion_accuracy(detect, device->newest.accuracy) <= detect->coarse)
        return;
    device->newest = ping_position(ping, arriving.when);
    device->newest_came = now;
    device->newest_guessed = arriving.guessed;
    if (device->near)
        out->devices_changed |= 1U << nth;
}

static bool is_of_now(struct reception arriving)
{
    return arriving.class == ARRIVED_NEW || arriving.class == ARRIVED_FUTURE;
}

/*
 * Whether the ping says where he is now: that alone keeps a silence away. A ping that is
 * implausible, without a fix or coarser than a mast does not, nor one that comes again (a frozen
 * device sends the very same) or late (it was held up, and is of then), nor one of a place that is
 * frozen, nor a coarse one by which he may still be where he was: an hour of those in the middle of
 * a zone was told by nothing.
 */
static bool is_believed(const struct watch *watch, const struct known_device *device,
                        const struct ping *ping, struct reception arriving, bool frozen)
{
    double mast = watch->detect->mast;

    return is_of_now(arriving) && !frozen && !arriving.idle && !arriving.adrift &&
           (mast == 0 || motion_accuracy(watch->detect, ping->accuracy) <= mast) &&
           arriving.when.ms >= device->carried.ms;
}

/* True when it mattered to one. */
static bool show_all(const struct watch *watch, const struct respondent *who, struct track *track,
                     size_t device_nth, struct observation *observation, struct utc now,
                     struct outcome *out)
{
    bool near = false;

    assert(who->n_exclusions <= QUESTION_ZONES_MAX);
    safe_region_stir(who, track);
    for (size_t i = 0; i < who->n_exclusions; i++) {
        struct assessment assessment = assessment_of(watch, who, track, i);

        assessment.device_nth = device_nth;
        assessment.device = who->devices[device_nth];
        assessment.at = observation->at;
        assessment.when = utc_earlier(observation->at.time, now); // nobody was anywhere yet
        assessment.now = now;
        assessment.situation.cause = CAUSE_PING;
        assessment.situation.arrival = observation->arriving.class;
        if (observation->arriving.elsewhere)
            near |= observation_elsewhere(&assessment, out);
        else if (observation->arriving.idle || observation->arriving.class == ARRIVED_IMPLAUSIBLE)
            near |= observation_alone(&assessment, observation, out);
        else if (observation->arriving.class == ARRIVED_LATE)
            near |= observation_past(&assessment, observation, out);
        else
            near |= observation_now(&assessment, observation, out);
    }
    return near;
}

/* Shows the ping to every zone that it can matter to; true when it mattered to one. */
static bool show(const struct watch *watch, const struct respondent *who, struct track *track,
                 size_t device_nth, struct observation *observation, struct utc now,
                 struct outcome *out)
{
    if (safe_region_holds(track, device_nth, observation))
        return false;
    if (show_all(watch, who, track, device_nth, observation, now, out))
        return true;
    safe_region_note(who, track, device_nth, observation);
    return false;
}

/*
 * What came late is the last that is known, so whatever begins or ends later (decide.c, rule 5)
 * begins with that place, and not with what was known of another.
 */
static void settle_late(const struct watch *watch, const struct respondent *who,
                        struct track *track, size_t device_nth, struct outcome *out)
{
    safe_region_stir(who, track);
    for (size_t i = 0; i < who->n_exclusions; i++) {
        struct assessment assessment = assessment_of(watch, who, track, i);
        double before = assessment.incident->scores[device_nth];

        if (assessment.incident->phase != PHASE_NONE)
            continue;
        claim_by_position(&assessment, device_nth);
        if (assessment.incident->scores[device_nth] == before)
            continue;
        // A restart must find both, or neither.
        zone_set_add(&out->incidents_changed, i);
        out->devices_changed |= 1U << device_nth;
    }
}

/* Where it is, and as what it is judged, is settled. */
static void judge(const struct watch *watch, const struct respondent *who, struct track *track,
                  size_t device_nth, const struct ping *ping, struct utc now, struct outcome *out)
{
    struct known_device *device = track->devices[device_nth];
    unsigned doubts = device->doubts;
    struct utc elsewhere = device->elsewhere.at.time, back = device->oscillation.back;
    struct reception arriving = arrival_of(device, ping, now, watch->detect);
    bool frozen = is_of_now(arriving) && frozen_hear(device, ping->at, now), near;
    struct observation observation;

    begin(out);
    out->arrival = arriving.class;
    out->when = arriving.when;
    if (device->carrier == 0)
        claim_device(who, device, now); // nobody's so far, so nothing is forgotten
    if (is_believed(watch, device, ping, arriving, frozen))
        silence_heard(watch, who, device, device_nth, ping, arriving.when, now, out);
    else
        silence_talked(watch, who, track, device_nth, now, out);
    // A ping from before the device was his: of somebody else's way, whatever it says.
    if (arriving.when.ms < device->carried.ms) {
        out->arrival = arriving.class == ARRIVED_AGAIN ? ARRIVED_AGAIN : ARRIVED_LATE;
        return;
    }
    health_check(watch, who, device, device_nth, ping, arriving, now, out);
    if (ping_has_place(ping) && (is_of_now(arriving) || arriving.elsewhere || ping->no_fix))
        doubt_check(watch, who, device, device_nth, ping, &arriving, now, out);
    health_keep(device, device_nth, now, out);
    if (arriving.class == ARRIVED_AGAIN)
        return;
    health_check_flood(who, device, device_nth, now, out);
    if (arriving.idle)
        stay(device, device_nth, ping, arriving, now, watch->detect, out);
    // Near a zone what is made of doubts must survive too: a restart is no way to begin them anew.
    if (device->near && (device->doubts != doubts || device->elsewhere.at.time.ms != elsewhere.ms))
        out->devices_changed |= 1U << device_nth;
    out->devices_changed |= device->oscillation.back.ms != back.ms ? 1U << device_nth : 0;
    if (arriving.class == ARRIVED_NO_FIX)
        return;
    observation = observation_of(watch, device, ping, arriving);
    near = show(watch, who, track, device_nth, &observation, now, out);
    // What is not believed neither moves the device nor ends anything.
    if (arriving.elsewhere || arriving.idle || arriving.class == ARRIVED_IMPLAUSIBLE) {
        out->devices_changed |= near ? 1U << device_nth : 0;
        return;
    }
    // Nor where it was when it froze: from there on nobody knows how far he has gone.
    if (!arriving.older && !arriving.doubtful && (!frozen || arriving.adrift))
        remember(device, &observation, !arriving.coarse, now, watch->detect);
    if (arriving.leapt) // out of a zone, as a zone has found
        doubt_check_places(watch, who, device, device_nth, ping, &arriving, now, out);
    if (arriving.class == ARRIVED_LATE && !arriving.older && !arriving.doubtful)
        settle_late(watch, who, track, device_nth, out);
    // The first far ping after a near one is kept too, or a restart would find him where he was.
    if (near || (device->near && !arriving.older))
        out->devices_changed |= 1U << device_nth;
    if (!arriving.older)
        device->near = near;
    if (near)
        silence_seen(who, track, device_nth, out);
}

void watch_ping(const struct watch *watch, const struct respondent *who, struct track *track,
                size_t device_nth, const struct ping *ping, struct utc now, struct outcome *out)
{
    struct ping seen = device_watch_ping(watch, who->devices[device_nth], ping);
    struct detect room;
    const struct watch own = device_watch(watch, who->devices[device_nth], &room);

    seen.no_fix |= ping_has_place(ping) && !safe_region_home(track, device_nth, ping->at) &&
                   doubt_looks_swapped(who, ping);
    judge(&own, who, track, device_nth, &seen, now, out);
}

/* The side on which an incident was left of which nothing is heard any more. */
static enum zone_side side_left(const struct incident *incident)
{
    switch (incident->phase) {
    case PHASE_NONE:
    case PHASE_APPROACH:
        break;
    case PHASE_POSSIBLE:
        return ZONE_PROBABLE;
    case PHASE_BREACH:
        return ZONE_INSIDE;
    }
    return ZONE_OUTSIDE;
}

/* How probable its newest position makes it that the device is inside. */
static double inside_by(const struct assessment *assessment, const struct known_device *device)
{
    double accuracy =
        device_watch_accuracy(assessment->watch, assessment->device, device->newest.accuracy);
    double inside = estimate_is_newest(device)
                        ? estimate_inside(device, assessment->exclusion->zone)
                        : evidence_inside(assessment->distance, accuracy);

    return isnan(inside) ? 0.5 : inside;
}

/*
 * A zone that begins again within PLACES_TORN_MS finds what one of two places left inside, which
 * its end has cleared and nobody has seen to leave: that device is asked then, where none is
 * inside by the place that is believed.
 */
static void find_held(struct assessment *assessment, struct witness *best)
{
    const struct incident *incident = assessment->incident;

    if (incident->phase > PHASE_APPROACH || incident->elsewhere_by == 0 || best->alive ||
        llabs(assessment->when.ms - incident->elsewhere.ms) > PLACES_TORN_MS)
        return;
    for (size_t i = 0; i < assessment->who->n_devices; i++) {
        const struct known_device *device = assessment->track->devices[i];

        if ((incident->elsewhere_by >> i & 1) == 0 || !device->heard)
            continue;
        best->device = i;
        best->distance = zone_distance(assessment->exclusion->zone, device->newest.at, INFINITY);
        best->score = assessment_score(assessment->watch->detect, incident);
        best->alive = assessment->elsewhere = true;
        return;
    }
}

/* What the positions say, and whose says it: fills the situation. */
static void take_witness(struct assessment *assessment, const struct witness *best, bool moved)
{
    const struct detect *detect = assessment->watch->detect;
    struct incident *incident = assessment->incident;
    struct situation *situation = &assessment->situation;

    assessment->distance = best->distance;
    situation->stale = best->stale;
    // A breach stays open as long as any device may be inside, fresh or not.
    if (incident->phase > PHASE_APPROACH)
        situation->side =
            assessment_side(detect, assessment_score(detect, incident), assessment_alive(incident));
    else
        situation->side = assessment_side(detect, best->score, best->alive);
    situation->coming = moved ? incident->coming_by != 0 : true;
    if (best->device == SIZE_MAX)
        return;
    assessment->device_nth = best->device;
    assessment->device = assessment->who->devices[best->device];
    assessment->at = assessment->track->devices[best->device]->newest;
    assessment->inside = inside_by(assessment, assessment->track->devices[best->device]);
    if (isnan(best->distance) && situation->side < ZONE_INSIDE)
        situation->side = ZONE_UNSURE;
}

/* One zone, by the positions known. */
static void assess_again(struct assessment *assessment, struct outcome *out)
{
    struct incident *incident = assessment->incident;
    bool held = incident->phase > PHASE_APPROACH && incident->inside_by == 0; // by nothing else
    bool expired = held && testimony_expire(&incident->testimony, assessment->when);
    bool moved = assessment->situation.cause == CAUSE_RULES &&
                 incident->shape != assessment->exclusion->shape;
    bool other_place = moved && claim_scores(assessment), gone;
    struct witness best = witness_find(
        assessment, utc_plus(assessment->when, -assessment->watch->detect->last_known_ms));

    if (expired)
        zone_set_add(&out->incidents_changed, assessment->nth);
    if (!moved)
        find_held(assessment, &best);
    if (best.device == SIZE_MAX && incident->phase == PHASE_NONE)
        return; // never heard of: nothing is open and nothing can be
    if (assessment->situation.cause == CAUSE_TIME && incident->alerted.ms > assessment->when.ms)
        return; // a boundary before what was told last has had its say
    assessment->moved = moved;
    take_witness(assessment, &best, moved);
    // Who told of him is gone, and nobody says that he left: only the order's own words end it now.
    gone = incident->phase != PHASE_NONE && !other_place &&
           (best.device == SIZE_MAX || (incident->inside_by & INSIDE_BY_REMOVED) != 0);
    if (gone) {
        assessment->situation.side = side_left(incident);
        assessment->situation.stale = assessment->situation.coming = true;
    }
    if (!assessment_settle_once(assessment, out))
        return;
    if (!gone && witness_lacks(assessment))
        assessment->situation.side = ZONE_OUTSIDE;
    assessment_settle_anew(assessment, out);
}

void watch_again(const struct watch *watch, const struct respondent *who, struct track *track,
                 enum cause cause, struct utc at, struct utc now, struct outcome *out)
{
    assert(who->n_exclusions <= QUESTION_ZONES_MAX);
    begin(out);
    safe_region_stir(who, track);
    if (cause == CAUSE_RULES)
        silence_clock_back(who, track, now, out);
    for (size_t i = 0; cause == CAUSE_RULES && i < who->n_devices; i++) {
        if (claim_device(who, track->devices[i], at))
            out->devices_changed |= 1U << i;
    }
    for (size_t i = 0; i < who->n_exclusions; i++) {
        struct assessment assessment = assessment_of(watch, who, track, i);

        assessment.when = at;
        assessment.now = now;
        assessment.situation.cause = cause;
        assess_again(&assessment, out);
    }
    for (size_t i = 0; i < who->n_devices; i++)
        health_check_refused(watch, who, track->devices[i], i, now, out);
    silence_check(watch, who, track, at, now, out);
}

void watch_withdraw(const struct exclusion *gone, struct incident *incident, struct utc now,
                    struct outcome *out)
{
    struct alert *alert;

    // No ping is shown to the zone any more: if it comes back, the scores begin anew from
    // positions.
    if (incident->shape != 0 || incident->phase != PHASE_NONE || incident->silent_by != 0)
        zone_set_add(&out->incidents_changed, 0);
    incident->coming_by = incident->inside_by = incident->silent_by = incident->elsewhere_by = 0;
    incident->shape = incident->place = 0;
    incident->testimony = (struct testimony){ 0 };
    memset(incident->scores, 0, sizeof incident->scores);
    if (incident->phase == PHASE_NONE || out->n == OUTCOME_ALERTS_MAX)
        return;
    alert = &out->alerts[out->n++];
    *alert = alert_make(ALERT_CLEARED, now, now);
    alert->exclusion = gone;
    alert->respondent = gone->order->respondent;
    alert->incident = incident->number;
    alert->nth = ++incident->alerts;
    alert->authorised = incident->authorised;
    alert->rule = 4;
    strcpy(alert->reason, "order or zone withdrawn");
    incident->alerted = incident->ended = now;
    incident->phase = PHASE_NONE;
}
