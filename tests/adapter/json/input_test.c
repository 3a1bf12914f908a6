/* SPDX-License-Identifier: Apache-2.0 */
/* Questions, withdrawals, texts: printed and read again they are the same. */
#include "adapter/json/input.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { DEVICES = RESPONDENT_DEVICES_MAX, ZONES = QUESTION_ZONES_MAX };

static const char *const devices[DEVICES] = {
    "tag-0", "tag-1", "tag-2", "a", "Z", "9", "-", "tag.7"
};
static struct order orders[2] = {
    { .id = "A", .respondent = "R-1", .digest = "0123456789ab", .text = "[order A]\n" },
    { .id = "B", .respondent = "R-1", .digest = "ba9876543210", .text = "[order B]\n" },
};
static char subjects[ZONES][16];
static struct exclusion zones[ZONES];
static const struct exclusion *zone_list[ZONES];
static struct respondent who = { .id = "R-1",
                                 .devices = (const char **)(uintptr_t)devices,
                                 .n_devices = DEVICES,
                                 .exclusions = zone_list,
                                 .n_exclusions = ZONES };

static int make_zones(void **state)
{
    (void)state;
    for (int i = 0; i < ZONES; i++) {
        snprintf(subjects[i], sizeof subjects[i], "%s/z%d", i % 2 ? "B" : "A", i);
        zones[i] = (struct exclusion){ .subject = subjects[i], .order = &orders[i % 2] };
        zone_list[i] = &zones[i];
    }
    return 0;
}

static struct ping a_ping(void)
{
    struct ping ping;

    memset(&ping, 0, sizeof ping);
    strcpy(ping.device, "tag-1");
    ping.time.ms = 1592943245001;
    ping.at = (struct lonlat){ 1.0 / 3, 51.5 };
    ping.accuracy = NAN;
    ping.battery = NAN;
    return ping;
}

static struct memory *a_memory(void)
{
    struct memory *memory = calloc(1, sizeof *memory);

    for (unsigned i = 0; i < DEVICES; i++) {
        memory->devices[i].alerts = i + 1;
        memory->devices[i].newest.at.lon = -0.1 / (i + 1);
    }
    for (unsigned i = 0; i < ZONES; i++) {
        memory->incidents[i].number = i + 1;
        memory->incidents[i].ended = UTC_NEVER;
    }
    return memory;
}

static struct kept_question *read_back(const char *kind, char *body)
{
    struct kept_question *kept = malloc(sizeof *kept);
    struct fault why;

    assert_non_null(body);
    if (!input_read(kind, body, kept, &why))
        fail_msg("%s: %s", why.text, body);
    free(body);
    return kept;
}

static void a_ping_asked_about_comes_back(void **state)
{
    struct question question = { .cause = CAUSE_PING, .ping = a_ping(), .now = { 1592943246002 } };
    struct kept_question *kept = read_back("ping", input_print(&question, &who, NULL));

    (void)state;
    assert_string_equal(kept->respondent, "R-1");
    assert_false(kept->starts);
    assert_int_equal(kept->question.cause, CAUSE_PING);
    assert_int_equal(kept->question.now.ms, question.now.ms);
    assert_string_equal(kept->question.ping.device, "tag-1");
    assert_true(kept->question.ping.at.lon == 1.0 / 3 && isnan(kept->question.ping.accuracy));
    free(kept);
}

/* Takes `body`. */
static void assert_as_jansson_prints_it(char *body)
{
    json_t *json = json_loads(body, 0, NULL);
    char *printed = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(17));

    assert_non_null(printed);
    assert_string_equal(body, printed);
    json_decref(json);
    free(printed);
    free(body);
}

/* What stood in a ledger yesterday has the digest of what is written today. */
static void a_body_is_what_jansson_would_print(void **state)
{
    struct question question = { .cause = CAUSE_PING, .ping = a_ping(), .now = { 1592943246002 } };
    struct memory *memory = a_memory();
    struct input_before before = { memory, "0123", true };

    (void)state;
    question.frugal = true;
    question.ping.speed = 1e-7;
    question.ping.course = 350;
    memcpy(question.ping.alarm, "a \"\\ \x7f", 7);
    assert_as_jansson_prints_it(input_print(&question, &who, &before));
    assert_as_jansson_prints_it(input_print(&question, &who, NULL));
    question.cause = CAUSE_TIME;
    assert_as_jansson_prints_it(input_print(&question, &who, NULL));
    assert_as_jansson_prints_it(
        input_print_withdrawn(&zones[0], &memory->incidents[0], "4567", false, question.now));
    free(memory);
}

