/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger in an event loop: who is told what, and when. */
#include "adapter/ledger/ledger.h"

#include "desk.h"
#include "loop.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define ON_DISK "SELECT count(*) FROM alert"
#define MARK    "SELECT value FROM mark WHERE name = 'published'"

/* What is on disk at the moment the first waiter is told. */
static int64_t seen_when_told;

static void look_at_the_disk(struct desk *desk, char *word)
{
    if (strncmp(word, "done:", 5) == 0)
        seen_when_told = desk_number(desk, ON_DISK);
}

static void nobody_is_told_before_it_is_on_disk(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    desk.on_word = look_at_the_disk;
    desk_hold(&desk);
    assert_true(desk_put(&desk, 1) && desk_put(&desk, 2) && desk_wait(&desk, 1));
    ledger_flush(desk.ledger);
    loop_for(desk.base, 50);
    assert_string_equal(desk.story, "");
    assert_int_equal(ledger_sequence(desk.ledger), 0);
    desk_release(&desk);
    desk_expect(&desk, "done:1 committed alerts:1..2 ");
    assert_int_equal(seen_when_told, 2);
    assert_int_equal(ledger_sequence(desk.ledger), 2);
    desk_close(&desk);
    house_close(*state);
}

static void while_one_commit_is_in_flight_the_next_gathers(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    desk_hold(&desk);
    assert_true(desk_put(&desk, 1) && desk_wait(&desk, 1));
    ledger_flush(desk.ledger);
    for (int nth = 2; nth <= 9; nth++) {
        assert_true(desk_put(&desk, nth) && desk_wait(&desk, nth));
        ledger_flush(desk.ledger);
    }
    desk_release(&desk);
    desk_expect(&desk, "done:1 committed alerts:1..1 done:2 done:3 done:4 done:5 done:6 done:7 "
                       "done:8 done:9 committed alerts:2..9 ");
    desk_close(&desk);
    house_close(*state);
}

static void without_a_flush_nothing_goes(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    assert_true(desk_put(&desk, 1) && desk_wait(&desk, 1));
    assert_false(ledger_idle(desk.ledger));
    loop_for(desk.base, 50);
    assert_string_equal(desk.story, "");
    assert_int_equal(desk_number(&desk, ON_DISK), 0);
    ledger_flush(desk.ledger);
    desk_expect(&desk, "done:1 committed alerts:1..1 ");
    ledger_flush(desk.ledger); // nothing is left to do
    assert_true(ledger_idle(desk.ledger));
    desk_close(&desk);
    house_close(*state);
}

static void who_waits_for_what_is_in_flight_is_told_after_it(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    desk_hold(&desk);
    assert_true(desk_put(&desk, 1));
    ledger_flush(desk.ledger);
    assert_true(desk_wait(&desk, 7)); // no row of its own
    ledger_flush(desk.ledger);
    loop_for(desk.base, 20);
    assert_string_equal(desk.story, "");
    desk_release(&desk);
    desk_expect(&desk, "committed alerts:1..1 done:7 ");
    desk_close(&desk);
    house_close(*state);
}

static void commits_are_numbered_as_they_gather(void **state)
{
    struct desk desk;
    uint64_t first, second;

    desk_open(&desk, *state);
    desk_hold(&desk);
    first = ledger_gathering(desk.ledger);
    assert_true(ledger_committed(desk.ledger) < first);
    assert_true(desk_put(&desk, 1));
    ledger_flush(desk.ledger);
    second = ledger_gathering(desk.ledger);
    assert_true(second > first && ledger_committed(desk.ledger) < first);
    assert_true(desk_put(&desk, 2));
    desk_release(&desk);
    desk_until(&desk, "committed ");
    assert_int_equal(ledger_committed(desk.ledger), first);
    ledger_flush(desk.ledger);
    desk_expect(&desk, "committed alerts:1..1 committed alerts:2..2 ");
    assert_int_equal(ledger_committed(desk.ledger), second);
    desk_close(&desk);
    house_close(*state);
}

static void ask_for_more(struct desk *desk, char *word)
{
    if (strcmp(word, "done:1 ") == 0) {
        assert_true(desk_put(desk, 2) && desk_wait(desk, 2));
        ledger_flush(desk->ledger);
    }
}

static void who_is_told_may_put_more_at_once(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    desk.on_word = ask_for_more;
    assert_true(desk_put(&desk, 1) && desk_wait(&desk, 1));
    ledger_flush(desk.ledger);
    desk_expect(&desk, "done:1 committed alerts:1..1 done:2 committed alerts:2..2 ");
    desk_close(&desk);
    house_close(*state);
}

