/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ailments.h"

#include "adapter/json/event.h"
#include "adapter/ledger/ledger.h"
#include "app/pipeline_acks.h"
#include "app/pipeline_put.h"
#include "app/pipeline_state.h"

#include <stdio.h>
#include <string.h>

static const char *const subjects[] = { "redis-evicts", "pings-lost", "rules",    "no-orders",
                                        "ledger-old",   "outputs",    "mqtt-away" };
_Static_assert(sizeof subjects / sizeof *subjects == AILMENTS, "a subject for each ailment");

const char *ailment_named(const char *subject)
{
    for (size_t i = 0; i < AILMENTS; i++) {
        if (strcmp(subjects[i], subject) == 0)
            return subjects[i];
    }
    return NULL;
}

bool ailment_stays(const char *subject)
{
    return strcmp(subject, subjects[AILMENT_LEDGER_OLD]) == 0;
}

/* The alert and its number, or neither. */
static bool put(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment,
                const struct incident *then, struct alert *alert)
{
    struct incident *incident = pipeline_own_incident(pipeline, subjects[ailment]);
    struct changes_place begin = ledger_begin(ledger);
    struct incident before = *incident;

    alert->own = subjects[ailment];
    alert->incident = then->number;
    alert->nth = then->alerts;
    *incident = *then;
    if (pipeline_tell(pipeline, alert) &&
        ledger_put_incident(ledger, subjects[ailment], incident)) {
        ledger_flush(ledger);
        return true;
    }
    ledger_drop(ledger, &begin);
    *incident = before;
    return false;
}

static bool tell(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment,
                 const struct incident *then, enum alert_type type, const char *reason)
{
    struct utc now = pipeline_now(pipeline);
    struct alert alert = alert_make(type, now, now);

    alert.cause = subjects[ailment];
    snprintf(alert.reason, sizeof alert.reason, "%.*s", ALERT_REASON_MAX - 1, reason);
    return put(pipeline, ledger, ailment, then, &alert);
}

static struct incident opened(const struct incident *incident, enum phase phase, struct utc now)
{
    struct incident then = *incident;

    then.number = ++then.numbers;
    then.alerts = 1;
    then.phase = phase;
    then.opened = now;
    return then;
}

/*
 * The list still says it, by a clock that may have been set either way. Of two restores each has
 * another cause, and other things are lost by it.
 */
static bool is_reported(struct pipeline *pipeline, enum ailment ailment,
                        const struct incident *incident, struct utc now)
{
    int64_t since = now.ms - incident->opened.ms;
    char id[EVENT_ID_MAX];

    snprintf(id, sizeof id, "%s/%u", subjects[ailment], incident->number);
    return ailment != AILMENT_LEDGER_OLD && incident->number > 0 && since < AILMENT_AGAIN_MS &&
           since > -AILMENT_AGAIN_MS && !pipeline_is_seen_to(pipeline, id);
}

static bool is_closed(struct pipeline *pipeline, enum ailment ailment,
                      const struct incident *incident)
{
    char id[EVENT_ID_MAX];

    snprintf(id, sizeof id, "%s/%u", subjects[ailment], incident->number);
    return pipeline_is_done(pipeline, id);
}

static struct incident gone_on(const struct incident *incident, bool is, struct utc now)
{
    struct incident then = *incident;

    then.alerts++;
    then.phase = is ? PHASE_POSSIBLE : PHASE_NONE;
    then.ended = is ? then.ended : now;
    return then;
}

void ailment_happened(struct ailing *ailing, enum ailment ailment, const char *reason)
{
    snprintf(ailing->owed[ailment], sizeof ailing->owed[ailment], "%s", reason);
}

void ailments_tick(struct ailing *ailing, struct pipeline *pipeline, struct ledger *ledger)
{
    struct utc now = pipeline_now(pipeline);

    for (int i = 0; i < AILMENTS && pipeline_closed(pipeline) == NULL; i++) {
        const struct incident *incident = pipeline_own_incident(pipeline, subjects[i]);
        struct incident then;

        if (ailing->owed[i][0] == '\0' || incident == NULL)
            continue;
        then = opened(incident, PHASE_NONE, now);
        if (is_reported(pipeline, (enum ailment)i, incident, now) ||
            tell(pipeline, ledger, (enum ailment)i, &then, ALERT_TROUBLE, ailing->owed[i]))
            ailing->owed[i][0] = '\0';
    }
}

void ailment_is(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment, bool is,
                const char *reason)
{
    const struct incident *incident = pipeline_own_incident(pipeline, subjects[ailment]);
    struct utc now = pipeline_now(pipeline);
    struct incident then;

    if (pipeline_closed(pipeline) != NULL || incident == NULL ||
        is == (incident->phase != PHASE_NONE))
        return;
    then = is ? opened(incident, PHASE_POSSIBLE, now) : gone_on(incident, false, now);
    tell(pipeline, ledger, ailment, &then, is ? ALERT_TROUBLE : ALERT_MENDED, reason);
}

bool ailment_tell(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment, bool is,
                  const char *reason)
{
    const struct incident *incident = pipeline_own_incident(pipeline, subjects[ailment]);
    struct utc now = pipeline_now(pipeline);
    struct incident then;

    if (pipeline_closed(pipeline) != NULL || incident == NULL)
        return false;
    then = is && (incident->phase == PHASE_NONE || is_closed(pipeline, ailment, incident))
               ? opened(incident, PHASE_POSSIBLE, now)
               : gone_on(incident, is, now);
    return tell(pipeline, ledger, ailment, &then, is ? ALERT_TROUBLE : ALERT_MENDED, reason);
}

bool ailment_goes_on(struct pipeline *pipeline, enum ailment ailment)
{
    const struct incident *incident = pipeline_own_incident(pipeline, subjects[ailment]);

    return incident != NULL && incident->phase != PHASE_NONE;
}

bool ailment_tell_rules(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment,
                        bool is, const struct ailment_text *words)
{
    const struct incident *incident = pipeline_own_incident(pipeline, subjects[ailment]);
    struct utc now = pipeline_now(pipeline);
    struct alert alert = alert_make(ALERT_RULES, now, now);
    struct incident then;

    if (incident == NULL)
        return false;
    then = incident->phase != PHASE_NONE ? gone_on(incident, is, now)
                                         : opened(incident, is ? PHASE_POSSIBLE : PHASE_NONE, now);
    then.ended = is ? then.ended : now;
    alert.severity = is ? alert.severity : SEVERITY_INFO;
    alert.over = !is;
    alert.cause = words->cause;
    alert.count = words->count;
    snprintf(alert.reason, sizeof alert.reason, "%.*s", ALERT_REASON_MAX - 1, words->reason);
    return put(pipeline, ledger, ailment, &then, &alert);
}
