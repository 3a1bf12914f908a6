/* SPDX-License-Identifier: Apache-2.0 */
/* input_read_json.c - the bodies that input_json.c printed, back as values. */
#include "adapter/input_json.h"
#include "adapter/known_json.h"

#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static struct utc instant_of(const json_t *object, const char *key)
{
    return (struct utc){ json_integer_value(json_object_get(object, key)) };
}

static json_t *load(const char *body, struct fault *why)
{
    json_error_t error;
    json_t *json = json_loads(body, 0, &error);

    if (!json_is_object(json)) {
        fault_set(why, "its body cannot be read: %s", json ? "not an object" : error.text);
        json_decref(json);
        return NULL;
    }
    return json;
}

static enum cause cause_of(const char *kind)
{
    return strcmp(kind, "ping") == 0   ? CAUSE_PING
           : strcmp(kind, "time") == 0 ? CAUSE_TIME
                                       : CAUSE_RULES;
}

/* What was known: names and values, in the order in which they stand. */
static bool read_memory(json_t *before, struct kept_question *out)
{
    const char *name;
    json_t *value;

    json_object_foreach(json_object_get(before, "devices"), name, value)
    {
        if (out->n_devices == RESPONDENT_DEVICES_MAX ||
            !known_device_of(value, &out->memory.devices[out->n_devices]))
            return false;
        snprintf(out->devices[out->n_devices++], sizeof out->devices[0], "%s", name);
    }
    json_object_foreach(json_object_get(before, "incidents"), name, value)
    {
        if (out->n_zones == RESPONDENT_ZONES_MAX ||
            !known_incident_of(value, &out->memory.incidents[out->n_zones]))
            return false;
        snprintf(out->zones[out->n_zones++], sizeof out->zones[0], "%s", name);
    }
    return true;
}

static bool read_before(json_t *before, struct kept_question *out)
{
    const json_t *digest;
    size_t i;

    out->exercise = json_is_true(json_object_get(before, "exercise"));
    snprintf(out->settings, sizeof out->settings, "%s", text_of(before, "settings"));
    json_array_foreach(json_object_get(before, "orders"), i, digest)
    {
        if (out->n_orders == INPUT_ORDERS_MAX || !json_is_string(digest))
            return false;
        snprintf(out->orders[out->n_orders++], sizeof out->orders[0], "%s",
                 json_string_value(digest));
    }
    return read_memory(before, out);
}

bool input_read(const char *kind, const char *body, struct kept_question *out, struct fault *why)
{
    json_t *json = load(body, why), *before = json_object_get(json, "before");
    bool ok = json != NULL;

    memset(out, 0, sizeof *out);
    if (!ok)
        return false;
    out->starts = before != NULL;
    out->question.cause = cause_of(kind);
    out->question.now = instant_of(json, "now");
    out->question.at = instant_of(json, "at");
    snprintf(out->respondent, sizeof out->respondent, "%s", text_of(json, "respondent"));
    if (out->question.cause == CAUSE_PING)
        ok = known_ping_of(json_object_get(json, "ping"), &out->question.ping) ||
             fault_set(why, "its ping cannot be read");
    if (ok && before != NULL)
        ok = read_before(before, out) || fault_set(why, "what was known cannot be read");
    json_decref(json);
    return ok;
}

bool input_read_withdrawn(const char *body, struct kept_withdrawal *out, struct fault *why)
{
    json_t *json = load(body, why);
    bool ok = json != NULL;

    memset(out, 0, sizeof *out);
    if (!ok)
        return false;
    out->now = instant_of(json, "now");
    snprintf(out->subject, sizeof out->subject, "%s", text_of(json, "subject"));
    snprintf(out->respondent, sizeof out->respondent, "%s", text_of(json, "respondent"));
    snprintf(out->order, sizeof out->order, "%s", text_of(json, "order"));
    ok = known_incident_of(json_object_get(json, "incident"), &out->incident) ||
         fault_set(why, "its incident cannot be read");
    json_decref(json);
    return ok;
}

char *input_read_order(const char *body, char digest[DIGEST_CHARS + 1])
{
    struct fault unheard;
    json_t *json = load(body, &unheard);
    char *text = json != NULL ? strdup(text_of(json, "text")) : NULL;

    snprintf(digest, DIGEST_CHARS + 1, "%s", text_of(json, "digest"));
    json_decref(json);
    return text;
}

bool input_read_settings(const char *body, struct settings *out, struct fault *why)
{
    json_t *json = load(body, why), *value;
    const char *key;

    memset(out, 0, sizeof *out);
    if (json == NULL)
        return false;
    snprintf(out->site, sizeof out->site, "%s", text_of(json, "site"));
    out->no_position = json_is_true(json_object_get(json, "no_position"));
    snprintf(out->timezone, sizeof out->timezone, "%s", text_of(json, "timezone"));
    // A threshold that this version does not have decides nothing in it.
    json_object_foreach(json_object_get(json, "detect"), key, value)
        settings_set_threshold(out, key, json_number_value(value));
    json_decref(json);
    return true;
}
