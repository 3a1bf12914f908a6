/* SPDX-License-Identifier: Apache-2.0 */
/* An event as a text: whatever stands in an alert can be told, and its sequence put in. */
#include <string.h>

#include "support/events.h"

static void texts_are_escaped(void **state)
{
    struct order odd = order;
    struct exclusion zone = home;
    struct alert alert = breach();
    (void)state;

    odd.area = "\"Little\\Thurrock\" \xc3\xa9";
    zone.order = &odd;
    alert.exclusion = &zone;
    assert_data(&alert, &essex, "area", "\"\\\"Little\\\\Thurrock\\\" \xc3\xa9\"");
}

static void the_sequence_is_put_in(void **state)
{
    struct alert alert = breach();
    char *event = event_print(&alert, &essex);
    char *numbered = event_number(event, 412, at("2020-06-23T20:14:09.249Z"));
    char *largest = event_number(event, UINT64_MAX, UTC_ALWAYS);
    json_t *read = json_loads(numbered, JSON_REJECT_DUPLICATES, NULL), *bare;
    (void)state;

    assert_non_null(read);
    assert_string_equal(json_string_value(json_object_get(read, "sequence")), "412");
    assert_int_equal(json_integer_value(json_object_get(read, "age")), 2); // 2.999 s, whole ones
    json_object_del(read, "sequence");
    json_object_del(read, "age");
    bare = json_loads(event, 0, NULL);
    assert_true(json_equal(read, bare));
    assert_non_null(strstr(largest, "\"sequence\":\"18446744073709551615\""));
    json_decref(bare);
    json_decref(read);
    free(largest);
    free(numbered);
    free(event);
}

/* A row that was tampered with, or torn: its copy was once without an end. */
static void what_is_no_event_is_numbered_as_an_empty_one(void **state)
{
    static const char *const rows[][2] = {
        { "", "{\"sequence\":\"7\",\"age\":0}" },
        { "{", "{\"sequence\":\"7\",\"age\":0}" },
        { "{}", "{\"sequence\":\"7\",\"age\":0}" },
        { "x", "{\"sequence\":\"7\",\"age\":0}" },
        { "null", "{\"sequence\":\"7\",\"age\":0}" },
        { "[1]", "{\"sequence\":\"7\",\"age\":0}" },
        { "{\"id\":1}", "{\"sequence\":\"7\",\"age\":0,\"id\":1}" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *numbered = event_number(rows[i][0], 7, UTC_ALWAYS);

        assert_string_equal(numbered, rows[i][1]);
        free(numbered);
    }
}

/* Whatever stands in an alert, it can be told: what JSON has no word for is null or `?`. */
static void every_alert_can_be_printed(void **state)
{
    static const double numbers[] = { 1e308,     -1e308, 5e-324, -0.0, INFINITY,
                                      -INFINITY, NAN,    1e15,   0,    4.2 };
    enum { NUMBERS = sizeof numbers / sizeof *numbers };

    (void)state;
    for (size_t n = 0; n < NUMBERS * NUMBERS; n++) {
        double one = numbers[n % NUMBERS], other = numbers[n / NUMBERS];
        struct alert alert = breach();
        char *event;
        json_t *read;

        alert.depth = alert.ping.accuracy = one;
        alert.eta = alert.probability = other;
        alert.ping.at = (struct lonlat){ one, other };
        alert.time.ms = alert.ping.time.ms = n % 2 != 0 ? INT64_MAX : INT64_MIN;
        alert.respondent = "R-\xff\xc3";
        memset(alert.reason, '\xc3', sizeof alert.reason - 1);
        event = event_print(&alert, &essex);
        assert_non_null(event);
        read = json_loads(event, 0, NULL);
        assert_non_null(read);
        json_decref(read);
        free(event);
    }
}

/* snprintf cuts a reason anywhere: it is told cut between two characters, and seen to be. */
static void a_reason_that_is_too_long_is_cut_where_a_character_ends(void **state)
{
    struct alert alert = breach();
    json_t *read;
    const char *reason;
    size_t n;
    char *event;

    (void)state;
    for (size_t i = 0; i + 1 < sizeof alert.reason; i++)
        alert.reason[i] = "\xc3\xa9"[(i + 1) % 2]; // é, beginning and ending in its middle
    alert.reason[sizeof alert.reason - 1] = '\0';
    event = event_print(&alert, &essex);
    read = json_loads(event, 0, NULL);
    reason = json_string_value(json_object_get(json_object_get(read, "data"), "reason"));
    n = strlen(reason);
    assert_true(n > 200 && n < ALERT_REASON_MAX);
    assert_memory_equal(reason, "?\xc3\xa9", 3);
    assert_string_equal(reason + n - 5, "\xc3\xa9\xe2\x80\xa6"); // é…
    json_decref(read);
    free(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(the_sequence_is_put_in),
        cmocka_unit_test(what_is_no_event_is_numbered_as_an_empty_one),
        cmocka_unit_test(every_alert_can_be_printed),
        cmocka_unit_test(a_reason_that_is_too_long_is_cut_where_a_character_ends),
    };

    return cmocka_run_group_tests_name("event_text", tests, NULL, NULL);
}
