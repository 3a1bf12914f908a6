/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/incident_log.h"

#include "adapter/clock.h"
#include "adapter/text.h"
#include "ctl/line.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b); // `incident` comes first in it
}

/* NULL for what is the name of none, or when memory is out. */
static struct logged_incident *find(struct incident_log *log, const char *incident)
{
    struct logged_incident *one, **node;

    if (incident[0] == '\0' || strlen(incident) >= LOGGED_INCIDENT_MAX)
        return NULL;
    node = tfind(incident, &log->tree, by_name);
    if (node != NULL)
        return *node;
    one = calloc(1, sizeof *one);
    if (one != NULL) {
        strcpy(one->incident, incident);
        node = tsearch(one, &log->tree, by_name);
    }
    if (node == NULL) {
        free(one);
        log->broken = true;
        return NULL;
    }
    log->n++;
    return one;
}

/* ---- alerts ---- */

static bool is_true(const json_t *event, const char *member)
{
    return json_is_true(json_object_get(json_object_get(event, "data"), member));
}

static void count_alert(struct incident_log *log, struct utc at, bool authorised)
{
    if (at.ms < log->since.ms)
        return;
    if (log->n_alerts == log->room) {
        size_t room = 2 * log->room + 256;
        struct logged_alert *larger = reallocarray(log->alerts, room, sizeof *larger);

        log->broken |= larger == NULL;
        if (larger == NULL)
            return;
        log->alerts = larger;
        log->room = room;
    }
    log->alerts[log->n_alerts++] = (struct logged_alert){ at, authorised };
}

/* Whether it goes on, and still needs somebody; of what is of the past its alert is the end. */
static void take_course(struct logged_incident *one, const json_t *event, const struct alert *alert)
{
    enum todo_rule todo = alert_spec(alert->type)->todo;
    bool over = todo == TODO_CLOSE || todo == TODO_UNTIL_TAKEN ||
                alert_is(alert->type, TRAIT_PAST) || alert->over;
    enum alert_effect effect = alert_todo(alert, one->by[0] != '\0');

    one->open = !over;
    one->ended = over ? alert->received : (struct utc){ 0 };
    if (effect != EFFECT_NONE)
        one->needed = effect == EFFECT_OPEN;
    text_fit(line_text(event, "data.reason"), one->reason, sizeof one->reason);
}

static bool calls(const struct logged_incident *one, enum alert_type type, enum severity severity)
{
    return one->called.ms == 0 && ((severity == SEVERITY_CRITICAL && alert_is(type, TRAIT_ALARM)) ||
                                   (severity >= SEVERITY_HIGH && alert_is(type, TRAIT_GRAVE)));
}

/* A trouble that has happened goes on no more, though it needs somebody. */
static bool has_happened(const json_t *event, enum alert_type type)
{
    return type == ALERT_TROUBLE && strcmp(line_text(event, "data.cause"), "pings-lost") == 0;
}

/* Who had it by Redis, when the ledger that knew is gone: since when, nobody knows. */
static void take_holder(struct logged_incident *one, const json_t *event, enum alert_type type)
{
    const char *by = line_text(event, "data.by");

    if (type == ALERT_TROUBLE && by[0] != '\0')
        text_fit(by, one->by, sizeof one->by);
}

/* When the matter itself began, which may be told later: a blindness, a breach in late pings. */
static struct utc began_at(const json_t *event, struct utc alerted)
{
    struct utc at;

    return utc_parse(line_text(event, "time"), &at) ? utc_earlier(at, alerted) : alerted;
}

static void take_state(struct logged_incident *one, const json_t *event, enum alert_type type,
                       struct utc at)
{
    int grade = line_severity(line_text(event, "data.severity"));
    enum severity severity = grade < 0 ? SEVERITY_HIGH : (enum severity)grade;

    if (one->alerts == 0 || severity > one->worst) {
        one->worst = severity;
        one->gravest = type;
    }
    one->permitted = is_true(event, "authorised") && (one->alerts == 0 || one->permitted);
    one->began = one->alerts == 0 ? began_at(event, at) : one->began;
    one->first = one->alerts == 0 ? at : one->first;
    one->last = at;
    one->alerts++;
    one->exercise = is_true(event, "exercise");
    if (calls(one, type, severity))
        one->called = at;
    if (severity == SEVERITY_CRITICAL && alert_is(type, TRAIT_ALARM))
        one->by[0] = '\0'; // whoever had it must look again
    take_holder(one, event, type);
    take_course(one, event,
                &(struct alert){ .type = type,
                                 .received = at,
                                 .authorised = is_true(event, "authorised"),
                                 // Of a reload, and of senders, an information is the end.
                                 .over = has_happened(event, type) ||
                                         (alert_spec(type)->todo == TODO_WHILE_OPEN &&
                                          severity == SEVERITY_INFO) });
}

/* By the control room's alerts, which stand in the order in which the words stood. */
static void take_word(struct logged_incident *one, const json_t *event, enum alert_type type,
                      struct utc at)
{
    const char *by = line_text(event, type == ALERT_HANDED ? "data.to" : "data.by");

    if (type == ALERT_ESCALATED)
        return;
    if (type == ALERT_SHELVED) {
        one->shelved.ms = 0;
        utc_parse(line_text(event, "data.until"), &one->shelved);
        text_fit(by, one->shelved_by, sizeof one->shelved_by);
        return;
    }
    text_fit(by, one->by, sizeof one->by);
    one->needed = one->open && type != ALERT_CLOSED;
    if (one->taken.ms == 0)
        one->taken = at;
    if (type != ALERT_CLOSED)
        return;
    one->closed = at;
    one->shelved.ms = 0;
    one->ended = one->open ? at : one->ended;
    one->open = false;
    text_fit(line_text(event, "data.outcome"), one->outcome, sizeof one->outcome);
}

