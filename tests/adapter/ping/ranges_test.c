/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every door gives every number the same range: the same words about one field of a good ping, at
 * all doors, come to what a few lines here say of them, and the other fields stay as they were.
 * Extremes by hand, then random bits; the seed is printed.
 */
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "adapter/ping/osmand.h"
#include "adapter/ping/osmand_query.h"
#include "adapter/ping/overland.h"
#include "adapter/ping/owntracks.h"
#include "adapter/ping/ping_csv.h"
#include "adapter/ping/ping_entry.h"
#include "adapter/ping/ping_gpx.h"
#include "adapter/ping/ping_json.h"
#include "adapter/ping/reading.h"
#include "adapter/ping/traccar.h"

#include "support/dice.h"
#include "support/entry.h"
#include "support/test.h"

enum field { LAT, LON, ACCURACY, SPEED, COURSE, BATTERY, FIELDS };
enum { BODY_MAX = 2048, RANDOM_WORDS = 3000 };

static const char *const names[FIELDS] = { "lat", "lon", "accuracy", "speed", "course", "battery" };

static bool read_entry(const struct ping_body *body, ping_taker *take, void *arg, struct fault *why)
{
    struct entry_text texts[ENTRY_TEXTS_MAX];
    char copy[BODY_MAX];
    struct ping ping;
    size_t n;

    memcpy(copy, body->bytes, body->n);
    copy[body->n] = '\0';
    n = entry_split(copy, body->n, ';', texts);
    if (ping_entry_read(texts, n, &ping, why))
        take(&ping, 0, NULL, arg);
    else
        take(NULL, 0, why->text, arg);
    return true;
}

/* `form` takes the six words in the order of `enum field`. */
static const struct door {
    const char *name;
    ping_reader *reader;
    bool json, app; // it is JSON; an app's: numbers as texts, and what is none hides no place
    double speed, battery; // one of its own in ours
    const char *form;
} doors[] = {
    { "JSON", ping_json_read, true, false, 1, 1,
      "{\"device\":\"tag-1\",\"time\":1592943245,\"lat\":%s,\"lon\":%s,\"accuracy\":%s,"
      "\"speed\":%s,\"course\":%s,\"battery\":%s}" },
    { "JSON by lines", ping_json_read_lines, true, false, 1, 1,
      "{\"device\":\"tag-1\",\"time\":1592943245,\"lat\":%s,\"lon\":%s,\"accuracy\":%s,"
      "\"speed\":%s,\"course\":%s,\"battery\":%s}\n" },
    { "stream, JSON", read_entry, true, false, 1, 1,
      "ping={\"device\":\"tag-1\",\"time\":1592943245,\"lat\":%s,\"lon\":%s,\"accuracy\":%s,"
      "\"speed\":%s,\"course\":%s,\"battery\":%s}" },
    { "stream, flat", read_entry, false, false, 1, 1,
      "device=tag-1;time=1592943245;lat=%s;lon=%s;accuracy=%s;speed=%s;course=%s;battery=%s" },
    { "OwnTracks", owntracks_read, true, true, READING_KMH, 1,
      "{\"_type\":\"location\",\"tid\":\"t1\",\"tst\":1592943245,\"lat\":%s,\"lon\":%s,\"acc\":%s,"
      "\"vel\":%s,\"cog\":%s,\"batt\":%s}" },
    { "MQTT", owntracks_read_any, true, false, 1, 1,
      "{\"device\":\"tag-1\",\"time\":1592943245,\"lat\":%s,\"lon\":%s,\"accuracy\":%s,"
      "\"speed\":%s,\"course\":%s,\"battery\":%s}" },
    { "OsmAnd, JSON", osmand_read, true, true, 1, 100,
      "{\"device_id\":\"tag-1\",\"location\":{\"timestamp\":\"2020-06-23T20:14:05Z\",\"coords\":{"
      "\"latitude\":%s,\"longitude\":%s,\"accuracy\":%s,\"speed\":%s,\"heading\":%s},"
      "\"battery\":{\"level\":%s}}}" },
    { "OsmAnd, query", osmand_query_read, false, true, READING_KNOT, 1,
      "id=tag-1&timestamp=1592943245&lat=%s&lon=%s&accuracy=%s&speed=%s&bearing=%s&batt=%s" },
    { "Traccar", traccar_read, true, true, READING_KNOT, 1,
      "{\"position\":{\"fixTime\":\"2020-06-23T20:14:05Z\",\"latitude\":%s,\"longitude\":%s,"
      "\"accuracy\":%s,\"speed\":%s,\"course\":%s,\"attributes\":{\"batteryLevel\":%s}},"
      "\"device\":{\"uniqueId\":\"tag-1\"}}" },
    { "Overland", overland_read, true, true, 1, 100,
      "{\"locations\":[{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","
      "\"coordinates\":[%2$s,%1$s]},\"properties\":{\"device_id\":\"tag-1\","
      "\"timestamp\":\"2020-06-23T20:14:05Z\",\"horizontal_accuracy\":%3$s,\"speed\":%4$s,"
      "\"course\":%5$s,\"battery_level\":%6$s}}]}" },
    { "transistorsoft's plugin", overland_read, true, true, 1, 100,
      "{\"device_id\":\"tag-1\",\"location\":{\"timestamp\":\"2020-06-23T20:14:05Z\",\"coords\":{"
      "\"latitude\":%s,\"longitude\":%s,\"accuracy\":%s,\"speed\":%s,\"heading\":%s},"
      "\"battery\":{\"level\":%s}}}" },
    { "CSV", ping_csv_read, false, false, 1, 1,
      "device,time,lat,lon,accuracy,speed,course,battery\ntag-1,1592943245,%s,%s,%s,%s,%s,%s\n" },
    { "GPX", ping_gpx_read, false, false, 1, 1,
      "<gpx><trk><trkseg><trkpt lat=\"%s\" lon=\"%s\"><time>2020-06-23T20:14:05Z</time>"
      "<accuracy>%s</accuracy><speed>%s</speed><course>%s</course><battery>%s</battery>"
      "</trkpt></trkseg></trk></gpx>" },
};

