/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/event_json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static struct utc at(const char *text)
{
    struct utc read = { 0 };

    assert_true(utc_parse(text, &read));
    return read;
}

static const struct order order = { .id = "DVPO-2020-0113",
                                    .kind = "DVPO",
                                    .clause = "3",
                                    .respondent = "R-1001",
                                    .area = "Basildon",
                                    .monitoring = "consent",
                                    .age = 27,
                                    .digest = "0123456789ab" };
static const struct exclusion home = { .subject = "DVPO-2020-0113/home",
                                       .name = "home",
                                       .order = &order };
static const struct event_source essex = { .site = "essex" };

/* The example of CONTRACT 7. */
static struct alert breach(void)
{
    return (struct alert){ .type = ALERT_BREACH,
                           .severity = SEVERITY_CRITICAL,
                           .exclusion = &home,
                           .respondent = "R-1001",
                           .device = "tag-0042",
                           .incident = 1,
                           .nth = 2,
                           .time = at("2020-06-23T20:14:05Z"),
                           .received = at("2020-06-23T20:14:06.25Z"),
                           .probability = 0.97,
                           .depth = 42,
                           .eta = NAN,
                           .rule = 7,
                           .has_ping = true,
                           .ping = { at("2020-06-23T20:14:05Z"), { 0.45901, 51.57012 }, 8 },
                           .reason = "inside by 42 m, accuracy 8 m, 2 pings in 15 s" };
}

static struct alert about_device(void)
{
    return (struct alert){ .type = ALERT_BATTERY,
                           .severity = SEVERITY_WARNING,
                           .respondent = "R-1001",
                           .device = "tag-0042",
                           .trouble = TROUBLE_BATTERY,
                           .incident = 2,
                           .count = 1,
                           .nth = 3,
                           .time = at("2020-06-23T20:14:05Z"),
                           .received = at("2020-06-23T20:14:05Z"),
                           .probability = NAN,
                           .depth = NAN,
                           .eta = NAN,
                           .reason = "battery at 19 %" };
}

static struct alert about_itself(void)
{
    struct alert alert = about_device();

    alert.type = ALERT_BLIND;
    alert.severity = SEVERITY_CRITICAL;
    alert.respondent = alert.device = NULL;
    alert.incident = 4;
    alert.nth = 1;
    return alert;
}

static void assert_prints(const struct alert *alert, const struct event_source *source,
                          const char *want)
{
    char *event = event_print(alert, source);

    assert_non_null(event);
    assert_string_equal(event, want);
    free(event);
}

static void a_breach_is_printed_as_the_contract_shows_it(void **state)
{
    struct alert alert = breach();
    (void)state;

    assert_prints(
        &alert, &essex,
        "{\"specversion\":\"1.0\",\"id\":\"essex/DVPO-2020-0113/home/1/2\","
        "\"source\":\"/breachd/essex\",\"type\":\"breachd.breach\","
        "\"subject\":\"DVPO-2020-0113/home\",\"time\":\"2020-06-23T20:14:05.000Z\","
        "\"datacontenttype\":\"application/json\",\"data\":{"
        "\"incident\":\"DVPO-2020-0113/home/1\",\"order\":\"DVPO-2020-0113\",\"kind\":\"DVPO\","
        "\"clause\":\"3\",\"respondent\":\"R-1001\",\"device\":\"tag-0042\",\"zone\":\"home\","
        "\"area\":\"Basildon\",\"severity\":\"critical\",\"authorised\":false,\"late\":false,"
        "\"exercise\":false,\"probability\":0.97,\"depth\":42.0,\"eta\":null,\"rule\":7,"
        "\"reason\":\"inside by 42 m, accuracy 8 m, 2 pings in 15 s\","
        "\"ping\":{\"time\":\"2020-06-23T20:14:05.000Z\",\"lat\":51.57012,\"lon\":0.45901,"
        "\"accuracy\":8.0},\"received\":\"2020-06-23T20:14:06.250Z\","
        "\"rules\":\"0123456789ab\"}}");
}