static void what_is_put_is_copied(void **state)
{
    char id[] = "essex/A/home/1/1", event[] = "{\"a\":1}", subject[] = "A/home";
    struct kept_alert alert = { .respondent = "R-1",
                                .id = id,
                                .type = id,
                                .area = "",
                                .severity = "high",
                                .incident = "",
                                .event = event };
    struct incident incident = some_incident();
    struct known_device device = some_device();
    struct desk desk;

    desk_open(&desk, *state);
    assert_true(ledger_put_alert(desk.ledger, &alert) &&
                ledger_put_incident(desk.ledger, subject, &incident) &&
                ledger_put_device(desk.ledger, subject, &device));
    memset(id, 'x', sizeof id - 1);
    memset(event, 'x', sizeof event - 1);
    memset(subject, 'x', sizeof subject - 1);
    memset(&incident, 'x', sizeof incident);
    ledger_flush(desk.ledger);
    desk_expect(&desk, "committed alerts:1..1 ");
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert WHERE id = 'essex/A/home/1/1'"
                                        " AND type = id AND event = '{\"a\":1}'"),
                     1);
    assert_int_equal(
        desk_number(&desk, "SELECT known ->> 'number' FROM incident WHERE subject = 'A/home'"),
        4000000001);
    assert_int_equal(
        desk_number(&desk, "SELECT known ->> 'alerts' FROM device WHERE id = 'A/home'"),
        4000000000);
    desk_close(&desk);
    house_close(*state);
}

/* Whoever asks first is refused whole; a change that is half put is never torn in two. */
static void full_it_says_so_and_still_takes_the_rest_of_a_change(void **state)
{
    struct incident none = { 0 }; // quickly written
    struct desk desk;

    desk_open(&desk, *state);
    desk_hold(&desk);
    assert_true(desk_put(&desk, 1));
    ledger_flush(desk.ledger);
    for (int i = 0; i < LEDGER_GATHER_MAX; i++) {
        assert_false(ledger_full(desk.ledger));
        assert_true(ledger_put_incident(desk.ledger, "A/home", &none));
    }
    assert_true(ledger_full(desk.ledger));
    assert_true(desk_put(&desk, 2));
    desk_release(&desk);
    desk_expect(&desk, "committed alerts:1..1 committed alerts:2..2 ");
    assert_false(ledger_full(desk.ledger));
    desk_close(&desk);
    house_close(*state);
}

/* ---- the publisher's side ---- */

static void a_fetch_brings_what_comes_after_as_far_as_its_limit(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    desk_fetch(&desk, 0, 10);
    desk_until(&desk, "fetched:none ");
    desk.story[0] = '\0';
    for (int nth = 1; nth <= 7; nth++)
        assert_true(desk_put(&desk, nth));
    ledger_flush(desk.ledger);
    desk_until(&desk, "committed alerts:1..7 ");
    desk.story[0] = '\0';
    desk_fetch(&desk, 2, 3);
    desk_until(&desk, "fetched:3..5 ");
    desk_fetch(&desk, 5, 3);
    desk_until(&desk, "fetched:6..7 ");
    desk_fetch(&desk, 7, 3);
    desk_until(&desk, "fetched:none ");
    desk_close(&desk);
    house_close(*state);
}

static void marks_ride_along_and_start_nothing(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    assert_true(desk_put(&desk, 1) && desk_put(&desk, 2));
    ledger_flush(desk.ledger);
    desk_expect(&desk, "committed alerts:1..2 ");
    ledger_mark_published(desk.ledger, 1, (struct utc){ 1 });
    assert_true(ledger_idle(desk.ledger));
    assert_int_equal(ledger_published(desk.ledger), 1);
    loop_for(desk.base, 20);
    assert_int_equal(desk_number(&desk, MARK), 0);
    assert_true(desk_put(&desk, 3));
    ledger_flush(desk.ledger);
    desk_expect(&desk, "committed alerts:3..3 ");
    assert_int_equal(desk_number(&desk, MARK), 1);
    ledger_mark_published(desk.ledger, 3, (struct utc){ 1 });
    ledger_flush(desk.ledger); // asked for, it goes alone
    desk_expect(&desk, "committed ");
    desk_reopen(&desk);
    assert_int_equal(ledger_published(desk.ledger), 3);
    assert_int_equal(ledger_sequence(desk.ledger), 3);
    desk_close(&desk);
    house_close(*state);
}

static void a_mark_never_goes_back(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    for (int nth = 1; nth <= 3; nth++)
        assert_true(desk_put(&desk, nth));
    ledger_mark_published(desk.ledger, 3, (struct utc){ 1 });
    ledger_mark_published(desk.ledger, 1, (struct utc){ 1 });
    assert_int_equal(ledger_published(desk.ledger), 3);
    ledger_flush(desk.ledger);
    desk_expect(&desk, "committed alerts:1..3 ");
    assert_int_equal(desk_number(&desk, MARK), 3);
    desk_close(&desk);
    house_close(*state);
}

