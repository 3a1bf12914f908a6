/* SPDX-License-Identifier: Apache-2.0 */
/* assessment_tell.c - makes an alert of what was decided about a zone. */
#include "core/assessment_parts.h"

#include "core/device_watch.h"
#include "core/evidence.h"
#include "core/steps.h"
#include "core/testimony.h"

#include <math.h>

double assessment_score(const struct detect *detect, const struct incident *incident)
{
    bool likely = incident->elsewhere_by != 0 || testimony_has_lasted(&incident->testimony);
    double best = likely ? evidence_score(fmax(EVIDENCE_LIKELY, detect->possible)) : -EVIDENCE_SURE;

    if (testimony_proves(&incident->testimony))
        best = fmax(best, evidence_score(detect->breach));
    for (size_t i = 0; i < TRACK_DEVICES_MAX; i++) {
        if (incident->scores[i] > 0 || (incident->inside_by >> i & 1) != 0)
            best = fmax(best, incident->scores[i]);
    }
    return best;
}

bool assessment_alive(const struct incident *incident)
{
    bool scored = incident->phase > PHASE_APPROACH && testimony_has_lasted(&incident->testimony);

    for (size_t i = 0; i < TRACK_DEVICES_MAX; i++)
        scored |= incident->scores[i] > 0;
    return scored || (incident->inside_by & ~INSIDE_BY_REMOVED) != 0 || incident->elsewhere_by != 0;
}

enum zone_side assessment_side(const struct detect *detect, double score, bool alive)
{
    if (score >= evidence_score(detect->breach))
        return ZONE_INSIDE;
    if (alive && score >= evidence_score(detect->possible))
        return ZONE_PROBABLE;
    return alive ? ZONE_DOUBTFUL : ZONE_OUTSIDE;
}

/*
 * Of an incident that is more than an approach, by all its pings; of a way, that it led through;
 * else by this device's.
 */
static double sure_of(const struct assessment *assessment, enum alert_type type)
{
    const struct situation *situation = &assessment->situation;
    bool grave = assessment->incident->phase > PHASE_APPROACH && type != ALERT_CLEARED;

    if (type == ALERT_RETROSPECTIVE)
        return evidence_probability(assessment->incident->late_score);
    if (situation->way == WAY_WAS ? type == ALERT_BREACH && situation->side < ZONE_INSIDE
                                  : type == ALERT_POSSIBLE && situation->way != WAY_CLEAR &&
                                        situation->side < ZONE_PROBABLE)
        return assessment->way;
    if (grave && assessment_alive(assessment->incident))
        return evidence_probability(
            assessment_score(assessment->watch->detect, assessment->incident));
    return assessment->inside;
}

/* Another device of his that was heard of lately, and says something else than this alert. */
static void find_other(const struct assessment *assessment, const struct alert *alert,
                       struct account *account)
{
    const struct watch *watch = assessment->watch;

    if (!alert_is(alert->type, TRAIT_CONTESTED))
        return;
    for (size_t i = 0; i < assessment->who->n_devices; i++) {
        const struct known_device *device = assessment->track->devices[i];
        int64_t age = assessment->when.ms - device->newest.time.ms;
        double distance;

        if (i == assessment->device_nth || !device->heard || age > watch->detect->late_ms)
            continue;
        distance = zone_distance(assessment->exclusion->zone, device->newest.at, INFINITY);
        if (!(distance > 2 * device_watch_accuracy(watch, assessment->who->devices[i],
                                                   device->newest.accuracy)))
            continue;
        account->other = assessment->who->devices[i];
        account->other_distance = distance;
        account->other_ms = age;
        return;
    }
}

/* Rounds the numbers before the reason is written, so that the reason has the same ones. */
static void take_steps(struct alert *alert, struct account *account)
{
    alert->depth = steps_depth(alert->depth);
    alert->eta = steps_seconds(alert->eta);
    alert->probability = steps_probability(alert->probability);
    account->earliest = steps_seconds(account->earliest);
    account->other_distance = steps_distance(account->other_distance);
}

/* Of an approach; 0 over the edge, where a ping in doubt may have him; NaN: not known. */
static double seconds_to(const struct assessment *assessment)
{
    return (assessment->distance <= 0 ? 0 : assessment->distance) / assessment->closing;
}

void assessment_tell(const struct assessment *assessment, enum alert_type type, int rule,
                     struct outcome *out)
{
    struct incident *incident = assessment->incident;
    struct alert *alert = &out->alerts[out->n++];
    bool coming = incident->phase == PHASE_APPROACH && type != ALERT_CLEARED;
    struct account account = { .given = &assessment->situation,
                               .was = assessment->was,
                               .earliest = assessment->earliest,
                               .gap_ms = assessment->gap_ms,
                               .elsewhere = assessment->elsewhere };

    *alert = (struct alert){
        .type = type,
        .severity = alert_severity(type, incident->phase, incident->authorised),
        .exclusion = assessment->exclusion,
        .respondent = assessment->who->id,
        .device = assessment->device,
        .incident = incident->number,
        .nth = ++incident->alerts,
        .time = assessment->when,
        .received = assessment->now,
        .authorised = incident->authorised,
        .probability = assessment->device != NULL ? sure_of(assessment, type) : NAN,
        .depth = 0 - assessment->distance, // on the edge 0, not -0
        .eta = coming ? seconds_to(assessment) : NAN,
        .rule = rule,
        .has_ping = assessment->device != NULL,
        .ping = assessment->at,
    };
    incident->alerted = assessment->when;
    if (coming)
        incident->eta_alerted = alert->eta;
    find_other(assessment, alert, &account);
    if (assessment->watch->stepped)
        take_steps(alert, &account);
    alert_explain(alert, &account);
}

void assessment_remember_span(struct incident *incident, struct utc from, struct utc until)
{
    if (from.ms == 0 || from.ms == UTC_NEVER.ms)
        return;
    incident->older[incident->older_next] = (struct span){ from, until };
    incident->older_next = (incident->older_next + 1) % INCIDENT_OLDER;
}

bool assessment_may_tell(struct assessment *assessment, struct allowance *allowance)
{
    struct known_device *device = assessment->track->devices[assessment->device_nth];
    double day = assessment->watch->detect->device_day;

    if (day <= 0 ||
        allowance_take(allowance, (struct allowance_limit){ day, day }, 1, assessment->now))
        return true;
    device->held_back += device->held_back < UINT32_MAX;
    return false;
}
