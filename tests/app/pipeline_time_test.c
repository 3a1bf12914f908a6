/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_time_test.c - thousands for whom time changes something at one instant, and one who is
 * weeks behind: no turn of the loop takes more than it may, nothing is lost, nothing asked twice.
 * An exercise, so that the pings say what time it is; the ledger is a real one.
 */
#include "app/pipeline.h"
#include "app/pipeline_judge.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_round.h"
#include "app/pipeline_rules.h"
#include "app/pipeline_save.h"
#include "app/pipeline_time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"
#include "support/test.h"

enum { PEOPLE = 13000, MANY = 300, SECOND = 1000, MINUTE = 60 * SECOND };
#define DAY (24LL * 60 * MINUTE)

static const struct utc begin = { 1592899200000 }; // Tuesday, 2020-06-23T08:00:00Z

struct testbed {
    struct event_base *base;
    struct config *config;
    struct ledger *ledger;
    struct pipeline *pipeline;
    struct stats stats;
    size_t called;               // on_behind
    size_t alerted[ALERT_TYPES]; // on disk
};

/* ---- the testbed ---- */

static void on_committed(const struct row *alerts, void *arg)
{
    struct testbed *testbed = arg;

    for (const struct row *row = alerts; row != NULL; row = row->next) {
        for (int i = 0; i < ALERT_TYPES; i++)
            testbed->alerted[i] +=
                strcmp(alert_type_name((enum alert_type)i), row->alert.type) == 0;
    }
}

static void on_alerts(const struct row *alerts, void *arg)
{
    (void)alerts;
    (void)arg;
}

static void on_blind(const char *why, void *arg)
{
    (void)arg;
    fail_msg("blind: %s", why);
}

static void on_behind(void *arg)
{
    struct testbed *testbed = arg;

    testbed->called++;
}

static void write_order(FILE *file, int nth, const char *schedule)
{
    fprintf(file,
            "[order O-%d]\nkind = bail\nclause = 3\nrespondent = R-%d\ndevices = t-%d\n"
            "area = A\nmonitoring = bail\nfrom = 2020-01-01T00:00:00Z\n"
            "served = 2020-01-01T00:00:00Z\n"
            "[zone O-%d/home]\ncentre = 51.56844, 0.45782\nradius = 200 m\n%s",
            nth, nth, nth, nth, schedule);
}

/* As many windows as a schedule may have, each of ten minutes, so 64 boundaries a day. */
static void write_dense(FILE *file)
{
    char schedule[2000] = "schedule = ";
    size_t length = strlen(schedule);

    for (int i = 0; i < SCHEDULE_WINDOWS_MAX; i++)
        length += (size_t)snprintf(schedule + length, sizeof schedule - length,
                                   "%sMon-Sun %02d:%02d-%02d:%02d", i > 0 ? "; " : "", i / 2,
                                   i % 2 * 30, i / 2, i % 2 * 30 + 10);
    snprintf(schedule + length, sizeof schedule - length, "\n");
    write_order(file, 1, schedule);
}

static void write_orders(int people, bool dense)
{
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);

    for (int i = dense ? 2 : 1; i <= people; i++)
        write_order(file, i, "");
    if (dense)
        write_dense(file);
    fclose(file);
    scratch_write("orders.d/all.conf", text);
    free(text);
}

/* Settings with these lines at their end. */
static struct prepared load(const struct config *running, const char *lines)
{
    struct prepared fresh;
    char text[1000];

    snprintf(text, sizeof text,
             "[site]\nname = test\nregion = 51.40,0.00 52.10,1.30\norders = orders.d\n"
             "timezone = UTC\n[ledger]\npath = ledger.db\n[http]\nlisten = 127.0.0.1:1\n"
             "[redis]\nurl = unix:redis.sock\n%s",
             lines);
    scratch_write("breachd.conf", text);
    // All orders have ended by then, so that they may go.
    prepare(
        &(struct prepare_options){ .path = "breachd.conf", .running = running, .now = UTC_NEVER },
        NULL, &fresh);
    if (fresh.config == NULL)
        fail_msg("%s", fresh.complaints.kept[0].text);
    return fresh;
}

/* Everybody is judged by the rules in force. */
static void end_round(struct testbed *testbed)
{
    while (pipeline_judging(testbed->pipeline)) {
        if (pipeline_step(testbed->pipeline) == 0)
            event_base_loop(testbed->base, EVLOOP_ONCE);
    }
}

static void open_testbed(struct testbed *testbed, int people, bool dense, const char *lines)
{
    struct ledger_callbacks callbacks = {
        .on_alerts = on_alerts, .on_committed = on_committed, .on_blind = on_blind, .arg = testbed
    };
    struct prepared fresh;
    struct fault why;

    write_orders(people, dense);
    testbed->base = event_base_new();
    fresh = load(NULL, lines);
    testbed->config = fresh.config;
    testbed->pipeline = pipeline_create(&testbed->stats, true);
    if (!ledger_open(testbed->base, testbed->config->settings.ledger, &callbacks, &testbed->ledger,
                     &why) ||
        !pipeline_start(testbed->pipeline, testbed->ledger, &fresh, &why))
        fail_msg("%s", why.text);
    fresh.config = NULL; // the testbed's
    prepared_fini(&fresh);
    pipeline_judge_all(testbed->pipeline);
    end_round(testbed);
    pipeline_call_when_behind(testbed->pipeline, on_behind, testbed);
}

