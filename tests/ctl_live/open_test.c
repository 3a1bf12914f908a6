/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl open and status, over a Redis that no breachd is needed for. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_live/ctl_live.h"
#include "support/test.h"

static const struct made going_on[] = {
    { 1, "approach", "warning", "Harlow", "C/home/1", "2020-06-23T19:00:00.000Z" },
    { 2, "breach", "critical", "Basildon", "B/home/1", "2020-06-23T20:00:00.000Z" },
    { 3, "possible", "high", "Basildon", "D/home/7", "2020-06-23T18:00:00.000Z" },
    { 4, "breach", "critical", "Harlow", "A/home/2", "2020-06-23T19:30:00.000Z" },
};

/* Of no area. */
static const struct made own = {
    6, "blind", "critical", "", "blind/1", "2020-06-23T20:30:00.000Z"
};

static void put_open(struct testbed *testbed)
{
    testbed_redis_start(testbed, "");
    for (size_t i = 0; i < sizeof going_on / sizeof *going_on; i++) {
        char *event = ctl_live_event(&going_on[i]);

        ctl_live_publish(testbed, &going_on[i]);
        freeReplyObject(
            testbed_redis(testbed, "HSET {breachd}:open %s %s", going_on[i].incident, event));
        free(event);
    }
}

/* The incidents that breachctl has named, in its order. */
static void assert_order(struct testbed *testbed, const char *const *incidents, size_t n)
{
    const char *at = testbed_ctl_said(testbed);

    for (size_t i = 0; i < n; i++) {
        at = strstr(at, incidents[i]);
        if (at == NULL)
            fail_msg("%s is missing or not in its place: %s", incidents[i],
                     testbed_ctl_said(testbed));
    }
}

static void the_worst_comes_first_and_then_the_oldest(void **state)
{
    static const char *const all[] = { "A/home/2 in Harlow", "B/home/1 in Basildon", "D/home/7",
                                       "C/home/1" };
    struct testbed *testbed = *state;
    char *event;

    put_open(testbed);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_order(testbed, all, 4);
    assert_null(strstr(testbed_ctl_complained(testbed), "notes")); // Redis has told them
    assert_int_equal(testbed_ctl(testbed, "open", "--area", "Basildon", NULL), 0);
    assert_order(testbed, all + 1, 2);
    assert_null(strstr(testbed_ctl_said(testbed), "Harlow"));
    assert_int_equal(testbed_ctl(testbed, "open", "--area", "Clacton", NULL), 0);
    assert_string_equal(testbed_ctl_said(testbed), "nothing is open\n");
    event = ctl_live_event(&own);
    freeReplyObject(testbed_redis(testbed, "HSET {breachd}:open blind/1 %s", event));
    free(event);
    assert_int_equal(testbed_ctl(testbed, "open", "--area", "Clacton", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "blind          blind/1: "));
    testbed_close(testbed);
}

/* He who takes a breach does not end it, though it is behind what nobody has seen yet. */
static void what_is_taken_stands_as_it_stood_behind_what_is_unseen(void **state)
{
    static const struct made acked = { 5,        "acked",    "info",
                                       "Harlow", "A/home/2", "2020-06-23T19:31:00.000Z" };
    static const char *const order[] = {
        "B/home/1 in Basildon", "D/home/7", "C/home/1",
        "critical  breach         A/home/2 in Harlow [PC 42]: alert 4"
    };
    struct testbed *testbed = *state;
    char *event = ctl_live_event(&acked), *by = strstr(event, "\"reason\"");
    char taken[1024];

    put_open(testbed);
    snprintf(taken, sizeof taken, "%.*s\"by\":\"PC 42\",%s", (int)(by - event), event, by);
    free(event);
    freeReplyObject(testbed_redis(testbed,
                                  "XADD {breachd}:alerts * id 5 type acked area Harlow severity "
                                  "info event %s",
                                  taken));
    freeReplyObject(testbed_redis(testbed, "HSET {breachd}:open A/home/2 %s", taken));
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_order(testbed, order, 4);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "NO HEARTBEAT"));
    // What the last heartbeat of one that was stopped says, the status says too.
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat %s", "{\"stopped\":true}"));
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "STOPPED: nobody watches"));
    testbed_close(testbed);
}

