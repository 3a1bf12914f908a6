/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roster_incidents_test.c - incidents are looked at in any order, by whose they are, by name and
 * all of them, across reloads that give a respondent few zones or many: each comes back as it was.
 * At rest one takes what it has unlike one of nothing; when memory is out that is said.
 */
#include "app/roster_parts.h"

#include <stdio.h>
#include <string.h>

#include "adapter/json/known.h"
#include "support/dice.h"
#include "support/starve.h"
#include "support/test.h"

enum { PEOPLE = 6, ZONES_MAX = VICINITY_ALL + 3, TURNS = 3000 };

static const char *const own[] = { "blind", "clock" };
enum { OWN = sizeof own / sizeof *own };

struct people {
    struct rulebook *few, *many; // the last has VICINITY_ALL zones by one, more by the other
    const struct rulebook *rules;
    struct roster *roster;
    struct incident shadows[PEOPLE][ZONES_MAX], own_shadows[OWN]; // as each was left
    struct incident *own[OWN];                                    // stay where they are
};

static const char *subject_of(unsigned person, unsigned zone)
{
    static char subject[64];

    snprintf(subject, sizeof subject, "R-%u/zone-%u", person, zone);
    return subject;
}

static void add_person(struct rulebook *rules, unsigned person, unsigned zones)
{
    char id[NAME_MAX_CHARS + 1], tag[NAME_MAX_CHARS + 1], name[NAME_MAX_CHARS + 1];
    const char *devices[] = { tag };
    struct order order = {
        .id = id, .kind = "DVPO", .respondent = id, .served = UTC_NEVER, .until = UTC_NEVER
    };
    struct fault why;

    snprintf(id, sizeof id, "R-%u", person);
    snprintf(tag, sizeof tag, "tag-%u", person);
    assert_true(rulebook_add_order(rules, &order, devices, 1, &why));
    for (unsigned i = 0; i < zones; i++) {
        struct zone_draft draft = {
            .order = id, .name = name, .centre = { 0.4, 51.1 + 0.01 * i }, .radius = 100
        };

        snprintf(name, sizeof name, "zone-%u", i);
        assert_true(rulebook_add_zone(rules, &draft, &why));
    }
}

/* R-0 has no zone, R-1 one, and so on; the last as many as that. */
static struct rulebook *make_rules(unsigned last)
{
    const struct lonlat_box region = { { -1, 50 }, { 1, 52 } };
    const struct civil civil = { .n = 1, .change = { { UTC_ALWAYS, 0 } } };
    const struct rulebook_room room = { .orders = PEOPLE, .devices = PEOPLE, .zones = 100 };
    struct rulebook *rules = rulebook_create(&region, &civil, room);
    struct fault why;

    assert_non_null(rules);
    for (unsigned i = 0; i + 1 < PEOPLE; i++)
        add_person(rules, i, i);
    add_person(rules, PEOPLE - 1, last);
    assert_true(rulebook_seal(rules, &why));
    return rules;
}

static unsigned zones_of(const struct people *people, unsigned person)
{
    return (unsigned)rulebook_respondent(people->rules, person)->n_exclusions;
}

/* What is known outlives the slots, which a reload replaces. */
static void reload(struct people *people, const struct rulebook *rules)
{
    struct slots *slots = slots_create(rules);

    assert_non_null(slots);
    people->rules = rules;
    slots_destroy(roster_swap(people->roster, slots));
    for (unsigned i = 0; i < PEOPLE; i++)
        assert_true(roster_load(people->roster, i, rulebook_respondent(rules, i), 0));
}

static void people_begin(struct people *people)
{
    *people = (struct people){ .roster = roster_create(),
                               .few = make_rules(VICINITY_ALL),
                               .many = make_rules(ZONES_MAX) };
    assert_non_null(people->roster);
    for (int i = 0; i < OWN; i++)
        people->own[i] = roster_incident(people->roster, own[i]);
    reload(people, people->few);
}

static void people_end(struct people *people)
{
    roster_destroy(people->roster);
    rulebook_destroy(people->few);
    rulebook_destroy(people->many);
}

static void is_as_it_was_left(const struct incident *incident, const struct incident *shadow)
{
    static char text[KNOWN_TEXT_MAX], wanted[KNOWN_TEXT_MAX];

    assert_string_equal(known_incident_print(incident, text), known_incident_print(shadow, wanted));
}

static void change(struct dice *dice, struct incident *incident, struct incident *shadow)
{
    switch (dice_below(dice, 3)) {
    case 0:
        incident->numbers = shadow->numbers = dice_below(dice, 100000);
        break;
    case 1:
        incident->scores[7] = shadow->scores[7] = dice_below(dice, 3);
        break;
    case 2:
        incident->older[3].from.ms = shadow->older[3].from.ms = dice_below(dice, 2);
    }
}

/* Of who has many zones those alone are shown that were asked about. */
static struct incident *shown(struct people *people, struct track *track, unsigned person,
                              unsigned zone)
{
    if (track->incidents[zone] == NULL)
        assert_true(roster_hold_whole(people->roster, subject_of(person, zone), true,
                                      &track->incidents[zone]));
    return track->incidents[zone];
}

