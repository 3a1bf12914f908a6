/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/fit.h"

#include "detect/rng.h"

#include "support/near.h"
#include "support/rows.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEVICES = 3, FIXES = 200, SCALE = 1U << 0, LOST = 1U << 8 };

static const double reported = 10, radius_in_sigmas = 1.5096; // metres, 68 %

/* Devices at rest whose white error is `times` what they tell, a fix a minute. */
static void lie(struct fit_set *set, double times)
{
    *set = (struct fit_set){ 0 };
    for (int i = 0; i < DEVICES; i++) {
        struct rng rng = rng_of(16, (uint64_t)i, 0);
        char name[16];

        snprintf(name, sizeof name, "%d", i);
        for (int k = 0; k < FIXES; k++) {
            double sd = times * reported / radius_in_sigmas;
            struct fit_fix fix = { .heard = { { 1 + 60000 * (int64_t)k }, { 0, 0 }, reported },
                                   .first = k == 0,
                                   .still = true };

            fix.heard.at.x = sd * rng_normal(&rng);
            fix.heard.at.y = sd * rng_normal(&rng);
            fit_add(fit_device(set, name), &fix);
        }
    }
}

static void errors_of_half_what_is_told_are_found_without_each_device(void **state)
{
    static struct fit_set set;

    (void)state;
    lie(&set, 0.5);
    for (size_t without = 0; without < DEVICES; without++) {
        struct belief_model model = fit_search(&set, without, SCALE);
        struct fit_score shipped = fit_score(&belief_usual, &set.devices[without]);
        struct fit_score fitted = fit_score(&model, &set.devices[without]);

        assert_true(model.scale > 0.3 && model.scale < 0.7);
        assert_true(fit_mean(&fitted) > fit_mean(&shipped) + 0.1);
        assert_int_equal(fitted.n[1], FIXES - 1);
        assert_int_equal(fitted.n[0], 0);
    }
    fit_fini(&set);
}

/* Nothing but what was asked for changes, and twice is the same. */
static void a_search_is_deterministic_and_keeps_the_rest(void **state)
{
    static struct fit_set set;
    struct belief_model one, two;

    (void)state;
    lie(&set, 0.5);
    one = fit_search(&set, FIT_NONE, SCALE | LOST);
    two = fit_search(&set, FIT_NONE, SCALE | LOST);
    assert_memory_equal(&one, &two, sizeof one);
    two.scale = belief_usual.scale;
    two.lost = belief_usual.lost;
    assert_memory_equal(&two, &belief_usual, sizeof two);
    fit_fini(&set);
}

/* An error that tells the truth leaves the scale where it is. */
static void what_is_right_stays(void **state)
{
    static struct fit_set set;
    struct belief_model model;

    (void)state;
    lie(&set, 1);
    model = fit_search(&set, FIT_NONE, SCALE);
    assert_true(model.scale > 0.7 && model.scale < 1.4);
    fit_fini(&set);
}

/* ---- recordings ---- */

static void write_rows(const char *folder)
{
    char path[256];
    FILE *out;

    snprintf(path, sizeof path, "%s/tracks-mobilitynet", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/tracks-mobilitynet/tracks.csv.gz", folder);
    out = fopen(path, "we"); // zlib reads what is not compressed too
    assert_non_null(out);
    fprintf(out, "track,time,epoch,lat,lon,acc_m,hdop,speed_mps,flag\n");
    for (int i = 0; i < 60; i++)
        fprintf(out, "one/stationary/%d,,%d,51.5,0.1,%d,,,\n", i / 30, 60 * i, 10 + i % 3);
    for (int i = 0; i < 8; i++)
        fprintf(out, "short/trip,,%d,51.5,0.1,10,,,\n", i);
    fclose(out);
}

static void erase(const char *folder)
{
    char path[256];

    snprintf(path, sizeof path, "%s/tracks-mobilitynet/tracks.csv.gz", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/tracks-mobilitynet", folder);
    rmdir(path);
    rmdir(folder);
}

static void recordings_are_read_a_device_and_who_says_nothing_is_left_out(void **state)
{
    static struct fit_set set;
    char folder[] = "/tmp/breachd-fit-XXXXXX";

    (void)state;
    assert_non_null(mkdtemp(folder));
    write_rows(folder);
    fit_read(folder, &set);
    erase(folder);
    assert_int_equal(set.n, 1);
    assert_string_equal(set.devices[0].name, "mobilitynet: one");
    assert_true(set.devices[0].fixes[0].still && set.devices[0].fixes[0].first);
    fit_fini(&set);
    fit_read(folder, &set);
    assert_int_equal(set.n, 0);
}

static void where_data_are_absent_it_says_skipped(void **state)
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    (void)state;
    assert_non_null(out);
    assert_true(fit_report(out, "/nonexistent"));
    fclose(out);
    assert_non_null(strstr(text, "skipped: no ../shared/data"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_half_what_is_told_are_found_without_each_device),
        cmocka_unit_test(a_search_is_deterministic_and_keeps_the_rest),
        cmocka_unit_test(what_is_right_stays),
        cmocka_unit_test(recordings_are_read_a_device_and_who_says_nothing_is_left_out),
        cmocka_unit_test(where_data_are_absent_it_says_skipped),
    };

    return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
