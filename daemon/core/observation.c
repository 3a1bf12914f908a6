/* SPDX-License-Identifier: Apache-2.0 */
#include "core/observation.h"

#include "core/claim.h"
#include "core/estimate.h"
#include "core/evidence.h"
#include "core/places.h"
#include "core/retrospect.h"
#include "core/testimony.h"

#include <math.h>
#include <stdlib.h>

static const double pace_margin = 1.2; // a little faster than he was seen to go
static const double look_back_s = 10;
static const double nearby = 300; // metres: who rests so near is heard, lest an outlier surprise

/*
 * Of who closes in by the trail, what the model says of his being inside soon: see will_be_inside
 * and may_be_inside, and ENGINES.md of tests/bench/detect for the curve.
 */
static const double comes_soon = 0.15;   // outside the ring, of a way that bends: within `approach`
static const double comes_hardly = 0.02; // in the ring, of who will pass by: within
static const double ring_s = 600;        // seconds, if he can,
static const double beside_m = 100;      // so far from the middle of a small one

static const int64_t late_error_ms = 2 * 60 * 1000; // of late pings in a row: see evidence.h

/* Metres by which a ring is wider for who is in it: an approach does not end by a shaking hand. */
static double ring_slack(double warn, double accuracy)
{
    return fmax(warn / 10, 2 * accuracy);
}

double observation_horizon(const struct detect *detect, const struct known_device *device,
                           const struct ping *ping, double moved, int64_t gap_ms)
{
    double pace = device->pace * pace_margin;
    double horizon = fmax(fmax(nearby, 2 * motion_accuracy(detect, ping->accuracy)),
                          fmax(pace, ping->speed <= PING_SPEED_MAX ? ping->speed : 0) *
                              (double)detect->approach_ms / 1000);

    if (gap_ms <= detect->path_ms)
        horizon = fmax(horizon, fmax(moved, pace * (double)gap_ms / 1000));
    return horizon;
}

