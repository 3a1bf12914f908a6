/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/input_json.h"

#include "adapter/known_json.h"

#include <string.h>

/* 17 digits give back the same double. */
enum { DUMP_FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(17) };

const char *input_kind(enum cause cause)
{
    return cause == CAUSE_PING ? "ping" : cause == CAUSE_TIME ? "time" : "rules";
}

static char *print(json_t *json)
{
    char *text = json != NULL ? json_dumps(json, DUMP_FLAGS) : NULL;

    json_decref(json);
    return text;
}

size_t input_orders(const struct respondent *who, const struct order *out[INPUT_ORDERS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < who->n_exclusions; i++) {
        const struct order *order = who->exclusions[i]->order;
        size_t k = 0;

        while (k < n && out[k] != order)
            k++;
        if (k == n)
            out[n++] = order;
    }
    return n;
}

static json_t *digests(const struct respondent *who)
{
    const struct order *orders[INPUT_ORDERS_MAX];
    size_t n = input_orders(who, orders);
    json_t *array = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_string(orders[i]->digest));
    return array;
}

/* What was known, in the order in which the respondent's devices and zones are numbered. */
static json_t *before_json(const struct respondent *who, const struct input_before *before)
{
    json_t *devices = json_object(), *incidents = json_object();

    for (size_t i = 0; i < who->n_devices; i++)
        json_object_set_new(devices, who->devices[i],
                            known_device_json(&before->memory->devices[i]));
    for (size_t i = 0; i < who->n_exclusions; i++)
        json_object_set_new(incidents, who->exclusions[i]->subject,
                            known_incident_json(&before->memory->incidents[i]));
    return json_pack("{s:s,s:b,s:o,s:o,s:o}", "settings", before->settings, "exercise",
                     before->exercise, "orders", digests(who), "devices", devices, "incidents",
                     incidents);
}

char *input_print(const struct question *question, const struct respondent *who,
                  const struct input_before *before)
{
    json_t *json =
        json_pack("{s:s,s:I}", "respondent", who->id, "now", (json_int_t)question->now.ms);

    if (question->cause == CAUSE_PING)
        json_object_set_new(json, "ping", known_ping_json(&question->ping));
    else
        json_object_set_new(json, "at", json_integer(question->at.ms));
    if (question->frugal)
        json_object_set_new(json, "frugal", json_true());
    if (before != NULL)
        json_object_set_new(json, "before", before_json(who, before));
    return print(json);
}

char *input_print_order(const struct order *order)
{
    return print(json_pack("{s:s,s:s,s:s}", "order", order->id, "digest", order->digest, "text",
                           order->text ? order->text : ""));
}

static json_t *thresholds(const struct settings *settings)
{
    json_t *object = json_object();
    const char *key;
    double value;

    for (size_t i = 0; settings_threshold(settings, i, &key, &value); i++)
        json_object_set_new(object, key, json_real(value));
    return object;
}

char *input_print_settings(const struct settings *settings)
{
    return print(json_pack("{s:s,s:b,s:s,s:o}", "site", settings->site, "no_position",
                           settings->no_position, "timezone", settings->timezone, "detect",
                           thresholds(settings)));
}

char *input_print_ack(const struct ack *ack, const char *refused)
{
    json_t *json =
        json_pack("{s:s*,s:s*,s:s*,s:s*,s:s*,s:s*}", "id", ack->id, "incident", ack->incident,
                  "action", ack->action, "by", ack->by, "reason", ack->reason, "note", ack->note);

    // What is not UTF-8 was refused for that, and its texts are kept as far as they can be read.
    if (json == NULL)
        json = json_pack("{s:s}", "id", ack->id);
    if (refused != NULL)
        json_object_set_new(json, "refused", json_string(refused));
    return print(json);
}

char *input_print_withdrawn(const struct exclusion *gone, const struct incident *before,
                            const char *settings, bool exercise, struct utc now)
{
    const struct order *order = gone->order;

    return print(json_pack("{s:s*,s:s,s:I,s:s,s:b,s:s*,s:o}", "respondent", order->respondent,
                           "subject", gone->subject, "now", (json_int_t)now.ms, "settings",
                           settings, "exercise", exercise, "order",
                           order->text != NULL ? order->digest : NULL, "incident",
                           known_incident_json(before)));
}
