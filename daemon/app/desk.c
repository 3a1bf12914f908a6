/* SPDX-License-Identifier: Apache-2.0 */
#include "app/desk.h"

#include "adapter/clock.h"
#include "adapter/entry_id.h"
#include "adapter/input_json.h"
#include "adapter/text.h"
#include "app/pipeline_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An incident by its id: of which zone (NULL: of breachd's own blindness), which of its incidents.
 */
struct named {
    char subject[INPUT_SUBJECT_MAX];
    uint32_t number;
    struct stub stub;
    const struct exclusion *exclusion;
    const struct incident *newest; /* of the zone */
    bool current, open;            /* it is that one; and goes on */
};

void desk_init(struct desk *desk)
{
    *desk = (struct desk){ .custodies.size = sizeof(struct custody) };
}

void desk_fini(struct desk *desk)
{
    book_fini(&desk->custodies);
}

void desk_forget(struct desk *desk)
{
    book_blank(&desk->custodies);
    desk->heard[0] = desk->kept[0] = '\0';
    desk->heard_in = 0;
}

void desk_recall_row(struct desk *desk, const struct row *row)
{
    struct custody *custody =
        row->kind == ROW_CUSTODY ? book_take(&desk->custodies, row->name) : NULL;

    if (custody != NULL)
        *custody = row->custody;
    if (row->kind == ROW_HEARD)
        snprintf(desk->heard, sizeof desk->heard, "%s", row->name);
    snprintf(desk->kept, sizeof desk->kept, "%s", desk->heard);
}

bool desk_alert(struct pipeline *pipeline, const struct alert *alert, const char *incident)
{
    bool critical = alert->severity == SEVERITY_CRITICAL &&
                    (alert->type == ALERT_BREACH || alert->type == ALERT_BLIND);
    bool known = book_find(&pipeline->desk.custodies, incident) != NULL;
    struct custody *custody;

    if (incident[0] == '\0' || (known && !critical))
        return true;
    custody = book_take(&pipeline->desk.custodies, incident);
    if (custody == NULL)
        return false;
    custody->unseen = custody->unseen || !known;
    if (critical)
        custody_alarm(custody, alert->received);
    return ledger_put_custody(pipeline->ledger, incident, custody);
}

/* An id that Redis cannot have given would shut out every word. */
static bool is_given(const char *since)
{
    struct entry_id id;

    return entry_id_read(since, &id) && id.ms <= (uint64_t)clock_utc().ms + ACKS_AHEAD_MS;
}

void pipeline_stands(struct pipeline *pipeline, const char *incident, const char *since)
{
    struct custody *custody = book_find(&pipeline->desk.custodies, incident);

    if (custody == NULL || !custody->unseen || pipeline->closed != NULL)
        return;
    custody->unseen = false;
    snprintf(custody->since_entry, sizeof custody->since_entry, "%s", is_given(since) ? since : "");
    // With the mark of what is published, which nobody waits for.
    if (!ledger_put_custody(pipeline->ledger, incident, custody))
        ledger_give_up(pipeline->ledger, "where an alert stands does not fit into memory");
}

/* ---- which incident ---- */

/* "SUBJECT/NUMBER"; false when there never was such an incident. */
static bool find(struct pipeline *pipeline, const char *incident, struct named *out)
{
    const char *slash = strrchr(incident, '/');
    char *end = NULL;
    unsigned long number = slash != NULL ? strtoul(slash + 1, &end, 10) : 0;

    if (number == 0 || *end != '\0' || (size_t)(slash - incident) >= sizeof out->subject)
        return false;
    snprintf(out->subject, sizeof out->subject, "%.*s", (int)(slash - incident), incident);
    out->newest = roster_find_incident(pipeline->roster, out->subject);
    if (out->newest == NULL || number > out->newest->numbers ||
        number <= roster_birth(pipeline->roster))
        return false;
    out->number = (uint32_t)number;
    out->current = out->number == out->newest->number;
    out->open = out->current && out->newest->phase != PHASE_NONE;
    out->exclusion = strchr(out->subject, '/') != NULL
                         ? pipeline_exclusion(pipeline->config->rules, out->subject, &out->stub)
                         : NULL;
    return true;
}

/* ---- alerts of the desk ---- */

