/* SPDX-License-Identifier: Apache-2.0 */
/* Which incidents are open by the ledger's alerts, and the newest alert of each. */
#include "adapter/ledger/changes.h"
#include "adapter/ledger/store.h"
#include "adapter/ledger/store_map.h"

#include "sql.h"
#include "store_fixture.h"
#include "support/testbed.h"

#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

/*
 * "+A" opens or updates incident A, "-A" closes it, ".A" is about it and does neither. What it does
 * to `open` it does to `todo`, but "!A" sets that alone and "~A" alone takes it away.
 */
static void commit(struct store *store, const char *steps)
{
    struct changes changes;
    struct fault why;
    char copy[128], *rest = copy, *step;

    snprintf(copy, sizeof copy, "%s", steps);
    changes_init(&changes);
    while ((step = strsep(&rest, " ")) != NULL) {
        enum alert_effect effect = *step == '+'   ? EFFECT_OPEN
                                   : *step == '-' ? EFFECT_CLOSE
                                                  : EFFECT_NONE;
        struct kept_alert alert = { .respondent = "R",
                                    .id = "i",
                                    .type = "t",
                                    .area = "",
                                    .severity = "s",
                                    .incident = step + 1,
                                    .effect = effect,
                                    .todo = *step == '!'   ? EFFECT_OPEN
                                            : *step == '~' ? EFFECT_CLOSE
                                                           : effect,
                                    .event = step,
                                    .by = *step == '!' ? "Sgt 1234" : NULL,
                                    .note = *step == '!' ? "rang him" : NULL };

        assert_true(changes_add_alert(&changes, &alert));
    }
    assert_true(store_commit(store, changes.rows, store_published(store), &why));
    arena_fini(&changes.arena);
}

/* Asserts what is open after `after`, as "2:A 5:B ": sequence and incident, at most `limit`. */
static void expect_open(struct store *store, uint64_t after, unsigned limit, const char *want)
{
    struct arena arena = { 0 };
    struct row *rows = NULL;
    struct fault why;
    char got[128] = "";

    assert_true(store_fetch_open(store, after, limit, &arena, &rows, &why));
    for (; rows != NULL; rows = rows->next) {
        assert_int_equal(*rows->alert.event, '+');
        snprintf(got + strlen(got), sizeof got - strlen(got), "%d:%s ", (int)rows->alert.sequence,
                 rows->alert.incident);
    }
    assert_string_equal(got, want);
    arena_fini(&arena);
}

/* The same of what needs somebody, as "2:A 5:B=Sgt 1234,rang him ". */
static void expect_todo(struct store *store, uint64_t after, unsigned limit, const char *want)
{
    struct arena arena = { 0 };
    struct row *rows = NULL;
    struct fault why;
    char got[128] = "";

    assert_true(store_fetch_todo(store, after, limit, &arena, &rows, &why));
    for (; rows != NULL; rows = rows->next) {
        const struct kept_alert *alert = &rows->alert;
        bool plain = *alert->by == '\0' && *alert->note == '\0';

        assert_int_equal(alert->todo, EFFECT_OPEN);
        snprintf(got + strlen(got), sizeof got - strlen(got), "%d:%s%s%s%s%s ",
                 (int)alert->sequence, alert->incident, plain ? "" : "=", alert->by,
                 plain ? "" : ",", alert->note);
    }
    assert_string_equal(got, want);
    arena_fini(&arena);
}

static const struct story {
    const char *says, *first, *second, *want;
} stories[] = {
    { "one that opens is open", "+A", ".X", "1:A " },
    { "the newest alert of it counts", "+A +A", "+A", "3:A " },
    { "one that closes is not open", "+A +B", "-A", "2:B " },
    { "one that neither opens nor closes is none", ".A", ".A", "" },
    { "and does not become the newest", "+A", ".A", "1:A " },
    { "closed and opened in one commit", "+A", "-A +A", "3:A " },
    { "opened and closed in one commit", ".X", "+A -A", "" },
    { "closed without having been opened", "-A", "+B", "2:B " },
};

static void story_holds(void **state)
{
    const struct story *row = *state;
    void *testbed;
    struct store *store;

    testbed_setup(&testbed);
    store = store_fixture_open(testbed);
    commit(store, row->first);
    commit(store, row->second);
    expect_open(store, 0, 10, row->want);
    store_close(store);
    store = store_fixture_open(testbed);
    expect_open(store, 0, 10, row->want);
    expect_todo(store, 0, 10, row->want);
    store_close(store);
    testbed_close(testbed);
    testbed_teardown(&testbed);
}

