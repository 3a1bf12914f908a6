/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger's file on a real disk: what goes in comes out, whole, or nothing of it. */
#include "adapter/ledger/store.h"

#include "disk.h"
#include "rows.h"
#include "sql.h"
#include "store_fixture.h"
#include "support/testbed.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

static bool commit_alerts(struct store *store, int first, int last, uint64_t published)
{
    struct changes changes;
    struct fault why;
    bool ok;

    changes_init(&changes);
    add_alerts(&changes, first, last);
    ok = store_commit(store, changes.rows, published, &why);
    arena_fini(&changes.arena);
    return ok;
}

/* Asserts that the ledger holds alerts `first`.. of some_alert as sequences `from` to `until`. */
static void expect_alerts(struct store *store, int first, uint64_t from, uint64_t until)
{
    struct arena arena = { 0 };
    struct row *rows;
    struct fault why;

    assert_true(store_fetch(store, from - 1, 10000, &arena, &rows, &why));
    for (uint64_t sequence = from; sequence <= until; sequence++, rows = rows->next) {
        struct kept_alert want = some_alert(first++);

        assert_non_null(rows);
        assert_int_equal(rows->alert.sequence, sequence);
        assert_same_alert(&rows->alert, &want);
    }
    assert_null(rows);
    arena_fini(&arena);
}

struct found {
    int devices, incidents;
    struct known_device device; // the newest of them
    struct incident incident;
    char names[256];
};

static void on_row(const struct row *row, void *arg)
{
    struct found *found = arg;

    strcat(strcat(found->names, row->name), " ");
    if (row->kind == ROW_DEVICE) {
        found->devices++;
        found->device = row->device;
    } else {
        assert_int_equal(row->kind, ROW_INCIDENT);
        found->incidents++;
        found->incident = row->incident;
    }
}

static struct found restore(struct store *store)
{
    struct found found = { 0 };
    struct fault why;

    assert_true(store_restore(store, on_row, &found, &why));
    return found;
}

static bool commit_device(struct store *store, const char *id, const struct known_device *device)
{
    struct row row = { .kind = ROW_DEVICE, .name = id, .device = *device };
    struct fault why;

    return store_commit(store, &row, 0, &why);
}

/* ---- what goes in comes out ---- */

static void a_device_comes_back_as_it_was(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct known_device want = some_device();
    struct found found;

    assert_true(commit_device(store, "tag-1", &want));
    store_close(store);
    store = store_fixture_open(*state);
    found = restore(store);
    assert_int_equal(found.devices, 1);
    assert_string_equal(found.names, "tag-1 ");
    assert_same_device(&found.device, &want);
    store_close(store);
    testbed_close(*state);
}

static void an_unknown_accuracy_stays_unknown_and_an_unheard_device_unheard(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct known_device vague = some_device(), unheard = { .clock_wrong = true };
    struct found found;

    vague.newest.accuracy = NAN;
    assert_true(commit_device(store, "tag-1", &vague));
    found = restore(store);
    assert_same_device(&found.device, &vague);
    assert_true(commit_device(store, "tag-1", &unheard)); // in place of the one before
    found = restore(store);
    assert_int_equal(found.devices, 1);
    assert_same_device(&found.device, &unheard);
    store_close(store);
    testbed_close(*state);
}

static void an_incident_comes_back_as_it_was(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct row row = { .kind = ROW_INCIDENT, .name = "A/home", .incident = some_incident() };
    struct found found;
    struct fault why;

    assert_true(store_commit(store, &row, 0, &why));
    store_close(store);
    store = store_fixture_open(*state);
    found = restore(store);
    assert_int_equal(found.incidents, 1);
    assert_string_equal(found.names, "A/home ");
    assert_same_incident(&found.incident, &row.incident);
    store_close(store);
    testbed_close(*state);
}

static void each_is_restored_once_and_in_its_newest_form(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct known_device device = some_device();
    struct found found;

    for (uint32_t i = 0; i < 3; i++) {
        device.alerts = i;
        assert_true(commit_device(store, "tag-1", &device));
        assert_true(commit_device(store, "tag-2", &device));
    }
    found = restore(store);
    assert_string_equal(found.names, "tag-1 tag-2 ");
    assert_int_equal(found.device.alerts, 2);
    store_close(store);
    testbed_close(*state);
}

