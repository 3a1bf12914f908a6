/* SPDX-License-Identifier: Apache-2.0 */
/* The row of each type of alert: as the contract lists them, and what it does to open and todo. */
#include "core/alert.h"

#include <math.h>
#include <string.h>

#include "support/rows.h"

static const struct type_row {
    const char *says;
    enum alert_type type;
    enum severity severity;
    enum alert_effect effect;
} types[] = {
    { "approach", ALERT_APPROACH, SEVERITY_WARNING, EFFECT_OPEN },
    { "possible", ALERT_POSSIBLE, SEVERITY_HIGH, EFFECT_OPEN },
    { "breach", ALERT_BREACH, SEVERITY_CRITICAL, EFFECT_OPEN },
    { "update", ALERT_UPDATE, SEVERITY_CRITICAL, EFFECT_OPEN },
    { "cleared", ALERT_CLEARED, SEVERITY_INFO, EFFECT_CLOSE },
    { "retrospective", ALERT_RETROSPECTIVE, SEVERITY_HIGH, EFFECT_NONE },
    { "silent", ALERT_SILENT, SEVERITY_HIGH, EFFECT_NONE },
    { "heard", ALERT_HEARD, SEVERITY_INFO, EFFECT_NONE },
    { "tamper", ALERT_TAMPER, SEVERITY_HIGH, EFFECT_NONE },
    { "battery", ALERT_BATTERY, SEVERITY_WARNING, EFFECT_NONE },
    { "clock", ALERT_CLOCK, SEVERITY_WARNING, EFFECT_NONE },
    { "doubt", ALERT_DOUBT, SEVERITY_WARNING, EFFECT_NONE },
    { "unjudged", ALERT_UNJUDGED, SEVERITY_HIGH, EFFECT_NONE },
    { "acked", ALERT_ACKED, SEVERITY_INFO, EFFECT_NONE },
    { "closed", ALERT_CLOSED, SEVERITY_INFO, EFFECT_CLOSE },
    { "escalated", ALERT_ESCALATED, SEVERITY_CRITICAL, EFFECT_OPEN },
    { "chain", ALERT_CHAIN, SEVERITY_INFO, EFFECT_NONE },
    { "blind", ALERT_BLIND, SEVERITY_CRITICAL, EFFECT_OPEN },
    { "sighted", ALERT_SIGHTED, SEVERITY_INFO, EFFECT_CLOSE },
    { "trouble", ALERT_TROUBLE, SEVERITY_HIGH, EFFECT_NONE },
    { "mended", ALERT_MENDED, SEVERITY_INFO, EFFECT_NONE },
    { "rules", ALERT_RULES, SEVERITY_HIGH, EFFECT_NONE },
    { "handed", ALERT_HANDED, SEVERITY_INFO, EFFECT_NONE },
    { "shelved", ALERT_SHELVED, SEVERITY_INFO, EFFECT_NONE },
};

static void it_weighs_so(void **state)
{
    const struct type_row *row = *state;
    enum alert_type type = ALERT_TYPES;

    assert_string_equal(alert_type_name(row->type), row->says);
    assert_true(alert_type_of(row->says, &type));
    assert_int_equal(type, row->type);
    assert_int_equal(alert_spec(row->type)->severity, row->severity);
    assert_int_equal(alert_severity(row->type, PHASE_BREACH, false), row->severity);
    assert_int_equal(alert_severity(row->type, PHASE_BREACH, true), SEVERITY_INFO);
    assert_int_equal(alert_effect(row->type), row->effect);
    assert_true(strlen(alert_spec(row->type)->meaning) > 5);
}

