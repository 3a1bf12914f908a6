/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger in an event loop: who is told what, and when. */
#include "adapter/ledger/ledger.h"

#include "ledger_fixture.h"
#include "loop.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define ON_DISK "SELECT count(*) FROM alert"

/* What is on disk at the moment the first waiter is told. */
static int64_t seen_when_told;

static void look_at_the_disk(struct ledger_fixture *fixture, char *word)
{
    if (strncmp(word, "done:", 5) == 0)
        seen_when_told = ledger_fixture_number(fixture, ON_DISK);
}

static void nobody_is_told_before_it_is_on_disk(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    fixture.on_report = look_at_the_disk;
    ledger_fixture_hold(&fixture);
    assert_true(ledger_fixture_put(&fixture, 1) && ledger_fixture_put(&fixture, 2) &&
                ledger_fixture_wait(&fixture, 1));
    ledger_flush(fixture.ledger);
    loop_for(fixture.base, 50);
    assert_string_equal(fixture.story, "");
    assert_int_equal(ledger_sequence(fixture.ledger), 0);
    ledger_fixture_release(&fixture);
    ledger_fixture_expect(&fixture, "done:1 committed alerts:1..2 ");
    assert_int_equal(seen_when_told, 2);
    assert_int_equal(ledger_sequence(fixture.ledger), 2);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void while_one_commit_is_in_flight_the_next_gathers(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_hold(&fixture);
    assert_true(ledger_fixture_put(&fixture, 1) && ledger_fixture_wait(&fixture, 1));
    ledger_flush(fixture.ledger);
    for (int nth = 2; nth <= 9; nth++) {
        assert_true(ledger_fixture_put(&fixture, nth) && ledger_fixture_wait(&fixture, nth));
        ledger_flush(fixture.ledger);
    }
    ledger_fixture_release(&fixture);
    ledger_fixture_expect(&fixture,
                          "done:1 committed alerts:1..1 done:2 done:3 done:4 done:5 done:6 done:7 "
                          "done:8 done:9 committed alerts:2..9 ");
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void on_listed(const struct listed *listed, void *arg)
{
    unsigned *of = arg;

    assert_non_null(listed);
    (*of)++;
}

/* Whoever is told of a commit starts the next one, as a ping does that waited for it. */
static void start_the_next(struct ledger_fixture *fixture, char *word)
{
    if (strncmp(word, "done:1", 6) != 0)
        return;
    assert_true(ledger_fixture_put(fixture, 2));
    ledger_flush(fixture->ledger);
}

/* A callback that started the next job left the list before without its asker: a crash. */
static void a_list_is_its_askers_also_when_the_next_job_is_under_way(void **state)
{
    static const struct listing all = { .of = LISTING_ALL, .limit = 10 };
    struct ledger_fixture fixture;
    unsigned first = 0, second = 0;

    ledger_fixture_open(&fixture, *state);
    fixture.on_report = start_the_next;
    ledger_fixture_hold(&fixture);
    assert_true(ledger_list(fixture.ledger, &all, on_listed, &first) &&
                ledger_list(fixture.ledger, &all, on_listed, &second) &&
                ledger_fixture_put(&fixture, 1) && ledger_fixture_wait(&fixture, 1));
    ledger_flush(fixture.ledger);
    ledger_fixture_release(&fixture);
    ledger_fixture_expect(&fixture, "done:1 committed alerts:1..1 committed alerts:2..2 ");
    assert_int_equal(first, 1);
    assert_int_equal(second, 1);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void without_a_flush_nothing_goes(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    assert_true(ledger_fixture_put(&fixture, 1) && ledger_fixture_wait(&fixture, 1));
    assert_false(ledger_idle(fixture.ledger));
    loop_for(fixture.base, 50);
    assert_string_equal(fixture.story, "");
    assert_int_equal(ledger_fixture_number(&fixture, ON_DISK), 0);
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "done:1 committed alerts:1..1 ");
    ledger_flush(fixture.ledger); // nothing is left to do
    assert_true(ledger_idle(fixture.ledger));
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void who_waits_for_what_is_in_flight_is_told_after_it(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_hold(&fixture);
    assert_true(ledger_fixture_put(&fixture, 1));
    ledger_flush(fixture.ledger);
    assert_true(ledger_fixture_wait(&fixture, 7)); // no row of its own
    ledger_flush(fixture.ledger);
    loop_for(fixture.base, 20);
    assert_string_equal(fixture.story, "");
    ledger_fixture_release(&fixture);
    ledger_fixture_expect(&fixture, "committed alerts:1..1 done:7 ");
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void commits_are_numbered_as_they_gather(void **state)
{
    struct ledger_fixture fixture;
    uint64_t first, second;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_hold(&fixture);
    first = ledger_gathering(fixture.ledger);
    assert_true(ledger_committed(fixture.ledger) < first);
    assert_true(ledger_fixture_put(&fixture, 1));
    ledger_flush(fixture.ledger);
    second = ledger_gathering(fixture.ledger);
    assert_true(second > first && ledger_committed(fixture.ledger) < first);
    assert_true(ledger_fixture_put(&fixture, 2));
    ledger_fixture_release(&fixture);
    ledger_fixture_until(&fixture, "committed ");
    assert_int_equal(ledger_committed(fixture.ledger), first);
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "committed alerts:1..1 committed alerts:2..2 ");
    assert_int_equal(ledger_committed(fixture.ledger), second);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void ask_for_more(struct ledger_fixture *fixture, char *word)
{
    if (strcmp(word, "done:1 ") == 0) {
        assert_true(ledger_fixture_put(fixture, 2) && ledger_fixture_wait(fixture, 2));
        ledger_flush(fixture->ledger);
    }
}

static void who_is_told_may_put_more_at_once(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    fixture.on_report = ask_for_more;
    assert_true(ledger_fixture_put(&fixture, 1) && ledger_fixture_wait(&fixture, 1));
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "done:1 committed alerts:1..1 done:2 committed alerts:2..2 ");
    ledger_fixture_close(&fixture);
    testbed_close(*state);
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
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    assert_true(ledger_put_alert(fixture.ledger, &alert) &&
                ledger_put_incident(fixture.ledger, subject, &incident) &&
                ledger_put_device(fixture.ledger, subject, &device));
    memset(id, 'x', sizeof id - 1);
    memset(event, 'x', sizeof event - 1);
    memset(subject, 'x', sizeof subject - 1);
    memset(&incident, 'x', sizeof incident);
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "committed alerts:1..1 ");
    assert_int_equal(
        ledger_fixture_number(&fixture, "SELECT count(*) FROM alert WHERE id = 'essex/A/home/1/1'"
                                        " AND type = id AND event = '{\"a\":1}'"),
        1);
    assert_int_equal(
        ledger_fixture_number(&fixture,
                              "SELECT known ->> 'number' FROM incident WHERE subject = 'A/home'"),
        4000000001);
    assert_int_equal(ledger_fixture_number(
                         &fixture, "SELECT known ->> 'alerts' FROM device WHERE id = 'A/home'"),
                     4000000000);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

/* Whoever asks first is refused whole; a change that is half put is never torn in two. */
static void full_it_says_so_and_still_takes_the_rest_of_a_change(void **state)
{
    struct incident none = { 0 }; // quickly written
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_hold(&fixture);
    assert_true(ledger_fixture_put(&fixture, 1));
    ledger_flush(fixture.ledger);
    for (int i = 0; i < LEDGER_GATHER_MAX; i++) {
        assert_false(ledger_full(fixture.ledger));
        assert_true(ledger_put_incident(fixture.ledger, "A/home", &none));
    }
    assert_true(ledger_full(fixture.ledger));
    assert_true(ledger_fixture_put(&fixture, 2));
    ledger_fixture_release(&fixture);
    ledger_fixture_expect(&fixture, "committed alerts:1..1 committed alerts:2..2 ");
    assert_false(ledger_full(fixture.ledger));
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

/* ---- the end ---- */

static void closed_with_a_commit_in_flight_it_finishes_that_and_no_more(void **state)
{
    struct ledger_fixture fixture;

    for (int round = 0; round < 20; round++) {
        ledger_fixture_open(&fixture, *state);
        assert_int_equal(ledger_sequence(fixture.ledger), round);
        assert_true(ledger_fixture_put(&fixture, 1) && ledger_fixture_wait(&fixture, 1));
        ledger_flush(fixture.ledger);
        assert_true(ledger_fixture_put(&fixture, 2) &&
                    ledger_fixture_wait(&fixture, 2)); // only gathers
        ledger_fixture_close(&fixture);
        assert_string_equal(fixture.story, ""); // nobody was told otherwise
    }
    ledger_fixture_open(&fixture, *state);
    assert_int_equal(ledger_sequence(fixture.ledger), 20);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void a_second_ledger_of_the_same_file_is_refused(void **state)
{
    struct ledger_callbacks callbacks = { 0 };
    struct ledger *second = NULL;
    struct ledger_fixture fixture;
    struct fault why;

    ledger_fixture_open(&fixture, *state);
    assert_false(ledger_open(fixture.base, fixture.path.text, &callbacks, &second, &why));
    assert_non_null(strstr(why.text, "another breachd has it"));
    assert_null(second);
    ledger_close(NULL);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(nobody_is_told_before_it_is_on_disk),
        testbed_test(while_one_commit_is_in_flight_the_next_gathers),
        testbed_test(a_list_is_its_askers_also_when_the_next_job_is_under_way),
        testbed_test(without_a_flush_nothing_goes),
        testbed_test(who_waits_for_what_is_in_flight_is_told_after_it),
        testbed_test(commits_are_numbered_as_they_gather),
        testbed_test(who_is_told_may_put_more_at_once),
        testbed_test(what_is_put_is_copied),
        testbed_test(full_it_says_so_and_still_takes_the_rest_of_a_change),
        testbed_test(closed_with_a_commit_in_flight_it_finishes_that_and_no_more),
        testbed_test(a_second_ledger_of_the_same_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
