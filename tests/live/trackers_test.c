/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OwnTracks, OsmAnd, Traccar Client and a Traccar server, each as it speaks, by a real curl: his
 * position inside the zone is a breach, and what is no position hurts nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"
#include "support/testbed.h"

#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"

/* ---- OwnTracks ---- */

/* "lat":…,"lon":…,"tst":… in the middle of the zone; the testbed's next second. */
static const char *here(const struct testbed *testbed)
{
    static char text[128];
    static int second;

    snprintf(text, sizeof(text), "\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64, HOME_LAT, HOME_LON,
             testbed->base + ++second);
    return text;
}

static int owntracks(struct testbed *testbed, const char *body, const char *more)
{
    return testbed_ask_with(
        testbed, &(struct request){ "POST", "/owntracks", JSON, body, strlen(body) }, more);
}

static int locate(struct testbed *testbed, const char *members, const char *more)
{
    char body[512];

    snprintf(body, sizeof(body), "{\"_type\":\"location\",%s\"acc\":8,\"vel\":3,\"batt\":64,%s}",
             members, here(testbed));
    return owntracks(testbed, body, more);
}

/* Curl's "user" is Basic; the apps send it beside X-Limit-U and X-Limit-D. */
static void however_the_phone_is_named_it_is_found(void **state)
{
    static const struct naming {
        const char *members, *more;
    } namings[] = {
        { "\"tid\":\"42\",", "user = \"tag-1:secret\"\nheader = \"X-Limit-U: tag-1\"\n"
                             "header = \"X-Limit-D: pixel\"\n" },
        { "", "header = \"X-Limit-U: jane\"\nheader = \"X-Limit-D: tag-1\"\n" },
        { "\"topic\":\"owntracks/jane/tag-1\",", "" },
        { "\"topic\":\"owntracks/tag-1/pixel\",", "user = \"jane:secret\"\n" },
        { "\"tid\":\"tag-1\",", "" },
    };
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    for (size_t i = 0; i < sizeof(namings) / sizeof(*namings); i++) {
        if (locate(testbed, namings[i].members, namings[i].more) != 200)
            fail_msg("naming %zu: %s", i, testbed->head);
        assert_string_equal(testbed->body, "[]");
    }
    testbed_expect(testbed, "breach A/home/1/1\n");
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"new\"}") == 5);
    testbed_close(testbed);
}

static void other_messages_are_answered_and_counted(void **state)
{
    static const char *const messages[] = {
        "{\"_type\":\"lwt\",\"tst\":1}",
        "{\"_type\":\"transition\",\"event\":\"enter\",\"lat\":\"61.2\"}",
        "{\"_type\":\"waypoint\"}",
        "{\"_type\":\"waypoints\",\"waypoints\":[]}",
        "{\"_type\":\"card\"}",
        "{\"_type\":\"cmd\",\"action\":\"dump\"}",
        "{\"_type\":\"status\"}",
        "{\"_type\":\"encrypted\",\"data\":\"YWJjZGUK\"}",
        "{\"_type\":\"beacon\"}",
    };
    const size_t n = sizeof(messages) / sizeof(*messages);
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    for (size_t i = 0; i < n; i++) {
        if (owntracks(testbed, messages[i], "") != 200 || strcmp(testbed->body, "[]") != 0)
            fail_msg("%s: %s", messages[i], testbed->body);
    }
    assert_int_equal(owntracks(testbed, "", ""), 200); // a friend was deleted
    assert_string_equal(testbed->body, "[]");
    assert_true(testbed_metric(testbed, "breachd_messages_ignored_total") == (double)n);
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"refused\"}") == 0);
    testbed_close(testbed);
}

/*
 * The app for Android sends again for ever what was answered with 400, and nothing behind it
 * (owntracks/android#936): what can never become a ping is taken, counted, and told by a header.
 */
