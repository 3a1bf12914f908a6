/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/input.h"

#include "adapter/json/known.h"
#include "adapter/text.h"

#include <string.h>

/* 17 digits give back the same double. */
enum { DUMP_FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(17) };

const char *input_kind(enum cause cause)
{
    static const char *const kinds[] = { "ping", "time", "rules" };
    _Static_assert(sizeof kinds / sizeof *kinds == CAUSES, "a kind for each cause");

    return kinds[cause];
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

/* What was made, or NULL: half of an entry would be worse than none. */
static json_t *if_all(bool ok, json_t *json)
{
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *digests(const struct respondent *who)
{
    const struct order *orders[INPUT_ORDERS_MAX];
    size_t n = input_orders(who, orders);
    json_t *array = json_array();
    bool ok = true;

    for (size_t i = 0; ok && i < n; i++)
        ok = json_array_append_new(array, json_string(orders[i]->digest)) == 0;
    return if_all(ok, array);
}

/* What was known, in the order in which the respondent's devices and zones are numbered. */
static json_t *before_json(const struct respondent *who, const struct input_before *before)
{
    json_t *devices = json_object(), *incidents = json_object();
    bool ok = true;

    for (size_t i = 0; ok && i < who->n_devices; i++)
        ok = json_object_set_new(devices, who->devices[i],
                                 known_device_json(&before->memory->devices[i],
                                                   &before->memory->estimates[i])) == 0;
    for (size_t i = 0; ok && i < who->n_exclusions; i++)
        ok = json_object_set_new(incidents, who->exclusions[i]->subject,
                                 known_incident_json(&before->memory->incidents[i])) == 0;
    devices = if_all(ok, devices); // json_pack makes nothing of what lacks a member
    return json_pack("{s:s,s:b,s:o,s:o,s:o}", "settings", before->settings, "exercise",
                     before->exercise, "orders", digests(who), "devices", devices, "incidents",
                     incidents);
}

char *input_print(const struct question *question, const struct respondent *who,
                  const struct input_before *before)
{
    json_t *json =
        json_pack("{s:s,s:I}", "respondent", who->id, "now", (json_int_t)question->now.ms);
    bool ping = question->cause == CAUSE_PING;
    bool ok = json_object_set_new(json, ping ? "ping" : "at",
                                  ping ? known_ping_json(&question->ping)
                                       : json_integer(question->at.ms)) == 0;

    if (ok && question->frugal)
        ok = json_object_set_new(json, "frugal", json_true()) == 0;
    if (ok && before != NULL)
        ok = json_object_set_new(json, "before", before_json(who, before)) == 0;
    return print(if_all(ok, json));
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
    bool ok = true;

    // A row of the table of settings each turn.
    for (size_t i = 0; ok && settings_threshold(settings, i, &key, &value); i++)
        ok = json_object_set_new(object, key, json_real(value)) == 0;
    return if_all(ok, object);
}

/* What decides nothing is not kept, nor what is not given: of that the body is as it always was. */
static bool put_own(json_t *json, const struct device_kind *kind)
{
    const char *clock = kind->clock == CLOCK_TRUSTED     ? "trusted"
                        : kind->clock == CLOCK_UNTRUSTED ? "untrusted"
                                                         : NULL;

    return (kind->unknown_accuracy == 0 ||
            json_object_set_new(json, "unknown-accuracy", json_real(kind->unknown_accuracy)) ==
                0) &&
           (kind->silent_ms == 0 ||
            json_object_set_new(json, "silent-after", json_integer(kind->silent_ms)) == 0) &&
           (!kind->has_no_fix ||
            json_object_set_new(json, "no-fix-after", json_integer(kind->no_fix_ms)) == 0) &&
           (clock == NULL || json_object_set_new(json, "clock", json_string(clock)) == 0);
}

static json_t *kind_json(const struct device_kind *kind)
{
    json_t *match = json_array();
    bool ok = match != NULL;
    json_t *json;

    for (size_t i = 0; ok && i < kind->n_match; i++)
        ok = json_array_append_new(match, json_string(kind->match[i])) == 0;
    json = json_pack("{s:s,s:o,s:f}", "name", kind->name, "match", if_all(ok, match),
                     "accuracy-percentile", kind->percentile);
    return if_all(json != NULL && put_own(json, kind), json);
}

/* In their order; where there are none, the body is that of releases before. */
static json_t *kinds_json(const struct device_kinds *kinds)
{
    json_t *array = json_array();
    bool ok = array != NULL;

    for (size_t i = 0; ok && i < kinds->n; i++)
        ok = json_array_append_new(array, kind_json(&kinds->of[i])) == 0;
    return if_all(ok, array);
}

char *input_print_settings(const struct settings *settings)
{
    json_t *json =
        json_pack("{s:s,s:b,s:b,s:s,s:i,s:o}", "site", settings->site, "no_position",
                  settings->no_position, "stepped", settings->stepped, "timezone",
                  settings->timezone, "engine", (int)WATCH_ENGINE, "detect", thresholds(settings));
    bool ok = settings->kinds.n == 0 ||
              json_object_set_new(json, "devices", kinds_json(&settings->kinds)) == 0;

    return print(if_all(ok, json));
}

char *input_print_ack(const struct ack *ack, const char *refused)
{
    const char *to = ack->to != NULL && ack->to[0] != '\0' ? ack->to : NULL;
    const char *until = ack->until != NULL && ack->until[0] != '\0' ? ack->until : NULL;
    const struct {
        const char *name, *text;
    } texts[] = { { "id", ack->id },
                  { "incident", ack->incident },
                  { "action", ack->action },
                  { "by", ack->by },
                  { "reason", ack->reason },
                  { "note", ack->note },
                  { "to", to },
                  { "until", until },
                  { "refused", refused } };
    json_t *json = json_object();
    char fitted[TEXT_LONGEST + 1];
    bool ok = json != NULL;

    // What is no UTF-8 or too long was refused for that, and is kept as far as it can be read.
    for (size_t i = 0; ok && i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].text != NULL)
            ok = json_object_set_new(json, texts[i].name,
                                     json_string(text_fit(texts[i].text, fitted, sizeof fitted))) ==
                 0;
    }
    if (ok)
        return print(json);
    json_decref(json);
    return NULL;
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
