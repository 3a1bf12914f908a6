/* SPDX-License-Identifier: Apache-2.0 */
/* A damaged ledger is refused and not touched; a row that is spoilt is no reason not to start. */
#include "adapter/ledger/store_parts.h"

#include "disk.h"
#include "rows.h"
#include "store_fixture.h"
#include "support/dice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { PAGE = 4096, ROUNDS = 40 };

struct bytes {
    char *of;
    size_t n;
};

static struct bytes take_bytes(const char *path)
{
    struct bytes bytes = { 0 };
    FILE *file = fopen(path, "rbe");
    FILE *copy = open_memstream(&bytes.of, &bytes.n);
    int c;

    assert_non_null(file);
    while ((c = fgetc(file)) != EOF)
        fputc(c, copy);
    fclose(copy);
    fclose(file);
    return bytes;
}

static void fill_some(const struct testbed *testbed)
{
    struct store *store = store_fixture_open(testbed);
    struct known_device device = some_device();
    struct changes changes;
    struct fault why;

    changes_init(&changes);
    for (int i = 0; i < 200; i++) {
        char name[16];
        struct row *row;

        snprintf(name, sizeof name, "tag-%d", i);
        row = changes_add_row(&changes, ROW_DEVICE, name);
        row->device = device;
    }
    add_alerts(&changes, 1, 200);
    assert_true(store_commit(store, changes.rows, 0, &why));
    arena_fini(&changes.arena);
    store_close(store);
}

/* A page whose head is overwritten is no page; which one, the seed says. */
static void a_broken_page_is_refused_with_the_reason_and_not_a_byte_changes(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");
    struct dice dice = dice_begin();
    struct bytes whole;

    fill_some(*state);
    whole = take_bytes(path.text);
    assert_true(whole.n > 20 * PAGE);
    for (int round = 0; round < ROUNDS; round++) {
        size_t page = 1 + dice_below(&dice, (unsigned)(whole.n / PAGE) - 1);
        struct bytes broken = { malloc(whole.n), whole.n }, after;
        struct store *store = NULL;
        struct fault why;

        memcpy(broken.of, whole.of, whole.n);
        memset(broken.of + page * PAGE, 0x5a, 64);
        testbed_write(*state, "ledger.db", broken.of, broken.n);
        if (store_open(path.text, &store, &why))
            fail_msg("page %zu: was opened", page + 1);
        if (strstr(why.text, path.text) == NULL ||
            (strstr(why.text, "damaged") == NULL && strstr(why.text, "malformed") == NULL))
            fail_msg("page %zu: \"%s\" tells neither file nor damage", page + 1, why.text);
        after = take_bytes(path.text);
        assert_int_equal(after.n, broken.n);
        assert_memory_equal(after.of, broken.of, broken.n);
        free(broken.of);
        free(after.of);
    }
    testbed_write(*state, "ledger.db", whole.of, whole.n);
    store_close(store_fixture_open(*state));
    free(whole.of);
    testbed_close(*state);
}

static void a_file_cut_short_is_refused(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");
    struct bytes whole;
    struct store *store = NULL;
    struct fault why;

    fill_some(*state);
    whole = take_bytes(path.text);
    for (size_t pages = 1; pages < whole.n / PAGE; pages += 3) {
        testbed_write(*state, "ledger.db", whole.of, pages * PAGE);
        assert_false(store_open(path.text, &store, &why));
        assert_non_null(strstr(why.text, path.text));
    }
    free(whole.of);
    testbed_close(*state);
}

static void on_spoilt(const struct row *row, void *arg)
{
    char *names = arg;

    if (row->spoilt && strlen(names) < 32)
        strcat(strcat(names, row->name), " ");
}

/* One row that cannot be read is no reason not to watch all the others: it says so of itself. */
static void what_was_known_and_cannot_be_read_is_handed_over_as_spoilt(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");
    static const char *const words[] = { "'{'", "'[]'", "'{\"recent_next\":-1}'", "x'7b'",
                                         "'{\"heard\":\"yes\"}'" };

    fill_some(*state);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char spoilt[64] = "", sql[128];
        struct store *store;
        struct fault why;

        snprintf(sql, sizeof sql, "UPDATE device SET known = %s WHERE id = 'tag-0'", words[i]);
        sql_run(path.text, sql);
        store = store_fixture_open(*state);
        assert_true(store_restore(store, on_spoilt, spoilt, &why));
        assert_string_equal(spoilt, "tag-0 ");
        store_close(store);
    }
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        disk_test(a_broken_page_is_refused_with_the_reason_and_not_a_byte_changes),
        disk_test(a_file_cut_short_is_refused),
        disk_test(what_was_known_and_cannot_be_read_is_handed_over_as_spoilt),
    };

    return cmocka_run_group_tests_name("store_damage", tests, NULL, NULL);
}