static const struct todo_row {
    const char *says;
    enum alert_type type;
    bool taken, over, authorised;
    enum alert_effect want;
} todos[] = {
    { "an approach needs somebody", ALERT_APPROACH, false, false, false, EFFECT_OPEN },
    { "so does a possible breach", ALERT_POSSIBLE, false, false, false, EFFECT_OPEN },
    { "and a breach", ALERT_BREACH, false, false, false, EFFECT_OPEN },
    { "and what goes on, though somebody has it", ALERT_UPDATE, true, false, false, EFFECT_OPEN },
    { "what nobody took in time", ALERT_ESCALATED, false, false, false, EFFECT_OPEN },
    { "even when it is over", ALERT_ESCALATED, false, true, false, EFFECT_OPEN },
    { "what somebody takes is still there, with his name", ALERT_ACKED, true, false, false,
      EFFECT_NONE },
    { "unless it is over", ALERT_ACKED, true, true, false, EFFECT_CLOSE },
    { "what is over stays until somebody has seen it", ALERT_CLEARED, false, false, false,
      EFFECT_OPEN },
    { "and goes when somebody has it", ALERT_CLEARED, true, false, false, EFFECT_CLOSE },
    { "what a permit allowed goes by itself", ALERT_CLEARED, false, false, true, EFFECT_CLOSE },
    { "what is closed goes", ALERT_CLOSED, true, true, false, EFFECT_CLOSE },
    { "a breach of the past needs somebody", ALERT_RETROSPECTIVE, false, false, false,
      EFFECT_OPEN },
    { "a silent device does", ALERT_SILENT, false, false, false, EFFECT_OPEN },
    { "and no more once it is heard", ALERT_HEARD, false, false, false, EFFECT_CLOSE },
    { "tampering does", ALERT_TAMPER, false, false, false, EFFECT_OPEN },
    { "a low battery does", ALERT_BATTERY, false, false, false, EFFECT_OPEN },
    { "a wrong clock does", ALERT_CLOCK, false, false, false, EFFECT_OPEN },
    { "a device in doubt does", ALERT_DOUBT, false, false, false, EFFECT_OPEN },
    { "who could not be judged does", ALERT_UNJUDGED, false, false, false, EFFECT_OPEN },
    { "and no more when each has an order", ALERT_UNJUDGED, false, true, false, EFFECT_CLOSE },
    { "our blindness does", ALERT_BLIND, false, false, false, EFFECT_OPEN },
    { "and no more once we see", ALERT_SIGHTED, false, false, false, EFFECT_CLOSE },
    { "what ails us does", ALERT_TROUBLE, false, false, false, EFFECT_OPEN },
    { "and no more once it is mended", ALERT_MENDED, false, false, false, EFFECT_CLOSE },
    { "rules that were refused do", ALERT_RULES, false, false, false, EFFECT_OPEN },
    { "and no more once good ones are in force", ALERT_RULES, false, true, false, EFFECT_CLOSE },
    { "what somebody else has now is still there", ALERT_HANDED, true, false, false, EFFECT_NONE },
    { "unless it is over", ALERT_HANDED, true, true, false, EFFECT_CLOSE },
    { "what is kept quiet is there too", ALERT_SHELVED, true, false, false, EFFECT_NONE },
    { "the newest link of the chain needs nobody", ALERT_CHAIN, false, false, false, EFFECT_NONE },
};

static void somebody_is_needed(void **state)
{
    const struct todo_row *row = *state;
    struct alert alert = { .type = row->type, .over = row->over, .authorised = row->authorised };

    assert_int_equal(alert_todo(&alert, row->taken), row->want);
}

static void each_type_is_in_both_tables(void **state)
{
    int listed[ALERT_TYPES] = { 0 }, needed[ALERT_TYPES] = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        listed[types[i].type]++;
    for (size_t i = 0; i < sizeof todos / sizeof *todos; i++)
        needed[todos[i].type]++;
    for (int type = 0; type < ALERT_TYPES; type++) {
        if (listed[type] != 1 || needed[type] == 0)
            fail_msg("type %d is listed %d times, and its need told %d times", type, listed[type],
                     needed[type]);
    }
}

static void an_update_is_as_grave_as_its_incident(void **state)
{
    (void)state;
    assert_int_equal(alert_severity(ALERT_UPDATE, PHASE_APPROACH, false), SEVERITY_WARNING);
    assert_int_equal(alert_severity(ALERT_UPDATE, PHASE_POSSIBLE, false), SEVERITY_HIGH);
    assert_int_equal(alert_severity(ALERT_UPDATE, PHASE_BREACH, false), SEVERITY_CRITICAL);
    assert_int_equal(alert_severity(ALERT_UPDATE, PHASE_BREACH, true), SEVERITY_INFO);
}

