/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_test.c - new rules before the pipeline, with a real ledger: what a step may cost, and what
 * comes before what. The loop runs only where a test says so.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "app/pipeline_round.h"
#include "app/pipeline_state.h"
#include "app/population.h"
#include "support/test.h"

enum { PEOPLE = 1500, MANY = 2500 };

/* ---- what must hold ---- */

/* Every text is new and every respondent is looked at with two devices and four zones. */
static void no_step_does_more_than_its_units(void **state)
{
    struct population *population = *state;
    size_t all = 0, steps = 0, units, waits = 0;

    population_write_orders(population, MANY, "R", 4, 200);
    population_begin(population);
    population_write_orders(population, MANY, "R", 4, 250);
    population_swap(population);
    while (pipeline_judging(population->pipeline)) {
        units = pipeline_step(population->pipeline);
        assert_in_range(units, 0, POPULATION_STEP_MOST);
        assert_false(ledger_full(population->ledger));
        assert_in_range(ledger_rows(population->ledger), 0, 2000 + POPULATION_STEP_MOST / 8);
        all += units;
        steps++;
        waits += units == 0;
        if (units == 0) // the disk is behind: only the loop can tell that it is done
            population_run_once(population);
    }
    // An incident each of 4 zones, a respondent each, his 2 x 4 looks, and a row for his text.
    assert_in_range(all, MANY * (4 + 1 + 8 + 8), MANY * (4 + 1 + 8 + 8) + 100);
    assert_in_range(steps, all / POPULATION_STEP_MOST, 1 + waits + all / PIPELINE_STEP_UNITS);
    assert_string_equal(population->alerts, "");
}

/* Nothing is written where nothing was changed: no step waits for the disk. */
static void a_reload_without_changes_puts_two_rows(void **state)
{
    struct population *population = *state;

    population_write_orders(population, PEOPLE, "R", 1, 200);
    population_begin(population);
    population_swap(population);
    assert_int_equal(ledger_rows(population->ledger), 2); // the list, and that it is in force
    while (pipeline_judging(population->pipeline))
        assert_in_range(pipeline_step(population->pipeline), 1, POPULATION_STEP_MOST);
    population_settle(population);
    assert_string_equal(population->alerts, "");
}

/*
 * The last one of all stood 300 m outside; the reload widens his zone over him, and he pings from
 * far away before his turn: first he was inside, then he left.
 */
static void who_pings_before_his_turn_is_judged_again_first(void **state)
{
    struct population *population = *state;
    char want[128];

    population_write_orders(population, PEOPLE, "R", 1, 200);
    population_begin(population);
    population_ping(population, PEOPLE - 1, 0.0045, 60000);
    population_write_orders(population, PEOPLE, "R", 1, 900);
    population_swap(population);
    pipeline_step(population->pipeline);
    assert_true(pipeline_judging(population->pipeline));
    population_ping(population, PEOPLE - 1, 0.012, 0);
    population_settle(population);
    snprintf(want, sizeof want, "breach O-%d/z0/1/1 R-%d\ncleared O-%d/z0/1/2 R-%d\n", PEOPLE - 1,
             PEOPLE - 1, PEOPLE - 1, PEOPLE - 1);
    assert_string_equal(population->alerts, want);
}

/* What kinds of entries the chain has, in its order: a letter each, the rest is left out. */
static void read_chain(const struct population *population, char out[64])
{
    static const char *const kinds[] = { "reload", "order", "rules", "withdrawn" };
    sqlite3 *db;
    sqlite3_stmt *ask;
    size_t n = 0;

    assert_int_equal(sqlite3_open_v2(testbed_path(population->testbed, "ledger.db").text, &db,
                                     SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT kind FROM entry ORDER BY rowid", -1, &ask, NULL), SQLITE_OK);
    while (sqlite3_step(ask) == SQLITE_ROW && n < 63) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            if (strcmp((const char *)sqlite3_column_text(ask, 0), kinds[i]) == 0)
                out[n++] = "RORW"[i] == 'R' ? (i == 0 ? 'R' : 'j') : i == 1 ? 'o' : 'w';
        }
    }
    out[n] = '\0';
    sqlite3_finalize(ask);
    sqlite3_close(db);
}

