/* SPDX-License-Identifier: Apache-2.0 */
/* The chain in the ledger's file: what becomes a link, what retention takes, what it must not. */
#include "adapter/ledger/store_parts.h"

#include "disk.h"
#include "rows.h"
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static int64_t ask(const struct testbed *testbed, const char *sql)
{
    return sql_number(testbed_path(testbed, "ledger.db").text, sql);
}

/* ---- links ---- */

static void entries_and_alerts_are_links_in_the_order_of_their_rows(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct kept_entry first = store_fixture_ping("R-1", 1000, "a"),
                      last = store_fixture_ping("R-2", 1001, "b");
    struct kept_alert alert = some_alert(1);
    struct changes changes;
    struct fault why;

    alert.judged = true;
    changes_init(&changes);
    assert_true(changes_add_entry(&changes, &first) && changes_add_alert(&changes, &alert) &&
                changes_add_entry(&changes, &last));
    assert_true(store_commit(store, changes.rows, 0, &why));
    arena_fini(&changes.arena);
    assert_int_equal(store_fixture_verify(*state), 3);
    assert_int_equal(ask(*state, "SELECT entry FROM alert"), 2);
    assert_int_equal(ask(*state, "SELECT evidence FROM entry WHERE kind = 'alert'"), 1);
    assert_int_equal(ask(*state, "SELECT count(*) FROM entry WHERE kind = 'alert' AND at ="
                                 " 1592943245002 AND respondent = 'R-1' AND body IS NULL"),
                     1);
    store_close(store);
    testbed_close(*state);
}

static void the_chain_goes_on_after_opening_again(void **state)
{
    for (int i = 0; i < 3; i++) {
        struct store *store = store_fixture_open(*state);
        struct kept_entry entry = store_fixture_ping("R-1", 1000 + i, "a");

        assert_true(store_fixture_put(store, &entry, 1));
        store_close(store);
    }
    assert_int_equal(store_fixture_verify(*state), 3);
    testbed_close(*state);
}

static void a_text_is_kept_once(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct kept_entry text = {
        .kind = "order", .respondent = "", .evidence = true, .once = true, .body = "{}"
    };
    struct kept_entry entries[] = { text, text, text, store_fixture_ping("R-1", 5, "a"), text };

    entries[2].kind = "settings"; // another kind of the same body
    assert_true(store_fixture_put(store, entries, 5));
    assert_true(store_fixture_put(store, entries, 3));
    assert_int_equal(store_fixture_verify(*state), 3);
    store_close(store);
    testbed_close(*state);
}

/* What could not be committed leaves no trace: the next link follows what is on disk. */
static void a_commit_that_failed_does_not_move_the_head(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct kept_entry entries[3];

    for (int i = 0; i < 3; i++)
        entries[i] = store_fixture_ping("R-1", i, "a");
    assert_true(store_fixture_put(store, entries, 2));
    for (int i = 0; i < 3; i++) {
        disk_fill();
        assert_false(store_fixture_put(store, entries, 3));
        disk_clear();
        assert_int_equal(store->head.number, 2);
    }
    assert_true(store_fixture_put(store, entries, 3));
    assert_int_equal(store_fixture_verify(*state), 5);
    store_close(store);
    store = store_fixture_open(*state);
    assert_int_equal(store->head.number, 5);
    store_close(store);
    testbed_close(*state);
}

static void a_row_that_cannot_be_put_takes_the_whole_commit_with_it(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct kept_entry entry = store_fixture_ping("R-1", 1, "a");
    struct kept_alert alert = some_alert(1);
    struct changes changes;
    struct fault why;

    alert.event = "{}";
    changes_init(&changes);
    assert_true(changes_add_entry(&changes, &entry) && changes_add_alert(&changes, &alert));
    changes.rows->next->alert.severity = NULL; // NOT NULL
    assert_false(store_commit(store, changes.rows, 0, &why));
    arena_fini(&changes.arena);
    assert_int_equal(store_fixture_verify(*state), 0);
    assert_int_equal(store->head.number, 0);
    assert_true(store_fixture_put(store, &entry, 1));
    assert_int_equal(store_fixture_verify(*state), 1);
    store_close(store);
    testbed_close(*state);
}

