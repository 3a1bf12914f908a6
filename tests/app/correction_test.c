/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correction_test.c - our clock is set right before the pipeline: what is known moves with it in
 * steps, each once, whoever pings first, and though breachd is killed in the midst of it. And so
 * does the patience with who has not been taken.
 */
#include <stdio.h>
#include <string.h>

#include "app/pipeline_clock.h"
#include "app/pipeline_put.h"
#include "app/pipeline_recall.h"
#include "app/pipeline_round.h"
#include "app/pipeline_state.h"
#include "app/pipeline_time.h"
#include "app/population.h"
#include "support/test.h"

enum { PEOPLE = 1200, SECOND = 1000, MINUTE = 60 * SECOND, BY = 80 * MINUTE };

static struct utc heard[PEOPLE], was[PEOPLE]; // by our clock, and by the pings' own times

/* As it is known just now, right or not. */
static struct known_device *tag(const struct population *population, int nth)
{
    char id[NAME_MAX_CHARS + 1];
    size_t respondent, device;

    snprintf(id, sizeof id, "tag-%d", nth);
    assert_true(rulebook_find_device(population->config->rules, id, &respondent, &device));
    return roster_track(population->pipeline->roster, respondent)->devices[device];
}

static void await_disk(struct population *population)
{
    ledger_flush(population->ledger);
    while (!ledger_idle(population->ledger))
        population_run_once(population);
}

/* Everybody is in his zone, and that is on disk. */
static void open_population(struct population *population)
{
    population_write_orders(population, PEOPLE, "R", 1, 200);
    population_begin(population);
    for (int i = 0; i < PEOPLE; i++) {
        population_ping(population, i, 0.0001, 0);
        heard[i] = tag(population, i)->arrived;
        was[i] = tag(population, i)->newest.time;
        assert_true(tag(population, i)->near);
    }
    await_disk(population);
}

/* As app/timekeeper.c does it: our clock was eighty minutes ahead, for three hours. */
static void set_back(struct population *population)
{
    struct utc now = pipeline_now(population->pipeline);
    struct correction correction = { .from = utc_plus(now, -180 * MINUTE),
                                     .until = now,
                                     .by = -BY };
    size_t rows = ledger_rows(population->ledger);

    assert_true(pipeline_correct_clock(population->pipeline, correction));
    assert_int_equal(ledger_rows(population->ledger), rows + 1); // however many they are
    pipeline_judge_all(population->pipeline);
}

static int moved(const struct population *population)
{
    int n = 0;

    for (int i = 0; i < PEOPLE; i++) {
        int64_t by = heard[i].ms - tag(population, i)->arrived.ms;

        assert_true(by == 0 || by == BY); // nobody twice
        assert_int_equal(was[i].ms - tag(population, i)->newest.time.ms, by);
        n += by == BY;
    }
    return n;
}

/* Some have been corrected and some not, and what was put of it is on disk. */
static void stop_half_way(struct population *population)
{
    set_back(population);
    while (moved(population) < PEOPLE / 2) {
        assert_in_range(pipeline_step(population->pipeline), 0, POPULATION_STEP_MOST);
        await_disk(population);
    }
    assert_in_range(moved(population), PEOPLE / 2, PEOPLE - 1);
}

static void all_move_in_steps(void **state)
{
    struct population *population = *state;
    int steps = 0;

    open_population(population);
    set_back(population);
    assert_int_equal(moved(population), 0);
    while (pipeline_judging(population->pipeline)) {
        assert_in_range(pipeline_step(population->pipeline), 0, POPULATION_STEP_MOST);
        assert_false(ledger_full(population->ledger));
        await_disk(population);
        steps++;
    }
    assert_int_equal(moved(population), PEOPLE);
    // A device and its row each, besides what any round does.
    assert_in_range(steps, PEOPLE * 8 / POPULATION_STEP_MOST, PEOPLE * 40 / PIPELINE_STEP_UNITS);
}