/* ---- what ought to come of a word ---- */

enum fate { REFUSED, UNKNOWN, NO_FIX, KNOWN };

/* JSON's whole numbers have 64 bits here. */
static bool is_too_wide(const char *word)
{
    size_t sign = word[0] == '-' ? 1 : 0;

    errno = 0;
    strtoll(word, NULL, 10);
    return errno != 0 && strspn(word + sign, "0123456789") == strlen(word + sign);
}

/* Whether the door's own language has it as a finite number; *out is it. */
static bool is_number(const struct door *door, const char *word, double *out)
{
    char *end;

    if (!isdigit((unsigned char)word[word[0] == '-' ? 1 : 0]) || strpbrk(word, "xX") != NULL)
        return false;
    *out = strtod(word, &end);
    if (*end != '\0' || !isfinite(*out))
        return false;
    return !door->json || !is_too_wide(word);
}

/* Whether the door's language has it at all, as whatever. */
static bool is_readable(const struct door *door, const char *word)
{
    json_t *value = door->json ? json_loads(word, JSON_DECODE_ANY, NULL) : NULL;
    bool readable = !door->json || value != NULL;

    json_decref(value);
    return readable;
}

static double unit_of(const struct door *door, enum field field)
{
    return field == SPEED ? door->speed : field == BATTERY ? door->battery : 1;
}

static enum fate fate_of(const struct door *door, enum field field, const char *word, double *out)
{
    static const double most[FIELDS] = { 90, 180, 100000, 70, 360, 100 };
    bool place = field == LAT || field == LON, nothing, readable = is_readable(door, word);
    char bare[8];

    if (door->app && strcmp(word, "\"\"") == 0)
        return place ? REFUSED : UNKNOWN;
    if (door->app && word[0] == '"') { // as the number in it
        snprintf(bare, sizeof bare, "%.*s", (int)strlen(word) - 2, word + 1);
        word = bare;
    }
    nothing = door->json ? strcmp(word, "null") == 0 : word[0] == '\0';
    if (nothing)
        return place ? REFUSED : UNKNOWN;
    if (!is_number(door, word, out))
        return door->app && readable && !place ? UNKNOWN : REFUSED;
    *out *= unit_of(door, field);
    if (field == BATTERY && door->reader == osmand_query_read && *out < 32 &&
        fabs(*out - round(*out)) > 0.005)
        return UNKNOWN; // volts
    if (place)
        return fabs(*out) <= most[field] ? KNOWN : REFUSED;
    if (field == ACCURACY && *out > most[field])
        return NO_FIX;
    if (field == ACCURACY && *out <= 0)
        return UNKNOWN;
    return *out >= 0 && *out <= most[field] ? KNOWN : UNKNOWN;
}

/* ---- what came of it ---- */

struct seen {
    bool taken;
    struct ping ping;
    char why[FAULT_TEXT_MAX];
};

static void see(const struct ping *ping, size_t index, const char *why, void *arg)
{
    struct seen *seen = arg;

    (void)index;
    seen->taken = why == NULL && ping != NULL;
    if (seen->taken)
        seen->ping = *ping;
    snprintf(seen->why, sizeof seen->why, "%s", why ? why : "");
}