static void time_and_rules_come_back_with_the_instant_to_judge(void **state)
{
    static const enum cause causes[] = { CAUSE_TIME, CAUSE_RULES };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct question question = { .cause = causes[i], .at = { 1592943245003 }, .now = { 4 } };
        struct kept_question *kept =
            read_back(input_kind(causes[i]), input_print(&question, &who, NULL));

        assert_int_equal(kept->question.cause, causes[i]);
        assert_int_equal(kept->question.at.ms, 1592943245003);
        assert_int_equal(kept->question.now.ms, 4);
        free(kept);
    }
}

/* As many devices and zones as a respondent can have, in the order in which bits number them. */
static void what_was_known_comes_back_in_its_order(void **state)
{
    struct memory *memory = a_memory();
    char digest[CHAIN_HEX];
    struct input_before before = { memory, digest, true };
    struct question question = { .cause = CAUSE_TIME, .at = { 1 }, .now = { 2 } };
    struct kept_question *kept;

    (void)state;
    memset(digest, 'f', sizeof digest - 1);
    digest[sizeof digest - 1] = '\0';
    kept = read_back("time", input_print(&question, &who, &before));
    assert_true(kept->starts && kept->exercise);
    assert_string_equal(kept->settings, digest);
    assert_int_equal(kept->n_orders, 2);
    assert_string_equal(kept->orders[0], "0123456789ab");
    assert_string_equal(kept->orders[1], "ba9876543210");
    assert_int_equal(kept->n_devices, DEVICES);
    assert_int_equal(kept->n_zones, ZONES);
    for (size_t i = 0; i < DEVICES; i++)
        assert_string_equal(kept->devices[i], devices[i]);
    for (size_t i = 0; i < ZONES; i++)
        assert_string_equal(kept->zones[i], subjects[i]);
    assert_memory_equal(&kept->memory, memory, sizeof *memory);
    free(kept);
    free(memory);
}

static void a_withdrawal_comes_back(void **state)
{
    struct incident incident = { .phase = PHASE_BREACH, .number = 3, .entered = UTC_NEVER };
    struct kept_withdrawal gone;
    struct fault why;
    char *body = input_print_withdrawn(&zones[1], &incident, "abcd", true, (struct utc){ 77 });

    (void)state;
    assert_true(input_read_withdrawn(body, &gone, &why));
    assert_string_equal(gone.subject, "B/z1");
    assert_string_equal(gone.respondent, "R-1");
    assert_string_equal(gone.order, "ba9876543210");
    assert_string_equal(gone.settings, "abcd");
    assert_true(gone.exercise);
    assert_int_equal(gone.now.ms, 77);
    assert_memory_equal(&gone.incident, &incident, sizeof incident);
    free(body);
}

static void a_withdrawal_of_an_order_long_gone_has_no_respondent(void **state)
{
    struct order stub = { .id = "A" };
    struct exclusion gone_zone = { .subject = "A/home", .order = &stub };
    struct incident incident = { .phase = PHASE_APPROACH };
    struct kept_withdrawal gone;
    struct fault why;
    char *body = input_print_withdrawn(&gone_zone, &incident, "", false, (struct utc){ 1 });

    (void)state;
    assert_true(input_read_withdrawn(body, &gone, &why));
    assert_string_equal(gone.respondent, "");
    assert_string_equal(gone.order, "");
    free(body);
}

static void an_order_and_its_digest_come_back(void **state)
{
    char digest[DIGEST_CHARS + 1];
    char *body = input_print_order(&orders[0]), *text = input_read_order(body, digest);

    (void)state;
    assert_string_equal(text, "[order A]\n");
    assert_string_equal(digest, "0123456789ab");
    free(text);
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ping_asked_about_comes_back),
        cmocka_unit_test(a_body_is_what_jansson_would_print),
        cmocka_unit_test(time_and_rules_come_back_with_the_instant_to_judge),
        cmocka_unit_test(what_was_known_comes_back_in_its_order),
        cmocka_unit_test(a_withdrawal_comes_back),
        cmocka_unit_test(a_withdrawal_of_an_order_long_gone_has_no_respondent),
        cmocka_unit_test(an_order_and_its_digest_come_back),
    };

    return cmocka_run_group_tests_name("input_json", tests, make_zones, NULL);
}
