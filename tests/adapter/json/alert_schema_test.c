/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The row of each type of alert (core/alert.c) against what the schema promises to subscribers.
 * That alerts which were really told fit the schema, tests/ctl_live/subscribe_test.c shows.
 */
#include "core/alert.h"
#include "core/custody.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

#define SCHEMA SOURCE_FOLDER "/config/schema/alert.schema.json"

static int load(void **state)
{
    *state = json_load_file(SCHEMA, 0, NULL);
    return *state != NULL ? 0 : -1;
}

static int drop(void **state)
{
    json_decref(*state);
    return 0;
}

/* By the names from `json` down, the last followed by NULL. */
static const json_t *at(const json_t *json, const char *const *names)
{
    for (; *names != NULL; names++)
        json = json_object_get(json, *names);
    return json;
}
#define AT(json, ...) at(json, (const char *const[]){ __VA_ARGS__, NULL })

static bool has_text(const json_t *array, const char *text)
{
    const json_t *one;
    size_t i;

    json_array_foreach(array, i, one)
    {
        if (json_is_string(one) && strcmp(json_string_value(one), text) == 0)
            return true;
    }
    return false;
}

static void the_schema_knows_the_same_types(void **state)
{
    const json_t *types = AT(*state, "properties", "type", "enum");
    char name[64];

    for (int i = 0; i < ALERT_TYPES; i++) {
        snprintf(name, sizeof name, "breachd.%s", alert_type_name((enum alert_type)i));
        if (!has_text(types, name))
            fail_msg("%s stands not in the schema", name);
    }
    assert_int_equal(json_array_size(types), ALERT_TYPES);
}

/* Whether the schema says of that type alone that it has the member of `data`, or has it not. */
static enum alert_has promised(const json_t *schema, enum alert_type type, const char *member)
{
    enum alert_has has = HAS_SOMETIMES;
    const json_t *rule;
    char name[64];
    size_t i;

    snprintf(name, sizeof name, "breachd.%s", alert_type_name(type));
    json_array_foreach(json_object_get(schema, "allOf"), i, rule)
    {
        const json_t *is = AT(rule, "then", "properties", "data", "properties", member, "type");

        if (is == NULL || !has_text(AT(rule, "if", "properties", "type", "enum"), name))
            continue;
        assert_int_equal(has, HAS_SOMETIMES); // one rule says it
        has = strcmp(json_string_value(is), "null") == 0 ? HAS_NEVER : HAS_ALWAYS;
    }
    return has;
}

static void a_zone_a_device_and_a_ping_are_promised_as_the_row_has_them(void **state)
{
    for (int i = 0; i < ALERT_TYPES; i++) {
        enum alert_type type = (enum alert_type)i;
        const struct alert_spec *spec = alert_spec(type);
        const struct {
            const char *member;
            enum alert_has has;
        } wanted[] = { { "zone", spec->zone },
                       { "order", spec->zone },
                       { "device", spec->device },
                       { "ping", spec->ping } };

        for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
            enum alert_has said = promised(*state, type, wanted[k].member);

            if (said != wanted[k].has)
                fail_msg("%s: %s: the row says %d, the schema %d", spec->name, wanted[k].member,
                         wanted[k].has, said);
        }
    }
}

static void by_and_outcome_are_the_control_rooms(void **state)
{
    const json_t *rule = json_array_get(json_object_get(*state, "allOf"), 0);
    const json_t *types = AT(rule, "if", "properties", "type", "enum");
    const json_t *required = AT(rule, "then", "properties", "data", "required");
    size_t n = 0;

    assert_true(has_text(required, "by") && has_text(required, "outcome"));
    for (int i = 0; i < ALERT_TYPES; i++) {
        enum alert_type type = (enum alert_type)i;
        char name[64];

        snprintf(name, sizeof name, "breachd.%s", alert_type_name(type));
        if (has_text(types, name) != alert_is(type, TRAIT_CONTROL_ROOM))
            fail_msg("%s: is it the control room's?", name);
        n += alert_is(type, TRAIT_CONTROL_ROOM);
    }
    assert_int_equal(json_array_size(types), n);
}

static void severities_are_the_same(void **state)
{
    const json_t *names = AT(*state, "properties", "data", "properties", "severity", "enum");

    assert_int_equal(json_array_size(names), SEVERITIES);
    for (size_t i = 0; i < SEVERITIES; i++)
        assert_string_equal(json_string_value(json_array_get(names, i)),
                            severity_name((enum severity)i));
}

static void each_outcome_may_be_said(void **state)
{
    const json_t *outcomes = AT(*state, "properties", "data", "properties", "outcome", "enum");
    const json_t *outcome;
    size_t i, n = 0;

    json_array_foreach(outcomes, i, outcome)
    {
        struct custody custody = { 0 };
        struct fault why;

        if (json_is_null(outcome))
            continue;
        n++;
        assert_true(
            custody_put(&custody, CUSTODY_CLOSE, "PC 42", json_string_value(outcome), &why));
    }
    assert_true(n > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_schema_knows_the_same_types, load, drop),
        cmocka_unit_test_setup_teardown(a_zone_a_device_and_a_ping_are_promised_as_the_row_has_them,
                                        load, drop),
        cmocka_unit_test_setup_teardown(by_and_outcome_are_the_control_rooms, load, drop),
        cmocka_unit_test_setup_teardown(severities_are_the_same, load, drop),
        cmocka_unit_test_setup_teardown(each_outcome_may_be_said, load, drop),
    };

    return cmocka_run_group_tests_name("alert_schema", tests, NULL, NULL);
}
