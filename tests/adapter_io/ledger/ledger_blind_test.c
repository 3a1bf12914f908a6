/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger that cannot commit: nobody is told a lie, it says so once, and it recovers. */
#include "adapter/ledger/ledger.h"

#include "desk.h"
#include "disk.h"
#include "loop.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

/* Blind by a commit that failed; nothing in flight, an empty story. */
static void make_blind(struct desk *desk)
{
    disk_fill();
    assert_true(desk_put(desk, 99) && desk_wait(desk, 99));
    ledger_flush(desk->ledger);
    desk_until(desk, "blind ");
    disk_clear();
    desk_expect(desk, "given-up:99 blind ");
}

static void put_by_reserve(struct desk *desk, int nth)
{
    struct kept_alert alert = some_alert(nth);
    struct incident incident = some_incident();

    ledger_put_by_reserve(desk->ledger, "blind", &incident, &alert);
}

static void commit_some(struct desk *desk, int first, int last)
{
    char want[64];

    for (int nth = first; nth <= last; nth++)
        assert_true(desk_put(desk, nth));
    ledger_flush(desk->ledger);
    snprintf(want, sizeof want, "committed alerts:%d..%d ", first, last);
    desk_expect(desk, want);
}

static void a_failed_commit_and_what_gathered_on_it_are_given_up_together(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    commit_some(&desk, 1, 2);
    disk_fill();
    assert_true(desk_put(&desk, 3) && desk_wait(&desk, 3) && desk_wait(&desk, 4));
    ledger_flush(desk.ledger);
    assert_true(desk_put(&desk, 5) && desk_wait(&desk, 5) && desk_wait(&desk, 6));
    ledger_flush(desk.ledger);
    desk_until(&desk, "blind ");
    loop_for(desk.base, 20);
    disk_clear();
    desk_expect(&desk, "given-up:3 given-up:4 given-up:5 given-up:6 blind ");
    assert_int_equal(ledger_sequence(desk.ledger), 2);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert"), 2);
    desk_close(&desk);
    house_close(*state);
}

static void blind_it_takes_nothing(void **state)
{
    struct known_device device = some_device();
    struct incident incident = some_incident();
    struct desk desk;

    desk_open(&desk, *state);
    make_blind(&desk);
    assert_false(desk_put(&desk, 1));
    assert_false(desk_wait(&desk, 1));
    assert_false(ledger_put_device(desk.ledger, "tag-1", &device));
    assert_false(ledger_put_incident(desk.ledger, "A/home", &incident));
    ledger_flush(desk.ledger);
    assert_true(ledger_idle(desk.ledger));
    desk_close(&desk);
    house_close(*state);
}

static void the_last_words_are_kept_when_the_reserve_gives_room(void **state)
{
    struct desk desk;
    uint64_t failed;

    desk_open(&desk, *state);
    commit_some(&desk, 1, 1);
    failed = ledger_gathering(desk.ledger);
    make_blind(&desk);
    put_by_reserve(&desk, 2);
    desk_expect(&desk, "committed alerts:2..2 words-kept ");
    assert_true(ledger_committed(desk.ledger) < failed); // whoever waited for it does not have it
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert WHERE sequence = 2"), 1);
    assert_int_equal(
        desk_number(&desk, "SELECT known ->> 'number' FROM incident WHERE subject = 'blind'"),
        some_incident().number);
    assert_false(desk_put(&desk, 3)); // it stays blind
    desk_close(&desk);
    house_close(*state);
}

static void last_words_that_find_no_room_are_told_to_be_lost(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    make_blind(&desk);
    disk_fill();
    put_by_reserve(&desk, 2);
    desk_until(&desk, "words");
    disk_clear();
    desk_expect(&desk, "words-lost ");
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert"), 0);
    desk_close(&desk);
    house_close(*state);
}

static void speak_when_blind(struct desk *desk, char *word)
{
    if (strcmp(word, "blind ") == 0)
        put_by_reserve(desk, 50);
}

