/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger of the schema before is brought up to date, whole or not at all. */
#include "adapter/ledger/store_parts.h"

#include "disk.h"
#include "store_fixture.h"
#include "support/each.h"
#include "support/near.h"
#include "syscalls.h"
#include "version_1.h"
#include "version_2.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

static void make_version_1(const struct testbed *testbed)
{
    struct path path = testbed_path(testbed, "ledger.db");

    testbed_remove(testbed, "ledger.db");
    testbed_remove(testbed, "ledger.db-wal");
    testbed_remove(testbed, "ledger.db-shm");
    sql_run(path.text, version_1);
    sql_run(path.text, version_1_life);
}

static int64_t ask(const struct testbed *testbed, const char *sql)
{
    return sql_number(testbed_path(testbed, "ledger.db").text, sql);
}

struct found {
    size_t n;
    struct known_device devices[4]; // by the last digit of the tag
    struct incident home, work;
};

static void on_row(const struct row *row, void *arg)
{
    struct found *found = arg;

    found->n++;
    if (row->kind == ROW_DEVICE)
        found->devices[row->name[4] - '0'] = row->device;
    else if (strcmp(row->name, "A/home") == 0)
        found->home = row->incident;
    else
        found->work = row->incident;
}

/* All of version_1_life. */
static void assert_life(struct store *store)
{
    struct found found = { 0 };
    const struct known_device *one = &found.devices[1], *two = &found.devices[2];
    struct fault why;

    if (!store_restore(store, on_row, &found, &why))
        fail_msg("%s", why.text);
    assert_int_equal(found.n, 5);
    assert_true(one->heard && one->near && one->tampered && !one->clock_wrong && !one->battery_low);
    assert_int_equal(one->newest.time.ms, 1592943245001);
    assert_near(one->newest.at.lon, 0.45782, 1e-13); // SQLite prints 15 digits: 0.1 micrometres
    assert_near(one->newest.at.lat, 51.56844, 1e-12);
    assert_near(one->newest.accuracy, 8.25, 0);
    assert_int_equal(one->alerts, 7);
    assert_true(two->heard && !two->near && two->battery_low && isnan(two->newest.accuracy));
    assert_false(found.devices[3].heard);
    assert_int_equal(found.home.phase, PHASE_BREACH);
    assert_true(found.home.authorised);
    assert_true(found.home.number == 4000000001u && found.home.numbers == 4000000002u);
    assert_true(found.home.alerts == 12 && found.home.pings == 9);
    assert_int_equal(found.home.opened.ms, 1592943240000);
    assert_int_equal(found.home.alerted.ms, 1592943245000);
    assert_int_equal(found.home.ended.ms, UTC_NEVER.ms);
    assert_int_equal(found.home.entered.ms, 1592943240001);
    assert_true(found.home.before_from.ms == 11 && found.home.before_until.ms == 12);
    assert_true(found.home.late.from.ms == 13 && found.home.late.until.ms == 14);
    assert_true(found.work.phase == PHASE_NONE && found.work.ended.ms == 6);
    assert_int_equal(store_sequence(store), 42);
    assert_int_equal(store_published(store), 41);
}

static void a_ledger_of_schema_1_becomes_one_of_today(void **state)
{
    struct store *store;
    struct kept_entry entry = store_fixture_ping("R-1", 1, "a");

    make_version_1(*state);
    store = store_fixture_open(*state);
    assert_life(store);
    assert_int_equal(ask(*state, "PRAGMA user_version"), SCHEMA_VERSION);
    assert_int_equal(ask(*state, "SELECT count(*) FROM alert WHERE entry = 0"), 2);
    assert_int_equal(ask(*state, "SELECT count(*) FROM sqlite_master WHERE name IN"
                                 " ('device_1', 'incident_1')"),
                     0);
    assert_int_equal(ask(*state, "SELECT sequence FROM todo WHERE incident = 'A/home/1'"), 42);
    assert_true(store_fixture_put(store, &entry, 1));
    store_close(store);
    store = store_fixture_open(*state); // once is enough
    assert_life(store);
    store_close(store);
    assert_int_equal(store_fixture_verify(*state), 1);
    testbed_close(*state);
}

