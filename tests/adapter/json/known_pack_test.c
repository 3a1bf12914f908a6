/* SPDX-License-Identifier: Apache-2.0 */
/* What is known as a row of a ledger: every bit comes back, also from rows of other releases. */
#include "adapter/json/known_pack.h"

#include "adapter/json/known_pack_parts.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/dice.h"
#include "support/test.h"

static const struct known_table *const tables[] = { &known_devices, &known_estimates,
                                                    &known_incidents };
enum { TABLES = sizeof tables / sizeof *tables, ROUNDS = 300 };

/* ---- the table's own ---- */

/* A member whose name makes a tag that another has must be called otherwise. */
static void no_two_members_have_one_tag(void **state)
{
    static char taken[65536][64];

    (void)state;
    for (size_t t = 0; t < TABLES; t++) {
        for (size_t i = 0; i < tables[t]->n; i++) {
            const char *name = tables[t]->fields[i].name;
            uint16_t tag = pack_tag(name);

            assert_int_not_equal(tag, 0);
            // An incident is never packed beside a device.
            if (taken[tag][0] != '\0' && t < 2 && strcmp(taken[tag], name) != 0)
                fail_msg("%s has the tag of %s", name, taken[tag]);
            snprintf(taken[tag], sizeof taken[tag], "%s", name);
            assert_true(tables[t]->fields[i].n < 32); // FORM has five bits for it
        }
        if (t == 1)
            memset(taken, 0, sizeof taken);
    }
}

/* ---- there and back ---- */

static int64_t some_instant(struct dice *dice)
{
    static const int64_t some[] = {
        0, 1, -1, INT64_MIN, INT64_MAX, 1592943245001, -99999999999999
    };

    return some[dice_below(dice, sizeof some / sizeof *some)];
}

static double some_real(struct dice *dice)
{
    static const double some[] = {
        0, -0.0, 5, 1.0 / 3, 5e-324, -1.7976931348623157e308, 51.568441
    };
    unsigned nth = dice_below(dice, 1 + sizeof some / sizeof *some);

    return nth < sizeof some / sizeof *some ? some[nth] : dice_between(dice, -1e4, 1e4);
}

static void fill_value(const struct field *field, char *at, struct dice *dice)
{
    uint32_t most = field->limit > 0 ? field->limit - 1 : UINT32_MAX;
    uint32_t count = dice_below(dice, 2) == 0 ? most : dice_below(dice, most < 7 ? most + 1 : 7);
    int64_t instant = some_instant(dice);
    double real = some_real(dice);

    switch (field->kind) {
    case FLAG:
        *(bool *)at = dice_below(dice, 2) == 0;
        break;
    case COUNT:
    case CHOICE:
        memcpy(at, &count, sizeof count);
        break;
    case WHOLE:
    case WIDE:
        memcpy(at, &instant, sizeof instant);
        break;
    case REAL:
        memcpy(at, &real, sizeof real);
        break;
    case TEXT:
        snprintf(at, field->limit, "%s", dice_below(dice, 2) == 0 ? "\"speed\\" : "");
        break;
    }
}

/* Of `share` of its members each value something that can have been. */
static void fill(const struct known_table *table, void *to, double share, struct dice *dice)
{
    for (size_t i = 0; i < table->n; i++) {
        const struct field *field = &table->fields[i];
        size_t n = field->n > 0 ? field->n : 1;
        bool is = dice_between(dice, 0, 1) < share;

        for (size_t k = 0; is && k < n; k++)
            fill_value(field, (char *)to + field->offset + k * field->stride, dice);
    }
}

/* As a recall does it, but for what it makes of values that cannot be together. */
static bool read_back(const char *row, const struct known_whole *wholes, size_t n)
{
    json_t *json = json_loads(row, 0, NULL);
    const char *packed = json_string_value(json_object_get(json, "packed"));
    bool ok = packed == NULL || known_unpack(packed, wholes, n);

    for (size_t i = 0; i < n; i++)
        ok = known_fill_over(wholes[i].table, json, wholes[i].to) && ok;
    json_decref(json);
    return ok;
}