/* A row that does not agree with itself. */
static void rows_are_of_one_piece(void **state)
{
    (void)state;
    for (int i = 0; i < ALERT_TYPES; i++) {
        enum alert_type type = (enum alert_type)i;
        const struct alert_spec *spec = alert_spec(type);

        if (alert_is(type, TRAIT_ALARM)) // nobody is called for less
            assert_int_equal(spec->severity, SEVERITY_CRITICAL);
        if (alert_is(type, TRAIT_PAST)) // the present stays as it is
            assert_int_equal(spec->open, EFFECT_NONE);
        if (alert_is(type, TRAIT_NO_INCIDENT)) // there is nothing to open
            assert_int_equal(spec->open, EFFECT_NONE);
        if (alert_is(type, TRAIT_CONTROL_ROOM)) // its own words, not those of core
            assert_false(alert_is(type, TRAIT_JUDGED));
        if (alert_is(type, TRAIT_GRAVE)) // a device's, and what calls is at least high
            assert_true(spec->device == HAS_ALWAYS && spec->severity == SEVERITY_HIGH);
        if (spec->open == EFFECT_CLOSE) // what is over opens no need by itself
            assert_true(spec->todo == TODO_CLOSE || spec->todo == TODO_UNTIL_TAKEN);
        if (spec->open == EFFECT_OPEN)
            assert_true(spec->todo == TODO_OPEN || spec->todo == TODO_WHILE_OPEN);
    }
}

/* What nobody has set must be told as "does not apply", never as 0 m inside or surely not so. */
static void one_that_is_made_has_its_type_its_times_and_no_number(void **state)
{
    (void)state;
    for (int i = 0; i < ALERT_TYPES; i++) {
        enum alert_type type = (enum alert_type)i;
        struct alert alert = alert_make(type, (struct utc){ 1000 }, (struct utc){ 2000 });

        assert_int_equal(alert.type, type);
        assert_int_equal(alert.severity, alert_spec(type)->severity);
        assert_int_equal(alert.time.ms, 1000);
        assert_int_equal(alert.received.ms, 2000);
        assert_true(isnan(alert.probability) && isnan(alert.depth) && isnan(alert.eta));
        assert_false(alert.has_ping || alert.over || alert.authorised);
        assert_null(alert.exclusion);
        assert_null(alert.respondent);
        assert_null(alert.device);
        assert_string_equal(alert.reason, "");
    }
}

static void a_later_breachds_type_is_not_known(void **state)
{
    enum severity severity = SEVERITY_HIGH;
    enum alert_type type = ALERT_CHAIN;

    (void)state;
    assert_false(alert_type_of("arrested", &type));
    assert_false(alert_type_of("", &type));
    assert_int_equal(type, ALERT_CHAIN);
    assert_false(severity_of("grave", &severity));
    assert_int_equal(severity, SEVERITY_HIGH);
}

static void severities_rise_and_have_names(void **state)
{
    static const char *const names[SEVERITIES] = { "info", "warning", "high", "critical" };

    (void)state;
    for (int i = 0; i < SEVERITIES; i++) {
        enum severity severity = SEVERITIES;

        assert_string_equal(severity_name((enum severity)i), names[i]);
        assert_true(severity_of(names[i], &severity));
        assert_int_equal(severity, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_is_in_both_tables),
        cmocka_unit_test(an_update_is_as_grave_as_its_incident),
        cmocka_unit_test(rows_are_of_one_piece),
        cmocka_unit_test(one_that_is_made_has_its_type_its_times_and_no_number),
        cmocka_unit_test(a_later_breachds_type_is_not_known),
        cmocka_unit_test(severities_rise_and_have_names),
    };

    return rows_hold("types of alert", types, it_weighs_so) +
           rows_hold("what needs somebody", todos, somebody_is_needed) +
           cmocka_run_group_tests_name("alert_spec", tests, NULL, NULL);
}
