/* SPDX-License-Identifier: Apache-2.0 */
#include "app/unjudged.h"

#include "adapter/log.h"
#include "app/pipeline_clock.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_put.h"
#include "app/pipeline_state.h"
#include "app/unjudged_parts.h"
#include "core/health.h"

#include <stdio.h>

static const struct {
    const char *name, *reason;
} words[] = {
    { "ping", "a ping could not be kept, so nothing of it stands: its sender was told" },
    { "time", "a boundary in time could not be judged and kept: it is tried each second" },
    { "rules", "could not be judged by the rules in force: it is tried each second" },
    { "saved", "the newest position could not be saved: a restart would not know it" },
    { "escalation", "that nobody has taken an alert could not be told: it is tried each second" },
    { "recalled", "what was known could not be read and is forgotten in part: judged anew from "
                  "the next ping on" },
};
_Static_assert(sizeof words / sizeof *words == UNJUDGED_CAUSES, "words for each cause");

/* The alert and its number, or neither. */
static bool put(struct pipeline *pipeline, size_t nth, const struct unjudged *unjudged,
                struct utc now)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct known_device *device = roster_track(pipeline->roster, nth)->devices[unjudged->device];
    struct trouble_course *course = &device->troubles[TROUBLE_UNJUDGED];
    struct known_device before;
    struct changes_place begin;
    struct alert alert;

    pipeline_correct_respondent(pipeline, nth);
    before = *device;
    begin = ledger_begin(pipeline->ledger);
    if (course->closed) // somebody closed what was told before: this is another
        trouble_ends(course);
    trouble_happens(course, now, UNJUDGED_AGAIN_MS);
    course->count = unjudged->count;
    alert = health_alert(who, device, unjudged->device, ALERT_UNJUDGED, TROUBLE_UNJUDGED, now, now);
    alert.cause = words[unjudged->cause].name;
    trouble_tell(course, now);
    snprintf(alert.reason, sizeof alert.reason, "%s", words[unjudged->cause].reason);
    if (roster_keep(pipeline->roster) && pipeline_tell(pipeline, &alert) &&
        ledger_put_device(pipeline->ledger, alert.device, device)) {
        // Judging again must begin with what is known now: this was no question to core.
        roster_record(pipeline->roster, nth)->current = false;
        return true;
    }
    ledger_drop(pipeline->ledger, &begin);
    *device = before;
    return false;
}

void unjudged_tell(struct pipeline *pipeline, size_t nth, struct unjudged *unjudged)
{
    struct utc now = pipeline_now(pipeline);
    bool soon = unjudged->at.ms != 0 && now.ms - unjudged->at.ms < UNJUDGED_AGAIN_MS &&
                now.ms >= unjudged->at.ms;

    // Who has no slot yet is told of when the round has come there.
    if (!unjudged->owed || soon || pipeline->closed != NULL ||
        !roster_is_loaded(pipeline->roster, nth) || !put(pipeline, nth, unjudged, now))
        return;
    unjudged->owed = false;
    unjudged->reported = true;
    unjudged->at = now;
}

void unjudged_note(struct pipeline *pipeline, size_t nth, size_t device, enum unjudged_cause cause)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct unjudged *unjudged = roster_unjudged(pipeline->roster, nth);

    pipeline->stats->unjudged++;
    unjudged->count++;
    unjudged->rules |= cause == UNJUDGED_RULES;
    unjudged->over = false;
    pipeline->troubled = true;
    if (unjudged->reported)
        return;
    if (!unjudged->owed)
        log_error("%s: %s: could not be judged and kept", who->id, words[cause].name);
    unjudged->cause = cause;
    unjudged->device = (unsigned char)device; // TRACK_DEVICES_MAX
    unjudged->owed = true;
    if (cause != UNJUDGED_RECALLED) // not in the midst of it
        unjudged_tell(pipeline, nth, unjudged);
}

/* The respondent's questions work again: that is put for this device, or all is as it was. */
static bool put_rest(struct pipeline *pipeline, size_t nth, size_t device_nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct known_device *device = roster_track(pipeline->roster, nth)->devices[device_nth];
    struct known_device before = *device;
    struct changes_place begin = ledger_begin(pipeline->ledger);

    trouble_rests(&device->troubles[TROUBLE_UNJUDGED], pipeline_now(pipeline));
    if (ledger_put_device(pipeline->ledger, who->devices[device_nth], device)) {
        roster_record(pipeline->roster, nth)->current = false; // as in `put`
        return true;
    }
    ledger_drop(pipeline->ledger, &begin);
    *device = before;
    return false;
}

/* By what is known of the devices: a restart, or other rules, may have come in between. */
void unjudged_let_rest(struct pipeline *pipeline, size_t nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct track *track = roster_track(pipeline->roster, nth);
    struct unjudged *unjudged = roster_unjudged(pipeline->roster, nth);

    unjudged->over = false;
    pipeline_correct_respondent(pipeline, nth);
    for (size_t i = 0; i < who->n_devices; i++) { // of a respondent, TRACK_DEVICES_MAX
        const struct trouble_course *course = &track->devices[i]->troubles[TROUBLE_UNJUDGED];
        bool rests = course->number == 0 || course->over || course->well.ms != 0;

        if (!rests && !put_rest(pipeline, nth, i))
            unjudged->over = pipeline->troubled = true;
    }
}

void unjudged_over(struct pipeline *pipeline, size_t nth)
{
    struct unjudged *unjudged = roster_unjudged(pipeline->roster, nth);

    if (unjudged->reported) { // what is owed happened all the same
        unjudged->reported = false;
        unjudged->count = 0;
    }
    unjudged_let_rest(pipeline, nth);
}

void unjudged_owe_rules(struct pipeline *pipeline, size_t nth)
{
    roster_unjudged(pipeline->roster, nth)->rules = pipeline->troubled = true;
}
