/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping_json.h"

#include "adapter/lead.h"
#include "adapter/member_json.h"
#include "adapter/reading.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* Known members that decide nothing: their type is promised all the same. */
static bool check_rest(const json_t *object, struct fault *why)
{
    const json_t *source = member_of(object, "source"), *seq = member_of(object, "seq");

    if (source != NULL && !json_is_string(source))
        return fault_set(why, "source: not a text");
    return seq == NULL || json_is_integer(seq) || fault_set(why, "seq: not a whole number");
}

static bool read_ping(const json_t *object, struct ping *out, struct fault *why)
{
    *out = (struct ping){ 0 };
    if (!json_is_object(object))
        return fault_set(why, "not an object");
    if (!member_device(object, "device", out->device, why) ||
        !member_time(object, "time", utc_parse, &out->time, why) ||
        !member_place(object, "lat", "lon", &out->at, why) ||
        !member_number(object, "accuracy", NAN, &out->accuracy, why) ||
        !member_number(object, "battery", NAN, &out->battery, why) || !check_rest(object, why) ||
        !member_number(object, "speed", NAN, &out->speed, why) ||
        !member_number(object, "course", NAN, &out->course, why) ||
        !member_bool(object, "tamper", false, &out->tamper, why))
        return false;
    return ping_settle(out, why);
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

bool ping_json_read_one(const char *bytes, size_t n, struct ping *out, struct fault *why)
{
    json_t *value = member_load(bytes, n, why);
    bool ok = value != NULL && read_ping(value, out, why);

    json_decref(value);
    return ok;
}

void ping_json_take(const json_t *value, ping_taker *take, void *arg)
{
    if (!json_is_array(value))
        hand_over(value, 0, take, arg);
    for (size_t i = 0; i < json_array_size(value); i++)
        hand_over(json_array_get(value, i), i, take, arg);
}

static void take_line(const char *bytes, size_t n, int line, size_t index, ping_taker *take,
                      void *arg)
{
    struct fault why;
    json_t *value = member_load_line(bytes, n, line, &why);

    if (value != NULL)
        hand_over(value, index, take, arg);
    else
        take(NULL, index, why.text, arg);
    json_decref(value);
}

bool ping_json_read_lines(const struct ping_body *body, ping_taker *take, void *arg,
                          struct fault *why)
{
    const char *at = body->bytes, *end = body->bytes + body->n;
    size_t index = 0, n = body->n;
    int line = 0;

    if (!lead_skip(&at, &n, why)) // all of it, not line by line
        return false;
    while (at < end) {
        const char *eol = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((eol ? eol : end) - at), blank = 0;

        line++;
        while (blank < length && strchr(" \t\r", at[blank]) != NULL && at[blank] != '\0')
            blank++;
        if (blank < length)
            take_line(at, length, line, index++, take, arg);
        at += length + 1;
    }
    return true;
}

bool ping_json_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    json_t *value = member_load(body->bytes, body->n, why);

    if (value == NULL)
        return false;
    ping_json_take(value, take, arg);
    json_decref(value);
    return true;
}
