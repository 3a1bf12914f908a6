/* SPDX-License-Identifier: Apache-2.0 */
/* weighing.c - what the model makes of a ping for a zone: its score, its side, the ways of late. */
#include "core/estimate.h"
#include "core/evidence.h"
#include "core/motion.h"
#include "core/observation.h"
#include "core/testimony.h"

#include <math.h>

static const double even = 0.5, coin_toss = 0.52;
static const double back_m = 100;     // two strays in a row are common indoors, and lie about there
enum { insists = ARRIVAL_AGREE - 1 }; // pings that say again what one said

/*
 * What a place says that the device insists on, the very same in a row: it is more than a leap,
 * whatever the first said.
 * 1. Inside, it makes him probably inside, and proves nothing by being said again.
 * 2. Outside beyond doubt, and neither poor, as of a network that knows one wrong place by heart,
 *    nor doubted, he has left: a tracker that is parked holds its place for hours.
 */
static void insist(struct assessment *assessment, const struct observation *observation,
                   struct belief_view *view)
{
    const struct detect *detect = assessment->watch->detect;
    double alone = assessment_alone(assessment);

    if (observation->device->estimate->belief.frozen < insists || observation->arriving.coarse)
        return;
    if (alone >= EVIDENCE_LIKELY)
        view->inside = fmax(view->inside, fmax(EVIDENCE_LIKELY, detect->possible));
    else if (alone <= detect->cleared && !observation->arriving.doubtful &&
             motion_accuracy(detect, assessment->at.accuracy) < TESTIMONY_POOR_M)
        view->inside = fmin(view->inside, detect->cleared);
}

void observation_hear(struct observation *observation)
{
    if (!observation->estimated)
        (observation->arriving.resettled ? estimate_meet : estimate_hear)(
            observation->device, &observation->at, &observation->step);
    observation->estimated = true;
}

/* What the device's pings make of it, this one among them. */
static struct belief_view evaluate(struct assessment *assessment, struct observation *observation)
{
    struct belief_view view;

    observation_hear(observation);
    view = estimate_evaluate(observation->device, &observation->step, assessment->exclusion->zone);
    insist(assessment, observation, &view);
    return view;
}

/* The run of pings that speak for his being inside begins anew, when none spoke for it any more. */
static void begin_run(struct assessment *assessment, const struct observation *observation)
{
    struct incident *incident = assessment->incident;

    if (assessment_alive(incident) && (incident->phase > PHASE_APPROACH ||
                                       observation->gap_ms <= assessment->watch->detect->path_ms))
        return;
    incident->run = assessment->when;
    incident->pings = 0;
}

/* What the ping makes of this device's score, and that of the side. */
void observation_weigh(struct assessment *assessment, struct observation *observation)
{
    const struct detect *detect = assessment->watch->detect;
    struct incident *incident = assessment->incident;
    size_t nth = assessment->device_nth;
    double *score = &incident->scores[nth], before = *score;
    bool held = (incident->inside_by >> nth & 1) != 0, grave = incident->phase > PHASE_APPROACH;
    struct belief_view view = evaluate(assessment, observation);
    // Beside an edge, and for a mile from it, a mast's fix is little less than a coin toss.
    bool vague = observation->arriving.coarse && assessment->distance > 0;
    double opens = vague ? fmax(detect->possible, even) : detect->possible;

    begin_run(assessment, observation);
    assessment->was_inside =
        grave && (held || (testimony_has_lasted(&incident->testimony) &&
                           incident->testimony.device == incident->carriers[nth]));
    assessment->inside = incident->inside = isnan(view.inside) ? 0.5 : view.inside;
    *score = evidence_log_odds(view.inside);
    // A leap and what is too coarse prove no breach, nor does who comes to an edge and stops there.
    if (observation->arriving.coarse || observation->arriving.doubtful ||
        !(view.proven >= detect->breach) ||
        (assessment_alone(assessment) < coin_toss && view.proven < detect->breach_outside))
        *score = fmin(*score, fmax(before, evidence_score(detect->breach) - 0.001));
    held = assessment->inside >= opens || (held && assessment->inside > detect->cleared);
    incident->inside_by =
        held ? incident->inside_by | 1U << nth : incident->inside_by & ~(1U << nth);
    *score = held ? *score : fmax(*score, 0);
    // The very same place again is no other ping.
    incident->pings +=
        assessment->distance <= 0 && observation->device->estimate->belief.frozen == 0;
    // Another device keeps open what is open, but opens nothing by what this one says.
    assessment->situation.side =
        isnan(assessment->distance) || isnan(view.inside)
            ? ZONE_UNSURE
            : assessment_side(detect, grave ? assessment_score(detect, incident) : *score,
                              grave ? assessment_alive(incident) : held);
}

