/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two devices say anything at all beside their place, at a door drawn by dice, and one says any
 * place, each beside two honest ones: whoever sends in the same turn is served, who stands inside
 * is told, and who stands 500 m outside is no breach. The seed is printed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/test.h"
#include "support/testbed.h"

#define JSON "application/json"

enum { TURNS = 60, TURN_S = 7, OUT_NORTH = 700, BODY_MAX = 1024 };

/* What a number can be said to be; those from QUOTED on no query can say. */
static const char *const words[] = {
    "0",
    "-0.0",
    "5e-324",
    "1e308",
    "-1e308",
    "0.5",
    "99999.9",
    "100000.1",
    "2147483647",
    "-2147483648",
    "9223372036854775807",
    "-1",
    "70",
    "70.1",
    "360",
    "360.1",
    "100",
    "101",
    "null",
    "true",
    "\"\"",
    "\"nan\"",
    "\"-inf\"",
    "\"1,5\"",
    "[]",
    "{}",
};
enum { WORDS = sizeof words / sizeof *words, QUOTED = 20, TIMES = 12 };

/* What a clock can be said to show: the last ones are only a little wrong. */
static const char *word_of_time(struct dice *dice, int64_t now, char room[32])
{
    static const char *const times[TIMES] = { "0",           "-1",           "1e300",
                                              "-1e300",      "253402300799", "4102444800",
                                              "null",        "true",         "1e11",
                                              "99999999999", "946684799.9",  "5e-324" };
    static const int64_t off[] = { -7168LL * 86400, -3600, -601, 121, 86400, 0 };
    size_t nth = (size_t)dice_below(dice, 3 * TIMES);

    if (nth < TIMES)
        return times[nth];
    snprintf(room, 32, "%" PRId64, now + off[nth % (sizeof off / sizeof *off)]);
    return room;
}

/* A device of the scene: where it truly is, and what it says beside that. */
struct saying {
    const char *device;
    double north;
    char time[32], words[4][24]; // accuracy, speed, course, battery
};

static struct saying say(struct dice *dice, const char *device, double north, int64_t now, int most)
{
    static const char *const good[] = { "8", "1.5", "85", "64" };
    struct saying saying = { .device = device, .north = north + dice_between(dice, -3, 3) };
    char room[32];

    snprintf(saying.time, sizeof saying.time, "%s", word_of_time(dice, now, room));
    for (size_t i = 0; i < 4; i++)
        snprintf(saying.words[i], sizeof saying.words[i], "%s",
                 dice_below(dice, 2) == 0 ? good[i] : words[dice_below(dice, (unsigned)most)]);
    return saying;
}

static const struct door {
    const char *path, *form; // device, time, latitude, longitude, and four more
    bool query;
} doors[] = {
    { "/osmand", "id=%s&timestamp=%s&lat=%.7f&lon=%.7f&accuracy=%s&speed=%s&bearing=%s&batt=%s",
      true },
    { "/", "id=%s&timestamp=%s&lat=%.7f&lon=%.7f&hdop=%s&speed=%s&bearing=%s&batt=%s", true },
    { "/owntracks",
      "{\"_type\":\"location\",\"topic\":\"owntracks/x/%s\",\"tst\":%s,\"lat\":%.7f,\"lon\":%.7f,"
      "\"acc\":%s,\"vel\":%s,\"cog\":%s,\"batt\":%s}",
      false },
    { "/overland",
      "{\"device_id\":\"%s\",\"location\":{\"timestamp\":%s,\"coords\":{\"latitude\":%.7f,"
      "\"longitude\":%.7f,\"accuracy\":%s,\"speed\":%s,\"heading\":%s},\"battery\":{\"level\":%s}}"
      "}",
      false },
    { "/traccar",
      "{\"device\":{\"uniqueId\":\"%s\"},\"position\":{\"fixTime\":%s,\"latitude\":%.7f,"
      "\"longitude\":%.7f,\"accuracy\":%s,\"speed\":%s,\"course\":%s,\"attributes\":{"
      "\"batteryLevel\":%s}}}",
      false },
    { "/v1/pings",
      "{\"device\":\"%s\",\"time\":%s,\"lat\":%.7f,\"lon\":%.7f,\"accuracy\":%s,\"speed\":%s,"
      "\"course\":%s,\"battery\":%s}",
      false },
};
enum { DOORS = sizeof doors / sizeof *doors };

static size_t print(const struct door *door, const struct saying *saying, char *out, size_t room)
{
    double lat = HOME_LAT + saying->north / METRES_PER_DEGREE;
    int n;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    n = snprintf(out, room, door->form, saying->device, saying->time, lat, HOME_LON,
                 saying->words[0], saying->words[1], saying->words[2], saying->words[3]);
#pragma GCC diagnostic pop
    assert_in_range(n, 1, room - 1);
    return (size_t)n;
}

