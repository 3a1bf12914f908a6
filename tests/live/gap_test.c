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
#include "support/house.h"
#include "support/rows.h"
#include "support/test.h"

/* So many seconds after house->base. */
static void it_is(struct house *house, int second)
{
    house_replace(house, "ahead", "%d\n", second);
}

static void open_with_ring(struct house *house, const char *ring)
{
    house_shift_fit(house);
    house_set(house, "breachd.conf", "alerts", "silent-after", "1h");
    house_set(house, "breachd.conf", "detect", "silent-least", "10m");
    house_order(house, "A", "tag-1", 0, 200, ring);
    house_redis_start(house, "");
    house->base = time(NULL);
    house_start(house, NULL);
}

static void open_the_house(struct house *house)
{
    open_with_ring(house, "warn = 800 m\n");
}

/* A ping of now. */
static void ping(struct house *house, int second, double north)
{
    it_is(house, second);
    assert_int_equal(house_ping(house, "tag-1", second, north), 200);
}

static void kill_until(struct house *house, int second)
{
    house_kill(house);
    it_is(house, second);
    house_start(house, NULL);
}

static void await_alerts(struct house *house, const char *type, int n)
{
    char series[64];

    snprintf(series, sizeof series, "breachd_alerts_total{type=\"%s\"}", type);
    house_await_metric(house, series, n);
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
    return house_setup(state);
}

/* A kill may come before the round of a minute does; this one waits, with one tag for a second. */
static void await_saved(struct house *house, int second)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    char saved[160];

    snprintf(saved, sizeof saved,
             "SELECT count(*) FROM device WHERE json_extract(known, '$.time') = %lld",
             ((long long)house->base + second) * 1000);
    while (ctl_fixture_number(house, saved) == 0)
        assert_true(now_ms() < deadline);
}

static void the_way_is_judged(void **state)
{
    struct house *house = *state;

    open_with_ring(house, row->ring);
    ping(house, 0, 500);
    ping(house, 60, 450);
    if (row->end == KILLED) {
        await_saved(house, 60);
        kill_until(house, 59 + row->gap);
    } else if (row->end == STOPPED) {
        house_close(house);
        it_is(house, 59 + row->gap);
        house_start(house, NULL);
    }
    ping(house, 60 + row->gap, -450);
    house_gather(house);
    if (strncmp(house_story(house), row->story, strlen(row->story)) != 0 ||
        (strstr(row->story, "possible") == NULL && strstr(house_story(house), "possible") != NULL))
        fail_msg("%s", house_story(house));
    house_close(house);
}

/* ---- silence ---- */

/* Every minute, so that ten minutes are the least that is a silence. */
static void come_near(struct house *house)
{
    open_the_house(house);
    for (int i = 0; i < 8; i++)
        ping(house, 60 * i, 700);
}

static void who_was_near_is_silent_as_if_it_had_watched(void **state)
{
    struct house *house = *state;

    come_near(house);
    kill_until(house, 900); // for eight minutes
    house_expect(house, "");
    it_is(house, 1025);
    await_alerts(house, "silent", 1); // nobody sends anything: the clock tells it
    ping(house, 1100, 700);
    house_expect(house, "silent device/tag-1/1\nheard device/tag-1/2\n");
    house_close(house);
}

static void who_became_silent_in_the_gap_is_told_at_the_start(void **state)
{
    struct house *house = *state;
    const char *reason;

    come_near(house);
    kill_until(house, 7200);
    house_expect(house, "silent device/tag-1/1\n");
    reason = alert_text(json_array_get(house->alerts, 2), "data.reason"); // after blind, sighted
    assert_non_null(strstr(reason, "for 1 h 53 min, usually every 1 min 0 s; in reach since then: "
                                   "home"));
    kill_until(house, 7300); // told is told
    ping(house, 7310, 700);
    house_expect(house, "silent device/tag-1/1\nheard device/tag-1/2\n");
    house_close(house);
}

/* Of who is far nothing is on disk: that is no word of his being silent. */
static void who_was_far_is_listened_to_from_the_start_on(void **state)
{
    struct house *house = *state;

    come_near(house);
    for (int i = 8; i < 40; i++)
        ping(house, 60 * i, 5000);
    kill_until(house, 2401); // he was heard a minute ago
    house_expect(house, "");
    it_is(house, 2950);
    ping(house, 2951, 5000);
    house_expect(house, "");
    kill_until(house, 3000);
    it_is(house, 3605);
    await_alerts(house, "silent", 1);
    ping(house, 3700, 5000);
    house_expect(house, "silent device/tag-1/1\nheard device/tag-1/2\n");
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest silences[] = {
        house_test(who_was_near_is_silent_as_if_it_had_watched),
        house_test(who_became_silent_in_the_gap_is_told_at_the_start),
        house_test(who_was_far_is_listened_to_from_the_start_on),
    };

    return rows_hold_in("gap_rows", rows, the_way_is_judged, setup, house_teardown) +
           cmocka_run_group_tests_name("gap: silence", silences, NULL, NULL);
}
