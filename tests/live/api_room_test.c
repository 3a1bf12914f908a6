/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/incidents and /v1/devices: what the control room reads, and who may. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"
#include "support/testbed.h"
#include "support/token_line.h"

static void open_with_tokens(struct testbed *testbed)
{
    FILE *out = fopen(testbed_path(testbed, "tokens").text, "we");

    assert_non_null(out);
    token_line(out, "gateway", "any-secret", "*");
    token_line(out, "prometheus", "ops-secret", "operator");
    token_line(out, "desk", "room-secret", "room");
    token_line(out, "page", "map-secret", "map");
    fclose(out);
    testbed_set(testbed, "breachd.conf", "http", "tokens", "tokens");
    testbed_order(testbed, "B", "tag-2", 20000, 200, "");
    testbed_set(testbed, "orders.d/B.conf", "order B", "area", "Harwich");
    testbed->token = "any-secret";
    testbed_open(testbed, "", NULL);
}

/* tag-1 is inside. */
static void breach(struct testbed *testbed)
{
    testbed->token = "any-secret";
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    testbed->token = "room-secret"; // which reads the status too
    testbed_expect(testbed, "breach A/home/1/1\n");
}

static json_t *get(struct testbed *testbed, const char *token, const char *path)
{
    int code;

    testbed->token = token;
    code = testbed_get(testbed, path);
    if (code != 200)
        fail_msg("%s: %d: %s", path, code, testbed->body);
    return testbed_json(testbed);
}

static void only_tokens_of_the_control_room_read_it(void **state)
{
    static const char *const paths[] = { "/v1/incidents", "/v1/incidents/A/home/1", "/v1/devices",
                                         "/v1/devices/tag-1" };
    struct testbed *testbed = *state;

    open_with_tokens(testbed);
    breach(testbed);
    for (size_t i = 0; i < 4; i++) {
        testbed->token = NULL;
        assert_int_equal(testbed_get(testbed, paths[i]), 401);
        testbed->token = "any-secret";
        assert_int_equal(testbed_get(testbed, paths[i]), 403);
        testbed->token = "ops-secret";
        assert_int_equal(testbed_get(testbed, paths[i]), 403);
        json_decref(get(testbed, "room-secret", paths[i]));
        json_decref(get(testbed, "map-secret", paths[i]));
    }
    testbed->token = "room-secret";
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200); // and what an operator may
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 10), 403);
    testbed_close(testbed);
}

static void where_there_is_no_tokens_file_nobody_does(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    assert_int_equal(testbed_get(testbed, "/v1/incidents"), 403);
    assert_int_equal(testbed_get(testbed, "/v1/devices"), 403);
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    testbed_close(testbed);
}

static void an_incident_is_told_with_who_has_it_and_without_a_place(void **state)
{
    struct testbed *testbed = *state;
    json_t *list, *one;
    const json_t *item;

    open_with_tokens(testbed);
    breach(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "ack", "--by", "PC 42", "--note", "car 12", "A/home/1", NULL), 0);
    list = get(testbed, "room-secret", "/v1/incidents");
    item = json_array_get(json_object_get(list, "incidents"), 0);
    assert_int_equal(json_array_size(json_object_get(list, "incidents")), 1);
    assert_string_equal(alert_text(item, "incident"), "A/home/1");
    assert_string_equal(alert_text(item, "state"), "open");
    assert_string_equal(alert_text(item, "by"), "PC 42");
    assert_string_equal(alert_text(item, "note"), "car 12");
    assert_true(json_is_null(json_object_get(list, "next")));
    assert_null(strstr(testbed->body, "51.5"));
    json_decref(list);
    one = get(testbed, "room-secret", "/v1/incidents/A/home/1");
    assert_int_equal(json_array_size(json_object_get(one, "alerts")), 2);
    assert_string_equal(alert_text(json_array_get(json_object_get(one, "alerts"), 1), "type"),
                        "breachd.breach");
    assert_string_equal(alert_text(one, "by"), "PC 42");
    assert_null(strstr(testbed->body, "51.5"));
    json_decref(one);
    json_decref(get(testbed, "room-secret", "/v1/incidents/A%2Fhome%2F1"));
    assert_int_equal(testbed_get(testbed, "/v1/incidents/A/home/2"), 404);
    testbed_close(testbed);
}

static size_t count(struct testbed *testbed, const char *path)
{
    json_t *list = get(testbed, "room-secret", path);
    size_t n = json_array_size(json_object_get(list, "incidents"));

    json_decref(list);
    return n;
}

