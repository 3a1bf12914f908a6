/* SPDX-License-Identifier: Apache-2.0 */
#include "core/correction.h"

#include "support/rows.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, YEAR = 365 * DAY };

/* Seconds after this stand in the rows. */
static const int64_t noon = 1795000000000;

/* Our clock was wrong from second 0 to second 1000, of its own, and then moved by `by`. */
static const struct row {
    const char *says;
    int by;
    bool of_ping; // a time of a ping or alert, else one of ours
    int before, after;
} rows[] = {
    { "an hour ahead: when he was heard moves back", -HOUR, false, 500, 500 - HOUR },
    { "from the first second", -HOUR, false, 0, -HOUR },
    { "to the last", -HOUR, false, 1000, 1000 - HOUR },
    { "what an earlier, right clock gave stays", -HOUR, false, -HOUR - 1, -HOUR - 1 },
    { "unless that lies ahead now: it was wrong too", -HOUR, false, -1, 1000 - HOUR },
    { "an hour behind: it moves forward, so nobody is silent by that", HOUR, false, 500,
      500 + HOUR },
    { "a year behind", YEAR, false, 500, 500 + YEAR },
    { "and what was before stays, for that silence is true", HOUR, false, -500, -500 },
    { "ten seconds ahead", -10, false, 500, 490 },
    { "a clock that was years ahead before a restart: it is now", 0, false, YEAR, 1000 },

    { "an hour ahead: pings were judged at their arrival, so they move", -HOUR, true, 500,
      500 - HOUR },
    { "also those that were two minutes ahead of us", -HOUR, true, 1120, 1120 - HOUR },
    { "ten minutes ahead: they were judged by their own times", -10 * MINUTE, true, 390, 390 },
    { "a second more, and they were not", -10 * MINUTE - 1, true, 500, 500 - 601 },
    { "two minutes behind: by their own", 120, true, 1100, 1100 },
    { "a second more: by ours", 121, true, 500, 621 },
    { "years ahead before a restart", 0, true, YEAR, 1000 },
    { "a device's clock may be two minutes ahead", 0, true, 1120, 1120 },
};

static struct utc at(int64_t seconds)
{
    return (struct utc){ noon + seconds * 1000 };
}

static struct correction correction_by(int seconds)
{
    return (struct correction){ at(0), at(1000), seconds * 1000LL, 600000, at(1000 + seconds) };
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct correction correction = correction_by(row->by);
    struct utc ours = at(row->of_ping ? -DAY : row->before);
    struct utc theirs = at(row->of_ping ? row->before : -DAY);
    struct known_device device = { .arrived = ours,
                                   .talked = ours,
                                   .talking = ours,
                                   .listened = ours,
                                   .newest.time = theirs,
                                   .doubted.time = theirs };
    struct incident incident = { .alerted = theirs, .ended = UTC_NEVER };
    struct custody custody = { .since = ours };
    struct utc got;

    device.trail[3].at.time = device.newest.time;
    assert_int_equal(correction_device(&correction, &device), row->before != row->after);
    got = row->of_ping ? device.newest.time : device.arrived;
    assert_int_equal((got.ms - noon) / 1000, row->after);
    assert_int_equal(device.trail[3].at.time.ms, device.newest.time.ms);
    assert_int_equal(device.trail[2].at.time.ms, 0);
    assert_int_equal(device.doubted.time.ms, device.newest.time.ms);
    assert_int_equal(device.listened.ms, device.arrived.ms);
    assert_int_equal(device.talked.ms, device.arrived.ms);
    assert_int_equal(device.talking.ms, device.arrived.ms);
    assert_int_equal(correction_incident(&correction, &incident),
                     row->of_ping && row->before != row->after);
    assert_int_equal(incident.alerted.ms, device.newest.time.ms);
    assert_int_equal(incident.ended.ms, UTC_NEVER.ms);
    assert_int_equal(incident.opened.ms, 0);
    assert_int_equal(correction_custody(&correction, &custody),
                     !row->of_ping && row->before != row->after);
    assert_int_equal(custody.since.ms, device.arrived.ms);
}

static void a_way_keeps_its_pace(void **state)
{
    struct correction correction = correction_by(0);
    struct known_device device = { .newest.time = at(YEAR) };

    (void)state;
    for (int i = 0; i < 3; i++)
        device.trail[i].at.time = at(YEAR - 15 * i);
    assert_true(correction_device(&correction, &device));
    for (int i = 0; i < 3; i++)
        assert_int_equal(device.trail[i].at.time.ms, at(1000 - 15 * i).ms);
}

/* By a clock of ours an hour ahead his looked three hours behind, and is two. */
static void what_was_learnt_of_a_clock_moves_with_ours(void **state)
{
    struct correction correction = correction_by(-HOUR);
    struct lag_group group = { at(500 - 2 * HOUR), at(500) };
    struct lag_pace pace = {
        .group = group, .before = group, .first = group, .opened = at(500), .last = at(500)
    };
    struct known_device device = { .newest_came = at(500),
                                   .lag = { .offset_ms = 3LL * HOUR * 1000,
                                            .pace = pace,
                                            .since = at(500),
                                            .best = group,
                                            .mix = { .fresh = at(500),
                                                     .breath = at(500),
                                                     .heard = at(500),
                                                     .pace = pace,
                                                     .front = group,
                                                     .anchor = group,
                                                     .since = at(500),
                                                     .found = at(500) } } };
    struct lag *lag = &device.lag;

    (void)state;
    assert_true(correction_device(&correction, &device));
    assert_int_equal(lag->offset_ms, 2LL * HOUR * 1000);
    assert_int_equal(device.newest_came.ms, at(500 - HOUR).ms);
    assert_int_equal(lag->pace.group.time.ms, at(500 - 2 * HOUR).ms); // is the device's own
    assert_int_equal(lag->pace.group.came.ms, at(500 - HOUR).ms);
    assert_int_equal(lag->pace.before.came.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->pace.first.came.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->best.came.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->pace.opened.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->pace.last.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->since.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->mix.pace.group.came.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->mix.pace.last.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->mix.front.time.ms, at(500 - 2 * HOUR).ms);
    assert_int_equal(lag->mix.front.came.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->mix.anchor.came.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->mix.fresh.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->mix.breath.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->mix.heard.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->mix.since.ms, lag->pace.group.came.ms);
    assert_int_equal(lag->mix.found.ms, lag->pace.group.came.ms);
    // One that looked behind by ours alone is right.
    lag->offset_ms = HOUR * 1000LL;
    lag->pace.last = at(500);
    assert_true(correction_device(&correction, &device));
    assert_int_equal(lag->offset_ms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_keeps_its_pace),
        cmocka_unit_test(what_was_learnt_of_a_clock_moves_with_ours),
    };

    return rows_hold("correction", rows, row_holds) +
           cmocka_run_group_tests_name("ways", tests, NULL, NULL);
}
