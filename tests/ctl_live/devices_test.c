/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl devices: when a device was last heard, asked of the breachd that listens to it. */
#include <stdio.h>
#include <string.h>

#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

static int devices(struct testbed *testbed, const char *option, const char *one, const char *other)
{
    return testbed_ctl(testbed, "devices", "-c", testbed_path(testbed, "breachd.conf").text, option,
                       one, other, NULL);
}

/* As it stands there. */
static void assert_tells(struct testbed *testbed, const char *want)
{
    if (strstr(testbed_ctl_said(testbed), want) == NULL)
        fail_msg("-- wanted:\n%s\n-- said:\n%s-- complained:\n%s", want, testbed_ctl_said(testbed),
                 testbed_ctl_complained(testbed));
}

/* The tag is there, and nobody knows where. */
static void talk_without_a_fix(struct testbed *testbed, const char *device, int second)
{
    char json[TESTBED_PING_MAX];

    snprintf(json, sizeof json, "{\"device\":\"%s\",\"time\":%lld,\"fix\":false}", device,
             (long long)testbed->base + second);
    assert_int_equal(testbed_post(testbed, json), 200);
}

static void it_tells_when_each_was_heard_and_no_place(void **state)
{
    struct testbed *testbed = *state;
    json_t *json;

    ctl_live_open(testbed, NULL);
    assert_int_equal(devices(testbed, "tag-1", NULL, NULL), 0);
    assert_string_equal(testbed_ctl_said(testbed), "tag-1, of R-A in Basildon: not heard yet\n");
    assert_int_equal(testbed_ping(testbed, "tag-1", 890, 900), 200);
    assert_int_equal(devices(testbed, "tag-9", "tag-1", NULL), 1); // and tells the other
    assert_non_null(strstr(testbed_ctl_complained(testbed),
                           "tag-9: no such device: it is under no order in force, and was never "
                           "heard\n"));
    assert_tells(testbed, "tag-1, of R-A in Basildon: heard ");
    assert_tells(testbed, " s ago, at ");
    assert_tells(testbed, " old, accuracy 8 m\n");
    assert_int_equal(devices(testbed, "--json", "tag-9", NULL), 1);
    assert_string_equal(testbed_ctl_said(testbed), "");
    assert_null(strstr(testbed_ctl_said(testbed), "51.5"));
    talk_without_a_fix(testbed, "tag-1", 895);
    assert_int_equal(devices(testbed, "tag-1", NULL, NULL), 0);
    assert_tells(testbed, " ago, with nothing newer to believe");
    assert_int_equal(devices(testbed, "--json", "tag-1", NULL), 0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_string_equal(alert_text(json, "respondent"), "R-A");
    assert_true(json_is_string(json_object_get(json, "heard")));
    assert_true(json_is_string(json_object_get(json, "talked")));
    assert_true(json_is_false(json_object_get(json, "silent")));
    assert_null(json_object_get(json, "lat"));
    json_decref(json);
    testbed_close(testbed);
}

/* breachd.conf(5), Replacing a tag: the old one goes once the new one is heard. */
static void of_a_tag_that_replaces_another_it_tells_when_that_may_go(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    testbed_order(testbed, "A", "tag-1, tag-2", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    assert_int_equal(devices(testbed, "tag-1", "tag-2", NULL), 0);
    assert_tells(testbed, "tag-1, of R-A in Basildon: heard ");
    assert_tells(testbed, "tag-2, of R-A in Basildon: not heard yet\n");
    assert_int_equal(testbed_ping(testbed, "tag-2", 890, 900), 200);
    assert_int_equal(devices(testbed, "tag-2", NULL, NULL), 0);
    assert_tells(testbed, "tag-2, of R-A in Basildon: heard ");
    testbed_order(testbed, "A", "tag-2", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    assert_int_equal(devices(testbed, "tag-1", NULL, NULL), 0);
    assert_tells(testbed, "tag-1, under no order: heard ");
    testbed_close(testbed);
}

/* It was heard by a breachd that is no more. */
static void a_start_does_not_take_that_for_never(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    start_again(testbed);
    assert_int_equal(devices(testbed, "tag-1", NULL, NULL), 0);
    assert_tells(testbed, "tag-1, of R-A in Basildon: heard ");
    testbed_close(testbed);
}

/* The pings of an evening years ago came just now, as the exercise has it; and it is called one. */
static void in_an_exercise_its_time_counts(void **state)
{
    struct testbed *testbed = *state;
    json_t *json;

    testbed->base = 1592943000; // 2020-06-23 20:10
    ctl_live_open(testbed, "--rehearse");
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 60, 900), 200);
    assert_int_equal(devices(testbed, "tag-1", NULL, NULL), 0);
    assert_string_equal(testbed_ctl_said(testbed),
                        "EXERCISE  tag-1, of R-A in Basildon: heard 0 s ago, at 20:11:00, "
                        "position 0 s old, accuracy 8 m\n");
    assert_int_equal(devices(testbed, NULL, NULL, NULL), 0);
    assert_tells(testbed, "EXERCISE  tag-1, of R-A in Basildon: heard 0 s ago");
    assert_int_equal(devices(testbed, "--json", "tag-1", NULL), 0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_true(json_is_true(json_object_get(json, "exercise")));
    assert_string_equal(alert_text(json, "now"), "2020-06-23T20:11:00.000Z");
    json_decref(json);
    testbed_close(testbed);
}

static void where_nobody_can_tell_it_fails(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(devices(testbed, "a b", NULL, NULL), 2);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "a b: not 1..64 letters"));
    assert_int_equal(testbed_ctl(testbed, "devices", "-c", "nowhere.conf", "tag-1", NULL), 2);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "nowhere.conf: No such file"));
    assert_int_equal(devices(testbed, "tag-1", NULL, NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "does breachd run, with this ledger?"));
    testbed_close(testbed);
}

