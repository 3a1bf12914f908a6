/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time alone: he stays inside, no further ping comes, and what the order says of that moment is
 * told by the running daemon all the same. The machine's clocks are set forward; nobody sleeps.
 */
#include "core/instant.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "support/rows.h"
#include "support/test.h"
#include "support/testbed.h"

#define HALF_AN_HOUR 1800
#define BREACH       "breach A/home/1/1\n"

/*
 * What stands in the order, the zone and behind them, where @ is the boundary half an hour ahead
 * and # an hour after it; $ and % are their times of day.
 */
static const struct row {
    const char *says, *order, *zone, *before, *after;
} rows[] = {
    { "the order ends", "until = @\n", "", BREACH, BREACH "cleared A/home/1/2\n" },
    { "the order begins", "from = @\n", "", "", BREACH },
    { "the order is served", "served = @\n", "", "", BREACH },
    { "the schedule's window shuts", "", "schedule = Mon-Sun %-$\n", BREACH,
      BREACH "cleared A/home/1/2\n" },
    { "the schedule's window opens", "", "schedule = Mon-Sun $-%\n", "", BREACH },
    { "a permit begins", "", "[permit A/visit]\nfrom = @\nuntil = #\n", BREACH,
      BREACH "cleared A/home/1/2\nbreach A/home/2/1\n" },
    { "a permit ends", "", "[permit A/visit]\nfrom = 2020-01-01T00:00:00Z\nuntil = @\n", BREACH,
      BREACH "cleared A/home/1/2\nbreach A/home/2/1\n" },
};

static const struct row *row; // the one in the testbed

static struct utc boundary(const struct testbed *testbed)
{
    int64_t second = testbed->base + 900 + HALF_AN_HOUR;

    return (struct utc){ (second - second % 60) * 1000 }; // schedules know minutes
}

static void put_expanded(FILE *out, const char *text, struct utc at)
{
    for (; *text != '\0'; text++) {
        struct utc instant = utc_plus(at, strchr("#%", *text) ? 3600 * 1000 : 0);
        char printed[UTC_TEXT_MAX];

        utc_print(instant, printed);
        if (strchr("@#", *text) != NULL)
            fputs(printed, out);
        else if (strchr("$%", *text) != NULL)
            fprintf(out, "%.5s", strchr(printed, 'T') + 1);
        else
            fputc(*text, out);
    }
}

static void write_order(const struct testbed *testbed)
{
    FILE *out = fopen(testbed_path(testbed, "orders.d/A.conf").text, "we");

    assert_non_null(out);
    fputs("[order A]\nkind = other\nrespondent = R-A\ndevices = tag-1\nmonitoring = bail\n", out);
    if (strncmp(row->order, "from", 4) != 0)
        fputs("from = 2020-01-01T00:00:00Z\n", out);
    if (strncmp(row->order, "served", 6) != 0)
        fputs("served = 2020-01-01T00:00:00Z\n", out);
    put_expanded(out, row->order, boundary(testbed));
    fprintf(out, "[zone A/home]\ncentre = %.6f, %.6f\nradius = 200 m\n", HOME_LAT, HOME_LON);
    put_expanded(out, row->zone, boundary(testbed));
    assert_int_equal(fclose(out), 0);
}

static void await_story(struct testbed *testbed, const char *want)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (strcmp(testbed_story(testbed), want) != 0 && now_ms() < deadline)
        assert_int_equal(testbed_get(testbed, "/healthz"), 200);
    testbed_expect(testbed, want);
}

/* The alert is of the boundary's own moment, however late the clock was looked at. */
static void assert_of_that_moment(struct testbed *testbed)
{
    const json_t *last = json_array_get(testbed->alerts, json_array_size(testbed->alerts) - 1);
    char want[UTC_TEXT_MAX];

    assert_string_equal(alert_text(last, "time"), utc_print(boundary(testbed), want));
}

static int setup(void **state)
{
    row = *state;
    return testbed_setup(state);
}

static void it_is_told_without_a_ping(void **state)
{
    struct testbed *testbed = *state;

    testbed_shift_fit(testbed);
    testbed_set(testbed, "breachd.conf", "site", "timezone", "UTC");
    write_order(testbed);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);

    assert_int_equal(testbed_ping(testbed, "tag-1", 900, 10), 200);
    testbed_expect(testbed, row->before);
    testbed_replace(testbed, "ahead", "%d\n", HALF_AN_HOUR + 5);
    await_story(testbed, row->after);
    assert_of_that_moment(testbed);
    testbed_close(testbed);
}

int main(void)
{

    return rows_hold_in("boundary_rows", rows, it_is_told_without_a_ping, setup, testbed_teardown);
}