static void every_bit_comes_back(void **state)
{
    struct dice dice = dice_begin();
    char text[KNOWN_TEXT_MAX];

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        struct known_device device, device_back;
        struct estimate estimate, estimate_back;
        struct incident incident, incident_back;
        struct known_whole both[] = { { &known_devices, &device_back },
                                      { &known_estimates, &estimate_back } },
                           one = { &known_incidents, &incident_back };
        double share = i == 0 ? 1 : dice_between(&dice, 0, 1);

        memset(&device, 0, sizeof device);
        memset(&estimate, 0, sizeof estimate);
        memset(&incident, 0, sizeof incident);
        memset(&device_back, 0, sizeof device_back);
        memset(&estimate_back, 0, sizeof estimate_back);
        memset(&incident_back, 0, sizeof incident_back);
        fill(&known_devices, &device, share, &dice);
        fill(&known_estimates, &estimate, share, &dice);
        fill(&known_incidents, &incident, share, &dice);
        assert_true(read_back(known_device_row(&device, &estimate, text), both, 2));
        assert_memory_equal(&device, &device_back, sizeof device);
        assert_memory_equal(&estimate, &estimate_back, sizeof estimate);
        assert_true(read_back(known_incident_row(&incident, text), &one, 1));
        assert_memory_equal(&incident, &incident_back, sizeof incident);
    }
}

/* Each member as long as it gets: none of them is left out. */
static void the_longest_has_its_room(void **state)
{
    struct known_device device, device_back;
    struct estimate estimate, estimate_back;
    struct known_whole both[] = { { &known_devices, &device_back },
                                  { &known_estimates, &estimate_back } };
    char text[KNOWN_TEXT_MAX];

    (void)state;
    memset(&device, 0xfe, sizeof device);
    memset(&estimate, 0xfe, sizeof estimate);
    memset(&device_back, 0, sizeof device_back);
    memset(&estimate_back, 0, sizeof estimate_back);
    for (size_t t = 0; t < 2; t++) {
        for (size_t i = 0; i < tables[t]->n; i++) {
            const struct field *field = &tables[t]->fields[i];
            char *at = (t == 0 ? (char *)&device : (char *)&estimate) + field->offset;

            for (size_t k = 0; k < (field->n > 0 ? field->n : 1); k++, at += field->stride) {
                if (field->kind == FLAG)
                    *(bool *)at = true;
                else if (field->kind == TEXT)
                    strcpy(at, "accuracy");
            }
        }
    }
    assert_false(read_back(known_device_row(&device, &estimate, text), both, 2)); // out of range
    assert_true(strlen(text) < KNOWN_TEXT_MAX / 2);
    assert_int_equal(text[strlen(text) - 1], '}');
    // The last row of either table is there.
    memset(&device_back, 0, sizeof device_back);
    memset(&device, 0, sizeof device);
    memset(&estimate, 0, sizeof estimate);
    device.corrected = 7;
    estimate.belief.origins[BELIEF_ORIGINS - 1].born = 1;
    assert_true(read_back(known_device_row(&device, &estimate, text), both, 2));
    assert_int_equal(device_back.corrected, 7);
}

static void nothing_known_is_nothing_written(void **state)
{
    struct known_device device = { 0 };
    struct estimate estimate = { .origin = { 0 } };
    struct incident incident = { 0 };
    char text[KNOWN_TEXT_MAX];

    (void)state;
    assert_string_equal(known_device_row(&device, &estimate, text), "{}");
    assert_string_equal(known_incident_row(&incident, text), "{}");
}

/* Who asks a ledger by SQL finds what the manual names. */
static void what_people_ask_for_is_a_member_of_its_own(void **state)
{
    static const char *const asked[] = { "phase", "authorised", "number", "opened",
                                         "told",  "ended",      "entered" };
    struct incident incident = { .phase = PHASE_BREACH, .authorised = true, .number = 1 };
    char text[KNOWN_TEXT_MAX];
    json_t *json;

    (void)state;
    incident.opened = incident.alerted = incident.ended = incident.entered = (struct utc){ 5 };
    json = json_loads(known_incident_row(&incident, text), 0, NULL);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        if (json_object_get(json, asked[i]) == NULL)
            fail_msg("%s is not in %s", asked[i], text);
    }
    json_decref(json);
}

/* ---- rows of other releases, and of nobody ---- */

