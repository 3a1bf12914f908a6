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
    struct house *house = *state;

    ctl_fixture_play_the_demo(house);
    assert_int_equal(ctl_fixture_agrees(house), json_array_size(house->alerts));
    assert_int_equal(ctl_fixture_replayed(house, "skipped"), 0);
    house_close(house);
    assert_true(ctl_fixture_agrees(house) > 10); // and when breachd does not run
}

static void after_kill_9_in_the_middle(void **state)
{
    struct house *house = *state;

    house_open(house, "warn = 800 m\n", NULL);
    house_ping(house, "tag-1", 0, 700);
    house_ping(house, "tag-1", 100, 10);
    house_kill(house);
    house_start(house, NULL);
    house_ping(house, "tag-1", 200, 20);
    house_kill(house);
    house_start(house, NULL);
    house_ping(house, "tag-1", 300, 30);
    house_ping(house, "tag-1", 700, 900);
    house_gather(house);
    assert_true(ctl_fixture_agrees(house) >= 3);
    house_close(house);
}

static void after_a_reload_that_moved_the_zone(void **state)
{
    struct house *house = *state;

    house_open(house, "warn = 800 m\n", NULL);
    house_ping(house, "tag-1", 0, 10);
    house_order(house, "A", "tag-1", 5000, 200, "");
    house_reload(house);
    house_order(house, "A", "tag-1", 0, 300, "");
    house_reload(house);
    house_ping(house, "tag-1", 880, 10);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\nbreach A/home/2/1\n");
    assert_int_equal(ctl_fixture_agrees(house), 3);
    house_close(house);
}

