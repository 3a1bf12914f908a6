/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory is out in the ledger's thread, once at each allocation of SQLite's: it is not the disk's
 * failure, so the commit is tried again, and whole.
 */
#include "adapter/ledger/job.h"

#include "rows.h"
#include "sql.h"
#include "store_fixture.h"
#include "support/each.h"
#include "support/starve.h"
#include "support/testbed.h"

#include <stdlib.h>
#include <unistd.h>

#include "support/test.h"

/* Memory is out here, and no power: no disk need be waited for. */
int fsync(int fd)
{
    (void)fd;
    return 0;
}

int fdatasync(int fd)
{
    (void)fd;
    return 0;
}

static sqlite3_mem_methods real;

static void *take(int n)
{
    return starve_allocation() ? NULL : real.xMalloc(n);
}

static void *resize(void *at, int n)
{
    return starve_allocation() ? NULL : real.xRealloc(at, n);
}

static void starve_sqlite(void)
{
    sqlite3_mem_methods mine;

    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
    mine = real;
    mine.xMalloc = take;
    mine.xRealloc = resize;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &mine), SQLITE_OK);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK); // each is seen
}

/* False: it has fewer allocations. */
static bool one_commit(struct testbed *testbed, int n)
{
    struct store *store;
    struct job turn = { .task = TASK_COMMIT, .published = 0 };
    struct known_device device = some_device();
    struct row *row;
    bool reached;

    testbed_remove(testbed, "ledger.db");
    store = store_fixture_open(testbed);
    changes_init(&turn.changes);
    add_alerts(&turn.changes, 1, 3);
    row = changes_add_row(&turn.changes, ROW_DEVICE, "tag-1");
    row->device = device;
    turn.published = 2;
    starve_begin(STARVE_ONE, n);
    job_run(store, &turn);
    reached = starve_end() >= n;
    if (!turn.ok)
        fail_msg("allocation %d: %s", n, turn.why.text);
    assert_int_equal(turn.sequence, 3);
    arena_fini(&turn.changes.arena);
    store_close(store);
    assert_int_equal(
        sql_number(testbed_path(testbed, "ledger.db").text, "SELECT count(*) FROM alert"), 3);
    assert_int_equal(store_fixture_verify(testbed), 4); // and that of `published`
    return reached;
}

static void a_commit_is_tried_again(void **state)
{
    int n = 1;

    while (one_commit(*state, n))
        n += EACH; // nearly all are SQLite's, which is built without sanitizers
    print_message("%d allocations\n", n - 1);
    assert_true(n > 1);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = { testbed_test(a_commit_is_tried_again) };

    starve_sqlite();
    return cmocka_run_group_tests_name("ledger_starved", tests, NULL, NULL);
}
