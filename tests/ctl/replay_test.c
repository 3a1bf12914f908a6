/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever happens to breachd meanwhile: judged again, the same alerts come out, byte for byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_fixture.h"
#include "support/dice.h"
#include "support/test.h"

static void the_demo_comes_out_the_same(void **state)
{
    struct testbed *testbed = *state;

    ctl_fixture_play_the_demo(testbed);
    assert_int_equal(ctl_fixture_agrees(testbed), json_array_size(testbed->alerts));
    assert_int_equal(ctl_fixture_replayed(testbed, "skipped"), 0);
    testbed_close(testbed);
    assert_true(ctl_fixture_agrees(testbed) > 10); // and when breachd does not run
}

static void after_kill_9_in_the_middle(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "warn = 800 m\n", NULL);
    testbed_ping(testbed, "tag-1", 0, 700);
    testbed_ping(testbed, "tag-1", 100, 10);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_ping(testbed, "tag-1", 200, 20);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_ping(testbed, "tag-1", 300, 30);
    testbed_ping(testbed, "tag-1", 700, 900);
    testbed_gather(testbed);
    assert_true(ctl_fixture_agrees(testbed) >= 3);
    testbed_close(testbed);
}

static void after_a_reload_that_moved_the_zone(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "warn = 800 m\n", NULL);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_order(testbed, "A", "tag-1", 5000, 200, "");
    testbed_reload(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 300, "");
    testbed_reload(testbed);
    testbed_ping(testbed, "tag-1", 880, 10);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\nbreach A/home/2/1\n");
    assert_int_equal(ctl_fixture_agrees(testbed), 3);
    testbed_close(testbed);
}

static void after_an_order_was_withdrawn(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "warn = 800 m\n", NULL);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    testbed_reload(testbed);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_ping(testbed, "tag-2", 0, 10);
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload_really(testbed);
    testbed_expect(testbed, "breach A/home/1/1\nbreach B/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(ctl_fixture_agrees(testbed), 3);
    testbed_close(testbed);
}

/* The reload in between told nothing, so nothing else says which text was withdrawn. */
static void after_a_changed_order_was_withdrawn(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "warn = 800 m\n", NULL);
    testbed_ping(testbed, "tag-1", 890, 10);
    testbed_order(testbed, "A", "tag-1", 0, 250, "");
    testbed_reload(testbed);
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_reload_really(testbed);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(ctl_fixture_agrees(testbed), 2);
    testbed_close(testbed);
}

/* Nobody knows any more whose it was: told, and not judged again. */
static void after_an_order_was_withdrawn_while_it_was_down(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "warn = 800 m\n", NULL);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_kill(testbed);
    testbed_remove(testbed, "ledger.db-rules"); // else what was last good would stay
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_start(testbed, NULL);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(ctl_fixture_agrees(testbed), 1);
    testbed_close(testbed);
}

static void with_two_devices(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "A", "tag-1, phone-1", 0, 200, "warn = 800 m\n");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    testbed_ping(testbed, "tag-1", 0, 700);
    testbed_ping(testbed, "phone-1", 1, 20);
    testbed_ping(testbed, "tag-1", 60, 10);
    testbed_ping(testbed, "phone-1", 300, 900);
    testbed_ping(testbed, "tag-1", 320, 905);
    testbed_gather(testbed);
    assert_true(ctl_fixture_agrees(testbed) >= 2);
    testbed_close(testbed);
}

static void with_late_doubtful_and_repeated_pings(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "warn = 800 m\n", NULL);
    testbed_ping(testbed, "tag-1", 0, 900);
    testbed_ping(testbed, "tag-1", 600, 1000);
    testbed_ping(testbed, "tag-1", 200, 10); // late, and it was inside
    testbed_ping(testbed, "tag-1", 210, 15);
    testbed_ping(testbed, "tag-1", 600, 1000);
    testbed_ping(testbed, "tag-1", 605, 60000); // nobody is so quick
    testbed_ping(testbed, "tag-1", 620, 100);
    testbed_ping(testbed, "tag-1", 630, 90);
    testbed_ping(testbed, "tag-1", 610, 5);
    testbed_gather(testbed);
    assert_non_null(strstr(testbed_story(testbed), "retrospective "));
    assert_true(ctl_fixture_agrees(testbed) >= 2);
    testbed_close(testbed);
}

/* Its sender does not vouch for it: it proves nothing, the second time as the first. */
static void with_a_position_that_is_not_vouched_for(void **state)
{
    struct testbed *testbed = *state;
    char path[200];

    testbed_open(testbed, "warn = 800 m\n", NULL);
    testbed_ping(testbed, "tag-1", 500, 300);
    testbed_ping(testbed, "tag-1", 515, 210);
    snprintf(path, sizeof path,
             "/osmand?id=tag-1&timestamp=%lld&lat=%.6f&lon=%.6f&accuracy=5&valid=false",
             (long long)testbed->base + 530, HOME_LAT, HOME_LON);
    assert_int_equal(testbed_get(testbed, path), 200);
    testbed_ping(testbed, "tag-1", 545, 205);
    testbed_ping(testbed, "tag-1", 560, 100);
    testbed_gather(testbed);
    assert_true(ctl_fixture_agrees(testbed) >= 2);
    assert_true(ctl_fixture_number(testbed,
                                   "SELECT count(*) FROM entry WHERE body LIKE '%untrusted%'") > 0);
    testbed_close(testbed);
}

