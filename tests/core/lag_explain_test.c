/* SPDX-License-Identifier: Apache-2.0 */
/* lag_explain_test.c - what is wrong with a clock, in words. Seconds. */
#include "core/lag.h"

#include <math.h>

#include "support/test.h"

#define HOUR  3600.0
#define DAY   86400.0
#define WEEKS (1024 * 7 * DAY)

static struct utc at(double seconds)
{
    return (struct utc){ 1790000000000 + llround(seconds * 1000) };
}

static void what_is_wrong_is_told_in_words(void **state)
{
    static const struct {
        enum lag_fault fault;
        double behind;
        const char *want;
    } texts[LAG_FAULTS] = {
        { LAG_NONE, 0, "right" },
        { LAG_WEEKS, WEEKS, "1024 weeks behind, by a GPS week rollover" },
        { LAG_AHEAD, -HOUR, "1 h 0 min ahead" },
        { LAG_UNSET, 50 * 365 * DAY, "never set, before the year 2000" },
        { LAG_OLD, 400 * DAY, "400 d 0 h behind, more than any ping can have waited" },
        { LAG_STEADY, 660, "11 min 0 s behind, ping after ping" },
        { LAG_ERRATIC, HOUR, "its times do not go with the pace at which it talks" },
        { LAG_MIXED, 660, "11 min 0 s behind, ping after ping, between others that are right" },
    };
    char text[LAG_TEXT_MAX];

    (void)state;
    for (int i = 0; i < LAG_FAULTS; i++) {
        struct lag lag = { .fault = texts[i].fault };

        lag_explain(&lag, at(-texts[i].behind), at(0), text);
        assert_string_equal(text, texts[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_told_in_words),
    };

    return cmocka_run_group_tests_name("lag_explain", tests, NULL, NULL);
}
