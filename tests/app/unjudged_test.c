/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unjudged_test.c - what could not be judged and kept is tried again: of thousands no turn does
 * more than it may, nothing is forgotten, and its end is known after a restart too.
 */
#include <string.h>

#include "app/town.h"
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

static size_t owing(const struct town *town)
{
    size_t n = 0;

    for (size_t i = 0; i < PEOPLE; i++)
        n += roster_unjudged(town->pipeline->roster, i)->rules;
    return n;
}

static void owe_all(struct town *town)
{
    for (size_t i = 0; i < PEOPLE; i++)
        unjudged_owe_rules(town->pipeline, i);
}

static void on_behind(void *arg)
{
    *(int *)arg += 1;
}

/* Of two zones a question is three units. */
static void what_is_owed_is_tried_again_in_turns(void **state)
{
    struct town *town = *state;
    int behind = 0;

    town_write_orders(town, PEOPLE, "R", 2, 200);
    town_begin(town);
    pipeline_call_when_behind(town->pipeline, on_behind, &behind);
    owe_all(town);
    pipeline_tick(town->pipeline);
    assert_int_equal(PEOPLE - owing(town), (UNJUDGED_UNITS + 2) / 3);
    assert_in_range(town->stats.turn_units, UNJUDGED_UNITS, UNJUDGED_UNITS + 2);
    assert_int_equal(behind, 1);
    for (int turns = 1; owing(town) > 0; turns++) {
        assert_in_range(turns, 1, PEOPLE * 3 / UNJUDGED_UNITS);
        pipeline_go_on(town->pipeline);
        town_settle(town);
    }
    pipeline_go_on(town->pipeline); // sees that there is nobody more
    assert_false(pipeline_is_behind(town->pipeline));
    assert_in_range(town->stats.turn_units, UNJUDGED_UNITS, UNJUDGED_UNITS + 2);
}

/* However often a turn comes, who is owed anew is tried again by the next second. */
static void it_is_begun_once_a_second(void **state)
{
    struct town *town = *state;

    town_write_orders(town, PEOPLE, "R", 1, 200);
    town_begin(town);
    unjudged_owe_rules(town->pipeline, 7);
    pipeline_go_on(town->pipeline);
    assert_int_equal(owing(town), 1);
    pipeline_tick(town->pipeline);
    assert_int_equal(owing(town), 0);
    unjudged_owe_rules(town->pipeline, 7);
    pipeline_go_on(town->pipeline);
    assert_int_equal(owing(town), 1);
}

/* What is owed while the others are being looked at is not forgotten. */
static void who_is_owed_behind_the_look_is_tried_in_the_next(void **state)
{
    struct town *town = *state;

    town_write_orders(town, PEOPLE, "R", 1, 200);
    town_begin(town);
    owe_all(town);
    pipeline_tick(town->pipeline);
    assert_false(roster_unjudged(town->pipeline->roster, 0)->rules);
    unjudged_owe_rules(town->pipeline, 0);
    while (pipeline_is_behind(town->pipeline))
        pipeline_go_on(town->pipeline);
    assert_int_equal(owing(town), 1);
    pipeline_tick(town->pipeline);
    assert_int_equal(owing(town), 0);
}

/* Full is looked at before each of them: the next commit takes the rest. */
static void no_look_goes_on_into_a_full_ledger(void **state)
{
    struct town *town = *state;
    struct incident none = { 0 };

    town_write_orders(town, PEOPLE, "R", 1, 200);
    town_begin(town);
    for (size_t i = 0; i < PEOPLE; i++)
        roster_unjudged(town->pipeline->roster, i)->owed = true;
    town->pipeline->troubled = true;
    ledger_put_incident(town->ledger, "blind", &none);
    ledger_flush(town->ledger); // one is in flight: the rest gathers
    while (ledger_rows(town->ledger) < LEDGER_GATHER_MAX - 1)
        ledger_put_incident(town->ledger, "blind", &none);
    pipeline_tick(town->pipeline);
    assert_in_range(ledger_rows(town->ledger), LEDGER_GATHER_MAX, LEDGER_GATHER_MAX + 4);
    town_settle(town);
    while (pipeline_is_behind(town->pipeline)) {
        pipeline_go_on(town->pipeline);
        town_settle(town);
    }
    assert_int_equal(town->stats.ledger_errors, 0);
    assert_false(town->pipeline->troubled);
}

/* ---- it works again ---- */

static const struct trouble_course *course_of(const struct town *town, const char *device)
{
    return &roster_find_device(town->pipeline->roster, device)->troubles[TROUBLE_UNJUDGED];
}