struct observation observation_of(const struct watch *watch, struct known_device *device,
                                  const struct ping *ping, struct reception arriving)
{
    struct observation observation = { .device = device,
                                       .ping = ping,
                                       .arriving = arriving,
                                       .at = ping_position(ping, arriving.when) };

    if (device->heard) {
        observation.moved = arriving.moved;
        observation.gap_ms = arriving.when.ms - device->newest.time.ms;
    }
    observation.horizon =
        observation_horizon(watch->detect, device, ping, observation.moved, observation.gap_ms);
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

/*
 * Outside the ring: whether he will be inside within `approach`, by the straight way that the trail
 * gives; or, for that is slow to see a bend, to `comes_soon` by the model.
 */
static bool will_be_inside(const struct assessment *assessment, struct observation *observation,
                           const struct motion *motion, double accuracy)
{
    int64_t soon = assessment->watch->detect->approach_ms;

    if (motion->places <= 2 || soon <= 0)
        return false;
    if (assessment->distance / assessment->closing * 1000 <= (double)soon &&
        ahead(assessment, motion, accuracy))
        return true;
    observation_hear(observation);
    return estimate_soon(observation->device, assessment->exclusion->zone, (double)soon / 1000,
                         0) >= comes_soon;
}

/*
 * In the ring, who closes in is coming, but for who will pass by: by the model not even
 * `comes_hardly` beside a zone, or in a larger one, within `ring_s`, though he is quick enough to
 * be. It does not know what course a ping reports. What the map does not answer is told.
 */
static bool may_be_inside(const struct assessment *assessment, struct observation *observation,
                          const struct motion *motion)
{
    const struct zone *zone = assessment->exclusion->zone;
    double within = fmax(beside_m - zone_width(zone) / 2, 0);

    if (motion->last == NULL || assessment->distance > hypot(motion->east, motion->north) * ring_s)
        return true;
    observation_hear(observation);
    return !(estimate_soon(observation->device, zone, ring_s, within) <
             comes_hardly * belief_going(&observation->device->estimate->belief));
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
    double speed = hypot(motion->east, motion->north);

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
    assessment->earliest =
        fmax(assessment->distance - accuracy, 0) / fmax(speed, observation->device->pace);
    if (approach)
        situation->coming = true;
    else if (situation->closing && situation->coming)
        situation->closing = may_be_inside(assessment, observation, motion);
    else if (situation->closing)
        situation->coming = will_be_inside(assessment, observation, motion, accuracy);
}

static uint32_t with_bit(uint32_t mask, size_t nth, bool set)
{
    return set ? mask | 1U << nth : mask & ~(1U << nth);
}

bool observation_now(struct assessment *assessment, struct observation *observation,
                     struct outcome *out)
{
    struct situation *situation = &assessment->situation;
    struct incident *incident = assessment->incident;
    double *score = &incident->scores[assessment->device_nth], before = *score;
    uint32_t unbelieved = incident->unbelieved, pings = incident->pings,
             inside_by = incident->inside_by, elsewhere_by = incident->elsewhere_by,
             coming_by = incident->coming_by;
    struct testimony testimony = incident->testimony;
    struct utc run = incident->run, unbelieved_at = incident->unbelieved_at,
               elsewhere = incident->elsewhere;
    bool open = incident->phase != PHASE_NONE, alive = assessment_alive(incident), near;
    double horizon = fmax(assessment->exclusion->warn, observation->horizon);

    // On its way while something newer was told: it counts from there on, and cannot undo it.
    if (incident->alerted.ms > assessment->when.ms)
        assessment->when = incident->alerted;
    assessment->distance = zone_distance(assessment->exclusion->zone, assessment->at.at,
                                         open || alive ? INFINITY : horizon);
    if (!open && !alive && assessment->distance > horizon) {
        incident->coming_by = with_bit(coming_by, assessment->device_nth, false);
        if (incident->coming_by != coming_by)
            zone_set_add(&out->incidents_changed, assessment->nth);
        return false;
    }
    claim_note(assessment);
    if (llabs(assessment->when.ms - incident->elsewhere.ms) > PLACES_TORN_MS)
        incident->elsewhere_by = 0;
    // What he carries now is heard: from here on that alone says whether he is inside.
    if (!observation->arriving.coarse && !observation->arriving.doubtful)
        incident->inside_by &= ~INSIDE_BY_REMOVED;
    foresee(assessment, observation);
    observation_weigh(assessment, observation);
    observation_weigh_alone(assessment, observation);
    observation_check_between(assessment, observation);
    observation_check_back(assessment, observation);
    // Another device keeps an approach open, but nobody closes in by what this one says of its way.
    situation->closing = situation->closing && situation->coming;
    incident->coming_by = with_bit(coming_by, assessment->device_nth, situation->coming);
    situation->coming = incident->coming_by != 0;
    assessment_settle(assessment, out);
    near =
        open || assessment_alive(incident) || !(assessment->distance > assessment->exclusion->warn);
    // Of a device that has been near, a restart must find the scores, not make them from positions.
    if (*score != before || incident->inside_by != inside_by ||
        incident->elsewhere_by != elsewhere_by || incident->elsewhere.ms != elsewhere.ms ||
        incident->unbelieved != unbelieved || incident->unbelieved_at.ms != unbelieved_at.ms ||
        incident->coming_by != coming_by || !testimony_is_as(&incident->testimony, &testimony) ||
        ((incident->pings != pings || incident->run.ms != run.ms) && assessment_alive(incident)) ||
        (near && !incident->kept))
        zone_set_add(&out->incidents_changed, assessment->nth);
    incident->kept |= near;
    return near;
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
        !(distance_before(assessment, observation) > 0) || !observation_says_inside(assessment))
        return false;
    zone_set_add(&out->incidents_changed, assessment->nth);
    return observation_count_alone(assessment->incident, observation->device->newest.time);
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

static bool lies_by_an_older_one(const struct incident *incident, struct utc when)
{
    for (size_t i = 0; i < INCIDENT_OLDER; i++) {
        const struct span *older = &incident->older[i];

        if (older->from.ms != 0 && lies_by(when, older->from, older->until))
            return true;
    }
    return false;
}

/*
 * Whether an incident that was told holds that instant already, or what it adds to a run that is
 * only counted so far cannot make that one.
 */
static bool covered(struct incident *incident, struct utc when)
{
    if (retrospect_join(incident, when))
        return !incident->late.gathered || incident->late.pings < RETROSPECT_RUN;
    return lies_by_an_older_one(incident, when) ||
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
        zone_set_add(&out->incidents_changed, assessment->nth);
    return incident->late_score > 0 || before > 0;
}
