/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OwnTracks, OsmAnd, Traccar Client and a Traccar server, each as it speaks, by a real curl: his
 * position inside the zone is a breach, and what is no position hurts nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/house.h"
#include "support/test.h"

#define JSON "application/json"
#define FORM "application/x-www-form-urlencoded"

/* ---- OwnTracks ---- */

/* "lat":…,"lon":…,"tst":… in the middle of the zone; the house's next second. */
static const char *here(const struct house *house)
{
    static char text[128];
    static int second;

    snprintf(text, sizeof(text), "\"lat\":%.7f,\"lon\":%.7f,\"tst\":%" PRId64, HOME_LAT, HOME_LON,
             house->base + ++second);
    return text;
}

static int owntracks(struct house *house, const char *body, const char *more)
{
    return house_ask_with(
        house, &(struct request){ "POST", "/owntracks", JSON, body, strlen(body) }, more);
}

static int locate(struct house *house, const char *members, const char *more)
{
    char body[512];

    snprintf(body, sizeof(body), "{\"_type\":\"location\",%s\"acc\":8,\"vel\":3,\"batt\":64,%s}",
             members, here(house));
    return owntracks(house, body, more);
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
    struct house *house = *state;

    house_open(house, "", NULL);
    for (size_t i = 0; i < sizeof(namings) / sizeof(*namings); i++) {
        if (locate(house, namings[i].members, namings[i].more) != 200)
            fail_msg("naming %zu: %s", i, house->head);
        assert_string_equal(house->body, "[]");
    }
    house_expect(house, "breach A/home/1/1\n");
    assert_true(house_metric(house, "breachd_pings_total{class=\"new\"}") == 5);
    house_close(house);
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
    struct house *house = *state;

    house_open(house, "", NULL);
    for (size_t i = 0; i < n; i++) {
        if (owntracks(house, messages[i], "") != 200 || strcmp(house->body, "[]") != 0)
            fail_msg("%s: %s", messages[i], house->body);
    }
    assert_int_equal(owntracks(house, "", ""), 200); // a friend was deleted
    assert_string_equal(house->body, "[]");
    assert_true(house_metric(house, "breachd_messages_ignored_total") == (double)n);
    assert_true(house_metric(house, "breachd_pings_total{class=\"refused\"}") == 0);
    house_close(house);
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
        { "{\"_type\":\"location\",\"tid\":\"tag-1\",\"tst\":\"\\r\\nSet-Cookie: x\xc3\xa9\"}",
          "X-Breachd-Why: tst: \"??Set-Cookie: x??\" is not like" },
        { "{}", "X-Breachd-Why: _type: missing" },
        { "hello", "X-Breachd-Why: not JSON: line 1" },
    };
    const size_t n = sizeof(refusals) / sizeof(*refusals);
    struct house *house = *state;

    house_open(house, "", NULL);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(owntracks(house, refusals[i].body, ""), 200);
        assert_string_equal(house->body, "[]");
        if (strstr(house->head, refusals[i].why) == NULL)
            fail_msg("%s: %s", refusals[i].body, house->head);
    }
    assert_true(house_metric(house, "breachd_pings_total{class=\"refused\"}") == (double)n);
    assert_int_equal(locate(house, "\"tid\":\"tag-1\",", ""), 200);
    assert_false(house_has_header(house, "X-Breachd-Why"));
    house_close(house);
}

static void the_address_names_the_phone(void **state)
{
    static const char *const paths[] = { "/owntracks?u=jane&d=tag-1", "/owntracks?u=tag-1",
                                         "/owntracks?d=tag%2D1&u=jane" };
    struct house *house = *state;
    char body[256];

    house_open(house, "", NULL);
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        snprintf(body, sizeof(body), "{\"_type\":\"location\",\"tid\":\"JJ\",%s}", here(house));
        assert_int_equal(
            house_ask(house, &(struct request){ "POST", paths[i], JSON, body, strlen(body) }), 200);
        if (house_has_header(house, "X-Breachd-Why"))
            fail_msg("%s: %s", paths[i], house->head);
    }
    assert_true(house_metric(house, "breachd_pings_total{class=\"new\"}") == 3);
    house_close(house);
}

/* ---- OsmAnd, Traccar Client ---- */

static int osmand(struct house *house, const char *method, const char *query, const char *type,
                  const char *body)
{
    char path[512];

    snprintf(path, sizeof(path), "/osmand%s%s", query ? "?" : "", query ? query : "");
    return house_ask(house, &(struct request){ method, path, type, body, body ? strlen(body) : 0 });
}

