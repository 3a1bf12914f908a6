/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A respondent with a hundred zones: each that he walks through is told, and what was asked about
 * some of them at a time is judged again to the same.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

enum { ZONES = 100, APART_M = 300, STEP_M = 60, STEP_S = 30, WALKED = 10 };

/* One each 300 m to the north of home. */
static void print_zones(char *out, size_t room)
{
    size_t length = 0;

    for (int i = 1; i <= ZONES; i++)
        length += (size_t)snprintf(out + length, room - length,
                                   "\n[zone A/m%d]\ncentre = %.6f, %.6f\nradius = 100 m\n", i,
                                   HOME_LAT + i * APART_M / METRES_PER_DEGREE, HOME_LON);
    assert_true(length < room);
}

static void what_he_walks_through_is_told_and_judged_again_alike(void **state)
{
    struct testbed *testbed = *state;
    static char zones[ZONES * 80];
    int second = 0;

    print_zones(zones, sizeof zones);
    testbed->base = time(NULL) - 24 * 3600; // an exercise, whose clock is that of its pings
    testbed_open(testbed, zones, "--rehearse");
    for (int north = 0; north <= WALKED * APART_M; north += STEP_M, second += STEP_S)
        assert_int_equal(testbed_ping(testbed, "tag-1", second, north), 200);
    testbed_gather(testbed);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(DISTINCT incident) FROM alert WHERE "
                                                 "type = 'breach'"),
                     1 + WALKED);
    // Of the zones that it was about alone: never of all.
    assert_int_equal(ctl_fixture_number(testbed, "SELECT max((SELECT count(*) FROM "
                                                 "json_each(body, '$.before.incidents'))) < 100 "
                                                 "FROM entry WHERE kind = 'ping'"),
                     1);
    assert_int_equal(
        testbed_ctl(testbed, "replay", "--ledger", testbed_path(testbed, "ledger.db").text, NULL),
        0);
    assert_non_null(strstr(testbed_ctl_said(testbed), " 0 differences\n"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(what_he_walks_through_is_told_and_judged_again_alike),
    };

    return cmocka_run_group_tests_name("many zones", tests, NULL, NULL);
}
