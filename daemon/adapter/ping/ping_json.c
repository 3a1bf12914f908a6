/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_json.h"

#include "adapter/lead.h"
#include "adapter/ping/member.h"
#include "adapter/ping/ping_scan.h"
#include "adapter/ping/reading.h"
#include "core/arena.h"

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
    bool fix, tamper;

    *out = (struct ping){ 0 };
    if (!json_is_object(object))
        return fault_set(why, "not an object");
    if (!member_device(object, "device", out->device, why) ||
        !member_time(object, "time", utc_parse_any, &out->time, why) ||
        !member_bool(object, "fix", true, &fix, why) ||
        !member_place_or_none(object, "lat", "lon", fix, &out->at, why) ||
        !member_alarm(object, "alarm", out, why) ||
        !member_number(object, "accuracy", NAN, &out->accuracy, why) ||
        !member_number(object, "battery", NAN, &out->battery, why) || !check_rest(object, why) ||
        !member_number(object, "speed", NAN, &out->speed, why) ||
        !member_number(object, "course", NAN, &out->course, why) ||
        !member_bool(object, "tamper", false, &tamper, why))
        return false;
    out->no_fix = !fix;
    out->tamper |= tamper;
    return ping_settle(out, why);
}

static void hand_over(const json_t *object, size_t index, ping_taker *take, void *arg)
{
    struct ping ping;
    struct fault why;

    if (read_ping(object, &ping, &why))
        take(&ping, index, NULL, arg);
    else
        take(&ping, index, why.text, arg);
}

bool ping_json_read_one(const char *bytes, size_t n, struct ping *out, struct fault *why)
{
    json_t *value;
    bool ok;

    if (ping_scan_one(bytes, n, out))
        return ping_settle(out, why);
    value = member_load(bytes, n, why);
    ok = value != NULL && read_ping(value, out, why);
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

/* ---- one a line ---- */

/* One that was read; or the reason why it is none, and what was read of it. */
struct line {
    struct line *next;
    const char *why;
    struct ping ping;
};

/* In their order. When a later one finds no memory, none may have been handed over. */
struct lines {
    struct arena arena;
    struct line *first, **end;
};

static bool keep_line(struct lines *lines, const struct ping *ping, const char *why)
{
    struct line *line = arena_take(&lines->arena, sizeof *line);

    if (line == NULL || (why != NULL && (line->why = arena_text(&lines->arena, why)) == NULL))
        return false;
    line->ping = *ping;
    *lines->end = line;
    lines->end = &line->next;
    return true;
}

/* False when memory is out; any other fault is the line's own. */
static bool read_line(struct lines *lines, const char *bytes, size_t n, int number)
{
    struct ping ping = { 0 };
    struct fault why;
    json_t *value = member_load_line(bytes, n, number, &why);
    bool is_ping = value != NULL && read_ping(value, &ping, &why);

    json_decref(value);
    if (value == NULL && fault_is_memory(&why))
        return false;
    return keep_line(lines, &ping, is_ping ? NULL : why.text);
}

static bool is_blank(const char *bytes, size_t n)
{
    size_t i = 0;

    while (i < n && strchr(" \t\r", bytes[i]) != NULL && bytes[i] != '\0')
        i++;
    return i == n;
}

static bool read_lines(struct lines *lines, const char *bytes, size_t n)
{
    const char *end = bytes + n;
    int number = 0;
    size_t length;

    for (const char *at = bytes; at < end; at += length + 1) {
        const char *eol = memchr(at, '\n', (size_t)(end - at));

        length = (size_t)((eol ? eol : end) - at);
        number++;
        if (!is_blank(at, length) && !read_line(lines, at, length, number))
            return false;
    }
    return true;
}

bool ping_json_read_lines(const struct ping_body *body, ping_taker *take, void *arg,
                          struct fault *why)
{
    struct lines lines = { 0 };
    const char *bytes = body->bytes;
    size_t index = 0, n = body->n;
    bool ok;

    if (ping_scan(bytes, n, PING_SCAN_LINES, take, arg))
        return true;
    if (!lead_skip(&bytes, &n, why)) // all of it, not line by line
        return false;
    lines.end = &lines.first;
    ok = read_lines(&lines, bytes, n) || fault_set(why, FAULT_MEMORY);
    // The lines of one body.
    for (const struct line *line = ok ? lines.first : NULL; line != NULL; line = line->next)
        take(&line->ping, index++, line->why, arg);
    arena_fini(&lines.arena);
    return ok;
}

/* ---- one, or an array ---- */

bool ping_json_read(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    json_t *value;

    if (ping_scan(body->bytes, body->n, PING_SCAN_VALUE, take, arg))
        return true;
    value = member_load(body->bytes, body->n, why);
    if (value == NULL)
        return false;
    ping_json_take(value, take, arg);
    json_decref(value);
    return true;
}
