/* SPDX-License-Identifier: Apache-2.0 */
#include "core/observation.h"

#include "core/claim.h"
#include "core/estimate.h"
#include "core/evidence.h"
#include "core/places.h"

#include <math.h>
#include <stdlib.h>

static const double pace_margin = 1.2; // a little faster than he was seen to go
static const double look_back_s = 10;
static const double own_word_least = 0.98; // at 90 % an edge beside a rest has one told an hour
static const int64_t own_word_gap_ms = 35 * 60 * 1000; // some tags send each half an hour
static const double nearby = 300; // metres: who rests so near is heard, lest an outlier surprise
static const int64_t late_error_ms = 2 * 60 * 1000; // of late pings in a row: see evidence.h

/* Metres by which a ring is wider for who is in it: an approach does not end by a shaking hand. */
static double ring_slack(double warn, double accuracy)
{
    return fmax(warn / 10, 2 * accuracy);
}

struct observation observation_of(const struct watch *watch, struct known_device *device,
                                  const struct ping *ping, struct reception arriving)
{
    const struct detect *detect = watch->detect;
    double accuracy = motion_accuracy(detect, ping->accuracy), pace = device->pace * pace_margin;
    struct observation observation = { .device = device,
                                       .ping = ping,
                                       .arriving = arriving,
                                       .at = ping_position(ping, arriving.when) };

    if (device->heard) {
        observation.moved = arriving.moved;
        observation.gap_ms = arriving.when.ms - device->newest.time.ms;
    }
    observation.horizon = fmax(fmax(nearby, 2 * accuracy),
                               fmax(pace, ping->speed <= PING_SPEED_MAX ? ping->speed : 0) *
                                   (double)detect->approach_ms / 1000);
    if (observation.gap_ms <= detect->path_ms)
        observation.horizon = fmax(
            observation.horizon, fmax(observation.moved, pace * (double)observation.gap_ms / 1000));
    return observation;
}

static const struct motion *motion_seen(const struct assessment *assessment,
                                        struct observation *observation)
{
    if (!observation->motion_known)
        observation->motion = motion_of(observation->device, observation->ping, &observation->at,
                                        assessment->watch->detect);
    observation->motion_known = true;
    return &observation->motion;
}

/* Metres from the edge to where the device was before, asked of the map once. */
static double distance_before(struct assessment *assessment, const struct observation *observation)
{
    if (isnan(assessment->before))
        assessment->before =
            zone_distance(assessment->exclusion->zone, observation->device->newest.at, INFINITY);
    return assessment->before;
}

/* Of a place of the trail, which mostly is the one before. */
static double distance_of(struct assessment *assessment, const struct observation *observation,
                          struct lonlat at)
{
    const struct lonlat *newest = &observation->device->newest.at;

    if (at.lon == newest->lon && at.lat == newest->lat)
        return distance_before(assessment, observation);
    return zone_distance(assessment->exclusion->zone, at, INFINITY);
}

/* Whether he has turned away, which the median of the trail is slow to see. */
static bool turned(struct assessment *assessment, const struct observation *observation)
{
    const struct position *last = observation->motion.last;
    double blur;

    if (last == NULL)
        return false;
    blur = motion_blur(assessment->watch->detect, last, &assessment->at);
    // No zone is nearer to one place than to another by more than the way between them.
    return lonlat_distance(last->at, assessment->at.at) > blur &&
           assessment->distance - distance_of(assessment, observation, last->at) > blur;
}

/* Whether the zone, and no bend before it, lies where he is heading. */
static bool ahead(const struct assessment *assessment, const struct motion *motion, double accuracy)
{
    const struct zone *zone = assessment->exclusion->zone;
    double seconds = (assessment->distance + zone_width(zone) / 4) / assessment->closing;

    return zone_distance(zone, motion_along(motion, assessment->at.at, seconds), INFINITY) <=
           accuracy;
}