/* At an app's door it is taken, whatever it says beside its place. */
static void speak_at_a_door(struct testbed *testbed, struct dice *dice, const char *device,
                            double north, int64_t now)
{
    const struct door *door = &doors[dice_below(dice, DOORS - 1)];
    struct saying saying = say(dice, device, north, now, door->query ? QUOTED : WORDS);
    char body[BODY_MAX];
    size_t n = print(door, &saying, body, sizeof body);
    const char *type = door->query ? "application/x-www-form-urlencoded" : JSON;

    if (testbed_ask(testbed, &(struct request){ "POST", door->path, type, body, n }) != 200 ||
        testbed_has_header(testbed, "X-Breachd-Why"))
        fail_msg("%s: %s: %s%s", door->path, body, testbed->head, testbed->body);
}

/* Any place of the earth, and what is none. */
static size_t print_lost(struct dice *dice, int64_t now, char *out, size_t room)
{
    static const char *const degrees[] = { "0",   "-0.0",  "90",     "-90",   "180",  "91",
                                           "181", "1e308", "5e-324", "24.35", "null", "-180" };
    enum { DEGREES = sizeof degrees / sizeof *degrees };

    return (size_t)snprintf(out, room,
                            "{\"device\":\"lost\",\"time\":%" PRId64 ",\"lat\":%s,\"lon\":%s}", now,
                            degrees[dice_below(dice, DEGREES)], degrees[dice_below(dice, DEGREES)]);
}

/* In one body, the wild ones first: whatever they do is done when the others' turn comes. */
static void speak_together(struct testbed *testbed, struct dice *dice, int second)
{
    const struct door *plain = &doors[DOORS - 1];
    int64_t now = testbed->base + second;
    struct saying in = say(dice, "wild-in", 0, now, WORDS),
                  out = say(dice, "wild-out", OUT_NORTH, now, WORDS);
    char body[4 * BODY_MAX] = "[", good[TESTBED_PING_MAX];
    size_t n = 1;
    json_t *answer;

    n += print(plain, &in, body + n, BODY_MAX);
    body[n++] = ',';
    n += print(plain, &out, body + n, BODY_MAX);
    body[n++] = ',';
    n += print_lost(dice, now, body + n, BODY_MAX);
    n += (size_t)sprintf(body + n, ",%s",
                         testbed_ping_print(testbed, "far", second, OUT_NORTH, good));
    n += (size_t)sprintf(body + n, ",%s]", testbed_ping_print(testbed, "sure", second, 0, good));
    if (testbed_post(testbed, body) != 200)
        fail_msg("%s: %s", body, testbed->body);
    answer = testbed_json(testbed);
    for (size_t i = 0; i < json_array_size(json_object_get(answer, "rejected")); i++) {
        const json_t *one = json_array_get(json_object_get(answer, "rejected"), i);

        if (json_integer_value(json_object_get(one, "index")) > 2)
            fail_msg("%s: %s", body, testbed->body);
    }
    json_decref(answer);
}

static bool tells(struct testbed *testbed, const char *what)
{
    return strstr(testbed_story(testbed), what) != NULL;
}

static void whatever_is_said_beside_a_place_hides_nobody(void **state)
{
    struct testbed *testbed = *state;
    struct dice dice = dice_begin();

    testbed_order(testbed, "B", "far", 0, 200, "");
    testbed_order(testbed, "C", "wild-in", 0, 200, "");
    testbed_order(testbed, "D", "wild-out", 0, 200, "");
    testbed_order(testbed, "E", "lost", 0, 200, "");
    testbed_order(testbed, "F", "sure", 0, 200, "");
    testbed_open(testbed, "", NULL);
    for (int turn = 1; turn <= TURNS; turn++) {
        int second = turn * TURN_S;

        speak_together(testbed, &dice, second);
        assert_true(turn > 1 || testbed_settle(testbed) >= 1); // who is sure is told at once
        speak_at_a_door(testbed, &dice, "wild-in", 0, testbed->base + second);
        speak_at_a_door(testbed, &dice, "wild-out", OUT_NORTH, testbed->base + second);
    }
    testbed_gather(testbed);
    assert_true(tells(testbed, "breach F/home/1/1\n"));
    assert_true(tells(testbed, "breach C/home/"));
    assert_false(tells(testbed, "breach B/home/"));
    assert_false(tells(testbed, "breach D/home/"));
    assert_false(tells(testbed, "breach E/home/"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(whatever_is_said_beside_a_place_hides_nobody),
    };

    return cmocka_run_group_tests_name("extremes", tests, NULL, NULL);
}