/* In a rehearsal pings move the clock, over boundaries that speak without one. */
static void over_boundaries_of_schedule_and_permit(void **state)
{
    struct testbed *testbed = *state;

    testbed->base = 1592899200 - 600; // 08:00Z on Tuesday 23 June 2020 is second 600
    testbed_order(testbed, "A", "tag-1", 0, 200,
                  "warn = 800 m\nschedule = Tue 09:00-12:00\n"
                  "[permit A/court]\nfrom = 2020-06-23T09:00:00Z\nuntil = 2020-06-23T10:00:00Z\n"
                  "by = Sgt 1\nwhy = court\n");
    testbed_order(testbed, "B", "tag-2", 3000, 200, "");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, "--rehearse", NULL);
    testbed_ping(testbed, "tag-1", 0, 10); // before it begins at 08:00Z
    testbed_ping(testbed, "tag-2", 700, 0);
    testbed_ping(testbed, "tag-1", 4000, 20);
    testbed_ping(testbed, "tag-2", 4500, 0); // a permit begins at 09:00Z: 4200
    testbed_ping(testbed, "tag-1", 5000, 25);
    testbed_ping(testbed, "tag-2", 9000, 0);  // and ends at 10:00Z: 7800
    testbed_ping(testbed, "tag-2", 16000, 0); // the schedule ends at 11:00Z
    testbed_gather(testbed);
    assert_non_null(strstr(testbed_story(testbed), "breach A/home/1/1\n"));
    assert_non_null(strstr(testbed_story(testbed), "A/home/3/"));
    assert_true(ctl_fixture_agrees(testbed) >= 6);
    testbed_close(testbed);
}

/* ---- anything, by a seed ---- */

enum { EVENTS = 220 };

static void change_the_rules(struct testbed *testbed, struct dice *dice)
{
    unsigned nth = dice_below(dice, 3);
    char id[2] = { (char)('A' + nth), '\0' }, devices[64], name[32];

    snprintf(devices, sizeof devices, "tag-%u, phone-%u", nth, nth);
    snprintf(name, sizeof name, "orders.d/%s.conf", id);
    if (dice_below(dice, 4) == 0)
        testbed_remove(testbed, name);
    else
        testbed_order(testbed, id, devices, 100.0 * dice_below(dice, 8),
                      150 + dice_below(dice, 200), dice_below(dice, 2) ? "warn = 700 m\n" : "");
    testbed_reload(testbed);
}

static void ping_somebody(struct testbed *testbed, struct dice *dice, int second)
{
    char device[16];
    int late = dice_below(dice, 6) == 0 ? (int)dice_below(dice, 300) : 0;

    snprintf(device, sizeof device, "%s-%u", dice_below(dice, 3) ? "tag" : "phone",
             dice_below(dice, 3));
    testbed_ping(testbed, device, second > late ? second - late : 0, dice_between(dice, 0, 1500));
}

static void whatever_comes_in_whatever_order(void **state)
{
    struct testbed *testbed = *state;
    struct dice dice = dice_begin();

    for (unsigned nth = 0; nth < 3; nth++) {
        char id[2] = { (char)('A' + nth), '\0' }, devices[64];

        snprintf(devices, sizeof devices, "tag-%u, phone-%u", nth, nth);
        testbed_order(testbed, id, devices, 300.0 * nth, 200, "warn = 800 m\n");
    }
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    for (int i = 0; i < EVENTS; i++) {
        unsigned roll = dice_below(&dice, 40);

        if (roll == 0) {
            testbed_kill(testbed);
            testbed_start(testbed, NULL);
        } else if (roll == 1) {
            change_the_rules(testbed, &dice);
        } else {
            ping_somebody(testbed, &dice, 4 * i);
        }
    }
    testbed_gather(testbed);
    assert_true(ctl_fixture_agrees(testbed) > 20);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_demo_comes_out_the_same),
        testbed_test(after_kill_9_in_the_middle),
        testbed_test(after_a_reload_that_moved_the_zone),
        testbed_test(after_an_order_was_withdrawn),
        testbed_test(after_a_changed_order_was_withdrawn),
        testbed_test(after_an_order_was_withdrawn_while_it_was_down),
        testbed_test(with_two_devices),
        testbed_test(with_late_doubtful_and_repeated_pings),
        testbed_test(with_a_position_that_is_not_vouched_for),
        testbed_test(over_boundaries_of_schedule_and_permit),
        testbed_test(whatever_comes_in_whatever_order),
    };

    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
