/* SPDX-License-Identifier: Apache-2.0 */
/* What is known, as JSON and back: every bit of it, and nothing that could not have been known. */
#include "adapter/json/known_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/known.h"
#include "support/test.h"

/* ---- the same bits come back ---- */

static const double hard[] = { 0.1,       -0.0,       1.0 / 3,
                               -180,      5e-324,     1.7976931348623157e308,
                               51.568441, 0.45782001, 0.30000004,
                               90,        1e-7,       123456789.12345679 };
enum { HARD = sizeof hard / sizeof *hard };

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void assert_device_comes_back(const struct known_device *device)
{
    char room[KNOWN_TEXT_MAX];
    const char *text = known_device_print(device, NULL, room);
    struct known_device back = { .heard = false };

    if (!known_device_read(text, &back))
        fail_msg("cannot be read: %s", text);
    assert_true(same_bits(device->newest.accuracy, back.newest.accuracy));
    back.newest.accuracy = device->newest.accuracy;
    assert_true(same_bits(device->doubted.accuracy, back.doubted.accuracy));
    back.doubted.accuracy = device->doubted.accuracy;
    assert_memory_equal(device, &back, sizeof back);
}

/* Each real member takes each of the hard numbers, others being unlike it. */
static void a_device_comes_back_to_the_last_bit(void **state)
{
    (void)state;
    for (size_t n = 0; n < HARD; n++) {
        struct known_device device;

        memset(&device, 0, sizeof device); // its padding too, to be compared
        device.heard = device.battery_low = n % 2 == 0;
        device.near = device.clock_wrong = !device.heard;
        device.tampered = true;
        device.charge = (unsigned)n % DEVICE_CHARGE_MAX + 1;
        device.newest.time.ms = 1592943245001 + (int64_t)n;
        device.newest.at.lon = hard[n];
        device.newest.at.lat = hard[(n + 1) % HARD];
        device.newest.accuracy = n == 0 ? NAN : hard[(n + 2) % HARD];
        device.doubted.time.ms = -1;
        device.doubted.at.lon = hard[(n + 3) % HARD];
        device.doubted.at.lat = hard[(n + 4) % HARD];
        device.doubted.accuracy = n == 1 ? NAN : hard[(n + 5) % HARD];
        device.doubts = UINT32_MAX - (uint32_t)n;
        device.alerts = (uint32_t)n;
        for (size_t i = 0; i < TROUBLES; i++) {
            struct trouble_course *course = &device.troubles[i];

            course->number = (uint32_t)(n + i);
            course->count = UINT32_MAX - (uint32_t)i;
            course->alerted_count = (uint32_t)i;
            course->opened.ms = 1592943245001 - (int64_t)i;
            course->alerted.ms = 1592943245002 + (int64_t)i;
            course->well.ms = (int64_t)i;
            course->over = i % 2 == 0;
            course->closed = i % 3 == 0;
        }
        device.unkept = n % 2 == 0;
        device.health_kept.ms = (int64_t)n;
        device.updates.spent = hard[n];
        device.updates.since.ms = 1592943245003;
        device.past.spent = hard[(n + 2) % HARD];
        device.past.since.ms = 1592943245005;
        device.written.spent = hard[(n + 1) % HARD];
        device.written.since.ms = 1592943245004;
        device.held_back = (uint32_t)n;
        device.refused.ms = 1592943245006;
        strcpy(device.refused_for, n % 2 == 0 ? "accuracy" : "");
        device.recent_next = (unsigned)n % DEVICE_RECENT;
        for (size_t i = 0; i < DEVICE_RECENT; i++) {
            device.recent[i].time.ms = (int64_t)(1000 * i);
            device.recent[i].at.lon = hard[(n + i) % HARD];
            device.recent[i].at.lat = hard[(n + 2 * i) % HARD];
        }
        assert_device_comes_back(&device);
    }
}

