/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/incidents/ID/map: the places of an incident, and who looked at them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "support/test.h"
#include "support/testbed.h"
#include "support/token_line.h"

#define MAP      "/v1/incidents/A/home/1/map"
#define ACCESSES "SELECT count(*) FROM entry WHERE kind = 'access'"

static void open_with_tokens(struct testbed *testbed)
{
    FILE *out = fopen(testbed_path(testbed, "tokens").text, "we");

    assert_non_null(out);
    token_line(out, "gateway", "any-secret", "*");
    token_line(out, "desk", "room-secret", "room");
    token_line(out, "page", "map-secret", "map");
    fclose(out);
    testbed_set(testbed, "breachd.conf", "http", "tokens", "tokens");
    testbed->token = "any-secret";
    testbed_open(testbed, "warn = 800 m\n", NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 200, 300), 200); // late
    testbed->token = "map-secret";
    testbed_settle(testbed);
}

/* With these headers, a line of curl's -K each. */
static int ask_map(struct testbed *testbed, const char *token, const char *path,
                   const char *headers)
{
    struct request request = { "GET", path, NULL, NULL, 0 };
    char more[2048];

    snprintf(more, sizeof more, "header = \"Authorization: Bearer %s\"\n%s", token, headers);
    return testbed_ask_with(testbed, &request, more);
}

#define WHY "header = \"X-Reason: court asks\"\n"

/* The features that are that. */
static size_t count(const json_t *map, const char *what)
{
    const json_t *feature;
    size_t i, n = 0;

    json_array_foreach(json_object_get(map, "features"), i, feature) n +=
        strcmp(alert_text(feature, "properties.what"), what) == 0;
    return n;
}

static const json_t *feature(const json_t *map, const char *what, size_t nth)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(map, "features"), i, one)
    {
        if (strcmp(alert_text(one, "properties.what"), what) == 0 && nth-- == 0)
            return one;
    }
    fail_msg("no such %s", what);
    return NULL;
}

static void it_has_zone_ring_way_and_alerts(void **state)
{
    struct testbed *testbed = *state;
    const json_t *ping;
    json_t *map;

    open_with_tokens(testbed);
    assert_int_equal(ask_map(testbed, "map-secret", MAP, WHY "header = \"X-By: Sgt 1234\"\n"), 200);
    assert_non_null(strstr(testbed->head, "application/geo+json"));
    assert_non_null(strstr(testbed->head, "no-store"));
    map = testbed_json(testbed);
    assert_string_equal(alert_text(map, "type"), "FeatureCollection");
    assert_int_equal(count(map, "zone"), 1);
    assert_int_equal(count(map, "ring"), 1);
    assert_int_equal(count(map, "ping"), 3);
    assert_int_equal(count(map, "way"), 1);
    assert_true(count(map, "alert") >= 1);
    ping = feature(map, "ping", 1);
    assert_int_equal(json_integer_value(alert_at(ping, "properties.number")), 2);
    assert_string_equal(alert_text(ping, "properties.device"), "tag-1");
    assert_string_equal(alert_text(ping, "properties.grade"), "good");
    assert_true(json_number_value(alert_at(ping, "properties.accuracy")) == 8);
    assert_true(json_number_value(alert_at(ping, "properties.depth")) > 185);
    assert_true(json_number_value(alert_at(ping, "properties.inside")) > 0.9);
    assert_string_equal(alert_text(feature(map, "ping", 2), "properties.grade"), "late");
    assert_int_equal(json_array_size(alert_at(feature(map, "way", 0), "geometry.coordinates")), 2);
    json_decref(map);
    testbed_close(testbed);
}

