/* SPDX-License-Identifier: Apache-2.0 */
#include "core/geodesic_cases.h"

#include <math.h>
#include <stdio.h>

#include "support/test.h"

#define TOLERANCE 0.1 // metres

struct geod_geodesic cases_earth;

void cases_open(void)
{
    geod_init(&cases_earth, 6378137, 1 / 298.257223563);
}

static const char test_set[] =
    SHARED_DATA "/suite-geodesic/geographiclib-rs/test_fixtures/GeodTest-100.dat";

/* Rows of the test set; 0 when it is not there. */
static size_t read_set(struct geodesic rows[CASES_SET_MAX])
{
    FILE *file = fopen(test_set, "re");
    size_t n = 0;

    while (file != NULL && n < CASES_SET_MAX &&
           fscanf(file, "%lf %lf %lf %lf %lf %*f %lf %*f %*f %*f", &rows[n].a.lat, &rows[n].a.lon,
                  &rows[n].azimuth, &rows[n].b.lat, &rows[n].b.lon, &rows[n].metres) == 6)
        n++;
    if (file != NULL)
        fclose(file);
    return n;
}

size_t cases_set(struct geodesic rows[CASES_SET_MAX])
{
    size_t n = read_set(rows);

    if (n == 0) {
        print_message("skipped: %s is not there\n", test_set);
        skip();
    }
    return n;
}

struct cases cases_begin(void)
{
    struct cases cases = { .seed = dice_seed() };

    cases.dice.state = cases.seed;
    return cases;
}

void cases_count(struct cases *cases, double got, double truth, struct lonlat at)
{
    double off = fabs(got - truth);

    cases->n++;
    if (off <= cases->worst)
        return;
    cases->worst = off;
    cases->where = at;
    cases->there = truth;
}

void cases_settle(const struct cases *cases)
{
    print_message("DICE_SEED=%lu: %d cases, worst %.6f m, at latitude %.5f, longitude %.5f, "
                  "%.1f m from the edge\n",
                  cases->seed, cases->n, cases->worst, cases->where.lat, cases->where.lon,
                  cases->there);
    assert_true(cases->n > 0);
    assert_true(cases->worst <= TOLERANCE);
}

double cases_distance(struct dice *dice)
{
    return 0.1 * pow(CASES_FAR / 0.1, dice_between(dice, 0, 1));
}

struct lonlat cases_in_essex(struct dice *dice)
{
    return (struct lonlat){ dice_between(dice, 0, 1.3), dice_between(dice, 51.45, 52.1) };
}