static bool is_elsewhere(const struct incident_log *log, const json_t *event)
{
    const char *area = line_text(event, "data.area");

    return log->area != NULL && area[0] != '\0' && strcmp(area, log->area) != 0;
}

static void take_alert(struct incident_log *log, const json_t *event)
{
    struct logged_incident *one;
    enum alert_type type;
    struct utc at;

    if (!utc_parse(line_text(event, "data.received"), &at) || is_elsewhere(log, event) ||
        !line_type_of(event, &type))
        return;
    log->exercise |= is_true(event, "exercise");
    log->newest = utc_later(log->newest, at);
    if (!alert_is(type, TRAIT_CONTROL_ROOM) &&
        line_severity(line_text(event, "data.severity")) >= SEVERITY_WARNING)
        count_alert(log, at, is_true(event, "authorised"));
    one = find(log, line_text(event, "data.incident"));
    if (one == NULL)
        return; // of none: our clock's, the chain's
    one->touched = utc_later(one->touched, at);
    if (one->area[0] == '\0')
        text_fit(line_text(event, "data.area"), one->area, sizeof one->area);
    // What is escalated stands here also where retention has taken how it began.
    if (alert_is(type, TRAIT_CONTROL_ROOM) && (type != ALERT_ESCALATED || one->alerts > 0))
        take_word(one, event, type, at);
    else
        take_state(one, event, type, at);
}

/* ---- notes, which no alert carries ---- */

static void take_ack(struct incident_log *log, const json_t *word, struct utc at)
{
    const char *note = line_text(word, "note"), *incident = line_text(word, "incident");
    struct logged_incident **node;

    if (note[0] == '\0' || line_text(word, "refused")[0] != '\0')
        return;
    node = tfind(incident, &log->tree, by_name); // its alerts were told before
    if (node == NULL)
        return;
    text_fit(note, (*node)->note, sizeof(*node)->note);
    (*node)->touched = utc_later((*node)->touched, at);
}

static bool on_entry(const struct read_entry *entry, void *arg)
{
    struct incident_log *log = arg;
    bool ack = strcmp(entry->kind, "ack") == 0;
    json_t *json;

    if (entry->body == NULL ||
        (!ack && strcmp(entry->kind, "alert") != 0 && strcmp(entry->kind, "notice") != 0))
        return true;
    json = json_loads(entry->body, 0, NULL);
    if (ack)
        take_ack(log, json, entry->at);
    else
        take_alert(log, json);
    json_decref(json);
    return !log->broken;
}

/* ---- all of them ---- */

static int by_beginning(const void *a, const void *b)
{
    const struct logged_incident *one = *(struct logged_incident *const *)a;
    const struct logged_incident *other = *(struct logged_incident *const *)b;

    return one->began.ms != other->began.ms ? (one->began.ms > other->began.ms ? 1 : -1)
                                            : strcmp(one->incident, other->incident);
}

static void list_one(const void *node, VISIT visit, void *arg)
{
    struct incident_log *log = arg;

    if (visit == postorder || visit == leaf)
        log->of[log->n++] = *(struct logged_incident *const *)node;
}

/* What is over, and whose time has passed, is kept quiet no more: no alert need say so. */
static void end_shelves(struct incident_log *log)
{
    struct utc now = incident_log_now(log);

    for (size_t i = 0; i < log->n; i++) {
        struct logged_incident *one = log->of[i];

        if (one->open && one->shelved.ms > now.ms)
            continue;
        one->shelved.ms = 0;
        one->shelved_by[0] = '\0';
    }
}

bool incident_log_read(struct ledger_reader *reader, struct utc since, const char *area,
                       struct incident_log *out, struct fault *why)
{
    *out = (struct incident_log){ .since = since, .area = area };
    if (!ledger_reader_each(reader, 0, INT64_MAX, on_entry, out, why))
        return false;
    out->of = out->broken ? NULL : calloc(out->n + 1, sizeof(struct logged_incident *));
    if (out->of == NULL)
        return fault_set(why, FAULT_MEMORY);
    out->n = 0;
    twalk_r(out->tree, list_one, out);
    end_shelves(out);
    qsort(out->of, out->n, sizeof *out->of, by_beginning);
    return true;
}

void incident_log_fini(struct incident_log *log)
{
    tdestroy(log->tree, free);
    free(log->of);
    free(log->alerts);
    *log = (struct incident_log){ 0 };
}

struct utc incident_log_now(const struct incident_log *log)
{
    return log->exercise ? log->newest : clock_utc();
}

const char *logged_state(const struct logged_incident *one)
{
    return one->closed.ms != 0 ? "closed" : one->open ? "open" : "ended";
}

bool logged_is_closed(const struct logged_incident *one)
{
    return one->closed.ms != 0;
}

bool logged_is_taken(const struct logged_incident *one)
{
    return one->by[0] != '\0' && one->closed.ms == 0;
}

bool logged_is_untaken(const struct logged_incident *one)
{
    return one->by[0] == '\0' && one->needed;
}

bool logged_is_shelved(const struct logged_incident *one)
{
    return one->shelved.ms != 0;
}

bool logged_is_of_device(const struct logged_incident *one)
{
    static const char device[] = "device/";

    return strncmp(one->incident, device, sizeof device - 1) == 0;
}
