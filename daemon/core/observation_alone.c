/* SPDX-License-Identifier: Apache-2.0 */
/* observation_alone.c - what a ping says by itself: strays, comers, second places. */
#include "core/claim.h"
#include "core/estimate.h"
#include "core/evidence.h"
#include "core/observation.h"
#include "core/oscillation.h"
#include "core/places.h"
#include "core/testimony.h"

#include <math.h>
#include <stdlib.h>

static const double alone_min = 0.98; // at 90 % an edge beside a rest has one told an hour
static const int64_t alone_gap_ms = 35 * 60 * 1000; // some tags send each half an hour

bool observation_count_alone(struct incident *incident, struct utc when)
{
    if (llabs(when.ms - incident->unbelieved_at.ms) > alone_gap_ms) {
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
static void keep_open(struct assessment *assessment)
{
    struct incident *incident = assessment->incident;
    size_t nth = assessment->device_nth;
    bool itself = (incident->inside_by >> nth & 1) != 0,
         held = (incident->elsewhere_by >> nth & 1) != 0;
    struct utc since = utc_plus(assessment->when, itself ? PLACES_COMES_MS - PLACES_TORN_MS : 0);

    incident->elsewhere = held ? utc_later(incident->elsewhere, since) : since;
    incident->elsewhere_by |= 1U << nth;
    assessment->elsewhere = !itself;
}

static void take_side(struct assessment *assessment)
{
    const struct detect *detect = assessment->watch->detect;

    assessment->situation.side =
        assessment_side(detect, assessment_score(detect, assessment->incident), true);
}

/* From here on one of the places that the device tells is inside. */
static void note_elsewhere(struct assessment *assessment)
{
    claim_begin(assessment->incident, assessment->when);
    keep_open(assessment);
    take_side(assessment);
}

/* Whether the ping by itself leaves no doubt that he is inside, whatever all others say. */
static bool says_so_itself(struct assessment *assessment)
{
    return evidence_log_odds(assessment_alone(assessment)) >= evidence_score(alone_min);
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
 * Whether the ping before does not say that he was inside already. One so vague that it fits both
 * sides says nothing: told from inside just before each true one it would keep all of them out.
 */
static bool was_not_inside(const struct assessment *assessment,
                           const struct observation *observation)
{
    const struct zone *zone = assessment->exclusion->zone;

    return estimate_was_outside(observation->device, &observation->step, zone) ||
           estimate_was_vague(observation->device, &observation->step, zone, alone_min);
}

/*
 * Whether it counts. Of who is not believed, when the ping before told that he was outside, or
 * nothing; of a coarse one that may be no other place. Who is believed and comes more seldom is
 * told each time, and begins anew.
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
    return observation->arriving.coarse || was_not_inside(assessment, observation);
}

/* Three in a row that agree are where he is: none of them was a stray. */
static void forget_strays(struct assessment *assessment)
{
    struct incident *incident = assessment->incident;

    incident->unbelieved = 0;
    incident->unbelieved_at.ms = 0;
    incident->elsewhere_by &= ~(1U << assessment->device_nth);
}

/* Once it goes to and fro between two places, or is at both, who knows which is his: either is. */
static bool is_one_of_two(struct assessment *assessment, const struct observation *observation)
{
    return (places_torn(observation->device, assessment->when) ||
            oscillation_lasts(observation->device, assessment->when)) &&
           !observation->arriving.coarse &&
           evidence_log_odds(assessment_alone(assessment)) >= evidence_score(EVIDENCE_LIKELY);
}

/* What its pings say for minutes counts, though nothing be believed of it; and ends slowly. */
static void hear_testimony(struct assessment *assessment, const struct observation *observation)
{
    const struct detect *detect = assessment->watch->detect;
    struct incident *incident = assessment->incident;
    struct situation *situation = &assessment->situation;
    double accuracy = motion_accuracy(detect, assessment->at.accuracy);
    struct testimony_word word = {
        .device = incident->carriers[assessment->device_nth],
        .when = assessment->when,
        .inside = assessment_alone(assessment),
        .accuracy = accuracy,
        .doubted = observation->arriving.coarse || observation->arriving.doubtful,
        .again = observation->device->estimate->belief.frozen != 0,
    };
    bool says = testimony_hear(&incident->testimony, &word);

    if (situation->side == ZONE_UNSURE)
        return;
    if (incident->phase > PHASE_APPROACH) {
        // What is poor or doubted needs company to end anything.
        if (testimony_outweighs(&incident->testimony, &word))
            incident->inside_by |= 1U << assessment->device_nth;
        situation->side =
            assessment_side(detect, assessment_score(detect, incident), assessment_alive(incident));
    } else if (says && testimony_has_lasted(&incident->testimony)) {
        bool proves = testimony_proves(&incident->testimony);

        claim_begin(incident, testimony_since(&incident->testimony));
        if (situation->side < ZONE_INSIDE)
            situation->side = proves ? ZONE_INSIDE : ZONE_PROBABLE;
    }
}

/*
 * What a ping says of itself. Inside against all others it is a stray, and inside where he was not
 * somebody who comes; decoys of any kind make strays or comers of his own pings, and the third of
 * those holds the incident.
 */
static void count_comings(struct assessment *assessment, const struct observation *observation)
{
    bool one_of_two = is_one_of_two(assessment, observation);

    if (!one_of_two && !says_so_itself(assessment))
        return;
    if (observation->arriving.agreed)
        forget_strays(assessment);
    else if (one_of_two || is_held(assessment) ||
             (counts(assessment, observation) &&
              observation_count_alone(assessment->incident, assessment->when)))
        (assessment->situation.side >= ZONE_PROBABLE ? keep_open : note_elsewhere)(assessment);
}

/*
 * Out of the zone nobody leaps: it is at two places, and the one that is inside goes on to count
 * for PLACES_TORN_MS, though nothing more be heard of it.
 */
static void keep_what_was_left(struct assessment *assessment, const struct observation *observation)
{
    struct incident *incident = assessment->incident;
    uint32_t bit = 1U << assessment->device_nth;

    if (!observation->arriving.leapt || !assessment->was_inside || (incident->inside_by & bit) != 0)
        return;
    places_leap(observation->device, &observation->at);
    incident->elsewhere_by |= bit;
    incident->elsewhere = assessment->when;
    take_side(assessment);
}

void observation_weigh_alone(struct assessment *assessment, const struct observation *observation)
{
    keep_what_was_left(assessment, observation);
    count_comings(assessment, observation);
    hear_testimony(assessment, observation);
}

bool observation_says_inside(struct assessment *assessment)
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

    if (incident->alerted.ms > assessment->when.ms)
        assessment->when = incident->alerted; // as in observation_now
    // While one of its places is inside, another one outside ends nothing.
    if (!observation_says_inside(assessment))
        return false;
    claim_note(assessment);
    note_elsewhere(assessment);
    assessment->situation.arrival = ARRIVED_NEW;
    assessment->situation.coming = incident->coming_by != 0;
    assessment_settle(assessment, out);
    zone_set_add(&out->incidents_changed, assessment->nth);
    return true;
}

bool observation_alone(struct assessment *assessment, const struct observation *observation,
                       struct outcome *out)
{
    struct incident *incident = assessment->incident;

    assessment->distance = zone_distance(assessment->exclusion->zone, assessment->at.at, 0);
    if (observation->arriving.older || !says_so_itself(assessment))
        return false;
    zone_set_add(&out->incidents_changed, assessment->nth);
    return (is_held(assessment) || observation_count_alone(incident, assessment->when)) &&
           observation_elsewhere(assessment, out);
}