static void say_battery(struct testbed *testbed, const char *device, int second, double north,
                        int battery)
{
    char json[TESTBED_PING_MAX], *end;

    testbed_ping_print(testbed, device, second, north, json);
    end = strrchr(json, '}');
    snprintf(end, sizeof json - (size_t)(end - json), ",\"battery\":%d}", battery);
    assert_int_equal(testbed_post(testbed, json), 200);
}

static void of_all_of_them_the_worst_off_come_first(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "B", "tag-2", 30000, 200, "");
    testbed_order(testbed, "C", "tag-3", 60000, 200, "");
    testbed_order(testbed, "D", "tag-4", -20000, 200, "");
    testbed_set(testbed, "orders.d/D.conf", "order D", "until", "2020-07-07T12:00:00Z"); // over
    ctl_live_open(testbed, NULL);
    say_battery(testbed, "tag-1", 880, 900, 64);
    say_battery(testbed, "tag-2", 890, 900, 12);
    assert_int_equal(devices(testbed, NULL, NULL, NULL), 0);
    assert_tells(testbed, "tag-2, of R-B in Basildon: battery LOW; heard ");
    assert_tells(testbed, " m; battery 12 %\ntag-3, of R-C in Basildon: not heard yet\ntag-1, of ");
    assert_tells(testbed, " m; battery 64 %\n");
    assert_int_equal(devices(testbed, "--json", NULL, NULL), 0);
    assert_tells(testbed, "{\"device\":\"tag-2\",\"respondent\":\"R-B\"");
    assert_null(strstr(testbed_ctl_said(testbed), "tag-4"));
    assert_tells(testbed, "\"state\":\"well\"}\n{\"device\":\"tag-1\"");
    testbed_close(testbed);
}

/* The same ping comes again: it talks, and gave a position. */
static void what_comes_again_is_not_told_as_without_a_position(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 890, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 890, 900), 200);
    assert_int_equal(devices(testbed, "tag-1", NULL, NULL), 0);
    assert_tells(testbed, " ago, with nothing newer to believe");
    assert_null(strstr(testbed_ctl_said(testbed), "without a position"));
    testbed_close(testbed);
}

/* Nobody is left out, and nobody comes twice. */
static void hundreds_come_page_by_page(void **state)
{
    enum { MANY = 300 };
    struct testbed *testbed = *state;
    size_t lines = 0;

    for (int i = 0; i < MANY; i++) {
        char id[16], device[32];

        snprintf(id, sizeof id, "M%03d", i);
        snprintf(device, sizeof device, "many-%03d", i);
        testbed_order(testbed, id, device, 30000, 200, "");
    }
    ctl_live_open(testbed, NULL);
    assert_int_equal(devices(testbed, NULL, NULL, NULL), 0);
    for (const char *at = testbed_ctl_said(testbed); (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, MANY + 1);
    assert_tells(testbed, "many-000, of ");
    assert_tells(testbed, "many-299, of ");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(it_tells_when_each_was_heard_and_no_place),
        testbed_test(of_a_tag_that_replaces_another_it_tells_when_that_may_go),
        testbed_test(a_start_does_not_take_that_for_never),
        testbed_test(in_an_exercise_its_time_counts),
        testbed_test(where_nobody_can_tell_it_fails),
        testbed_test(of_all_of_them_the_worst_off_come_first),
        testbed_test(what_comes_again_is_not_told_as_without_a_position),
        testbed_test(hundreds_come_page_by_page),
    };

    return cmocka_run_group_tests_name("devices", tests, NULL, NULL);
}
