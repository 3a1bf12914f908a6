/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unjudged_test.c - what could not be judged and kept is tried again: of thousands no turn does
 * more than it may, nothing is forgotten, and its end is known after a restart too.
 */
#include <string.h>

#include "app/pipeline_rules.h"
#include "app/pipeline_time.h"
#include "app/population.h"
#include "support/test.h"

enum { PEOPLE = 1500 };

/* ---- what fails ---- */

static int devices_fail, incidents_fail; // so many puts, one after the other

bool __real_ledger_put_device(struct ledger *ledger, const char *id,
                              const struct known_device *device);
bool __real_ledger_put_incident(struct ledger *ledger, const char *subject,
                                const struct incident *incident);
bool __wrap_ledger_put_device(struct ledger *ledger, const char *id,
                              const struct known_device *device);
bool __wrap_ledger_put_incident(struct ledger *ledger, const char *subject,
                                const struct incident *incident);

bool __wrap_ledger_put_device(struct ledger *ledger, const char *id,
                              const struct known_device *device)
{
    if (devices_fail > 0) {
        devices_fail--;
        return false;
    }
    return __real_ledger_put_device(ledger, id, device);
}

bool __wrap_ledger_put_incident(struct ledger *ledger, const char *subject,
                                const struct incident *incident)
{
    if (incidents_fail > 0) {
        incidents_fail--;
        return false;
    }
    return __real_ledger_put_incident(ledger, subject, incident);
}

/* ---- what is owed ---- */

static size_t owing(const struct population *population)
{
    size_t n = 0;

    for (size_t i = 0; i < PEOPLE; i++)
        n += roster_unjudged(population->pipeline->roster, i)->rules;
    return n;
}

static void owe_all(struct population *population)
{
    for (size_t i = 0; i < PEOPLE; i++)
        unjudged_owe_rules(population->pipeline, i);
}

static void on_behind(void *arg)
{
    *(int *)arg += 1;
}

/* Of two zones a question is three units. */
static void what_is_owed_is_tried_again_in_turns(void **state)
{
    struct population *population = *state;
    int behind = 0;

    population_write_orders(population, PEOPLE, "R", 2, 200);
    population_begin(population);
    pipeline_call_when_behind(population->pipeline, on_behind, &behind);
    owe_all(population);
    pipeline_tick(population->pipeline);
    assert_int_equal(PEOPLE - owing(population), (UNJUDGED_UNITS + 2) / 3);
    assert_in_range(population->stats.turn_units, UNJUDGED_UNITS, UNJUDGED_UNITS + 2);
    assert_int_equal(behind, 1);
    for (int turns = 1; owing(population) > 0; turns++) {
        assert_in_range(turns, 1, PEOPLE * 3 / UNJUDGED_UNITS);
        pipeline_go_on(population->pipeline);
        population_settle(population);
    }
    pipeline_go_on(population->pipeline); // sees that there is nobody more
    assert_false(pipeline_is_behind(population->pipeline));
    assert_in_range(population->stats.turn_units, UNJUDGED_UNITS, UNJUDGED_UNITS + 2);
}

/* However often a turn comes, who is owed anew is tried again by the next second. */
static void it_is_begun_once_a_second(void **state)
{
    struct population *population = *state;

    population_write_orders(population, PEOPLE, "R", 1, 200);
    population_begin(population);
    unjudged_owe_rules(population->pipeline, 7);
    pipeline_go_on(population->pipeline);
    assert_int_equal(owing(population), 1);
    pipeline_tick(population->pipeline);
    assert_int_equal(owing(population), 0);
    unjudged_owe_rules(population->pipeline, 7);
    pipeline_go_on(population->pipeline);
    assert_int_equal(owing(population), 1);
}

/* What is owed while the others are being looked at is not forgotten. */
static void who_is_owed_behind_the_look_is_tried_in_the_next(void **state)
{
    struct population *population = *state;

    population_write_orders(population, PEOPLE, "R", 1, 200);
    population_begin(population);
    owe_all(population);
    pipeline_tick(population->pipeline);
    assert_false(roster_unjudged(population->pipeline->roster, 0)->rules);
    unjudged_owe_rules(population->pipeline, 0);
    while (pipeline_is_behind(population->pipeline))
        pipeline_go_on(population->pipeline);
    assert_int_equal(owing(population), 1);
    pipeline_tick(population->pipeline);
    assert_int_equal(owing(population), 0);
}

/* Full is looked at before each of them: the next commit takes the rest. */
static void no_look_goes_on_into_a_full_ledger(void **state)
{
    struct population *population = *state;
    struct incident none = { 0 };

    population_write_orders(population, PEOPLE, "R", 1, 200);
    population_begin(population);
    for (size_t i = 0; i < PEOPLE; i++)
        roster_unjudged(population->pipeline->roster, i)->owed = true;
    population->pipeline->troubled = true;
    ledger_put_incident(population->ledger, "blind", &none);
    ledger_flush(population->ledger); // one is in flight: the rest gathers
    while (ledger_rows(population->ledger) < LEDGER_GATHER_MAX - 1)
        ledger_put_incident(population->ledger, "blind", &none);
    pipeline_tick(population->pipeline);
    assert_in_range(ledger_rows(population->ledger), LEDGER_GATHER_MAX, LEDGER_GATHER_MAX + 4);
    population_settle(population);
    while (pipeline_is_behind(population->pipeline)) {
        pipeline_go_on(population->pipeline);
        population_settle(population);
    }
    assert_int_equal(population->stats.ledger_errors, 0);
    assert_false(population->pipeline->troubled);
}

