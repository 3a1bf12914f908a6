/* SPDX-License-Identifier: Apache-2.0 */
#include "app/desk.h"

#include "adapter/clock.h"
#include "adapter/entry_id.h"
#include "adapter/input_json.h"
#include "adapter/log.h"
#include "adapter/text.h"
#include "app/pipeline_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_TRIES = 3 };

/*
 * An incident by its id: of which zone (NULL: of breachd's own blindness) or device, which of its
 * incidents.
 */
struct named {
    char subject[INPUT_SUBJECT_MAX];
    uint32_t number;
    struct stub stub;
    const struct exclusion *exclusion;
    const struct incident *newest;   /* of the zone */
    bool current, open;              /* it is that one; and goes on */
    char device[NAME_MAX_CHARS + 1]; /* "": of no device */
    enum trouble_kind trouble;
    struct known_device *known;
    const char *respondent, *area;
};

void desk_init(struct desk *desk)
{
    *desk = (struct desk){ .custodies.size = sizeof(struct custody) };
}

void desk_fini(struct desk *desk)
{
    book_fini(&desk->custodies);
    agenda_fini(&desk->due);
}

/* When it is escalated next, of custody number `nth`. */
static struct utc due_of(size_t nth, void *arg)
{
    const struct desk *desk = arg;
    const char *incident;

    return custody_due(book_nth(&desk->custodies, nth, &incident), desk->remind_ms);
}

void desk_adopt(struct desk *desk, int64_t remind_ms)
{
    if (desk->remind_ms == remind_ms)
        return;
    desk->remind_ms = remind_ms;
    agenda_ask(&desk->due, due_of, desk); // of those that wait
}

/* The custody of `incident`, made if there is none, or NULL; to be given to `settle` when changed.
 */
static struct custody *take(struct desk *desk, const char *incident)
{
    struct custody *custody = book_take(&desk->custodies, incident);

    return custody != NULL && agenda_reserve(&desk->due, desk->custodies.room) ? custody : NULL;
}

static void settle(struct desk *desk, const char *incident)
{
    size_t nth;

    if (book_number(&desk->custodies, incident, &nth))
        agenda_set(&desk->due, nth, due_of(nth, desk));
}

void desk_forget(struct desk *desk)
{
    book_blank(&desk->custodies);
    agenda_fini(&desk->due);
    desk->heard[0] = desk->kept[0] = '\0';
    desk->heard_in = 0;
}

void desk_recall_row(struct desk *desk, const struct row *row)
{
    struct custody *custody = row->kind == ROW_CUSTODY ? take(desk, row->name) : NULL;

    if (custody != NULL) {
        *custody = row->custody;
        settle(desk, row->name);
    }
    if (row->kind == ROW_HEARD)
        snprintf(desk->heard, sizeof desk->heard, "%s", row->name);
    snprintf(desk->kept, sizeof desk->kept, "%s", desk->heard);
}

static bool is_alarm(const struct alert *alert)
{
    return alert->severity == SEVERITY_CRITICAL &&
           (alert->type == ALERT_BREACH || alert->type == ALERT_BLIND);
}

/* Nothing was ever told of its incident: an earlier try may have been undone. */
static bool is_blank(const struct custody *custody)
{
    return !custody->unseen && custody->since_entry[0] == '\0' && custody->since.ms == 0 &&
           custody->told == 0 && !custody->taken && !custody->closed;
}

/* What an alert means for who has the incident; false when that is nothing new. */
static bool raise_alarm(struct custody *custody, const struct alert *alert)
{
    bool blank = is_blank(custody);

    if (!blank && !is_alarm(alert))
        return false;
    custody->unseen = custody->unseen || blank;
    if (is_alarm(alert))
        custody_alarm(custody, alert->received);
    return true;
}

bool desk_put_alarm(struct pipeline *pipeline, const struct alert *alert, const char *incident,
                    struct custody *out)
{
    const struct custody *custody = incident[0] != '\0' ? take(&pipeline->desk, incident) : NULL;

    *out = custody != NULL ? *custody : (struct custody){ 0 };
    if (custody == NULL)
        return incident[0] == '\0';
    return !raise_alarm(out, alert) || ledger_put_custody(pipeline->ledger, incident, out);
}

