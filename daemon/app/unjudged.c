/* SPDX-License-Identifier: Apache-2.0 */
#include "app/unjudged.h"

#include "adapter/log.h"
#include "app/pipeline_parts.h"
#include "core/health.h"

#include <stdio.h>

static const struct {
    const char *name, *reason;
} words[UNJUDGED_CAUSES] = {
    [UNJUDGED_PING] = { "ping", "a ping could not be kept, so nothing of it stands: its sender was "
                                "told" },
    [UNJUDGED_TIME] = { "time", "a boundary in time could not be judged and kept: it is tried each "
                                "second" },
    [UNJUDGED_RULES] = { "rules", "could not be judged by the rules in force: it is tried each "
                                  "second" },
    [UNJUDGED_SAVED] = { "saved",
                         "the newest position could not be saved: a restart would not know "
                         "it" },
    [UNJUDGED_ESCALATION] = { "escalation",
                              "that nobody has taken an alert could not be told: it is "
                              "tried each second" },
    [UNJUDGED_RECALLED] = { "recalled",
                            "what was known could not be read and is forgotten in part: "
                            "judged anew from the next ping on" },
};

/* The alert and its number, or neither. */
static bool put(struct pipeline *pipeline, size_t nth, const struct unjudged *unjudged,
                struct utc now)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct known_device *device = roster_track(pipeline->roster, nth)->devices[unjudged->device];
    struct known_device before = *device;
    struct changes_place begin = ledger_begin(pipeline->ledger);
    struct trouble_course *course = &device->troubles[TROUBLE_UNJUDGED];
    struct alert alert;

    if (course->closed) // somebody closed what was told before: this is another
        trouble_ends(course);
    trouble_happens(course, now, UNJUDGED_AGAIN_MS);
    course->count = unjudged->count;
    alert = health_alert(who, device, unjudged->device, ALERT_UNJUDGED, TROUBLE_UNJUDGED, now, now);
    alert.severity = SEVERITY_HIGH;
    alert.cause = words[unjudged->cause].name;
    alert.has_ping = false;
    trouble_tell(course, now);
    snprintf(alert.reason, sizeof alert.reason, "%s", words[unjudged->cause].reason);
    if (pipeline_tell(pipeline, &alert) &&
        ledger_put_device(pipeline->ledger, alert.device, device)) {
        // Judging again must begin with what is known now: this was no question to core.
        roster_record(pipeline->roster, nth)->current = false;
        return true;
    }
    ledger_drop(pipeline->ledger, &begin);
    *device = before;
    return false;
}

static void tell(struct pipeline *pipeline, size_t nth, struct unjudged *unjudged)
{
    struct utc now = pipeline_now(pipeline);
    bool soon = unjudged->at.ms != 0 && now.ms - unjudged->at.ms < UNJUDGED_AGAIN_MS &&
                now.ms >= unjudged->at.ms;

    // Who has no seat yet is told of when the round has come there.
    if (!unjudged->owed || soon || pipeline->closed != NULL ||
        !roster_seated(pipeline->roster, nth) || !put(pipeline, nth, unjudged, now))
        return;
    unjudged->owed = false;
    unjudged->told = true;
    unjudged->at = now;
}

void unjudged_note(struct pipeline *pipeline, size_t nth, size_t device, enum unjudged_cause cause)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct unjudged *unjudged = roster_unjudged(pipeline->roster, nth);

    pipeline->stats->unjudged++;
    unjudged->count++;
    unjudged->rules |= cause == UNJUDGED_RULES;
    pipeline->troubled = true;
    if (unjudged->told)
        return;
    if (!unjudged->owed)
        log_error("%s: %s: could not be judged and kept", who->id, words[cause].name);
    unjudged->cause = cause;
    unjudged->device = device;
    unjudged->owed = true;
    if (cause != UNJUDGED_RECALLED) // not in the midst of it
        tell(pipeline, nth, unjudged);
}

void unjudged_over(struct pipeline *pipeline, size_t nth)
{
    struct unjudged *unjudged = roster_unjudged(pipeline->roster, nth);
    struct known_device *device = roster_track(pipeline->roster, nth)->devices[unjudged->device];

    if (!unjudged->told)
        return; // what is owed happened all the same
    unjudged->told = false;
    unjudged->count = 0;
    trouble_rests(&device->troubles[TROUBLE_UNJUDGED], pipeline_now(pipeline));
}

void unjudged_owe_rules(struct pipeline *pipeline, size_t nth)
{
    roster_unjudged(pipeline->roster, nth)->rules = pipeline->troubled = true;
}

/* True when there is more to do for this one. */
static bool go_on(struct pipeline *pipeline, size_t nth)
{
    struct unjudged *unjudged = roster_unjudged(pipeline->roster, nth);

    if (unjudged->rules) {
        unjudged->rules = false;
        if (!pipeline_ask_rules(pipeline, nth)) // a question that fails says so by itself
            unjudged->rules = true;
    }
    tell(pipeline, nth, unjudged);
    return unjudged->owed || unjudged->rules;
}

void unjudged_tick(struct pipeline *pipeline)
{
    size_t n = rulebook_counts(pipeline->config->rules).respondents, i = pipeline->troubled_next;
    size_t end = i + UNJUDGED_TURN < n ? i + UNJUDGED_TURN : n;

    if (!pipeline->troubled || ledger_full(pipeline->ledger))
        return;
    for (; i < end && pipeline->closed == NULL; i++)
        pipeline->troubled_more |= go_on(pipeline, i);
    pipeline->troubled_next = i;
    if (i < n)
        return; // the rest in the next second
    pipeline->troubled = pipeline->troubled_more || pipeline->closed != NULL;
    pipeline->troubled_more = false;
    pipeline->troubled_next = 0;
}
