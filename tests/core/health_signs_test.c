/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health_signs_test.c - a position that an app makes up, and tampering of another kind, are two
 * signs: neither hides the other, nor does the control room's having closed the one; and a word of
 * before neither ends what goes on nor begins it anew.
 */
#include "core/health.h"

#include <math.h>
#include <string.h>

#include "support/london.h"
#include "support/test.h"

static const char *const devices[] = { "tag-1" };
static const struct respondent who = { "R-1", (const char **)(uintptr_t)devices, 1, NULL, 0 };
static const struct detect detect = { .device_every_ms = 300 * 1000, .device_day = 500 };
static const struct watch watch = { .detect = &detect };

/* The one device, and what was told by the last ping: NULL: nothing. */
struct story {
    struct known_device device;
    struct outcome out;
    struct utc begin;
};

static const struct alert *hear(struct story *story, double second, const char *alarm,
                                enum arrival class)
{
    struct utc at = utc_plus(story->begin, (int64_t)(second * 1000));
    struct ping ping = { .time = at, .at = { 0.45, 51.5 }, .accuracy = 8, .battery = NAN };
    struct reception arriving = { .class = class, .when = at, .older = class == ARRIVED_LATE };
    bool mock = strncmp(alarm, "mock", 4) == 0;
    const char *names = mock ? alarm + 4 + (alarm[4] == ',') : alarm;

    ping_alarm(&ping, names, strlen(names));
    if (mock)
        ping_mock(&ping);
    assert_string_equal(ping.alarm, alarm);
    ping.no_fix = false; // it moves `newest` here, so that what is older is so
    story->out.n = 0;
    health_check(&watch, &who, &story->device, 0, &ping, arriving,
                 class == ARRIVED_LATE ? story->device.newest.time : at, &story->out);
    if (class != ARRIVED_LATE)
        story->device.newest.time = at;
    return story->out.n > 0 ? &story->out.alerts[0] : NULL;
}

static struct story begin(void)
{
    return (struct story){ .begin = utc_of("2020-06-23T20:00:00Z") };
}

static void is_told(const struct alert *alert, uint32_t incident, uint32_t count)
{
    assert_non_null(alert);
    assert_int_equal(alert->type, ALERT_TAMPER);
    assert_int_equal(alert->incident, incident);
    assert_int_equal(alert->count, count);
}

static void what_was_closed_as_the_one_is_told_as_the_other(void **state)
{
    static const char *const orders[][2] = { { "mock", "removing" },
                                             { "removing", "mock" },
                                             { "mock", "mock,removing" } };

    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct story story = begin();

        is_told(hear(&story, 0, orders[i][0], ARRIVED_NEW), 1, 1);
        story.device.troubles[TROUBLE_TAMPER].closed = true;
        assert_null(hear(&story, 60, orders[i][0], ARRIVED_NEW));
        is_told(hear(&story, 120, orders[i][1], ARRIVED_NEW), 2, 1);
        assert_null(hear(&story, 900, orders[i][1], ARRIVED_NEW));
    }
}

static void the_one_that_goes_on_does_not_hide_the_other(void **state)
{
    struct story story = begin();

    (void)state;
    is_told(hear(&story, 0, "mock", ARRIVED_NEW), 1, 1);
    is_told(hear(&story, 400, "mock, powerCut ", ARRIVED_NEW), 1, 2);
    assert_null(hear(&story, 800, "mock, powerCut ", ARRIVED_NEW));
    assert_null(hear(&story, 1200, "mock", ARRIVED_NEW));
    is_told(hear(&story, 1600, "mock,powerCut", ARRIVED_NEW), 1, 3);
    assert_null(hear(&story, 2000, "powerCut", ARRIVED_NEW));
    is_told(hear(&story, 2400, "mock,sos", ARRIVED_NEW), 1, 4);
}

/* Trackers send an alarm on the fix that they sent before. */
static void on_a_fix_that_was_there_already_it_counts_too(void **state)
{
    struct story story = begin();

    (void)state;
    is_told(hear(&story, 0, "mock", ARRIVED_NEW), 1, 1);
    assert_null(hear(&story, 0, "mock,removing", ARRIVED_AGAIN)); // not yet due
    assert_null(hear(&story, 0, "mock,removing", ARRIVED_AGAIN));
    is_told(hear(&story, 300, "mock,removing", ARRIVED_NEW), 1, 2);
}

static void a_word_of_before_leaves_what_goes_on_as_it_is(void **state)
{
    struct story story = begin();

    (void)state;
    is_told(hear(&story, 1000, "mock", ARRIVED_NEW), 1, 1);
    for (int i = 0; i < 4; i++) {
        assert_null(hear(&story, 1001 + 2 * i, "mock", ARRIVED_NEW));
        hear(&story, 100 + i, "removing", ARRIVED_LATE);
    }
    assert_int_equal(story.device.troubles[TROUBLE_TAMPER].count, 5);
    assert_int_equal(story.device.troubles[TROUBLE_TAMPER].well.ms, 0); // it goes on
    assert_true(story.device.tampered && story.device.mocked);
    is_told(hear(&story, 2000, "mock", ARRIVED_NEW), 1, 5);
    assert_null(hear(&story, 3000, "mock", ARRIVED_NEW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_closed_as_the_one_is_told_as_the_other),
        cmocka_unit_test(the_one_that_goes_on_does_not_hide_the_other),
        cmocka_unit_test(on_a_fix_that_was_there_already_it_counts_too),
        cmocka_unit_test(a_word_of_before_leaves_what_goes_on_as_it_is),
    };

    return cmocka_run_group_tests_name("health_signs", tests, NULL, NULL);
}
