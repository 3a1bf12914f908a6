/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline_fixture.h"

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
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");

    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        struct pipeline_fixture fixture = { .testbed = testbed, .answered = true };

        testbed_remove(testbed, "ledger.db");
        testbed_order(testbed, "A", "tag-1", 0, 200, "");
        testbed_order(testbed, "B", "tag-2", 5000, 200, "");
        pipeline_fixture_open(&fixture);
        pipeline_fixture_is_inside(&fixture);
        pipeline_fixture_close(&fixture);
        sql_run(ledger.text, harms[i]);
        for (int starts = 0; starts < 2; starts++) { // told at the first alone
            pipeline_fixture_open(&fixture);
            assert_int_equal(
                pipeline_fixture_count(&fixture, "unjudged", "device/tag-1/unjudged/%"), 1);
            pipeline_fixture_close(&fixture);
        }
        pipeline_fixture_open(&fixture);
        pipeline_fixture_take(&fixture, "tag-2", 60, 5010);
        pipeline_fixture_await(&fixture);
        assert_int_equal(fixture.code, 200);
        pipeline_fixture_take(&fixture, "tag-1", 120, 10);
        pipeline_fixture_await(&fixture);
        assert_int_equal(fixture.code, 200);
        pipeline_fixture_take(&fixture, "tag-1", 900, 2000);
        pipeline_fixture_await(&fixture);
        pipeline_fixture_settle(&fixture);
        assert_int_equal(pipeline_fixture_count(&fixture, "breach", "B/home/1"), 1);
        assert_int_equal(pipeline_fixture_count(&fixture, "breach", "A/home/%"), 1);  // it goes on,
        assert_int_equal(pipeline_fixture_count(&fixture, "cleared", "A/home/1"), 1); // and ends
        pipeline_fixture_close(&fixture);
    }
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(what_was_spoilt_is_told_and_the_start_goes_on),
    };

    return cmocka_run_group_tests_name("spoilt", tests, NULL, NULL);
}