void desk_alarm(struct pipeline *pipeline, const struct alert *alert)
{
    char incident[EVENT_ID_MAX];
    struct custody *custody;

    event_incident(alert, incident);
    custody = book_find(&pipeline->desk.custodies, incident); // desk_put_alarm has made it
    if (custody != NULL && raise_alarm(custody, alert))
        settle(&pipeline->desk, incident);
}

bool desk_right(struct pipeline *pipeline, const struct righting *righting, bool keep)
{
    struct custody *custody;
    const char *incident;
    bool ok = true;

    for (size_t i = 0; ok && (custody = book_nth(&pipeline->desk.custodies, i, &incident)) != NULL;
         i++) {
        if (!righting_custody(righting, custody))
            continue;
        settle(&pipeline->desk, incident);
        ok = !keep || ledger_put_custody(pipeline->ledger, incident, custody);
    }
    return ok;
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
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (custody == NULL || !custody->unseen || pipeline->closed != NULL)
        return;
    custody->unseen = false;
    snprintf(custody->since_entry, sizeof custody->since_entry, "%s", is_given(since) ? since : "");
    // With the mark of what is published, which nobody waits for.
    if (ledger_put_custody(pipeline->ledger, incident, custody))
        return;
    ledger_drop(pipeline->ledger, &begin);
    log_error("%s: where its first alert stands could not be kept", incident);
}

/* ---- which incident ---- */

/* "device/ID/KIND" into its parts; false for anything else. */
static bool split_device(const char *subject, struct named *out)
{
    static const char head[] = "device/";
    const char *id = subject + sizeof head - 1, *slash;

    if (strncmp(subject, head, sizeof head - 1) != 0 || (slash = strchr(id, '/')) == NULL ||
        (size_t)(slash - id) >= sizeof out->device || !trouble_of_name(slash + 1, &out->trouble))
        return false;
    snprintf(out->device, sizeof out->device, "%.*s", (int)(slash - id), id);
    return true;
}

static bool find_device(struct pipeline *pipeline, unsigned long number, struct named *out)
{
    const struct rulebook *rules = pipeline->config->rules;
    struct utc now = pipeline_now(pipeline);
    const struct trouble_course *course;
    size_t respondent, nth;

    out->known = roster_find_device(pipeline->roster, out->device);
    if (out->known == NULL || number > out->known->troubles[out->trouble].number)
        return false;
    course = &out->known->troubles[out->trouble];
    out->number = (uint32_t)number;
    out->current = out->number == course->number;
    out->open = out->current &&
                trouble_goes_on(course, now, pipeline->config->settings.detect.device_every_ms);
    if (rulebook_find_device(rules, out->device, &respondent, &nth)) {
        out->respondent = rulebook_respondent(rules, respondent)->id;
        out->area = respondent_area(rulebook_respondent(rules, respondent), now);
    }
    return true;
}

/* "SUBJECT/NUMBER"; false when there never was such an incident. */
static bool find(struct pipeline *pipeline, const char *incident, struct named *out)
{
    const char *slash = strrchr(incident, '/');
    char *end = NULL;
    unsigned long number =
        slash != NULL && slash[1] > '0' && slash[1] <= '9' ? strtoul(slash + 1, &end, 10) : 0;

    if (number == 0 || *end != '\0' || (size_t)(slash - incident) >= sizeof out->subject)
        return false;
    snprintf(out->subject, sizeof out->subject, "%.*s", (int)(slash - incident), incident);
    if (split_device(out->subject, out))
        return find_device(pipeline, number, out);
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
    out->respondent = out->exclusion ? out->exclusion->order->respondent : NULL;
    return true;
}

/* ---- alerts of the desk ---- */

