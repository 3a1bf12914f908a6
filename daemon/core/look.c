/* SPDX-License-Identifier: Apache-2.0 */
/* look.c - asks decide(), and turns its verdict into incidents and alerts. */
#include "core/look.h"

#include "core/evidence.h"

#include <math.h>

static double sure_of(const struct look *look)
{
    double accuracy = look->at.accuracy;

    if (isnan(accuracy))
        accuracy = look->watch->detect->unknown_accuracy;
    return evidence_inside(look->distance, accuracy);
}

/* The next alert of `out`, filled but for its words; incident->phase is already the new one. */
static struct alert *tell(const struct look *look, enum alert_type type, int rule,
                          struct outcome *out)
{
    struct incident *incident = look->incident;
    struct alert *alert = &out->alerts[out->n++];
    bool coming = incident->phase == PHASE_APPROACH && type != ALERT_CLEARED;

    *alert = (struct alert){
        .type = type,
        .severity = alert_severity(type, incident->phase, incident->authorised),
        .exclusion = look->exclusion,
        .respondent = look->who->id,
        .device = look->device,
        .incident = incident->number,
        .nth = ++incident->alerts,
        .time = look->when,
        .received = look->now,
        .authorised = incident->authorised,
        .probability = sure_of(look),
        .depth = 0 - look->distance, // on the edge 0, not -0
        .eta = coming ? look->distance / look->closing : NAN,
        .rule = rule,
        .has_ping = look->device != NULL,
        .ping = look->at,
    };
    incident->told = look->when;
    return alert;
}

/* An incident begins, or the open one becomes graver. */
static void begin(struct look *look, enum phase phase, enum alert_type type, int rule,
                  struct outcome *out)
{
    struct incident *incident = look->incident;

    if (incident->phase == PHASE_NONE) {
        incident->before_from = incident->entered;
        incident->before_until = incident->ended;
        incident->number = ++incident->numbers;
        incident->alerts = 0;
        incident->opened = look->when;
        incident->ended = incident->entered = UTC_NEVER;
    }
    if (phase > PHASE_APPROACH && incident->entered.ms == UTC_NEVER.ms) {
        incident->entered = look->when;
        incident->pings = 1; // of those inside
    }
    incident->phase = phase;
    incident->authorised = look->situation.permitted;
    alert_explain(tell(look, type, rule, out), &look->situation, look->was);
}

static void end(struct look *look, int rule, struct outcome *out)
{
    struct incident *incident = look->incident;

    // Its words tell what it was, so they come before it is over.
    alert_explain(tell(look, ALERT_CLEARED, rule, out), &look->situation, look->was);
    incident->phase = PHASE_NONE;
    incident->authorised = false;
    incident->ended = look->when;
}

/* A breach in the past gets an incident number of its own; the present one is not touched. */
static void tell_past(struct look *look, int rule, struct outcome *out)
{
    struct incident *present = look->incident;
    struct incident past = { .phase = PHASE_BREACH,
                             .authorised = look->situation.permitted,
                             .number = ++present->numbers,
                             .opened = look->when };

    present->late_from = present->late_until = look->when;
    look->incident = &past;
    alert_explain(tell(look, ALERT_RETROSPECTIVE, rule, out), &look->situation, look->was);
    look->incident = present;
}

/* True when what it did may call for another look at once: one incident ended, another may begin.
 */
static bool act(struct look *look, struct decision decision, struct outcome *out)
{
    switch (decision.verdict) {
    case VERDICT_QUIET:
        return false;
    case VERDICT_APPROACHES:
        begin(look, PHASE_APPROACH, ALERT_APPROACH, decision.rule, out);
        return false;
    case VERDICT_POSSIBLE:
        begin(look, PHASE_POSSIBLE, ALERT_POSSIBLE, decision.rule, out);
        return false;
    case VERDICT_BREACHES:
        begin(look, PHASE_BREACH, ALERT_BREACH, decision.rule, out);
        return false;
    case VERDICT_GOES_ON:
        look->incident->authorised = look->situation.permitted; // an approach may have outlived one
        alert_explain(tell(look, ALERT_UPDATE, decision.rule, out), &look->situation, look->was);
        return false;
    case VERDICT_ENDS:
        end(look, decision.rule, out);
        return true;
    case VERDICT_WAS_INSIDE:
        tell_past(look, decision.rule, out);
        return false;
    }
    return false;
}

/* Standing, permit and interval at the instant judged; the sides are the caller's to say. */
static void survey(struct look *look)
{
    const struct watch *watch = look->watch;
    struct situation *situation = &look->situation;

    look->was = exclusion_standing(look->exclusion, watch->civil, utc_plus(look->when, -1));
    situation->standing = exclusion_standing(look->exclusion, watch->civil, look->when);
    situation->permitted = exclusion_permit(look->exclusion, look->when) != NULL;
    // While another device keeps the incident open, this one has nothing to add to it.
    situation->update_due = look->when.ms - look->incident->told.ms >= watch->detect->update_ms &&
                            !(situation->side == ZONE_INSIDE && look->distance > 0);
    situation->incident = look->incident;
}

void look_settle(struct look *look, size_t nth, struct outcome *out)
{
    struct incident *incident = look->incident;
    size_t told = out->n;
    bool counts = look->situation.cause == CAUSE_PING && look->situation.arrival != ARRIVED_LATE &&
                  look->distance <= 0 && incident->phase != PHASE_NONE;

    incident->pings += counts;
    survey(look);
    if (act(look, decide(&look->situation), out))
        act(look, decide(&look->situation), out);
    if (out->n != told || counts)
        out->incidents_changed |= 1U << nth;
}
