/* SPDX-License-Identifier: Apache-2.0 */
/* trial_test.c - the oracle bites: a stream as foretold passes, one that was doctored does not. */
#include "trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { RESIDENTS = 8, REPORTS = 60 };

/* A population that has reported, what is foretold of it, and the stream that would be right. */
struct bench {
    struct testbed *testbed;
    struct population *population;
    struct config *config;
    struct oracle *oracle;
    json_t *alerts;
    char *said;
    size_t said_size;
};

static void report_all(struct population *population)
{
    struct utc now = { 1590000000000 };
    size_t index;

    for (size_t i = 0; i < REPORTS; i++) {
        now = utc_plus(now, 2500);
        for (size_t r = 0; r < population->n; r++)
            for (size_t d = 0; d < population->residents[r].n_devices; d++)
                assert_true(resident_report(&population->residents[r], d, now, &index));
    }
}

static json_t *number(double value, double scale)
{
    return isfinite(value) ? json_real(round(value * scale) / scale) : json_null();
}

static json_t *event_of(const struct resident *who, const struct wanted *one)
{
    char type[32], time[UTC_TEXT_MAX];

    snprintf(type, sizeof type, "breachd.%s", alert_type_name(one->type));
    return json_pack("{s:s,s:s,s:s,s:{s:s,s:s,s:s,s:s,s:o,s:o,s:i,s:s,s:{s:f,s:f}}}", "id", one->id,
                     "type", type, "time", utc_print(one->time, time), "data", "incident",
                     one->incident, "respondent", who->respondent, "device", one->device,
                     "severity", one->severity, "probability", number(one->probability, 1000),
                     "depth", number(one->depth, 10), "rule", one->rule, "reason", one->reason,
                     "ping", "lat", one->at.lat, "lon", one->at.lon);
}

static void number_all(const struct bench *bench)
{
    for (size_t i = 0; i < json_array_size(bench->alerts); i++) {
        char sequence[24];

        snprintf(sequence, sizeof sequence, "%zu", i + 1);
        json_object_set_new(json_array_get(bench->alerts, i), "sequence", json_string(sequence));
    }
}

/* One of each resident's in turn, so that neighbours in the stream are of different people. */
static void play(struct bench *bench)
{
    for (size_t nth = 0, left = 1; left > 0; nth++) {
        left = 0;
        for (size_t r = 0; r < bench->population->n; r++) {
            const struct foretold *of = &bench->oracle->of[r];

            if (nth >= of->n)
                continue;
            left++;
            json_array_append_new(bench->alerts,
                                  event_of(&bench->population->residents[r], &of->alerts[nth]));
        }
    }
    number_all(bench);
}

static int bench_setup(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct complaints complaints = { 0 };

    if (bench == NULL || testbed_setup((void **)&bench->testbed) != 0)
        return -1;
    bench->population = population_create(RESIDENTS, 1);
    population_write(bench->population, bench->testbed);
    report_all(bench->population);
    bench->config = config_load(
        &(struct config_options){ .path = testbed_path(bench->testbed, "breachd.conf").text }, NULL,
        &complaints);
    complaints_fini(&complaints);
    if (bench->config == NULL)
        return -1;
    bench->oracle = oracle_ask(bench->population, bench->config, 0);
    bench->alerts = json_array();
    play(bench);
    *state = bench;
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *bench = *state;

    json_decref(bench->alerts);
    oracle_destroy(bench->oracle);
    config_destroy(bench->config);
    population_destroy(bench->population);
    bench->testbed->well = true;
    testbed_teardown((void **)&bench->testbed);
    free(bench->said);
    free(bench);
    return 0;
}

/* How many differences; their lines are in bench->said. */
static size_t judge(struct bench *bench)
{
    struct trial trial = { .population = bench->population,
                           .oracle = bench->oracle,
                           .tally = { .seed = 77 } };
    FILE *out;
    size_t differences;

    free(bench->said);
    out = open_memstream(&bench->said, &bench->said_size);
    assert_non_null(out);
    trial_on_stream(&trial, bench->alerts);
    differences = tally_total(&trial.tally);
    tally_print(&trial.tally, out);
    tally_fini(&trial.tally);
    fclose(out);
    return differences;
}

static bool says(const struct bench *bench, const char *what)
{
    return strstr(bench->said, what) != NULL;
}

static const char *id_at(const struct bench *bench, size_t nth)
{
    return alert_text(json_array_get(bench->alerts, nth), "id");
}

static json_t *copy_at(const struct bench *bench, size_t nth)
{
    return json_deep_copy(json_array_get(bench->alerts, nth));
}

