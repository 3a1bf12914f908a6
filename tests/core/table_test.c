/* SPDX-License-Identifier: Apache-2.0 */
#include "core/table.h"

#include <stdio.h>

#include "support/test.h"

enum { NAMES = 20000 };

static const char *name_of(int nth)
{
    static char name[32];

    snprintf(name, sizeof name, "O-%06d", nth);
    return name;
}

/* Each is found in the middle of every move to a larger index, at the place where it was made. */
static void names_are_found_while_they_move(void **state)
{
    struct table rules = { .size = sizeof(int) };
    static int *items[NAMES];

    (void)state;
    for (int i = 0; i < NAMES; i++) {
        items[i] = table_take(&rules, name_of(i));
        assert_non_null(items[i]);
        *items[i] = i;
        for (int k = 0; k <= i; k += 1 + i / 5) {
            size_t nth;

            assert_ptr_equal(table_find(&rules, name_of(k)), items[k]);
            assert_true(table_number(&rules, name_of(k), &nth));
            assert_int_equal(nth, k);
        }
        assert_null(table_find(&rules, "O-none"));
    }
    for (int i = 0; i < NAMES; i++)
        assert_int_equal(*(int *)table_take(&rules, name_of(i)), i);
    table_fini(&rules);
}

/* However many there are, one more costs no more than a few moves; and no index stays half full. */
static void no_take_moves_more_than_a_few(void **state)
{
    struct table rules = { .size = 1 };

    (void)state;
    for (int i = 0; i < NAMES; i++) {
        size_t moved = rules.moved, room = rules.room;

        assert_non_null(table_take(&rules, name_of(i)));
        if (rules.room != room)
            assert_true(rules.moved == 0 && rules.lookup.n == 1); // the new name alone
        else
            assert_in_range(rules.moved - moved, 0, TABLE_MOVES);
        assert_int_equal(rules.n, i + 1);
    }
    assert_null(rules.older.places);
    assert_int_equal(rules.lookup.n, NAMES);
    table_fini(&rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_while_they_move),
        cmocka_unit_test(no_take_moves_more_than_a_few),
    };

    return cmocka_run_group_tests_name("book", tests, NULL, NULL);
}
