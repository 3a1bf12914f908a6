/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger's file: how it is made, whose it is, and what lies beside it. */
#include "adapter/ledger/changes.h"
#include "adapter/ledger/store.h"

#include "disk.h"
#include "rows.h"
#include "sql.h"
#include "store_fixture.h"
#include "support/testbed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

/* A file's bytes, as text for comparing. */
struct bytes {
    char *of;
    long n;
};

static struct bytes take_bytes(const char *path)
{
    struct bytes bytes;
    FILE *file = fopen(path, "rbe");

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    bytes.n = ftell(file);
    bytes.of = malloc((size_t)bytes.n + 1);
    assert_non_null(bytes.of);
    rewind(file);
    assert_int_equal(fread(bytes.of, 1, (size_t)bytes.n, file), bytes.n);
    fclose(file);
    return bytes;
}

/* Asserts that the file is refused, with its path and `why`, and not a byte of it changes. */
static void expect_refused(const struct testbed *testbed, const char *why)
{
    struct path path = testbed_path(testbed, "ledger.db");
    struct bytes before = take_bytes(path.text), after;
    struct store *untouched = (struct store *)&before, *store = untouched;
    struct fault said;

    assert_false(store_open(path.text, &store, &said));
    assert_ptr_equal(store, untouched);
    if (strstr(said.text, path.text) == NULL || strstr(said.text, why) == NULL)
        fail_msg("\"%s\" lacks \"%s\" or its path", said.text, why);
    after = take_bytes(path.text);
    assert_int_equal(after.n, before.n);
    assert_memory_equal(after.of, before.of, (size_t)before.n);
    free(before.of);
    free(after.of);
}

static void a_new_file_says_whose_it_is(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");

    store_close(store_fixture_open(*state));
    assert_int_equal(sql_number(path.text, "PRAGMA application_id"), 0x62726368); // "brch"
    assert_int_equal(sql_number(path.text, "PRAGMA user_version"), 4);
    assert_int_equal(sql_number(path.text, "SELECT count(*) FROM sqlite_master WHERE name IN"
                                           " ('device','incident','alert','mark','entry')"),
                     5);
    assert_int_equal(sql_number(path.text, "SELECT count(*) FROM pragma_journal_mode"
                                           " WHERE journal_mode = 'wal'"),
                     1);
    testbed_close(*state);
}

static void an_empty_file_becomes_a_ledger(void **state)
{
    testbed_write(*state, "ledger.db", "", 0);
    store_close(store_fixture_open(*state));
    store_close(store_fixture_open(*state));
    testbed_close(*state);
}

static void a_database_of_somebody_else_is_left_as_it_is(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");

    sql_run(path.text, "CREATE TABLE mine(a); INSERT INTO mine VALUES (1)");
    expect_refused(*state, "no ledger of breachd");
    sql_run(path.text, "PRAGMA application_id = 7; PRAGMA user_version = 1");
    expect_refused(*state, "no ledger of breachd");
    sql_run(path.text, "DROP TABLE mine; VACUUM"); // even without a table it says whose it is
    expect_refused(*state, "no ledger of breachd");
    testbed_close(*state);
}

/* Its last owner was killed: what it wrote last stands in its log, which is not ours to move. */
static void a_log_of_somebody_else_is_left_as_it_is(void **state)
{
    struct path path = testbed_path(*state, "ledger.db"),
                wal = testbed_path(*state, "ledger.db-wal");
    struct bytes before, after;
    sqlite3 *theirs;

    sql_run(path.text, "PRAGMA journal_mode = WAL; CREATE TABLE mine(a)");
    theirs = sql_open(path.text);
    assert_int_equal(sqlite3_exec(theirs, "INSERT INTO mine VALUES (1)", NULL, NULL, NULL), 0);
    testbed_copy(*state, path.text, "copy");
    testbed_copy(*state, wal.text, "copy-wal");
    sqlite3_close(theirs);
    testbed_remove(*state, "ledger.db");
    assert_int_equal(rename(testbed_path(*state, "copy").text, path.text), 0);
    assert_int_equal(rename(testbed_path(*state, "copy-wal").text, wal.text), 0);
    before = take_bytes(wal.text);
    expect_refused(*state, "no ledger of breachd");
    assert_int_equal(access(wal.text, F_OK), 0);
    after = take_bytes(wal.text);
    assert_int_equal(after.n, before.n);
    assert_memory_equal(after.of, before.of, (size_t)before.n);
    free(before.of);
    free(after.of);
    testbed_close(*state);
}