static void who_pings_before_his_turn_is_corrected_first(void **state)
{
    struct population *population = *state;
    struct known_device last;
    struct utc pinged;
    int64_t way = 0;

    open_population(population);
    set_back(population);
    pipeline_step(population->pipeline);
    assert_int_equal(tag(population, PEOPLE - 1)->arrived.ms, heard[PEOPLE - 1].ms);
    population_ping(population, PEOPLE - 1, 0.0002, 0);
    last = *tag(population, PEOPLE - 1);
    pinged = last.arrived;
    for (size_t i = 0; i < TRAIL_PLACES; i++) {
        if (last.trail[i].at.time.ms > way && last.trail[i].at.time.ms < last.newest.time.ms)
            way = last.trail[i].at.time.ms;
    }
    assert_int_equal(way, was[PEOPLE - 1].ms - BY); // where he was before
    population_settle(population);
    last = *tag(population, PEOPLE - 1);
    assert_int_equal(last.arrived.ms, pinged.ms); // by our clock as it is now: it stays
    assert_true(pinged.ms >= heard[PEOPLE - 1].ms);
    heard[PEOPLE - 1] = utc_plus(pinged, BY);
    was[PEOPLE - 1] = utc_plus(last.newest.time, BY);
    assert_int_equal(moved(population), PEOPLE);
}

/* The second start finds the same: nobody moves by each start. */
static void who_is_killed_half_way_finds_everybody_right(void **state)
{
    struct population *population = *state;

    open_population(population);
    stop_half_way(population);
    for (int starts = 0; starts < 2; starts++) {
        population_end(population);
        population_begin(population);
        assert_int_equal(moved(population), PEOPLE);
        assert_int_equal(pipeline_open_incidents(population->pipeline), PEOPLE);
    }
}

static void so_does_who_was_blind_half_way(void **state)
{
    struct population *population = *state;
    struct fault why;

    open_population(population);
    stop_half_way(population);
    pipeline_close(population->pipeline, "the disk is full");
    assert_true(pipeline_recall(population->pipeline, &why));
    pipeline_close(population->pipeline, NULL);
    pipeline_judge_all(population->pipeline);
    population_settle(population);
    assert_int_equal(moved(population), PEOPLE);
}

/* What was given up with the commit did not happen: it is done once when it is tried again. */
static void what_was_not_committed_is_done_again(void **state)
{
    struct population *population = *state;
    struct fault why;

    open_population(population);
    set_back(population);
    ledger_give_up(population->ledger, "a test");
    assert_true(pipeline_recall(population->pipeline, &why));
    assert_int_equal(moved(population), 0);
    ledger_probe(population->ledger);
    await_disk(population);
    pipeline_close(population->pipeline, NULL);
    set_back(population);
    population_settle(population);
    assert_int_equal(moved(population), PEOPLE);
}

/*
 * Heard while our clock was ahead, then out of the orders, which our clock was set back in: given
 * again, the device is judged as present.
 */
static void a_device_under_no_order_is_corrected_too(void **state)
{
    struct population *population = *state;
    struct utc now;

    population_write_orders(population, 2, "R", 1, 200);
    population_begin(population);
    population_ping(population, 1, 0.02, 5 * MINUTE);
    await_disk(population);
    tag(population, 1)->newest.time.ms += BY;
    tag(population, 1)->arrived.ms += BY;
    population_write_orders(population, 1, "R", 1, 200);
    population_swap(population);
    population_settle(population);
    now = pipeline_now(population->pipeline);
    assert_true(pipeline_correct_clock(
        population->pipeline,
        (struct correction){ .from = now, .until = utc_plus(now, BY), .by = -BY }));
    pipeline_judge_all(population->pipeline);
    population_settle(population);
    population_write_orders(population, 2, "R", 1, 200);
    population_swap(population);
    population_settle(population);
    population_ping(population, 1, 0, 0);
    await_disk(population);
    assert_string_equal(population->alerts, "breach O-1/z0/1/1 R-1\n");
}

/* The same after a restart, without the clock having moved: what lies ahead of us is put at now. */
static void so_it_is_when_it_is_recalled(void **state)
{
    struct population *population = *state;

    population_write_orders(population, 2, "R", 1, 200);
    population_begin(population);
    population_ping(population, 1, 0.004, 0);
    tag(population, 1)->newest.time.ms += BY;
    tag(population, 1)->arrived.ms += BY;
    assert_true(pipeline_put_device(population->pipeline, "tag-1", tag(population, 1)));
    await_disk(population);
    population_end(population);
    population_write_orders(population, 1, "R", 1, 200);
    population_begin(population);
    population_write_orders(population, 2, "R", 1, 200);
    population_swap(population);
    population_settle(population);
    assert_true(tag(population, 1)->newest.time.ms <= pipeline_now(population->pipeline).ms);
    tag(population, 1)->newest.time.ms -= 100 * SECOND; // time for 450 m
    tag(population, 1)->newest_came.ms -= 100 * SECOND;
    population_ping(population, 1, 0, 0);
    await_disk(population);
    assert_string_equal(population->alerts, "breach O-1/z0/1/1 R-1\n");
}

