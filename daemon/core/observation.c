/* SPDX-License-Identifier: Apache-2.0 */
#include "core/observation.h"

#include "core/claim.h"
#include "core/evidence.h"
#include "core/places.h"

#include <math.h>
#include <stdlib.h>

/*
 * Log odds before any ping: of those who come nearer at an edge twenty go in for one that stops
 * there, and of those who stand beside it nearly three stand outside for one inside: who goes in is
 * mostly seen to come. Found with tests/bench/detect, as were the constants of evidence.h.
 */
static const double lean_closing = 3, lean_still = -1;

static const double pace_margin = 1.2; // a little faster than he was seen to go
static const double look_back_s = 10;

/* Metres by which a ring is wider for who is in it: an approach does not end by a shaking hand. */
static double ring_slack(double warn, double accuracy)
{
    return fmax(warn / 10, 2 * accuracy);
}

struct sight sight_of(const struct watch *watch, const struct known_device *device,
                      const struct ping *ping, struct reception arriving)
{
    const struct detect *detect = watch->detect;
    double accuracy = motion_accuracy(detect, ping->accuracy), pace = device->pace * pace_margin;
    struct sight sight = { .device = device,
                           .ping = ping,
                           .arriving = arriving,
                           .at = { arriving.when, ping->at, ping->accuracy } };

    if (device->heard) {
        sight.moved = lonlat_distance(device->newest.at, ping->at);
        sight.gap_ms = arriving.when.ms - device->newest.time.ms;
    }
    sight.horizon = fmax(2 * accuracy, fmax(pace, ping->speed <= PING_SPEED_MAX ? ping->speed : 0) *
                                           (double)detect->approach_ms / 1000);
    if (sight.gap_ms <= detect->path_ms)
        sight.horizon = fmax(sight.horizon, fmax(sight.moved, pace * (double)sight.gap_ms / 1000));
    return sight;
}

static const struct motion *motion_seen(const struct look *look, struct sight *sight)
{
    if (!sight->motion_known)
        sight->motion = motion_of(sight->device, sight->ping, &sight->at, look->watch->detect);
    sight->motion_known = true;
    return &sight->motion;
}

/* Metres from the edge to where the device was before, asked of the map once. */
static double distance_before(struct look *look, const struct sight *sight)
{
    if (isnan(look->before))
        look->before = zone_distance(look->exclusion->zone, sight->device->newest.at, INFINITY);
    return look->before;
}

/* Of a place of the trail, which mostly is the one before. */
static double distance_of(struct look *look, const struct sight *sight, struct lonlat at)
{
    const struct lonlat *newest = &sight->device->newest.at;

    if (at.lon == newest->lon && at.lat == newest->lat)
        return distance_before(look, sight);
    return zone_distance(look->exclusion->zone, at, INFINITY);
}

/* Whether he has turned away, which the median of the trail is slow to see. */
static bool turned(struct look *look, const struct sight *sight)
{
    const struct position *last = sight->motion.last;
    double blur;

    if (last == NULL)
        return false;
    blur = motion_blur(look->watch->detect, last, &look->at);
    // No zone is nearer to one place than to another by more than the way between them.
    return lonlat_distance(last->at, look->at.at) > blur &&
           look->distance - distance_of(look, sight, last->at) > blur;
}

/* Whether the zone, and no bend before it, lies where he is heading. */
static bool ahead(const struct look *look, const struct motion *motion, double accuracy)
{
    const struct zone *zone = look->exclusion->zone;
    double seconds = (look->distance + zone_width(zone) / 4) / look->closing;

    return zone_distance(zone, motion_along(motion, look->at.at, seconds), INFINITY) <= accuracy;
}

/* How fast he comes nearer, and whether that will take him into the zone soon. */
static void foresee(struct look *look, struct sight *sight)
{
    const struct detect *detect = look->watch->detect;
    const struct motion *motion = motion_seen(look, sight);
    const struct zone *zone = look->exclusion->zone;
    double warn = look->exclusion->warn, accuracy = motion_accuracy(detect, look->at.accuracy);
    struct situation *situation = &look->situation;
    bool approach = look->incident->phase == PHASE_APPROACH;
    double speed = hypot(motion->east, motion->north), eta;

    // An approach goes on over the edge: one poor fix inside does not end it.
    situation->coming = approach ? look->distance <= warn + ring_slack(warn, accuracy)
                                 : look->distance > 0 && look->distance <= warn;
    // Nobody closes in faster than he goes; of an approach it is told how slowly.
    if (!motion->moving || (speed < detect->closing_speed && !approach) || turned(look, sight))
        return;
    look->closing =
        (zone_distance(zone, motion_along(motion, look->at.at, -look_back_s), INFINITY) -
         look->distance) /
        look_back_s;
    situation->closing = look->closing >= detect->closing_speed;
    if (warn <= 0 || look->distance <= 0 || !(look->closing > 0))
        return;
    eta = look->distance / look->closing;
    look->earliest = fmax(look->distance - accuracy, 0) / fmax(speed, sight->device->pace);
    if (situation->coming)
        return;
    situation->coming =
        approach || (situation->closing && motion->places > 2 &&
                     eta * 1000 <= (double)detect->approach_ms && ahead(look, motion, accuracy));
}