static void what_can_never_be_a_ping_blocks_no_phone(void **state)
{
    static const struct refusal {
        const char *body, *why;
    } refusals[] = {
        { "{\"_type\":\"location\",\"tid\":\"JJ\",\"lat\":1,\"lon\":1,\"tst\":1}",
          "X-Breachd-Why: device: JJ: under no order here" },
        { "{\"_type\":\"location\",\"tid\":\"tag-1\",\"lon\":1,\"tst\":1}",
          "X-Breachd-Why: lat: missing" },
        { "[\"Set-Cookie: x\xc3\xa9\"\r\n\"", "X-Breachd-Why: not JSON: line 2" },
        { "{}", "X-Breachd-Why: _type: missing" },
        { "hello", "X-Breachd-Why: not JSON: line 1" },
    };
    const size_t n = sizeof(refusals) / sizeof(*refusals);
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(owntracks(testbed, refusals[i].body, ""), 200);
        assert_string_equal(testbed->body, "[]");
        if (strstr(testbed->head, refusals[i].why) == NULL)
            fail_msg("%s: %s", refusals[i].body, testbed->head);
    }
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"refused\"}") == (double)n);
    assert_int_equal(locate(testbed, "\"tid\":\"tag-1\",", ""), 200);
    assert_false(testbed_has_header(testbed, "X-Breachd-Why"));
    testbed_close(testbed);
}

static void the_address_names_the_phone(void **state)
{
    static const char *const paths[] = { "/owntracks?u=jane&d=tag-1", "/owntracks?u=tag-1",
                                         "/owntracks?d=tag%2D1&u=jane" };
    struct testbed *testbed = *state;
    char body[256];

    testbed_open(testbed, "", NULL);
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        snprintf(body, sizeof(body), "{\"_type\":\"location\",\"tid\":\"JJ\",%s}", here(testbed));
        assert_int_equal(
            testbed_ask(testbed, &(struct request){ "POST", paths[i], JSON, body, strlen(body) }),
            200);
        if (testbed_has_header(testbed, "X-Breachd-Why"))
            fail_msg("%s: %s", paths[i], testbed->head);
    }
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"new\"}") == 3);
    testbed_close(testbed);
}

/* ---- OsmAnd, Traccar Client ---- */

static int osmand(struct testbed *testbed, const char *method, const char *query, const char *type,
                  const char *body)
{
    char path[512];

    snprintf(path, sizeof(path), "/osmand%s%s", query ? "?" : "", query ? query : "");
    return testbed_ask(testbed,
                       &(struct request){ method, path, type, body, body ? strlen(body) : 0 });
}

static const char *where(const struct testbed *testbed, int second)
{
    static char query[256];

    snprintf(query, sizeof(query), "id=tag-1&timestamp=%" PRId64 "&lat=%.7f&lon=%.7f&accuracy=8",
             testbed->base + second, HOME_LAT, HOME_LON);
    return query;
}

static void osmand_is_taken_from_query_form_and_json(void **state)
{
    static const char taken[] = "{\"accepted\":1,\"classes\":{\"new\":1},\"rejected\":[]}";
    struct testbed *testbed = *state;
    char body[512];

    testbed_open(testbed, "", NULL);
    assert_int_equal(osmand(testbed, "GET", where(testbed, 1), NULL, NULL), 200);
    assert_string_equal(testbed->body, taken);
    assert_int_equal(osmand(testbed, "POST", where(testbed, 2), NULL, NULL), 200);
    assert_int_equal(osmand(testbed, "POST", NULL, FORM, where(testbed, 3)), 200);
    snprintf(body, sizeof(body),
             "{\"location\":{\"timestamp\":%" PRId64 ",\"coords\":{\"latitude\":%.7f,"
             "\"longitude\":%.7f,\"accuracy\":5},\"battery\":{\"level\":0.1}},"
             "\"device_id\":\"tag-1\"}",
             testbed->base + 4, HOME_LAT, HOME_LON);
    assert_int_equal(osmand(testbed, "POST", NULL, JSON "; charset=utf-8", body), 200);
    assert_string_equal(testbed->body, taken);
    testbed_expect(testbed, "breach A/home/1/1\nbattery device/tag-1/1\n");
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"new\"}") == 4);
    testbed_close(testbed);
}

static void what_osmand_sends_wrong_is_400_with_the_reason(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    assert_int_equal(osmand(testbed, "GET", "timestamp=1&lat=1&lon=1", NULL, NULL), 400);
    assert_non_null(strstr(testbed->body, "id: missing"));
    assert_int_equal(osmand(testbed, "GET", "id=tag-9&timestamp=1&lat=1&lon=1", NULL, NULL), 400);
    assert_non_null(strstr(testbed->body, "device: tag-9: under no order here"));
    assert_int_equal(osmand(testbed, "GET", NULL, NULL, NULL), 400);
    assert_int_equal(osmand(testbed, "POST", NULL, JSON, "{\"device_id\":"), 400);
    assert_non_null(strstr(testbed->body, "not JSON"));
    assert_int_equal(osmand(testbed, "PUT", where(testbed, 1), NULL, NULL), 405);
    assert_non_null(strstr(testbed->head, "Allow: GET, POST\r\n"));
    testbed_close(testbed);
}