static struct alert make_alert(enum alert_type type, const struct named *named,
                               const struct custody *custody, struct utc now)
{
    return (struct alert){ .type = type,
                           .severity = type == ALERT_ESCALATED ? SEVERITY_CRITICAL : SEVERITY_INFO,
                           .exclusion = named->exclusion,
                           .respondent =
                               named->exclusion ? named->exclusion->order->respondent : NULL,
                           .incident = named->number,
                           .nth = custody->told,
                           .time = now,
                           .received = now,
                           .over = !named->open,
                           .probability = NAN,
                           .depth = NAN,
                           .eta = NAN };
}

/* What is closed does not go on: what he does next is an incident of its own. */
static bool end_incident(struct pipeline *pipeline, const struct named *named, struct utc now)
{
    struct incident *incident = roster_incident(pipeline->roster, named->subject);
    size_t nth;

    if (!named->open || named->exclusion == NULL)
        return true;
    incident->phase = PHASE_NONE;
    incident->authorised = false;
    incident->ended = now;
    pipeline->open--;
    // Judging again must begin with what is known now: this was no question to core.
    if (rulebook_find_respondent(pipeline->config->rules, named->exclusion->order->respondent,
                                 &nth))
        roster_record(pipeline->roster, nth)->current = false;
    return ledger_put_incident(pipeline->ledger, named->subject, incident);
}

static bool put_heard(struct pipeline *pipeline, const char *id)
{
    struct desk *desk = &pipeline->desk;

    snprintf(desk->heard, sizeof desk->heard, "%s", id);
    desk->heard_in = ledger_gathering(pipeline->ledger);
    return ledger_put_heard(pipeline->ledger, id);
}

/* Whether a word that is refused stays as evidence. */
static bool worth_keeping(struct desk *desk, struct utc now)
{
    int64_t hour = now.ms / 3600000;

    if (desk->hour != hour)
        desk->refused = 0;
    desk->hour = hour;
    return ++desk->refused <= DESK_REFUSED_AN_HOUR;
}

static bool put_word(struct pipeline *pipeline, const struct ack *ack, const struct named *named,
                     const char *refused, struct utc now)
{
    const char *respondent =
        named != NULL && named->exclusion != NULL ? named->exclusion->order->respondent : NULL;
    struct kept_entry entry = {
        .kind = "ack", .at = now, .respondent = respondent ? respondent : "", .evidence = true
    };
    char *body;
    bool ok;

    if (refused != NULL && !worth_keeping(&pipeline->desk, now))
        return put_heard(pipeline, ack->id);
    entry.body = body = input_print_ack(ack, refused);
    ok = body != NULL && ledger_put_entry(pipeline->ledger, &entry) && put_heard(pipeline, ack->id);
    free(body);
    return ok;
}

static bool put_custody(struct pipeline *pipeline, const struct ack *ack, enum custody_act act,
                        const struct named *named, const struct custody *custody, struct utc now)
{
    struct alert alert =
        make_alert(act == CUSTODY_ACK ? ALERT_ACKED : ALERT_CLOSED, named, custody, now);

    if (act == CUSTODY_ACK && custody->since.ms != 0)
        histogram_add(&pipeline->stats->to_ack, histogram_ack, now.ms - custody->since.ms);
    alert.by = ack->by;
    alert.outcome = ack->reason[0] != '\0' ? ack->reason : NULL;
    snprintf(alert.reason, sizeof alert.reason, "%s by %s%s%s",
             act == CUSTODY_ACK ? "taken" : "closed", ack->by, alert.outcome ? ": " : "",
             alert.outcome ? alert.outcome : "");
    return ledger_put_custody(pipeline->ledger, ack->incident, custody) &&
           pipeline_tell(pipeline, &alert) &&
           (act == CUSTODY_ACK || end_incident(pipeline, named, now));
}

/* ---- words ---- */

static bool clean(const struct ack *ack, struct fault *why)
{
    const char *const texts[] = { ack->incident, ack->action, ack->by, ack->reason, ack->note };
    struct fault cause;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!text_is_clean(texts[i], &cause))
            return fault_set(why, "a field %s", cause.text);
    }
    return true;
}

/*
 * What was said before anybody could see the incident is about another one: both ids are of the
 * same Redis, so no clock is asked.
 */
static bool is_about_it(const struct ack *ack, const struct custody *custody, struct fault *why)
{
    if (custody->unseen && !ack->settled)
        return fault_set(why, "nobody can have seen it: its first alert is not in the stream yet");
    if (custody->since_entry[0] != '\0' && !entry_id_after(ack->id, custody->since_entry))
        return fault_set(why, "said before its first alert: it is not after %s",
                         custody->since_entry);
    return true;
}

