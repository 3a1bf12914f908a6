/* SPDX-License-Identifier: Apache-2.0 */
/* Until when something is kept quiet: an instant, or so long from now. */
#include "adapter/conf/until.h"

#include <string.h>

#include "support/test.h"

static const struct utc now = { 1592942400000 }; // 2020-06-23T20:00:00Z

static const struct row {
    const char *says;
    int64_t after_ms; // -1: refused
} rows[] = {
    { "2020-06-23T20:10:00Z", 600000 },
    { "2020-06-23T21:10:00+01:00", 600000 },
    { "2h", 7200000 },
    { "30 m", 1800000 },
    { "1ms", 1 },
    { "8h", 8 * 3600000 },
    { "28860s", 8 * 3600000 + 60000 }, // another clock may be a minute ahead
    { "28861s", -1 },
    { "9h", -1 },
    { "0s", -1 },
    { "-1h", -1 },
    { "2 hours", -1 },
    { "22:30", -1 },
    { "soon", -1 },
    { "", -1 },
    { "2020-13-01T00:00:00Z", -1 },
    { "9999-01-01T00:00:00Z", -1 },
};

static void each_is_read_or_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault why = { .text = "" };
        struct utc at = now;
        bool ok = until_parse(rows[i].says, now, &at, &why);

        if (ok != (rows[i].after_ms >= 0) || (ok && at.ms - now.ms != rows[i].after_ms))
            fail_msg("\"%s\": %d, %lld ms", rows[i].says, ok, (long long)(at.ms - now.ms));
        assert_true(ok || strstr(why.text, rows[i].says) != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_is_read_or_refused_by_name) };

    return cmocka_run_group_tests_name("until", tests, NULL, NULL);
}
