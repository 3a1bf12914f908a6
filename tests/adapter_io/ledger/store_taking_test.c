/* SPDX-License-Identifier: Apache-2.0 */
/* What may go: what a copy holds, and nothing of which the clock alone says that it is old. */
#include "adapter/ledger/archive.h"
#include "adapter/ledger/store_taking.h"

#include "store_fixture.h"

#include "support/test.h"

static const char bodies[] = "SELECT count(*) FROM entry WHERE kind = 'ping' AND body IS NOT NULL";

/* Evidence of R-1 at these instants, of which Redis has all. */
static struct store *store_of(const struct testbed *testbed, const int64_t *at, size_t n)
{
    struct store *store = store_fixture_open(testbed);
    struct changes changes;
    struct fault why;

    changes_init(&changes);
    for (size_t i = 0; i < n; i++) {
        struct kept_entry entry = store_fixture_ping("R-1", at[i], "a");

        entry.evidence = true;
        assert_true(changes_add_entry(&changes, &entry));
    }
    assert_true(store_commit(store, changes.rows, 1, &why));
    arena_fini(&changes.arena);
    return store;
}

static long long number(const struct testbed *testbed, const char *sql)
{
    return sql_number(testbed_path(testbed, "ledger.db").text, sql);
}

/* Our clock was set back after the copy was made: what is new says that it is as old. */
static void what_came_after_the_copy_stays(void **state)
{
    static const int64_t at[] = { 1000, 2000, 1500, 1600 };
    struct store *store = store_of(*state, at, 4);
    struct letting_go what = {
        .now = { 9000 }, .before = { 3000 }, .newest = 2, .record = "{\"of\":\"x\"}"
    };
    struct fault why;
    bool more = true;

    while (more)
        assert_true(store_let_go(store, &what, &more, &why));
    assert_int_equal(number(*state, bodies), 2);
    assert_int_equal(number(*state, "SELECT count(*) FROM entry WHERE kind = 'ping' AND body IS "
                                    "NULL AND number > 2"),
                     0);
    assert_int_equal(number(*state, "SELECT json_extract(body, '$.newest') FROM entry WHERE kind = "
                                    "'retention'"),
                     2);
    store_close(store);
    testbed_close(*state);
}

/* ---- by the clock ---- */

enum { DAY = 24 * 3600 * 1000 };

/* What goes of evidence that is kept for 40 days, now that it is day `day`. */
static void retain(struct store *store, int day)
{
    struct retention by = { { (int64_t)day * DAY }, (int64_t)28 * DAY, (int64_t)40 * DAY };

    while (store_retain_evidence(store, &by))
        ;
}

/* Seen on day 3; then the clock is set to day 50, and somebody has a day to notice. */
static void a_clock_that_leapt_ahead_takes_nothing_for_a_day(void **state)
{
    static const int64_t at[] = { (int64_t)1 * DAY, (int64_t)2 * DAY, (int64_t)3 * DAY };
    struct store *store = store_of(*state, at, 3);
    struct kept_entry entry = store_fixture_ping("R-2", (int64_t)50 * DAY, "b");

    assert_true(store_fixture_put(store, &entry, 1));
    retain(store, 50);
    assert_int_equal(number(*state, bodies), 4);
    // Nobody did: a day later by the same clock it is so old.
    retain(store, 51);
    assert_int_equal(number(*state, bodies), 1);
    store_close(store);
    testbed_close(*state);
}

/* The step was mended: what was kept meanwhile says nothing of the day before. */
static void a_clock_that_is_mended_takes_nothing(void **state)
{
    static const int64_t at[] = { (int64_t)1 * DAY, (int64_t)2 * DAY, (int64_t)50 * DAY,
                                  (int64_t)50 * DAY, (int64_t)3 * DAY };
    struct store *store = store_of(*state, at, 5);

    retain(store, 4);
    assert_int_equal(number(*state, bodies), 5);
    store_close(store);
    testbed_close(*state);
}

/* ---- what needs somebody ---- */

static void tell(struct store *store, const char *type, enum alert_effect todo)
{
    struct kept_alert alert = { .received = { 1000 },
                                .respondent = "R-1",
                                .id = type,
                                .type = type,
                                .area = "",
                                .severity = "high",
                                .incident = "device/tag-1/silent/1",
                                .passing = true,
                                .event = "{}" };
    struct changes changes;
    struct fault why;

    alert.todo = todo;
    changes_init(&changes);
    assert_true(changes_add_alert(&changes, &alert));
    assert_true(store_commit(store, changes.rows, store_sequence(store) + 1, &why));
    arena_fini(&changes.arena);
}

/* Escalated, it is in the list by that alone; how it began is asked for all the same. */
static void what_needs_somebody_stays_from_its_beginning_on(void **state)
{
    static const char sql[] = "SELECT count(*) FROM alert";
    struct store *store = store_fixture_open(*state);

    tell(store, "silent", EFFECT_OPEN);
    tell(store, "escalated", EFFECT_OPEN);
    tell(store, "acked", EFFECT_NONE);
    assert_false(store_fixture_retain_alerts(store, INT64_MAX, 100));
    assert_int_equal(number(*state, sql), 3);
    tell(store, "heard", EFFECT_CLOSE);
    while (store_fixture_retain_alerts(store, INT64_MAX, 100))
        ;
    assert_true(number(*state, sql) < 3);
    store_close(store);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(what_came_after_the_copy_stays),
        testbed_test(a_clock_that_leapt_ahead_takes_nothing_for_a_day),
        testbed_test(a_clock_that_is_mended_takes_nothing),
        testbed_test(what_needs_somebody_stays_from_its_beginning_on),
    };

    return cmocka_run_group_tests_name("store_taking", tests, NULL, NULL);
}