/* How fast he comes nearer, and whether that will take him into the zone soon. */
static void foresee(struct assessment *assessment, struct observation *observation)
{
    const struct detect *detect = assessment->watch->detect;
    const struct motion *motion = motion_seen(assessment, observation);
    const struct zone *zone = assessment->exclusion->zone;
    double warn = assessment->exclusion->warn,
           accuracy = motion_accuracy(detect, assessment->at.accuracy);
    struct situation *situation = &assessment->situation;
    bool approach = assessment->incident->phase == PHASE_APPROACH;
    double speed = hypot(motion->east, motion->north), eta;

    // An approach goes on over the edge: one poor fix inside does not end it.
    situation->coming = approach ? assessment->distance <= warn + ring_slack(warn, accuracy)
                                 : assessment->distance > 0 && assessment->distance <= warn;
    // Nobody closes in faster than he goes; of an approach it is told how slowly.
    if (!motion->moving || (speed < detect->closing_speed && !approach) ||
        turned(assessment, observation))
        return;
    assessment->closing =
        (zone_distance(zone, motion_along(motion, assessment->at.at, -look_back_s), INFINITY) -
         assessment->distance) /
        look_back_s;
    situation->closing = assessment->closing >= detect->closing_speed;
    if (warn <= 0 || assessment->distance <= 0 || !(assessment->closing > 0))
        return;
    eta = assessment->distance / assessment->closing;
    assessment->earliest =
        fmax(assessment->distance - accuracy, 0) / fmax(speed, observation->device->pace);
    if (situation->coming)
        return;
    situation->coming = approach || (situation->closing && motion->places > 2 &&
                                     eta * 1000 <= (double)detect->approach_ms &&
                                     ahead(assessment, motion, accuracy));
}

static uint32_t with_bit(uint32_t mask, size_t nth, bool set)
{
    return set ? mask | 1U << nth : mask & ~(1U << nth);
}

/*
 * One more ping that had him inside, by itself, as of `when`; true when they are three, or more.
 * Several in one breath are one, and another device of his with a clock behind sets nothing back.
 */
static bool count_unbelieved(struct incident *incident, struct utc when)
{
    if (llabs(when.ms - incident->unbelieved_at.ms) > own_word_gap_ms) {
        incident->unbelieved = 0;
        incident->unbelieved_at.ms = 0;
    }
    if (when.ms - incident->unbelieved_at.ms >= ARRIVAL_APART_MS) {
        incident->unbelieved += incident->unbelieved < PLACES_AGREE;
        incident->unbelieved_at = when;
    }
    return incident->unbelieved >= PLACES_AGREE;
}

/*
 * No ping from elsewhere ends it, until none was inside for a while: a short one of who may come
 * and go at an edge himself, or it would go on when he has left.
 */
static void hold(struct assessment *assessment)
{
    struct incident *incident = assessment->incident;
    size_t nth = assessment->device_nth;
    bool itself = (incident->held_by >> nth & 1) != 0,
         held = (incident->elsewhere_by >> nth & 1) != 0;
    struct utc since = utc_plus(assessment->when, itself ? PLACES_COMES_MS - PLACES_TORN_MS : 0);

    incident->elsewhere = held ? utc_later(incident->elsewhere, since) : since;
    incident->elsewhere_by = with_bit(incident->elsewhere_by, nth, true);
    assessment->elsewhere = !itself;
}

/* From here on one of the places that the device tells is inside. */
static void note_elsewhere(struct assessment *assessment)
{
    claim_begin(assessment->incident, assessment->when);
    hold(assessment);
    assessment->situation.side =
        assessment_side(assessment->watch->detect,
                        assessment_score(assessment->watch->detect, assessment->incident), true);
}

/* Whether the ping by itself leaves no doubt that he is inside, whatever all others say. */
static bool says_so_itself(const struct assessment *assessment)
{
    double accuracy = motion_accuracy(assessment->watch->detect, assessment->at.accuracy);

    return evidence_odds(assessment->distance, accuracy) >= evidence_score(own_word_least);
}

static bool is_held(const struct assessment *assessment)
{
    return (assessment->incident->elsewhere_by >> assessment->device_nth & 1) != 0;
}

/* Whether what had him inside has ended since one counted: then he comes again. */
static bool comes_again(const struct incident *incident)
{
    struct utc ended = incident->phase == PHASE_NONE ? incident->ended : incident->before_until;

    return ended.ms != UTC_NEVER.ms && ended.ms > incident->unbelieved_at.ms;
}

/*
 * Whether it counts. Of who is not believed, when the ping before told that he was outside; of a
 * coarse one that may be no other place. Who is believed and comes more seldom is told each time,
 * and begins anew.
 */