/* From two bytes on: SQLite takes a file of one for an empty one. */
static void a_text_is_left_as_it_is_however_long(void **state)
{
    static const size_t sizes[] = { 2, 15, 16, 99, 100, 511, 512, 4096, 10000 };
    char text[10000];

    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        testbed_write(*state, "ledger.db", text, sizes[i]);
        expect_refused(*state, "not a database");
    }
    testbed_close(*state);
}

static void a_later_schema_is_left_as_it_is(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");

    store_close(store_fixture_open(*state));
    sql_run(path.text, "PRAGMA user_version = 5");
    expect_refused(*state, "schema 5; this breachd knows 4");
    sql_run(path.text, "PRAGMA user_version = 4");
    store_close(store_fixture_open(*state));
    testbed_close(*state);
}

static void a_ledger_without_its_marks_is_refused(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");

    store_close(store_fixture_open(*state));
    sql_run(path.text, "DELETE FROM mark");
    expect_refused(*state, "its marks are missing");
    testbed_close(*state);
}

static void whoever_comes_second_is_refused(void **state)
{
    struct store *first = store_fixture_open(*state);

    expect_refused(*state, "another breachd has it");
    store_close(first);
    store_close(store_fixture_open(*state));
    testbed_close(*state);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct store *store = NULL;
    struct fault why;

    assert_false(store_open(testbed_path(*state, "nowhere/ledger.db").text, &store, &why));
    assert_non_null(strstr(why.text, "nowhere/ledger.db"));
    assert_non_null(strstr(why.text, "No such file or directory"));
    assert_null(store);
    testbed_close(*state);
}

static void what_was_refused_may_be_opened_by_its_owner(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");

    sql_run(path.text, "CREATE TABLE mine(a)");
    expect_refused(*state, "no ledger of breachd");
    sql_run(path.text, "INSERT INTO mine VALUES (1)"); // nobody holds a lock on it
    assert_int_equal(access(testbed_path(*state, "ledger.db-reserve").text, F_OK), -1);
    testbed_close(*state);
}

/* ---- the reserve, and the log ---- */

static off_t size_of(const struct testbed *testbed, const char *name)
{
    struct stat about;

    return stat(testbed_path(testbed, name).text, &about) == 0 ? about.st_size : -1;
}

static void the_reserve_is_given_up_and_made_again(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct stat about;
    struct fault why;

    assert_int_equal(size_of(*state, "ledger.db-reserve"), LEDGER_RESERVE_BYTES);
    assert_int_equal(stat(testbed_path(*state, "ledger.db-reserve").text, &about), 0);
    assert_true(about.st_blocks * 512 >= LEDGER_RESERVE_BYTES); // not a hole
    store_release_reserve(store);
    assert_int_equal(size_of(*state, "ledger.db-reserve"), -1);
    store_release_reserve(store); // twice is fine
    assert_true(store_refill_reserve(store, &why));
    assert_true(store_refill_reserve(store, &why));
    assert_int_equal(size_of(*state, "ledger.db-reserve"), LEDGER_RESERVE_BYTES);
    store_close(store);
    testbed_close(*state);
}

