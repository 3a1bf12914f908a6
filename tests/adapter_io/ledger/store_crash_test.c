/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 before any write or sync of a life: what was said to be on disk is, and the chain holds.
 */
#include "adapter/ledger/store_parts.h"

#include "disk.h"
#include "rows.h"
#include "store_fixture.h"
#include "syscalls.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/each.h"
#include "support/test.h"

enum { COMMITS = 6, PER_COMMIT = 4 };

/*
 * An entry, some alerts, and between them what a ledger does
 * besides; says each commit that is done.
 */
static void live(const struct testbed *testbed, int say)
{
    struct store *store = NULL;
    struct fault why;

    if (!store_open(testbed_path(testbed, "ledger.db").text, &store, &why))
        _exit(2);
    for (int i = 0; i < COMMITS; i++) {
        struct kept_entry entry = store_fixture_ping("R-1", i, "a");
        struct changes changes;

        changes_init(&changes);
        changes_add_entry(&changes, &entry);
        add_alerts(&changes, PER_COMMIT * i + 1, PER_COMMIT * (i + 1));
        if (!store_commit(store, changes.rows, (uint64_t)i, &why) || write(say, "c", 1) != 1)
            _exit(3);
        arena_fini(&changes.arena);
        if (i == 2)
            store_checkpoint(store);
        if (i == 3)
            store_fixture_retain(store, 3, 2);
        if (i == 4) {
            store_fixture_retain(store, 3, 2);
            store_checkpoint(store);
        }
    }
    store_close(store);
    _exit(0);
}

/* How many commits it said; *out_status is its end. */
static int run_a_life(const struct testbed *testbed, long kill_at, int *out_status)
{
    int pipes[2], said = 0;
    char word;
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(pipes[0]);
        syscalls_kill_at = kill_at;
        live(testbed, pipes[1]);
    }
    close(pipes[1]);
    while (read(pipes[0], &word, 1) == 1)
        said++;
    close(pipes[0]);
    assert_int_equal(waitpid(child, out_status, 0), child);
    return said;
}

/* As many commits as were said, or the one more that was in flight; each whole. */
static void check_what_is_left(const struct testbed *testbed, int said)
{
    struct store *store = store_fixture_open(testbed);
    int64_t alerts = (int64_t)store_sequence(store);

    assert_true(alerts == PER_COMMIT * said || alerts == PER_COMMIT * (said + 1));
    assert_int_equal(store_fixture_verify(testbed), alerts + alerts / PER_COMMIT);
    assert_int_equal(
        sql_number(testbed_path(testbed, "ledger.db").text, "SELECT count(*) FROM alert"), alerts);
    store_close(store);
}

/* A kill forgets nothing that was written: no disk need be waited for. */
static int sync_nothing(int fd)
{
    (void)fd;
    return 0;
}

static void begin_afresh(const struct testbed *testbed)
{
    static const char *const files[] = { "ledger.db", "ledger.db-wal", "ledger.db-shm",
                                         "ledger.db.disk", "ledger.db-wal.disk" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        testbed_remove(testbed, files[i]);
}

static void whatever_was_said_to_be_on_disk_is_and_its_chain_holds(void **state)
{
    const struct testbed *testbed = *state;
    int status = 0;
    long at = 1;

    syscalls_sync = sync_nothing;
    for (; at == 1 || !WIFEXITED(status); at += EACH) {
        begin_afresh(testbed);
        check_what_is_left(testbed, run_a_life(testbed, at, &status));
    }
    syscalls_sync = NULL;
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_in_range(at, 30, 5000);
    testbed_close(*state);
}

/* ---- kill -9, a new start, and then the power fails ---- */

/* NAME.disk: what of a file is on the disk, as far as syncs were asked for. */
static int keep_what_is_on_disk(int fd)
{
    char link[64], name[256], kept[264];
    ssize_t length;
    off_t from = 0;
    int copy;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, name, sizeof name - 1);
    name[length > 0 ? length : 0] = '\0';
    if (strstr(name, "ledger.db") == NULL)
        return 0; // the folder
    snprintf(kept, sizeof kept, "%s.disk", name);
    copy = open(kept, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    while ((length = sendfile(copy, fd, &from, 1 << 20)) > 0)
        ;
    if (copy < 0 || length < 0)
        _exit(4);
    close(copy);
    return 0;
}

static void lose_what_is_not_on_disk(const struct testbed *testbed)
{
    static const char *const files[] = { "ledger.db", "ledger.db-wal" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct path file = testbed_path(testbed, files[i]), kept;
        char name[32];

        snprintf(name, sizeof name, "%s.disk", files[i]);
        kept = testbed_path(testbed, name);
        if (rename(kept.text, file.text) != 0)
            unlink(file.text);
    }
    testbed_remove(testbed, "ledger.db-shm");
}

/* The newest alert that a start finds, and would publish; killed before it commits anything. */
static uint64_t start_and_die(const struct testbed *testbed)
{
    int pipes[2], status;
    uint64_t newest;
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        newest = store_sequence(store_fixture_open(testbed));
        _exit(write(pipes[1], &newest, sizeof newest) == sizeof newest ? 0 : 3);
    }
    close(pipes[1]);
    assert_int_equal(read(pipes[0], &newest, sizeof newest), sizeof newest);
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return newest;
}