static struct alert make_alert(enum alert_type type, const struct named *named,
                               const struct custody *custody, struct utc now)
{
    return (struct alert){ .type = type,
                           .severity = type == ALERT_ESCALATED ? SEVERITY_CRITICAL : SEVERITY_INFO,
                           .exclusion = named->exclusion,
                           .respondent = named->respondent,
                           .device = named->device[0] != '\0' ? named->device : NULL,
                           .area = named->area,
                           .trouble = named->trouble,
                           .incident = named->number,
                           .nth = custody->told,
                           .time = now,
                           .received = now,
                           .over = !named->open,
                           .probability = NAN,
                           .depth = NAN,
                           .eta = NAN };
}

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
    struct incident *incident, ended;

    if (named->known != NULL && named->current) {
        named->known->troubles[named->trouble].closed = true;
        begin_record(pipeline, named);
        return ledger_put_device(pipeline->ledger, named->device, named->known);
    }
    if (!named->open || named->exclusion == NULL)
        return true;
    incident = roster_incident(pipeline->roster, named->subject);
    ended = *incident;
    ended.phase = PHASE_NONE;
    ended.authorised = false;
    ended.ended = now;
    if (!ledger_put_incident(pipeline->ledger, named->subject, &ended))
        return false;
    *incident = ended;
    pipeline->open--;
    begin_record(pipeline, named);
    return true;
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
    const char *respondent = named != NULL ? named->respondent : NULL;
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

    alert.by = ack->by;
    alert.outcome = ack->reason[0] != '\0' ? ack->reason : NULL;
    snprintf(alert.reason, sizeof alert.reason, "%s by %s%s%s",
             act == CUSTODY_ACK ? "taken" : "closed", ack->by, alert.outcome ? ": " : "",
             alert.outcome ? alert.outcome : "");
    // Last, what changes more than rows: after it nothing fails.
    if (!ledger_put_custody(pipeline->ledger, ack->incident, custody) ||
        !pipeline_tell(pipeline, &alert) ||
        (act == CUSTODY_CLOSE && !end_incident(pipeline, named, now)))
        return false;
    if (act == CUSTODY_ACK && custody->since.ms != 0)
        histogram_add(&pipeline->stats->to_ack, histogram_ack, now.ms - custody->since.ms);
    return true;
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
    if (!is_about_it(ack, custody, why) || !custody_put(custody, *act, ack->by, ack->reason, why))
        return false;
    custody_note(custody, ack->note);
    return true;
}

/* Whether its first alert is on its way to Redis: then the word may be about it, in a moment. */
static bool is_early(const struct pipeline *pipeline, const struct ack *ack)
{
    const struct custody *known = book_find(&pipeline->desk.custodies, ack->incident);

    return known != NULL && known->unseen && ack->telling;
}

/* With everything that the word changes, or nothing; *refused says why it does not stand, or NULL.
 */
static bool take_word(struct pipeline *pipeline, const struct ack *ack, struct named *named,
                      struct fault *why, bool *out_stands)
{
    struct utc now = pipeline_now(pipeline);
    struct custody custody, *kept = NULL, before;
    enum custody_act act;
    bool ok;

    *out_stands = judge_word(pipeline, ack, named, &act, &custody, why);
    if (!put_word(pipeline, ack, *out_stands ? named : NULL, *out_stands ? NULL : why->text, now))
        return false;
    if (!*out_stands)
        return true;
    kept = take(&pipeline->desk, ack->incident);
    if (kept == NULL)
        return false;
    before = *kept;
    *kept = custody;
    ok = put_custody(pipeline, ack, act, named, kept, now);
    if (!ok)
        *kept = before;
    settle(&pipeline->desk, ack->incident);
    return ok;
}

/* What cannot be kept even at the third time is refused, so that it is not read for ever. */
static enum acks_answer put_off(struct pipeline *pipeline, const struct ack *ack, struct fault *why)
{
    struct desk *desk = &pipeline->desk;
    struct changes_place begin = ledger_begin(pipeline->ledger);
    char heard[ACKS_ID_MAX];

    pipeline->stats->unjudged++;
    desk->tries = strcmp(desk->later, ack->id) == 0 ? desk->tries + 1 : 1;
    snprintf(desk->later, sizeof desk->later, "%s", ack->id);
    if (desk->tries < WORD_TRIES)
        return ACKS_LATER;
    memcpy(heard, desk->heard, sizeof heard);
    fault_set(why, "it could not be kept: say it again");
    log_error("acks: %.40s: could not be kept", ack->id);
    if (put_word(pipeline, ack, NULL, why->text, pipeline_now(pipeline)))
        return ACKS_REFUSED;
    memcpy(desk->heard, heard, sizeof heard);
    ledger_drop(pipeline->ledger, &begin);
    return ACKS_LATER;
}