/* All in JSON, as a breachd of before wrote it, and what somebody wrote beside what is packed. */
static void a_row_of_before_is_read_and_a_member_of_its_own_counts(void **state)
{
    struct incident incident = { .pings = 3, .number = 9, .numbers = 9 }, back;
    char text[KNOWN_TEXT_MAX], doctored[KNOWN_TEXT_MAX + 16];

    (void)state;
    assert_int_equal(known_incident_recall(known_incident_print(&incident, text), &back),
                     RECALL_WHOLE);
    assert_true(back.pings == 3 && back.number == 9);
    known_incident_row(&incident, text);
    snprintf(doctored, sizeof doctored, "{\"pings\":4,%s", text + 1);
    assert_int_equal(known_incident_recall(doctored, &back), RECALL_WHOLE);
    assert_true(back.pings == 4 && back.number == 9);
}

/* base64 of bytes that are packed. */
static void what_is_unknown_is_passed_over_and_what_cannot_be_is_spoilt(void **state)
{
    static const struct {
        const char *packed;
        enum recall expected;
    } rows[] = {
        { "AQAA", RECALL_WHOLE },   // nothing
        { "", RECALL_SPOILT },      // no version
        { "AgAA", RECALL_SPOILT },  // of another version
        { "AQ==", RECALL_SPOILT },  // padded, as we never write it
        { " AQAA", RECALL_SPOILT }, // so are blanks
        { "AQAA   \\n", RECALL_SPOILT },
        { "AQABAAAA", RECALL_WHOLE }, // tag 256, which nobody has: a flag
        { "AQABAQUA", RECALL_WHOLE }, // so, a count
        { "AQABAwAAAAAAAPA/", RECALL_WHOLE },
        { "AQABAwAAAAAA8D8A", RECALL_WHOLE },
        { "AQABAwAAAADw", RECALL_SPOILT },     // a number that is cut off
        { "AQABBwAA", RECALL_SPOILT },         // a form that nobody knows
        { "AQABAYCA", RECALL_SPOILT },         // a count without an end
        { "AQABAQUAAQEFAAEZ", RECALL_SPOILT }, // an array without its bits
        { "nonsense!", RECALL_SPOILT },
        { "AQA", RECALL_SPOILT },
    };
    struct incident incident;
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, "{\"numbers\":9,\"packed\":\"%s\"}", rows[i].packed);
        if (known_incident_recall(text, &incident) != rows[i].expected)
            fail_msg("%s", rows[i].packed);
    }
    assert_int_equal(known_incident_recall("{\"packed\":7}", &incident), RECALL_SPOILT);
}

/* Any byte of it changed: what comes of it can be gone on with, or is forgotten. */
static void no_byte_of_it_makes_what_cannot_be(void **state)
{
    struct dice dice = dice_begin();
    struct known_device device = { .heard = true,
                                   .newest = { { 1592943245001 }, { 0.4, 51.5 }, 8 } };
    struct estimate estimate = { .origin = { 0.4, 51.5 }, .belief = { .n = 1 } };
    char text[KNOWN_TEXT_MAX], again[KNOWN_TEXT_MAX];
    size_t n;

    (void)state;
    device.trail[0].at = device.newest;
    device.recent_next = 3;
    device.silent_cause = SILENCE_NO_FIX;
    estimate.belief.components[0].weight = 1;
    n = strlen(known_device_row(&device, &estimate, text));
    for (int i = 0; i < 20000; i++) {
        struct known_device back;
        struct estimate believed;
        char *doctored = strcpy(again, text);

        doctored[dice_below(&dice, (unsigned)n)] = "A+/9z0"[dice_below(&dice, 6)];
        if (known_device_recall(doctored, &back, &believed) == RECALL_LACKING)
            fail_msg("%s", doctored);
        assert_int_equal(
            known_device_recall(known_device_row(&back, &believed, again), &back, &believed),
            RECALL_WHOLE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_members_have_one_tag),
        cmocka_unit_test(every_bit_comes_back),
        cmocka_unit_test(the_longest_has_its_room),
        cmocka_unit_test(nothing_known_is_nothing_written),
        cmocka_unit_test(what_people_ask_for_is_a_member_of_its_own),
        cmocka_unit_test(a_row_of_before_is_read_and_a_member_of_its_own_counts),
        cmocka_unit_test(what_is_unknown_is_passed_over_and_what_cannot_be_is_spoilt),
        cmocka_unit_test(no_byte_of_it_makes_what_cannot_be),
    };

    return cmocka_run_group_tests_name("known_pack", tests, NULL, NULL);
}