/* The rules are told to the court before anybody is judged by them, and so is each one's text. */
static void the_chain_has_the_rules_before_the_judgement(void **state)
{
    struct population *population = *state;
    char chain[64];

    population_write_orders(population, 1, "R", 1, 200);
    population_begin(population);
    population_ping(population, 0, 0.0045, 60000);
    population_settle(population);
    population_write_orders(population, 1, "R", 1, 900);
    population_swap(population);
    population_settle(population);
    assert_string_equal(population->alerts, "breach O-0/z0/1/1 R-0\n");
    read_chain(population, chain);
    assert_string_equal(chain, "Roj");
}

/* By the old rules' words, though blindness and a second reload came in between. */
static void what_is_withdrawn_is_told_by_the_rules_that_judged(void **state)
{
    struct population *population = *state;

    population_write_orders(population, PEOPLE, "R", 1, 200);
    population_begin(population);
    population_ping(population, PEOPLE - 1, 0, 0);
    population_settle(population);
    population->alerts[0] = '\0';
    population_write_orders(population, PEOPLE - 1, "R", 1, 200);
    population_swap(population);
    pipeline_step(population->pipeline);
    pipeline_close(population->pipeline, "the disk is full");
    assert_int_equal(pipeline_step(population->pipeline), 0);
    population_write_orders(population, PEOPLE - 2, "R", 1, 200);
    population_swap(population); // while nobody can be judged
    assert_int_equal(pipeline_step(population->pipeline), 0);
    assert_true(pipeline_judging(population->pipeline));
    pipeline_close(population->pipeline, NULL);
    pipeline_judge_all(population->pipeline);
    population_settle(population);
    assert_string_equal(population->alerts, "cleared O-1499/z0/1/2 R-1499\n");
    assert_int_equal(pipeline_open_incidents(population->pipeline), 0);
}

/* R-0 is inside; by a reload the same device and zone are S-0's. */
static void move_to_another(struct population *population)
{
    population_write_orders(population, 1, "R", 1, 200);
    population_begin(population);
    population_ping(population, 0, 0, 0);
    population_settle(population);
    population_write_orders(population, 1, "S", 1, 200);
    population_swap(population);
}

static void assert_told_of_both(const struct population *population)
{
    assert_string_equal(population->alerts, "breach O-0/z0/1/1 R-0\ncleared O-0/z0/1/2 R-0\n"
                                            "breach O-0/z0/2/1 S-0\n");
    assert_int_equal(pipeline_open_incidents(population->pipeline), 1);
}

/* The same devices, the same zone, another person: what R-0 did is over, and nobody else's. */
static void an_order_moved_to_another_person_ends_what_was_open(void **state)
{
    struct population *population = *state;

    move_to_another(population);
    population_settle(population);
    assert_string_equal(population->alerts, "breach O-0/z0/1/1 R-0\ncleared O-0/z0/1/2 R-0\n");
    population_ping(population, 0, 0.0001, -2000);
    population_settle(population);
    assert_told_of_both(population);
}

/* The same, when the other one pings before the round has come to anything. */
static void who_pings_first_finds_what_was_the_others_ended(void **state)
{
    struct population *population = *state;

    move_to_another(population);
    population_ping(population, 0, 0.0001, -2000);
    population_settle(population);
    assert_told_of_both(population);
}

/* Who stops does not wait until a million orders are read. */
static void a_build_that_nobody_wants_comes_back_with_nothing(void **state)
{
    struct population *population = *state;
    atomic_bool stop = true;
    struct prepared fresh;

    population_write_orders(population, PEOPLE, "R", 1, 200);
    population_begin(population);
    prepare(
        &(struct prepare_options){ .path = testbed_path(population->testbed, "breachd.conf").text,
                                   .running = population->config,
                                   .now = UTC_NEVER },
        &stop, &fresh);
    assert_null(fresh.config);
    assert_null(fresh.slots);
    assert_null(fresh.texts);
    assert_int_equal(fresh.complaints.errors, 1);
    prepared_fini(&fresh);
}

#define populated_test(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, population_setup, population_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        populated_test(no_step_does_more_than_its_units),
        populated_test(a_reload_without_changes_puts_two_rows),
        populated_test(who_pings_before_his_turn_is_judged_again_first),
        populated_test(the_chain_has_the_rules_before_the_judgement),
        populated_test(what_is_withdrawn_is_told_by_the_rules_that_judged),
        populated_test(a_build_that_nobody_wants_comes_back_with_nothing),
        populated_test(an_order_moved_to_another_person_ends_what_was_open),
        populated_test(who_pings_first_finds_what_was_the_others_ended),
    };

    return cmocka_run_group_tests_name("round", tests, NULL, NULL);
}