static void those_of_a_state_an_area_or_a_time_are_picked(void **state)
{
    struct testbed *testbed = *state;

    open_with_tokens(testbed);
    breach(testbed);
    testbed->token = "any-secret";
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200); // over, and taken by nobody
    assert_int_equal(testbed_ping(testbed, "tag-2", 600, 20900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-2", 890, 20010), 200);
    testbed->token = "room-secret";
    testbed_settle(testbed);
    assert_int_equal(count(testbed, "/v1/incidents"), 1);
    assert_int_equal(count(testbed, "/v1/incidents?state=todo"), 2);
    assert_int_equal(count(testbed, "/v1/incidents?state=all"), 2);
    assert_int_equal(count(testbed, "/v1/incidents?state=todo&area=Harwich"), 1);
    assert_int_equal(count(testbed, "/v1/incidents?state=all&since=2020-06-23T20:00:00Z"), 2);
    assert_int_equal(count(testbed, "/v1/incidents?state=all&since=2199-01-01T00:00:00Z"), 0);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    assert_int_equal(count(testbed, "/v1/incidents?state=todo"), 1);
    json_decref(get(testbed, "room-secret", "/v1/incidents?state=all"));
    assert_non_null(strstr(testbed->body, "\"incident\":\"A/home/1\",\"state\":\"closed\""));
    assert_int_equal(testbed_get(testbed, "/v1/incidents?state=gone"), 400);
    assert_int_equal(testbed_get(testbed, "/v1/incidents?since=soon"), 400);
    assert_int_equal(testbed_get(testbed, "/v1/incidents?after=-1"), 400);
    testbed_close(testbed);
}

/* More of them than a page holds, of what is open and of all. */
static void all_of_them_are_had_page_by_page(void **state)
{
    enum { MANY = 120 };
    struct testbed *testbed = *state;
    json_t *list;
    char path[64];
    size_t n;

    open_with_tokens(testbed);
    testbed->token = "any-secret";
    for (int i = 0; i < MANY; i++) {
        char id[32], device[32];

        snprintf(id, sizeof id, "M%03d", i);
        snprintf(device, sizeof device, "many-%03d", i);
        testbed_order(testbed, id, device, 0, 200, "");
    }
    testbed_reload(testbed);
    for (int i = 0; i < MANY; i++) {
        char device[32];

        snprintf(device, sizeof device, "many-%03d", i);
        assert_int_equal(testbed_ping(testbed, device, 800, 900), 200);
        assert_int_equal(testbed_ping(testbed, device, 890, 10), 200);
    }
    testbed->token = "room-secret";
    testbed_settle(testbed);
    for (int state_nth = 0; state_nth < 2; state_nth++) {
        snprintf(path, sizeof path, "/v1/incidents?state=%s", state_nth == 0 ? "open" : "all");
        list = get(testbed, "room-secret", path);
        n = json_array_size(json_object_get(list, "incidents"));
        assert_int_equal(n, 100);
        snprintf(path + strlen(path), sizeof path - strlen(path), "&after=%s",
                 alert_text(list, "next"));
        json_decref(list);
        list = get(testbed, "room-secret", path);
        // That of the reload is none that goes on.
        assert_int_equal(json_array_size(json_object_get(list, "incidents")),
                         MANY - n + (size_t)state_nth);
        json_decref(list);
    }
    testbed_close(testbed);
}

static void who_has_it_already_is_told_so(void **state)
{
    static const char *const paths[] = { "/v1/incidents", "/v1/devices", "/v1/devices/tag-1" };
    struct testbed *testbed = *state;

    open_with_tokens(testbed);
    breach(testbed);
    testbed->token = "room-secret";
    testbed_settle(testbed);
    for (size_t i = 0; i < 3; i++) {
        struct request request = { "GET", paths[i], NULL, NULL, 0 };
        char more[256], *tag;

        json_decref(get(testbed, "room-secret", paths[i]));
        tag = strstr(testbed->head, "ETag: W/\"");
        assert_non_null(tag);
        snprintf(more, sizeof more,
                 "header = \"Authorization: Bearer room-secret\"\n"
                 "header = \"If-None-Match: W/\\\"%.32s\\\"\"\n",
                 tag + strlen("ETag: W/\""));
        assert_int_equal(testbed_ask_with(testbed, &request, more), 304);
        assert_true(testbed->body == NULL || testbed->body[0] == '\0');
    }
    testbed->token = "any-secret";
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    json_decref(get(testbed, "room-secret", "/v1/devices")); // another one now
    testbed_close(testbed);
}

static void devices_are_told_without_a_place(void **state)
{
    struct testbed *testbed = *state;
    json_t *list, *one;

    open_with_tokens(testbed);
    breach(testbed);
    list = get(testbed, "room-secret", "/v1/devices");
    assert_int_equal(json_array_size(json_object_get(list, "devices")), 2);
    assert_null(strstr(testbed->body, "51.5"));
    json_decref(list);
    list = get(testbed, "room-secret", "/v1/devices?area=Harwich");
    assert_int_equal(json_array_size(json_object_get(list, "devices")), 1);
    json_decref(list);
    one = get(testbed, "room-secret", "/v1/devices/tag-1");
    assert_string_equal(alert_text(one, "respondent"), "R-A");
    assert_string_equal(alert_text(one, "state"), "well");
    json_decref(one);
    assert_int_equal(testbed_get(testbed, "/v1/devices/tag-9"), 404);
    assert_int_equal(testbed_get(testbed, "/v1/devices/a%20b"), 404);
    assert_int_equal(testbed_get(testbed, "/v1/devices/"), 404);
    assert_int_equal(testbed_get(testbed, "/v1/devices?after=1.0.7"), 400);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(only_tokens_of_the_control_room_read_it),
        testbed_test(where_there_is_no_tokens_file_nobody_does),
        testbed_test(an_incident_is_told_with_who_has_it_and_without_a_place),
        testbed_test(those_of_a_state_an_area_or_a_time_are_picked),
        testbed_test(all_of_them_are_had_page_by_page),
        testbed_test(who_has_it_already_is_told_so),
        testbed_test(devices_are_told_without_a_place),
    };

    return cmocka_run_group_tests_name("api_room", tests, NULL, NULL);
}