static void what_a_device_says_of_itself_has_no_zone(void **state)
{
    struct alert alert = about_device();
    (void)state;

    assert_prints(
        &alert, &essex,
        "{\"specversion\":\"1.0\",\"id\":\"essex/device/tag-0042/3\","
        "\"source\":\"/breachd/essex\",\"type\":\"breachd.battery\","
        "\"subject\":\"tag-0042\",\"time\":\"2020-06-23T20:14:05.000Z\","
        "\"datacontenttype\":\"application/json\",\"data\":{"
        "\"incident\":\"device/tag-0042/battery/2\",\"order\":null,\"kind\":null,\"clause\":null,"
        "\"respondent\":\"R-1001\",\"device\":\"tag-0042\",\"zone\":null,\"area\":null,"
        "\"severity\":\"warning\",\"authorised\":false,\"late\":false,"
        "\"exercise\":false,\"probability\":null,\"depth\":null,\"eta\":null,"
        "\"rule\":null,\"reason\":\"battery at 19 %\",\"ping\":null,"
        "\"received\":\"2020-06-23T20:14:05.000Z\",\"rules\":null,\"count\":1}}");
}

static void ids_tell_what_an_alert_is_about(void **state)
{
    struct alert zone = breach(), device = about_device(), itself = about_itself();
    struct alert clock = { .type = ALERT_CLOCK, .nth = 2 };
    struct alert chain = { .type = ALERT_CHAIN, .nth = 1592943245 };
    char text[EVENT_ID_MAX];
    (void)state;

    event_id(&zone, "essex", text);
    assert_string_equal(text, "essex/DVPO-2020-0113/home/1/2");
    event_incident(&zone, text);
    assert_string_equal(text, "DVPO-2020-0113/home/1");
    event_id(&device, "essex", text);
    assert_string_equal(text, "essex/device/tag-0042/3");
    event_incident(&device, text);
    assert_string_equal(text, "device/tag-0042/battery/2");
    device.type = ALERT_ACKED;
    device.nth = 1;
    event_id(&device, "essex", text);
    assert_string_equal(text, "essex/device/tag-0042/battery/2/desk/1");
    device.incident = 0; // of a ledger of before
    event_incident(&device, text);
    assert_string_equal(text, "");
    event_id(&itself, "essex", text);
    assert_string_equal(text, "essex/blind/4/1");
    event_incident(&itself, text);
    assert_string_equal(text, "blind/4");
    event_id(&clock, "essex", text);
    assert_string_equal(text, "essex/clock/2");
    event_incident(&clock, text);
    assert_string_equal(text, "");
    event_id(&chain, "essex", text);
    assert_string_equal(text, "essex/chain/1592943245");
    event_incident(&chain, text);
    assert_string_equal(text, "");
}

#define NAME_64 "0123456789012345678901234567890123456789012345678901234567890123"

static void the_longest_id_is_whole(void **state)
{
    static const struct exclusion longest = { .subject = NAME_64 "/" NAME_64,
                                              .name = NAME_64,
                                              .order = &order };
    struct alert alert = breach();
    char text[EVENT_ID_MAX];
    (void)state;

    alert.exclusion = &longest;
    alert.incident = alert.nth = UINT32_MAX;
    event_id(&alert, NAME_64, text);
    assert_string_equal(text, NAME_64 "/" NAME_64 "/" NAME_64 "/4294967295/4294967295");
}

/* One member of the event that is printed, by its names. */
static json_t *member(const struct alert *alert, const struct event_source *source,
                      const char *outer, const char *inner)
{
    char *text = event_print(alert, source);
    json_t *event = json_loads(text, 0, NULL), *found;

    assert_non_null(event);
    found = json_object_get(event, outer);
    found = json_incref(inner ? json_object_get(found, inner) : found);
    json_decref(event);
    free(text);
    return found;
}

static void assert_data(const struct alert *alert, const struct event_source *source,
                        const char *name, const char *want)
{
    json_t *found = member(alert, source, "data", name);
    char *text = json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(10));

    assert_string_equal(text, want);
    free(text);
    json_decref(found);
}

