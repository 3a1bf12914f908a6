/* SPDX-License-Identifier: Apache-2.0 */
#include "core/corrections.h"

#include "core/claim.h"
#include "core/index.h"
#include "support/test.h"

enum { HOUR = 3600 };

static const int64_t noon = 1795000000000;

static struct utc at(int64_t seconds)
{
    return (struct utc){ noon + seconds * 1000 };
}

/* Our clock was wrong from second FROM to second UNTIL, of its own, and moved by BY then. */
static void move(struct corrections *corrections, int from, int until, int by)
{
    struct correction correction = { at(from), at(until), by * 1000LL, 600000, at(until + by) };

    corrections_add(corrections, &correction);
}

static int64_t seconds(struct utc of)
{
    return (of.ms - noon) / 1000;
}

static void each_move_is_gone_through_once(void **state)
{
    struct corrections corrections = { 0 };
    struct known_device device = { .arrived = at(500) };
    struct incident incident = { .opened = at(500) };
    struct custody custody = { .since = at(500) };

    (void)state;
    assert_false(corrections_device(&corrections, &device));
    move(&corrections, 0, 1000, -100); // 400 is still within it
    for (int i = 0; i < 3; i++) {
        assert_int_equal(corrections_device(&corrections, &device), i == 0);
        assert_int_equal(corrections_incident(&corrections, &incident), false); // not so gross
        assert_int_equal(corrections_custody(&corrections, &custody), i == 0);
        assert_int_equal(seconds(device.arrived), 400);
        assert_int_equal(seconds(custody.since), 400);
    }
    move(&corrections, 900, 1900, -HOUR);
    incident.opened = at(1500);
    assert_true(corrections_incident(&corrections, &incident));
    assert_int_equal(seconds(incident.opened), 1500 - HOUR);
    assert_int_equal(incident.corrected, 2);
}

/* Of who was not looked at in between, both are done, in their order. */
static void what_was_left_out_is_made_up_for(void **state)
{
    struct corrections corrections = { 0 };
    struct known_device device = { .arrived = at(500) };

    (void)state;
    move(&corrections, 0, 1000, HOUR);
    move(&corrections, 1000 + HOUR, 2000 + HOUR, HOUR); // not his: he was heard at 500 + HOUR
    move(&corrections, 0, 9999, -10);                   // the time of all of it
    assert_true(corrections_device(&corrections, &device));
    assert_int_equal(seconds(device.arrived), 500 + HOUR - 10);
    assert_int_equal(device.corrected, 3);
}

static void more_than_are_remembered_are_missed(void **state)
{
    struct corrections corrections = { 0 };
    struct known_device device = { .arrived = at(-5000) };

    (void)state;
    for (int i = 0; i < CORRECTIONS_MAX + 2; i++)
        move(&corrections, -9999, 0, -1);
    assert_true(corrections_device(&corrections, &device));
    assert_int_equal(seconds(device.arrived), -5000 - CORRECTIONS_MAX);
    assert_int_equal(device.corrected, CORRECTIONS_MAX + 2);
}

/* As the ledger has them, in no order: the same is done by them. */
static void they_come_back_from_their_rows(void **state)
{
    struct corrections corrections = { 0 }, recalled = { 0 };
    struct incident kept[3];
    char names[3][CORRECTIONS_NAME_MAX];
    struct known_device device = { .arrived = at(500), .newest.time = at(400) };
    struct known_device other = device;

    (void)state;
    for (int i = 0; i < 3; i++) {
        move(&corrections, 0, 1000, i == 1 ? HOUR : -700 - i);
        kept[i] = corrections_keep(&corrections, names[i]);
        assert_true(incident_settle(&kept[i]));
    }
    for (int i = 0; i < 3; i++)
        assert_true(corrections_recall(&recalled, names[(i + 1) % 3], &kept[(i + 1) % 3]));
    assert_int_equal(recalled.newest, 3);
    assert_true(corrections_device(&corrections, &device));
    assert_true(corrections_device(&recalled, &other));
    assert_memory_equal(&device, &other, sizeof device);
    assert_int_equal(seconds(device.newest.time), 400 - 700);
}

/* What begins anew is by our clock as it is now: to move it again would be wrong. */
static void what_is_forgotten_went_through_them_all_the_same(void **state)
{
    static const struct respondent who = { .id = "R-2" };
    struct known_device device = { .corrected = 5 };
    struct incident incident = { .corrected = 5 };

    (void)state;
    known_device_forget(&device);
    assert_int_equal(device.corrected, 5);
    device.carrier = name_mark("R-1");
    assert_true(claim_device(&who, &device, at(0)));
    assert_int_equal(device.corrected, 5);
    incident_forget(&incident);
    assert_int_equal(incident.corrected, 5);
}

/* A ledger that somebody wrote, or a disk: what is none of ours does nothing. */
static void what_is_none_of_them_moves_nothing(void **state)
{
    static const struct {
        const char *name;
        uint32_t number;
        bool of_clock;
    } rows[] = {
        { "blind", 1, false },    { "righting/home", 1, false }, { "righting2", 1, true },
        { "righting1", 0, true }, { "righting", 5, true },       { "righting15", UINT32_MAX, true },
    };
    struct corrections corrections = { 0 };
    struct known_device device = { .arrived = at(500), .corrected = 77 };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct incident kept = { .numbers = rows[i].number,
                                 .opened = at(0),
                                 .ended = at(1000),
                                 .alerted = at(900),
                                 .late.from = { 100000 } };

        assert_int_equal(corrections_recall(&corrections, rows[i].name, &kept), rows[i].of_clock);
    }
    assert_int_equal(corrections.newest, 0);
    assert_false(corrections_device(&corrections, &device));
    assert_int_equal(device.corrected, 0); // a number from nowhere shuts no later move out
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_move_is_gone_through_once),
        cmocka_unit_test(what_was_left_out_is_made_up_for),
        cmocka_unit_test(more_than_are_remembered_are_missed),
        cmocka_unit_test(they_come_back_from_their_rows),
        cmocka_unit_test(what_is_forgotten_went_through_them_all_the_same),
        cmocka_unit_test(what_is_none_of_them_moves_nothing),
    };

    return cmocka_run_group_tests_name("corrections", tests, NULL, NULL);
}
