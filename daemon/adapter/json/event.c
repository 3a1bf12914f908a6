/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/event.h"

#include "adapter/text.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ten digits of a degree are a millimetre. */
enum { DUMP_FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(10) };

/* Longer is no text of an alert. What fills all of a reason was cut where it was made. */
enum { WORDS_MAX = 512 };

void event_incident(const struct alert *alert, char out[EVENT_ID_MAX])
{
    if (alert->exclusion != NULL)
        snprintf(out, EVENT_ID_MAX, "%s/%u", alert->exclusion->subject, alert->incident);
    else if (alert->device != NULL && alert->incident > 0)
        snprintf(out, EVENT_ID_MAX, "device/%s/%s/%u", alert->device, trouble_name(alert->trouble),
                 alert->incident);
    else if (alert->device == NULL && !alert_is(alert->type, TRAIT_NO_INCIDENT))
        snprintf(out, EVENT_ID_MAX, "%s/%u", alert->own ? alert->own : "blind", alert->incident);
    else
        out[0] = '\0';
}

void event_id(const struct alert *alert, const char *site, char out[EVENT_ID_MAX])
{
    char incident[EVENT_ID_MAX];

    event_incident(alert, incident);
    if (alert_is(alert->type, TRAIT_CONTROL_ROOM))
        snprintf(out, EVENT_ID_MAX, "%s/%.*s/desk/%u", site, EVENT_ID_MAX / 2, incident,
                 alert->nth);
    else if (alert->exclusion == NULL && alert->device != NULL)
        snprintf(out, EVENT_ID_MAX, "%s/device/%s/%u", site, alert->device, alert->nth);
    else if (alert->exclusion == NULL && alert_is(alert->type, TRAIT_NO_INCIDENT))
        snprintf(out, EVENT_ID_MAX, "%s/%s/%u", site, alert_type_name(alert->type), alert->nth);
    else
        snprintf(out, EVENT_ID_MAX, "%s/%.*s/%u", site, EVENT_ID_MAX / 2, incident, alert->nth);
}

/* A number as it is; null for NaN and infinity, which JSON does not have. */
static json_t *exactly(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* Rounded to `digits` after the point. */
static json_t *number(double value, double digits)
{
    double scale = pow(10, digits);

    return exactly(round(value * scale) / scale);
}

/* A text cut to `room` bytes, as JSON; never fails, whatever bytes it holds. */
static json_t *words(const char *value, size_t room)
{
    char fitted[WORDS_MAX];

    return json_string(text_fit(value, fitted, room));
}

static json_t *text(const char *value)
{
    return value != NULL && value[0] != '\0' ? words(value, WORDS_MAX) : json_null();
}

static json_t *instant(struct utc at)
{
    char printed[UTC_TEXT_MAX];

    return json_string(utc_print(at, printed));
}

static json_t *ping_object(const struct alert *alert, const struct event_source *source)
{
    if (!alert->has_ping)
        return json_null();
    if (source->no_position)
        return json_pack("{s:o,s:o}", "time", instant(alert->ping.time), "accuracy",
                         number(alert->ping.accuracy, 1));
    return json_pack("{s:o,s:o,s:o,s:o}", "time", instant(alert->ping.time), "lat",
                     exactly(alert->ping.at.lat), "lon", exactly(alert->ping.at.lon), "accuracy",
                     number(alert->ping.accuracy, 1));
}

static json_t *data_object(const struct alert *alert, const struct event_source *source)
{
    const struct order *order = alert->exclusion ? alert->exclusion->order : NULL;
    char incident[EVENT_ID_MAX];

    event_incident(alert, incident);
    return json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:b,s:b,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
        "incident", text(incident), "order", text(order ? order->id : NULL), "kind",
        text(order ? order->kind : NULL), "clause", text(order ? order->clause : NULL),
        "respondent", text(alert->respondent), "device", text(alert->device), "zone",
        text(alert->exclusion ? alert->exclusion->name : NULL), "area", text(alert_area(alert)),
        "severity", severity_name(alert->severity), "authorised", alert->authorised, "late",
        alert_is(alert->type, TRAIT_PAST), "exercise", source->exercise, "probability",
        number(alert->probability, 3), "depth", number(alert->depth, 1), "eta",
        number(alert->eta, 0), "rule", alert->rule > 0 ? json_integer(alert->rule) : json_null(),
        "reason", words(alert->reason, ALERT_REASON_MAX - 1), "ping", ping_object(alert, source),
        "received", instant(alert->received), "rules", text(order ? order->digest : NULL));
}

