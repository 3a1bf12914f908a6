/* SPDX-License-Identifier: Apache-2.0 */
/* What went is in no byte of the file or its log: neither in a cell, nor between the cells. */
#include "adapter/ledger/store_gaps.h"

#include "adapter/ledger/archive.h"
#include "adapter/ledger/store_parts.h"
#include "adapter/ledger/store_taking.h"

#include "store_fixture.h"
#include "support/dice.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

enum { PEOPLE = 9, LONGEST = 1300, FILES = 2 };

static const char *const files[FILES] = { "ledger.db", "ledger.db-wal" };

/* `n` characters of JSON with the respondent's id all through. */
static const char *text_of(const char *who, size_t n)
{
    static char text[LONGEST + 64];
    size_t at = (size_t)snprintf(text, sizeof text, "{\"at\":\"");

    while (at < n)
        at += (size_t)snprintf(text + at, sizeof text - at, "secret-of-%s,", who);
    snprintf(text + at, sizeof text - at, "\"}");
    return text;
}

static void put(struct store *store, struct changes *changes, struct dice *dice, int64_t at)
{
    static char who[16] = "R-00";
    char id[48], incident[48];
    struct fault why;
    size_t n = 60 + dice_below(dice, LONGEST - 60);

    // One after the other, as they come when he walks about in his zone.
    if (dice_below(dice, 4) == 0)
        snprintf(who, sizeof who, "R-%02u", dice_below(dice, PEOPLE));
    snprintf(id, sizeof id, "x/O-%s/home/%lld/1", who, (long long)at);
    snprintf(incident, sizeof incident, "O-%s/home/%lld", who, (long long)at);
    if (dice_below(dice, 2) == 0) {
        struct kept_entry entry = { .kind = "ping", .at = { at }, .respondent = who };

        entry.evidence = true;
        entry.body = text_of(who, n / 4);
        assert_true(changes_add_entry(changes, &entry));
    } else {
        struct kept_alert alert = { .received = { at },
                                    .respondent = who,
                                    .id = id,
                                    .type = "breach",
                                    .area = "",
                                    .severity = "high",
                                    .incident = incident,
                                    .judged = true,
                                    .event = text_of(who, n) };

        assert_true(changes_add_alert(changes, &alert));
    }
    if (dice_below(dice, 4) == 0) {
        assert_true(store_commit(store, changes->rows, store_sequence(store), &why));
        arena_fini(&changes->arena);
        changes_init(changes);
    }
}

/* So many of all of them, each told. */
static void fill(struct store *store, struct dice *dice, int64_t from, int n)
{
    struct changes changes;
    struct fault why;

    changes_init(&changes);
    for (int i = 0; i < n; i++)
        put(store, &changes, dice, from + i);
    assert_true(store_commit(store, changes.rows, store_sequence(store), &why));
    arena_fini(&changes.arena);
    assert_true(store_commit(store, NULL, store_sequence(store), &why));
}

static void let_go(struct store *store, int64_t before)
{
    struct letting_go what = { .now = { 9000000 },
                               .before = { before },
                               .record = "{\"of\":\"x\"}" };
    struct fault why;
    bool more = true;

    what.newest = store_head(store).number;
    while (more)
        assert_true(store_let_go(store, &what, &more, &why));
}

static void forget(struct store *store, const char *who)
{
    struct forgetting what = { who, "{\"by\":\"x\"}", { 9000000 } };
    struct arena arena = { 0 };
    struct fault why;
    bool more = true;

    for (int i = 0; more && i < 100; i++) {
        if (store_forget(store, &what, &(struct forgotten){ .arena = &arena }, &more, &why))
            continue;
        assert_non_null(strstr(why.text, "nothing of this respondent is in the ledger"));
        more = !store_wipe(store); // an archive may have had all of his
    }
    assert_false(more);
    arena_fini(&arena);
}

static bool holds(const struct testbed *testbed, const char *word)
{
    bool holds = false;

    for (int i = 0; i < FILES; i++)
        holds |= store_fixture_holds(testbed, files[i], word);
    return holds;
}

/* No page of the file has anything between its pointers and its cells, whoever's it was. */
static void assert_clear(const struct testbed *testbed)
{
    FILE *file = fopen(testbed_path(testbed, "ledger.db").text, "rbe");
    unsigned char page[4096];

    assert_non_null(file);
    for (long at = 0; fread(page, 1, sizeof page, file) == sizeof page; at++)
        assert_false(store_gaps_clear(page, sizeof page, at == 0));
    fclose(file);
}

static void assert_sound(const struct testbed *testbed)
{
    static const char sql[] =
        "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'";

    assert_int_equal(sql_number(testbed_path(testbed, "ledger.db").text, sql), 0);
}

