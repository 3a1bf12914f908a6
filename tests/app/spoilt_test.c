/* SPDX-License-Identifier: Apache-2.0 */
#include "town.h"

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
        struct town town = { .house = house, .answered = true };

        house_remove(house, "ledger.db");
        house_order(house, "A", "tag-1", 0, 200, "");
        house_order(house, "B", "tag-2", 5000, 200, "");
        town_open(&town);
        town_is_inside(&town);
        town_close(&town);
        sql_run(ledger.text, harms[i]);
        for (int starts = 0; starts < 2; starts++) { // told at the first alone
            town_open(&town);
            assert_int_equal(town_count(&town, "unjudged", "device/tag-1/unjudged/%"), 1);
            town_close(&town);
        }
        town_open(&town);
        town_take(&town, "tag-2", 60, 5010);
        town_await(&town);
        assert_int_equal(town.code, 200);
        town_take(&town, "tag-1", 120, 10);
        town_await(&town);
        assert_int_equal(town.code, 200);
        town_take(&town, "tag-1", 900, 2000);
        town_await(&town);
        town_settle(&town);
        assert_int_equal(town_count(&town, "breach", "B/home/1"), 1);
        assert_int_equal(town_count(&town, "breach", "A/home/%"), 1);  // it goes on,
        assert_int_equal(town_count(&town, "cleared", "A/home/1"), 1); // and ends
        town_close(&town);
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