static void as_json_it_is_one_event_a_line(void **state)
{
    struct testbed *testbed = *state;
    json_error_t error;
    const char *at;
    json_t *event;
    size_t n = 0;

    put_open(testbed);
    assert_int_equal(testbed_ctl(testbed, "open", "--json", NULL), 0);
    for (at = testbed_ctl_said(testbed); *at != '\0'; at += strcspn(at, "\n") + 1, n++) {
        event = json_loads(at, JSON_DISABLE_EOF_CHECK, &error);
        assert_non_null(event);
        assert_string_equal(alert_text(event, "specversion"), "1.0");
        json_decref(event);
    }
    assert_int_equal(n, 4);
    testbed_redis_number(testbed, "DEL {breachd}:open");
    assert_int_equal(testbed_ctl(testbed, "open", "--json", NULL), 0);
    assert_string_equal(testbed_ctl_said(testbed), "");
    testbed_close(testbed);
}

static void who_has_it_stands_behind_it(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-2", 300, 5010), 200);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "[PC 42]"));
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 12), 200); // an update covers the ack
    testbed_gather(testbed);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "A/home/1 in Basildon [PC 42]: "));
    assert_non_null(strstr(testbed_ctl_said(testbed), "B/home/1 in Basildon: "));
    testbed_close(testbed);
}

static void what_was_noted_stands_behind_who_has_it(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "ack", "--by", "PC 42", "--note", "car 12", "A/home/1", NULL), 0);
    testbed_gather(testbed);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "A/home/1 in Basildon [PC 42: car 12]: "));
    testbed_close(testbed);
}

/* A Redis of before knows a user who may not read `todo`: what goes on is what counts. */
static void who_may_not_read_todo_sees_what_goes_on(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    freeReplyObject(testbed_redis(testbed, "ACL SETUSER default resetkeys %%R~{breachd}:open "
                                           "%%R~{breachd}:alerts %%R~{breachd}:heartbeat"));
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "A/home/1 in Basildon: "));
    assert_non_null(strstr(testbed_ctl_complained(testbed),
                           "only what goes on is shown, without notes: redis: NOPERM "));
    testbed_close(testbed);
}

/* Whether `open --json` has that incident as going on, or not any more, or (-1) not at all. */
static int goes_on(struct testbed *testbed, const char *incident)
{
    const char *at;
    int found = -1;

    assert_int_equal(testbed_ctl(testbed, "open", "--json", NULL), 0);
    for (at = testbed_ctl_said(testbed); *at != '\0'; at += strcspn(at, "\n") + 1) {
        json_t *item = json_loads(at, JSON_DISABLE_EOF_CHECK, NULL);

        assert_non_null(item);
        if (strcmp(alert_text(item, "data.incident"), incident) == 0)
            found = json_is_true(json_object_get(item, "open"));
        json_decref(item);
    }
    return found;
}

/* 450 m away, four minutes later, and the tag says that somebody has cut at it. */
static void leave_tampered(struct testbed *testbed)
{
    char json[TESTBED_PING_MAX], tampered[TESTBED_PING_MAX + 16];

    testbed_ping_print(testbed, "tag-1", 1150, 450, json);
    snprintf(tampered, sizeof tampered, "%.*s,\"tamper\":true}", (int)strlen(json) - 1, json);
    assert_int_equal(testbed_post(testbed, tampered), 200);
}

/* What is over and was taken by nobody, and what is wrong with a device, need somebody too. */
static void all_that_needs_somebody_is_listed_until_somebody_has_it(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_gather(testbed);
    assert_int_equal(goes_on(testbed, "A/home/1"), true);
    leave_tampered(testbed);
    testbed_gather(testbed);
    assert_int_equal(goes_on(testbed, "A/home/1"), false);
    assert_int_equal(goes_on(testbed, "device/tag-1/tamper/1"), false);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed),
                           "cleared        A/home/1 in Basildon [taken by nobody]: "));
    assert_non_null(strstr(testbed_ctl_said(testbed), "tamper         device/tag-1/tamper/1 in "));
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "--note", "car 12",
                                 "device/tag-1/tamper/1", NULL),
                     0);
    testbed_gather(testbed);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "device/tag-1/tamper/1 in Basildon [PC 42: "
                                                      "car 12]: "));
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    assert_int_equal(testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "other",
                                 "device/tag-1/tamper/1", NULL),
                     0);
    testbed_gather(testbed);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_string_equal(testbed_ctl_said(testbed), "nothing is open\n");
    testbed_close(testbed);
}