static void who_is_forgotten_is_in_no_byte(void **state)
{
    struct dice dice = dice_begin();
    struct store *store = store_fixture_open(*state);
    int64_t at = 1000;

    for (int round = 0; round < 30; round++) {
        int n = 40 + (int)dice_below(&dice, 120);
        unsigned gone = dice_below(&dice, PEOPLE);
        char who[16], word[32];
        struct kept_entry next;

        fill(store, &dice, at, n);
        at += n;
        if (dice_below(&dice, 2) == 0)
            let_go(store, at - n / 2);
        snprintf(who, sizeof who, "R-%02u", gone);
        snprintf(word, sizeof word, "of-%s", who);
        forget(store, who);
        if (holds(*state, word))
            fail_msg("round %d: %s is forgotten, and stands in the ledger", round, who);
        assert_clear(*state);
        // Nor does what is written next bring it back.
        next = store_fixture_ping("R-98", at, "next");
        assert_true(store_fixture_put(store, &next, 1));
        assert_false(holds(*state, word));
    }
    store_close(store);
    assert_sound(*state);
    testbed_close(*state);
}

/* Where in the leaf of a table there is room between pointers and cells; 0: nowhere. */
static long gap_of(const unsigned char *page)
{
    long from = 8 + 2 * (page[3] << 8 | page[4]);

    return page[0] == 13 && (page[5] << 8 | page[6]) >= from + 64 ? from + 10 : 0;
}

/* The words of one who is nowhere else, in the first leaf that has room for them. */
static void plant(const char *path)
{
    FILE *file = fopen(path, "r+be");
    unsigned char page[4096];
    long at = sizeof page, gap = 0;

    assert_non_null(file);
    for (; gap == 0; at += (long)sizeof page) {
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        assert_int_equal(fread(page, 1, sizeof page, file), sizeof page);
        gap = gap_of(page);
    }
    assert_int_equal(fseek(file, at - (long)sizeof page + gap, SEEK_SET), 0);
    assert_int_equal(fwrite("of-R-99", 1, 7, file), 7);
    assert_int_equal(fclose(file), 0);
}

/* In a file that a breachd of before has written: it does not know that its pages were cleared. */
static void what_one_of_before_left_is_cleared_too(void **state)
{
    static const char old[] = "DROP VIEW gaps_cleared";
    const struct path at = testbed_path(*state, "ledger.db");
    const char *path = at.text;
    struct dice dice = dice_begin();
    struct store *store = store_fixture_open(*state);

    fill(store, &dice, 1000, 400);
    store_close(store);
    sql_run(path, old);
    plant(path);
    assert_true(holds(*state, "of-R-99"));
    store = store_fixture_open(*state);
    assert_false(store_gaps_cleared(store));
    forget(store, "R-01");
    assert_true(store_gaps_cleared(store));
    assert_false(holds(*state, "of-R-99"));
    assert_false(holds(*state, "of-R-01"));
    store_close(store);
    store = store_fixture_open(*state); // once is enough
    assert_true(store_gaps_cleared(store));
    store_close(store);
    assert_sound(*state);
    testbed_close(*state);
}

/* A snapshot has pages as they stood in the log: put back, it is passed over as well. */
static void a_copy_is_not_taken_for_cleared(void **state)
{
    const struct path at = testbed_path(*state, "ledger.db");
    const char *path = at.text;
    struct dice dice = dice_begin();
    struct store *store = store_fixture_open(*state);

    fill(store, &dice, 1000, 40);
    assert_true(store_gaps_cleared(store));
    store_close(store);
    testbed_copy(*state, path, "copy.db");
    testbed_remove(*state, "ledger.db");
    testbed_copy(*state, testbed_path(*state, "copy.db").text, "ledger.db");
    plant(path);
    store = store_fixture_open(*state);
    assert_false(store_gaps_cleared(store));
    forget(store, "R-00");
    assert_true(store_gaps_cleared(store));
    assert_false(holds(*state, "of-R-99"));
    store_close(store);
    assert_sound(*state);
    testbed_close(*state);
}

/* ---- one page ---- */

static void only_the_gap_is_cleared(void **state)
{
    unsigned char page[512];

    (void)state;
    memset(page, 0x55, sizeof page);
    page[0] = 13;                // a leaf of a table
    page[3] = 0, page[4] = 2;    // with two cells,
    page[5] = 1, page[6] = 0xf0; // that begin at 496
    assert_true(store_gaps_clear(page, sizeof page, false));
    assert_int_equal(page[11], 0x55);
    assert_int_equal(page[12], 0);
    assert_int_equal(page[495], 0);
    assert_int_equal(page[496], 0x55);
    assert_false(store_gaps_clear(page, sizeof page, false)); // nothing is left in it
}

/* An overflow page, one of the free list, one that is damaged. */
static void what_is_no_tree_is_left_alone(void **state)
{
    unsigned char page[512];

    (void)state;
    memset(page, 0x55, sizeof page);
    page[0] = 0;
    assert_false(store_gaps_clear(page, sizeof page, false));
    page[0] = 10, page[3] = 0xff; // more cells than fit
    assert_false(store_gaps_clear(page, sizeof page, false));
    page[3] = 0, page[5] = 0xff; // cells that begin behind the page
    assert_false(store_gaps_clear(page, sizeof page, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(who_is_forgotten_is_in_no_byte),
        testbed_test(what_one_of_before_left_is_cleared_too),
        testbed_test(a_copy_is_not_taken_for_cleared),
        cmocka_unit_test(only_the_gap_is_cleared),
        cmocka_unit_test(what_is_no_tree_is_left_alone),
    };

    return cmocka_run_group_tests_name("store_gaps", tests, NULL, NULL);
}
