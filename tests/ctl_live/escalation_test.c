/* SPDX-License-Identifier: Apache-2.0 */
/* A critical alert that nobody takes is told again, and again, and then no more. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

/* In a rehearsal the clock is the pings': tag-2, which is nowhere, moves it. */
static void open_at_a_minute(struct testbed *testbed)
{
    testbed_set(testbed, "breachd.conf", "alerts", "remind", "60s");
    testbed_set(testbed, "breachd.conf", "detect", "update", "24h");
    testbed_set(testbed, "breachd.conf", "alerts", "silent-after",
                "30d"); // silence is another story
    testbed_set(testbed, "breachd.conf", "detect", "silent-least", "24h");
    testbed_order(testbed, "B", "tag-2", 50000, 200, "");
    ctl_live_open(testbed, "--rehearse");
}

static void it_is(struct testbed *testbed, int second)
{
    assert_int_equal(testbed_ping(testbed, "tag-2", second, 9000), 200);
}

static void after_once_twice_and_four_times_remind(void **state)
{
    static const struct {
        int second;
        const char *story;
    } hours[] = {
        { 359, "breach A/home/1/1\n" },
        { 360, "breach A/home/1/1\nescalated A/home/1/desk/1\n" },
        { 419, "breach A/home/1/1\nescalated A/home/1/desk/1\n" },
        { 420, "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n" },
        { 539, "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n" },
        { 540, "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n"
               "escalated A/home/1/desk/3\n" },
        { 80000, "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n"
                 "escalated A/home/1/desk/3\n" },
    };
    struct testbed *testbed = *state;
    const json_t *last;

    open_at_a_minute(testbed);
    ctl_live_breach(testbed);
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        it_is(testbed, hours[i].second);
        testbed_expect(testbed, hours[i].story);
    }
    last = json_array_get(testbed->alerts, 3);
    assert_string_equal(alert_text(last, "data.severity"), "critical");
    assert_non_null(strstr(alert_text(last, "data.reason"), "nobody has taken it for 4 min"));
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void who_is_taken_is_not_chased(void **state)
{
    struct testbed *testbed = *state;

    open_at_a_minute(testbed);
    ctl_live_breach(testbed);
    it_is(testbed, 360);
    testbed_expect(testbed, "breach A/home/1/1\nescalated A/home/1/desk/1\n");
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "nobody has taken it for "));
    assert_non_null(strstr(testbed_ctl_said(testbed), " s; breach: inside by "));
    assert_int_equal(testbed_ctl(testbed, "open", "--json", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "\"waits\":\"breach\""));
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    it_is(testbed, 9000);
    // What was told before anybody had it is true no more.
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "breach         EXERCISE  A/home/1 in Basildon [PC 42]"));
    assert_null(strstr(testbed_ctl_said(testbed), "nobody has taken it"));
    testbed_expect(testbed,
                   "breach A/home/1/1\nescalated A/home/1/desk/1\nacked A/home/1/desk/2\n");
    testbed_close(testbed);
}

static void what_is_over_is_chased_and_stays_over(void **state)
{
    struct testbed *testbed = *state;

    open_at_a_minute(testbed);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 330, 300), 200);
    it_is(testbed, 360);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\nescalated A/home/1/desk/1\n");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "; breach, cleared: left the zone: "));
    testbed_close(testbed);
}

static void a_kill_forgets_no_reminder(void **state)
{
    struct testbed *testbed = *state;

    open_at_a_minute(testbed);
    ctl_live_breach(testbed);
    it_is(testbed, 360);
    testbed_expect(testbed, "breach A/home/1/1\nescalated A/home/1/desk/1\n");
    testbed_kill(testbed);
    testbed_start(testbed, "--rehearse", NULL);
    it_is(testbed, 419);
    testbed_expect(testbed, "breach A/home/1/1\nescalated A/home/1/desk/1\n");
    it_is(testbed, 420);
    testbed_expect(testbed,
                   "breach A/home/1/1\nescalated A/home/1/desk/1\nescalated A/home/1/desk/2\n");
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void an_approach_is_not_chased(void **state)
{
    struct testbed *testbed = *state;

    open_at_a_minute(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "warn = 800 m\n");
    testbed_reload(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 120, 700), 200);
    it_is(testbed, 9000);
    testbed_expect(testbed, "approach A/home/1/1\n");
    testbed_close(testbed);
}

/* A ping of now, so many seconds after the base. */
static void ping(struct testbed *testbed, int second, double north)
{
    testbed_replace(testbed, "ahead", "%d\n", second);
    assert_int_equal(testbed_ping(testbed, "tag-1", second, north), 200);
}

