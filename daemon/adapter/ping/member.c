/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/member.h"

#include "adapter/lead.h"
#include "adapter/memory_json.h"
#include "adapter/ping/reading.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Any JSON is read, so that the error can name the actual JSON type. */
enum { LOAD_FLAGS = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL };

/* What jansson refuses although it is JSON gets a name of its own. */
static const char *complaint(const json_error_t *error)
{
    switch ((int)json_error_code(error)) { // jansson's, most of which are "not JSON"
    case json_error_duplicate_key:
        return "a member twice";
    case json_error_null_byte_in_key:
        return "a NUL in a name";
    case json_error_numeric_overflow:
        return "a number too large";
    case json_error_stack_overflow:
        return "nested too deep";
    default:
        return "not JSON";
    }
}

/* JSON has no NUL among its bytes; behind a number jansson would pass over one. */
static json_t *load(const char *bytes, size_t n, json_error_t *error)
{
    const char *nul = memchr(bytes, '\0', n);

    if (nul == NULL)
        return json_loadb(bytes, n, LOAD_FLAGS, error);
    *error = (json_error_t){ .line = 1, .column = (int)(nul - bytes), .text = "a NUL" };
    return NULL;
}

json_t *member_load_line(const char *bytes, size_t n, int line, struct fault *why)
{
    json_error_t error;
    json_t *value;

    if (!lead_skip(&bytes, &n, why))
        return NULL;
    memory_json_lacked(); // whatever it was for before
    value = load(bytes, n, &error);

    if (value != NULL)
        return value;
    if (memory_json_lacked()) {
        fault_set(why, FAULT_MEMORY);
        return NULL;
    }
    // jansson's text quotes the body, and may have cut a character in two: the reason becomes JSON.
    for (char *at = error.text; *at != '\0'; at++)
        *at = (unsigned char)*at < ' ' || (unsigned char)*at > '~' ? '?' : *at;
    fault_set(why, "%s: line %d, column %d: %s", complaint(&error), line - 1 + error.line,
              error.column, error.text);
    return NULL;
}

json_t *member_load(const char *bytes, size_t n, struct fault *why)
{
    return member_load_line(bytes, n, 1, why);
}

const json_t *member_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_null(value) ? NULL : value;
}

const char *member_text(const json_t *value)
{
    const char *text = json_string_value(value);

    return text != NULL && strlen(text) == json_string_length(value) ? text : NULL;
}

bool member_number(const json_t *object, const char *key, double absent, double *out,
                   struct fault *why)
{
    const json_t *value = member_of(object, key);

    *out = absent;
    if (value == NULL)
        return true;
    if (!json_is_number(value))
        return fault_set(why, "%s: not a number", key);
    *out = json_number_value(value);
    return true;
}

double member_said_number(const json_t *object, const char *key)
{
    const json_t *value = member_of(object, key);
    const char *text = member_text(value);
    double number;

    if (json_is_number(value))
        return json_number_value(value);
    return text != NULL && reading_number_of_app(text, &number) ? number : NAN;
}

bool member_said_truth(const json_t *object, const char *key, bool absent)
{
    const json_t *value = member_of(object, key);
    const char *text = member_text(value);
    bool truth;

    if (json_is_boolean(value))
        return json_is_true(value);
    if (json_is_number(value))
        return json_number_value(value) != 0;
    return text != NULL && reading_truth(text, &truth) ? truth : absent;
}

void member_said_time(const json_t *object, const char *key, struct ping *ping)
{
    const json_t *value = member_of(object, key);
    const char *text = member_text(value);

    ping->untimed = !(text != NULL ? reading_time(text, &ping->time)
                                   : json_is_number(value) &&
                                         reading_epoch(json_number_value(value), &ping->time));
}

bool member_bool(const json_t *object, const char *key, bool absent, bool *out, struct fault *why)
{
    const json_t *value = member_of(object, key);

    if (value != NULL && !json_is_boolean(value))
        return fault_set(why, "%s: neither true nor false", key);
    *out = value != NULL ? json_is_true(value) : absent;
    return true;
}