static void alerts_come_back_in_sequence_as_many_as_were_asked_for(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct arena arena = { 0 };
    struct row *rows;
    struct fault why;

    assert_true(commit_alerts(store, 1, 7, 0));
    expect_alerts(store, 1, 1, 7);
    assert_true(store_fetch(store, 2, 3, &arena, &rows, &why));
    assert_int_equal(rows->alert.sequence, 3);
    assert_int_equal(rows->next->next->alert.sequence, 5);
    assert_null(rows->next->next->next);
    assert_true(store_fetch(store, 7, 3, &arena, &rows, &why));
    assert_null(rows);
    arena_fini(&arena);
    store_close(store);
    testbed_close(*state);
}

static void the_sequence_has_no_gap_over_reopening(void **state)
{
    for (int round = 0; round < 5; round++) {
        struct store *store = store_fixture_open(*state);

        assert_int_equal(store_sequence(store), 3 * round);
        assert_int_equal(store_published(store), 2 * round);
        assert_true(commit_alerts(store, 3 * round + 1, 3 * round + 3, 2 * (uint64_t)round + 2));
        expect_alerts(store, 1, 1, 3 * (uint64_t)round + 3);
        store_close(store);
    }
    testbed_close(*state);
}

static void a_commit_gives_each_alert_its_sequence(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct changes changes;
    struct fault why;

    changes_init(&changes);
    add_alerts(&changes, 1, 2);
    assert_true(store_commit(store, changes.rows, 0, &why));
    assert_int_equal(changes.rows->alert.sequence, 1);
    assert_int_equal(changes.rows->next->alert.sequence, 2);
    assert_int_equal(store_sequence(store), 2);
    arena_fini(&changes.arena);
    store_close(store);
    testbed_close(*state);
}

static _Noreturn void commit_for_ever(const struct testbed *testbed, int acked)
{
    struct store *store = store_fixture_open(testbed);

    for (int n = 1;; n += 3) {
        if (!commit_alerts(store, n, n + 2, 0) || write(acked, "x", 1) != 1)
            _exit(1);
    }
}

/* The child is killed wherever it happens to be, which differs from run to run. */
static void killed_in_a_commit_it_keeps_what_it_told_and_nothing_by_halves(void **state)
{
    for (int round = 1; round <= 10; round++) {
        struct store *store;
        int acked[2], status, acknowledged = 0;
        char dots[64];
        ssize_t n;
        pid_t child;

        testbed_remove(*state, "ledger.db");
        testbed_remove(*state, "ledger.db-wal");
        assert_int_equal(pipe(acked), 0);
        child = fork();
        if (child == 0)
            commit_for_ever(*state, acked[1]);
        close(acked[1]);
        while (acknowledged < 7 * round && (n = read(acked[0], dots, 1)) > 0)
            acknowledged += (int)n;
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        while ((n = read(acked[0], dots, sizeof dots)) > 0)
            acknowledged += (int)n;
        close(acked[0]);
        store = store_fixture_open(*state);
        assert_int_equal(store_sequence(store) % 3, 0);
        assert_in_range(store_sequence(store), 3 * acknowledged, 3 * acknowledged + 3);
        expect_alerts(store, 1, 1, store_sequence(store));
        store_close(store);
    }
    testbed_close(*state);
}

/* ---- all or nothing ---- */

static void on_a_full_disk_nothing_of_a_commit_is_kept(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct row second = { .kind = ROW_INCIDENT, .name = "A/home", .incident = some_incident() };
    struct row first = { .next = &second, .name = "tag-1", .device = some_device() };
    struct fault why;

    assert_true(commit_alerts(store, 1, 2, 1));
    disk_fill();
    assert_false(store_commit(store, &first, 2, &why));
    assert_false(commit_alerts(store, 3, 4, 2));
    disk_clear();
    assert_true(strncmp(why.text, "ledger: ", 8) == 0);
    assert_int_equal(store_sequence(store), 2);
    assert_int_equal(store_published(store), 1);
    assert_string_equal(restore(store).names, "");
    assert_true(commit_alerts(store, 3, 4, 2));
    expect_alerts(store, 1, 1, 4);
    store_close(store);
    testbed_close(*state);
}

