/* SPDX-License-Identifier: Apache-2.0 */
#include "core/claim.h"

#include "core/device_watch.h"
#include "core/estimate.h"
#include "core/evidence.h"
#include "core/index.h"

#include <math.h>
#include <string.h>

bool claim_device(const struct respondent *who, struct known_device *device, struct utc at)
{
    uint32_t carrier = name_mark(who->id);
    bool other = device->carrier != 0 && device->carrier != carrier;

    if (other) {
        struct known_device was = *device;

        if (was.estimate != NULL)
            *was.estimate = (struct estimate){ .origin = { 0 } };
        *device = (struct known_device){ .estimate = was.estimate,
                                         .alerts = was.alerts, // ids of events never repeat
                                         .lag = was.lag,       // its clock is nobody's way
                                         .clock_wrong = was.clock_wrong,
                                         .listened = { was.listened.ms != 0 ? at.ms : 0 },
                                         .carried = at,
                                         .corrected = was.corrected,
                                         .updates = was.updates,
                                         .past = was.past,
                                         .written = was.written };
        for (size_t i = 0; i < TROUBLES; i++) // nor do those of its incidents
            device->troubles[i] = trouble_over(&was.troubles[i]);
    }
    device->carrier = carrier;
    return other;
}

/* Of another person nothing was told yet; numbers of incidents go on, as their ids never repeat. */
static void forget_person(struct incident *incident)
{
    *incident = (struct incident){ .phase = incident->phase,
                                   .authorised = incident->authorised,
                                   .number = incident->number,
                                   .numbers = incident->numbers,
                                   .alerts = incident->alerts,
                                   .corrected = incident->corrected,
                                   .opened = incident->opened,
                                   .alerted = incident->alerted,
                                   .kept = incident->kept,
                                   .ended = { UTC_NEVER.ms },
                                   .entered = { UTC_NEVER.ms } };
}

static void note(struct assessment *assessment)
{
    struct incident *incident = assessment->incident;
    uint32_t person = name_mark(assessment->who->id);

    if (incident->person != 0 && incident->person != person && incident->phase == PHASE_NONE)
        forget_person(incident);
    incident->person = person;
    incident->shape = assessment->exclusion->shape;
    incident->place = assessment->exclusion->place;
    memset(incident->carriers, 0, sizeof incident->carriers);
    for (size_t i = 0; i < assessment->who->n_devices; i++)
        incident->carriers[i] = name_mark(assessment->who->devices[i]);
}

void claim_note(struct assessment *assessment)
{
    if (assessment->incident->shape != assessment->exclusion->shape ||
        assessment->incident->place == 0)
        note(assessment);
}

/* Which of its scores is this device's; TRACK_DEVICES_MAX: none. */
static size_t score_of(const struct incident *incident, uint32_t mark)
{
    size_t nth = 0;

    while (nth < TRACK_DEVICES_MAX && incident->carriers[nth] != mark)
        nth++;
    return nth;
}

/* How sure its newest position makes it that the device is inside: log odds. */
static double score_there(const struct assessment *assessment, size_t nth)
{
    const struct known_device *device = assessment->track->devices[nth];
    const struct detect *detect = assessment->watch->detect;
    const struct zone *zone = assessment->exclusion->zone;
    double accuracy = device_watch_accuracy(assessment->watch, assessment->who->devices[nth],
                                            device->newest.accuracy),
           score;

    if (estimate_is_newest(device))
        score = evidence_log_odds(estimate_inside(device, zone));
    else
        score = evidence_odds(zone_distance(zone, device->newest.at, INFINITY), accuracy);
    if (accuracy > detect->coarse) // proves no breach by itself
        score = fmin(score, evidence_score(detect->breach) - 0.001);
    return score;
}

/* Begins a device's score anew, from where it was last heard. */
static void score_by_position(struct assessment *assessment, size_t nth)
{
    const struct known_device *device = assessment->track->devices[nth];
    struct incident *incident = assessment->incident;
    double distance, score;
    bool held;

    if (!device->heard)
        return;
    distance = zone_distance(assessment->exclusion->zone, device->newest.at, INFINITY);
    score = score_there(assessment, nth);
    held = score >= evidence_score(assessment->watch->detect->possible);
    incident->scores[nth] = held ? score : fmax(score, 0);
    incident->inside_by |= held ? 1U << nth : 0;
    if (distance > 0 && distance <= assessment->exclusion->warn)
        incident->coming_by |= 1U << nth;
}

void claim_begin(struct incident *incident, struct utc when)
{
    if (assessment_alive(incident))
        return;
    incident->run = when;
    incident->pings = 0;
}

void claim_by_position(struct assessment *assessment, size_t nth)
{
    claim_note(assessment);
    claim_begin(assessment->incident, assessment->track->devices[nth]->newest.time);
    assessment->incident->scores[nth] = 0;
    assessment->incident->inside_by &= ~(1U << nth);
    assessment->incident->coming_by &= ~(1U << nth);
    score_by_position(assessment, nth);
}

static void carry(struct incident *incident, size_t nth, const struct incident *was, size_t from)
{
    incident->scores[nth] = was->scores[from];
    incident->inside_by |= (was->inside_by >> from & 1) << nth;
    incident->coming_by |= (was->coming_by >> from & 1) << nth;
    incident->silent_by |= (was->silent_by >> from & 1) << nth;
    incident->elsewhere_by |= (was->elsewhere_by >> from & 1) << nth;
}

/* Whether the open incident was held by a device that is none of his any more. */
static bool holder_gone(const struct incident *was, const struct incident *now)
{
    bool grave = was->phase > PHASE_APPROACH;

    if (was->phase == PHASE_NONE)
        return false;
    if ((was->inside_by & INSIDE_BY_REMOVED) != 0)
        return true;
    for (size_t i = 0; i < TRACK_DEVICES_MAX; i++) {
        uint32_t holders = grave ? was->inside_by | was->elsewhere_by : was->coming_by;

        if (((holders >> i & 1) != 0 || (grave && was->scores[i] > 0)) && was->carriers[i] != 0 &&
            score_of(now, was->carriers[i]) == TRACK_DEVICES_MAX)
            return true;
    }
    return false;
}

bool claim_scores(struct assessment *assessment)
{
    struct incident *incident = assessment->incident, was = *incident;
    bool other_place = was.place != 0 && was.place != assessment->exclusion->place;
    bool noted = was.place != 0 && !other_place;

    note(assessment);
    incident->coming_by = incident->inside_by = incident->silent_by = incident->elsewhere_by = 0;
    memset(incident->scores, 0, sizeof incident->scores);
    if (!noted || score_of(incident, was.testimony.device) == TRACK_DEVICES_MAX)
        incident->testimony = (struct testimony){ 0 };
    if (!noted) {
        incident->run = assessment->when;
        incident->pings = 0;
    }
    for (size_t i = 0; i < assessment->who->n_devices; i++) {
        size_t from = noted ? score_of(&was, incident->carriers[i]) : TRACK_DEVICES_MAX;

        if (from < TRACK_DEVICES_MAX)
            carry(incident, i, &was, from);
        else
            score_by_position(assessment, i);
    }
    if (noted && holder_gone(&was, incident))
        incident->inside_by |= INSIDE_BY_REMOVED;
    return other_place;
}
