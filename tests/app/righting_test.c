/* SPDX-License-Identifier: Apache-2.0 */
/*
 * righting_test.c - our clock is set right before the pipeline: what is known moves with it in
 * steps, each once, whoever pings first, and though breachd is killed in the midst of it. And so
 * does the patience with who has not been taken.
 */
#include <stdio.h>
#include <string.h>

#include "app/town.h"
#include "support/test.h"

enum { PEOPLE = 1200, SECOND = 1000, MINUTE = 60 * SECOND, BY = 80 * MINUTE };

static struct utc heard[PEOPLE], was[PEOPLE]; // by our clock, and by the pings' own times

/* As it is known just now, right or not. */
static struct known_device *tag(const struct town *town, int nth)
{
    char id[NAME_MAX_CHARS + 1];
    size_t respondent, device;

    snprintf(id, sizeof id, "tag-%d", nth);
    assert_true(rulebook_find_device(town->config->rules, id, &respondent, &device));
    return roster_track(town->pipeline->roster, respondent)->devices[device];
}

static void await_disk(struct town *town)
{
    ledger_flush(town->ledger);
    while (!ledger_idle(town->ledger))
        town_run_once(town);
}

/* Everybody is in his zone, and that is on disk. */
static void open_town(struct town *town)
{
    town_write_orders(town, PEOPLE, "R", 1, 200);
    town_begin(town);
    for (int i = 0; i < PEOPLE; i++) {
        town_ping(town, i, 0.0001, 0);
        heard[i] = tag(town, i)->arrived;
        was[i] = tag(town, i)->newest.time;
        assert_true(tag(town, i)->near);
    }
    await_disk(town);
}

/* As app/timekeeper.c does it: our clock was eighty minutes ahead, for three hours. */
static void set_back(struct town *town)
{
    struct utc now = pipeline_now(town->pipeline);
    struct righting righting = { .from = utc_plus(now, -180 * MINUTE), .until = now, .by = -BY };
    size_t rows = ledger_rows(town->ledger);

    assert_true(pipeline_right(town->pipeline, righting));
    assert_int_equal(ledger_rows(town->ledger), rows + 1); // however many they are
    pipeline_judge_all(town->pipeline);
}

static int moved(const struct town *town)
{
    int n = 0;

    for (int i = 0; i < PEOPLE; i++) {
        int64_t by = heard[i].ms - tag(town, i)->arrived.ms;

        assert_true(by == 0 || by == BY); // nobody twice
        assert_int_equal(was[i].ms - tag(town, i)->newest.time.ms, by);
        n += by == BY;
    }
    return n;
}

/* Some have been righted and some not, and what was put of it is on disk. */
static void stop_half_way(struct town *town)
{
    set_back(town);
    while (moved(town) < PEOPLE / 2) {
        assert_in_range(pipeline_step(town->pipeline), 0, TOWN_STEP_MOST);
        await_disk(town);
    }
    assert_in_range(moved(town), PEOPLE / 2, PEOPLE - 1);
}

static void all_move_in_steps(void **state)
{
    struct town *town = *state;
    int steps = 0;

    open_town(town);
    set_back(town);
    assert_int_equal(moved(town), 0);
    while (pipeline_judging(town->pipeline)) {
        assert_in_range(pipeline_step(town->pipeline), 0, TOWN_STEP_MOST);
        assert_false(ledger_full(town->ledger));
        await_disk(town);
        steps++;
    }
    assert_int_equal(moved(town), PEOPLE);
    // A device and its row each, besides what any round does.
    assert_in_range(steps, PEOPLE * 8 / TOWN_STEP_MOST, PEOPLE * 40 / PIPELINE_STEP_UNITS);
}