static bool counts(const struct assessment *assessment, const struct observation *observation)
{
    struct incident *incident = assessment->incident;

    if (incident->unbelieved == 0)
        return true;
    if (assessment->situation.side >= ZONE_PROBABLE) {
        if (assessment->when.ms - incident->unbelieved_at.ms > PLACES_COMES_MS)
            incident->unbelieved = 0;
        return comes_again(incident);
    }
    return observation->arriving.coarse ||
           estimate_was_outside(observation->device, &observation->step,
                                assessment->exclusion->zone);
}

/* Three in a row that agree are where he is: none of them was a stray. */
static void forget_strays(struct assessment *assessment)
{
    struct incident *incident = assessment->incident;

    incident->unbelieved = 0;
    incident->unbelieved_at.ms = 0;
    incident->elsewhere_by = with_bit(incident->elsewhere_by, assessment->device_nth, false);
}

/*
 * What a ping says of itself. Inside against all others it is a stray, and inside where he was not
 * somebody who comes; decoys of any kind make strays or comers of his own pings, and the third of
 * those holds the incident.
 */
static void hear_own_word(struct assessment *assessment, const struct observation *observation)
{
    if (!says_so_itself(assessment))
        return;
    if (observation->arriving.agreed)
        forget_strays(assessment);
    else if (is_held(assessment) || (counts(assessment, observation) &&
                                     count_unbelieved(assessment->incident, assessment->when)))
        (assessment->situation.side >= ZONE_PROBABLE ? hold : note_elsewhere)(assessment);
}

bool observation_now(struct assessment *assessment, struct observation *observation,
                     struct outcome *out)
{
    struct situation *situation = &assessment->situation;
    struct incident *incident = assessment->incident;
    double *score = &incident->scores[assessment->device_nth], before = *score;
    uint32_t unbelieved = incident->unbelieved, pings = incident->pings,
             held_by = incident->held_by, elsewhere_by = incident->elsewhere_by,
             coming_by = incident->coming_by;
    struct utc run = incident->run, unbelieved_at = incident->unbelieved_at,
               elsewhere = incident->elsewhere;
    bool open = incident->phase != PHASE_NONE, alive = assessment_alive(incident), near;
    double horizon = fmax(assessment->exclusion->warn, observation->horizon);

    // On its way while something newer was told: it counts from there on, and cannot undo it.
    if (incident->told.ms > assessment->when.ms)
        assessment->when = incident->told;
    assessment->distance = zone_distance(assessment->exclusion->zone, assessment->at.at,
                                         open || alive ? INFINITY : horizon);
    if (!open && !alive && assessment->distance > horizon) {
        incident->coming_by = with_bit(coming_by, assessment->device_nth, false);
        out->incidents_changed |= incident->coming_by != coming_by ? 1U << assessment->nth : 0;
        return false;
    }
    claim_note(assessment);
    if (llabs(assessment->when.ms - incident->elsewhere.ms) > PLACES_TORN_MS)
        incident->elsewhere_by = 0;
    // What he carries now is heard: from here on that alone says whether he is inside.
    if (!observation->arriving.coarse && !observation->arriving.doubtful)
        incident->held_by &= ~HELD_BY_GONE;
    foresee(assessment, observation);
    observation_weigh(assessment, observation);
    hear_own_word(assessment, observation);
    observation_look_between(assessment, observation);
    observation_look_back(assessment, observation);
    // Another device keeps an approach open, but nobody closes in by what this one says of its way.
    situation->closing = situation->closing && situation->coming;
    incident->coming_by = with_bit(coming_by, assessment->device_nth, situation->coming);
    situation->coming = incident->coming_by != 0;
    assessment_settle(assessment, out);
    near =
        open || assessment_alive(incident) || !(assessment->distance > assessment->exclusion->warn);
    // Of a device that has been near, a restart must find the scores, not make them from positions.
    if (*score != before || incident->held_by != held_by ||
        incident->elsewhere_by != elsewhere_by || incident->elsewhere.ms != elsewhere.ms ||
        incident->unbelieved != unbelieved || incident->unbelieved_at.ms != unbelieved_at.ms ||
        incident->coming_by != coming_by ||
        ((incident->pings != pings || incident->run.ms != run.ms) && assessment_alive(incident)) ||
        (near && !incident->kept))
        out->incidents_changed |= 1U << assessment->nth;
    incident->kept |= near;
    return near;
}

/*
 * Whether this ping alone has him inside; what the map does not answer is never rounded to
 * outside.
 */