/* Every restart is one: in no list any more, it calls nobody; what he did then does. */
static void our_blindness_that_is_over_is_not_chased(void **state)
{
    struct testbed *testbed = *state;

    testbed_shift_fit(testbed);
    testbed->base = time(NULL);
    testbed_set(testbed, "breachd.conf", "alerts", "remind", "60s");
    ctl_live_open(testbed, NULL);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"sighted\"}", 1);
    ping(testbed, 0, 900);
    ping(testbed, 300, 10);
    testbed_replace(testbed, "ahead", "400\n");
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"escalated\"}", 1);
    assert_non_null(strstr(testbed_story(testbed), "escalated A/home/1/desk/1\n"));
    assert_null(strstr(testbed_story(testbed), "escalated blind/"));
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "blind"));
    testbed_close(testbed);
}

/* tag-1 says it beside a place far from any zone. */
static void say_tampered(struct testbed *testbed, int second, bool tampered)
{
    char json[TESTBED_PING_MAX], *end;

    testbed_ping_print(testbed, "tag-1", second, 9000, json);
    end = strrchr(json, '}');
    snprintf(end, sizeof json - (size_t)(end - json), ",\"tamper\":%s}",
             tampered ? "true" : "false");
    assert_int_equal(testbed_post(testbed, json), 200);
}

static void tampering_is_chased_until_somebody_has_it(void **state)
{
    static const char once[] = "tamper device/tag-1/1\n"
                               "escalated device/tag-1/tamper/1/desk/1\n";
    static const char again[] = "tamper device/tag-1/1\n"
                                "escalated device/tag-1/tamper/1/desk/1\n"
                                "escalated device/tag-1/tamper/1/desk/2\n";
    struct testbed *testbed = *state;

    open_at_a_minute(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 9000), 200);
    say_tampered(testbed, 100, true);
    it_is(testbed, 159);
    testbed_expect(testbed, "tamper device/tag-1/1\n");
    it_is(testbed, 160);
    testbed_expect(testbed, once);
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 1), "data.severity"),
                        "critical");
    testbed_kill(testbed);
    testbed_start(testbed, "--rehearse", NULL);
    it_is(testbed, 219);
    testbed_expect(testbed, once);
    it_is(testbed, 220);
    testbed_expect(testbed, again);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "device/tag-1/tamper/1", NULL),
                     0);
    it_is(testbed, 9000);
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* It tells the same again and again: whoever has it is not asked anew. */
static void tampering_that_goes_on_is_not_news(void **state)
{
    struct testbed *testbed = *state;

    open_at_a_minute(testbed);
    testbed_set(testbed, "breachd.conf", "alerts", "device-interval", "60s");
    testbed_reload(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 9000), 200);
    say_tampered(testbed, 100, true);
    testbed_expect(testbed, "tamper device/tag-1/1\n");
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "device/tag-1/tamper/1", NULL),
                     0);
    say_tampered(testbed, 130, false);
    say_tampered(testbed, 180, true);
    it_is(testbed, 4000);
    testbed_expect(testbed, "tamper device/tag-1/1\nacked device/tag-1/tamper/1/desk/1\n"
                            "tamper device/tag-1/2\n");
    testbed_close(testbed);
}

/* Silent within reach of the zone, and then heard: nobody waits for more of it. */
static void a_grave_silence_is_chased_until_the_device_is_heard(void **state)
{
    static const char chased[] = "silent device/tag-1/1\n"
                                 "escalated device/tag-1/silent/1/desk/1\n";
    struct testbed *testbed = *state;

    open_at_a_minute(testbed);
    testbed_set(testbed, "breachd.conf", "alerts", "silent-after", "10m");
    testbed_set(testbed, "breachd.conf", "detect", "silent-least", "10m");
    testbed_reload(testbed);
    it_is(testbed, 0);
    assert_int_equal(testbed_ping(testbed, "tag-1", 1, 900), 200);
    for (int second = 60; second <= 660; second += 60)
        it_is(testbed, second);
    testbed_expect(testbed, "silent device/tag-1/1\n");
    assert_string_equal(alert_text(json_array_get(testbed->alerts, 0), "data.severity"), "high");
    it_is(testbed, 721);
    testbed_expect(testbed, chased);
    assert_int_equal(testbed_ping(testbed, "tag-1", 730, 900), 200);
    for (int second = 760; second <= 1160; second += 60)
        it_is(testbed, second);
    testbed_gather(testbed);
    assert_null(strstr(testbed_story(testbed), "desk/2"));
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(after_once_twice_and_four_times_remind),
        testbed_test(who_is_taken_is_not_chased),
        testbed_test(what_is_over_is_chased_and_stays_over),
        testbed_test(a_kill_forgets_no_reminder),
        testbed_test(an_approach_is_not_chased),
        testbed_test(our_blindness_that_is_over_is_not_chased),
        testbed_test(tampering_is_chased_until_somebody_has_it),
        testbed_test(tampering_that_goes_on_is_not_news),
        testbed_test(a_grave_silence_is_chased_until_the_device_is_heard),
    };

    return cmocka_run_group_tests_name("escalation", tests, NULL, NULL);
}
