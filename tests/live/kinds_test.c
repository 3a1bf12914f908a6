/* SPDX-License-Identifier: Apache-2.0 */
/*
 * [devices N] through the whole program while the clock is the test's: a reload that lets such
 * devices be quiet for less asks about them at once, and untrusted clocks have no voice in ours.
 */
#include <stdlib.h>
#include <string.h>

#include "support/test.h"
#include "support/testbed.h"
#include "wall.h"

#define ALERTS(type) "breachd_alerts_total{type=\"" type "\"}"

/* What breachd.conf has, and these lines. */
static void add(struct testbed *testbed, const char *lines)
{
    char *text = testbed_read(testbed, "breachd.conf");

    testbed_print(testbed, "breachd.conf", "%s\n%s", text, lines);
    free(text);
}

/* Four minutes of quiet are none yet, until a reload says that such a device gets three. */
static void a_reload_asks_at_once_about_who_is_quiet(void **state)
{
    struct testbed *testbed = *state;

    add(testbed, "[devices tags]\nmatch = tag-*\n");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_order(testbed, "B", "phone-1", 5000, 200, "");
    wall_open(testbed, 0, "yes");
    for (int second = 0; second < 30; second += 15) {
        assert_int_equal(testbed_ping(testbed, "tag-1", second, 900), 200);
        assert_int_equal(testbed_ping(testbed, "phone-1", second, 900), 200);
    }
    wall_sleep(testbed, 4 * MINUTE);
    testbed_reload(testbed);
    assert_true(testbed_metric(testbed, ALERTS("silent")) == 0);
    testbed_set(testbed, "breachd.conf", "devices tags", "silent-after", "3m");
    testbed_reload(testbed);
    testbed_await_metric(testbed, ALERTS("silent"), 1);
    assert_true(testbed_log_has(testbed, "reload: [devices tags]: silent-after 3m, was not given; "
                                         "from now on"));
    testbed_expect(testbed, "silent device/tag-1/1\n");
    wall_close_agreeing(testbed);
}

/*
 * Of three respondents whose devices say what time it is, one has a kind that is not believed: two
 * are too few to set ours, until it is.
 */
static void an_untrusted_clock_has_no_voice_in_what_time_it_is(void **state)
{
    struct testbed *testbed = *state;
    static const char *const tags[] = { "tag-1", "tag-2", "tag-3" };

    add(testbed, "[devices toys]\nmatch = tag-3\nclock = untrusted\n");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_order(testbed, "C", "tag-3", 9000, 200, "");
    wall_open(testbed, -HOUR, "no");
    for (int second = 0; second < 30; second += 15) {
        wall_sleep(testbed, second);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(testbed_ping(testbed, tags[i], second, i == 2 ? 8700 : -900), 200);
    }
    wall_was_set(testbed); // the votes are counted
    assert_memory_equal(wall_status(testbed, "clock"), "in doubt: ", strlen("in doubt: "));
    wall_sleep(testbed, 45);
    // In the zone it is a breach meanwhile, at once.
    assert_int_equal(testbed_ping(testbed, "tag-3", -2 * HOUR, 8900), 200);
    assert_true(testbed_metric(testbed, ALERTS("breach")) +
                    testbed_metric(testbed, ALERTS("possible")) >
                0);
    testbed_set(testbed, "breachd.conf", "devices toys", "clock", "trusted");
    testbed_reload(testbed);
    for (int second = 60; second < 90; second += 15) {
        wall_sleep(testbed, second);
        assert_int_equal(testbed_ping(testbed, "tag-3", second, 8890), 200);
    }
    wall_await_status(testbed, "clock", "agreed");
    wall_close_agreeing(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_reload_asks_at_once_about_who_is_quiet),
        testbed_test(an_untrusted_clock_has_no_voice_in_what_time_it_is),
    };

    return cmocka_run_group_tests_name("kinds", tests, NULL, NULL);
}