static double member(const struct ping *ping, int field)
{
    const double members[FIELDS] = { ping->at.lat, ping->at.lon, ping->accuracy,
                                     ping->speed,  ping->course, ping->battery };

    return members[field];
}

static struct seen say(const struct door *door, const char *const words[FIELDS])
{
    struct seen seen = { 0 };
    struct fault why = { .text = "" };
    char body[BODY_MAX];
    struct ping_body given = { .bytes = body, .names = { "tag-1" } };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    given.n = (size_t)snprintf(body, sizeof body, door->form, words[0], words[1], words[2],
                               words[3], words[4], words[5]);
#pragma GCC diagnostic pop
    assert_true(given.n < sizeof body);
    if (!door->reader(&given, see, &seen, &why))
        snprintf(seen.why, sizeof seen.why, "%s", why.text);
    return seen;
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a == b && signbit(a) == signbit(b));
}

static void check(const struct door *door, enum field field, const char *word)
{
    const char *words[FIELDS] = { "51.5", "0.45", "8", "1.5", "85", "0.5" };
    struct seen good = say(door, words), seen;
    double value = NAN, want;
    enum fate fate = fate_of(door, field, word, &value);

    assert_true(good.taken);
    words[field] = word;
    seen = say(door, words);
    if (seen.taken != (fate != REFUSED) || (!seen.taken && seen.why[0] == '\0'))
        fail_msg("%s: %s \"%s\": %s (%s)", door->name, names[field], word,
                 seen.taken ? "taken" : "refused", seen.why);
    for (int i = 0; seen.taken && i < FIELDS; i++) {
        want = i != (int)field ? member(&good.ping, i) : fate == KNOWN ? value + 0.0 : NAN;
        if (!same(member(&seen.ping, i), want))
            fail_msg("%s: %s \"%s\": %s became %.17g, not %.17g", door->name, names[field], word,
                     names[i], member(&seen.ping, i), want);
    }
    if (seen.taken && seen.ping.no_fix != (fate == NO_FIX))
        fail_msg("%s: %s \"%s\": trusted wrongly", door->name, names[field], word);
}

static void check_everywhere(const char *word)
{
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        for (int field = 0; field < FIELDS; field++)
            check(&doors[i], (enum field)field, word);
    }
}

static void extremes_come_to_the_same_at_every_door(void **state)
{
    static const char *const words[] = {
        "0",
        "-0",
        "-0.0",
        "0.0",
        "5e-324",
        "-5e-324",
        "1e-400",
        "2.3e-308",
        "1e308",
        "-1e308",
        "1e309",
        "-1e309",
        "1e999",
        "1e-5",
        "90",
        "-90",
        "90.1",
        "180",
        "-180",
        "180.1",
        "70",
        "70.1",
        "252",
        "252.1",
        "136",
        "136.1",
        "360",
        "360.1",
        "100",
        "100.1",
        "1",
        "1.01",
        "100000",
        "100000.1",
        "99999.9",
        "2147483648",
        "4294967296",
        "1e5",
        "200",
        "9223372036854775807",
        "-1",
        "nan",
        "NaN",
        "inf",
        "-inf",
        "Infinity",
        "true",
        "false",
        "null",
        "x",
        "1x",
        "0x10",
        "1e",
        "--1",
        "9223372036854775808",
        "18446744073709551616",
    };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        check_everywhere(words[i]);
}

/* What only one of the two languages can say at all. */
static void other_types_are_refused(void **state)
{
    static const char *const json[] = {
        "\"8\"", "\"\"", "[]", "[8]", "{}", "{\"a\":8}", "\"nan\""
    };

    (void)state;
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        for (int field = 0; field < FIELDS; field++) {
            for (size_t k = 0; doors[i].json && k < sizeof json / sizeof *json; k++)
                check(&doors[i], (enum field)field, json[k]);
            if (!doors[i].json)
                check(&doors[i], (enum field)field, "");
        }
    }
}

static double random_number(struct dice *dice)
{
    uint64_t bits = dice_throw(dice);
    double value;

    if (dice_below(dice, 2) == 0)
        return dice_between(dice, -400, 400);
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void random_numbers_come_to_the_same_at_every_door(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int i = 0; i < RANDOM_WORDS; i++) {
        char printed[40], word[40], *to = word;

        snprintf(printed, sizeof printed, "%.17g", random_number(&dice));
        for (const char *at = printed; *at != '\0'; at++) { // a query makes a blank of a +
            if (*at != '+')
                *to++ = *at;
        }
        *to = '\0';
        check_everywhere(word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extremes_come_to_the_same_at_every_door),
        cmocka_unit_test(other_types_are_refused),
        cmocka_unit_test(random_numbers_come_to_the_same_at_every_door),
    };

    return cmocka_run_group_tests_name("ranges", tests, NULL, NULL);
}