static void who_pings_before_his_turn_is_righted_first(void **state)
{
    struct town *town = *state;
    struct known_device *last;
    struct utc pinged;
    int64_t way = 0;

    open_town(town);
    last = tag(town, PEOPLE - 1);
    set_back(town);
    pipeline_step(town->pipeline);
    assert_int_equal(last->arrived.ms, heard[PEOPLE - 1].ms);
    town_ping(town, PEOPLE - 1, 0.0002, 0);
    pinged = last->arrived;
    for (size_t i = 0; i < TRAIL_PLACES; i++) {
        if (last->trail[i].at.time.ms > way && last->trail[i].at.time.ms < last->newest.time.ms)
            way = last->trail[i].at.time.ms;
    }
    assert_int_equal(way, was[PEOPLE - 1].ms - BY); // where he was before
    town_settle(town);
    assert_int_equal(last->arrived.ms, pinged.ms); // by our clock as it is now: it stays
    assert_true(pinged.ms >= heard[PEOPLE - 1].ms);
    heard[PEOPLE - 1] = utc_plus(pinged, BY);
    was[PEOPLE - 1] = utc_plus(last->newest.time, BY);
    assert_int_equal(moved(town), PEOPLE);
}

/* The second start finds the same: nobody moves by each start. */
static void who_is_killed_half_way_finds_everybody_right(void **state)
{
    struct town *town = *state;

    open_town(town);
    stop_half_way(town);
    for (int starts = 0; starts < 2; starts++) {
        town_end(town);
        town_begin(town);
        assert_int_equal(moved(town), PEOPLE);
        assert_int_equal(pipeline_open_incidents(town->pipeline), PEOPLE);
    }
}

static void so_does_who_was_blind_half_way(void **state)
{
    struct town *town = *state;
    struct fault why;

    open_town(town);
    stop_half_way(town);
    pipeline_close(town->pipeline, "the disk is full");
    assert_true(pipeline_recall(town->pipeline, &why));
    pipeline_close(town->pipeline, NULL);
    pipeline_judge_all(town->pipeline);
    town_settle(town);
    assert_int_equal(moved(town), PEOPLE);
}

/* What was given up with the commit did not happen: it is done once when it is tried again. */
static void what_was_not_committed_is_done_again(void **state)
{
    struct town *town = *state;
    struct fault why;

    open_town(town);
    set_back(town);
    ledger_give_up(town->ledger, "a test");
    assert_true(pipeline_recall(town->pipeline, &why));
    assert_int_equal(moved(town), 0);
    ledger_probe(town->ledger);
    await_disk(town);
    pipeline_close(town->pipeline, NULL);
    set_back(town);
    town_settle(town);
    assert_int_equal(moved(town), PEOPLE);
}

/*
 * Heard while our clock was ahead, then out of the orders, which our clock was set back in: given
 * again, the device is judged as present.
 */
static void a_device_under_no_order_is_righted_too(void **state)
{
    struct town *town = *state;
    struct utc now;

    town_write_orders(town, 2, "R", 1, 200);
    town_begin(town);
    town_ping(town, 1, 0.02, 5 * MINUTE);
    await_disk(town);
    tag(town, 1)->newest.time.ms += BY;
    tag(town, 1)->arrived.ms += BY;
    town_write_orders(town, 1, "R", 1, 200);
    town_swap(town);
    town_settle(town);
    now = pipeline_now(town->pipeline);
    assert_true(pipeline_right(
        town->pipeline, (struct righting){ .from = now, .until = utc_plus(now, BY), .by = -BY }));
    pipeline_judge_all(town->pipeline);
    town_settle(town);
    town_write_orders(town, 2, "R", 1, 200);
    town_swap(town);
    town_settle(town);
    town_ping(town, 1, 0, 0);
    await_disk(town);
    assert_string_equal(town->told, "breach O-1/z0/1/1 R-1\n");
}

/* The same after a restart, without the clock having moved: what lies ahead of us is put at now. */
static void so_it_is_when_it_is_recalled(void **state)
{
    struct town *town = *state;

    town_write_orders(town, 2, "R", 1, 200);
    town_begin(town);
    town_ping(town, 1, 0.004, 0);
    tag(town, 1)->newest.time.ms += BY;
    tag(town, 1)->arrived.ms += BY;
    assert_true(pipeline_put_device(town->pipeline, "tag-1", tag(town, 1)));
    await_disk(town);
    town_end(town);
    town_write_orders(town, 1, "R", 1, 200);
    town_begin(town);
    town_write_orders(town, 2, "R", 1, 200);
    town_swap(town);
    town_settle(town);
    town_ping(town, 1, 0, -100 * SECOND); // 450 m on
    await_disk(town);
    assert_string_equal(town->told, "breach O-1/z0/1/1 R-1\n");
}