static void an_incident_comes_back_to_the_last_bit(void **state)
{
    static const int64_t times[] = { 0, -1, 1, 1592943245001, INT64_MIN, INT64_MAX, 7258118399999 };
    enum { TIMES = sizeof times / sizeof *times };

    (void)state;
    for (size_t n = 0; n < 4 * TIMES; n++) {
        struct incident incident, back;
        char room[KNOWN_TEXT_MAX];

        memset(&incident, 0, sizeof incident);
        incident.phase = (enum phase)(n % 4);
        incident.authorised = n % 3 == 0;
        incident.number = UINT32_MAX - (uint32_t)n;
        incident.numbers = UINT32_MAX;
        incident.alerts = (uint32_t)n;
        incident.pings = 4000000000u;
        incident.opened.ms = times[n % TIMES];
        incident.alerted.ms = times[(n + 1) % TIMES];
        incident.ended.ms = times[(n + 2) % TIMES];
        incident.entered.ms = times[(n + 3) % TIMES];
        incident.before_from.ms = times[(n + 4) % TIMES];
        incident.before_until.ms = times[(n + 5) % TIMES];
        incident.late.from.ms = times[(n + 6) % TIMES];
        incident.late.until.ms = times[(n + 2) % TIMES];
        for (size_t i = 0; i < INCIDENT_OLDER; i++)
            incident.older[i] = (struct span){ { times[(n + i) % TIMES] }, { times[i % TIMES] } };
        incident.older_next = (unsigned)n % INCIDENT_OLDER;
        incident.inside_by = 1u << n % 32;
        incident.coming_by = ~incident.inside_by;
        incident.openings.spent = (double)n / 7;
        incident.openings.since.ms = times[(n + 3) % TIMES];
        incident.late.pings = (uint32_t)n % 4;
        incident.late.gathered = n % 2 == 0;
        incident.runs[n % INCIDENT_RUNS].from.ms = times[(n + 1) % TIMES];
        incident.runs[n % INCIDENT_RUNS].until.ms = times[(n + 3) % TIMES];
        incident.runs[n % INCIDENT_RUNS].pings = (uint32_t)n % 4;
        incident.runs[n % INCIDENT_RUNS].gathered = n % 3 == 0;
        incident.pasts.spent = (double)n / 11;
        incident.pasts.since.ms = times[(n + 5) % TIMES];
        incident.gathering.number = UINT32_MAX - (uint32_t)n;
        incident.gathering.alerts = (uint32_t)n + 1;
        incident.gathering.count = UINT32_MAX;
        incident.gathering.alerted_count = (uint32_t)n + 2;
        incident.gathering.opened.ms = times[(n + 6) % TIMES];
        incident.gathering.alerted.ms = times[n % TIMES];
        incident.shape = times[(n + 1) % TIMES];
        incident.place = times[(n + 2) % TIMES];
        incident.person = UINT32_MAX - (uint32_t)n;
        incident.carriers[n % TRACK_DEVICES_MAX] = (uint32_t)n;
        for (int i = 0; i < TRACK_DEVICES_MAX; i++)
            incident.scores[i] = i / 7.0 - 1;
        assert_true(known_incident_read(known_incident_print(&incident, room), &back));
        assert_memory_equal(&incident, &back, sizeof back);
    }
}

static void a_ping_comes_back_with_its_device(void **state)
{
    struct ping ping, back;
    struct page page = page_create(1); // it grows
    json_t *json;

    (void)state;
    memset(&ping, 0, sizeof ping);
    memcpy(ping.device, "tag-0042", 8);
    ping.time.ms = 1592943245001;
    ping.at = (struct lonlat){ -0.0, 1.0 / 3 };
    ping.accuracy = NAN;
    ping.battery = 64.2;
    ping.tamper = true;
    known_ping_put(&page, &ping);
    json = json_loads(page.text, 0, NULL);
    free(page_end(&page));
    assert_true(known_ping_of(json, &back));
    assert_true(isnan(back.accuracy));
    back.accuracy = ping.accuracy;
    assert_memory_equal(&ping, &back, sizeof back);
    json_decref(json);
}