static void after_an_order_was_withdrawn(void **state)
{
    struct house *house = *state;

    house_open(house, "warn = 800 m\n", NULL);
    house_order(house, "B", "tag-2", 0, 200, "");
    house_reload(house);
    house_ping(house, "tag-1", 0, 10);
    house_ping(house, "tag-2", 0, 10);
    house_remove(house, "orders.d/A.conf");
    house_reload(house);
    house_expect(house, "breach A/home/1/1\nbreach B/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(ctl_fixture_agrees(house), 3);
    house_close(house);
}

/* The reload in between told nothing, so nothing else says which text was withdrawn. */
static void after_a_changed_order_was_withdrawn(void **state)
{
    struct house *house = *state;

    house_open(house, "warn = 800 m\n", NULL);
    house_ping(house, "tag-1", 890, 10);
    house_order(house, "A", "tag-1", 0, 250, "");
    house_reload(house);
    house_remove(house, "orders.d/A.conf");
    house_reload(house);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(ctl_fixture_agrees(house), 2);
    house_close(house);
}

/* Nobody knows any more whose it was: told, and not judged again. */
static void after_an_order_was_withdrawn_while_it_was_down(void **state)
{
    struct house *house = *state;

    house_open(house, "warn = 800 m\n", NULL);
    house_ping(house, "tag-1", 0, 10);
    house_kill(house);
    house_remove(house, "orders.d/A.conf");
    house_start(house, NULL);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_int_equal(ctl_fixture_agrees(house), 1);
    house_close(house);
}

static void with_two_devices(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1, phone-1", 0, 200, "warn = 800 m\n");
    house_redis_start(house, "");
    house_start(house, NULL);
    house_ping(house, "tag-1", 0, 700);
    house_ping(house, "phone-1", 1, 20);
    house_ping(house, "tag-1", 60, 10);
    house_ping(house, "phone-1", 300, 900);
    house_ping(house, "tag-1", 320, 905);
    house_gather(house);
    assert_true(ctl_fixture_agrees(house) >= 2);
    house_close(house);
}

static void with_late_doubtful_and_repeated_pings(void **state)
{
    struct house *house = *state;

    house_open(house, "warn = 800 m\n", NULL);
    house_ping(house, "tag-1", 0, 900);
    house_ping(house, "tag-1", 600, 1000);
    house_ping(house, "tag-1", 200, 10); // late, and it was inside
    house_ping(house, "tag-1", 210, 15);
    house_ping(house, "tag-1", 600, 1000);
    house_ping(house, "tag-1", 605, 60000); // nobody is so quick
    house_ping(house, "tag-1", 620, 100);
    house_ping(house, "tag-1", 630, 90);
    house_ping(house, "tag-1", 610, 5);
    house_gather(house);
    assert_non_null(strstr(house_story(house), "retrospective "));
    assert_true(ctl_fixture_agrees(house) >= 2);
    house_close(house);
}

/* Its sender does not vouch for it: it proves nothing, the second time as the first. */
static void with_a_position_that_is_not_vouched_for(void **state)
{
    struct house *house = *state;
    char path[200];

    house_open(house, "warn = 800 m\n", NULL);
    house_ping(house, "tag-1", 500, 300);
    house_ping(house, "tag-1", 515, 210);
    snprintf(path, sizeof path,
             "/osmand?id=tag-1&timestamp=%lld&lat=%.6f&lon=%.6f&accuracy=5&valid=false",
             (long long)house->base + 530, HOME_LAT, HOME_LON);
    assert_int_equal(house_get(house, path), 200);
    house_ping(house, "tag-1", 545, 205);
    house_ping(house, "tag-1", 560, 100);
    house_gather(house);
    assert_true(ctl_fixture_agrees(house) >= 2);
    assert_true(
        ctl_fixture_number(house, "SELECT count(*) FROM entry WHERE body LIKE '%untrusted%'") > 0);
    house_close(house);
}

/* In a rehearsal pings move the clock, over boundaries that speak without one. */
static void over_boundaries_of_schedule_and_permit(void **state)
{
    struct house *house = *state;

    house->base = 1592899200 - 600; // 08:00Z on Tuesday 23 June 2020 is second 600
    house_order(house, "A", "tag-1", 0, 200,
                "warn = 800 m\nschedule = Tue 09:00-12:00\n"
                "[permit A/court]\nfrom = 2020-06-23T09:00:00Z\nuntil = 2020-06-23T10:00:00Z\n"
                "by = Sgt 1\nwhy = court\n");
    house_order(house, "B", "tag-2", 3000, 200, "");
    house_redis_start(house, "");
    house_start(house, "--rehearse", NULL);
    house_ping(house, "tag-1", 0, 10); // before it begins at 08:00Z
    house_ping(house, "tag-2", 700, 0);
    house_ping(house, "tag-1", 4000, 20);
    house_ping(house, "tag-2", 4500, 0); // a permit begins at 09:00Z: 4200
    house_ping(house, "tag-1", 5000, 25);
    house_ping(house, "tag-2", 9000, 0);  // and ends at 10:00Z: 7800
    house_ping(house, "tag-2", 16000, 0); // the schedule ends at 11:00Z
    house_gather(house);
    assert_non_null(strstr(house_story(house), "breach A/home/1/1\n"));
    assert_non_null(strstr(house_story(house), "A/home/3/"));
    assert_true(ctl_fixture_agrees(house) >= 6);
    house_close(house);
}

/* ---- anything, by a seed ---- */

enum { EVENTS = 220 };

static void change_the_rules(struct house *house, struct dice *dice)
{
    unsigned nth = dice_below(dice, 3);
    char id[2] = { (char)('A' + nth), '\0' }, devices[64], name[32];

    snprintf(devices, sizeof devices, "tag-%u, phone-%u", nth, nth);
    snprintf(name, sizeof name, "orders.d/%s.conf", id);
    if (dice_below(dice, 4) == 0)
        house_remove(house, name);
    else
        house_order(house, id, devices, 100.0 * dice_below(dice, 8), 150 + dice_below(dice, 200),
                    dice_below(dice, 2) ? "warn = 700 m\n" : "");
    house_reload(house);
}

static void ping_somebody(struct house *house, struct dice *dice, int second)
{
    char device[16];
    int late = dice_below(dice, 6) == 0 ? (int)dice_below(dice, 300) : 0;

    snprintf(device, sizeof device, "%s-%u", dice_below(dice, 3) ? "tag" : "phone",
             dice_below(dice, 3));
    house_ping(house, device, second > late ? second - late : 0, dice_between(dice, 0, 1500));
}

static void whatever_comes_in_whatever_order(void **state)
{
    struct house *house = *state;
    struct dice dice = dice_begin();

    for (unsigned nth = 0; nth < 3; nth++) {
        char id[2] = { (char)('A' + nth), '\0' }, devices[64];

        snprintf(devices, sizeof devices, "tag-%u, phone-%u", nth, nth);
        house_order(house, id, devices, 300.0 * nth, 200, "warn = 800 m\n");
    }
    house_redis_start(house, "");
    house_start(house, NULL);
    for (int i = 0; i < EVENTS; i++) {
        unsigned roll = dice_below(&dice, 40);

        if (roll == 0) {
            house_kill(house);
            house_start(house, NULL);
        } else if (roll == 1) {
            change_the_rules(house, &dice);
        } else {
            ping_somebody(house, &dice, 4 * i);
        }
    }
    house_gather(house);
    assert_true(ctl_fixture_agrees(house) > 20);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(the_demo_comes_out_the_same),
        house_test(after_kill_9_in_the_middle),
        house_test(after_a_reload_that_moved_the_zone),
        house_test(after_an_order_was_withdrawn),
        house_test(after_a_changed_order_was_withdrawn),
        house_test(after_an_order_was_withdrawn_while_it_was_down),
        house_test(with_two_devices),
        house_test(with_late_doubtful_and_repeated_pings),
        house_test(with_a_position_that_is_not_vouched_for),
        house_test(over_boundaries_of_schedule_and_permit),
        house_test(whatever_comes_in_whatever_order),
    };

    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