static void refused_half_way_the_first_half_is_taken_back(void **state)
{
    const struct testbed *testbed = *state;
    struct store *store = store_fixture_open(testbed);
    struct row alert = { .kind = ROW_ALERT, .alert = some_alert(1) };
    struct row device = { .next = &alert, .name = "tag-1", .device = some_device() };
    struct fault why;

    // Somebody has put an alert there with the sequence that is ours to give.
    sql_run(testbed_path(testbed, "ledger.db").text,
            "INSERT INTO alert VALUES (1,'x','x','x','x','x',0,'{}',0,0,'','')");
    assert_false(store_commit(store, &device, 0, &why));
    assert_non_null(strstr(why.text, "UNIQUE"));
    assert_string_equal(restore(store).names, "");
    assert_int_equal(store_sequence(store), 0);
    sql_run(testbed_path(testbed, "ledger.db").text, "DELETE FROM alert");
    assert_true(store_commit(store, &device, 0, &why));
    assert_string_equal(restore(store).names, "tag-1 ");
    store_close(store);
    testbed_close(*state);
}

/* ---- the stream is farther than the ledger ---- */

static void renumbering_moves_the_unpublished_behind_the_stream(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct fault why;

    assert_true(commit_alerts(store, 1, 5, 1)); // the second is confirmed, its mark not yet on disk
    assert_true(store_renumber(store, 2, 40, &why));
    assert_int_equal(store_sequence(store), 43);
    assert_int_equal(store_published(store), 40);
    expect_alerts(store, 3, 41, 43);
    assert_true(commit_alerts(store, 6, 6, 40));
    store_close(store);
    store = store_fixture_open(*state);
    assert_int_equal(store_sequence(store), 44);
    assert_int_equal(store_published(store), 40);
    expect_alerts(store, 3, 41, 44);
    store_close(store);
    testbed_close(*state);
}

static void renumbering_an_empty_ledger_goes_on_from_the_stream(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct fault why;

    assert_true(store_renumber(store, 0, 412, &why));
    assert_true(commit_alerts(store, 1, 1, 412));
    expect_alerts(store, 1, 413, 413);
    store_close(store);
    testbed_close(*state);
}

/* Ten alerts were committed while Redis, asked before, answered that it holds three. */
static void renumbering_may_overlap_the_numbers_before(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct fault why;

    assert_true(commit_alerts(store, 1, 10, 0));
    if (!store_renumber(store, 0, 3, &why))
        fail_msg("%s", why.text);
    expect_alerts(store, 1, 4, 13);
    store_close(store);
    testbed_close(*state);
}

static void a_renumbering_that_fails_changes_nothing(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct fault why;

    assert_true(commit_alerts(store, 1, 3, 1));
    disk_fill();
    assert_false(store_renumber(store, 1, 40, &why));
    disk_clear();
    assert_int_equal(store_sequence(store), 3);
    assert_int_equal(store_published(store), 1);
    expect_alerts(store, 1, 1, 3);
    store_close(store);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        disk_test(a_device_comes_back_as_it_was),
        disk_test(an_unknown_accuracy_stays_unknown_and_an_unheard_device_unheard),
        disk_test(an_incident_comes_back_as_it_was),
        disk_test(each_is_restored_once_and_in_its_newest_form),
        disk_test(alerts_come_back_in_sequence_as_many_as_were_asked_for),
        disk_test(the_sequence_has_no_gap_over_reopening),
        disk_test(a_commit_gives_each_alert_its_sequence),
        disk_test(killed_in_a_commit_it_keeps_what_it_told_and_nothing_by_halves),
        disk_test(on_a_full_disk_nothing_of_a_commit_is_kept),
        disk_test(refused_half_way_the_first_half_is_taken_back),
        disk_test(renumbering_moves_the_unpublished_behind_the_stream),
        disk_test(renumbering_an_empty_ledger_goes_on_from_the_stream),
        disk_test(renumbering_may_overlap_the_numbers_before),
        disk_test(a_renumbering_that_fails_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
