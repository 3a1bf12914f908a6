/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any body: of what the scanner takes jansson makes the same pings and refusals, to the bit of each
 * number; and a number by itself is the one that strtod() makes of it.
 */
#include "adapter/ping/ping_scan.h"

#include "adapter/ping/member.h"
#include "adapter/ping/ping_json.h"
#include "adapter/ping/plain_number.h"
#include "adapter/ping/reading.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

/* What one reader handed over is kept, and held against what the other does. */
struct said {
    struct ping ping;
    char why[FAULT_TEXT_MAX];
    bool is_ping;
};

struct all {
    struct said *each;
    size_t n, room;
};

static void keep(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct all *all = arg;
    struct said *said;

    promise(index == all->n && (ping != NULL || why != NULL));
    if (all->n == all->room) {
        all->room = 2 * all->room + 16;
        all->each = realloc(all->each, all->room * sizeof *all->each);
        promise(all->each != NULL);
    }
    said = &all->each[all->n++];
    *said = (struct said){ .is_ping = why == NULL };
    if (why == NULL)
        said->ping = *ping;
    else
        strcpy(said->why, why);
}

/* One NaN is as good as another; of all else the sign of a zero counts, too. */
static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static void must_agree(const struct ping *a, const struct ping *b)
{
    promise(strcmp(a->device, b->device) == 0);
    promise(strcmp(a->alarm, b->alarm) == 0);
    promise(a->time.ms == b->time.ms);
    promise(same(a->at.lat, b->at.lat) && same(a->at.lon, b->at.lon));
    promise(same(a->accuracy, b->accuracy) && same(a->percentile, b->percentile));
    promise(same(a->speed, b->speed) && same(a->course, b->course));
    promise(same(a->battery, b->battery));
    promise(a->tamper == b->tamper && a->battery_low == b->battery_low);
    promise(a->no_fix == b->no_fix && a->doubted == b->doubted);
}

static void all_must_agree(const struct all *a, const struct all *b)
{
    promise(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        promise(a->each[i].is_ping == b->each[i].is_ping);
        promise(strcmp(a->each[i].why, b->each[i].why) == 0);
        if (a->each[i].is_ping)
            must_agree(&a->each[i].ping, &b->each[i].ping);
    }
}

/* ---- jansson ---- */

struct shifted {
    struct all *all;
    size_t by;
};

static void keep_shifted(const struct ping *ping, size_t index, const char *why, void *arg)
{
    const struct shifted *shifted = arg;

    keep(ping, index + shifted->by, why, shifted->all);
}

static void read_value(const char *bytes, size_t n, struct all *all)
{
    struct shifted shifted = { all, all->n };
    struct fault why;
    json_t *value = member_load(bytes, n, &why);

    promise(value != NULL);
    ping_json_take(value, keep_shifted, &shifted);
    json_decref(value);
}

static bool is_blank(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r')
            return false;
    }
    return true;
}

static void read_lines(const char *bytes, size_t n, struct all *all)
{
    const char *end = bytes + n;
    size_t length;

    for (const char *at = bytes; at < end; at += length + 1) {
        const char *eol = memchr(at, '\n', (size_t)(end - at));

        length = (size_t)((eol ? eol : end) - at);
        if (is_blank(at, length))
            continue;
        promise(at[strspn(at, " \t\r")] == '{'); // no array in a line
        read_value(at, length, all);
    }
}

/* ---- both ---- */

static void try_body(const char *bytes, size_t n, enum ping_scan_form form)
{
    struct all scanned = { 0 }, read = { 0 };

    if (!ping_scan(bytes, n, form, keep, &scanned)) {
        promise(scanned.n == 0);
        return;
    }
    if (form == PING_SCAN_LINES)
        read_lines(bytes, n, &read);
    else
        read_value(bytes, n, &read);
    all_must_agree(&scanned, &read);
    free(scanned.each);
    free(read.each);
}

static void try_one(const char *bytes, size_t n)
{
    struct all read = { 0 };
    struct fault why;
    struct ping ping;

    if (!ping_scan_one(bytes, n, &ping))
        return;
    read_value(bytes, n, &read);
    promise(read.n == 1 && bytes[strspn(bytes, " \t\r\n")] == '{');
    promise(ping_settle(&ping, &why) == read.each[0].is_ping);
    if (read.each[0].is_ping)
        must_agree(&ping, &read.each[0].ping);
    else
        promise(strcmp(why.text, read.each[0].why) == 0);
    free(read.each);
}

static void try_number(const char *bytes, size_t n)
{
    struct plain_number number;
    const char *end = plain_number_read(bytes, bytes + n, &number);
    char *text = as_text((const uint8_t *)bytes, n);
    json_t *value;

    if (end != NULL) {
        double want, read;

        text[end - bytes] = '\0';
        want = strtod(text, NULL);
        value = json_loads(text, JSON_DECODE_ANY, NULL);
        promise(value != NULL && json_is_integer(value) == number.whole);
        promise(same(json_number_value(value), number.value));
        promise(number.value == want && (number.whole || same(want, number.value)));
        json_decref(value);
        promise(reading_number(text, &read) && same(read, want));
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *text = n > 0 ? (const char *)bytes : "";

    try_body(text, n, PING_SCAN_VALUE);
    try_body(text, n, PING_SCAN_LINES);
    try_one(text, n);
    try_number(text, n);
    return 0;
}
