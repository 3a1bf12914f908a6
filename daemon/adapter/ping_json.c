/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping_json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Any JSON is read, so that the reason can be what it is and not what it is no. */
enum { LOAD_FLAGS = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL };

/* Numbers from here on are milliseconds: in seconds it would be the year 5138. */
static const double milliseconds_from = 1e11;
static const double speed_most = 70; // m/s: as ARRIVAL_SPEED_MAX, more is no speed on the ground
static const double last_second = 7289654400; // 2201

/* The member, or NULL when it is absent or null. */
static const json_t *member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_null(value) ? NULL : value;
}

/* A number, or `absent`. */
static bool take_number(const json_t *object, const char *key, double absent, double *out,
                        struct fault *why)
{
    const json_t *value = member(object, key);

    *out = absent;
    if (value == NULL)
        return true;
    if (!json_is_number(value))
        return fault_set(why, "%s: not a number", key);
    *out = json_number_value(value);
    return true;
}

static bool take_degrees(const json_t *object, const char *key, double limit, double *out,
                         struct fault *why)
{
    if (!take_number(object, key, NAN, out, why))
        return false;
    if (isnan(*out))
        return fault_set(why, "%s: missing", key);
    return fabs(*out) <= limit ||
           fault_set(why, "%s: %.10g is outside -%.0f..%.0f", key, *out, limit, limit);
}

/* The text without a NUL in it, or NULL. */
static const char *text_of(const json_t *value)
{
    const char *text = json_string_value(value);

    return text != NULL && strlen(text) == json_string_length(value) ? text : NULL;
}

/* Bytes of `text` to show: up to 40, and no character cut in two. */
static int to_show(const char *text)
{
    size_t n = strnlen(text, 41);

    if (n > 40) {
        n = 40;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    return (int)n;
}

static bool take_time(const json_t *object, struct utc *out, struct fault *why)
{
    const json_t *value = member(object, "time");
    const char *text = text_of(value);
    double number;

    if (value == NULL)
        return fault_set(why, "time: missing");
    if (text != NULL)
        return utc_parse(text, out) ||
               fault_set(why, "time: \"%.*s\" is not like 2020-06-23T20:14:05Z, of 1970 to 2200",
                         to_show(text), text);
    if (!json_is_number(value))
        return fault_set(why, "time: neither a text nor a number");
    number = json_number_value(value);
    if (number < milliseconds_from)
        number *= 1000;
    if (!(number >= 0 && number < last_second * 1000))
        return fault_set(why, "time: %.10g is outside 1970 to 2200", json_number_value(value));
    out->ms = (int64_t)number;
    return true;
}

static bool take_device(const json_t *object, char out[NAME_MAX_CHARS + 1], struct fault *why)
{
    const json_t *value = member(object, "device");

    if (value == NULL)
        return fault_set(why, "device: missing");
    if (text_of(value) == NULL || !name_valid(text_of(value)))
        return fault_set(why, "device: not a text of 1..%d letters, digits, - _ .", NAME_MAX_CHARS);
    strcpy(out, text_of(value)); // name_valid has measured it
    return true;
}

/* Known members that decide nothing yet: their type is promised all the same. */
static bool check_rest(const json_t *object, struct fault *why)
{
    const json_t *source = member(object, "source"), *seq = member(object, "seq");

    if (source != NULL && !json_is_string(source))
        return fault_set(why, "source: not a text");
    if (seq != NULL && !json_is_integer(seq))
        return fault_set(why, "seq: not a whole number");
    return true;
}

static bool read_ping(const json_t *object, struct ping *out, struct fault *why)
{
    const json_t *tamper = member(object, "tamper");

    if (!json_is_object(object))
        return fault_set(why, "not an object");
    if (!take_device(object, out->device, why) || !take_time(object, &out->time, why) ||
        !take_degrees(object, "lat", 90, &out->at.lat, why) ||
        !take_degrees(object, "lon", 180, &out->at.lon, why) ||
        !take_number(object, "accuracy", NAN, &out->accuracy, why) ||
        !take_number(object, "speed", NAN, &out->speed, why) ||
        !take_number(object, "course", NAN, &out->course, why) ||
        !take_number(object, "battery", NAN, &out->battery, why) || !check_rest(object, why))
        return false;
    if (tamper != NULL && !json_is_boolean(tamper))
        return fault_set(why, "tamper: neither true nor false");
    out->tamper = json_is_true(tamper);
    if (!(out->accuracy > 0))
        out->accuracy = NAN; // 0 or negative means unknown, never perfect
    if (!(out->speed >= 0 && out->speed <= speed_most))
        out->speed = NAN; // -1 is a phone's "not known"
    if (!(out->course >= 0 && out->course <= 360))
        out->course = NAN;
    if (!(out->battery >= 0 && out->battery <= 100))
        out->battery = NAN;
    return true;
}

static void hand_over(const json_t *object, size_t index, ping_taker *take, void *arg)
{
    struct ping ping;
    struct fault why;

    if (read_ping(object, &ping, &why))
        take(&ping, index, NULL, arg);
    else
        take(NULL, index, why.text, arg);
}

/* What jansson refuses although it is JSON gets a name of its own. */
static const char *complaint(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return "a member twice";
    case json_error_null_byte_in_key:
        return "a NUL in a name";
    case json_error_numeric_overflow:
        return "a number too large";
    default:
        return "not JSON";
    }
}

static void read_lines(const char *bytes, size_t n, ping_taker *take, void *arg)
{
    size_t index = 0;

    for (const char *at = bytes, *end = bytes + n; at < end;) {
        const char *eol = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((eol ? eol : end) - at), blank = 0;
        json_error_t error;
        json_t *value;

        while (blank < length && strchr(" \t\r", at[blank]) != NULL && at[blank] != '\0')
            blank++;
        if (blank < length) {
            value = json_loadb(at, length, LOAD_FLAGS, &error);
            if (value != NULL)
                hand_over(value, index, take, arg);
            else
                take(NULL, index, complaint(&error), arg);
            json_decref(value);
            index++;
        }
        at += length + 1;
    }
}

bool ping_json_read(const char *bytes, size_t n, bool lines, ping_taker *take, void *arg,
                    struct fault *why)
{
    json_error_t error;
    json_t *value;

    if (lines) {
        read_lines(bytes, n, take, arg);
        return true;
    }
    value = json_loadb(bytes, n, LOAD_FLAGS, &error);
    if (value == NULL) {
        // It quotes the body, and may have cut a character in two: the reason goes back as JSON.
        for (char *at = error.text; *at != '\0'; at++)
            *at = (unsigned char)*at < ' ' || (unsigned char)*at > '~' ? '?' : *at;
        return fault_set(why, "%s: line %d, column %d: %s", complaint(&error), error.line,
                         error.column, error.text);
    }
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++)
            hand_over(json_array_get(value, i), i, take, arg);
    } else {
        hand_over(value, 0, take, arg);
    }
    json_decref(value);
    return true;
}