/* Our clock was an hour behind, and leaps: nobody has waited an hour for that. */
static void nobody_is_escalated_by_the_leap(void **state)
{
    struct population *population = *state;
    struct utc now;
    struct custody *custody;

    population_write_orders(population, 1, "R", 1, 200);
    population_begin(population);
    population_ping(population, 0, 0, 0);
    await_disk(population);
    assert_string_equal(population->alerts, "breach O-0/z0/1/1 R-0\n");
    custody = table_find(&population->pipeline->acks.custodies, "O-0/z0/1");
    now = custody->since;
    custody->since.ms -= 3 * BY;
    agenda_set(&population->pipeline->acks.due, 0, utc_plus(now, -2 * BY));
    assert_true(pipeline_correct_clock(population->pipeline,
                                       (struct correction){ .from = utc_plus(now, -9 * BY),
                                                            .until = utc_plus(now, -2 * BY),
                                                            .by = 3 * BY }));
    pipeline_judge_all(population->pipeline);
    pipeline_tick(population->pipeline); // before the round has come to it
    assert_int_equal(custody->since.ms, now.ms);
    population_settle(population);
    assert_int_equal(custody->since.ms, now.ms);
    assert_string_equal(population->alerts, "breach O-0/z0/1/1 R-0\n");
    assert_true(agenda_due(&population->pipeline->acks.due, 0).ms > now.ms);
}

/*
 * Of each who waits it is asked anew when he is due: in the round's steps, in no callback of all.
 */
static void another_patience_comes_in_steps(void **state)
{
    struct population *population = *state;
    const struct agenda *due;
    size_t changed = 0, steps = 0;

    open_population(population);
    due = &population->pipeline->acks.due;
    for (size_t i = 0; i < PEOPLE; i++)
        was[i] = agenda_due(due, i);
    testbed_set(population->testbed, "breachd.conf", "alerts", "remind", "4h");
    population_swap(population);
    for (size_t i = 0; i < PEOPLE; i++)
        changed += agenda_due(due, i).ms != was[i].ms;
    assert_int_equal(changed, 0);
    for (; pipeline_judging(population->pipeline); steps++) {
        assert_in_range(pipeline_step(population->pipeline), 0, POPULATION_STEP_MOST);
        await_disk(population);
    }
    for (size_t i = 0; i < PEOPLE; i++)
        assert_int_equal(agenda_due(due, i).ms, heard[i].ms + 240 * MINUTE);
    assert_in_range(steps, PEOPLE / PIPELINE_STEP_UNITS, PEOPLE);
}

/* And who is due by the old one, and has time by the new, is not told before his turn. */
static void who_has_time_by_the_new_patience_is_not_told(void **state)
{
    struct population *population = *state;
    struct custody *custody;

    population_write_orders(population, 1, "R", 1, 200);
    population_begin(population);
    population_ping(population, 0, 0, 0);
    await_disk(population);
    custody = table_find(&population->pipeline->acks.custodies, "O-0/z0/1");
    custody->since.ms -= 120 * MINUTE;
    agenda_set(&population->pipeline->acks.due, 0, custody->since); // by the old one
    testbed_set(population->testbed, "breachd.conf", "alerts", "remind", "4h");
    population_swap(population);
    pipeline_tick(population->pipeline);
    population_settle(population);
    assert_string_equal(population->alerts, "breach O-0/z0/1/1 R-0\n");
    assert_int_equal(agenda_due(&population->pipeline->acks.due, 0).ms,
                     custody->since.ms + 240 * MINUTE);
}

#define populated_test(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, population_setup, population_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        populated_test(all_move_in_steps),
        populated_test(who_pings_before_his_turn_is_corrected_first),
        populated_test(who_is_killed_half_way_finds_everybody_right),
        populated_test(so_does_who_was_blind_half_way),
        populated_test(what_was_not_committed_is_done_again),
        populated_test(a_device_under_no_order_is_corrected_too),
        populated_test(so_it_is_when_it_is_recalled),
        populated_test(nobody_is_escalated_by_the_leap),
        populated_test(another_patience_comes_in_steps),
        populated_test(who_has_time_by_the_new_patience_is_not_told),
    };

    return cmocka_run_group_tests_name("correction", tests, NULL, NULL);
}