static const char *where(const struct house *house, int second)
{
    static char query[256];

    snprintf(query, sizeof(query), "id=tag-1&timestamp=%" PRId64 "&lat=%.7f&lon=%.7f&accuracy=8",
             house->base + second, HOME_LAT, HOME_LON);
    return query;
}

static void osmand_is_taken_from_query_form_and_json(void **state)
{
    static const char taken[] = "{\"accepted\":1,\"classes\":{\"new\":1},\"rejected\":[]}";
    struct house *house = *state;
    char body[512];

    house_open(house, "", NULL);
    assert_int_equal(osmand(house, "GET", where(house, 1), NULL, NULL), 200);
    assert_string_equal(house->body, taken);
    assert_int_equal(osmand(house, "POST", where(house, 2), NULL, NULL), 200);
    assert_int_equal(osmand(house, "POST", NULL, FORM, where(house, 3)), 200);
    snprintf(body, sizeof(body),
             "{\"location\":{\"timestamp\":%" PRId64 ",\"coords\":{\"latitude\":%.7f,"
             "\"longitude\":%.7f,\"accuracy\":5},\"battery\":{\"level\":0.1}},"
             "\"device_id\":\"tag-1\"}",
             house->base + 4, HOME_LAT, HOME_LON);
    assert_int_equal(osmand(house, "POST", NULL, JSON "; charset=utf-8", body), 200);
    assert_string_equal(house->body, taken);
    house_expect(house, "breach A/home/1/1\nbattery device/tag-1/1\n");
    assert_true(house_metric(house, "breachd_pings_total{class=\"new\"}") == 4);
    house_close(house);
}

static void what_osmand_sends_wrong_is_400_with_the_reason(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    assert_int_equal(osmand(house, "GET", "timestamp=1&lat=1&lon=1", NULL, NULL), 400);
    assert_non_null(strstr(house->body, "id: missing"));
    assert_int_equal(osmand(house, "GET", "id=tag-9&timestamp=1&lat=1&lon=1", NULL, NULL), 400);
    assert_non_null(strstr(house->body, "device: tag-9: under no order here"));
    assert_int_equal(osmand(house, "GET", NULL, NULL, NULL), 400);
    assert_int_equal(osmand(house, "POST", NULL, JSON, "{\"device_id\":"), 400);
    assert_non_null(strstr(house->body, "not JSON"));
    assert_int_equal(osmand(house, "PUT", where(house, 1), NULL, NULL), 405);
    assert_non_null(strstr(house->head, "Allow: GET, POST\r\n"));
    house_close(house);
}

/* HEAD changes nothing, so it cannot bring a ping. */
static void head_brings_no_ping(void **state)
{
    struct house *house = *state;
    char request[512];

    house_open(house, "", NULL);
    snprintf(request, sizeof(request),
             "HEAD /osmand?%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", where(house, 1));
    assert_int_equal(house_say(house, request, strlen(request)), 405);
    house_expect(house, "");
    house_close(house);
}

