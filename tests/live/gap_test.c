/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Killed, and started again when the clock has gone on (the shim moves it; nobody waits): what
 * happened in between is judged as if breachd had been there, by the first ping after it, or where
 * none comes by the clock.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl_fixture.h"
#include "support/rows.h"
#include "support/test.h"
#include "support/testbed.h"

/* So many seconds after testbed->base. */
static void it_is(struct testbed *testbed, int second)
{
    testbed_replace(testbed, "ahead", "%d\n", second);
}

static void open_with_ring(struct testbed *testbed, const char *ring)
{
    testbed_shift_fit(testbed);
    testbed_set(testbed, "breachd.conf", "alerts", "silent-after", "1h");
    testbed_set(testbed, "breachd.conf", "detect", "silent-least", "10m");
    testbed_order(testbed, "A", "tag-1", 0, 200, ring);
    testbed_redis_start(testbed, "");
    testbed->base = time(NULL);
    testbed_start(testbed, NULL);
}

static void open_the_testbed(struct testbed *testbed)
{
    open_with_ring(testbed, "warn = 800 m\n");
}

/* A ping of now. */
static void ping(struct testbed *testbed, int second, double north)
{
    it_is(testbed, second);
    assert_int_equal(testbed_ping(testbed, "tag-1", second, north), 200);
}

static void kill_until(struct testbed *testbed, int second)
{
    testbed_kill(testbed);
    it_is(testbed, second);
    testbed_start(testbed, NULL);
}

static void await_alerts(struct testbed *testbed, const char *type, int n)
{
    char series[64];

    snprintf(series, sizeof series, "breachd_alerts_total{type=\"%s\"}", type);
    testbed_await_metric(testbed, series, n);
}

/* ---- the way ---- */

enum end { WATCHED, KILLED, STOPPED };

/* He was north of the zone, and is south of it `gap` seconds later. */
static const struct row {
    const char *says;
    int gap;
    enum end end;
    const char *ring, *story;
} rows[] = {
    { "watched: he must have crossed it", 240, WATCHED, "warn = 800 m\n",
      "approach A/home/1/1\npossible A/home/1/2\n" },
    { "killed in between: so he must have", 240, KILLED, "warn = 800 m\n",
      "approach A/home/1/1\npossible A/home/1/2\n" },
    { "without a ring too: out of it he is saved by and by", 240, KILLED, "",
      "possible A/home/1/1\n" },
    { "stopped before that: he is saved by the stop", 240, STOPPED, "", "possible A/home/1/1\n" },
    { "watched: after `path` he may have gone round it", 301, WATCHED, "warn = 800 m\n",
      "approach A/home/1/1\n" },
    { "killed in between: so he may have", 301, KILLED, "warn = 800 m\n", "approach A/home/1/1\n" },
    { "without a ring: so he may have", 301, KILLED, "", "" },
};
static const struct row *row;

static int setup(void **state)
{
    row = *state;
    return testbed_setup(state);
}

/* A kill may come before the round of a minute does; this one waits, with one tag for a second. */
static void await_saved(struct testbed *testbed, int second)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    char saved[160];

    snprintf(saved, sizeof saved,
             "SELECT count(*) FROM device WHERE json_extract(known, '$.time') = %lld",
             ((long long)testbed->base + second) * 1000);
    while (ctl_fixture_number(testbed, saved) == 0)
        assert_true(now_ms() < deadline);
}

static void the_way_is_judged(void **state)
{
    struct testbed *testbed = *state;

    open_with_ring(testbed, row->ring);
    ping(testbed, 0, 500);
    ping(testbed, 60, 450);
    if (row->end == KILLED) {
        await_saved(testbed, 60);
        kill_until(testbed, 59 + row->gap);
    } else if (row->end == STOPPED) {
        testbed_close(testbed);
        it_is(testbed, 59 + row->gap);
        testbed_start(testbed, NULL);
    }
    ping(testbed, 60 + row->gap, -450);
    testbed_gather(testbed);
    if (strncmp(testbed_story(testbed), row->story, strlen(row->story)) != 0 ||
        (strstr(row->story, "possible") == NULL &&
         strstr(testbed_story(testbed), "possible") != NULL))
        fail_msg("%s", testbed_story(testbed));
    testbed_close(testbed);
}

/* ---- silence ---- */

/* Every minute, so that ten minutes are the least that is a silence. */
static void come_near(struct testbed *testbed)
{
    open_the_testbed(testbed);
    for (int i = 0; i < 8; i++)
        ping(testbed, 60 * i, 700);
}

static void who_was_near_is_silent_as_if_it_had_watched(void **state)
{
    struct testbed *testbed = *state;

    come_near(testbed);
    kill_until(testbed, 900); // for eight minutes
    testbed_expect(testbed, "");
    it_is(testbed, 1025);
    await_alerts(testbed, "silent", 1); // nobody sends anything: the clock tells it
    ping(testbed, 1100, 700);
    testbed_expect(testbed, "silent device/tag-1/1\nheard device/tag-1/2\n");
    testbed_close(testbed);
}

static void who_became_silent_in_the_gap_is_told_at_the_start(void **state)
{
    struct testbed *testbed = *state;
    const char *reason;

    come_near(testbed);
    kill_until(testbed, 7200);
    testbed_expect(testbed, "silent device/tag-1/1\n");
    reason = alert_text(json_array_get(testbed->alerts, 2), "data.reason"); // after blind, sighted
    assert_non_null(strstr(reason, "for 1 h 53 min, usually every 1 min 0 s; in reach since then: "
                                   "home"));
    kill_until(testbed, 7300); // told is told
    ping(testbed, 7310, 700);
    testbed_expect(testbed, "silent device/tag-1/1\nheard device/tag-1/2\n");
    testbed_close(testbed);
}

/* Of who is far nothing is on disk: that is no word of his being silent. */
static void who_was_far_is_listened_to_from_the_start_on(void **state)
{
    struct testbed *testbed = *state;

    come_near(testbed);
    for (int i = 8; i < 40; i++)
        ping(testbed, 60 * i, 5000 + i);
    kill_until(testbed, 2401); // he was heard a minute ago
    testbed_expect(testbed, "");
    it_is(testbed, 2950);
    ping(testbed, 2951, 5000);
    testbed_expect(testbed, "");
    kill_until(testbed, 3000);
    it_is(testbed, 3605);
    await_alerts(testbed, "silent", 1);
    ping(testbed, 3700, 5000);
    testbed_expect(testbed, "silent device/tag-1/1\nheard device/tag-1/2\n");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest silences[] = {
        testbed_test(who_was_near_is_silent_as_if_it_had_watched),
        testbed_test(who_became_silent_in_the_gap_is_told_at_the_start),
        testbed_test(who_was_far_is_listened_to_from_the_start_on),
    };

    return rows_hold_in("gap_rows", rows, the_way_is_judged, setup, testbed_teardown) +
           cmocka_run_group_tests_name("gap: silence", silences, NULL, NULL);
}