static void nothing_known_is_nothing_written(void **state)
{
    struct known_device device = { 0 };
    struct incident incident = { 0 };
    char text[KNOWN_TEXT_MAX];

    (void)state;
    assert_string_equal(known_device_print(&device, NULL, text), "{}");
    assert_string_equal(known_incident_print(&incident, text), "{}");
}

/*
 * Ends the page: it holds what jansson prints of it, to the byte. `text` is the same, but for an
 * exponent's plus and zeros.
 */
static void assert_same_json(struct page *page, const char *text)
{
    json_t *made = json_loads(page->text, 0, NULL), *read = json_loads(text, 0, NULL);
    char *printed = json_dumps(made, JSON_COMPACT | JSON_REAL_PRECISION(17));

    assert_true(strlen(text) < KNOWN_TEXT_MAX / 2);
    assert_string_equal(printed, page->text);
    assert_true(json_equal(made, read));
    json_decref(made);
    json_decref(read);
    free(printed);
    free(page_end(page));
}

/* Each flag that the table names: what is no bool must not be read as one. */
static void set_flags(const struct known_table *table, void *of)
{
    for (const struct field *field = table->fields; field < table->fields + table->n; field++)
        for (size_t i = 0; field->kind == FLAG && i < (field->n == 0 ? 1 : field->n); i++)
            *(bool *)((char *)of + field->offset + i * field->stride) = true;
}

/* The two ways to write it agree; and the most that can be written has its room. */
static void the_text_is_that_of_the_json(void **state)
{
    struct known_device device;
    struct estimate estimate;
    struct incident incident;
    struct custody custody = { .alerts = 4000000000u, .by = "\"\\\x01 PC \xc3" };
    struct page of_device = page_create(1), of_incident = page_create(1);
    char text[KNOWN_TEXT_MAX];

    (void)state;
    memset(&device, 0xfe, sizeof device); // as long as numbers get, and flags that are set
    memset(&estimate, 0xfe, sizeof estimate);
    memset(&incident, 0xfe, sizeof incident);
    set_flags(&known_devices, &device);
    set_flags(&known_estimates, &estimate);
    set_flags(&known_incidents, &incident);
    strcpy(device.refused_for, "accuracy");
    device.newest.accuracy = INFINITY;
    device.pace = 7;
    device.jitter_ms = 1e22;
    device.rested = 1e-7;
    known_device_put(&of_device, &device, &estimate);
    assert_same_json(&of_device, known_device_print(&device, &estimate, text));
    known_incident_put(&of_incident, &incident);
    assert_same_json(&of_incident, known_incident_print(&incident, text));
    assert_string_equal(known_custody_print(&custody, text),
                        "{\"told\":4000000000,\"by\":\"\\\"\\\\\\u0001 PC ?\"}");
}

/* Whether the ledger knows an incident by Redis alone outlives a restart, like all else. */
static void a_custody_comes_back_as_it_was(void **state)
{
    struct custody custody, back, zero = { 0 };
    char text[KNOWN_TEXT_MAX];

    (void)state;
    memset(&custody, 0, sizeof custody);
    memset(&back, 0, sizeof back);
    custody.since.ms = 1592943245000;
    custody.reminded = 2;
    custody.alerts = 4000000000u;
    custody.taken = custody.closed = custody.unseen = custody.lost = true;
    custody.corrected = 7;
    strcpy(custody.by, "PC 42");
    strcpy(custody.note, "seen");
    strcpy(custody.since_entry, "5-0");
    assert_int_equal(known_custody_recall(known_custody_print(&custody, text), &back),
                     RECALL_WHOLE);
    assert_memory_equal(&back, &custody, sizeof back);
    assert_int_equal(known_custody_recall("{}", &back), RECALL_WHOLE);
    assert_memory_equal(&back, &zero, sizeof back);
}

/* ---- what was never kept by us is refused ---- */

