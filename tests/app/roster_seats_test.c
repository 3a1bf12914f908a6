/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roster_seats_test.c - devices are looked at in any order, by whose they are, by name and all of
 * them, and change meanwhile: each comes back as it was left. More than every device has is kept of
 * those alone that have it; when memory is out for it, just that is said.
 */
#include "app/roster_parts.h"

#include <stdio.h>
#include <string.h>

#include "adapter/json/known.h"
#include "support/dice.h"
#include "support/starve.h"
#include "support/test.h"

enum { PEOPLE = 12, DEVICES = 3 * PEOPLE, TURNS = 3000 };

struct people {
    struct rulebook *rules;
    struct roster *roster;
    struct known_device shadows[PEOPLE][DEVICES / PEOPLE]; // as each was left
};

static const char *name_of(unsigned person, unsigned device)
{
    static char name[NAME_MAX_CHARS + 1];

    snprintf(name, sizeof name, "tag-%u-%u", person, device);
    return name;
}

/* R-0 has one device, R-1 two, R-2 three, and so on over again. */
static unsigned devices_of(unsigned person)
{
    return 1 + person % (DEVICES / PEOPLE);
}

static void add_order(struct rulebook *rules, unsigned person)
{
    char id[NAME_MAX_CHARS + 1], names[DEVICES / PEOPLE][NAME_MAX_CHARS + 1];
    const char *devices[DEVICES / PEOPLE];
    struct order order = {
        .id = id, .kind = "DVPO", .respondent = id, .served = UTC_NEVER, .until = UTC_NEVER
    };
    struct fault why;

    snprintf(id, sizeof id, "R-%u", person);
    for (unsigned i = 0; i < devices_of(person); i++) {
        snprintf(names[i], sizeof names[i], "%s", name_of(person, i));
        devices[i] = names[i];
    }
    assert_true(rulebook_add_order(rules, &order, devices, devices_of(person), &why));
}

static void people_begin(struct people *people)
{
    const struct lonlat_box region = { { -1, 50 }, { 1, 52 } };
    const struct civil civil = { .n = 1, .change = { { UTC_ALWAYS, 0 } } };
    struct fault why;

    *people = (struct people){ .roster = roster_create() };
    people->rules = rulebook_create(&region, &civil,
                                    (struct rulebook_room){ .orders = PEOPLE, .devices = DEVICES });
    assert_non_null(people->roster);
    assert_non_null(people->rules);
    for (unsigned i = 0; i < PEOPLE; i++)
        add_order(people->rules, i);
    assert_true(rulebook_seal(people->rules, &why));
}

/* What is known outlives the slots, which a reload replaces. */
static void reload(struct people *people)
{
    struct slots *slots = slots_create(people->rules);

    assert_non_null(slots);
    slots_destroy(roster_swap(people->roster, slots));
    for (unsigned i = 0; i < PEOPLE; i++)
        assert_true(roster_load(people->roster, i, rulebook_respondent(people->rules, i), 0));
}

static void people_end(struct people *people)
{
    roster_destroy(people->roster);
    rulebook_destroy(people->rules);
}

static void is_as_it_was_left(const struct known_device *device, const struct known_device *shadow)
{
    static char text[KNOWN_TEXT_MAX], wanted[KNOWN_TEXT_MAX];

    assert_string_equal(known_device_print(device, NULL, text),
                        known_device_print(shadow, NULL, wanted));
}

/* Something that every device has; something that few have; or that again as few have it not. */
static void change(struct dice *dice, struct known_device *device, struct known_device *shadow)
{
    static const struct trouble_course tampered = { .number = 9000, .count = 3 };

    switch (dice_below(dice, 4)) {
    case 0:
        device->habit_pings = shadow->habit_pings = dice_below(dice, 100);
        break;
    case 1:
        device->troubles[TROUBLE_TAMPER] = shadow->troubles[TROUBLE_TAMPER] = tampered;
        break;
    case 2:
        device->lag.pauses = shadow->lag.pauses = dice_below(dice, 2);
        break;
    case 3:
        device->doubts = shadow->doubts = dice_below(dice, 2);
    }
}

static void check_one(struct people *people, struct dice *dice)
{
    unsigned person = dice_below(dice, PEOPLE), of = devices_of(person);
    struct track *track = roster_track(people->roster, person);

    for (unsigned i = 0; i < of; i++)
        is_as_it_was_left(track->devices[i], &people->shadows[person][i]);
    for (unsigned i = 0; i < of; i++)
        change(dice, track->devices[i], &people->shadows[person][i]);
    assert_true(roster_keep(people->roster));
}