static void a_stream_as_foretold_passes(void **state)
{
    struct bench *bench = *state;

    assert_true(json_array_size(bench->alerts) > 100);
    assert_int_equal(judge(bench), 0);
}

static void the_town_makes_alerts_of_every_kind(void **state)
{
    const struct bench *bench = *state;
    static const char *const types[] = { "approach", "breach",  "update", "cleared",
                                         "tamper",   "battery", "clock",  "retrospective" };

    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        bool found = false;

        for (size_t i = 0; i < json_array_size(bench->alerts); i++)
            found |=
                strcmp(alert_text(json_array_get(bench->alerts, i), "type") + 8, types[t]) == 0;
        if (!found)
            fail_msg("no %s", types[t]);
    }
}

static void one_missing_is_found_wherever_it_stood(void **state)
{
    struct bench *bench = *state;
    size_t n = json_array_size(bench->alerts);

    for (size_t i = 0; i < n; i += 7) {
        json_t *whole = json_copy(bench->alerts);
        char line[WANTED_ID_MAX];

        snprintf(line, sizeof line, "%s (ping ", id_at(bench, i));
        json_array_remove(bench->alerts, i);
        number_all(bench); // as if it had never been
        assert_int_equal(judge(bench), 1);
        assert_true(says(bench, "MISSING") && says(bench, line) &&
                    says(bench, "seed 77, lost: R-"));
        json_decref(bench->alerts);
        bench->alerts = whole;
        number_all(bench);
    }
}

static void one_missing_leaves_a_hole_in_the_sequence_too(void **state)
{
    struct bench *bench = *state;

    json_array_remove(bench->alerts, 10);
    assert_int_equal(judge(bench), 2);
    assert_true(says(bench, "the sequence jumps from 10 to 12"));
    assert_true(says(bench, "\n1 lost, 1 hole\n"));
}

/* All the others have another number than they should, and are well. */
static void a_hole_is_told_once_and_hides_no_loss(void **state)
{
    struct bench *bench = *state;

    for (size_t i = 20; i < json_array_size(bench->alerts); i++) {
        char sequence[24];

        snprintf(sequence, sizeof sequence, "%zu", i + 1 + 578);
        json_object_set_new(json_array_get(bench->alerts, i), "sequence", json_string(sequence));
    }
    assert_int_equal(judge(bench), 1);
    assert_true(says(bench, "the sequence jumps from 20 to 599"));
    json_array_remove(bench->alerts, json_array_size(bench->alerts) - 1);
    assert_int_equal(judge(bench), 2);
    assert_true(strstr(bench->said, "MISSING") < strstr(bench->said, "jumps"));
}

static void one_doubled_is_found(void **state)
{
    struct bench *bench = *state;

    json_array_insert_new(bench->alerts, 31, copy_at(bench, 20));
    number_all(bench);
    assert_int_equal(judge(bench), 1);
    assert_true(says(bench, "TWICE"));
}

static void two_swapped_are_found(void **state)
{
    struct bench *bench = *state;
    json_t *first = copy_at(bench, 3), *second = copy_at(bench, 3 + RESIDENTS);

    json_array_set_new(bench->alerts, 3, second);
    json_array_set_new(bench->alerts, 3 + RESIDENTS, first);
    number_all(bench);
    assert_true(judge(bench) > 0);
    assert_true(says(bench, "OUT OF ORDER") || says(bench, "TWICE") || says(bench, "FOREIGN"));
}

static void two_neighbours_swapped_are_out_of_sequence(void **state)
{
    struct bench *bench = *state;
    json_t *first = copy_at(bench, 3), *second = copy_at(bench, 4);

    json_array_set_new(bench->alerts, 3, second);
    json_array_set_new(bench->alerts, 4, first);
    assert_int_equal(judge(bench), 3);
    assert_true(says(bench, "the sequence jumps from 3 to 5"));
    assert_true(says(bench, "the sequence falls from 5 to 4"));
}

static void a_foreign_one_is_found(void **state)
{
    struct bench *bench = *state;
    json_t *foreign = copy_at(bench, 5);

    json_object_set_new(foreign, "id", json_string("essex/T-000/home/999/1"));
    json_array_append_new(bench->alerts, foreign);
    number_all(bench);
    assert_int_equal(judge(bench), 1);
    assert_true(says(bench, "FOREIGN essex/T-000/home/999/1"));
}

