/* SPDX-License-Identifier: Apache-2.0 */
/* The publisher's side: what it is told to send, how far it has come, and alerts numbered anew. */
#include "adapter/ledger/ledger.h"

#include "disk.h"
#include "ledger_fixture.h"
#include "loop.h"

#include <string.h>

#include "support/test.h"

#define MARK "SELECT value FROM mark WHERE name = 'published'"

static void a_fetch_brings_what_comes_after_as_far_as_its_limit(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_fetch(&fixture, 0, 10);
    ledger_fixture_until(&fixture, "fetched:none ");
    fixture.story[0] = '\0';
    for (int nth = 1; nth <= 7; nth++)
        assert_true(ledger_fixture_put(&fixture, nth));
    ledger_flush(fixture.ledger);
    ledger_fixture_until(&fixture, "committed alerts:1..7 ");
    fixture.story[0] = '\0';
    ledger_fixture_fetch(&fixture, 2, 3);
    ledger_fixture_until(&fixture, "fetched:3..5 ");
    ledger_fixture_fetch(&fixture, 5, 3);
    ledger_fixture_until(&fixture, "fetched:6..7 ");
    ledger_fixture_fetch(&fixture, 7, 3);
    ledger_fixture_until(&fixture, "fetched:none ");
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void marks_ride_along_and_start_nothing(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    assert_true(ledger_fixture_put(&fixture, 1) && ledger_fixture_put(&fixture, 2));
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "committed alerts:1..2 ");
    ledger_mark_published(fixture.ledger, 1, (struct utc){ 1 });
    assert_true(ledger_idle(fixture.ledger));
    assert_int_equal(ledger_published(fixture.ledger), 1);
    loop_for(fixture.base, 20);
    assert_int_equal(ledger_fixture_number(&fixture, MARK), 0);
    assert_true(ledger_fixture_put(&fixture, 3));
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "committed alerts:3..3 ");
    assert_int_equal(ledger_fixture_number(&fixture, MARK), 1);
    ledger_mark_published(fixture.ledger, 3, (struct utc){ 1 });
    ledger_flush(fixture.ledger); // asked for, it goes alone
    ledger_fixture_expect(&fixture, "committed ");
    ledger_fixture_reopen(&fixture);
    assert_int_equal(ledger_published(fixture.ledger), 3);
    assert_int_equal(ledger_sequence(fixture.ledger), 3);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void a_mark_never_goes_back(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    for (int nth = 1; nth <= 3; nth++)
        assert_true(ledger_fixture_put(&fixture, nth));
    ledger_mark_published(fixture.ledger, 3, (struct utc){ 1 });
    ledger_mark_published(fixture.ledger, 1, (struct utc){ 1 });
    assert_int_equal(ledger_published(fixture.ledger), 3);
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "committed alerts:1..3 ");
    assert_int_equal(ledger_fixture_number(&fixture, MARK), 3);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void renumbered_it_goes_on_behind_the_stream(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    assert_true(ledger_fixture_put(&fixture, 1) && ledger_fixture_put(&fixture, 2));
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "committed alerts:1..2 ");
    ledger_renumber(fixture.ledger, 40);
    ledger_mark_published(fixture.ledger, 40, (struct utc){ 1 }); // as the publisher does
    ledger_fixture_expect(&fixture, "committed ");
    assert_int_equal(ledger_sequence(fixture.ledger), 42);
    ledger_fixture_fetch(&fixture, 40, 10);
    assert_true(ledger_fixture_put(&fixture, 3));
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "fetched:41..42 committed alerts:43..43 ");
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

/* Redis confirmed two of three, the mark of it is not on disk yet, and then Redis is far ahead. */
static void what_is_confirmed_is_not_renumbered(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    for (int nth = 1; nth <= 3; nth++)
        assert_true(ledger_fixture_put(&fixture, nth));
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "committed alerts:1..3 ");
    ledger_mark_published(fixture.ledger, 2, (struct utc){ 1 });
    ledger_renumber(fixture.ledger, 40);
    ledger_mark_published(fixture.ledger, 40, (struct utc){ 1 });
    ledger_fixture_expect(&fixture, "committed ");
    assert_int_equal(
        ledger_fixture_number(&fixture, "SELECT count(*) FROM alert WHERE sequence > 40"), 1);
    assert_int_equal(ledger_sequence(fixture.ledger), 41);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

