/* SPDX-License-Identifier: Apache-2.0 */
/* input_read.c - the bodies that input.c printed, back as values. */
#include "adapter/json/input.h"
#include "adapter/json/known.h"
#include "core/radius.h"

#include <string.h>

/* Milliseconds some 3,000 years from 1970; a threshold in milliseconds is far below as many. */
static const int64_t instant_limit = 100000000000000;
static const double threshold_limit = 1e14;

static bool is_text(const json_t *value, size_t room)
{
    return json_is_string(value) && json_string_length(value) < room;
}

/* A text that fits into its place; absent is "". False: it does not, or is none. */
static bool take_text(const json_t *object, const char *key, char *out, size_t room)
{
    const json_t *value = json_object_get(object, key);

    out[0] = '\0';
    if (value == NULL)
        return true;
    if (!is_text(value, room))
        return false;
    memcpy(out, json_string_value(value), json_string_length(value) + 1);
    return true;
}

static bool take_name(const json_t *object, const char *key, char out[NAME_MAX_CHARS + 1])
{
    return take_text(object, key, out, NAME_MAX_CHARS + 1) && name_valid(out);
}

static bool take_instant(const json_t *object, const char *key, struct utc *out)
{
    const json_t *value = json_object_get(object, key);

    out->ms = json_integer_value(value);
    return json_is_integer(value) && out->ms > -instant_limit && out->ms < instant_limit;
}

static json_t *load(const char *body, struct fault *why)
{
    json_error_t error;
    json_t *json = json_loads(body, JSON_REJECT_DUPLICATES, &error);

    if (!json_is_object(json)) {
        fault_set(why, "its body cannot be read: %s", json ? "not an object" : error.text);
        json_decref(json);
        return NULL;
    }
    return json;
}

static enum cause cause_of(const char *kind)
{
    for (int i = 0; i < CAUSES; i++) {
        if (strcmp(kind, input_kind((enum cause)i)) == 0)
            return (enum cause)i;
    }
    return CAUSE_RULES;
}

/* ---- what was known: names and values, in the order in which they stand ---- */

static bool read_devices(json_t *devices, struct kept_question *out)
{
    const char *name;
    json_t *value;

    // RESPONDENT_DEVICES_MAX of them.
    json_object_foreach(devices, name, value)
    {
        if (out->n_devices == RESPONDENT_DEVICES_MAX || !name_valid(name) ||
            !known_device_of(value, &out->memory.devices[out->n_devices],
                             &out->memory.estimates[out->n_devices]))
            return false;
        strcpy(out->devices[out->n_devices++], name); // name_valid has measured it
    }
    return json_is_object(devices);
}

static bool read_incidents(json_t *incidents, struct kept_question *out)
{
    const char *subject;
    json_t *value;

    // QUESTION_ZONES_MAX of them.
    json_object_foreach(incidents, subject, value)
    {
        if (out->n_zones == QUESTION_ZONES_MAX || strlen(subject) >= INPUT_SUBJECT_MAX ||
            !known_incident_of(value, &out->memory.incidents[out->n_zones]))
            return false;
        strcpy(out->zones[out->n_zones++], subject);
    }
    return json_is_object(incidents);
}

static bool read_orders(const json_t *orders, struct kept_question *out)
{
    const json_t *digest;
    size_t i;

    // INPUT_ORDERS_MAX of them.
    json_array_foreach(orders, i, digest)
    {
        if (out->n_orders == INPUT_ORDERS_MAX || !is_text(digest, sizeof out->orders[0]))
            return false;
        strcpy(out->orders[out->n_orders++], json_string_value(digest));
    }
    return json_is_array(orders);
}

static bool read_before(json_t *before, struct kept_question *out)
{
    out->starts = true;
    out->exercise = json_is_true(json_object_get(before, "exercise"));
    return take_text(before, "settings", out->settings, sizeof out->settings) &&
           read_orders(json_object_get(before, "orders"), out) &&
           read_devices(json_object_get(before, "devices"), out) &&
           read_incidents(json_object_get(before, "incidents"), out);
}

/* ---- whole bodies ---- */

static bool read_question(json_t *json, struct kept_question *out, struct fault *why)
{
    struct question *question = &out->question;
    json_t *before = json_object_get(json, "before");

    if (!take_name(json, "respondent", out->respondent) ||
        !take_instant(json, "now", &question->now))
        return fault_set(why, "it does not say whom it is about, and when");
    question->frugal = json_is_true(json_object_get(json, "frugal"));
    if (question->cause == CAUSE_PING) {
        if (!known_ping_of(json_object_get(json, "ping"), &question->ping))
            return fault_set(why, "its ping cannot be read");
    } else if (!take_instant(json, "at", &question->at)) {
        return fault_set(why, "the instant to judge cannot be read");
    }
    return before == NULL || read_before(before, out) ||
           fault_set(why, "what was known cannot be read");
}