static void each_type_has_its_name(void **state)
{
    static const char *const names[ALERT_TYPES] = {
        "breachd.approach", "breachd.possible",      "breachd.breach", "breachd.update",
        "breachd.cleared",  "breachd.retrospective", "breachd.silent", "breachd.heard",
        "breachd.tamper",   "breachd.battery",       "breachd.clock",  "breachd.blind",
        "breachd.sighted",  "breachd.acked",         "breachd.closed", "breachd.escalated",
        "breachd.doubt",    "breachd.unjudged",      "breachd.chain",  "breachd.trouble",
        "breachd.mended"
    };
    struct alert alert = breach();
    (void)state;

    for (int type = 0; type < ALERT_TYPES; type++) {
        json_t *name;

        alert.type = (enum alert_type)type;
        name = member(&alert, &essex, "type", NULL);
        assert_string_equal(json_string_value(name), names[type]);
        assert_data(&alert, &essex, "late", type == ALERT_RETROSPECTIVE ? "true" : "false");
        json_decref(name);
    }
}

static void cause_and_count_stand_only_where_they_apply(void **state)
{
    struct alert alert = breach();
    (void)state;

    assert_null(member(&alert, &essex, "data", "cause"));
    assert_null(member(&alert, &essex, "data", "count"));
    alert.cause = "flood";
    alert.count = 426;
    assert_data(&alert, &essex, "cause", "\"flood\"");
    assert_data(&alert, &essex, "count", "426");
}

static void what_is_not_known_is_null(void **state)
{
    struct order bare = { .id = "A", .kind = "other", .respondent = "R", .digest = "" };
    struct exclusion zone = { .subject = "A/z", .name = "z", .order = &bare };
    struct alert alert = breach();
    (void)state;

    alert.exclusion = &zone;
    alert.rule = 0;
    alert.ping.accuracy = alert.probability = alert.depth = NAN;
    assert_data(&alert, &essex, "clause", "null");
    assert_data(&alert, &essex, "area", "null");
    assert_data(&alert, &essex, "rule", "null");
    assert_data(&alert, &essex, "probability", "null");
    assert_data(&alert, &essex, "depth", "null");
    assert_data(&alert, &essex, "ping",
                "{\"time\":\"2020-06-23T20:14:05.000Z\",\"lat\":51.57012,\"lon\":0.45901,"
                "\"accuracy\":null}");
}

static void numbers_are_rounded_to_what_they_are_worth(void **state)
{
    struct alert alert = breach();
    (void)state;

    alert.probability = 0.98765;
    alert.depth = -41.26;
    alert.eta = 29.6;
    alert.ping.at = (struct lonlat){ -0.1234567891, 51.123456789 };
    assert_data(&alert, &essex, "probability", "0.988");
    assert_data(&alert, &essex, "depth", "-41.3");
    assert_data(&alert, &essex, "eta", "30.0");
    assert_data(&alert, &essex, "ping",
                "{\"time\":\"2020-06-23T20:14:05.000Z\",\"lat\":51.12345679,"
                "\"lon\":-0.1234567891,\"accuracy\":8.0}");
}

static void an_exercise_and_a_permit_are_told(void **state)
{
    struct event_source exercise = { .site = "essex", .exercise = true };
    struct alert alert = breach();
    (void)state;

    alert.authorised = true;
    assert_data(&alert, &exercise, "exercise", "true");
    assert_data(&alert, &essex, "exercise", "false");
    assert_data(&alert, &essex, "authorised", "true");
}

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
        cmocka_unit_test(every_alert_can_be_printed),
        cmocka_unit_test(a_reason_that_is_too_long_is_cut_where_a_character_ends),
        cmocka_unit_test(a_breach_is_printed_as_the_contract_shows_it),
        cmocka_unit_test(what_a_device_says_of_itself_has_no_zone),
        cmocka_unit_test(ids_tell_what_an_alert_is_about),
        cmocka_unit_test(the_longest_id_is_whole),
        cmocka_unit_test(each_type_has_its_name),
        cmocka_unit_test(cause_and_count_stand_only_where_they_apply),
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(numbers_are_rounded_to_what_they_are_worth),
        cmocka_unit_test(an_exercise_and_a_permit_are_told),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(the_sequence_is_put_in),
        cmocka_unit_test(what_is_no_event_is_numbered_as_an_empty_one),
    };

    return cmocka_run_group_tests_name("event_json", tests, NULL, NULL);
}
