/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger that cannot commit: nobody is told a lie, it says so once, and it recovers. */
#include "adapter/ledger/ledger.h"

#include "disk.h"
#include "ledger_fixture.h"
#include "loop.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static void put_by_reserve(struct ledger_fixture *fixture, int nth)
{
    struct kept_alert alert = some_alert(nth);
    struct incident incident = some_incident();

    ledger_put_by_reserve(fixture->ledger, "blind", &incident, &alert);
}

static void a_failed_commit_and_what_gathered_on_it_are_given_up_together(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_commit(&fixture, 1, 2);
    disk_fill();
    assert_true(ledger_fixture_put(&fixture, 3) && ledger_fixture_wait(&fixture, 3) &&
                ledger_fixture_wait(&fixture, 4));
    ledger_flush(fixture.ledger);
    assert_true(ledger_fixture_put(&fixture, 5) && ledger_fixture_wait(&fixture, 5) &&
                ledger_fixture_wait(&fixture, 6));
    ledger_flush(fixture.ledger);
    ledger_fixture_until(&fixture, "blind ");
    loop_for(fixture.base, 20);
    disk_clear();
    ledger_fixture_expect(&fixture, "given-up:3 given-up:4 given-up:5 given-up:6 blind ");
    assert_int_equal(ledger_sequence(fixture.ledger), 2);
    assert_int_equal(ledger_fixture_number(&fixture, "SELECT count(*) FROM alert"), 2);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void blind_it_takes_nothing(void **state)
{
    struct known_device device = some_device();
    struct incident incident = some_incident();
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_blind(&fixture);
    assert_false(ledger_fixture_put(&fixture, 1));
    assert_false(ledger_fixture_wait(&fixture, 1));
    assert_false(ledger_put_device(fixture.ledger, "tag-1", &device));
    assert_false(ledger_put_incident(fixture.ledger, "A/home", &incident));
    ledger_flush(fixture.ledger);
    assert_true(ledger_idle(fixture.ledger));
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void the_last_words_are_kept_when_the_reserve_gives_room(void **state)
{
    struct ledger_fixture fixture;
    uint64_t failed;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_commit(&fixture, 1, 1);
    failed = ledger_gathering(fixture.ledger);
    ledger_fixture_blind(&fixture);
    put_by_reserve(&fixture, 2);
    ledger_fixture_expect(&fixture, "committed alerts:2..2 words-kept ");
    assert_true(ledger_committed(fixture.ledger) <
                failed); // whoever waited for it does not have it
    assert_int_equal(
        ledger_fixture_number(&fixture, "SELECT count(*) FROM alert WHERE sequence = 2"), 1);
    assert_int_equal(
        ledger_fixture_number(&fixture,
                              "SELECT known ->> 'number' FROM incident WHERE subject = 'blind'"),
        some_incident().number);
    assert_false(ledger_fixture_put(&fixture, 3)); // it stays blind
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void last_words_that_find_no_room_are_told_to_be_lost(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_blind(&fixture);
    disk_fill();
    put_by_reserve(&fixture, 2);
    ledger_fixture_until(&fixture, "words");
    disk_clear();
    ledger_fixture_expect(&fixture, "words-lost ");
    assert_int_equal(ledger_fixture_number(&fixture, "SELECT count(*) FROM alert"), 0);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void speak_when_blind(struct ledger_fixture *fixture, char *word)
{
    if (strcmp(word, "blind ") == 0)
        put_by_reserve(fixture, 50);
}

static void last_words_may_be_said_the_moment_it_gets_blind(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    fixture.on_report = speak_when_blind;
    ledger_fixture_hold(
        &fixture); // for 2 s: then the commit in flight fails, and the words find an open way
    assert_true(ledger_fixture_put(&fixture, 1) && ledger_fixture_wait(&fixture, 1));
    ledger_flush(fixture.ledger);
    ledger_give_up(fixture.ledger, "a change does not fit");
    ledger_fixture_until(&fixture, "given-up:1 ");
    ledger_fixture_release(&fixture);
    ledger_fixture_expect(&fixture, "blind given-up:1 committed alerts:1..1 words-kept ");
    assert_int_equal(
        ledger_fixture_number(&fixture, "SELECT count(*) FROM alert WHERE id LIKE '%/50/1'"), 1);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void a_probe_says_when_the_disk_takes_again(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_probe(fixture.ledger); // not blind: nothing to ask
    assert_true(ledger_idle(fixture.ledger));
    ledger_fixture_commit(&fixture, 1, 1);
    ledger_fixture_blind(&fixture);
    for (int i = 0; i < 3; i++) {
        disk_fill();
        ledger_probe(fixture.ledger);
        ledger_fixture_until(&fixture, "sees");
        disk_clear();
        ledger_fixture_expect(&fixture, "sees-not ");
        assert_false(ledger_fixture_put(&fixture, 2));
    }
    ledger_probe(fixture.ledger);
    ledger_fixture_expect(&fixture, "sees ");
    ledger_fixture_commit(&fixture, 2, 3); // in sequence, without a gap
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void put_when_it_sees(struct ledger_fixture *fixture, char *word)
{
    if (strcmp(word, "sees ") == 0 && ledger_fixture_put(fixture, 2) &&
        ledger_fixture_wait(fixture, 2))
        ledger_flush(fixture->ledger);
}

static void fill_and_put_when_it_sees(struct ledger_fixture *fixture, char *word)
{
    if (strcmp(word, "sees ") == 0)
        disk_fill();
    put_when_it_sees(fixture, word);
}

/* A disk that takes longer than the interval of probes: the second one has nothing left to ask. */
static void asked_twice_it_is_probed_once_and_what_comes_then_is_a_commit(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_commit(&fixture, 1, 1);
    ledger_fixture_blind(&fixture);
    fixture.on_report = put_when_it_sees;
    ledger_probe(fixture.ledger);
    ledger_probe(fixture.ledger);
    ledger_fixture_expect(&fixture, "sees done:2 committed alerts:2..2 ");
    assert_true(ledger_idle(fixture.ledger));

    fixture.on_report = NULL;
    ledger_fixture_blind(&fixture);
    fixture.on_report = fill_and_put_when_it_sees;
    ledger_probe(fixture.ledger);
    ledger_probe(fixture.ledger);
    ledger_fixture_until(&fixture, "blind ");
    disk_clear();
    ledger_fixture_expect(&fixture, "sees given-up:2 blind "); // nobody is told that it was kept
    assert_int_equal(ledger_fixture_number(&fixture, "SELECT count(*) FROM alert"), 2);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void note_names(const struct row *row, void *arg)
{
    strcat(strcat(arg, row->name), " ");
}

static void after_blindness_what_is_on_disk_is_what_is_known(void **state)
{
    struct known_device device = some_device();
    char names[256] = "";
    struct ledger_fixture fixture;
    struct fault why;

    ledger_fixture_open(&fixture, *state);
    assert_true(ledger_put_device(fixture.ledger, "tag-1", &device));
    ledger_flush(fixture.ledger);
    ledger_fixture_expect(&fixture, "committed ");
    assert_true(ledger_put_device(fixture.ledger, "tag-2", &device));
    ledger_fixture_blind(&fixture);
    ledger_probe(fixture.ledger);
    ledger_fixture_expect(&fixture, "sees ");
    assert_true(ledger_restore(fixture.ledger, note_names, names, &why));
    assert_string_equal(names, "tag-1 ");
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void given_up_by_its_user_it_keeps_what_is_in_flight(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_hold(&fixture);
    assert_true(ledger_fixture_put(&fixture, 1) && ledger_fixture_wait(&fixture, 1));
    ledger_flush(fixture.ledger);
    assert_true(ledger_fixture_put(&fixture, 2) && ledger_fixture_wait(&fixture, 2));
    ledger_give_up(fixture.ledger, "a change does not fit");
    assert_string_equal(fixture.story, "given-up:2 blind ");
    assert_false(ledger_fixture_put(&fixture, 3));
    ledger_fixture_release(&fixture);
    ledger_fixture_expect(&fixture, "given-up:2 blind done:1 committed alerts:1..1 ");
    ledger_probe(fixture.ledger);
    ledger_fixture_expect(&fixture, "sees ");
    ledger_fixture_commit(&fixture, 2, 2);
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void fetch_again_and_look(struct ledger_fixture *fixture, char *word)
{
    if (strncmp(word, "fetched", 7) == 0)
        ledger_fixture_fetch(fixture, 0, 10);
    else if (strcmp(word, "sees ") == 0)
        strcat(word, ledger_idle(fixture->ledger) ? "idle " : "busy ");
}

/* Then the user reads the file in the loop, so the thread must leave it alone: ledger_restore. */
static void when_it_sees_again_it_is_idle_though_the_publisher_asks_for_more(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_commit(&fixture, 1, 3);
    ledger_fixture_blind(&fixture);
    fixture.on_report = fetch_again_and_look;
    ledger_fixture_fetch(&fixture, 0, 10); // goes, and the next one goes with the probe
    ledger_probe(fixture.ledger);
    ledger_fixture_until(&fixture, "sees ");
    assert_non_null(strstr(fixture.story, "sees idle "));
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

static void closed_while_blind_it_leaves_nothing_behind(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    ledger_fixture_blind(&fixture);
    put_by_reserve(&fixture, 2);
    ledger_probe(fixture.ledger);
    ledger_fixture_fetch(&fixture, 0, 10);
    ledger_fixture_close(&fixture); // whatever is under way
    ledger_fixture_open(&fixture, *state);
    assert_true(ledger_fixture_put(&fixture, 3));
    ledger_fixture_close(&fixture);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        disk_test(a_failed_commit_and_what_gathered_on_it_are_given_up_together),
        disk_test(blind_it_takes_nothing),
        disk_test(the_last_words_are_kept_when_the_reserve_gives_room),
        disk_test(last_words_that_find_no_room_are_told_to_be_lost),
        disk_test(last_words_may_be_said_the_moment_it_gets_blind),
        disk_test(a_probe_says_when_the_disk_takes_again),
        disk_test(asked_twice_it_is_probed_once_and_what_comes_then_is_a_commit),
        disk_test(after_blindness_what_is_on_disk_is_what_is_known),
        disk_test(given_up_by_its_user_it_keeps_what_is_in_flight),
        disk_test(when_it_sees_again_it_is_idle_though_the_publisher_asks_for_more),
        disk_test(closed_while_blind_it_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