bool input_read(const char *kind, const char *body, struct kept_question *out, struct fault *why)
{
    json_t *json = load(body, why);
    bool ok;

    memset(out, 0, offsetof(struct kept_question, zones)); // what comes then is filled one by one
    out->question.cause = cause_of(kind);
    ok = json != NULL && read_question(json, out, why);
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
    out->exercise = json_is_true(json_object_get(json, "exercise"));
    ok = (take_instant(json, "now", &out->now) &&
          take_text(json, "subject", out->subject, sizeof out->subject) &&
          take_text(json, "respondent", out->respondent, sizeof out->respondent) &&
          take_text(json, "settings", out->settings, sizeof out->settings) &&
          take_text(json, "order", out->order, sizeof out->order) &&
          known_incident_of(json_object_get(json, "incident"), &out->incident)) ||
         fault_set(why, "what was withdrawn cannot be read");
    json_decref(json);
    return ok;
}

char *input_read_order(const char *body, char digest[DIGEST_CHARS + 1])
{
    struct fault unheard;
    json_t *json = load(body, &unheard);
    const char *text = json_string_value(json_object_get(json, "text"));
    char *kept = NULL;

    if (take_text(json, "digest", digest, DIGEST_CHARS + 1) && text != NULL)
        kept = strdup(text);
    json_decref(json);
    return kept;
}

/* The first one said nothing of itself. */
static bool take_engine(const json_t *json, unsigned *out)
{
    const json_t *value = json_object_get(json, "engine");
    json_int_t engine = value == NULL ? 1 : json_integer_value(value);

    *out = (unsigned)engine;
    return (value == NULL || json_is_integer(value)) && engine >= 1 && engine <= UINT16_MAX;
}

static bool take_glob(const json_t *value, struct device_kind *out)
{
    const char *text = json_string_value(value);

    if (text == NULL || !device_glob_valid(text) || out->n_match == DEVICE_GLOBS_MAX)
        return false;
    strcpy(out->match[out->n_match++], text); // device_glob_valid has measured it
    return true;
}

/* Milliseconds of a key that may be absent, or of which 0 may say something. */
static bool take_span(const json_t *json, const char *key, double least, int64_t *out)
{
    const json_t *value = json_object_get(json, key);
    double ms = json_number_value(value);

    *out = (int64_t)ms;
    return value == NULL || (json_is_integer(value) && ms >= least && ms <= threshold_limit);
}

/* What it has in place of the thresholds of others; ledgers of releases before have none of it. */
static bool take_own(const json_t *json, struct device_kind *out)
{
    const json_t *unknown = json_object_get(json, "unknown-accuracy");
    const json_t *clock = json_object_get(json, "clock");
    const char *said = json_string_value(clock);

    out->unknown_accuracy = json_number_value(unknown);
    out->has_no_fix = json_object_get(json, "no-fix-after") != NULL;
    if (said != NULL && strcmp(said, "trusted") == 0)
        out->clock = CLOCK_TRUSTED;
    else if (said != NULL && strcmp(said, "untrusted") == 0)
        out->clock = CLOCK_UNTRUSTED;
    else if (clock != NULL)
        return false;
    return (unknown == NULL || (json_is_number(unknown) && out->unknown_accuracy > 0 &&
                                out->unknown_accuracy <= PING_ACCURACY_MAX)) &&
           take_span(json, "silent-after", 1, &out->silent_ms) &&
           take_span(json, "no-fix-after", 0, &out->no_fix_ms);
}

static bool take_kind(const json_t *json, struct device_kind *out)
{
    const json_t *match = json_object_get(json, "match"), *value;
    double percentile = json_number_value(json_object_get(json, "accuracy-percentile"));
    bool ok = take_name(json, "name", out->name) && json_array_size(match) > 0 &&
              percentile >= RADIUS_PERCENTILE_LEAST && percentile <= RADIUS_PERCENTILE_MOST;
    size_t i;

    // Globs of one text that breachd wrote.
    json_array_foreach(match, i, value) ok = ok && take_glob(value, out);
    out->percentile = percentile;
    return ok && take_own(json, out);
}

/* Not there in ledgers of releases before, and where there are none. */
static bool take_kinds(const json_t *array, struct device_kinds *out)
{
    const json_t *value;
    bool ok = array == NULL || json_is_array(array);
    size_t i;

    json_array_foreach(array, i, value) ok =
        ok && out->n < DEVICE_KINDS_MAX && take_kind(value, &out->of[out->n++]);
    return ok;
}

bool input_read_settings(const char *body, struct settings *out, unsigned *out_engine,
                         struct fault *why)
{
    json_t *json = load(body, why), *value;
    const char *key;
    bool ok;

    memset(out, 0, sizeof *out);
    if (json == NULL)
        return false;
    out->no_position = json_is_true(json_object_get(json, "no_position"));
    out->stepped = json_is_true(json_object_get(json, "stepped"));
    ok = take_engine(json, out_engine) && take_name(json, "site", out->site) &&
         take_text(json, "timezone", out->timezone, sizeof out->timezone) &&
         json_is_object(json_object_get(json, "detect")) &&
         take_kinds(json_object_get(json, "devices"), &out->kinds);
    // Thresholds of one text that breachd wrote.
    json_object_foreach(json_object_get(json, "detect"), key, value)
    {
        ok = ok && json_is_number(value) && json_number_value(value) >= 0 &&
             json_number_value(value) <= threshold_limit;
        // A threshold that this version does not have decides nothing in it.
        if (ok)
            settings_set_threshold(out, key, json_number_value(value));
    }
    json_decref(json);
    return ok || fault_set(why, "its thresholds cannot be read");
}
