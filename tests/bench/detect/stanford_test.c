/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/stanford.h"
#include "detect/tally.h"

#include "support/near.h"
#include "support/rows.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Three pings: 30 m inside, 30 m inside, 30 m outside; what is claimed of each is the row's. */
static const struct claimed {
    const char *says;
    enum behaviour behaviour;
    double inside[3];
    size_t deep, misled, passed, outside, accused;
} claims[] = {
    { "as it is", STAY_LONG, { 0.99, 0.999, 0.01 }, 2, 0, 0, 1, 0 },
    { "outside at 99.9 %", STAY_LONG, { 0.99, 0.001, 0.01 }, 2, 1, 0, 1, 0 },
    { "outside at 99.8 %", STAY_LONG, { 0.99, 0.002, 0.01 }, 2, 0, 0, 1, 0 },
    { "not looked at", STAY_LONG, { 0.99, 0, 0 }, 2, 1, 1, 1, 0 },
    { "inside at 99.9 % who is not", STAY_LONG, { 1, 1, 0.9995 }, 2, 0, 0, 1, 1 },
    { "not of the present", STAY_LONG, { NAN, NAN, NAN }, 0, 0, 0, 0, 0 },
    { "held up", STAY_BUFFERED, { 0, 0, 0 }, 0, 0, 0, 0, 0 },
    { "wild", FAR_AWAY, { 0, 0, 0 }, 0, 0, 0, 0, 0 },
};

static void it_is_counted_so(void **state)
{
    const struct claimed *row = *state;
    static struct stanford stanford;
    const struct integrity *of = &stanford.of[CLAIM_RIGHT][SKY_OPEN];
    const struct setting setting = { .behaviour = row->behaviour };
    struct fix fixes[] = { { .true_distance = -30 },
                           { .true_distance = -30 },
                           { .true_distance = 30 } };
    struct run run = { .fixes = fixes, .n = 3 };
    struct sayings sayings = { 0 };

    memset(&stanford, 0, sizeof stanford);
    for (int i = 0; i < 3; i++)
        sayings_add_inside(&sayings, row->inside[i]);
    stanford_add(&stanford, &setting, &run, &sayings);
    assert_int_equal(of->deep, row->deep);
    assert_int_equal(of->misled, row->misled);
    assert_int_equal(of->passed, row->passed);
    assert_int_equal(of->outside, row->outside);
    assert_int_equal(of->accused, row->accused);
    assert_int_equal(of->deep_runs, row->deep > 0);
    assert_int_equal(of->misled_runs, row->misled > 0);
    sayings_fini(&sayings);
}

/* The line of the median lies where all pings do. */
static void the_chart_has_the_odds_of_its_pings(void **state)
{
    static struct stanford stanford;
    static struct chart chart;
    const struct setting setting = { .behaviour = STAY_LONG };
    struct fix fix = { .true_distance = -30 };
    struct run run = { .fixes = &fix, .n = 1 };
    struct sayings sayings = { 0 };

    (void)state;
    sayings_add_inside(&sayings, 100.0 / 101); // two decades
    stanford_add(&stanford, &setting, &run, &sayings);
    stanford_chart(&stanford, &chart);
    for (size_t i = 0; i < chart.series[3].n; i++) {
        double x = chart.series[3].x[i], y = chart.series[3].y[i];

        assert_true(x < -35 || x > -25 ? isnan(y) : y > 1.75 && y < 2.25);
    }
    sayings_fini(&sayings);
}

/* ---- the tally as text ---- */

static void a_tally_is_read_as_it_was_written(void **state)
{
    struct tally tally, back;
    char path[] = "/tmp/breachd-tally-XXXXXX", title[TALLY_TITLE_MAX];
    int fd = mkstemp(path);
    FILE *out = fdopen(fd, "w");

    (void)state;
    assert_non_null(out);
    memset(&tally, 0, sizeof tally);
    for (int i = 0; i < TALLY_STAYS; i++)
        tally.stays[i] = (struct stay_tally){ 100 + (size_t)i, 3, 4, { 1.5, 2.5 }, { 3.5, 4.5 } };
    for (int i = 0; i < TALLY_DAYS; i++)
        tally.days[i] = (struct day_tally){ 200 + (size_t)i, 5, 6, 7.25, 8, 9 };
    assert_true(tally_save(&tally, "an engine, of its tree", out));
    fclose(out);
    tally_load(path, title, &back);
    unlink(path);
    assert_string_equal(title, "an engine, of its tree");
    assert_memory_equal(&back, &tally, sizeof tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chart_has_the_odds_of_its_pings),
        cmocka_unit_test(a_tally_is_read_as_it_was_written),
    };

    return rows_hold("claims", claims, it_is_counted_so) +
           cmocka_run_group_tests_name("stanford", tests, NULL, NULL);
}