static void renumbering_alerts_leaves_their_links(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct changes changes;
    struct fault why;

    changes_init(&changes);
    add_alerts(&changes, 1, 5);
    assert_true(store_commit(store, changes.rows, 2, &why));
    arena_fini(&changes.arena);
    assert_true(store_renumber(store, 2, 40, &why));
    assert_int_equal(ask(*state, "SELECT max(sequence) FROM alert"), 43);
    assert_int_equal(store_fixture_verify(*state), 5);
    store_close(store);
    testbed_close(*state);
}

/* ---- what is evidence ---- */

#define MINUTES (60 * 1000)

/* Pings of R-1 each minute from 1 to 60, each tenth a start, and of R-2 in between. */
static struct store *an_hour(const struct testbed *testbed)
{
    struct store *store = store_fixture_open(testbed);

    for (int i = 1; i <= 60; i++) {
        char word[32];
        struct kept_entry entries[2];

        snprintf(word, sizeof word, "minute-%d-", i);
        entries[0] = store_fixture_ping("R-1", i * MINUTES, word);
        entries[0].start = i % 10 == 0;
        entries[1] = store_fixture_ping("R-2", i * MINUTES, "other");
        entries[1].start = i % 10 == 5;
        assert_true(store_fixture_put(store, entries, 2));
    }
    return store;
}

static void evidence_reaches_back_to_the_newest_start_before(void **state)
{
    struct store *store = an_hour(*state);

    assert_true(store_fixture_mark(store, "R-1", 47 * MINUTES));
    assert_int_equal(ask(*state, "SELECT count(*) FROM entry WHERE evidence = 2"), 21);
    assert_int_equal(ask(*state, "SELECT min(at) FROM entry WHERE evidence = 2"), 40 * MINUTES);
    assert_int_equal(ask(*state, "SELECT json_extract(body, '$.from') FROM entry WHERE kind ="
                                 " 'evidence' AND respondent = 'R-1'"),
                     79);
    assert_true(store_fixture_mark(store, "R-1", 47 * MINUTES)); // it is already: nothing to say
    assert_int_equal(ask(*state, "SELECT count(*) FROM entry WHERE kind = 'evidence'"), 1);
    assert_int_equal(ask(*state, "SELECT count(*) FROM entry WHERE evidence <> 0"
                                 " AND respondent = 'R-2'"),
                     0);
    store_close(store);
    testbed_close(*state);
}

static void a_start_at_that_very_instant_is_far_enough(void **state)
{
    struct store *store = an_hour(*state);

    assert_true(store_fixture_mark(store, "R-1", 50 * MINUTES));
    assert_int_equal(ask(*state, "SELECT min(at) FROM entry WHERE evidence <> 0"), 50 * MINUTES);
    store_close(store);
    testbed_close(*state);
}

/* Before the first start, or when its body is gone: what there is since then. */
static void without_a_start_it_is_what_was_kept_since(void **state)
{
    struct store *store = an_hour(*state);

    assert_true(store_fixture_mark(store, "R-1", 7 * MINUTES));
    assert_int_equal(ask(*state, "SELECT min(at) FROM entry WHERE evidence <> 0"), 7 * MINUTES);
    assert_true(store_fixture_mark(store, "R-9", 7 * MINUTES)); // of whom nothing is kept
    store_close(store);
    testbed_close(*state);
}

/* ---- retention ---- */