/* What only some alerts have. */
static bool add_cause(json_t *data, const struct alert *alert)
{
    return (alert->cause == NULL ||
            json_object_set_new(data, "cause", json_string(alert->cause)) == 0) &&
           (alert->count == 0 ||
            json_object_set_new(data, "count", json_integer(alert->count)) == 0);
}

/* The members that only what the control room says has; who had what was lost is known too. */
static bool add_desk(json_t *data, const struct alert *alert)
{
    if (!alert_is(alert->type, TRAIT_CONTROL_ROOM))
        return alert->by == NULL || json_object_set_new(data, "by", text(alert->by)) == 0;
    return json_object_set_new(data, "by", text(alert->by)) == 0 &&
           json_object_set_new(data, "outcome", text(alert->outcome)) == 0 &&
           json_object_set_new(data, "to", text(alert->to)) == 0 &&
           json_object_set_new(data, "until",
                               alert->until.ms != 0 ? instant(alert->until) : json_null()) == 0;
}

char *event_print(const struct alert *alert, const struct event_source *source)
{
    char id[EVENT_ID_MAX], type[32], from[NAME_MAX_CHARS + 16], *printed = NULL;
    const char *subject = alert->exclusion ? alert->exclusion->subject
                          : alert->device  ? alert->device
                                           : source->site;
    json_t *event, *data = data_object(alert, source);

    if (!add_cause(data, alert) || !add_desk(data, alert)) { // half an event is none
        json_decref(data);
        return NULL;
    }
    event_id(alert, source->site, id);
    snprintf(type, sizeof type, "breachd.%s", alert_type_name(alert->type));
    snprintf(from, sizeof from, "/breachd/%s", source->site);
    event = json_pack("{s:s,s:o,s:s,s:s,s:o,s:o,s:s,s:o}", "specversion", "1.0", "id",
                      words(id, WORDS_MAX), "source", from, "type", type, "subject",
                      words(subject, WORDS_MAX), "time", instant(alert->time), "datacontenttype",
                      "application/json", "data", data);
    if (event != NULL)
        printed = json_dumps(event, DUMP_FLAGS);
    json_decref(event);
    return printed;
}

/* Seconds. Quotes inside of a text are escaped, so the member is found and nothing else. */
static int32_t age(const char *event, struct utc now)
{
    static const char member[] = "\"received\":\"";
    const char *at = strstr(event, member);
    char text[UTC_TEXT_MAX];
    struct utc received;

    if (at == NULL)
        return 0;
    snprintf(text, sizeof text, "%.*s", (int)strcspn(at + strlen(member), "\""),
             at + strlen(member));
    if (!utc_parse(text, &received) || now.ms <= received.ms)
        return 0;
    // An Integer of CloudEvents has 32 bits.
    return (now.ms - received.ms) / 1000 < INT32_MAX ? (int32_t)((now.ms - received.ms) / 1000)
                                                     : INT32_MAX;
}

/*
 * What follows the brace of an object; of anything else, as a row of a ledger may hold that was
 * tampered with or torn, the end of an empty one.
 */
static const char *members_of(const char *event)
{
    return event[0] == '{' && event[1] != '\0' ? event + 1 : "}";
}

char *event_number(const char *event, uint64_t sequence, struct utc now)
{
    const char *members = members_of(event);
    char *numbered = NULL;

    if (asprintf(&numbered, "{\"sequence\":\"%" PRIu64 "\",\"age\":%" PRId32 "%s%s", sequence,
                 age(event, now), members[0] == '}' ? "" : ",", members) < 0)
        return NULL;
    return numbered;
}

/* null: it is not shelved. */
static json_t *shelf(const struct event_holder *holder)
{
    if (holder->shelved.ms == 0)
        return json_null();
    return json_pack("{s:o,s:o}", "by", text(holder->shelved_by), "until",
                     instant(holder->shelved));
}

char *event_need(const char *event, const struct event_holder *holder)
{
    static const char head[] = "{\"alert\":";
    json_t *held = json_pack("{s:o,s:o,s:o}", "by", text(holder->by), "note", text(holder->note),
                             "shelved", shelf(holder));
    char *printed = held ? json_dumps(held, JSON_COMPACT) : NULL;
    size_t n = event ? strlen(event) : 0, size = printed ? sizeof head + n + strlen(printed) : 0;
    char *need = printed ? malloc(size) : NULL;

    if (need != NULL && event != NULL)
        snprintf(need, size, "%s%s,%s", head, event, printed + 1);
    else if (need != NULL)
        snprintf(need, size, "%s", printed + 1);
    free(printed);
    json_decref(held);
    return need;
}
