/* SPDX-License-Identifier: Apache-2.0 */
/* assessment_past.c - tells of what pings that came late saw. */
#include "core/assessment_parts.h"

#include "core/retrospect.h"

/* As the `alerts` + first alert of another incident of the zone than the present one. */
static void tell_of_past(struct assessment *assessment, uint32_t number, uint32_t alerts, int rule,
                         struct outcome *out)
{
    struct incident *present = assessment->incident;
    struct incident past = { .phase = PHASE_BREACH,
                             .number = number,
                             .alerts = alerts,
                             .authorised = assessment->situation.permitted,
                             .late_score = present->late_score,
                             .opened = assessment->when };

    assessment->incident = &past;
    assessment_tell(assessment, ALERT_RETROSPECTIVE, rule, out);
    assessment->incident = present;
}

/* One more of those that are only counted; what a permit allowed does not hide among them. */
static void gather(struct assessment *assessment, int rule, struct outcome *out)
{
    struct known_device *device = assessment->track->devices[assessment->device_nth];
    struct incident *incident = assessment->incident;
    const struct watch *watch = assessment->watch;
    struct past_gathering *gathering = &incident->gathering;

    if (assessment->situation.permitted) {
        device->held_back += device->held_back < UINT32_MAX;
        return;
    }
    zone_set_add(&out->incidents_changed, assessment->nth);
    retrospect_count(gathering, &incident->numbers, assessment->now);
    if (!retrospect_due(gathering, assessment->now, watch->detect->device_every_ms) ||
        (watch->frugal && gathering->alerted_count > 0) ||
        !assessment_may_tell(assessment,
                             gathering->alerted_count > 0 ? &device->updates : &device->past))
        return;
    tell_of_past(assessment, gathering->number, gathering->alerts, rule, out);
    retrospect_alerted(gathering, &out->alerts[out->n - 1]);
}

void assessment_tell_past(struct assessment *assessment, int rule, struct outcome *out)
{
    struct known_device *device = assessment->track->devices[assessment->device_nth];
    struct incident *incident = assessment->incident;
    bool goes_on = retrospect_goes_on(incident, assessment->when);

    if (!goes_on) {
        struct past_run forgotten = retrospect_begin(incident, assessment->when);

        if (!forgotten.gathered)
            assessment_remember_span(incident, forgotten.from, forgotten.until);
    }
    incident->late.gathered = !retrospect_take(incident, device, assessment->watch->detect,
                                               assessment->situation.permitted, assessment->now);
    if (!incident->late.gathered)
        tell_of_past(assessment, ++incident->numbers, 0, rule, out);
    else if (!goes_on)
        gather(assessment, rule, out);
}