static void check_by_name(struct people *people, struct dice *dice)
{
    unsigned person = dice_below(dice, PEOPLE), nth = dice_below(dice, devices_of(person));
    struct known_device *device = roster_find_device(people->roster, name_of(person, nth));

    assert_non_null(device);
    is_as_it_was_left(device, &people->shadows[person][nth]);
    change(dice, device, &people->shadows[person][nth]);
    is_as_it_was_left(roster_track(people->roster, person)->devices[nth],
                      &people->shadows[person][nth]);
}

/* In the order of making, which is that of loading. */
static void check_all(struct people *people)
{
    struct known_device *device;
    const char *name;
    size_t n = 0;

    for (unsigned i = 0; i < PEOPLE; i++) {
        for (unsigned k = 0; k < devices_of(i); k++, n++) {
            assert_true(roster_nth_device(people->roster, n, &name, &device));
            assert_string_equal(name, name_of(i, k));
            is_as_it_was_left(device, &people->shadows[i][k]);
        }
    }
    assert_false(roster_nth_device(people->roster, n, &name, &device));
}

static void number_anew(struct people *people, uint32_t after)
{
    assert_true(roster_start_numbering(people->roster, after));
    for (unsigned i = 0; i < PEOPLE; i++) {
        for (unsigned k = 0; k < devices_of(i); k++)
            roster_raise_device(people->roster, &people->shadows[i][k]);
    }
}

static void each_comes_back_as_it_was_left(void **state)
{
    struct dice dice = dice_begin();
    struct people people;

    (void)state;
    people_begin(&people);
    reload(&people);
    for (unsigned turn = 0; turn < TURNS; turn++) {
        unsigned what = dice_below(&dice, 100);

        if (what < 60)
            check_one(&people, &dice);
        else if (what < 90)
            check_by_name(&people, &dice);
        else if (what < 97)
            check_all(&people);
        else if (what < 99)
            reload(&people);
        else
            number_anew(&people, 1 + turn / 10);
    }
    check_all(&people);
    people_end(&people);
}

/* Who is as everybody is, whatever is numbered anew, takes no more; nor who is so again. */
static void only_who_has_more_takes_more(void **state)
{
    struct people people;

    (void)state;
    people_begin(&people);
    reload(&people);
    number_anew(&people, 7);
    for (unsigned i = 0; i < PEOPLE; i++)
        roster_track(people.roster, i)->devices[0]->newest.accuracy = 5;
    assert_int_equal(roster_rare(people.roster), 0);
    roster_track(people.roster, 3)->devices[0]->doubts = 1;
    assert_non_null(roster_find_device(people.roster, name_of(4, 0)));
    roster_close_devices(people.roster);
    assert_int_equal(roster_rare(people.roster), 1);
    assert_int_equal(roster_track(people.roster, 3)->devices[0]->doubts, 1);
    roster_track(people.roster, 3)->devices[0]->doubts = 0;
    roster_track(people.roster, 4);
    assert_int_equal(roster_rare(people.roster), 0);
    roster_track(people.roster, 5)->devices[2]->doubts = 1;
    roster_forget(people.roster);
    assert_int_equal(roster_rare(people.roster), 0);
    assert_int_equal(roster_track(people.roster, 5)->devices[2]->doubts, 0);
    people_end(&people);
}

static void when_memory_is_out_it_is_said(void **state)
{
    struct people people;

    (void)state;
    people_begin(&people);
    reload(&people);
    roster_track(people.roster, 1)->devices[1]->newest.accuracy = 5; // there is room for that
    starve_begin(STARVE_ONE, 1);
    assert_true(roster_keep(people.roster));
    assert_int_equal(starve_end(), 0);
    roster_track(people.roster, 1)->devices[1]->doubts = 1;
    starve_begin(STARVE_ONE, 1);
    assert_false(roster_keep(people.roster));
    starve_end();
    assert_true(roster_keep(people.roster));
    starve_begin(STARVE_ONE, 1); // there is room by now
    roster_track(people.roster, 2);
    assert_int_equal(starve_end(), 0);
    assert_int_equal(roster_track(people.roster, 1)->devices[1]->doubts, 1);
    people_end(&people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_comes_back_as_it_was_left),
        cmocka_unit_test(only_who_has_more_takes_more),
        cmocka_unit_test(when_memory_is_out_it_is_said),
    };

    return cmocka_run_group_tests_name("roster_seats", tests, NULL, NULL);
}
