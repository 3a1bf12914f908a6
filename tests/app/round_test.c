/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_test.c - new rules before the pipeline, with a real ledger: what a step may cost, and what
 * comes before what. The loop runs only where a test says so.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "app/town.h"
#include "support/test.h"

enum { PEOPLE = 1500, MANY = 2500 };

/* ---- what must hold ---- */

/* Every text is new and every respondent is looked at with two devices and four zones. */
static void no_step_does_more_than_its_units(void **state)
{
    struct town *town = *state;
    size_t all = 0, steps = 0, units, waits = 0;

    town_write_orders(town, MANY, "R", 4, 200);
    town_begin(town);
    town_write_orders(town, MANY, "R", 4, 250);
    town_swap(town);
    while (pipeline_judging(town->pipeline)) {
        units = pipeline_step(town->pipeline);
        assert_in_range(units, 0, TOWN_STEP_MOST);
        assert_false(ledger_full(town->ledger));
        assert_in_range(ledger_rows(town->ledger), 0, 2000 + TOWN_STEP_MOST / 8);
        all += units;
        steps++;
        waits += units == 0;
        if (units == 0) // the disk is behind: only the loop can tell that it is done
            town_run_once(town);
    }
    // An incident each of 4 zones, a respondent each, his 2 x 4 looks, and a row for his text.
    assert_in_range(all, MANY * (4 + 1 + 8 + 8), MANY * (4 + 1 + 8 + 8) + 100);
    assert_in_range(steps, all / TOWN_STEP_MOST, 1 + waits + all / PIPELINE_STEP_UNITS);
    assert_string_equal(town->told, "");
}

/* Nothing is written where nothing was changed: no step waits for the disk. */
static void a_reload_without_changes_puts_two_rows(void **state)
{
    struct town *town = *state;

    town_write_orders(town, PEOPLE, "R", 1, 200);
    town_begin(town);
    town_swap(town);
    assert_int_equal(ledger_rows(town->ledger), 2); // the list, and that it is in force
    while (pipeline_judging(town->pipeline))
        assert_in_range(pipeline_step(town->pipeline), 1, TOWN_STEP_MOST);
    town_settle(town);
    assert_string_equal(town->told, "");
}

/*
 * The last one of all stood 300 m outside; the reload widens his zone over him, and he pings from
 * far away before his turn: first he was inside, then he left.
 */
static void who_pings_before_his_turn_is_judged_again_first(void **state)
{
    struct town *town = *state;
    char want[128];

    town_write_orders(town, PEOPLE, "R", 1, 200);
    town_begin(town);
    town_ping(town, PEOPLE - 1, 0.0045, 60000);
    town_write_orders(town, PEOPLE, "R", 1, 900);
    town_swap(town);
    pipeline_step(town->pipeline);
    assert_true(pipeline_judging(town->pipeline));
    town_ping(town, PEOPLE - 1, 0.02, 0);
    town_settle(town);
    snprintf(want, sizeof want, "breach O-%d/z0/1/1 R-%d\ncleared O-%d/z0/1/2 R-%d\n", PEOPLE - 1,
             PEOPLE - 1, PEOPLE - 1, PEOPLE - 1);
    assert_string_equal(town->told, want);
}