static void check_one(struct people *people, struct dice *dice)
{
    unsigned person = dice_below(dice, PEOPLE);
    struct track *track = roster_track(people->roster, person);

    track_wake(track);
    for (unsigned i = 0; i < zones_of(people, person); i++)
        is_as_it_was_left(shown(people, track, person, i), &people->shadows[person][i]);
    for (unsigned i = 0; i < zones_of(people, person); i++)
        change(dice, track->incidents[i], &people->shadows[person][i]);
    assert_true(roster_keep(people->roster));
}

static void check_by_name(struct people *people, struct dice *dice)
{
    unsigned person = 1 + dice_below(dice, PEOPLE - 1);
    unsigned zone = dice_below(dice, zones_of(people, person));
    struct incident *incident = roster_find_incident(people->roster, subject_of(person, zone));
    struct incident *shadow = &people->shadows[person][zone];
    struct track *track;

    if (incident == NULL) { // so many zones that nobody has asked about this one
        assert_true(zones_of(people, person) > VICINITY_ALL);
        return;
    }
    is_as_it_was_left(incident, shadow);
    change(dice, incident, shadow);
    if (dice_below(dice, 2) == 0)
        return;
    track = roster_track(people->roster, person);
    track_wake(track);
    is_as_it_was_left(shown(people, track, person, zone), shadow);
}

static void check_own(struct people *people, struct dice *dice)
{
    unsigned nth = dice_below(dice, OWN);

    assert_ptr_equal(roster_incident(people->roster, own[nth]), people->own[nth]);
    is_as_it_was_left(people->own[nth], &people->own_shadows[nth]);
    change(dice, people->own[nth], &people->own_shadows[nth]);
}

static void check_all(struct people *people)
{
    struct incident *incident;
    const char *subject;
    unsigned person, zone;

    for (size_t n = 0; roster_nth_incident(people->roster, n, &subject, &incident); n++) {
        if (sscanf(subject, "R-%u/zone-%u", &person, &zone) == 2)
            is_as_it_was_left(incident, &people->shadows[person][zone]);
    }
}

static void each_comes_back_as_it_was_left(void **state)
{
    static struct people people;
    struct dice dice = dice_begin();

    (void)state;
    people_begin(&people);
    for (unsigned turn = 0; turn < TURNS; turn++) {
        unsigned what = dice_below(&dice, 100);

        if (what < 50)
            check_one(&people, &dice);
        else if (what < 80)
            check_by_name(&people, &dice);
        else if (what < 90)
            check_own(&people, &dice);
        else if (what < 95)
            check_all(&people);
        else
            reload(&people, what < 98 ? people.few : people.many);
    }
    check_all(&people);
    people_end(&people);
}

static struct resting *resting_of(struct people *people, unsigned person, unsigned zone)
{
    return table_find(&people->roster->incidents, subject_of(person, zone));
}

static void of_nothing_nothing_is_kept_and_all_is_forgotten_at_once(void **state)
{
    static struct people people;

    (void)state;
    people_begin(&people);
    track_wake(roster_track(people.roster, 3));
    roster_track(people.roster, 4);
    assert_null(resting_of(&people, 3, 1)->whole);
    assert_int_equal(resting_of(&people, 3, 1)->pressed.size, 0);
    track_wake(roster_track(people.roster, 3));
    roster_track(people.roster, 3)->incidents[1]->run.ms = 5;
    roster_track(people.roster, 4);
    assert_int_equal(resting_of(&people, 3, 1)->pressed.size, 16 + 8); // one word of up to 128
    people.own[0]->alerts = 5;
    roster_forget(people.roster);
    assert_int_equal(resting_of(&people, 3, 1)->pressed.size, 0);
    assert_int_equal(people.own[0]->alerts, 0);
    people_end(&people);
}

static void when_memory_is_out_it_is_said(void **state)
{
    static struct people people;
    struct track *track;

    (void)state;
    people_begin(&people);
    track = roster_track(people.roster, 2);
    track_wake(track);
    track->incidents[1]->run.ms = 5;
    starve_begin(STARVE_ONE, 1);
    assert_false(roster_keep(people.roster));
    starve_end();
    assert_true(roster_keep(people.roster));
    track->incidents[1]->run.ms = 6;
    starve_begin(STARVE_ONE, 1); // there is room by now
    roster_track(people.roster, 3);
    assert_int_equal(starve_end(), 0);
    track_wake(roster_track(people.roster, 2));
    assert_int_equal(track->incidents[1]->run.ms, 6);
    starve_begin(STARVE_ONE, 1);
    assert_false(roster_start_numbering(people.roster, 7));
    starve_end();
    assert_false(roster_has_numbering(people.roster));
    assert_true(roster_start_numbering(people.roster, 7));
    assert_int_equal(roster_incident(people.roster, subject_of(2, 0))->numbers, 7);
    people_end(&people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_comes_back_as_it_was_left),
        cmocka_unit_test(of_nothing_nothing_is_kept_and_all_is_forgotten_at_once),
        cmocka_unit_test(when_memory_is_out_it_is_said),
    };

    return cmocka_run_group_tests_name("roster_incidents", tests, NULL, NULL);
}
