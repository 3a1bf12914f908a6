/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/input.h"

#include "adapter/json/known.h"
#include "adapter/text.h"

#include <stdlib.h>
#include <string.h>

/* 17 digits give back the same double. */
enum { DUMP_FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(17) };

/* Bytes that most questions need, alone and with what was known before; they may have more. */
enum { QUESTION_ROOM = 512, STARTING_ROOM = 8192 };

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

static void put_string(struct page *page, const char *name, const char *value)
{
    page_name(page, name);
    page_string(page, value);
}

static void put_truth(struct page *page, const char *name, bool value)
{
    page_name(page, name);
    page_put(page, value ? "true" : "false");
}

static void put_digests(struct page *page, const struct respondent *who)
{
    const struct order *orders[INPUT_ORDERS_MAX];
    size_t n = input_orders(who, orders);

    page_name(page, "orders");
    page_put(page, "[");
    for (size_t i = 0; i < n; i++) {
        page_put(page, i > 0 ? "," : "");
        page_string(page, orders[i]->digest);
    }
    page_put(page, "]");
}

/* What was known, in the order in which the respondent's devices and zones are numbered. */
static void put_before(struct page *page, const struct respondent *who,
                       const struct input_before *before)
{
    put_string(page, "settings", before->settings);
    put_truth(page, "exercise", before->exercise);
    put_digests(page, who);
    page_name(page, "devices");
    page_put(page, "{");
    for (size_t i = 0; i < who->n_devices; i++) {
        page_name(page, who->devices[i]);
        known_device_put(page, &before->memory->devices[i], &before->memory->estimates[i]);
    }
    page_put(page, "}");
    page_name(page, "incidents");
    page_put(page, "{");
    for (size_t i = 0; i < who->n_exclusions; i++) {
        page_name(page, who->exclusions[i]->subject);
        known_incident_put(page, &before->memory->incidents[i]);
    }
    page_put(page, "}");
}

static void put_instant(struct page *page, const char *name, struct utc at)
{
    page_name(page, name);
    page_whole(page, at.ms);
}

char *input_print(const struct question *question, const struct respondent *who,
                  const struct input_before *before)
{
    struct page page = page_create(before != NULL ? STARTING_ROOM : QUESTION_ROOM);

    page_put(&page, "{");
    put_string(&page, "respondent", who->id);
    put_instant(&page, "now", question->now);
    if (question->cause == CAUSE_PING) {
        page_name(&page, "ping");
        known_ping_put(&page, &question->ping);
    } else {
        put_instant(&page, "at", question->at);
    }
    if (question->frugal)
        put_truth(&page, "frugal", true);
    if (before != NULL) {
        page_name(&page, "before");
        page_put(&page, "{");
        put_before(&page, who, before);
        page_put(&page, "}");
    }
    page_put(&page, "}");
    return page_end(&page);
}

char *input_print_order(const struct order *order)
{
    char *text = order_text(order), *body = NULL;

    if (text != NULL || order->text == NULL)
        body = print(json_pack("{s:s,s:s,s:s}", "order", order->id, "digest", order->digest, "text",
                               text != NULL ? text : ""));
    free(text);
    return body;
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
    struct page page = page_create(STARTING_ROOM);

    page_put(&page, "{");
    if (order->respondent != NULL)
        put_string(&page, "respondent", order->respondent);
    put_string(&page, "subject", gone->subject);
    put_instant(&page, "now", now);
    put_string(&page, "settings", settings);
    put_truth(&page, "exercise", exercise);
    if (order->text != NULL)
        put_string(&page, "order", order->digest);
    page_name(&page, "incident");
    known_incident_put(&page, before);
    page_put(&page, "}");
    return page_end(&page);
}