static bool says_inside(struct assessment *assessment)
{
    double accuracy = motion_accuracy(assessment->watch->detect, assessment->at.accuracy);

    assessment->distance = zone_distance(assessment->exclusion->zone, assessment->at.at, INFINITY);
    assessment->inside = evidence_inside(assessment->distance, accuracy);
    return isnan(assessment->distance) ||
           evidence_odds(assessment->distance, accuracy) >= evidence_score(EVIDENCE_LIKELY);
}

bool observation_elsewhere(struct assessment *assessment, struct outcome *out)
{
    struct incident *incident = assessment->incident;

    if (incident->told.ms > assessment->when.ms)
        assessment->when = incident->told; // as in observation_now
    // While one of its places is inside, another one outside ends nothing.
    if (!says_inside(assessment))
        return false;
    claim_note(assessment);
    note_elsewhere(assessment);
    assessment->situation.arrival = ARRIVED_NEW;
    assessment->situation.coming = incident->coming_by != 0;
    assessment_settle(assessment, out);
    out->incidents_changed |= 1U << assessment->nth;
    return true;
}

bool observation_word(struct assessment *assessment, const struct observation *observation,
                      struct outcome *out)
{
    struct incident *incident = assessment->incident;

    assessment->distance = zone_distance(assessment->exclusion->zone, assessment->at.at, 0);
    if (observation->arriving.older || !says_so_itself(assessment))
        return false;
    out->incidents_changed |= 1U << assessment->nth;
    return (is_held(assessment) || count_unbelieved(incident, assessment->when)) &&
           observation_elsewhere(assessment, out);
}

/*
 * Whether a ping of the present that a newer one from outside overtook has him inside, for the
 * third time, with newer ones in between: once he left, but a device that says so again and again
 * tells two places.
 */
static bool keeps_coming_late(struct assessment *assessment, const struct observation *observation,
                              struct outcome *out)
{
    if (!observation->arriving.older || observation->arriving.coarse ||
        assessment->now.ms - observation->at.time.ms > assessment->watch->detect->late_ms ||
        !(distance_before(assessment, observation) > 0) || !says_inside(assessment))
        return false;
    out->incidents_changed |= 1U << assessment->nth;
    return count_unbelieved(assessment->incident, observation->device->newest.time);
}

static bool lies_in(struct utc when, struct utc from, struct utc until)
{
    return when.ms >= from.ms && when.ms <= until.ms;
}

/* The same, with what came out of order beside the incident. */
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

bool observation_past(struct assessment *assessment, const struct observation *observation,
                      struct outcome *out)
{
    const struct detect *detect = assessment->watch->detect;
    struct incident *incident = assessment->incident;
    double accuracy = motion_accuracy(detect, assessment->at.accuracy), odds,
           before = incident->late_score;
    int64_t gap = llabs(assessment->when.ms - incident->late_at.ms);

    if (keeps_coming_late(assessment, observation, out))
        return observation_elsewhere(assessment, out);
    assessment->distance =
        zone_distance(assessment->exclusion->zone, assessment->at.at, 2 * accuracy);
    if (before <= 0 && assessment->distance > 2 * accuracy)
        return false;
    odds = observation->arriving.coarse ? 0 : evidence_odds(assessment->distance, accuracy);
    incident->late_score =
        gap > WATCH_LATE_GAP_MS
            ? fmax(odds, 0)
            : evidence_add(before, odds, evidence_weight(gap, 0, late_error_ms), 0);
    // A leap from the newest position proves nothing alone; but he may have driven since.
    if (observation->arriving.doubtful && before <= 0)
        incident->late_score = fmin(incident->late_score, evidence_score(EVIDENCE_LIKELY) - 0.001);
    incident->late_at = assessment->when;
    assessment->situation.side = isnan(assessment->distance) ? ZONE_UNSURE
                                 : incident->late_score >= evidence_score(EVIDENCE_LIKELY)
                                     ? ZONE_PROBABLE
                                     : ZONE_OUTSIDE;
    if (assessment->situation.side >= ZONE_PROBABLE)
        assessment->situation.covered = covered(incident, assessment->when);
    assessment_settle(assessment, out);
    if (incident->late_score > 0 || before > 0)
        out->incidents_changed |= 1U << assessment->nth;
    return incident->late_score > 0 || before > 0;
}