static void status_tells_watching_by_0(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    ctl_live_await_heartbeat(testbed);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "site essex: watching\n"));
    assert_non_null(strstr(testbed_ctl_said(testbed), "\nledger         0."));
    assert_true(testbed_metric(testbed, "breachd_ledger_bytes") > 4096);
    assert_true(isnan(testbed_metric(testbed, "breachd_ledger_bytes_a_day"))); // not known yet
    assert_int_equal(testbed_ctl(testbed, "status", "--json", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "\"blind\":false"));
    testbed_close(testbed);
}

static void status_tells_no_heartbeat_by_1(void **state)
{
    struct testbed *testbed = *state;

    testbed_redis_start(testbed, "");
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "no heartbeat"));
    assert_string_equal(testbed_ctl_said(testbed), "");
    testbed_close(testbed);
}

static void status_tells_blindness_by_1(void **state)
{
    struct testbed *testbed = *state;

    testbed_redis_start(testbed, "");
    freeReplyObject(testbed_redis(
        testbed, "SET {breachd}:heartbeat %s",
        "{\"site\":\"essex\",\"time\":\"2020-06-23T20:00:00.000Z\",\"sequence\":7,\"lag\":0,"
        "\"open\":1,\"blind\":true,\"exercise\":false}"));
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "BLIND"));
    testbed_close(testbed);
}

static void without_redis_it_is_1_with_the_reason(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(testbed_ctl(testbed, "status", NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "No such file or directory"));
    testbed_close(testbed);
}

static void wrong_usage_is_2(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(testbed_ctl(testbed, "open", "more", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "ack", "A/home/1", NULL), 2); // who?
    assert_int_equal(testbed_ctl(testbed, "close", "--by", "PC 42", "A/home/1", NULL), 2);
    testbed_close(testbed);
}

/* Somebody may be inside by it: what can be read is shown, and that this is not all. */
static void what_cannot_be_read_is_counted_and_fails(void **state)
{
    struct testbed *testbed = *state;

    put_open(testbed);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    freeReplyObject(testbed_redis(testbed, "HSET {breachd}:todo X/home/1 torn X/home/2 {}"));
    freeReplyObject(testbed_redis(testbed, "HSET {breachd}:open X/home/3 7"));
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "A/home/2 in Harlow"));
    assert_non_null(strstr(testbed_ctl_complained(testbed),
                           "3 entries of {breachd}:open and {breachd}:todo cannot be read, and are "
                           "not shown"));
    assert_int_equal(testbed_ctl(testbed, "open", "--json", "--area", "Harlow", NULL), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "\"A/home/2\""));
    freeReplyObject(testbed_redis(testbed, "DEL {breachd}:open"));
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 1);
    assert_string_equal(testbed_ctl_said(testbed), ""); // it is not said that nothing is open
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_worst_comes_first_and_then_the_oldest),
        testbed_test(what_is_taken_stands_as_it_stood_behind_what_is_unseen),
        testbed_test(as_json_it_is_one_event_a_line),
        testbed_test(who_has_it_stands_behind_it),
        testbed_test(what_was_noted_stands_behind_who_has_it),
        testbed_test(who_may_not_read_todo_sees_what_goes_on),
        testbed_test(all_that_needs_somebody_is_listed_until_somebody_has_it),
        testbed_test(status_tells_watching_by_0),
        testbed_test(status_tells_no_heartbeat_by_1),
        testbed_test(status_tells_blindness_by_1),
        testbed_test(without_redis_it_is_1_with_the_reason),
        testbed_test(wrong_usage_is_2),
        testbed_test(what_cannot_be_read_is_counted_and_fails),
    };

    return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