/* The tables are the same whichever way they came; the view says how pages were written. */
static void a_migrated_ledger_has_the_tables_of_a_new_one(void **state)
{
    static const char sql[] =
        "ATTACH '%s' AS other; CREATE TEMP TABLE differs AS"
        " SELECT m.name FROM (SELECT s.name AS name, p.name AS col, p.type, p.pk FROM"
        " main.sqlite_master s, pragma_table_info(s.name, 'main') p EXCEPT SELECT s.name, p.name,"
        " p.type, p.pk FROM other.sqlite_master s, pragma_table_info(s.name, 'other') p) m"
        " WHERE m.name <> 'gaps_cleared'";
    sqlite3 *db;
    sqlite3_stmt *count;
    char text[1024];

    make_version_1(*state);
    store_close(store_fixture_open(*state));
    assert_int_equal(
        rename(testbed_path(*state, "ledger.db").text, testbed_path(*state, "old").text), 0);
    store_close(store_fixture_open(*state));
    for (int i = 0; i < 2; i++) {
        db = sql_open(testbed_path(*state, i ? "ledger.db" : "old").text);
        snprintf(text, sizeof text, sql, testbed_path(*state, i ? "old" : "ledger.db").text);
        if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s", sqlite3_errmsg(db));
        sqlite3_prepare_v2(db, "SELECT count(*) FROM differs", -1, &count, NULL);
        assert_int_equal(sqlite3_step(count), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(count, 0), 0);
        sqlite3_finalize(count);
        sqlite3_close(db);
    }
    testbed_close(*state);
}

static void assert_life_anew(const struct testbed *testbed)
{
    struct store *store = store_fixture_open(testbed);

    assert_life(store);
    store_close(store);
}

/* A kill forgets nothing that was written: no disk need be waited for. */
static int sync_nothing(int fd)
{
    (void)fd;
    return 0;
}

/* Killed before each write and each sync that opening does, until it comes through. */
static void kill_at_each(const struct testbed *testbed, void (*make)(const struct testbed *),
                         void (*check)(const struct testbed *))
{
    long killed = 0;

    syscalls_sync = sync_nothing;
    for (long at = 1;; at += EACH) {
        struct store *store;
        int status;
        pid_t child;

        make(testbed);
        child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct fault why;

            syscalls_kill_at = at;
            store_close(store_open(testbed_path(testbed, "ledger.db").text, &store, &why) ? store
                                                                                          : NULL);
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        check(testbed);
        if (WIFEXITED(status))
            break;
        assert_int_equal(WTERMSIG(status), SIGKILL);
        killed++;
    }
    syscalls_sync = NULL;
    assert_in_range(killed, 5, 1000);
}

static void killed_in_the_middle_it_is_brought_up_to_date_the_next_time(void **state)
{
    kill_at_each(*state, make_version_1, assert_life_anew);
    testbed_close(*state);
}

static void a_full_disk_leaves_schema_1_for_the_next_time(void **state)
{
    struct store *store = NULL;
    struct fault why;

    make_version_1(*state);
    disk_fill();
    assert_false(store_open(testbed_path(*state, "ledger.db").text, &store, &why));
    disk_clear();
    assert_int_equal(ask(*state, "PRAGMA user_version"), 1);
    store = store_fixture_open(*state);
    assert_life(store);
    store_close(store);
    testbed_close(*state);
}

/* ---- schema 2: its chain is closed ---- */

static void make_anew_version_2(const struct testbed *testbed)
{
    testbed_remove(testbed, "ledger.db");
    testbed_remove(testbed, "ledger.db-wal");
    testbed_remove(testbed, "ledger.db-shm");
    version_2_make(testbed_path(testbed, "ledger.db").text);
}