enum acks_answer pipeline_hear(struct pipeline *pipeline, const struct ack *ack, struct fault *why)
{
    struct named *named = calloc(1, sizeof *named);
    struct changes_place begin;
    char heard[ACKS_ID_MAX];
    enum acks_answer answer;
    bool stands;

    if (named == NULL || pipeline->closed != NULL || ledger_full(pipeline->ledger) ||
        is_early(pipeline, ack)) {
        free(named);
        return ACKS_LATER;
    }
    begin = ledger_begin(pipeline->ledger);
    memcpy(heard, pipeline->desk.heard, sizeof heard);
    if (take_word(pipeline, ack, named, why, &stands)) {
        answer = stands ? ACKS_TAKEN : ACKS_REFUSED;
    } else if (pipeline->closed != NULL) {
        answer = ACKS_LATER;
    } else {
        ledger_drop(pipeline->ledger, &begin);
        memcpy(pipeline->desk.heard, heard, sizeof heard);
        answer = put_off(pipeline, ack, why);
    }
    free(named);
    ledger_flush(pipeline->ledger);
    return answer;
}

bool pipeline_skip(struct pipeline *pipeline, const char *id)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (pipeline->closed != NULL || ledger_full(pipeline->ledger))
        return false;
    if (put_heard(pipeline, id))
        return true;
    ledger_drop(pipeline->ledger, &begin); // asked for again
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

/* All of it, or nothing; it is `named` in the end. */
static bool escalate(struct pipeline *pipeline, const char *incident, struct custody *custody,
                     struct named *named, struct utc now)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);
    char age[DURATION_TEXT_MAX], since[UTC_TEXT_MAX];
    struct custody before = *custody;
    struct alert alert;
    bool ok = true;

    if (find(pipeline, incident, named)) {
        custody->reminded++;
        custody->told++;
        alert = make_alert(ALERT_ESCALATED, named, custody, now);
        snprintf(alert.reason, sizeof alert.reason,
                 "nobody has taken it for %s, since the alert of %s",
                 duration_print(now.ms - custody->since.ms, age), utc_print(custody->since, since));
        ok = ledger_put_custody(pipeline->ledger, incident, custody) &&
             pipeline_tell(pipeline, &alert);
    }
    if (ok)
        return true;
    ledger_drop(pipeline->ledger, &begin);
    *custody = before;
    return false;
}

static void note_unescalated(struct pipeline *pipeline, const struct named *named)
{
    size_t nth;

    if (named->exclusion != NULL && named->exclusion->order->respondent != NULL &&
        rulebook_find_respondent(pipeline->config->rules, named->exclusion->order->respondent,
                                 &nth))
        unjudged_note(pipeline, nth, 0, UNJUDGED_ESCALATION);
}

static struct utc later(struct utc a, struct utc b)
{
    return a.ms > b.ms ? a : b;
}

static bool first_due(const struct desk *desk, struct utc now, size_t *out_nth)
{
    struct utc due;

    return agenda_first(&desk->due, out_nth, &due) && due.ms <= now.ms;
}

bool desk_is_behind(const struct pipeline *pipeline, struct utc now)
{
    size_t nth;

    return first_due(&pipeline->desk, now, &nth);
}

void desk_tick(struct pipeline *pipeline, struct utc now)
{
    struct desk *desk = &pipeline->desk;
    struct named named;
    size_t nth;

    for (int i = 0; i < DESK_TURN && !ledger_full(pipeline->ledger) && first_due(desk, now, &nth);
         i++) {
        const char *incident;
        struct custody *custody = book_nth(&desk->custodies, nth, &incident);
        uint32_t reminded = custody->reminded;
        bool kept;

        memset(&named, 0, sizeof named);
        kept = escalate(pipeline, incident, custody, &named, now);
        if (pipeline->closed != NULL)
            return;
        if (!kept)
            note_unescalated(pipeline, &named);
        // Of what there never was nobody can be reminded; else of one incident once a second.
        if (kept && custody->reminded == reminded)
            agenda_set(&desk->due, nth, UTC_NEVER);
        else
            agenda_set(&desk->due, nth, later(due_of(nth, desk), utc_plus(now, 1000)));
    }
}