static void retention_takes_what_is_old_and_no_evidence(void **state)
{
    struct store *store = an_hour(*state);

    assert_true(store_fixture_mark(store, "R-1", 47 * MINUTES));
    while (store_fixture_retain(store, 50 * MINUTES, 7))
        ;
    // Of R-1 minutes 40 to 60 are evidence, 1 to 39 go; of R-2 1 to 49.
    assert_int_equal(ask(*state, "SELECT count(*) FROM entry WHERE body IS NULL"), 39 + 49);
    assert_int_equal(ask(*state, "SELECT count(*) FROM entry WHERE body IS NULL AND evidence <> 0"),
                     0);
    assert_int_equal(ask(*state, "SELECT min(at) FROM entry WHERE body IS NOT NULL"), 40 * MINUTES);
    assert_int_equal(store_fixture_verify(*state), 120);
    store_close(store);
    testbed_close(*state);
}

static void it_takes_the_oldest_first_and_no_more_than_its_limit(void **state)
{
    struct store *store = an_hour(*state);

    for (int step = 1; step <= 3; step++) {
        assert_true(store_fixture_retain(store, 60 * MINUTES, 10));
        assert_int_equal(ask(*state, "SELECT count(*) FROM entry WHERE body IS NULL"), 10 * step);
        assert_int_equal(ask(*state, "SELECT max(at) FROM entry WHERE body IS NULL"),
                         5 * step * MINUTES);
    }
    assert_false(store_fixture_retain(store, 15 * MINUTES, 10)); // nothing more so old
    store_close(store);
    testbed_close(*state);
}

static void texts_and_alerts_are_never_taken(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct kept_entry text = { .kind = "order", .respondent = "", .evidence = true, .body = "{}" };
    struct changes changes;
    struct fault why;

    assert_true(store_fixture_put(store, &text, 1));
    changes_init(&changes);
    add_alerts(&changes, 1, 3);
    assert_true(store_commit(store, changes.rows, 0, &why));
    arena_fini(&changes.arena);
    assert_false(store_fixture_retain(store, INT64_MAX, 100));
    assert_int_equal(store_fixture_verify(*state), 4);
    assert_int_equal(ask(*state, "SELECT count(*) FROM entry WHERE body IS NOT NULL"), 1);
    store_close(store);
    testbed_close(*state);
}

/* Six alerts of a device, of which number 2 is evidence and number 3 needs somebody. */
static void put_device_alerts(struct store *store)
{
    struct changes changes;
    struct fault why;

    changes_init(&changes);
    for (int i = 1; i <= 6; i++) {
        struct kept_alert alert = some_alert(i);

        alert.incident = i == 3 ? "device/tag-1/tamper/2" : "device/tag-1/tamper/1";
        alert.passing = i != 2;
        alert.received.ms = i * MINUTES;
        alert.effect = EFFECT_NONE;
        alert.todo = i == 3 ? EFFECT_OPEN : EFFECT_NONE;
        assert_true(changes_add_alert(&changes, &alert));
    }
    assert_true(store_commit(store, changes.rows, 5, &why)); // number 5 is published
    arena_fini(&changes.arena);
}

/* What a device said of itself goes in time; its link stays, and so does what somebody needs. */
static void alerts_of_devices_go_when_nobody_needs_them(void **state)
{
    struct store *store = store_fixture_open(*state);

    put_device_alerts(store);
    assert_false(store_fixture_retain_alerts(store, 1 * MINUTES, 100)); // none is so old
    assert_int_equal(ask(*state, "SELECT count(*) FROM alert"), 6);
    assert_true(store_fixture_retain_alerts(store, 4 * MINUTES, 1)); // number 1
    assert_false(store_fixture_retain_alerts(store, 4 * MINUTES, 100));
    assert_int_equal(ask(*state, "SELECT count(*) FROM alert"), 5);
    assert_false(
        store_fixture_retain_alerts(store, INT64_MAX, 100)); // 4; 5 is the newest published
    assert_int_equal(ask(*state, "SELECT sum(1 << sequence) FROM alert"),
                     1 << 2 | 1 << 3 | 1 << 5 | 1 << 6);
    assert_int_equal(store_fixture_verify(*state), 6);
    store_close(store);
    testbed_close(*state);
}