static void what_cannot_be_is_refused(void **state)
{
    static const char *const devices[] = {
        "",
        "[]",
        "7",
        "null",
        "{",
        "{\"heard\":\"yes\"}",
        "{\"heard\":2}",
        "{\"heard\":null}",
        "{\"recent_next\":8}",
        "{\"recent_next\":-1}",
        "{\"recent_next\":4294967296}",
        "{\"doubts\":-1}",
        "{\"doubts\":4294967296}",
        "{\"doubts\":1.5}",
        "{\"alerts\":\"1\"}",
        "{\"time\":1.5}",
        "{\"time\":\"now\"}",
        "{\"time\":100000000000000}",
        "{\"time\":9223372036854775806}",
        "{\"lon\":\"0\"}",
        "{\"lon\":[0]}",
        "{\"lon\":1e999}",
        "{\"recent_time\":0}",
        "{\"recent_time\":[1,2,3,4,5,6,7,8,9]}",
        "{\"recent_lon\":[\"x\"]}",
        "{\"recent_time\":{\"0\":1}}",
    };
    static const char *const incidents[] = { "{\"phase\":4}",          "{\"phase\":-1}",
                                             "{\"phase\":\"breach\"}", "{\"number\":-1}",
                                             "{\"ended\":null}",       "{\"authorised\":[]}" };
    static const struct known_device no_device;
    static const struct incident no_incident;

    (void)state;
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        struct known_device device = { .alerts = 1 };

        if (known_device_read(devices[i], &device))
            fail_msg("was read: %s", devices[i]);
        assert_memory_equal(&device, &no_device, sizeof device);
    }
    for (size_t i = 0; i < sizeof incidents / sizeof *incidents; i++) {
        struct incident incident = { .alerts = 1 };

        if (known_incident_read(incidents[i], &incident))
            fail_msg("was read: %s", incidents[i]);
        assert_memory_equal(&incident, &no_incident, sizeof incident);
    }
}

static void a_ping_that_no_door_lets_in_is_refused(void **state)
{
    static const char *const pings[] = {
        "{}",
        "{\"device\":\"\"}",
        "{\"device\":\"a b\"}",
        "{\"device\":7}",
        "{\"device\":\"tag\",\"lat\":90.1,\"accuracy\":null}",
        "{\"device\":\"tag\",\"lon\":null,\"accuracy\":null}",
        "{\"device\":\"tag\",\"accuracy\":-1}",
        "{\"device\":\"tag\"}", // an accuracy of 0 would be perfect
        "{\"device\":\"tag\",\"accuracy\":8,\"tamper\":\"no\"}",
    };
    struct ping ping;

    (void)state;
    for (size_t i = 0; i < sizeof pings / sizeof *pings; i++) {
        json_t *json = json_loads(pings[i], 0, NULL);

        if (known_ping_of(json, &ping))
            fail_msg("was read: %s", pings[i]);
        json_decref(json);
    }
}

static void a_ledger_of_the_schema_before_may_say_0_and_1(void **state)
{
    struct known_device device = { .heard = false };

    (void)state;
    assert_true(known_device_read("{\"heard\":1,\"near\":0,\"lon\":1,\"accuracy\":null}", &device));
    assert_true(device.heard && !device.near && device.newest.at.lon == 1);
    assert_true(isnan(device.newest.accuracy));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_comes_back_to_the_last_bit),
        cmocka_unit_test(an_incident_comes_back_to_the_last_bit),
        cmocka_unit_test(a_ping_comes_back_with_its_device),
        cmocka_unit_test(the_text_is_that_of_the_json),
        cmocka_unit_test(a_custody_comes_back_as_it_was),
        cmocka_unit_test(nothing_known_is_nothing_written),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(a_ping_that_no_door_lets_in_is_refused),
        cmocka_unit_test(a_ledger_of_the_schema_before_may_say_0_and_1),
    };

    return cmocka_run_group_tests_name("known_json", tests, NULL, NULL);
}
