/* SPDX-License-Identifier: Apache-2.0 */
#include "hamlet.h"

#include "adapter_io/sql.h"
#include "support/test.h"

/* A ledger of before, or a doctored one: each table has a row of R-A's that cannot be so. */
static void what_was_spoilt_is_told_and_the_start_goes_on(void **state)
{
    static const char *const harms[] = {
        "UPDATE device SET known = json_set(known, '$.accuracy', 1e308) WHERE id = 'tag-1'",
        "UPDATE device SET known = 'nonsense' WHERE id = 'tag-1'",
        "UPDATE incident SET known = json_set(known, '$.scores', json('[1e300]'))"
        " WHERE subject = 'A/home'",
        "UPDATE incident SET known = x'ff' WHERE subject = 'A/home'",
        "UPDATE custody SET known = '[]' WHERE incident = 'A/home/1'",
    };
    struct house *house = *state;
    struct path ledger = house_path(house, "ledger.db");

    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        struct hamlet hamlet = { .house = house, .answered = true };

        house_remove(house, "ledger.db");
        house_order(house, "A", "tag-1", 0, 200, "");
        house_order(house, "B", "tag-2", 5000, 200, "");
        hamlet_open(&hamlet);
        hamlet_is_inside(&hamlet);
        hamlet_close(&hamlet);
        sql_run(ledger.text, harms[i]);
        for (int starts = 0; starts < 2; starts++) { // told at the first alone
            hamlet_open(&hamlet);
            assert_int_equal(hamlet_count(&hamlet, "unjudged", "device/tag-1/unjudged/%"), 1);
            hamlet_close(&hamlet);
        }
        hamlet_open(&hamlet);
        hamlet_take(&hamlet, "tag-2", 60, 5010);
        hamlet_await(&hamlet);
        assert_int_equal(hamlet.code, 200);
        hamlet_take(&hamlet, "tag-1", 120, 10);
        hamlet_await(&hamlet);
        assert_int_equal(hamlet.code, 200);
        hamlet_take(&hamlet, "tag-1", 900, 2000);
        hamlet_await(&hamlet);
        hamlet_settle(&hamlet);
        assert_int_equal(hamlet_count(&hamlet, "breach", "B/home/1"), 1);
        assert_int_equal(hamlet_count(&hamlet, "breach", "A/home/%"), 1);  // it goes on,
        assert_int_equal(hamlet_count(&hamlet, "cleared", "A/home/1"), 1); // and ends
        hamlet_close(&hamlet);
    }
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(what_was_spoilt_is_told_and_the_start_goes_on),
    };

    return cmocka_run_group_tests_name("spoilt", tests, NULL, NULL);
}