static void what_it_says_is_compared_too(void **state)
{
    struct bench *bench = *state;
    json_t *data = json_object_get(json_array_get(bench->alerts, 6), "data");

    json_object_set_new(data, "depth", json_real(1234.5));
    assert_int_equal(judge(bench), 1);
    assert_true(says(bench, "its depth is not as foretold"));
}

static void append_site(const struct bench *bench, const char *id, const char *type)
{
    json_array_append_new(bench->alerts, json_pack("{s:s,s:s,s:{s:n,s:s}}", "id", id, "type", type,
                                                   "data", "respondent", "reason", "its disk"));
    number_all(bench);
}

static void blind_must_be_followed_by_sighted(void **state)
{
    struct bench *bench = *state;

    append_site(bench, "essex/blind/1/1", "breachd.blind");
    assert_int_equal(judge(bench), 1);
    assert_true(says(bench, "not sighted at the end"));
    append_site(bench, "essex/blind/1/2", "breachd.sighted");
    assert_int_equal(judge(bench), 0);
    append_site(bench, "essex/blind/2/1", "breachd.blind");
    append_site(bench, "essex/blind/3/1", "breachd.blind");
    append_site(bench, "essex/blind/3/2", "breachd.sighted");
    assert_int_equal(judge(bench), 1);
    assert_true(says(bench, "blind again before it was sighted: essex/blind/3/1"));
}

static void what_comes_of_time_is_allowed_once(void **state)
{
    struct bench *bench = *state;
    json_t *silent = copy_at(bench, 5);

    json_object_set_new(silent, "id", json_string("essex/device/tag-005/900"));
    json_object_set_new(silent, "type", json_string("breachd.silent"));
    json_array_append(bench->alerts, silent);
    number_all(bench);
    assert_int_equal(judge(bench), 0);
    json_array_append_new(bench->alerts, json_deep_copy(silent));
    number_all(bench);
    assert_int_equal(judge(bench), 1);
    assert_true(says(bench, "TWICE"));
    json_decref(silent);
}

/* The hash as the stream leaves it. */
static json_t *open_of(const struct bench *bench)
{
    json_t *open = json_object(), *alert;
    size_t i;

    json_array_foreach(bench->alerts, i, alert)
    {
        const char *incident = alert_text(alert, "data.incident");

        if (strcmp(alert_text(alert, "type"), "breachd.cleared") == 0)
            json_object_del(open, incident);
        else if (incident[0] != '\0' && strncmp(incident, "device/", 7) != 0 &&
                 strcmp(alert_text(alert, "type"), "breachd.retrospective") != 0)
            json_object_set(open, incident, alert);
    }
    return open;
}

static size_t judge_open(const struct bench *bench, const json_t *open)
{
    struct trial trial = { .population = bench->population, .oracle = bench->oracle };
    size_t differences;

    trial_on_open(&trial, bench->alerts, open);
    differences = tally_total(&trial.tally);
    tally_fini(&trial.tally);
    return differences;
}

static void the_hash_must_be_what_the_stream_left_open(void **state)
{
    struct bench *bench = *state;
    json_t *open = open_of(bench), *older;
    const char *some = json_object_iter_key(json_object_iter(open));

    assert_non_null(some);
    assert_int_equal(judge_open(bench, open), 0);
    older = json_deep_copy(json_object_get(open, some)); // the hash was made anew later
    json_object_set_new(older, "age", json_integer(7));
    json_object_set_new(open, some, older);
    assert_int_equal(judge_open(bench, open), 0);
    json_object_set(open, some, json_array_get(bench->alerts, 0));
    assert_int_equal(judge_open(bench, open), 1);
    json_object_del(open, some);
    assert_int_equal(judge_open(bench, open), 1);
    json_object_set(open, "T-000/home/998", json_array_get(bench->alerts, 0));
    assert_int_equal(judge_open(bench, open), 2);
    json_decref(open);
}

#define bench_test(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_stream_as_foretold_passes),
        bench_test(the_town_makes_alerts_of_every_kind),
        bench_test(one_missing_is_found_wherever_it_stood),
        bench_test(one_missing_leaves_a_hole_in_the_sequence_too),
        bench_test(a_hole_is_told_once_and_hides_no_loss),
        bench_test(one_doubled_is_found),
        bench_test(two_swapped_are_found),
        bench_test(two_neighbours_swapped_are_out_of_sequence),
        bench_test(a_foreign_one_is_found),
        bench_test(what_it_says_is_compared_too),
        bench_test(blind_must_be_followed_by_sighted),
        bench_test(what_comes_of_time_is_allowed_once),
        bench_test(the_hash_must_be_what_the_stream_left_open),
    };

    return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