/* In the zone by its numbers, but nobody vouches for them. */
static void a_position_that_is_not_valid_is_kept_and_never_trusted(void **state)
{
    struct house *house = *state;
    char query[300];

    house_open(house, "", NULL);
    for (int i = 1; i <= 5; i++) {
        snprintf(query, sizeof(query), "%s&valid=false", where(house, i));
        assert_int_equal(osmand(house, "GET", query, NULL, NULL), 200);
    }
    assert_true(house_metric(house, "breachd_pings_total{class=\"no-fix\"}") == 5);
    house_expect(house, "");
    assert_int_equal(osmand(house, "GET", where(house, 5), NULL, NULL), 200); // now it is
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

static void a_phone_made_to_lie_is_tampered_with(void **state)
{
    struct house *house = *state;
    char query[300];

    house_open(house, "", NULL);
    snprintf(query, sizeof(query), "%s&mock=true", where(house, 1));
    assert_int_equal(osmand(house, "GET", query, NULL, NULL), 200);
    house_expect(house, "tamper device/tag-1/1\n");
    house_close(house);
}

/* ---- a Traccar server ---- */

static int forward(struct house *house, int second, const char *device, const char *members)
{
    char body[640];

    snprintf(body, sizeof(body),
             "[{\"position\":{\"protocol\":\"gl200\",\"fixTime\":%" PRId64 ",\"latitude\":%.7f,"
             "\"longitude\":%.7f,\"speed\":1.0,\"accuracy\":0.0%s},"
             "\"device\":{\"id\":1,\"uniqueId\":\"%s\"}}]",
             (house->base + second) * 1000, HOME_LAT, HOME_LON, members, device);
    return house_ask(house, &(struct request){ "POST", "/traccar", JSON, body, strlen(body) });
}

static void what_a_traccar_server_forwards_is_taken(void **state)
{
    struct house *house = *state;

    house_open(house, "", NULL);
    assert_int_equal(forward(house, 1, "tag-1", ",\"outdated\":true"), 200);
    assert_int_equal(forward(house, 2, "tag-1", ",\"valid\":false"), 200);
    assert_true(house_metric(house, "breachd_pings_total{class=\"no-fix\"}") == 2);
    assert_int_equal(forward(house, 3, "tag-1", ",\"valid\":true"), 200);
    assert_string_equal(house->body, "{\"accepted\":1,\"classes\":{\"new\":1},\"rejected\":[]}");
    assert_int_equal(forward(house, 4, "tag-9", ""), 400);
    assert_non_null(strstr(house->body, "device: tag-9: under no order here"));
    house_expect(house, "breach A/home/1/1\nunjudged senders/1/1\n");
    house_close(house);
}

/* ---- Overland, trackers at the root ---- */

static void what_overland_posts_is_taken_and_cleared(void **state)
{
    struct house *house = *state;
    char body[512];
    struct request request = { "POST", "/overland", JSON, body, 0 };

    house_open(house, "", NULL);
    snprintf(body, sizeof(body),
             "{\"locations\":[{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","
             "\"coordinates\":[%.7f,%.7f]},\"properties\":{\"timestamp\":%" PRId64
             ",\"horizontal_accuracy\":8,\"speed\":-1,\"device_id\":\"tag-1\"}}]}",
             HOME_LON, HOME_LAT, house->base + 1);
    request.size = strlen(body);
    assert_int_equal(house_ask(house, &request), 200);
    assert_string_equal(house->body, "{\"result\":\"ok\"}");
    assert_false(house_has_header(house, "X-Breachd-Why"));
    house_expect(house, "breach A/home/1/1\n");
    // aaronpk/Overland-iOS#166: what is not answered so is sent again for ever
    request.body = "hello";
    request.size = 5;
    assert_int_equal(house_ask(house, &request), 200);
    assert_string_equal(house->body, "{\"result\":\"ok\"}");
    assert_true(house_has_header(house, "X-Breachd-Why"));
    assert_true(house_metric(house, "breachd_pings_total{class=\"refused\"}") == 1);
    house_close(house);
}

static void a_tracker_that_knows_no_path_sends_to_the_root(void **state)
{
    struct house *house = *state;
    char path[300];

    house_open(house, "", NULL);
    snprintf(path, sizeof(path), "/?%s", where(house, 1));
    assert_int_equal(house_get(house, path), 200);
    house_expect(house, "breach A/home/1/1\n");
    assert_int_equal(house_ask(house, &(struct request){ "POST", "/", JSON, "{}", 2 }), 400);
    assert_int_equal(house_ask(house, &(struct request){ "POST", "/", FORM, "x", 1 }), 404);
    assert_int_equal(house_get(house, "/"), 404);
    house_close(house);
}

/* ---- all of them ---- */

static void while_breachd_is_blind_each_is_told_to_come_again(void **state)
{
    struct house *house = *state;

    house_disk_fit(house);
    house_open(house, "", NULL);
    house_disk_fill(house);
    assert_int_equal(locate(house, "\"tid\":\"tag-1\",", ""), 503);
    assert_true(house_has_header(house, "Retry-After"));
    assert_int_equal(osmand(house, "GET", where(house, 1), NULL, NULL), 503);
    assert_true(house_has_header(house, "Retry-After"));
    assert_int_equal(forward(house, 1, "tag-1", ""), 503);
    assert_true(house_has_header(house, "Retry-After"));
    house_disk_drain(house);
    house_await_code(house, "/readyz", 200);
    assert_int_equal(osmand(house, "GET", where(house, 1), NULL, NULL), 200);
    house_expect(house, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n");
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(however_the_phone_is_named_it_is_found),
        house_test(other_messages_are_answered_and_counted),
        house_test(what_can_never_be_a_ping_blocks_no_phone),
        house_test(the_address_names_the_phone),
        house_test(osmand_is_taken_from_query_form_and_json),
        house_test(what_osmand_sends_wrong_is_400_with_the_reason),
        house_test(head_brings_no_ping),
        house_test(a_position_that_is_not_valid_is_kept_and_never_trusted),
        house_test(a_phone_made_to_lie_is_tampered_with),
        house_test(what_a_traccar_server_forwards_is_taken),
        house_test(what_overland_posts_is_taken_and_cleared),
        house_test(a_tracker_that_knows_no_path_sends_to_the_root),
        house_test(while_breachd_is_blind_each_is_told_to_come_again),
    };

    return cmocka_run_group_tests_name("trackers", tests, NULL, NULL);
}