/* What kinds of entries the chain has, in its order: a letter each, the rest is left out. */
static void read_chain(const struct town *town, char out[64])
{
    static const char *const kinds[] = { "reload", "order", "rules", "withdrawn" };
    sqlite3 *db;
    sqlite3_stmt *ask;
    size_t n = 0;

    assert_int_equal(
        sqlite3_open_v2(house_path(town->house, "ledger.db").text, &db, SQLITE_OPEN_READONLY, NULL),
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
    struct town *town = *state;
    char chain[64];

    town_write_orders(town, 1, "R", 1, 200);
    town_begin(town);
    town_ping(town, 0, 0.0045, 60000);
    town_settle(town);
    town_write_orders(town, 1, "R", 1, 900);
    town_swap(town);
    town_settle(town);
    assert_string_equal(town->told, "breach O-0/z0/1/1 R-0\n");
    read_chain(town, chain);
    assert_string_equal(chain, "Roj");
}

/* By the old rules' words, though blindness and a second reload came in between. */
static void what_is_withdrawn_is_told_by_the_rules_that_judged(void **state)
{
    struct town *town = *state;

    town_write_orders(town, PEOPLE, "R", 1, 200);
    town_begin(town);
    town_ping(town, PEOPLE - 1, 0, 0);
    town_settle(town);
    town->told[0] = '\0';
    town_write_orders(town, PEOPLE - 1, "R", 1, 200);
    town_swap(town);
    pipeline_step(town->pipeline);
    pipeline_close(town->pipeline, "the disk is full");
    assert_int_equal(pipeline_step(town->pipeline), 0);
    town_write_orders(town, PEOPLE - 2, "R", 1, 200);
    town_swap(town); // while nobody can be judged
    assert_int_equal(pipeline_step(town->pipeline), 0);
    assert_true(pipeline_judging(town->pipeline));
    pipeline_close(town->pipeline, NULL);
    pipeline_judge_all(town->pipeline);
    town_settle(town);
    assert_string_equal(town->told, "cleared O-1499/z0/1/2 R-1499\n");
    assert_int_equal(pipeline_open_incidents(town->pipeline), 0);
}

/* The same devices, the same zone, another person: what R-0 did is over, and nobody else's. */
static void an_order_moved_to_another_person_ends_what_was_open(void **state)
{
    struct town *town = *state;

    town_write_orders(town, 1, "R", 1, 200);
    town_begin(town);
    town_ping(town, 0, 0, 0);
    town_settle(town);
    town_write_orders(town, 1, "S", 1, 200);
    town_swap(town);
    town_settle(town);
    assert_string_equal(town->told, "breach O-0/z0/1/1 R-0\ncleared O-0/z0/1/2 R-0\n");
    town_ping(town, 0, 0.0001, -2000);
    town_settle(town);
    assert_string_equal(town->told, "breach O-0/z0/1/1 R-0\ncleared O-0/z0/1/2 R-0\n"
                                    "breach O-0/z0/2/1 S-0\n");
    assert_int_equal(pipeline_open_incidents(town->pipeline), 1);
}

/* The same, when the other one pings before the round has come to anything. */
static void who_pings_first_finds_what_was_the_others_ended(void **state)
{
    struct town *town = *state;

    town_write_orders(town, 1, "R", 1, 200);
    town_begin(town);
    town_ping(town, 0, 0, 0);
    town_settle(town);
    town_write_orders(town, 1, "S", 1, 200);
    town_swap(town);
    town_ping(town, 0, 0.0001, -2000);
    town_settle(town);
    assert_string_equal(town->told, "breach O-0/z0/1/1 R-0\ncleared O-0/z0/1/2 R-0\n"
                                    "breach O-0/z0/2/1 S-0\n");
    assert_int_equal(pipeline_open_incidents(town->pipeline), 1);
}

/* Who stops does not wait until a million orders are read. */
static void a_build_that_nobody_wants_comes_back_with_nothing(void **state)
{
    struct town *town = *state;
    atomic_bool stop = true;
    struct prepared fresh;

    town_write_orders(town, PEOPLE, "R", 1, 200);
    town_begin(town);
    prepare(house_path(town->house, "breachd.conf").text, town->config, &stop, &fresh);
    assert_null(fresh.config);
    assert_null(fresh.seats);
    assert_null(fresh.texts);
    assert_int_equal(fresh.complaints.errors, 1);
    prepared_fini(&fresh);
}

#define in_town(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_town(no_step_does_more_than_its_units),
        in_town(a_reload_without_changes_puts_two_rows),
        in_town(who_pings_before_his_turn_is_judged_again_first),
        in_town(the_chain_has_the_rules_before_the_judgement),
        in_town(what_is_withdrawn_is_told_by_the_rules_that_judged),
        in_town(a_build_that_nobody_wants_comes_back_with_nothing),
        in_town(an_order_moved_to_another_person_ends_what_was_open),
        in_town(who_pings_first_finds_what_was_the_others_ended),
    };

    return cmocka_run_group_tests_name("round", tests, NULL, NULL);
}