/* HEAD changes nothing, so it cannot bring a ping. */
static void head_brings_no_ping(void **state)
{
    struct testbed *testbed = *state;
    char request[512];

    testbed_open(testbed, "", NULL);
    snprintf(request, sizeof(request),
             "HEAD /osmand?%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", where(testbed, 1));
    assert_int_equal(testbed_say(testbed, request, strlen(request)), 405);
    testbed_expect(testbed, "");
    testbed_close(testbed);
}

/* In the zone by its numbers, but nobody vouches for them. */
static void a_position_that_is_not_valid_is_kept_and_never_trusted(void **state)
{
    struct testbed *testbed = *state;
    char query[300];

    testbed_open(testbed, "", NULL);
    for (int i = 1; i <= 5; i++) {
        snprintf(query, sizeof(query), "%s&valid=false", where(testbed, i));
        assert_int_equal(osmand(testbed, "GET", query, NULL, NULL), 200);
    }
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"no-fix\"}") == 5);
    testbed_expect(testbed, "");
    assert_int_equal(osmand(testbed, "GET", where(testbed, 5), NULL, NULL), 200); // now it is
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void a_phone_made_to_lie_is_tampered_with(void **state)
{
    struct testbed *testbed = *state;
    char query[300];

    testbed_open(testbed, "", NULL);
    snprintf(query, sizeof(query), "%s&mock=true", where(testbed, 1));
    assert_int_equal(osmand(testbed, "GET", query, NULL, NULL), 200);
    testbed_expect(testbed, "tamper device/tag-1/1\n");
    testbed_close(testbed);
}

/* ---- a Traccar server ---- */

static int forward(struct testbed *testbed, int second, const char *device, const char *members)
{
    char body[640];

    snprintf(body, sizeof(body),
             "[{\"position\":{\"protocol\":\"gl200\",\"fixTime\":%" PRId64 ",\"latitude\":%.7f,"
             "\"longitude\":%.7f,\"speed\":1.0,\"accuracy\":0.0%s},"
             "\"device\":{\"id\":1,\"uniqueId\":\"%s\"}}]",
             (testbed->base + second) * 1000, HOME_LAT, HOME_LON, members, device);
    return testbed_ask(testbed, &(struct request){ "POST", "/traccar", JSON, body, strlen(body) });
}

static void what_a_traccar_server_forwards_is_taken(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    assert_int_equal(forward(testbed, 1, "tag-1", ",\"outdated\":true"), 200);
    assert_int_equal(forward(testbed, 2, "tag-1", ",\"valid\":false"), 200);
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"no-fix\"}") == 2);
    assert_int_equal(forward(testbed, 3, "tag-1", ",\"valid\":true"), 200);
    assert_string_equal(testbed->body, "{\"accepted\":1,\"classes\":{\"new\":1},\"rejected\":[]}");
    assert_int_equal(forward(testbed, 4, "tag-9", ""), 400);
    assert_non_null(strstr(testbed->body, "device: tag-9: under no order here"));
    testbed_expect(testbed, "breach A/home/1/1\nunjudged senders/1/1\n");
    testbed_close(testbed);
}

/* ---- Overland, trackers at the root ---- */

static void what_overland_posts_is_taken_and_cleared(void **state)
{
    struct testbed *testbed = *state;
    char body[512];
    struct request request = { "POST", "/overland", JSON, body, 0 };

    testbed_open(testbed, "", NULL);
    snprintf(body, sizeof(body),
             "{\"locations\":[{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","
             "\"coordinates\":[%.7f,%.7f]},\"properties\":{\"timestamp\":%" PRId64
             ",\"horizontal_accuracy\":8,\"speed\":-1,\"device_id\":\"tag-1\"}}]}",
             HOME_LON, HOME_LAT, testbed->base + 1);
    request.size = strlen(body);
    assert_int_equal(testbed_ask(testbed, &request), 200);
    assert_string_equal(testbed->body, "{\"result\":\"ok\"}");
    assert_false(testbed_has_header(testbed, "X-Breachd-Why"));
    testbed_expect(testbed, "breach A/home/1/1\n");
    // aaronpk/Overland-iOS#166: what is not answered so is sent again for ever
    request.body = "hello";
    request.size = 5;
    assert_int_equal(testbed_ask(testbed, &request), 200);
    assert_string_equal(testbed->body, "{\"result\":\"ok\"}");
    assert_true(testbed_has_header(testbed, "X-Breachd-Why"));
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"refused\"}") == 1);
    testbed_close(testbed);
}