static void each_look_is_in_the_chain_before_it_is_answered(void **state)
{
    struct testbed *testbed = *state;
    char body[512];

    open_with_tokens(testbed);
    assert_int_equal(ask_map(testbed, "map-secret", MAP, WHY "header = \"X-By: Sgt 1234\"\n"), 200);
    testbed_kill(testbed); // nothing of it waits for anything
    assert_int_equal(ctl_fixture_number(testbed, ACCESSES), 1);
    ctl_fixture_text(testbed, "SELECT body FROM entry WHERE kind = 'access'", body, sizeof body);
    assert_string_equal(body, "{\"command\":\"map\",\"of\":\"A/home/1\",\"user\":\"page\","
                              "\"uid\":-1,\"by\":\"Sgt 1234\",\"reason\":\"court asks\"}");
    testbed_start(testbed, NULL);
    testbed_settle(testbed);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void what_is_not_answered_is_no_look(void **state)
{
    static const struct {
        const char *token, *path, *headers;
        int code;
        const char *says;
    } rows[] = {
        { "map-secret", MAP, "", 400, "X-Reason: why" },
        { "map-secret", MAP, "header = \"X-Reason:   \"\n", 400, "X-Reason: why" },
        { "map-secret", MAP,
          WHY
          "header = \"X-By: 12345678901234567890123456789012345678901234567890123456789012345\"\n",
          400, "X-By: for whom" },
        { "map-secret", "/v1/incidents/A/home/9/map", WHY, 404, "no such incident" },
        { "map-secret", "/v1/incidents/nonsense/map", WHY, 404, "no such incident" },
        { "room-secret", MAP, WHY, 403, "not allowed" },
        { "any-secret", MAP, WHY, 403, "not allowed" },
        { "wrong", MAP, WHY, 401, "not allowed" },
    };
    struct testbed *testbed = *state;

    open_with_tokens(testbed);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int code = ask_map(testbed, rows[i].token, rows[i].path, rows[i].headers);

        if (code != rows[i].code || strstr(testbed->body, rows[i].says) == NULL)
            fail_msg("%s %s: %d: %s", rows[i].path, rows[i].headers, code, testbed->body);
        assert_null(strstr(testbed->body, "51.5"));
    }
    testbed_kill(testbed);
    assert_int_equal(ctl_fixture_number(testbed, ACCESSES), 0);
    testbed_start(testbed, NULL);
    testbed_close(testbed);
}

static void what_cannot_be_written_down_is_not_shown(void **state)
{
    struct testbed *testbed = *state;

    testbed_disk_fit(testbed);
    open_with_tokens(testbed);
    testbed_disk_fill(testbed);
    assert_int_equal(ask_map(testbed, "map-secret", MAP, WHY), 503);
    assert_null(strstr(testbed->body, "51.5"));
    testbed_disk_drain(testbed);
    testbed_await_code(testbed, "/readyz", 200);
    assert_int_equal(ask_map(testbed, "map-secret", MAP, WHY), 200);
    testbed_close(testbed);
}

/* Of a device it has no zone, and its respondent's way. */
static void of_a_device_it_is_the_way_alone(void **state)
{
    struct testbed *testbed = *state;
    json_t *map;

    open_with_tokens(testbed);
    testbed->token = "any-secret";
    assert_int_equal(
        testbed_post(testbed,
                     "{\"device\":\"tag-1\",\"time\":\"2100-01-01T00:00:00Z\",\"lat\":51.6,"
                     "\"lon\":0.45782,\"tamper\":true}"),
        200);
    testbed->token = "map-secret";
    testbed_settle(testbed);
    assert_int_equal(ask_map(testbed, "map-secret", "/v1/incidents/device/tag-1/tamper/1/map", WHY),
                     200);
    map = testbed_json(testbed);
    assert_int_equal(count(map, "zone"), 0);
    assert_true(count(map, "ping") >= 1);
    json_decref(map);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(it_has_zone_ring_way_and_alerts),
        testbed_test(each_look_is_in_the_chain_before_it_is_answered),
        testbed_test(what_is_not_answered_is_no_look),
        testbed_test(what_cannot_be_written_down_is_not_shown),
        testbed_test(of_a_device_it_is_the_way_alone),
    };

    return cmocka_run_group_tests_name("api_map", tests, NULL, NULL);
}