static void last_words_may_be_said_the_moment_it_gets_blind(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    desk.on_word = speak_when_blind;
    desk_hold(&desk); // for 2 s: then the commit in flight fails, and the words find an open way
    assert_true(desk_put(&desk, 1) && desk_wait(&desk, 1));
    ledger_flush(desk.ledger);
    ledger_give_up(desk.ledger, "a change does not fit");
    desk_until(&desk, "given-up:1 ");
    desk_release(&desk);
    desk_expect(&desk, "blind given-up:1 committed alerts:1..1 words-kept ");
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert WHERE id LIKE '%/50/1'"), 1);
    desk_close(&desk);
    house_close(*state);
}

static void a_probe_says_when_the_disk_takes_again(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    ledger_probe(desk.ledger); // not blind: nothing to ask
    assert_true(ledger_idle(desk.ledger));
    commit_some(&desk, 1, 1);
    make_blind(&desk);
    for (int i = 0; i < 3; i++) {
        disk_fill();
        ledger_probe(desk.ledger);
        desk_until(&desk, "sees");
        disk_clear();
        desk_expect(&desk, "sees-not ");
        assert_false(desk_put(&desk, 2));
    }
    ledger_probe(desk.ledger);
    desk_expect(&desk, "sees ");
    commit_some(&desk, 2, 3); // in sequence, without a gap
    desk_close(&desk);
    house_close(*state);
}

static void put_when_it_sees(struct desk *desk, char *word)
{
    if (strcmp(word, "sees ") == 0 && desk_put(desk, 2) && desk_wait(desk, 2))
        ledger_flush(desk->ledger);
}

static void fill_and_put_when_it_sees(struct desk *desk, char *word)
{
    if (strcmp(word, "sees ") == 0)
        disk_fill();
    put_when_it_sees(desk, word);
}

/* A disk that takes longer than the interval of probes: the second one has nothing left to ask. */
static void asked_twice_it_is_probed_once_and_what_comes_then_is_a_commit(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    commit_some(&desk, 1, 1);
    make_blind(&desk);
    desk.on_word = put_when_it_sees;
    ledger_probe(desk.ledger);
    ledger_probe(desk.ledger);
    desk_expect(&desk, "sees done:2 committed alerts:2..2 ");
    assert_true(ledger_idle(desk.ledger));

    desk.on_word = NULL;
    make_blind(&desk);
    desk.on_word = fill_and_put_when_it_sees;
    ledger_probe(desk.ledger);
    ledger_probe(desk.ledger);
    desk_until(&desk, "blind ");
    disk_clear();
    desk_expect(&desk, "sees given-up:2 blind "); // nobody is told that it was kept
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert"), 2);
    desk_close(&desk);
    house_close(*state);
}

static void note_names(const struct row *row, void *arg)
{
    strcat(strcat(arg, row->name), " ");
}

static void after_blindness_what_is_on_disk_is_what_is_known(void **state)
{
    struct known_device device = some_device();
    char names[256] = "";
    struct desk desk;
    struct fault why;

    desk_open(&desk, *state);
    assert_true(ledger_put_device(desk.ledger, "tag-1", &device));
    ledger_flush(desk.ledger);
    desk_expect(&desk, "committed ");
    assert_true(ledger_put_device(desk.ledger, "tag-2", &device));
    make_blind(&desk);
    ledger_probe(desk.ledger);
    desk_expect(&desk, "sees ");
    assert_true(ledger_restore(desk.ledger, note_names, names, &why));
    assert_string_equal(names, "tag-1 ");
    desk_close(&desk);
    house_close(*state);
}

static void blind_it_still_reads_for_the_publisher(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    commit_some(&desk, 1, 3);
    make_blind(&desk);
    disk_fill();
    desk_fetch(&desk, 1, 10);
    desk_until(&desk, "fetched");
    disk_clear();
    desk_expect(&desk, "fetched:2..3 ");
    desk_close(&desk);
    house_close(*state);
}

/* What Redis confirmed while the ledger was blind is marked when it sees again. */
static void a_mark_outlives_the_blindness(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    commit_some(&desk, 1, 3);
    make_blind(&desk);
    ledger_mark_published(desk.ledger, 2, (struct utc){ 1 });
    ledger_flush(desk.ledger);
    assert_true(ledger_idle(desk.ledger));
    ledger_probe(desk.ledger);
    desk_expect(&desk, "sees ");
    desk_reopen(&desk);
    assert_int_equal(ledger_published(desk.ledger), 2);
    desk_close(&desk);
    house_close(*state);
}