static uint32_t with_bit(uint32_t mask, size_t nth, bool set)
{
    return set ? mask | 1U << nth : mask & ~(1U << nth);
}

/* What is known before the ping; of who was inside already, only that a ping inside is likelier. */
static double lean_of(const struct look *look, const struct sight *sight, bool held)
{
    if (held && look->distance > 0)
        return 0;
    if (look->situation.closing)
        return lean_closing;
    // Of the first ping nobody knows whether he stands.
    if (!sight->device->heard || sight->motion.moving || sight->device->pace >= MOTION_MOVER)
        return 0;
    return lean_still;
}

/* How far the ping moves this device's score, and what that makes of the side. */
static void weigh(struct look *look, const struct sight *sight)
{
    const struct detect *detect = look->watch->detect;
    struct incident *incident = look->incident;
    double *score = &incident->scores[look->device_nth], before = *score;
    bool held = (incident->held_by >> look->device_nth & 1) != 0, grave;
    double odds = evidence_odds(look->distance, motion_accuracy(detect, look->at.accuracy));
    double floor = held ? -EVIDENCE_HOLD : 0;
    double weight =
        sight->device->heard ? evidence_weight(sight->gap_ms, sight->moved, detect->error_ms) : 1;

    if (!look_alive(incident) ||
        (incident->phase <= PHASE_APPROACH && sight->gap_ms > detect->path_ms)) {
        incident->run = look->when;
        incident->pings = 0;
    }
    *score = evidence_add(before, odds + lean_of(look, sight, held), weight, floor);
    if (sight->arriving.coarse || sight->arriving.doubtful) // proves no breach by itself
        *score = fmin(*score, fmax(before, evidence_score(detect->breach) - 0.001));
    held = *score >= evidence_score(detect->possible) || (held && *score > floor);
    incident->held_by = with_bit(incident->held_by, look->device_nth, held);
    *score = held ? *score : fmax(*score, 0);
    incident->pings += look->distance <= 0;
    // Another device keeps open what is open, but opens nothing by what this one says.
    grave = incident->phase > PHASE_APPROACH;
    look->situation.side = isnan(look->distance)
                               ? ZONE_UNSURE
                               : look_side(detect, grave ? look_score(detect, incident) : *score,
                                           grave ? look_alive(incident) : *score > 0 || held);
}

/* From the device's ping before to this one, when neither made him probably inside. */
static void look_between(struct look *look, const struct sight *sight)
{
    const struct detect *detect = look->watch->detect;
    const struct position *before = &sight->device->newest;
    // Who has come and stays does not go on at the pace that brought him.
    double pace = motion_lately(sight->device) * pace_margin;
    double can = pace * (double)sight->gap_ms / 1000;
    double blur = motion_blur(detect, before, &look->at);
    struct way_end from = { *before, NAN }, to = { look->at, look->distance };

    if (!sight->device->heard || sight->arriving.coarse || sight->gap_ms <= 0 ||
        sight->gap_ms > detect->path_ms || look->situation.side > ZONE_DOUBTFUL ||
        look->incident->phase > PHASE_APPROACH || look->distance > fmax(sight->moved, can) ||
        !path_possible(look->distance, sight->moved, can, blur) ||
        motion_accuracy(detect, before->accuracy) > detect->coarse)
        return;
    from.distance = distance_before(look, sight);
    if (isnan(from.distance))
        return;
    look->gap_ms = sight->gap_ms;
    look->situation.way = path_between(look->exclusion->zone, &from, &to, pace, blur);
}

bool sight_now(struct look *look, struct sight *sight, struct outcome *out)
{
    struct situation *situation = &look->situation;
    struct incident *incident = look->incident;
    double *score = &incident->scores[look->device_nth], before = *score;
    uint32_t pings = incident->pings, held_by = incident->held_by,
             elsewhere_by = incident->elsewhere_by;
    struct utc run = incident->run;
    bool open = incident->phase != PHASE_NONE, busy = open || look_alive(incident), near;
    double horizon = fmax(look->exclusion->warn, sight->horizon);

    // On its way while something newer was told: it counts from there on, and cannot undo it.
    if (incident->told.ms > look->when.ms)
        look->when = incident->told;
    look->distance = zone_distance(look->exclusion->zone, look->at.at, busy ? INFINITY : horizon);
    if (!busy && look->distance > horizon) {
        incident->coming_by = with_bit(incident->coming_by, look->device_nth, false);
        return false;
    }
    claim_note(look);
    if (llabs(look->when.ms - incident->elsewhere.ms) > PLACES_TORN_MS)
        incident->elsewhere_by = 0;
    // What he carries now is heard: from here on that alone says whether he is inside.
    if (!sight->arriving.coarse && !sight->arriving.doubtful)
        incident->held_by &= ~HELD_BY_GONE;
    foresee(look, sight);
    weigh(look, sight);
    look_between(look, sight);
    incident->coming_by = with_bit(incident->coming_by, look->device_nth, situation->coming);
    situation->coming = incident->coming_by != 0;
    look_settle(look, out);
    near = open || look_alive(incident) || !(look->distance > look->exclusion->warn);
    // Once it has been near, a restart must find its scores and not make them anew from positions.
    if (*score != before || ((incident->held_by ^ held_by) & HELD_BY_GONE) != 0 ||
        incident->elsewhere_by != elsewhere_by ||
        ((incident->pings != pings || incident->run.ms != run.ms) && look_alive(incident)) ||
        (near && !incident->kept))
        out->incidents_changed |= 1U << look->nth;
    incident->kept |= near;
    return near;
}