static void trouble(struct town *town)
{
    unjudged_note(town->pipeline, 0, 0, UNJUDGED_PING);
    town_settle(town);
    assert_string_equal(town->told, "unjudged device/tag-0/1 R-0\n");
    assert_true(course_of(town, "tag-0")->well.ms == 0);
}

static void restart(struct town *town)
{
    ledger_flush(town->ledger);
    town_settle(town);
    town_end(town);
    town_begin(town);
}

static void that_it_works_again_outlives_a_restart(void **state)
{
    struct town *town = *state;
    struct utc well;

    town_write_orders(town, 1, "R", 1, 200);
    town_begin(town);
    trouble(town);
    town_ping(town, 0, 0.02, 0);
    well = course_of(town, "tag-0")->well;
    assert_true(well.ms != 0);
    restart(town);
    assert_int_equal(course_of(town, "tag-0")->well.ms, well.ms);
}

/* Nobody asks anything of him: the second does. */
static void that_it_works_again_is_put_again(void **state)
{
    struct town *town = *state;

    town_write_orders(town, 1, "R", 1, 200);
    town_begin(town);
    trouble(town);
    devices_fail = 2;
    unjudged_over(town->pipeline, 0);
    assert_true(course_of(town, "tag-0")->well.ms == 0);
    pipeline_tick(town->pipeline);
    assert_true(course_of(town, "tag-0")->well.ms == 0);
    assert_int_equal(devices_fail, 0);
    pipeline_tick(town->pipeline);
    assert_true(course_of(town, "tag-0")->well.ms != 0);
    restart(town);
    assert_true(course_of(town, "tag-0")->well.ms != 0);
}

/* It was told and then she was killed: the first thing that is judged again ends it. */
static void what_was_told_before_a_restart_ends_after_it(void **state)
{
    struct town *town = *state;

    town_write_orders(town, 1, "R", 1, 200);
    town_begin(town);
    trouble(town);
    restart(town);
    assert_true(course_of(town, "tag-0")->well.ms != 0);
}

/* ---- the end of what is withdrawn ---- */

static void by_its_own_words(struct town *town, int reloads)
{
    town_write_orders(town, 9, "R", 1, 200);
    town_begin(town);
    town_ping(town, 8, 0, 0);
    town_settle(town);
    assert_string_equal(town->told, "breach O-8/z0/1/1 R-8\n");
    town->told[0] = '\0';
    for (int i = 1; i <= reloads; i++) {
        incidents_fail = 1000;
        town_write_orders(town, 9 - i, "R", 1, 200);
        town_swap(town);
        town_settle(town);
        assert_true(incidents_fail < 1000);
    }
    incidents_fail = 0;
    assert_string_equal(town->told, "");
    pipeline_tick(town->pipeline);
    town_settle(town);
}

static void what_could_not_be_ended_is_told_by_its_own_words(void **state)
{
    struct town *town = *state;

    by_its_own_words(town, 1);
    assert_string_equal(town->told, "cleared O-8/z0/1/2 R-8\n");
    assert_false(pipeline_needs(town->pipeline, town->config->rules));
    assert_null(town->leaving[0]);
}

static void so_it_is_after_as_many_reloads_as_are_remembered(void **state)
{
    struct town *town = *state;

    by_its_own_words(town, PIPELINE_OLD_MAX);
    assert_string_equal(town->told, "cleared O-8/z0/1/2 R-8\n");
}

static void after_more_it_is_told_by_its_name(void **state)
{
    struct town *town = *state;

    by_its_own_words(town, PIPELINE_OLD_MAX + 1);
    assert_string_equal(town->told, "cleared O-8/z0/1/2 \n");
}

#define in_town(test) cmocka_unit_test_setup_teardown(test, town_setup, town_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_town(what_is_owed_is_tried_again_in_turns),
        in_town(it_is_begun_once_a_second),
        in_town(who_is_owed_behind_the_look_is_tried_in_the_next),
        in_town(no_look_goes_on_into_a_full_ledger),
        in_town(that_it_works_again_outlives_a_restart),
        in_town(that_it_works_again_is_put_again),
        in_town(what_was_told_before_a_restart_ends_after_it),
        in_town(what_could_not_be_ended_is_told_by_its_own_words),
        in_town(so_it_is_after_as_many_reloads_as_are_remembered),
        in_town(after_more_it_is_told_by_its_name),
    };

    return cmocka_run_group_tests_name("unjudged", tests, NULL, NULL);
}
