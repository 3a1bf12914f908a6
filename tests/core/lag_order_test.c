/* SPDX-License-Identifier: Apache-2.0 */
/* lag_order_test.c - how long what a device kept may take to come, and in what order. Seconds. */
#include "core/lag.h"

#include <math.h>

#include "support/test.h"

#define MINUTE 60.0
#define HOUR   3600.0
#define DAY    86400.0

enum { MINUTES_MAX = 2000 };

static struct utc at(double seconds)
{
    return (struct utc){ 1790000000000 + llround(seconds * 1000) };
}

/* One old ping a minute. When it is made, counted from when the first comes. */
typedef double times_of(unsigned nth);

static double newest_first(unsigned nth)
{
    return -HOUR - MINUTE * nth;
}

static double falls_by_four_seconds(unsigned nth)
{
    return -HOUR - 4 * nth;
}

static double falls_by_a_second(unsigned nth)
{
    return -HOUR - 1.0 * nth;
}

static double in_no_order(unsigned nth)
{
    return -HOUR - 11 * (nth * 7919 % 3600);
}

static double in_order_of_each_four_seconds(unsigned nth)
{
    return -HOUR + 4 * nth;
}

static double stands_still(unsigned nth)
{
    (void)nth;
    return -HOUR;
}

static const struct {
    const char *says;
    times_of *of;
    unsigned alone, between; // the minute in which it is of now: nothing else, or fresh between
} rows[] = {
    { "the newest first", newest_first, 1440, 1440 },
    { "the newest first, of each four seconds", falls_by_four_seconds, 1440, 1440 },
    { "nobody keeps two within a second", falls_by_a_second, 2, 15 },
    { "in no order", in_no_order, 60, 60 },
    { "in order, of each four seconds", in_order_of_each_four_seconds, 60, 60 },
    { "stands still", stands_still, 2, 3 },
};

static unsigned minute_alone(times_of *of)
{
    struct lag lag = { 0 };

    for (unsigned i = 0; i < MINUTES_MAX; i++) {
        struct lag_ping ping = {
            at(of(i)), at(MINUTE * i), UTC_ALWAYS, 600000, (int64_t)(7 * DAY * 1000), false
        };

        if (lag_judge(&lag, &ping).ours)
            return i;
    }
    return MINUTES_MAX;
}

static unsigned minute_between(times_of *of)
{
    struct lag_mix mix = { 0 };

    lag_mix_hear(&mix, at(-120));
    lag_mix_hear(&mix, at(-30));
    for (unsigned i = 0; i < MINUTES_MAX; i++) {
        if (lag_mix_tells(&mix, at(of(i)), at(MINUTE * i), 600000))
            return i;
        lag_mix_hear(&mix, at(MINUTE * (i + 0.5)));
    }
    return MINUTES_MAX;
}

static void each_order_has_its_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned alone = minute_alone(rows[i].of), between = minute_between(rows[i].of);

        if (alone != rows[i].alone || between != rows[i].between)
            fail_msg("%s: of now in minute %u alone, %u between fresh ones", rows[i].says, alone,
                     between);
    }
}

/* What was made meanwhile is the newest that is left, and then comes what was left before. */
static void a_stack_that_grows_goes_back(void **state)
{
    static const double times[] = { -900, -960, -1020, 1260, 1200, -1080, -1140 },
                        came[] = { 0, 60, 120, 2000, 2060, 2120, 2180 };
    struct lag_pace pace = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        lag_pace_of(&pace, at(times[i]), at(came[i]));
        assert_int_equal(lag_goes_back(&pace), i > 0);
    }
    lag_pace_of(&pace, at(-1000), at(2240)); // left out before
    assert_false(lag_goes_back(&pace));
    lag_pace_of(&pace, at(-1200), at(2300));
    assert_false(lag_goes_back(&pace));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_order_has_its_time),
        cmocka_unit_test(a_stack_that_grows_goes_back),
    };

    return cmocka_run_group_tests_name("lag_order", tests, NULL, NULL);
}