bool sight_elsewhere(struct look *look, struct outcome *out)
{
    const struct detect *detect = look->watch->detect;
    struct incident *incident = look->incident;
    bool inside;

    if (incident->told.ms > look->when.ms)
        look->when = incident->told; // as in sight_now
    look->distance = zone_distance(look->exclusion->zone, look->at.at, INFINITY);
    inside = isnan(look->distance) || // no answer of the map is never rounded to outside
             evidence_odds(look->distance, motion_accuracy(detect, look->at.accuracy)) >=
                 evidence_score(detect->possible);
    // While one of its places is inside, another one outside ends nothing.
    if (!inside)
        return false;
    claim_note(look);
    incident->elsewhere_by = with_bit(incident->elsewhere_by, look->device_nth, true);
    incident->elsewhere = look->when;
    look->elsewhere = true;
    look->situation.arrival = ARRIVED_NEW;
    look->situation.side = look_side(detect, look_score(detect, incident), true);
    look->situation.coming = incident->coming_by != 0;
    look_settle(look, out);
    out->incidents_changed |= 1U << look->nth;
    return true;
}

static bool lies_in(struct utc when, struct utc from, struct utc until)
{
    return when.ms >= from.ms && when.ms <= until.ms;
}

/* The same, with what came out of order beside it. */
static bool lies_by(struct utc when, struct utc from, struct utc until)
{
    if (until.ms == UTC_NEVER.ms)
        return from.ms != UTC_NEVER.ms && when.ms >= from.ms - WATCH_REORDER_MS;
    return lies_in(when, utc_plus(from, -WATCH_REORDER_MS), utc_plus(until, WATCH_REORDER_MS));
}

/* A run of late pings is one incident: it grows by who lies within it or not far from it. */
static bool joins_the_run(struct incident *incident, struct utc when)
{
    if (incident->late_from.ms == 0 ||
        !lies_in(when, utc_plus(incident->late_from, -WATCH_LATE_GAP_MS),
                 utc_plus(incident->late_until, WATCH_LATE_GAP_MS)))
        return false;
    if (when.ms < incident->late_from.ms)
        incident->late_from = when;
    if (when.ms > incident->late_until.ms)
        incident->late_until = when;
    return true;
}

static bool lies_by_an_older_one(const struct incident *incident, struct utc when)
{
    for (size_t i = 0; i < INCIDENT_OLDER; i++) {
        const struct span *older = &incident->older[i];

        if (older->from.ms != 0 && lies_by(when, older->from, older->until))
            return true;
    }
    return false;
}

/* Whether an incident that was told holds that instant already. */
static bool covered(struct incident *incident, struct utc when)
{
    return joins_the_run(incident, when) || lies_by_an_older_one(incident, when) ||
           (incident->number > 0 && lies_by(when, incident->entered, incident->ended)) ||
           (incident->number > 1 && lies_by(when, incident->before_from, incident->before_until));
}

bool sight_past(struct look *look, const struct sight *sight, struct outcome *out)
{
    const struct detect *detect = look->watch->detect;
    struct incident *incident = look->incident;
    double accuracy = motion_accuracy(detect, look->at.accuracy), odds,
           before = incident->late_score;
    int64_t gap = llabs(look->when.ms - incident->late_at.ms);

    look->distance = zone_distance(look->exclusion->zone, look->at.at, 2 * accuracy);
    if (before <= 0 && look->distance > 2 * accuracy)
        return false;
    odds = sight->arriving.coarse ? 0 : evidence_odds(look->distance, accuracy);
    incident->late_score =
        gap > WATCH_LATE_GAP_MS
            ? fmax(odds, 0)
            : evidence_add(before, odds, evidence_weight(gap, 0, detect->error_ms), 0);
    // A leap from the newest position proves nothing alone; but he may have driven since.
    if (sight->arriving.doubtful && before <= 0)
        incident->late_score = fmin(incident->late_score, evidence_score(detect->possible) - 0.001);
    incident->late_at = look->when;
    look->situation.side = isnan(look->distance)
                               ? ZONE_UNSURE
                               : look_side(detect, incident->late_score, incident->late_score > 0);
    if (look->situation.side >= ZONE_PROBABLE)
        look->situation.covered = covered(incident, look->when);
    look_settle(look, out);
    if (incident->late_score > 0 || before > 0)
        out->incidents_changed |= 1U << look->nth;
    return incident->late_score > 0 || before > 0;
}