static void what_needs_somebody_is_kept_by_its_own_word_with_who_has_it(void **state)
{
    struct store *store = store_fixture_open(*state);

    commit(store, "+A !S +B ~A -B !B");
    expect_open(store, 0, 10, "1:A ");
    expect_todo(store, 0, 10, "2:S=Sgt 1234,rang him 6:B=Sgt 1234,rang him ");
    commit(store, "~S +B");
    store_close(store);
    store = store_fixture_open(*state);
    expect_todo(store, 0, 10, "8:B ");
    store_close(store);
    testbed_close(*state);
}

static void it_comes_in_pages_by_sequence(void **state)
{
    struct store *store = store_fixture_open(*state);

    commit(store, "+C +B +A -B +D +E");
    expect_open(store, 0, 2, "1:C 3:A ");
    expect_open(store, 3, 2, "5:D 6:E ");
    expect_open(store, 6, 2, "");
    expect_todo(store, 0, 2, "1:C 3:A ");
    expect_todo(store, 3, 2, "5:D 6:E ");
    store_close(store);
    testbed_close(*state);
}

/* The new numbers overlap the old ones. */
static void new_numbers_move_it_too(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct fault why;

    commit(store, "+A +B +C +D");
    assert_true(store_renumber(store, 1, 2, &why));
    expect_open(store, 0, 10, "1:A 3:B 4:C 5:D ");
    commit(store, "-C");
    expect_open(store, 0, 10, "1:A 3:B 5:D ");
    expect_todo(store, 0, 10, "1:A 3:B 5:D ");
    store_close(store);
    testbed_close(*state);
}

/* As an older breachd has left it. */
static void a_ledger_without_the_table_gets_it_filled(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");
    struct store *store = store_fixture_open(*state);

    commit(store, "+A +B -A +C .C +B");
    store_close(store);
    sql_run(path.text, "DROP TRIGGER open_begins; DROP TRIGGER open_ends; DROP TRIGGER open_moves;"
                       "DROP TABLE open;"
                       "DROP TRIGGER todo_begins; DROP TRIGGER todo_ends; DROP TRIGGER todo_moves;"
                       "DROP TABLE todo");
    store = store_fixture_open(*state);
    expect_open(store, 0, 10, "4:C 6:B ");
    commit(store, "-C +D");
    expect_open(store, 0, 10, "6:B 8:D ");
    expect_todo(store, 0, 10, "6:B 8:D ");
    store_close(store);
    testbed_close(*state);
}

enum { PINGS = STORE_MAP_PINGS + 200 };

/* An alert at that instant, and then pings from there on, a second apart. */
static void put_way(struct store *store, int64_t at, int n)
{
    static char bodies[PINGS][32];
    struct changes changes;
    struct fault why;

    changes_init(&changes);
    assert_true(changes_add_alert(&changes, &(struct kept_alert){ .received = { at },
                                                                  .respondent = "R",
                                                                  .id = "i",
                                                                  .type = "breach",
                                                                  .area = "",
                                                                  .severity = "s",
                                                                  .incident = "A",
                                                                  .event = "{}" }));
    for (int i = 0; i < n; i++) {
        snprintf(bodies[i], sizeof bodies[i], "{\"n\":%d}", i);
        assert_true(changes_add_entry(&changes, &(struct kept_entry){ .kind = "ping",
                                                                      .at = { at + i * 1000 },
                                                                      .respondent = "R",
                                                                      .body = bodies[i] }));
    }
    assert_true(store_commit(store, changes.rows, store_published(store), &why));
    arena_fini(&changes.arena);
}

/* Of a long way the newest: where he is now is what somebody looks for. */
static void a_map_has_the_newest_pings_in_order(void **state)
{
    static const struct listing map = { .of = LISTING_MAP, .incident = "A", .limit = 10 };
    struct store *store = store_fixture_open(*state);
    struct arena arena = { 0 };
    struct listed listed = { 0 };
    struct fault why;
    char want[32];
    int n = PINGS - STORE_MAP_PINGS;

    put_way(store, 0, PINGS);
    put_way(store, PINGS * 1000, 0);
    assert_true(store_list(store, &map, &arena, &listed, &why));
    assert_true(listed.more_pings);
    for (const struct row *row = listed.pings; row != NULL; row = row->next) {
        snprintf(want, sizeof want, "{\"n\":%d}", n++);
        assert_string_equal(row->entry.body, want);
    }
    assert_int_equal(n, PINGS);
    arena_fini(&arena);
    store_close(store);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_map_has_the_newest_pings_in_order),
        testbed_test(what_needs_somebody_is_kept_by_its_own_word_with_who_has_it),
        testbed_test(it_comes_in_pages_by_sequence),
        testbed_test(new_numbers_move_it_too),
        testbed_test(a_ledger_without_the_table_gets_it_filled),
    };

    return rows_hold("store_incidents_stories", stories, story_holds) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