/* A body is somebody's place: it must be gone from the disk, not only from the table. */
static void what_is_taken_stands_in_no_file_any_more(void **state)
{
    struct store *store = an_hour(*state);

    store_checkpoint(store); // so that both files hold it
    assert_true(store_fixture_holds(*state, "ledger.db", "minute-20-"));
    assert_true(store_fixture_mark(store, "R-1", 47 * MINUTES));
    while (store_fixture_retain(store, 30 * MINUTES, 9))
        assert_int_equal(store_wants_checkpoint(store), STORE_FINE); // not before it is through
    assert_int_equal(store_wants_checkpoint(store), STORE_WHEN_IDLE);
    store_checkpoint(store);
    assert_int_equal(store_wants_checkpoint(store), STORE_FINE);
    for (int i = 1; i < 30; i++) {
        char word[32];

        snprintf(word, sizeof word, "minute-%d-", i);
        assert_false(store_fixture_holds(*state, "ledger.db", word));
        assert_false(store_fixture_holds(*state, "ledger.db-wal", word));
    }
    assert_true(store_fixture_holds(*state, "ledger.db", "minute-30-"));
    assert_true(store_fixture_holds(*state, "ledger.db", "minute-45-"));
    assert_int_equal(store_fixture_verify(*state), 120);
    store_close(store);
    testbed_close(*state);
}

/*
 * A reader keeps the log from being emptied; nobody waits for it, and the next round tries again.
 */
static void a_reader_only_puts_it_off(void **state)
{
    struct store *store = an_hour(*state);
    sqlite3 *reader = sql_open(testbed_path(*state, "ledger.db").text);
    int64_t began = now_ms();

    assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM entry", NULL, NULL, NULL),
                     SQLITE_OK);
    while (store_fixture_retain(store, 30 * MINUTES, 100))
        ;
    store_checkpoint(store);
    assert_true(now_ms() - began < PATIENCE_MS); // it is not the reader's end that was waited for
    assert_true(store_fixture_holds(*state, "ledger.db-wal", "minute-20-"));
    assert_int_equal(store_wants_checkpoint(store), STORE_FINE); // not every moment
    sqlite3_close(reader);
    assert_false(store_fixture_retain(store, 30 * MINUTES, 100)); // a minute later
    assert_int_equal(store_wants_checkpoint(store), STORE_WHEN_IDLE);
    store_checkpoint(store);
    assert_false(store_fixture_holds(*state, "ledger.db-wal", "minute-20-"));
    assert_false(store_fixture_holds(*state, "ledger.db", "minute-20-"));
    store_close(store);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        disk_test(entries_and_alerts_are_links_in_the_order_of_their_rows),
        disk_test(the_chain_goes_on_after_opening_again),
        disk_test(a_text_is_kept_once),
        disk_test(a_commit_that_failed_does_not_move_the_head),
        disk_test(a_row_that_cannot_be_put_takes_the_whole_commit_with_it),
        disk_test(renumbering_alerts_leaves_their_links),
        disk_test(evidence_reaches_back_to_the_newest_start_before),
        disk_test(a_start_at_that_very_instant_is_far_enough),
        disk_test(without_a_start_it_is_what_was_kept_since),
        disk_test(retention_takes_what_is_old_and_no_evidence),
        disk_test(it_takes_the_oldest_first_and_no_more_than_its_limit),
        disk_test(texts_and_alerts_are_never_taken),
        disk_test(alerts_of_devices_go_when_nobody_needs_them),
        disk_test(what_is_taken_stands_in_no_file_any_more),
        disk_test(a_reader_only_puts_it_off),
    };

    return cmocka_run_group_tests_name("store_chain", tests, NULL, NULL);
}