static void what_a_start_has_read_outlives_a_power_cut(void **state)
{
    const struct testbed *testbed = *state;
    int status = 0;
    long at = 1;

    syscalls_sync = keep_what_is_on_disk;
    for (; at == 1 || !WIFEXITED(status); at += EACH) {
        struct store *store;
        uint64_t alerted, said;

        begin_afresh(testbed);
        said = (uint64_t)run_a_life(testbed, at, &status);
        alerted = start_and_die(testbed);
        lose_what_is_not_on_disk(testbed);
        store = store_fixture_open(testbed);
        if (store_sequence(store) < alerted)
            fail_msg("killed at call %ld: alert %lu was told, and %lu is the newest", at,
                     (unsigned long)alerted, (unsigned long)store_sequence(store));
        assert_true(alerted >= PER_COMMIT * said);
        store_fixture_verify(testbed);
        store_close(store);
    }
    syscalls_sync = NULL;
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_in_range(at, 30, 5000);
    testbed_close(*state);
}

/* A sync that failed once may leave pages that the next sync passes over. */
static void a_start_writes_the_log_anew(void **state)
{
    struct path log = testbed_path(*state, "ledger.db-wal");
    struct store *store;
    struct stat about;
    int status = 0;

    for (long at = 40; stat(log.text, &about) != 0 || about.st_size == 0; at++)
        run_a_life(*state, at, &status);
    syscalls_bytes = 0;
    store = store_fixture_open(*state);
    assert_true(syscalls_bytes >= about.st_size);
    store_close(store);
    testbed_close(*state);
}

/* ---- what a commit costs the disk ---- */

static void every_commit_is_synced_before_it_is_told(void **state)
{
    struct store *store = store_fixture_open(*state);
    sqlite3_stmt *asked;

    assert_int_equal(sqlite3_prepare_v2(store->db, "PRAGMA synchronous", -1, &asked, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(asked), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(asked, 0), 2); // FULL
    sqlite3_finalize(asked);
    for (int i = 0; i < 10; i++) {
        struct kept_entry entry = store_fixture_ping("R-1", i, "a");
        long writes = syscalls_writes, syncs = syscalls_syncs;

        assert_true(store_fixture_put(store, &entry, 1));
        assert_true(syscalls_writes > writes);
        assert_true(syscalls_syncs > syncs);
    }
    store_close(store);
    testbed_close(*state);
}

/* A link to the file, or to its folder, is the same ledger. */
static void a_second_one_is_refused_by_whatever_name_it_comes(void **state)
{
    struct path file = testbed_path(*state, "ledger.db"), link = testbed_path(*state, "link.db");
    struct path folder = testbed_path(*state, "folder");
    struct store *store = store_fixture_open(*state), *second = NULL;
    struct fault why;
    char through[160];

    assert_int_equal(symlink(file.text, link.text), 0);
    assert_false(store_open(link.text, &second, &why));
    assert_non_null(strstr(why.text, "another breachd has it"));
    assert_int_equal(symlink(((const struct testbed *)*state)->dir, folder.text), 0);
    snprintf(through, sizeof through, "%s/ledger.db", folder.text);
    assert_false(store_open(through, &second, &why));
    assert_non_null(strstr(why.text, "another breachd has it"));
    store_close(store);
    assert_true(store_open(link.text, &second, &why));
    store_close(second);
    testbed_close(*state);
}

/* ---- since when nobody has watched ---- */

static void a_first_start_has_no_gap_and_a_lost_lock_makes_none_shorter(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct kept_entry entry = store_fixture_ping("R-1", 1592943245001, "a");

    assert_int_equal(store_alive(store).ms, UTC_ALWAYS.ms);
    assert_true(store_fixture_put(store, &entry, 1));
    store_close(store);
    store = store_fixture_open(*state);
    assert_true(store_alive(store).ms > 1592943245001); // as the lock's file says
    store_close(store);
    testbed_remove(*state, "ledger.db-lock");
    store = store_fixture_open(*state);
    assert_int_equal(store_alive(store).ms, 1592943245001);
    store_close(store);
    testbed_close(*state);
}

/* By our clock, which need not be the wall's; and not by an exercise's, that entries may have. */
static void the_mark_of_life_is_the_time_that_it_is_given(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct kept_entry entry = store_fixture_ping("R-1", 4102444800000, "a");

    assert_true(store_fixture_put(store, &entry, 1));
    store_touch(store, (struct utc){ 1592943245123 });
    store_close(store);
    store = store_fixture_open(*state);
    assert_int_equal(store_alive(store).ms, 1592943245123);
    store_close(store);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        disk_test(whatever_was_said_to_be_on_disk_is_and_its_chain_holds),
        disk_test(what_a_start_has_read_outlives_a_power_cut),
        disk_test(a_start_writes_the_log_anew),
        disk_test(every_commit_is_synced_before_it_is_told),
        disk_test(a_second_one_is_refused_by_whatever_name_it_comes),
        disk_test(a_first_start_has_no_gap_and_a_lost_lock_makes_none_shorter),
        disk_test(the_mark_of_life_is_the_time_that_it_is_given),
    };

    return cmocka_run_group_tests_name("store_crash", tests, NULL, NULL);
}
