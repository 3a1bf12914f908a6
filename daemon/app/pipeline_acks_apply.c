/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_acks_apply.h"

#include "adapter/conf/until.h"
#include "adapter/entry_id.h"
#include "adapter/log.h"
#include "adapter/text.h"
#include "app/pipeline_acks.h"
#include "app/pipeline_acks_find.h"
#include "app/pipeline_acks_note.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_put.h"
#include "app/pipeline_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACK_TRIES = 3 };

/* Judging again must begin with what is known now: this was no question to core. */
static void begin_record(struct pipeline *pipeline, const struct named *named)
{
    size_t nth;

    if (named->respondent != NULL &&
        rulebook_find_respondent(pipeline->config->rules, named->respondent, &nth))
        roster_record(pipeline->roster, nth)->current = false;
}

/* What is closed does not go on: what he does next is an incident of its own. */
static bool end_incident(struct pipeline *pipeline, const struct named *named, struct utc now)
{
    struct incident *incident, before;

    if (named->known != NULL && named->current) {
        struct trouble_course *course = &named->known->troubles[named->trouble];
        bool was = course->closed;

        course->closed = true;
        if (!roster_keep(pipeline->roster) ||
            !ledger_put_device(pipeline->ledger, named->device, named->known)) {
            course->closed = was;
            return false;
        }
        begin_record(pipeline, named);
        return true;
    }
    if (!named->open || (named->exclusion == NULL && !named->of_senders))
        return true;
    incident = roster_incident(pipeline->roster, named->subject);
    if (named->of_senders)
        return strangers_close(pipeline, incident, now);
    before = *incident;
    incident->phase = PHASE_NONE;
    incident->closed = true;
    incident->authorised = false;
    incident->ended = now;
    if (!roster_keep(pipeline->roster) ||
        !ledger_put_incident(pipeline->ledger, named->subject, incident)) {
        *incident = before;
        return false;
    }
    pipeline->open--;
    begin_record(pipeline, named);
    return true;
}

static bool put_last_ack(struct pipeline *pipeline, const char *id)
{
    struct pipeline_acks *acks = &pipeline->acks;

    snprintf(acks->last_ack_id, sizeof acks->last_ack_id, "%s", id);
    acks->last_ack_in = ledger_gathering(pipeline->ledger);
    return ledger_put_last_ack(pipeline->ledger, id);
}

/* Whether an ack that is refused stays as evidence. */
static bool worth_keeping(struct pipeline_acks *acks, struct utc now)
{
    int64_t hour = now.ms / 3600000;

    if (acks->hour != hour)
        acks->refused = 0;
    acks->hour = hour;
    return ++acks->refused <= PIPELINE_ACKS_REFUSED_AN_HOUR;
}

static bool put_ack(struct pipeline *pipeline, const struct ack *ack, const struct named *named,
                    const char *refused, struct utc now)
{
    const char *respondent = named != NULL && named->respondent != NULL
                                 ? named->respondent
                                 : pipeline_acks_whose(pipeline, ack->incident);
    struct kept_entry entry = {
        .kind = "ack", .at = now, .respondent = respondent ? respondent : "", .evidence = true
    };
    char *body;
    bool ok;

    if (refused != NULL && !worth_keeping(&pipeline->acks, now))
        return put_last_ack(pipeline, ack->id);
    entry.body = body = input_print_ack(ack, refused);
    ok = body != NULL && ledger_put_entry(pipeline->ledger, &entry) &&
         put_last_ack(pipeline, ack->id);
    free(body);
    return ok;
}

/*
 * What the control room did, in words; each but a note is told by an alert. An outcome is what it
 * was taken or closed with, one of custody_reason_check: why it was handed or shelved is said
 * freely, and stands behind what was done.
 */
static void explain(const struct ack *ack, enum custody_act act, const struct custody *custody,
                    struct utc now, struct alert *alert)
{
    const char *colon = ack->reason[0] != '\0' ? ": " : "";
    char lasts[DURATION_TEXT_MAX];

    alert->by = ack->by;
    if (act == CUSTODY_HAND) {
        alert->to = ack->to;
        snprintf(alert->reason, sizeof alert->reason, "handed by %s to %s%s%s", ack->by, ack->to,
                 colon, ack->reason);
    } else if (act == CUSTODY_SHELVE) {
        alert->until = custody->shelved;
        alert->cause = "begins";
        snprintf(alert->reason, sizeof alert->reason, "shelved by %s for %s%s%s", ack->by,
                 duration_print(custody->shelved.ms - now.ms, lasts), colon, ack->reason);
    } else {
        alert->outcome = ack->reason[0] != '\0' ? ack->reason : NULL;
        snprintf(alert->reason, sizeof alert->reason, "%s by %s%s%s",
                 act == CUSTODY_CLOSE ? "closed" : "taken", ack->by, colon, ack->reason);
    }
}