/* Our clock was an hour behind, and leaps: nobody has waited an hour for that. */
static void nobody_is_escalated_by_the_leap(void **state)
{
    struct town *town = *state;
    struct utc now;
    struct custody *custody;

    town_write_orders(town, 1, "R", 1, 200);
    town_begin(town);
    town_ping(town, 0, 0, 0);
    await_disk(town);
    assert_string_equal(town->told, "breach O-0/z0/1/1 R-0\n");
    custody = table_find(&town->pipeline->acks.custodies, "O-0/z0/1");
    now = custody->since;
    custody->since.ms -= 3 * BY;
    agenda_set(&town->pipeline->acks.due, 0, utc_plus(now, -2 * BY));
    assert_true(pipeline_right(town->pipeline, (struct righting){ .from = utc_plus(now, -9 * BY),
                                                                  .until = utc_plus(now, -2 * BY),
                                                                  .by = 3 * BY }));
    pipeline_judge_all(town->pipeline);
    pipeline_tick(town->pipeline); // before the round has come to it
    assert_int_equal(custody->since.ms, now.ms);
    town_settle(town);
    assert_int_equal(custody->since.ms, now.ms);
    assert_string_equal(town->told, "breach O-0/z0/1/1 R-0\n");
    assert_true(agenda_due(&town->pipeline->acks.due, 0).ms > now.ms);
}

/*
 * Of each who waits it is asked anew when he is due: in the round's steps, in no callback of all.
 */
static void another_patience_comes_in_steps(void **state)
{
    struct town *town = *state;
    const struct agenda *due;
    size_t changed = 0, steps = 0;

    open_town(town);
    due = &town->pipeline->acks.due;
    for (size_t i = 0; i < PEOPLE; i++)
        was[i] = agenda_due(due, i);
    house_set(town->house, "breachd.conf", "alerts", "remind", "4h");
    town_swap(town);
    for (size_t i = 0; i < PEOPLE; i++)
        changed += agenda_due(due, i).ms != was[i].ms;
    assert_int_equal(changed, 0);
    for (; pipeline_judging(town->pipeline); steps++) {
        assert_in_range(pipeline_step(town->pipeline), 0, TOWN_STEP_MOST);
        await_disk(town);
    }
    for (size_t i = 0; i < PEOPLE; i++)
        assert_int_equal(agenda_due(due, i).ms, heard[i].ms + 240 * MINUTE);
    assert_in_range(steps, PEOPLE / PIPELINE_STEP_UNITS, PEOPLE);
}

/* And who is due by the old one, and has time by the new, is not told before his turn. */
static void who_has_time_by_the_new_patience_is_not_told(void **state)
{
    struct town *town = *state;
    struct custody *custody;

    town_write_orders(town, 1, "R", 1, 200);
    town_begin(town);
    town_ping(town, 0, 0, 0);
    await_disk(town);
    custody = table_find(&town->pipeline->acks.custodies, "O-0/z0/1");
    custody->since.ms -= 120 * MINUTE;
    agenda_set(&town->pipeline->acks.due, 0, custody->since); // by the old one
    house_set(town->house, "breachd.conf", "alerts", "remind", "4h");
    town_swap(town);
    pipeline_tick(town->pipeline);
    town_settle(town);
    assert_string_equal(town->told, "breach O-0/z0/1/1 R-0\n");
    assert_int_equal(agenda_due(&town->pipeline->acks.due, 0).ms, custody->since.ms + 240 * MINUTE);
}

#define in_town(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_town(all_move_in_steps),
        in_town(who_pings_before_his_turn_is_righted_first),
        in_town(who_is_killed_half_way_finds_everybody_right),
        in_town(so_does_who_was_blind_half_way),
        in_town(what_was_not_committed_is_done_again),
        in_town(a_device_under_no_order_is_righted_too),
        in_town(so_it_is_when_it_is_recalled),
        in_town(nobody_is_escalated_by_the_leap),
        in_town(another_patience_comes_in_steps),
        in_town(who_has_time_by_the_new_patience_is_not_told),
    };

    return cmocka_run_group_tests_name("righting", tests, NULL, NULL);
}