static void given_up_by_its_user_it_keeps_what_is_in_flight(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    desk_hold(&desk);
    assert_true(desk_put(&desk, 1) && desk_wait(&desk, 1));
    ledger_flush(desk.ledger);
    assert_true(desk_put(&desk, 2) && desk_wait(&desk, 2));
    ledger_give_up(desk.ledger, "a change does not fit");
    assert_string_equal(desk.story, "given-up:2 blind ");
    assert_false(desk_put(&desk, 3));
    desk_release(&desk);
    desk_expect(&desk, "given-up:2 blind done:1 committed alerts:1..1 ");
    ledger_probe(desk.ledger);
    desk_expect(&desk, "sees ");
    commit_some(&desk, 2, 2);
    desk_close(&desk);
    house_close(*state);
}

static void fetch_again_and_look(struct desk *desk, char *word)
{
    if (strncmp(word, "fetched", 7) == 0)
        desk_fetch(desk, 0, 10);
    else if (strcmp(word, "sees ") == 0)
        strcat(word, ledger_idle(desk->ledger) ? "idle " : "busy ");
}

/* Then the user reads the file in the loop, so the thread must leave it alone: ledger_restore. */
static void when_it_sees_again_it_is_idle_though_the_publisher_asks_for_more(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    commit_some(&desk, 1, 3);
    make_blind(&desk);
    desk.on_word = fetch_again_and_look;
    desk_fetch(&desk, 0, 10); // goes, and the next one goes with the probe
    ledger_probe(desk.ledger);
    desk_until(&desk, "sees ");
    assert_non_null(strstr(desk.story, "sees idle "));
    desk_close(&desk);
    house_close(*state);
}

/* Else what follows gets numbers that the stream has long had, and is never sent. */
static void a_renumbering_that_fails_is_not_forgotten(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    commit_some(&desk, 1, 3);
    disk_fill();
    ledger_renumber(desk.ledger, 40);
    ledger_mark_published(desk.ledger, 40, (struct utc){ 1 });
    desk_until(&desk, "blind ");
    disk_clear();
    desk_expect(&desk, "blind ");
    ledger_probe(desk.ledger);
    desk_expect(&desk, "sees ");
    assert_true(desk_put(&desk, 4));
    ledger_flush(desk.ledger);
    desk_until(&desk, "alerts");
    loop_until(desk.base, ledger_idle(desk.ledger));
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert WHERE sequence > 40"), 4);
    assert_int_equal(ledger_sequence(desk.ledger), 44);
    desk_close(&desk);
    house_close(*state);
}

/* Redis comes, is farther, goes, and comes again, while nothing can be written. */
static void asked_twice_while_blind_it_renumbers_from_what_was_confirmed_at_first(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    commit_some(&desk, 1, 3);
    ledger_mark_published(desk.ledger, 1, (struct utc){ 1 });
    make_blind(&desk);
    for (int i = 0; i < 2; i++) {
        ledger_renumber(desk.ledger, 40);
        ledger_mark_published(desk.ledger, 40, (struct utc){ 1 });
    }
    ledger_probe(desk.ledger);
    desk_expect(&desk, "sees ");
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert WHERE sequence > 40"), 2);
    assert_int_equal(ledger_sequence(desk.ledger), 42);
    desk_close(&desk);
    house_close(*state);
}

static void closed_while_blind_it_leaves_nothing_behind(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    make_blind(&desk);
    put_by_reserve(&desk, 2);
    ledger_probe(desk.ledger);
    desk_fetch(&desk, 0, 10);
    desk_close(&desk); // whatever is under way
    desk_open(&desk, *state);
    assert_true(desk_put(&desk, 3));
    desk_close(&desk);
    house_close(*state);
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
        disk_test(blind_it_still_reads_for_the_publisher),
        disk_test(a_mark_outlives_the_blindness),
        disk_test(given_up_by_its_user_it_keeps_what_is_in_flight),
        disk_test(when_it_sees_again_it_is_idle_though_the_publisher_asks_for_more),
        disk_test(a_renumbering_that_fails_is_not_forgotten),
        disk_test(asked_twice_while_blind_it_renumbers_from_what_was_confirmed_at_first),
        disk_test(closed_while_blind_it_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
