/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/json/device_state.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static const struct device_state well = { .device = "tag-1",
                                          .respondent = "R-1",
                                          .area = "Basildon",
                                          .now = { 1592943305000 },
                                          .heard = { 1592943246000 },
                                          .time = { 1592943245000 },
                                          .accuracy = 8,
                                          .battery = 64 };

static json_t *json_of(const struct device_state *state)
{
    char *text = device_state_print(state);
    json_t *json = json_loads(text, 0, NULL);

    free(text);
    assert_non_null(json);
    return json;
}

static void assert_state(const struct device_state *state, int rank, const char *word)
{
    json_t *json = json_of(state);

    assert_int_equal(device_state_rank(json), rank);
    assert_string_equal(json_string_value(json_object_get(json, "state")), word);
    json_decref(json);
}

static void the_worst_of_what_is_wrong_is_its_state(void **state)
{
    struct device_state device = well;

    (void)state;
    assert_state(&device, DEVICE_STATE_WELL, "well");
    device.clock_wrong = true;
    assert_state(&device, 4, "clock-wrong");
    device.battery_low = true;
    assert_state(&device, 3, "battery-low");
    device.tampered = true;
    assert_state(&device, 2, "tampered");
    device.silence = "no-fix";
    assert_state(&device, 1, "no-fix");
    device.silence = "no-ping";
    assert_state(&device, 0, "silent");
}

static void what_is_not_known_is_null(void **state)
{
    struct device_state device = { .device = "tag-1",
                                   .accuracy = NAN,
                                   .battery = DEVICE_STATE_NO_BATTERY };
    static const char *const nulls[] = { "respondent", "area",     "heard",   "talked", "time",
                                         "age",        "accuracy", "battery", "cause",  "quiet" };
    json_t *json = json_of(&device);

    (void)state;
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++) {
        if (!json_is_null(json_object_get(json, nulls[i])))
            fail_msg("%s", nulls[i]);
    }
    json_decref(json);
}

/* It counts from the position, not from when that came; a clock set back makes none negative. */
static void how_old_its_position_is_is_told_in_seconds(void **state)
{
    struct device_state device = well;
    json_t *json = json_of(&device);

    (void)state;
    assert_int_equal(json_integer_value(json_object_get(json, "age")), 60);
    assert_int_equal(json_integer_value(json_object_get(json, "battery")), 64);
    assert_string_equal(json_string_value(json_object_get(json, "now")),
                        "2020-06-23T20:15:05.000Z");
    assert_true(json_is_false(json_object_get(json, "exercise")));
    json_decref(json);
    device.now.ms = 0;
    json = json_of(&device);
    assert_int_equal(json_integer_value(json_object_get(json, "age")), 0);
    json_decref(json);
}

static void a_page_says_where_the_next_begins(void **state)
{
    struct device_page *page = device_page_create();
    char *text;

    (void)state;
    assert_true(device_page_add(page, &well));
    assert_int_equal(device_page_length(page), 1);
    text = device_page_print(page, "1.0.7");
    assert_non_null(strstr(text, "}],\"next\":\"1.0.7\"}"));
    free(text);
    text = device_page_print(page, NULL);
    assert_non_null(strstr(text, "}],\"next\":null}"));
    free(text);
    device_page_destroy(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worst_of_what_is_wrong_is_its_state),
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(how_old_its_position_is_is_told_in_seconds),
        cmocka_unit_test(a_page_says_where_the_next_begins),
    };

    return cmocka_run_group_tests_name("device_state", tests, NULL, NULL);
}
