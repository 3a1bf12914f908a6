/* SPDX-License-Identifier: Apache-2.0 */
/* numbered_test.c - a site that is numbered from its clock on tells the same, by other numbers. */
#include "numbered.h"
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "core/numbering.h"
#include "support/test.h"

enum { RESIDENTS = 8, REPORTS = 60, LATE = 28871862 };

static void its_number_is_of_the_clock_at_its_start_or_none(void **state)
{
    static const struct {
        uint32_t after;
        bool deaf, may;
    } rows[] = {
        { 0, false, true },          { 0, true, false },    { 1, false, false },
        { LATE - 1, true, false },   { LATE, false, true }, { LATE + 60, true, true },
        { LATE + 61, false, false },
    };
    struct utc began = utc_plus(NUMBERING_EPOCH, LATE * INT64_C(1000));

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (numbered_may_be(rows[i].after, began, utc_plus(began, 60000), rows[i].deaf) !=
            rows[i].may)
            fail_msg("row %zu", i);
    }
}

/* The last number of an incident: of zones ORDER/ZONE/N, of devices device/ID/TROUBLE/N. */
static unsigned long number_of(const struct wanted *wanted)
{
    return strtoul(strrchr(wanted->incident, '/') + 1, NULL, 10);
}

static void report_and_ask(struct population *population, const struct testbed *testbed,
                           struct oracle *out[2])
{
    struct complaints complaints = { 0 };
    struct utc now = { 1590000000000 };
    struct config *config;
    size_t index;

    population_write(population, testbed);
    for (size_t i = 0; i < REPORTS * population->n; i++) {
        now = utc_plus(now, 2500);
        assert_true(resident_report(&population->residents[i % population->n], 0, now, &index));
    }
    config =
        config_load(&(struct config_options){ .path = testbed_path(testbed, "breachd.conf").text },
                    NULL, &complaints);
    complaints_fini(&complaints);
    assert_non_null(config);
    for (int late = 0; late < 2; late++) {
        out[late] = oracle_ask(population, config, late ? LATE : 0);
        assert_non_null(out[late]);
    }
    config_destroy(config);
}

static void all_is_foretold_by_later_numbers(void **state)
{
    struct population *population = population_create(RESIDENTS, 1);
    struct testbed *testbed = *state;
    struct oracle *oracles[2];
    size_t alerts = 0;

    report_and_ask(population, testbed, oracles);
    for (size_t r = 0; r < population->n; r++) {
        const struct foretold *early = &oracles[0]->of[r], *late = &oracles[1]->of[r];

        assert_int_equal(late->n, early->n);
        for (size_t i = 0; i < late->n; i++) {
            assert_int_equal(number_of(&late->alerts[i]), number_of(&early->alerts[i]) + LATE);
            assert_string_not_equal(late->alerts[i].id, early->alerts[i].id);
            assert_int_equal(late->alerts[i].type, early->alerts[i].type);
            assert_string_equal(late->alerts[i].reason, early->alerts[i].reason);
        }
        alerts += late->n;
    }
    assert_true(alerts > 100);
    oracle_destroy(oracles[0]);
    oracle_destroy(oracles[1]);
    population_destroy(population);
    testbed->well = true;
}

static void so_is_its_blindness(void **state)
{
    struct population *nobody = population_create(0, 1);
    struct oracle nothing = { 0 };
    struct trial trial = { .population = nobody, .oracle = &nothing, .numbered_after = LATE };
    json_t *alerts = json_array();

    (void)state;
    for (int i = 1; i <= 4; i++) {
        char id[64], sequence[16];

        snprintf(id, sizeof id, "essex/blind/%d/%d", LATE + (i + 1) / 2, 2 - i % 2);
        snprintf(sequence, sizeof sequence, "%d", i);
        json_array_append_new(alerts,
                              json_pack("{s:s,s:s,s:s,s:{s:n,s:s}}", "id", id, "sequence", sequence,
                                        "type", i % 2 ? "breachd.blind" : "breachd.sighted", "data",
                                        "respondent", "reason", "its disk"));
    }
    trial_on_stream(&trial, alerts);
    assert_int_equal(tally_total(&trial.tally), 0);
    assert_int_equal(trial.blind, 2);
    json_decref(alerts);
    population_destroy(nobody);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_number_is_of_the_clock_at_its_start_or_none),
        testbed_test(all_is_foretold_by_later_numbers),
        cmocka_unit_test(so_is_its_blindness),
    };

    return cmocka_run_group_tests_name("numbered", tests, NULL, NULL);
}