static void close_testbed(struct testbed *testbed)
{
    ledger_close(testbed->ledger);
    pipeline_destroy(testbed->pipeline);
    event_base_free(testbed->base);
    config_destroy(testbed->config);
}

/* ---- what happens ---- */

/* A ping so many metres north of the zone's centre. */
static void ping(struct testbed *testbed, int nth, int64_t ms, double north)
{
    struct ping one = { .time = utc_plus(begin, ms),
                        .at = { 0.45782, 51.56844 + north / 111262 },
                        .accuracy = 8,
                        .speed = NAN,
                        .course = NAN,
                        .battery = NAN };
    uint64_t wait_for = 0;
    size_t respondent, device;
    struct fault why;
    enum arrival class;

    snprintf(one.device, sizeof one.device, "t-%d", nth);
    assert_true(rulebook_find_device(testbed->config->rules, one.device, &respondent, &device));
    if (!pipeline_judge(testbed->pipeline, respondent, device, &one, &wait_for, &class, &why))
        fail_msg("%s", why.text);
}

static void settle(struct testbed *testbed)
{
    ledger_flush(testbed->ledger);
    while (!ledger_idle(testbed->ledger))
        event_base_loop(testbed->base, EVLOOP_ONCE);
}

/* Turns of the loop until nothing is due; how many. */
static size_t turn_on(struct testbed *testbed)
{
    size_t turns = 0;

    while (pipeline_is_behind(testbed->pipeline)) {
        size_t called = testbed->called;

        pipeline_tick(testbed->pipeline);
        turns++;
        assert_int_equal(testbed->called - called, pipeline_is_behind(testbed->pipeline));
    }
    return turns;
}

/* ---- what must hold ---- */

static void what_is_due_at_once_is_judged_in_turns(void **state)
{
    struct testbed testbed = { 0 };
    uint64_t questions;

    (void)state;
    open_testbed(&testbed, PEOPLE, false, "");
    for (int i = 1; i <= PEOPLE; i++)
        ping(&testbed, i, 0, 90000);
    questions = testbed.stats.time_questions;
    ping(&testbed, 1, 59 * MINUTE, 90000);
    assert_int_equal(testbed.stats.time_questions, questions); // nobody is due: nobody is asked
    assert_int_equal(testbed.called, 0);
    ping(&testbed, 1, 61 * MINUTE, 90000);
    assert_in_range(testbed.stats.time_questions - questions, 1, PIPELINE_TURN_UNITS);
    assert_true(pipeline_is_behind(testbed.pipeline));
    assert_true(pipeline_behind_seconds(testbed.pipeline) >= 59);
    assert_true(turn_on(&testbed) >= PEOPLE * 2 / PIPELINE_TURN_UNITS - 1);
    assert_in_range(testbed.stats.turn_units, 2, PIPELINE_TURN_UNITS + 2);
    assert_int_equal(testbed.stats.time_questions - questions, PEOPLE - 1); // each once
    assert_true(pipeline_behind_seconds(testbed.pipeline) == 0);
    settle(&testbed);
    assert_int_equal(testbed.alerted[ALERT_SILENT], PEOPLE - 1);
    close_testbed(&testbed);
}

static void far_positions_are_looked_at_in_turns(void **state)
{
    struct testbed testbed = { 0 };

    (void)state;
    open_testbed(&testbed, PEOPLE, false, "");
    ping(&testbed, 1, 0, 90000);
    pipeline_save(testbed.pipeline);
    assert_int_equal(testbed.stats.save_scans, 200);
    assert_int_equal(testbed.called, 1);
    pipeline_save_more(testbed.pipeline);
    assert_int_equal(testbed.stats.save_scans, (PEOPLE + 59) / 60);
    assert_int_equal(testbed.called, 1);
    pipeline_save_more(testbed.pipeline);
    assert_int_equal(testbed.stats.save_scans, (PEOPLE + 59) / 60);
    close_testbed(&testbed);
}

/* His clock and ours stood still for weeks; the zone has begun and ended thousands of times. */
static void who_is_far_behind_holds_nobody_up(void **state)
{
    struct testbed testbed = { 0 };
    uint64_t questions;

    (void)state;
    open_testbed(&testbed, 2, true, "");
    ping(&testbed, 1, 0, 1500);
    ping(&testbed, 2, 0, 1500);
    for (int week = 1; week <= 4; week++) {
        questions = testbed.stats.time_questions;
        ping(&testbed, 1, week * 7 * DAY, 150);
        assert_in_range(testbed.stats.time_questions - questions, 2,
                        PIPELINE_TURN_UNITS / 2 + 2 * TIMELINE_PING_BOUNDARIES);
    }
    turn_on(&testbed);
    assert_in_range(testbed.stats.turn_units, 2, PIPELINE_TURN_UNITS + 2);
    settle(&testbed);
    // His ping of each week was inside, and so he is at two more windows within the hour.
    assert_in_range(testbed.alerted[ALERT_BREACH], 4, 12);
    close_testbed(&testbed);
}