/* home-assistant/android#863: its app never says when; whoever else forgets it is judged so too. */
static void without_a_time_it_is_of_its_arrival(void **state)
{
    struct testbed *testbed = *state;
    char body[512];
    struct request request = { "POST", "/?id=tag-1&token=x", JSON, body, 0 };

    testbed_open(testbed, "", NULL);
    snprintf(body, sizeof(body),
             "{\"type\":\"update_location\",\"data\":{\"gps\":[%.7f,%.7f],\"gps_accuracy\":11,"
             "\"speed\":0,\"altitude\":201,\"course\":0,\"vertical_accuracy\":2}}",
             HOME_LAT, HOME_LON);
    request.size = strlen(body);
    assert_int_equal(testbed_ask(testbed, &request), 200);
    assert_string_equal(testbed->body, "{\"accepted\":1,\"classes\":{\"new\":1},\"rejected\":[]}");
    request.type = FORM; // as curl -d calls all
    snprintf(body, sizeof(body), "lat=%.6f&lon=%.6f&ignition&speed=nan", HOME_LAT, HOME_LON);
    request.size = strlen(body);
    assert_int_equal(testbed_ask(testbed, &request), 200);
    assert_true(testbed_metric(testbed, "breachd_pings_total{class=\"new\"}") == 2);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void a_tracker_that_knows_no_path_sends_to_the_root(void **state)
{
    struct testbed *testbed = *state;
    char path[300];

    testbed_open(testbed, "", NULL);
    snprintf(path, sizeof(path), "/?%s", where(testbed, 1));
    assert_int_equal(testbed_get(testbed, path), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
    assert_int_equal(testbed_ask(testbed, &(struct request){ "POST", "/", JSON, "{}", 2 }), 400);
    // Traccar Client 10.1 posts forms.
    assert_int_equal(testbed_ask(testbed, &(struct request){ "POST", "/", FORM, "x", 1 }), 400);
    snprintf(path, sizeof(path), "%s", where(testbed, 2));
    assert_int_equal(
        testbed_ask(testbed, &(struct request){ "POST", "/", FORM, path, strlen(path) }), 200);
    assert_int_equal(testbed_get(testbed, "/"), 404);
    testbed_close(testbed);
}

/* ---- all of them ---- */

static void while_breachd_is_blind_each_is_told_to_come_again(void **state)
{
    struct testbed *testbed = *state;

    testbed_disk_fit(testbed);
    testbed_open(testbed, "", NULL);
    testbed_disk_fill(testbed);
    assert_int_equal(locate(testbed, "\"tid\":\"tag-1\",", ""), 503);
    assert_true(testbed_has_header(testbed, "Retry-After"));
    assert_int_equal(osmand(testbed, "GET", where(testbed, 1), NULL, NULL), 503);
    assert_true(testbed_has_header(testbed, "Retry-After"));
    assert_int_equal(forward(testbed, 1, "tag-1", ""), 503);
    assert_true(testbed_has_header(testbed, "Retry-After"));
    testbed_disk_drain(testbed);
    testbed_await_code(testbed, "/readyz", 200);
    assert_int_equal(osmand(testbed, "GET", where(testbed, 1), NULL, NULL), 200);
    testbed_expect(testbed, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(however_the_phone_is_named_it_is_found),
        testbed_test(other_messages_are_answered_and_counted),
        testbed_test(what_can_never_be_a_ping_blocks_no_phone),
        testbed_test(the_address_names_the_phone),
        testbed_test(osmand_is_taken_from_query_form_and_json),
        testbed_test(what_osmand_sends_wrong_is_400_with_the_reason),
        testbed_test(head_brings_no_ping),
        testbed_test(a_position_that_is_not_valid_is_kept_and_never_trusted),
        testbed_test(a_phone_made_to_lie_is_tampered_with),
        testbed_test(what_a_traccar_server_forwards_is_taken),
        testbed_test(what_overland_posts_is_taken_and_cleared),
        testbed_test(without_a_time_it_is_of_its_arrival),
        testbed_test(a_tracker_that_knows_no_path_sends_to_the_root),
        testbed_test(while_breachd_is_blind_each_is_told_to_come_again),
    };

    return cmocka_run_group_tests_name("trackers", tests, NULL, NULL);
}