/* Under its old number the stream, at two, would take the third for the next one. */
static void what_is_still_to_be_renumbered_is_not_told(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_hold(&fixture);
    for (int nth = 1; nth <= 3; nth++)
        assert_true(ledger_fixture_put(&fixture, nth));
    ledger_flush(fixture.ledger); // in flight when Redis says that it holds two
    ledger_renumber(fixture.ledger, 2);
    ledger_mark_published(fixture.ledger, 2, (struct utc){ 1 });
    ledger_fixture_release(&fixture);
    ledger_fixture_expect(&fixture, "committed committed ");
    assert_int_equal(ledger_sequence(fixture.ledger), 5);
    ledger_fixture_fetch(&fixture, 2, 10);
    ledger_fixture_expect(&fixture, "fetched:3..5 ");
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

/* ---- blind ---- */

static void blind_it_still_reads_for_the_publisher(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_commit(&fixture, 1, 3);
    ledger_fixture_blind(&fixture);
    disk_fill();
    ledger_fixture_fetch(&fixture, 1, 10);
    ledger_fixture_until(&fixture, "fetched");
    disk_clear();
    ledger_fixture_expect(&fixture, "fetched:2..3 ");
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

/* What Redis confirmed while the ledger was blind is marked when it sees again. */
static void a_mark_outlives_the_blindness(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_commit(&fixture, 1, 3);
    ledger_fixture_blind(&fixture);
    ledger_mark_published(fixture.ledger, 2, (struct utc){ 1 });
    ledger_flush(fixture.ledger);
    assert_true(ledger_idle(fixture.ledger));
    ledger_probe(fixture.ledger);
    ledger_fixture_expect(&fixture, "sees ");
    ledger_fixture_reopen(&fixture);
    assert_int_equal(ledger_published(fixture.ledger), 2);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

/* Else what follows gets numbers that the stream has long had, and is never sent. */
static void a_renumbering_that_fails_is_not_forgotten(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_commit(&fixture, 1, 3);
    disk_fill();
    ledger_renumber(fixture.ledger, 40);
    ledger_mark_published(fixture.ledger, 40, (struct utc){ 1 });
    ledger_fixture_until(&fixture, "blind ");
    disk_clear();
    ledger_fixture_expect(&fixture, "blind ");
    ledger_probe(fixture.ledger);
    ledger_fixture_expect(&fixture, "sees ");
    assert_true(ledger_fixture_put(&fixture, 4));
    ledger_flush(fixture.ledger);
    ledger_fixture_until(&fixture, "alerts");
    loop_until(fixture.base, ledger_idle(fixture.ledger));
    assert_int_equal(
        ledger_fixture_number(&fixture, "SELECT count(*) FROM alert WHERE sequence > 40"), 4);
    assert_int_equal(ledger_sequence(fixture.ledger), 44);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

/* Redis comes, is farther, goes, and comes again, while nothing can be written. */
static void asked_twice_while_blind_it_renumbers_from_what_was_confirmed_at_first(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_commit(&fixture, 1, 3);
    ledger_mark_published(fixture.ledger, 1, (struct utc){ 1 });
    ledger_fixture_blind(&fixture);
    for (int i = 0; i < 2; i++) {
        ledger_renumber(fixture.ledger, 40);
        ledger_mark_published(fixture.ledger, 40, (struct utc){ 1 });
    }
    ledger_probe(fixture.ledger);
    ledger_fixture_expect(&fixture, "sees ");
    assert_int_equal(
        ledger_fixture_number(&fixture, "SELECT count(*) FROM alert WHERE sequence > 40"), 2);
    assert_int_equal(ledger_sequence(fixture.ledger), 42);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_fetch_brings_what_comes_after_as_far_as_its_limit),
        testbed_test(marks_ride_along_and_start_nothing),
        testbed_test(a_mark_never_goes_back),
        testbed_test(renumbered_it_goes_on_behind_the_stream),
        testbed_test(what_is_confirmed_is_not_renumbered),
        testbed_test(what_is_still_to_be_renumbered_is_not_told),
        disk_test(blind_it_still_reads_for_the_publisher),
        disk_test(a_mark_outlives_the_blindness),
        disk_test(a_renumbering_that_fails_is_not_forgotten),
        disk_test(asked_twice_while_blind_it_renumbers_from_what_was_confirmed_at_first),
    };

    return cmocka_run_group_tests_name("ledger_published", tests, NULL, NULL);
}