/* All that decides whether the word stands; *custody is then as it leaves it. */
static bool judge_word(struct pipeline *pipeline, const struct ack *ack, struct named *named,
                       enum custody_act *act, struct custody *custody, struct fault *why)
{
    const struct custody *known;

    if (!clean(ack, why))
        return false;
    if (!find(pipeline, ack->incident, named))
        return fault_set(why, "no such incident");
    if (!custody_act_of(ack->action, act))
        return fault_set(why, "action: \"%.40s\" is neither ack nor close", ack->action);
    known = book_find(&pipeline->desk.custodies, ack->incident);
    *custody = known ? *known : (struct custody){ 0 };
    if (!is_about_it(ack, custody, why))
        return false;
    return custody_put(custody, *act, ack->by, ack->reason, why);
}

/* Whether its first alert is on its way to Redis: then the word may be about it, in a moment. */
static bool is_early(const struct pipeline *pipeline, const struct ack *ack)
{
    const struct custody *known = book_find(&pipeline->desk.custodies, ack->incident);

    return known != NULL && known->unseen && ack->telling;
}

/* With everything that the word changes it is put into the next commit. */
enum acks_answer pipeline_hear(struct pipeline *pipeline, const struct ack *ack, struct fault *why)
{
    struct utc now = pipeline_now(pipeline);
    struct named *named = calloc(1, sizeof *named);
    struct custody custody, *kept = NULL;
    enum custody_act act;
    bool stands, ok;

    if (named == NULL || pipeline->closed != NULL || ledger_full(pipeline->ledger) ||
        is_early(pipeline, ack)) {
        free(named);
        return ACKS_LATER;
    }
    stands = judge_word(pipeline, ack, named, &act, &custody, why);
    ok = put_word(pipeline, ack, stands ? named : NULL, stands ? NULL : why->text, now);
    if (ok && stands)
        ok = (kept = book_take(&pipeline->desk.custodies, ack->incident)) != NULL;
    if (ok && stands) {
        *kept = custody;
        ok = put_custody(pipeline, ack, act, named, kept, now);
    }
    free(named);
    if (!ok) {
        ledger_give_up(pipeline->ledger, "a word of the control room does not fit into memory");
        return ACKS_LATER;
    }
    ledger_flush(pipeline->ledger);
    return stands ? ACKS_TAKEN : ACKS_REFUSED;
}

bool pipeline_skip(struct pipeline *pipeline, const char *id)
{
    if (pipeline->closed != NULL || ledger_full(pipeline->ledger))
        return false;
    if (put_heard(pipeline, id))
        return true;
    ledger_give_up(pipeline->ledger, "a word of the control room does not fit into memory");
    return false;
}

const char *pipeline_heard_kept(struct pipeline *pipeline)
{
    struct desk *desk = &pipeline->desk;

    if (pipeline->closed == NULL && desk->heard_in <= ledger_committed(pipeline->ledger))
        snprintf(desk->kept, sizeof desk->kept, "%s", desk->heard);
    return desk->kept;
}

/* ---- nobody has said a word ---- */

static bool escalate(struct pipeline *pipeline, const char *incident, struct custody *custody,
                     struct utc now)
{
    struct named *named = calloc(1, sizeof *named);
    char age[DURATION_TEXT_MAX], since[UTC_TEXT_MAX];
    struct alert alert;
    bool ok = named != NULL;

    if (ok && find(pipeline, incident, named)) {
        custody->reminded++;
        custody->told++;
        alert = make_alert(ALERT_ESCALATED, named, custody, now);
        snprintf(alert.reason, sizeof alert.reason,
                 "nobody has taken it for %s, since the alert of %s",
                 duration_print(now.ms - custody->since.ms, age), utc_print(custody->since, since));
        ok = ledger_put_custody(pipeline->ledger, incident, custody) &&
             pipeline_tell(pipeline, &alert);
    }
    free(named);
    return ok;
}

void desk_tick(struct pipeline *pipeline, struct utc now)
{
    int64_t remind = pipeline->config->settings.remind_ms;
    struct custody *custody;
    const char *incident;

    for (size_t i = 0; (custody = book_nth(&pipeline->desk.custodies, i, &incident)) != NULL; i++) {
        if (custody_due(custody, remind).ms <= now.ms &&
            !escalate(pipeline, incident, custody, now)) {
            ledger_give_up(pipeline->ledger, "an escalation does not fit into memory");
            return;
        }
    }
}
