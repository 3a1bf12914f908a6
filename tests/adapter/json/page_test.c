/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as it is written: jansson is the judge, to the byte. */
#include "adapter/json/page.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dice.h"
#include "support/test.h"

enum { THROWS = 20000, FLAGS = JSON_COMPACT | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY };

/* Takes `value`; NULL: jansson has none of it, and the page is not whole either. */
static void assert_as_jansson(json_t *value, char *ours)
{
    char *its = value != NULL ? json_dumps(value, FLAGS) : NULL;

    if (its == NULL)
        assert_null(ours);
    else
        assert_string_equal(ours, its);
    json_decref(value);
    free(its);
    free(ours);
}

static void a_string_is_as_jansson_writes_it(void **state)
{
    static const char *const strings[] = {
        "",     "tag-0042", "a\"b\\c/d",    "\b\f\n\r\t\x01\x1f\x7f", "M\u00fcnchen \U0001F4A9",
        "\xc3", "ok\xffno", "\xed\xa0\x80",
    };

    (void)state;
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        struct page page = page_create(1);

        page_string(&page, strings[i]);
        assert_as_jansson(json_string(strings[i]), page_end(&page));
    }
}

static void a_real_is_as_jansson_writes_it(void **state)
{
    struct dice dice = dice_begin();

    (void)state;
    for (int i = 0; i < THROWS; i++) {
        uint64_t bits = dice_throw(&dice);
        double value = i % 2 == 0 ? ldexp((double)(int64_t)bits, -(int)(bits % 120)) : 0;
        struct page page = page_create(1);

        if (i % 2 != 0)
            memcpy(&value, &bits, sizeof value);
        page_real(&page, value);
        assert_as_jansson(isfinite(value) ? json_real(value) : json_null(), page_end(&page));
    }
}

/* As rows of a ledger have had it from the first. */
static void exponents_are_those_of_printf_where_wanted(void **state)
{
    char room[64];
    struct page page = page_in(room, sizeof room);

    (void)state;
    page_real(&page, 1e-5);
    page_put(&page, " ");
    page_real(&page, 1e22);
    page_put(&page, " ");
    page_real(&page, 3);
    assert_string_equal(room, "1.0000000000000001e-05 1e+22 3.0");
}

static void what_does_not_fit_is_left_out_and_told(void **state)
{
    char room[8];
    struct page page = page_in(room, sizeof room);

    (void)state;
    page_put(&page, "1234567");
    assert_false(page.lacks);
    page_put(&page, "8");
    assert_true(page.lacks);
    assert_string_equal(room, "1234567");
}

static void a_comma_stands_before_each_member_but_the_first(void **state)
{
    struct page page = page_create(1);
    char *text;

    (void)state;
    page_put(&page, "{");
    page_name(&page, "a");
    page_put(&page, "{");
    page_name(&page, "b");
    page_whole(&page, -1);
    page_put(&page, "}");
    page_name(&page, "c");
    page_put(&page, "true}");
    text = page_end(&page);
    assert_string_equal(text, "{\"a\":{\"b\":-1},\"c\":true}");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_is_as_jansson_writes_it),
        cmocka_unit_test(a_real_is_as_jansson_writes_it),
        cmocka_unit_test(exponents_are_those_of_printf_where_wanted),
        cmocka_unit_test(what_does_not_fit_is_left_out_and_told),
        cmocka_unit_test(a_comma_stands_before_each_member_but_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