static bool put_custody(struct pipeline *pipeline, const struct ack *ack, enum custody_act act,
                        const struct named *named, const struct custody *custody, struct utc now)
{
    static const enum alert_type types[] = { ALERT_ACKED, ALERT_CLOSED, ALERT_HANDED,
                                             ALERT_SHELVED };
    _Static_assert(sizeof types / sizeof *types == CUSTODY_NOTE, "an alert for each act before");
    struct alert alert;

    if (!ledger_put_custody(pipeline->ledger, ack->incident, custody))
        return false;
    if (act == CUSTODY_NOTE)
        return true;
    alert = pipeline_acks_make_alert(types[act], named, custody, now);
    explain(ack, act, custody, now, &alert);
    // Last, what changes more than rows: after it nothing fails.
    if (!pipeline_tell(pipeline, &alert) ||
        (act == CUSTODY_CLOSE && !end_incident(pipeline, named, now)))
        return false;
    if (act == CUSTODY_ACK && custody->since.ms != 0)
        histogram_add(&pipeline->stats->to_ack, histogram_ack, now.ms - custody->since.ms);
    return true;
}

static bool clean(const struct ack *ack, struct fault *why)
{
    const char *const texts[] = { ack->incident, ack->action, ack->by,   ack->reason,
                                  ack->note,     ack->to,     ack->until };
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

/* How grave it is now: an incident of a device is grave or not, see pipeline_acks.c. */
static enum severity severity_of_now(const struct named *named, const struct custody *custody)
{
    if (named->device[0] != '\0')
        return custody->since.ms != 0 ? SEVERITY_HIGH : SEVERITY_WARNING;
    if (named->newest != NULL && named->exclusion != NULL)
        return alert_severity(ALERT_UPDATE, named->newest->phase, named->newest->authorised);
    return custody->since.ms != 0 ? SEVERITY_CRITICAL : SEVERITY_HIGH;
}

static bool shelve(const struct ack *ack, const struct named *named, struct custody *custody,
                   struct utc now, struct fault *why)
{
    struct custody_shelf shelf = { .by = ack->by,
                                   .now = now,
                                   .severity = severity_of_now(named, custody) };

    if (!named->open)
        return fault_set(why, "it is over: there is nothing to keep quiet");
    return until_parse(ack->until, now, &shelf.until, why) && custody_shelve(custody, &shelf, why);
}

static bool act_on(const struct ack *ack, enum custody_act act, const struct named *named,
                   struct custody *custody, struct utc now, struct fault *why)
{
    switch (act) {
    case CUSTODY_HAND:
        return custody_hand(custody, ack->by, ack->to, why);
    case CUSTODY_SHELVE:
        return shelve(ack, named, custody, now, why);
    case CUSTODY_NOTE:
        return custody_may_note(custody, ack->by, ack->note, why);
    case CUSTODY_ACK:
    case CUSTODY_CLOSE:
    case CUSTODY_ACTS:
        break;
    }
    return custody_put(custody, act, ack->by, ack->reason, why);
}

/* All that decides whether the ack stands; *custody is then as the ack leaves it. */
static bool judge_ack(struct pipeline *pipeline, const struct ack *ack, struct named *named,
                      enum custody_act *act, struct custody *custody, struct utc now,
                      struct fault *why)
{
    const struct custody *known;

    if (!clean(ack, why))
        return false;
    if (!pipeline_acks_find(pipeline, ack->incident, named))
        return fault_set(why, "no such incident");
    if (!custody_act_of(ack->action, act))
        return fault_set(why, "action: \"%.40s\" is none of ack close hand shelve note",
                         ack->action);
    known = pipeline_acks_known(&pipeline->acks, ack->incident);
    *custody = known ? *known : (struct custody){ 0 };
    pipeline_acks_number(pipeline, named, custody);
    if (!is_about_it(ack, custody, why) || !act_on(ack, *act, named, custody, now, why))
        return false;
    custody_note(custody, ack->note);
    return true;
}

/* Whether the incident's first alert is on its way to Redis: the ack may stand in a moment. */
static bool is_early(const struct pipeline *pipeline, const struct ack *ack)
{
    const struct custody *known = table_find(&pipeline->acks.custodies, ack->incident);

    return known != NULL && known->unseen && ack->telling;
}

/* Keeps all that the ack changes, or nothing; *out_stands: it was not refused, else see *why. */
static bool apply_ack(struct pipeline *pipeline, const struct ack *ack, struct named *named,
                      struct fault *why, bool *out_stands)
{
    struct utc now = pipeline_now(pipeline);
    struct custody custody, *kept = NULL, before;
    enum custody_act act;
    bool ok;

    *out_stands = judge_ack(pipeline, ack, named, &act, &custody, now, why);
    if (!put_ack(pipeline, ack, *out_stands ? named : NULL, *out_stands ? NULL : why->text, now))
        return false;
    if (!*out_stands)
        return true;
    kept = pipeline_acks_take(&pipeline->acks, ack->incident);
    if (kept == NULL)
        return false;
    before = *kept;
    *kept = custody;
    ok = put_custody(pipeline, ack, act, named, kept, now);
    if (!ok)
        *kept = before;
    pipeline_acks_settle(&pipeline->acks, ack->incident);
    if (ok && act == CUSTODY_NOTE)
        pipeline_acks_noted(pipeline, ack->incident);
    return ok;
}

/* What cannot be kept even at the third time is refused, so that it is not read for ever. */
static enum acks_answer put_off(struct pipeline *pipeline, const struct ack *ack, struct fault *why)
{
    struct pipeline_acks *acks = &pipeline->acks;
    struct changes_place begin = ledger_begin(pipeline->ledger);
    char last_ack_id[ENTRY_ID_MAX];

    pipeline->stats->unjudged++;
    acks->tries = strcmp(acks->later, ack->id) == 0 ? acks->tries + 1 : 1;
    snprintf(acks->later, sizeof acks->later, "%s", ack->id);
    if (acks->tries < ACK_TRIES)
        return ACKS_LATER;
    memcpy(last_ack_id, acks->last_ack_id, sizeof last_ack_id);
    fault_set(why, "it could not be kept: say it again");
    log_error("acks: %.40s: could not be kept", ack->id);
    if (put_ack(pipeline, ack, NULL, why->text, pipeline_now(pipeline)))
        return ACKS_REFUSED;
    memcpy(acks->last_ack_id, last_ack_id, sizeof last_ack_id);
    ledger_drop(pipeline->ledger, &begin);
    return ACKS_LATER;
}

enum acks_answer pipeline_ack(struct pipeline *pipeline, const struct ack *ack, struct fault *why)
{
    struct named *named = calloc(1, sizeof *named);
    struct changes_place begin;
    char last_ack_id[ENTRY_ID_MAX];
    enum acks_answer answer;
    bool stands;

    if (named == NULL || pipeline->closed != NULL || ledger_full(pipeline->ledger) ||
        is_early(pipeline, ack)) {
        free(named);
        return ACKS_LATER;
    }
    begin = ledger_begin(pipeline->ledger);
    memcpy(last_ack_id, pipeline->acks.last_ack_id, sizeof last_ack_id);
    if (apply_ack(pipeline, ack, named, why, &stands)) {
        answer = stands ? ACKS_TAKEN : ACKS_REFUSED;
    } else if (pipeline->closed != NULL) {
        answer = ACKS_LATER;
    } else {
        ledger_drop(pipeline->ledger, &begin);
        memcpy(pipeline->acks.last_ack_id, last_ack_id, sizeof last_ack_id);
        answer = put_off(pipeline, ack, why);
    }
    free(named);
    ledger_flush(pipeline->ledger);
    return answer;
}

bool pipeline_skip_ack(struct pipeline *pipeline, const char *id)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (pipeline->closed != NULL || ledger_full(pipeline->ledger))
        return false;
    if (put_last_ack(pipeline, id))
        return true;
    ledger_drop(pipeline->ledger, &begin); // asked for again
    return false;
}

const char *pipeline_kept_ack_id(struct pipeline *pipeline)
{
    struct pipeline_acks *acks = &pipeline->acks;

    if (pipeline->closed == NULL && acks->last_ack_in <= ledger_committed(pipeline->ledger))
        snprintf(acks->kept, sizeof acks->kept, "%s", acks->last_ack_id);
    return acks->kept;
}

const char *pipeline_last_ack_id(const struct pipeline *pipeline)
{
    return pipeline->acks.last_ack_id;
}