/* ---- it works again ---- */

static const struct trouble_course *course_of(const struct population *population,
                                              const char *device)
{
    return &roster_find_device(population->pipeline->roster, device)->troubles[TROUBLE_UNJUDGED];
}

static void trouble(struct population *population)
{
    unjudged_note(population->pipeline, 0, 0, UNJUDGED_PING);
    population_settle(population);
    assert_string_equal(population->alerts, "unjudged device/tag-0/1 R-0\n");
    assert_true(course_of(population, "tag-0")->well.ms == 0);
}

static void restart(struct population *population)
{
    ledger_flush(population->ledger);
    population_settle(population);
    population_end(population);
    population_begin(population);
}

static void that_it_works_again_outlives_a_restart(void **state)
{
    struct population *population = *state;
    struct utc well;

    population_write_orders(population, 1, "R", 1, 200);
    population_begin(population);
    trouble(population);
    population_ping(population, 0, 0.02, 0);
    well = course_of(population, "tag-0")->well;
    assert_true(well.ms != 0);
    restart(population);
    assert_int_equal(course_of(population, "tag-0")->well.ms, well.ms);
}

/* Nobody asks anything of him: the second does. */
static void that_it_works_again_is_put_again(void **state)
{
    struct population *population = *state;

    population_write_orders(population, 1, "R", 1, 200);
    population_begin(population);
    trouble(population);
    devices_fail = 2;
    unjudged_over(population->pipeline, 0);
    assert_true(course_of(population, "tag-0")->well.ms == 0);
    pipeline_tick(population->pipeline);
    assert_true(course_of(population, "tag-0")->well.ms == 0);
    assert_int_equal(devices_fail, 0);
    pipeline_tick(population->pipeline);
    assert_true(course_of(population, "tag-0")->well.ms != 0);
    restart(population);
    assert_true(course_of(population, "tag-0")->well.ms != 0);
}

/* It was told and then she was killed: the first thing that is judged again ends it. */
static void what_was_told_before_a_restart_ends_after_it(void **state)
{
    struct population *population = *state;

    population_write_orders(population, 1, "R", 1, 200);
    population_begin(population);
    trouble(population);
    restart(population);
    assert_true(course_of(population, "tag-0")->well.ms != 0);
}

/* ---- the end of what is withdrawn ---- */

static void by_its_own_words(struct population *population, int reloads)
{
    population_write_orders(population, 9, "R", 1, 200);
    population_begin(population);
    population_ping(population, 8, 0, 0);
    population_settle(population);
    assert_string_equal(population->alerts, "breach O-8/z0/1/1 R-8\n");
    population->alerts[0] = '\0';
    for (int i = 1; i <= reloads; i++) {
        incidents_fail = 1000;
        population_write_orders(population, 9 - i, "R", 1, 200);
        population_swap(population);
        population_settle(population);
        assert_true(incidents_fail < 1000);
    }
    incidents_fail = 0;
    assert_string_equal(population->alerts, "");
    pipeline_tick(population->pipeline);
    population_settle(population);
}

static void what_could_not_be_ended_is_told_by_its_own_words(void **state)
{
    struct population *population = *state;

    by_its_own_words(population, 1);
    assert_string_equal(population->alerts, "cleared O-8/z0/1/2 R-8\n");
    assert_false(pipeline_needs(population->pipeline, population->config->rules));
    assert_null(population->leaving[0]);
}

static void so_it_is_after_as_many_reloads_as_are_remembered(void **state)
{
    struct population *population = *state;

    by_its_own_words(population, PIPELINE_OLD_MAX);
    assert_string_equal(population->alerts, "cleared O-8/z0/1/2 R-8\n");
}

static void after_more_it_is_told_by_its_name(void **state)
{
    struct population *population = *state;

    by_its_own_words(population, PIPELINE_OLD_MAX + 1);
    assert_string_equal(population->alerts, "cleared O-8/z0/1/2 \n");
}

#define populated_test(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, population_setup, population_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        populated_test(what_is_owed_is_tried_again_in_turns),
        populated_test(it_is_begun_once_a_second),
        populated_test(who_is_owed_behind_the_look_is_tried_in_the_next),
        populated_test(no_look_goes_on_into_a_full_ledger),
        populated_test(that_it_works_again_outlives_a_restart),
        populated_test(that_it_works_again_is_put_again),
        populated_test(what_was_told_before_a_restart_ends_after_it),
        populated_test(what_could_not_be_ended_is_told_by_its_own_words),
        populated_test(so_it_is_after_as_many_reloads_as_are_remembered),
        populated_test(after_more_it_is_told_by_its_name),
    };

    return cmocka_run_group_tests_name("unjudged", tests, NULL, NULL);
}
