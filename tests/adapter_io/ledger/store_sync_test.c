/* SPDX-License-Identifier: Apache-2.0 */
/* What is told to be on disk is: each commit waits for the disk, not for a later one. */
#include "adapter/ledger/changes.h"
#include "adapter/ledger/store.h"

#include "rows.h"
#include "support/testbed.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "support/test.h"

static int syncs;

/* The program's own comes before libc's, for SQLite too. */
int fdatasync(int fd)
{
    syncs++;
    return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    syncs++;
    return (int)syscall(SYS_fsync, fd);
}

static void each_commit_is_synced(void **state)
{
    struct store *store;
    struct fault why;

    assert_true(store_open(testbed_path(*state, "ledger.db").text, &store, &why));
    for (int i = 1; i <= 10; i++) {
        struct changes changes;

        syncs = 0;
        changes_init(&changes);
        add_alerts(&changes, i, i);
        assert_true(store_commit(store, changes.rows, 0, &why));
        arena_fini(&changes.arena);
        assert_in_range(syncs, 1, 10); // with synchronous=NORMAL: none
    }
    store_close(store);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = { testbed_test(each_commit_is_synced) };

    return cmocka_run_group_tests_name("store_sync", tests, NULL, NULL);
}