static void assert_closed_and_going_on(const struct testbed *testbed)
{
    struct store *store = store_fixture_open(testbed);
    struct kept_entry entry = store_fixture_ping("R-1", 1592943249000, "a");

    assert_true(store_fixture_put(store, &entry, 1));
    store_close(store);
    assert_int_equal(store_fixture_verify(testbed), VERSION_2_ENTRIES + 1);
    assert_int_equal(ask(testbed, "SELECT count(*) FROM entry WHERE kind = 'migrated'"), 1);
    assert_int_equal(ask(testbed, "SELECT number FROM entry WHERE kind = 'migrated'"),
                     VERSION_2_ENTRIES + 1);
    assert_int_equal(ask(testbed, "SELECT lower(hex(e.digest)) = json_extract(m.body, '$.digest')"
                                  " FROM entry m, entry e WHERE m.kind = 'migrated'"
                                  " AND e.number = json_extract(m.body, '$.number')"),
                     1);
    assert_int_equal(ask(testbed, "SELECT count(*) FROM todo WHERE incident = 'A/home/1'"), 1);
    assert_int_equal(ask(testbed, "SELECT count(*) FROM todo"), 1);
}

static void the_chain_of_schema_2_is_closed_by_a_link_that_names_it(void **state)
{
    struct store *store;

    make_anew_version_2(*state);
    store = store_fixture_open(*state); // which has no lock: a copy put back
    assert_int_equal(store_alive(store).ms, 1592943245000 + VERSION_2_ENTRIES - 1);
    store_close(store);
    assert_closed_and_going_on(*state);
    testbed_close(*state);
}

/* It is one of schema 2, or whole. */
static void killed_while_its_chain_is_closed_it_is_closed_the_next_time(void **state)
{
    kill_at_each(*state, make_anew_version_2, assert_closed_and_going_on);
    testbed_close(*state);
}

/* ---- schema 3: what is known stood in JSON alone, under its name ---- */

static void make_version_3(const struct testbed *testbed)
{
    static const char back[] =
        "ALTER TABLE device RENAME TO d; ALTER TABLE incident RENAME TO i;"
        "ALTER TABLE custody RENAME TO c;"
        "CREATE TABLE device(id TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE incident(subject TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE custody(incident TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;"
        "INSERT INTO device SELECT id, known FROM d;"
        "INSERT INTO incident SELECT subject, known FROM i;"
        "INSERT INTO custody SELECT incident, known FROM c;"
        "DROP TABLE d; DROP TABLE i; DROP TABLE c; PRAGMA user_version = 3";

    make_version_1(testbed); // whose rows become JSON and are not written again
    store_close(store_fixture_open(testbed));
    sql_run(testbed_path(testbed, "ledger.db").text, back);
}

/* Its rows are read as they are, the sum still fits, and the next that is known is packed. */
static void a_ledger_of_schema_3_goes_on_with_its_sum(void **state)
{
    struct known_device device = { .heard = true, .doubts = 3, .alerts = 7 };
    struct store_known_sum before, after;
    struct store *store;
    struct changes changes;
    struct fault why;

    make_version_3(*state);
    store = store_fixture_open(*state);
    assert_life(store);
    assert_int_equal(ask(*state, "PRAGMA user_version"), SCHEMA_VERSION);
    assert_true(store_known_sum(store->db, &before));
    assert_memory_equal(&before, &store->known, sizeof before);
    changes_init(&changes);
    changes_add_row(&changes, ROW_DEVICE, "tag-1")->device = device;
    changes_add_row(&changes, ROW_DEVICE, "tag-9")->device = device;
    assert_true(store_commit(store, changes.rows, store_published(store), &why));
    arena_fini(&changes.arena);
    assert_true(store_known_sum(store->db, &after));
    assert_memory_equal(&after, &store->known, sizeof after);
    assert_true(memcmp(&before, &after, sizeof after) != 0);
    assert_int_equal(ask(*state, "SELECT count(*) FROM device WHERE known ->> 'packed' <> ''"), 2);
    assert_int_equal(ask(*state, "SELECT count(*) FROM device"), 4);
    store_close(store);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        disk_test(a_ledger_of_schema_1_becomes_one_of_today),
        disk_test(a_migrated_ledger_has_the_tables_of_a_new_one),
        disk_test(killed_in_the_middle_it_is_brought_up_to_date_the_next_time),
        disk_test(a_full_disk_leaves_schema_1_for_the_next_time),
        disk_test(the_chain_of_schema_2_is_closed_by_a_link_that_names_it),
        disk_test(killed_while_its_chain_is_closed_it_is_closed_the_next_time),
        disk_test(a_ledger_of_schema_3_goes_on_with_its_sum),
    };

    return cmocka_run_group_tests_name("store_schema", tests, NULL, NULL);
}