bool member_device(const json_t *object, const char *key, char out[NAME_MAX_CHARS + 1],
                   struct fault *why)
{
    const json_t *value = member_of(object, key);
    const char *text = member_text(value);

    if (value == NULL)
        return fault_set(why, "%s: missing", key);
    if (text == NULL || !name_valid(text))
        return fault_set(why, "%s: not a text of 1..%d letters, digits, - _ .", key,
                         NAME_MAX_CHARS);
    strcpy(out, text); // name_valid has measured it
    return true;
}

bool member_said_device(const json_t *object, const char *key, char out[NAME_MAX_CHARS + 1],
                        struct fault *why)
{
    const json_t *value = member_of(object, key);

    if (!json_is_integer(value) || json_integer_value(value) <= 0)
        return member_device(object, key, out, why);
    snprintf(out, NAME_MAX_CHARS + 1, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return true;
}

static bool take_degrees(const json_t *object, const char *key, double *out, struct fault *why)
{
    return member_number(object, key, NAN, out, why) &&
           (!isnan(*out) || fault_set(why, "%s: missing", key));
}

bool member_place(const json_t *object, const char *lat, const char *lon, struct lonlat *out,
                  struct fault *why)
{
    return take_degrees(object, lat, &out->lat, why) && take_degrees(object, lon, &out->lon, why);
}

/* NaN: refused, for what. */
static bool said_degrees(const json_t *object, const char *key, double *out, struct fault *why)
{
    const json_t *value = member_of(object, key);
    const char *text = member_text(value);
    bool missing = value == NULL || (text != NULL && text[0] == '\0');

    *out = member_said_number(object, key);
    return !isnan(*out) || fault_set(why, "%s: %s", key, missing ? "missing" : "not a number");
}

bool member_said_place(const json_t *object, const char *lat, const char *lon, struct lonlat *out,
                       struct fault *why)
{
    return said_degrees(object, lat, &out->lat, why) && said_degrees(object, lon, &out->lon, why);
}

bool member_place_or_none(const json_t *object, const char *lat, const char *lon, bool needed,
                          struct lonlat *out, struct fault *why)
{
    if (needed || member_of(object, lat) != NULL || member_of(object, lon) != NULL)
        return member_place(object, lat, lon, out, why);
    *out = (struct lonlat){ NAN, NAN };
    return true;
}

void member_said_alarm(const json_t *object, const char *key, struct ping *ping)
{
    const json_t *value = member_of(object, key);

    if (json_is_string(value))
        ping_alarm(ping, json_string_value(value), json_string_length(value));
}

bool member_alarm(const json_t *object, const char *key, struct ping *ping, struct fault *why)
{
    const json_t *value = member_of(object, key);

    if (value == NULL)
        return true;
    if (!json_is_string(value))
        return fault_set(why, "%s: not a text", key);
    ping_alarm(ping, json_string_value(value), json_string_length(value));
    return true;
}

/* Bytes of `text` to show: up to 40, and no character cut in two. */
static int to_show(const char *text)
{
    size_t n = strnlen(text, 41);

    if (n > 40) {
        n = 40;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80) // four bytes: text is UTF-8
            n--;
    }
    return (int)n;
}

bool member_time(const json_t *object, const char *key,
                 bool (*parse)(const char *text, struct utc *out), struct utc *out,
                 struct fault *why)
{
    const json_t *value = member_of(object, key);
    const char *text = member_text(value);

    if (value == NULL)
        return fault_set(why, "%s: missing", key);
    if (text != NULL)
        return parse(text, out) || fault_set(why, "%s: \"%.*s\" is not like 2020-06-23T20:14:05Z",
                                             key, to_show(text), text);
    if (!json_is_number(value))
        return fault_set(why, "%s: neither a text nor a number", key);
    return reading_epoch(json_number_value(value), out) ||
           fault_set(why, "%s: %.10g is no time", key, json_number_value(value));
}
