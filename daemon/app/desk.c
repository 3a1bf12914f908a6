/* SPDX-License-Identifier: Apache-2.0 */
#include "app/desk.h"

#include "adapter/input_json.h"
#include "adapter/text.h"
#include "app/pipeline_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
}

void desk_forget(struct desk *desk)
{
    book_blank(&desk->custodies);
    desk->heard[0] = '\0';
}

void desk_recall_row(struct desk *desk, const struct row *row)
{
    struct custody *custody =
        row->kind == ROW_CUSTODY ? book_take(&desk->custodies, row->name) : NULL;

    if (custody != NULL)
        *custody = row->custody;
    if (row->kind == ROW_HEARD)
        snprintf(desk->heard, sizeof desk->heard, "%s", row->name);
}

bool desk_alert(struct pipeline *pipeline, const struct alert *alert, const char *incident)
{
    struct custody *custody;

    if (alert->severity != SEVERITY_CRITICAL ||
        (alert->type != ALERT_BREACH && alert->type != ALERT_BLIND))
        return true;
    custody = book_take(&pipeline->desk.custodies, incident);
    if (custody == NULL)
        return false;
    custody_alarm(custody, alert->received);
    return ledger_put_custody(pipeline->ledger, incident, custody);
}

const struct custody *desk_custody(const struct desk *desk, const char *incident)
{
    return book_find(&desk->custodies, incident);
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
    if (out->newest == NULL || number > out->newest->numbers)
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
    struct incident *incident;

    if (named->known != NULL && named->current) {
        named->known->troubles[named->trouble].closed = true;
        begin_record(pipeline, named);
        return ledger_put_device(pipeline->ledger, named->device, named->known);
    }
    if (!named->open || named->exclusion == NULL)
        return true;
    incident = roster_incident(pipeline->roster, named->subject);
    incident->phase = PHASE_NONE;
    incident->authorised = false;
    incident->ended = now;
    pipeline->open--;
    begin_record(pipeline, named);
    return ledger_put_incident(pipeline->ledger, named->subject, incident);
}

static bool put_word(struct pipeline *pipeline, const struct ack *ack, const struct named *named,
                     const char *refused, struct utc now)
{
    const char *respondent = named != NULL ? named->respondent : NULL;
    struct kept_entry entry = {
        .kind = "ack", .at = now, .respondent = respondent ? respondent : "", .evidence = true
    };
    char *body = input_print_ack(ack, refused);
    bool ok;

    entry.body = body;
    snprintf(pipeline->desk.heard, sizeof pipeline->desk.heard, "%s", ack->id);
    ok = body != NULL && ledger_put_entry(pipeline->ledger, &entry) &&
         ledger_put_heard(pipeline->ledger, ack->id);
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
    if (!custody_put(custody, *act, ack->by, ack->reason, why))
        return false;
    custody_note(custody, ack->note);
    return true;
}

/* With everything that the word changes it is put into the next commit. */
enum acks_answer pipeline_hear(struct pipeline *pipeline, const struct ack *ack, struct fault *why)
{
    struct utc now = pipeline_now(pipeline);
    struct named *named = calloc(1, sizeof *named);
    struct custody custody, *kept = NULL;
    enum custody_act act;
    bool stands, ok;

    if (named == NULL || pipeline->closed != NULL || ledger_full(pipeline->ledger)) {
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
