/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static char *print(const struct tally *tally)
{
    char *said;
    size_t size;
    FILE *out = open_memstream(&said, &size);

    assert_non_null(out);
    tally_print(tally, out);
    fclose(out);
    return said;
}

static void no_difference_is_no_line(void **state)
{
    struct tally tally = { .seed = 7 };
    char *said = print(&tally);

    (void)state;
    assert_int_equal(tally_total(&tally), 0);
    assert_string_equal(said, "");
    free(said);
}

static void many_of_a_kind_are_counted_and_hide_nothing_graver(void **state)
{
    struct tally tally = { .seed = 7 };
    size_t shown = 0;
    char *said;

    (void)state;
    for (int i = 0; i < 200; i++)
        tally_note(&tally, DIFFERENCE_TEXT, "R-1", "the %dth", i);
    tally_note(&tally, DIFFERENCE_TWICE, "R-2", "once more");
    tally_note(&tally, DIFFERENCE_LOST, "R-3", "gone");
    assert_int_equal(tally_total(&tally), 202);
    said = print(&tally);
    assert_memory_equal(said,
                        "DIFFERS seed 7, lost: R-3: gone\n"
                        "DIFFERS seed 7, twice: R-2: once more\n",
                        70);
    for (const char *at = said; (at = strstr(at, "other text: R-1: the ")) != NULL; at++)
        shown++;
    assert_int_equal(shown, TALLY_LINES_MAX);
    assert_non_null(strstr(said, "\n1 lost, 1 twice, 200 other text\n"));
    free(said);
    tally_fini(&tally);
    assert_int_equal(tally_total(&tally), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_difference_is_no_line),
        cmocka_unit_test(many_of_a_kind_are_counted_and_hide_nothing_graver),
    };

    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
