/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/event_json.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ten digits of a degree are a millimetre. */
enum { DUMP_FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(10) };

void event_incident(const struct alert *alert, char out[EVENT_ID_MAX])
{
    if (alert->exclusion != NULL)
        snprintf(out, EVENT_ID_MAX, "%s/%u", alert->exclusion->subject, alert->incident);
    else if (alert->device == NULL && alert->type != ALERT_CLOCK && alert->type != ALERT_CHAIN)
        snprintf(out, EVENT_ID_MAX, "blind/%u", alert->incident);
    else
        out[0] = '\0';
}

void event_id(const struct alert *alert, const char *site, char out[EVENT_ID_MAX])
{
    char incident[EVENT_ID_MAX];

    event_incident(alert, incident);
    if (alert->exclusion == NULL && alert->device != NULL)
        snprintf(out, EVENT_ID_MAX, "%s/device/%s/%u", site, alert->device, alert->nth);
    else if (alert_of_desk(alert->type))
        snprintf(out, EVENT_ID_MAX, "%s/%.*s/desk/%u", site, EVENT_ID_MAX / 2, incident,
                 alert->nth);
    else if (alert->exclusion == NULL && (alert->type == ALERT_CLOCK || alert->type == ALERT_CHAIN))
        snprintf(out, EVENT_ID_MAX, "%s/%s/%u", site, alert_type_name(alert->type), alert->nth);
    else
        snprintf(out, EVENT_ID_MAX, "%s/%.*s/%u", site, EVENT_ID_MAX / 2, incident, alert->nth);
}

/* Rounded to `digits` after the point; null for NaN. */
static json_t *number(double value, double digits)
{
    double scale = pow(10, digits);

    return isfinite(value) ? json_real(round(value * scale) / scale) : json_null();
}

static json_t *text(const char *value)
{
    return value != NULL && value[0] != '\0' ? json_string(value) : json_null();
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
    return json_pack("{s:o,s:f,s:f,s:o}", "time", instant(alert->ping.time), "lat",
                     alert->ping.at.lat, "lon", alert->ping.at.lon, "accuracy",
                     number(alert->ping.accuracy, 1));
}

static json_t *data_object(const struct alert *alert, const struct event_source *source)
{
    const struct order *order = alert->exclusion ? alert->exclusion->order : NULL;
    char incident[EVENT_ID_MAX];

    event_incident(alert, incident);
    return json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:b,s:b,s:b,s:o,s:o,s:o,s:o,s:s,s:o,s:o,s:o}",
        "incident", text(incident), "order", text(order ? order->id : NULL), "kind",
        text(order ? order->kind : NULL), "clause", text(order ? order->clause : NULL),
        "respondent", text(alert->respondent), "device", text(alert->device), "zone",
        text(alert->exclusion ? alert->exclusion->name : NULL), "area", text(alert_area(alert)),
        "severity", severity_name(alert->severity), "authorised", alert->authorised, "late",
        alert->type == ALERT_RETROSPECTIVE, "exercise", source->exercise, "probability",
        number(alert->probability, 3), "depth", number(alert->depth, 1), "eta",
        number(alert->eta, 0), "rule", alert->rule > 0 ? json_integer(alert->rule) : json_null(),
        "reason", alert->reason, "ping", ping_object(alert, source), "received",
        instant(alert->received), "rules", text(order ? order->digest : NULL));
}

/* What only some alerts have. */
static void add_cause(json_t *data, const struct alert *alert)
{
    if (alert->cause != NULL)
        json_object_set_new(data, "cause", json_string(alert->cause));
    if (alert->count > 0)
        json_object_set_new(data, "count", json_integer(alert->count));
}

/* What only a word of the control room has. */
static void add_desk(json_t *data, const struct alert *alert)
{
    if (!alert_of_desk(alert->type))
        return;
    json_object_set_new(data, "by", text(alert->by));
    json_object_set_new(data, "outcome", text(alert->outcome));
}

char *event_print(const struct alert *alert, const struct event_source *source)
{
    char id[EVENT_ID_MAX], type[32], from[NAME_MAX_CHARS + 16], *printed = NULL;
    const char *subject = alert->exclusion ? alert->exclusion->subject
                          : alert->device  ? alert->device
                                           : source->site;
    json_t *event, *data = data_object(alert, source);

    add_cause(data, alert);
    add_desk(data, alert);
    event_id(alert, source->site, id);
    snprintf(type, sizeof type, "breachd.%s", alert_type_name(alert->type));
    snprintf(from, sizeof from, "/breachd/%s", source->site);
    event = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:o}", "specversion", "1.0", "id", id, "source",
                      from, "type", type, "subject", subject, "time", instant(alert->time),
                      "datacontenttype", "application/json", "data", data);
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

char *event_number(const char *event, uint64_t sequence, struct utc now)
{
    char head[sizeof "{\"sequence\":\"\",\"age\":," + 20 + 11];
    size_t n =
        (size_t)snprintf(head, sizeof head, "{\"sequence\":\"%" PRIu64 "\",\"age\":%" PRId32 ",",
                         sequence, age(event, now));
    size_t rest = strlen(event); // without the brace that it begins with, and with its zero
    char *numbered = malloc(n + rest);

    if (numbered == NULL)
        return NULL;
    memcpy(numbered, head, n);
    memcpy(numbered + n, event + 1, rest);
    return numbered;
}