/* It was given up for the last words, and breachd is started while the disk is full still. */
static void without_room_for_it_the_store_opens_and_makes_it_later(void **state)
{
    // Less than the reserve, and more than all that an open makes.
    const struct rlimit little = { LEDGER_RESERVE_BYTES / 2, RLIM_INFINITY };
    struct store *store = store_fixture_open(*state);

    store_release_reserve(store);
    store_close(store);
    disk_fill(); // and nothing is killed for what it writes
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    store = store_fixture_open(*state);
    assert_int_equal(size_of(*state, "ledger.db-reserve"), -1);
    store_mend_reserve(store);
    assert_int_not_equal(size_of(*state, "ledger.db-reserve"), LEDGER_RESERVE_BYTES);
    disk_clear();
    store_mend_reserve(store);
    assert_int_equal(size_of(*state, "ledger.db-reserve"), LEDGER_RESERVE_BYTES);
    store_release_reserve(store); // for last words: that is no want of it
    store_mend_reserve(store);
    assert_int_equal(size_of(*state, "ledger.db-reserve"), -1);
    store_close(store);
    testbed_close(*state);
}

static void a_full_disk_does_not_refill_it(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct fault why;

    store_release_reserve(store);
    disk_fill();
    assert_false(store_refill_reserve(store, &why));
    disk_clear();
    assert_non_null(strstr(why.text, "ledger.db-reserve: "));
    assert_true(store_refill_reserve(store, &why));
    store_close(store);
    testbed_close(*state);
}

/* A full disk may still take a commit that changes nothing; a probe is not fooled by that. */
static void a_probe_fails_while_the_disk_is_full_with_its_reserve_or_without(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct fault why;

    assert_true(store_probe(store, &why) && store_probe(store, &why));
    for (int without = 0; without < 2; without++) {
        if (without)
            store_release_reserve(store);
        disk_fill();
        assert_false(store_probe(store, &why));
        assert_false(store_probe(store, &why));
        disk_clear();
        assert_true(strlen(why.text) > 0);
        assert_true(store_probe(store, &why));
        assert_int_equal(size_of(*state, "ledger.db-reserve"), LEDGER_RESERVE_BYTES);
    }
    assert_int_equal(store_sequence(store), 0);
    store_close(store);
    testbed_close(*state);
}

/* 300 alerts a commit; a commit never moves the log, a checkpoint does once it is worth it. */
static void the_log_moves_into_the_file_by_a_checkpoint_alone(void **state)
{
    struct store *store = store_fixture_open(*state);
    off_t log = 0, small = size_of(*state, "ledger.db");
    struct fault why;

    store_checkpoint(store); // nothing to do yet
    for (int i = 0; i < 100; i++) {
        struct changes changes;

        changes_init(&changes);
        add_alerts(&changes, 1, 300);
        assert_true(store_commit(store, changes.rows, 0, &why));
        arena_fini(&changes.arena);
    }
    assert_int_equal(size_of(*state, "ledger.db"), small);
    log = size_of(*state, "ledger.db-wal");
    assert_true(log > 4 * 1024 * 1024);
    store_checkpoint(store);
    assert_true(size_of(*state, "ledger.db") > 100 * small / 50);
    store_close(store);
    store = store_fixture_open(*state);
    assert_int_equal(store_sequence(store), 30000);
    store_close(store);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        disk_test(a_new_file_says_whose_it_is),
        disk_test(an_empty_file_becomes_a_ledger),
        disk_test(a_database_of_somebody_else_is_left_as_it_is),
        disk_test(a_log_of_somebody_else_is_left_as_it_is),
        disk_test(a_text_is_left_as_it_is_however_long),
        disk_test(a_later_schema_is_left_as_it_is),
        disk_test(a_ledger_without_its_marks_is_refused),
        disk_test(whoever_comes_second_is_refused),
        disk_test(a_folder_that_is_not_there_is_named),
        disk_test(what_was_refused_may_be_opened_by_its_owner),
        disk_test(the_reserve_is_given_up_and_made_again),
        disk_test(without_room_for_it_the_store_opens_and_makes_it_later),
        disk_test(a_full_disk_does_not_refill_it),
        disk_test(a_probe_fails_while_the_disk_is_full_with_its_reserve_or_without),
        disk_test(the_log_moves_into_the_file_by_a_checkpoint_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