static void a_ping_of_who_is_far_behind_takes_a_part_of_it(void **state)
{
    struct testbed testbed = { 0 };
    uint64_t questions;

    (void)state;
    open_testbed(&testbed, MANY, true, "");
    for (int i = 1; i <= MANY; i++)
        ping(&testbed, i, 0, 1500);
    ping(&testbed, 2, 6 * DAY, 1500); // the turn is taken up by the others' silence
    questions = testbed.stats.time_questions;
    ping(&testbed, 1, 6 * DAY, 1500);
    assert_in_range(testbed.stats.time_questions - questions, TIMELINE_PING_BOUNDARIES,
                    2 * TIMELINE_PING_BOUNDARIES);
    turn_on(&testbed);
    close_testbed(&testbed);
}

/* Silent out of reach, and then more patience: each is asked about once, when he may be there. */
static void a_patience_that_grows_asks_nothing_for_ever(void **state)
{
    struct testbed testbed = { 0 };
    struct prepared fresh;
    struct config *old;
    uint64_t questions;

    (void)state;
    open_testbed(&testbed, MANY, false,
                 "[detect]\nsilent-least = 10s\n[alerts]\nsilent-after = 1m\n");
    for (int i = 1; i <= MANY; i++)
        ping(&testbed, i, 0, 2400);
    for (int s = 20; s <= 80; s += 20)
        ping(&testbed, 1, s * SECOND, 2400);
    turn_on(&testbed);
    settle(&testbed);
    assert_int_equal(testbed.alerted[ALERT_SILENT], MANY - 1);
    old = testbed.config;
    fresh = load(old, "[detect]\nsilent-least = 24h\n[alerts]\nsilent-after = 30d\n");
    pipeline_adopt(testbed.pipeline, &fresh);
    testbed.config = fresh.config;
    fresh.config = NULL;
    prepared_fini(&fresh);
    end_round(&testbed);
    config_destroy(old);
    questions = testbed.stats.time_questions;
    for (int s = 100; s <= 1200; s += 20)
        ping(&testbed, 1, s * SECOND, 2400);
    turn_on(&testbed);
    settle(&testbed);
    assert_int_equal(testbed.stats.time_questions - questions, MANY - 1);
    assert_int_equal(testbed.alerted[ALERT_SILENT], 2 * (MANY - 1));
    close_testbed(&testbed);
}

/* What is due was said of a time that is ahead of us again. */
static void a_clock_that_is_set_back_has_everybody_judged_again(void **state)
{
    struct testbed testbed = { 0 };

    (void)state;
    open_testbed(&testbed, 2, false, "");
    ping(&testbed, 1, 0, 1500);
    roster_set_due(testbed.pipeline->roster, 1, utc_plus(begin, 365 * DAY));
    testbed.pipeline->ticked = utc_plus(begin, 59 * SECOND);
    pipeline_tick(testbed.pipeline);
    assert_int_equal(roster_due(testbed.pipeline->roster, 1).ms, begin.ms + 365 * DAY);
    testbed.pipeline->ticked = utc_plus(begin, 61 * SECOND);
    pipeline_tick(testbed.pipeline);
    end_round(&testbed);
    assert_int_equal(roster_due(testbed.pipeline->roster, 1).ms, begin.ms + 60 * MINUTE);
    close_testbed(&testbed);
}

static void who_has_not_been_taken_is_told_in_turns(void **state)
{
    struct testbed testbed = { 0 };
    size_t turns;

    (void)state;
    open_testbed(&testbed, MANY, false, "");
    for (int i = 1; i <= MANY; i++)
        ping(&testbed, i, 0, 100);
    settle(&testbed);
    assert_int_equal(testbed.alerted[ALERT_BREACH], MANY);
    ping(&testbed, 1, 5 * MINUTE - SECOND, 100);
    settle(&testbed);
    assert_int_equal(testbed.alerted[ALERT_ESCALATED], 0);
    ping(&testbed, 1, 5 * MINUTE + SECOND, 100);
    settle(&testbed);
    assert_int_equal(testbed.alerted[ALERT_ESCALATED], 64);
    turns = turn_on(&testbed);
    assert_int_equal(turns, (MANY + 63) / 64 - 1);
    settle(&testbed);
    assert_int_equal(testbed.alerted[ALERT_ESCALATED], MANY);
    close_testbed(&testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(what_is_due_at_once_is_judged_in_turns),
        scratch_test(far_positions_are_looked_at_in_turns),
        scratch_test(who_is_far_behind_holds_nobody_up),
        scratch_test(a_ping_of_who_is_far_behind_takes_a_part_of_it),
        scratch_test(a_patience_that_grows_asks_nothing_for_ever),
        scratch_test(a_clock_that_is_set_back_has_everybody_judged_again),
        scratch_test(who_has_not_been_taken_is_told_in_turns),
    };

    return cmocka_run_group_tests_name("time in turns", tests, NULL, NULL);
}