static void renumbered_it_goes_on_behind_the_stream(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    assert_true(desk_put(&desk, 1) && desk_put(&desk, 2));
    ledger_flush(desk.ledger);
    desk_expect(&desk, "committed alerts:1..2 ");
    ledger_renumber(desk.ledger, 40);
    ledger_mark_published(desk.ledger, 40, (struct utc){ 1 }); // as the publisher does
    desk_expect(&desk, "committed ");
    assert_int_equal(ledger_sequence(desk.ledger), 42);
    desk_fetch(&desk, 40, 10);
    assert_true(desk_put(&desk, 3));
    ledger_flush(desk.ledger);
    desk_expect(&desk, "fetched:41..42 committed alerts:43..43 ");
    desk_close(&desk);
    house_close(*state);
}

/* Redis confirmed two of three, the mark of it is not on disk yet, and then Redis is far ahead. */
static void what_is_confirmed_is_not_renumbered(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    for (int nth = 1; nth <= 3; nth++)
        assert_true(desk_put(&desk, nth));
    ledger_flush(desk.ledger);
    desk_expect(&desk, "committed alerts:1..3 ");
    ledger_mark_published(desk.ledger, 2, (struct utc){ 1 });
    ledger_renumber(desk.ledger, 40);
    ledger_mark_published(desk.ledger, 40, (struct utc){ 1 });
    desk_expect(&desk, "committed ");
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert WHERE sequence > 40"), 1);
    assert_int_equal(ledger_sequence(desk.ledger), 41);
    desk_close(&desk);
    house_close(*state);
}

/* Under its old number the stream, at two, would take the third for the next one. */
static void what_is_still_to_be_renumbered_is_not_told(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    desk_hold(&desk);
    for (int nth = 1; nth <= 3; nth++)
        assert_true(desk_put(&desk, nth));
    ledger_flush(desk.ledger); // in flight when Redis says that it holds two
    ledger_renumber(desk.ledger, 2);
    ledger_mark_published(desk.ledger, 2, (struct utc){ 1 });
    desk_release(&desk);
    desk_expect(&desk, "committed committed ");
    assert_int_equal(ledger_sequence(desk.ledger), 5);
    desk_fetch(&desk, 2, 10);
    desk_expect(&desk, "fetched:3..5 ");
    desk_close(&desk);
    house_close(*state);
}

/* ---- the end ---- */

static void closed_with_a_commit_in_flight_it_finishes_that_and_no_more(void **state)
{
    struct desk desk;

    for (int round = 0; round < 20; round++) {
        desk_open(&desk, *state);
        assert_int_equal(ledger_sequence(desk.ledger), round);
        assert_true(desk_put(&desk, 1) && desk_wait(&desk, 1));
        ledger_flush(desk.ledger);
        assert_true(desk_put(&desk, 2) && desk_wait(&desk, 2)); // only gathers
        desk_close(&desk);
        assert_string_equal(desk.story, ""); // nobody was told otherwise
    }
    desk_open(&desk, *state);
    assert_int_equal(ledger_sequence(desk.ledger), 20);
    desk_close(&desk);
    house_close(*state);
}

static void a_second_ledger_of_the_same_file_is_refused(void **state)
{
    struct ledger_callbacks callbacks = { 0 };
    struct ledger *second = NULL;
    struct desk desk;
    struct fault why;

    desk_open(&desk, *state);
    assert_false(ledger_open(desk.base, desk.path.text, &callbacks, &second, &why));
    assert_non_null(strstr(why.text, "another breachd has it"));
    assert_null(second);
    ledger_close(NULL);
    desk_close(&desk);
    house_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(nobody_is_told_before_it_is_on_disk),
        house_test(while_one_commit_is_in_flight_the_next_gathers),
        house_test(without_a_flush_nothing_goes),
        house_test(who_waits_for_what_is_in_flight_is_told_after_it),
        house_test(commits_are_numbered_as_they_gather),
        house_test(who_is_told_may_put_more_at_once),
        house_test(what_is_put_is_copied),
        house_test(full_it_says_so_and_still_takes_the_rest_of_a_change),
        house_test(a_fetch_brings_what_comes_after_as_far_as_its_limit),
        house_test(marks_ride_along_and_start_nothing),
        house_test(a_mark_never_goes_back),
        house_test(renumbered_it_goes_on_behind_the_stream),
        house_test(what_is_confirmed_is_not_renumbered),
        house_test(what_is_still_to_be_renumbered_is_not_told),
        house_test(closed_with_a_commit_in_flight_it_finishes_that_and_no_more),
        house_test(a_second_ledger_of_the_same_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
