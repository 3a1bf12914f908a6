/* SPDX-License-Identifier: Apache-2.0 */
#include "core/index.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

static void a_name_is_letters_digits_and_three_signs(void **state)
{
    char longest[NAME_MAX_CHARS + 2];

    (void)state;
    assert_true(name_valid("DVPO-2020-0113"));
    assert_true(name_valid("a"));
    assert_true(name_valid("tag_1.b-C"));
    assert_false(name_valid(""));
    assert_false(name_valid("two words"));
    assert_false(name_valid("DVPO/home"));
    assert_false(name_valid("caf\xc3\xa9"));
    assert_false(name_valid("tag\n"));
    assert_false(name_valid("a,b"));
    memset(longest, 'x', sizeof longest);
    longest[NAME_MAX_CHARS] = '\0';
    assert_true(name_valid(longest));
    longest[NAME_MAX_CHARS] = 'x';
    longest[NAME_MAX_CHARS + 1] = '\0';
    assert_false(name_valid(longest));
}

static void what_was_put_is_found_and_nothing_else(void **state)
{
    enum { NAMES = 100000 };
    static char names[NAMES][16];
    struct index index;
    size_t number;

    (void)state;
    assert_true(index_init(&index, NAMES));
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(names[i], sizeof names[i], "tag-%zu", i);
        assert_true(index_put(&index, names[i], i));
    }
    for (size_t i = 0; i < NAMES; i++) {
        char copy[16];

        memcpy(copy, names[i], sizeof copy);
        assert_true(index_find(&index, copy, &number));
        assert_int_equal(number, i);
    }
    number = 7;
    assert_false(index_find(&index, "tag-100000", &number));
    assert_false(index_find(&index, "", &number));
    assert_int_equal(number, 7);
    index_fini(&index);
}

static void a_name_twice_is_refused_and_the_old_number_kept(void **state)
{
    char first[] = "tag-1", again[] = "tag-1";
    struct index index;
    size_t number = 0;

    (void)state;
    assert_true(index_init(&index, 4));
    assert_true(index_put(&index, first, 1));
    assert_false(index_put(&index, again, 2));
    assert_true(index_find(&index, "tag-1", &number));
    assert_int_equal(number, 1);
    index_fini(&index);
}

/* Not only a copy of the name, also the very same pointer. */
static void the_same_text_twice_is_refused_too(void **state)
{
    static const char name[] = "tag-1";
    struct index index;
    bool again;

    (void)state;
    assert_true(index_init(&index, 4));
    assert_true(index_put(&index, name, 1));
    again = index_put(&index, name, 2);
    index_fini(&index);
    assert_false(again);
}

static void a_full_table_refuses_and_keeps_what_it_has(void **state)
{
    static char names[1000][8];
    struct index index;
    size_t put = 0, number;

    (void)state;
    assert_true(index_init(&index, 10));
    for (size_t i = 0; i < 1000; i++)
        snprintf(names[i], sizeof names[i], "t%zu", i);
    while (put < 1000 && index_put(&index, names[put], put))
        put++;
    assert_in_range(put, 10, 999);
    for (size_t i = 0; i < put; i++)
        assert_true(index_find(&index, names[i], &number) && number == i);
    assert_false(index_find(&index, names[put], &number));
    index_fini(&index);
}

static void zeroed_it_finds_and_takes_nothing(void **state)
{
    struct index index = { 0 };
    size_t number;

    (void)state;
    assert_false(index_find(&index, "tag-1", &number));
    assert_false(index_put(&index, "tag-1", 1));
    index_fini(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_letters_digits_and_three_signs),
        cmocka_unit_test(what_was_put_is_found_and_nothing_else),
        cmocka_unit_test(a_name_twice_is_refused_and_the_old_number_kept),
        cmocka_unit_test(the_same_text_twice_is_refused_too),
        cmocka_unit_test(a_full_table_refuses_and_keeps_what_it_has),
        cmocka_unit_test(zeroed_it_finds_and_takes_nothing),
    };

    return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
