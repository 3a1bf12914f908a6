/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in an event: each member as the contract shows it. */
#include <string.h>

#include "support/events.h"

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

static void each_type_has_its_name(void **state)
{
    static const char *const names[] = {
        "breachd.approach", "breachd.possible",      "breachd.breach", "breachd.update",
        "breachd.cleared",  "breachd.retrospective", "breachd.silent", "breachd.heard",
        "breachd.tamper",   "breachd.battery",       "breachd.clock",  "breachd.blind",
        "breachd.sighted",  "breachd.acked",         "breachd.closed", "breachd.escalated",
        "breachd.doubt",    "breachd.unjudged",      "breachd.chain",  "breachd.trouble",
        "breachd.mended",   "breachd.rules",         "breachd.handed", "breachd.shelved"
    };
    _Static_assert(sizeof names / sizeof *names == ALERT_TYPES, "a name for each type");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_breach_is_printed_as_the_contract_shows_it),
        cmocka_unit_test(what_a_device_says_of_itself_has_no_zone),
        cmocka_unit_test(ids_tell_what_an_alert_is_about),
        cmocka_unit_test(the_longest_id_is_whole),
        cmocka_unit_test(each_type_has_its_name),
        cmocka_unit_test(cause_and_count_stand_only_where_they_apply),
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(numbers_are_rounded_to_what_they_are_worth),
        cmocka_unit_test(an_exercise_and_a_permit_are_told),
    };

    return cmocka_run_group_tests_name("event_json", tests, NULL, NULL);
}
