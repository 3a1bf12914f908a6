/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel refuses to tell whether its clock is synchronised, so the bus is asked: breachd sees
 * the same, and no trouble of the bus is one of the watch. The clock is support/wallclock.c's.
 */
#include "support/fake_bus.h"
#include "support/test.h"
#include "support/testbed.h"
#include "wall.h"

#define ALERTS(type) "breachd_alerts_total{type=\"" type "\"}"

/* An address of the testbed's own; nobody need be there. */
static struct path bus_path(struct testbed *testbed)
{
    static char variable[300];
    struct path at = testbed_path(testbed, "bus");

    snprintf(variable, sizeof variable, "DBUS_SYSTEM_BUS_ADDRESS=unix:path=%s", at.text);
    testbed_environment(testbed, variable);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    return at;
}

static struct fake_bus *start_bus(struct testbed *testbed, const struct fake_bus_bytes *says)
{
    struct fake_bus *bus = fake_bus_start(bus_path(testbed).text);

    fake_bus_say(bus, says, FAKE_BUS_HOLDS);
    return bus;
}

/* It is so at once, and a step of the time daemon is no news but the one that it is. */
static void synchronised_by_the_word_of_the_bus(void **state)
{
    struct testbed *testbed = *state;
    struct fake_bus_bytes yes = fake_bus_timedated(true);
    struct fake_bus *bus = start_bus(testbed, &yes);

    wall_open(testbed, 0, "refused");
    assert_string_equal(wall_status(testbed, "clock"), "synchronised");
    assert_int_equal(fake_bus_callers(bus), 1);
    testbed_await_log(testbed, "clock: adjtimex is refused, Operation not permitted");
    // By now it is confined, and may ask all the same.
    wall_set(testbed, HOUR);
    wall_was_set(testbed);
    testbed_await_metric(testbed, "breachd_clock_moves_total", 1);
    assert_string_equal(wall_status(testbed, "clock"), "synchronised");
    assert_true(testbed_metric(testbed, "breachd_clock_jumps_total") == 0);
    assert_int_equal(fake_bus_callers(bus), 2);
    testbed_close(testbed);
    fake_bus_stop(bus);
}

/* The word of before is none about a clock that somebody set by hand. */
static void set_by_hand_it_is_not_followed(void **state)
{
    struct testbed *testbed = *state;
    struct fake_bus_bytes yes = fake_bus_timedated(true), no = fake_bus_timedated(false);
    struct fake_bus *bus = start_bus(testbed, &yes);

    wall_open(testbed, 0, "refused");
    fake_bus_say(bus, &no, FAKE_BUS_HOLDS);
    wall_set(testbed, HOUR); // and nothing says that it was, but that it is another
    testbed_await_metric(testbed, "breachd_clock_jumps_total", 1);
    assert_true(testbed_metric(testbed, "breachd_clock_moves_total") == 0);
    wall_await_status(testbed, "clock", "counted");
    testbed_close(testbed);
    fake_bus_stop(bus);
}

static void not_synchronised_is_unproven(void **state)
{
    struct testbed *testbed = *state;
    struct fake_bus_bytes no = fake_bus_timedated(false);
    struct fake_bus *bus = start_bus(testbed, &no);

    wall_open(testbed, 0, "refused");
    assert_string_equal(wall_status(testbed, "clock"), "unproven");
    testbed_close(testbed);
    fake_bus_stop(bus);
}

/* Pings are judged and the doors answer, while a question hangs. */
static void a_bus_that_hangs_holds_nobody(void **state)
{
    struct testbed *testbed = *state;
    struct fake_bus *bus = start_bus(testbed, &(struct fake_bus_bytes){ 0 });

    wall_open(testbed, 0, "refused");
    assert_string_equal(wall_status(testbed, "clock"), "unproven");
    testbed_await_log(testbed, "clock: systemd-timedated does not tell whether the clock is "
                               "synchronised: no answer in time");
    wall_was_set(testbed);
    while (fake_bus_callers(bus) < 2)
        assert_int_equal(testbed_get(testbed, "/healthz"), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 15, 12), 200);
    assert_true(testbed_metric(testbed, ALERTS("breach")) == 1);
    testbed_close(testbed);
    fake_bus_stop(bus);
}

static void without_a_bus_it_watches_too(void **state)
{
    struct testbed *testbed = *state;

    bus_path(testbed);
    wall_open(testbed, 0, "refused");
    assert_string_equal(wall_status(testbed, "clock"), "unproven");
    testbed_await_log(testbed, "/bus: No such file or directory");
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_ping(testbed, "tag-1", 15, 12);
    assert_true(testbed_metric(testbed, ALERTS("breach")) == 1);
    testbed_close(testbed);
}

static void a_kernel_that_tells_is_asked_alone(void **state)
{
    struct testbed *testbed = *state;
    struct fake_bus_bytes no = fake_bus_timedated(false);
    struct fake_bus *bus = start_bus(testbed, &no);

    wall_open(testbed, 0, "yes");
    wall_was_set(testbed);
    assert_string_equal(wall_status(testbed, "clock"), "synchronised");
    assert_int_equal(fake_bus_callers(bus), 0);
    testbed_close(testbed);
    fake_bus_stop(bus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(synchronised_by_the_word_of_the_bus),
        testbed_test(set_by_hand_it_is_not_followed),
        testbed_test(not_synchronised_is_unproven),
        testbed_test(a_bus_that_hangs_holds_nobody),
        testbed_test(without_a_bus_it_watches_too),
        testbed_test(a_kernel_that_tells_is_asked_alone),
    };

    return cmocka_run_group_tests_name("clock_bus", tests, NULL, NULL);
}
