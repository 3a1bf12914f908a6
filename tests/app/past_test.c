/* SPDX-License-Identifier: Apache-2.0 */
/*
 * past_test.c - core says that what is due next lies in the past. It is logged, and costs its
 * respondent a question a minute and nobody else anything.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/pipeline_state.h"
#include "app/pipeline_time.h"
#include "app/population.h"
#include "support/test.h"

enum { MINUTE = 60 * 1000 };

/* ---- a watch that is wrong, and what is logged ---- */

static bool wrong; // what is due next lies five seconds before what was asked
static size_t logged;
static char log_line[500]; // the newest

struct utc __real_watch_due_after(const struct watch *watch, const struct respondent *who,
                                  const struct track *track, struct utc asked);
struct utc __wrap_watch_due_after(const struct watch *watch, const struct respondent *who,
                                  const struct track *track, struct utc asked);
void __wrap_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct utc __wrap_watch_due_after(const struct watch *watch, const struct respondent *who,
                                  const struct track *track, struct utc asked)
{
    return wrong ? utc_plus(asked, -5000) : __real_watch_due_after(watch, who, track, asked);
}

void __wrap_log_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(log_line, sizeof log_line, format, args);
    va_end(args);
    logged++;
}

/* Two people, of whom R-0 has been due for so many minutes. */
static void begin(struct population *population, int64_t minutes)
{
    wrong = false;
    population_write_orders(population, 2, "R", 1, 200);
    population_begin(population);
    roster_set_due(population->pipeline->roster, 0,
                   utc_plus(pipeline_now(population->pipeline), -minutes * MINUTE));
    population->stats.time_questions = 0;
    logged = 0;
    wrong = true;
}

/* ---- what must hold ---- */

static void time_goes_on_a_minute_at_a_time(void **state)
{
    struct population *population = *state;

    begin(population, 30);
    pipeline_tick(population->pipeline);
    assert_false(pipeline_is_behind(population->pipeline));
    assert_int_equal(population->stats.time_questions,
                     31); // the first one, and 30 minutes after it
    pipeline_tick(population->pipeline);
    assert_int_equal(population->stats.time_questions, 31);
}

static void it_is_logged_once_for_each_respondent(void **state)
{
    struct population *population = *state;

    begin(population, 30);
    pipeline_tick(population->pipeline);
    assert_int_equal(logged, 1);
    assert_string_equal(log_line, "R-0: what is due next lies in the past: judged again a minute "
                                  "after it; this is logged once");
    for (size_t i = 0; i < 2; i++)
        roster_set_due(population->pipeline->roster, i,
                       utc_plus(pipeline_now(population->pipeline), -5 * MINUTE));
    pipeline_tick(population->pipeline);
    assert_int_equal(logged, 2);
    assert_memory_equal(log_line, "R-1: ", 5);
}

static void pings_go_on_too(void **state)
{
    struct population *population = *state;

    begin(population, 30);
    population_ping(population, 1, 0, 0);
    assert_int_equal(population->stats.time_questions, 0); // nobody waits for another one's past
    population_ping(population, 0, 0, 0);
    assert_int_equal(population->stats.time_questions, 31);
    population_settle(population);
    assert_non_null(strstr(population->alerts, "breach O-0/z0"));
    assert_non_null(strstr(population->alerts, "breach O-1/z0"));
    assert_int_equal(logged, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(time_goes_on_a_minute_at_a_time, population_setup,
                                        population_teardown),
        cmocka_unit_test_setup_teardown(it_is_logged_once_for_each_respondent, population_setup,
                                        population_teardown),
        cmocka_unit_test_setup_teardown(pings_go_on_too, population_setup, population_teardown),
    };

    return cmocka_run_group_tests_name("a boundary in the past", tests, NULL, NULL);
}