/* Whether he is where he was before the last ping, which then was a leap there and back. */
static bool is_back(const struct observation *observation, const struct detect *detect)
{
    const struct known_device *device = observation->device;
    int64_t last_ms = observation->at.time.ms - (int64_t)(observation->step.seconds * 1000);

    for (size_t i = 0; i < TRAIL_PLACES; i++) {
        const struct position *place = &device->trail[i].at;

        if (place->time.ms != 0 && place->time.ms < last_ms &&
            lonlat_distance(place->at, observation->at.at) <=
                back_m + motion_blur(detect, place, &observation->at))
            return true;
    }
    return false;
}

/*
 * Of who may have been inside by the ping before, which was no proof alone, and is outside now: he
 * may have gone there and on.
 */
void observation_check_back(struct assessment *assessment, const struct observation *observation)
{
    const struct detect *detect = assessment->watch->detect;
    const struct zone *zone = assessment->exclusion->zone;
    double was;

    if (assessment->incident->phase != PHASE_POSSIBLE || observation->arriving.coarse ||
        observation->arriving.doubtful || observation->gap_ms <= 0 || assessment->distance <= 0 ||
        assessment->situation.side >= ZONE_INSIDE || is_back(observation, detect))
        return;
    was = estimate_was(observation->device, &observation->step, zone);
    if (!(was >= detect->breach))
        return;
    assessment->way = was;
    assessment->gap_ms = (int64_t)(observation->step.seconds * 1000);
    assessment->situation.way = WAY_WAS;
}

/* Whether the gap before the last one began after the newest incident, which held what was then. */
static bool began_outside(const struct assessment *assessment,
                          const struct observation *observation)
{
    const struct incident *incident = assessment->incident;
    double seconds = observation->step.seconds + observation->step.seconds_before;

    return incident->number == 0 || incident->phase != PHASE_NONE ||
           assessment->when.ms - (int64_t)(seconds * 1000) >= incident->ended.ms;
}

/*
 * Of the device's ways of late, when its pings did not make it probably inside: since the ping
 * before; and in the gap before that, of which this one says where he turned.
 */
void observation_check_between(struct assessment *assessment, const struct observation *observation)
{
    const struct detect *detect = assessment->watch->detect;
    const struct zone *zone = assessment->exclusion->zone;
    double way, before;

    if (!observation->device->heard || observation->arriving.coarse || observation->gap_ms <= 0 ||
        observation->gap_ms > detect->path_ms || assessment->situation.side > ZONE_DOUBTFUL ||
        assessment->incident->phase > PHASE_APPROACH)
        return;
    way = estimate_way(observation->device, &observation->step, zone);
    before = began_outside(assessment, observation)
                 ? estimate_way_before(observation->device, &observation->step, zone)
                 : 0;
    if (!(way >= detect->way) && !(before >= detect->way_before))
        return;
    assessment->way = fmax(way, before);
    assessment->gap_ms = observation->gap_ms;
    assessment->situation.way = way >= detect->way ? WAY_SINCE : WAY_BEFORE;
    if (assessment->situation.way == WAY_BEFORE)
        assessment->gap_ms = (int64_t)(observation->step.seconds_before * 1000);
}
