/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_kept_test.c - which pings must be written, and what a restart makes of what was: nothing
 * is told twice, and nothing forgotten.
 */
#include <stdio.h>

#include "core/watched.h"

static void a_ping_far_away_costs_no_write(void **state)
{
    for (int i = 0; i < 100; i++) {
        const struct outcome *out = ping(*state, "tag", 15 * i, 5000 + 20 * i);

        assert_int_equal(out->n, 0);
        assert_false(out->devices_changed);
        assert_int_equal(out->incidents_changed.words[0], 0);
    }
}

/* In the zone or its ring it must be known after a restart; so must the first that is not. */
static void what_is_near_is_kept_and_so_is_the_first_far_one(void **state)
{
    assert_false(ping(*state, "tag", 0, 1100)->devices_changed);
    assert_true(ping(*state, "tag", 60, 990)->devices_changed);
    assert_true(ping(*state, "tag", 120, 990)->devices_changed);
    assert_true(ping(*state, "tag", 180, 150)->devices_changed);
    assert_true(ping(*state, "tag", 400, 3000)->devices_changed);
    assert_true(ping(*state, "tag", 460, 3000)->devices_changed);
    assert_false(ping(*state, "tag", 520, 3000)->devices_changed);
}

static void while_an_incident_is_open_each_ping_is_kept(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(ping(scene, "tag", 0, 100)->incidents_changed.words[0], 1);
    assert_true(ping(scene, "phone", 5, 5000)->devices_changed);
    assert_int_equal(ping(scene, "tag", 15, 101)->incidents_changed.words[0],
                     1); // it counts its pings
    assert_int_equal(ping(scene, "tag", 30, 300)->incidents_changed.words[0], 1);
    assert_int_equal(ping(scene, "tag", 35, 310)->incidents_changed.words[0], 1);
    assert_int_equal(scene->incident_views[0]->phase, PHASE_NONE);
}

/* It keeps an approach open: a restart that forgot who is in the ring ended or told another one. */
static void who_is_in_the_ring_is_kept(void **state)
{
    struct scene *scene = *state;

    ping(scene, "tag", 0, 900);
    ping(scene, "tag", 60, 900);
    assert_int_equal(scene->out.incidents_changed.words[0], 0);
    ping(scene, "phone", 70, 900);
    assert_int_equal(scene->out.incidents_changed.words[0], 1);
    assert_int_equal(scene->incident_views[0]->coming_by, 3);
    ping(scene, "phone", 400, 5000);
    assert_int_equal(scene->out.incidents_changed.words[0], 1);
    assert_int_equal(scene->incident_views[0]->coming_by, 1);
}

/*
 * The run of an older incident, which nobody had to keep, went on in an incident that one of two
 * places opened: after a restart its alerts counted other pings.
 */
static void one_of_two_places_begins_a_run_of_its_own(void **state)
{
    struct scene *scene = *state;
    struct incident *incident = scene->incident_views[0];

    for (int i = 0; i < 8; i++)
        ping(scene, "tag", 30 * i, 9000 + i);
    incident->pings = 7;
    for (int i = 0; i < 8 && incident->phase < PHASE_POSSIBLE; i++) {
        ping(scene, "tag", 220 + 20 * i, 10 + i);
        ping(scene, "tag", 230 + 20 * i, 9010 + i);
    }
    assert_int_equal(incident->phase, PHASE_POSSIBLE);
    assert_true(incident->elsewhere_by != 0);
    assert_int_equal(incident->run.ms, incident->opened.ms);
    assert_int_equal(incident->pings, 0);
}

/* He is outside by now: a restart before the next ping ended it, as if the zone had changed. */
static void a_breach_of_a_ping_ago_is_ended_by_a_ping_alone(void **state)
{
    struct scene *scene = *state;

    for (int i = 0; i < 8; i++)
        ping(scene, "tag", 60 * i, 900 + i);
    ping(scene, "tag", 480, 180);
    ping(scene, "tag", 540, 600);
    assert_int_equal(scene->incident_views[0]->phase, PHASE_BREACH);
    assert_true(scene->out.alerts[0].depth < 0);
    restart(scene, 550);
    assert_int_equal(scene->out.n, 0);
    assert_int_equal(ping(scene, "tag", 600, 1000)->alerts[0].type, ALERT_CLEARED);
}

/* A restart looks again by what was kept, and finds everything as it was. */
static void looking_again_changes_nothing_that_was_kept(void **state)
{
    struct scene *scene = *state;
    struct incident before, *incident = scene->incident_views[0];

    ping(scene, "tag", 0, 150);
    ping(scene, "phone", 5, 700);
    assert_int_equal(incident->inside_by, 1);
    assert_int_equal(incident->coming_by, 2);
    before = *incident;
    restart(scene, 10);
    assert_memory_equal(incident, &before, sizeof before);
}

/* The scores are of a zone: when it was moved or the devices are others, they begin anew. */
static void scores_of_another_zone_are_forgotten(void **state)
{
    struct scene *scene = *state;
    struct incident *incident = scene->incident_views[0];

    ping(scene, "tag", 0, 150);
    incident->shape++;
    incident->place++;
    incident->scores[1] = 7;
    incident->inside_by = 2;
    restart(scene, 10);
    assert_int_equal(scene->out.n, 0);
    assert_int_equal(incident->inside_by, 1);
    assert_true(incident->scores[0] > 3 && incident->scores[1] == 0);
    assert_int_equal(incident->shape, scene->who->exclusions[0]->shape);
}

/* A restart neither repeats an enter nor forgets one. */
static void after_a_restart_the_incident_goes_on(void **state)
{
    struct scene *scene = *state;

    ping(scene, "tag", 0, 150);
    restart(scene, 10);
    assert_int_equal(scene->out.n, 0);
    assert_int_equal(ping(scene, "tag", 15, 150)->n, 0);
    assert_int_equal(ping(scene, "phone", 20, 5000)->n, 0);
    assert_int_equal(ping(scene, "tag", 30, 300)->n, 1);
    assert_string_equal(scene->lines[1], "cleared home/1/2 info 20:00:30 tag rule 11: left the "
                                         "zone: 100 m outside, accuracy 8 m, after 30 s");
}

static void looking_again_is_quiet_when_nothing_has_changed(void **state)
{
    struct scene *scene = *state;

    ping(scene, "tag", 0, 150);
    for (int i = 1; i < 10; i++) {
        watch_again(&scene->watch, scene->who, &scene->track, i % 2 ? CAUSE_RULES : CAUSE_TIME,
                    evening(100 * i), evening(100 * i), &scene->out);
        assert_int_equal(scene->out.n, 0);
        assert_int_equal(scene->out.incidents_changed.words[0], 0);
    }
}

/* The control room has closed it, and he is not heard since: nothing but a ping opens another. */
static void what_was_closed_is_opened_by_a_ping_alone(void **state)
{
    struct scene *scene = *state;
    struct incident *incident = scene->track.incidents[0];

    ping(scene, "tag", 0, 900);
    ping(scene, "tag", 60, 100);
    ping(scene, "tag", 120, 90);
    assert_int_equal(incident->phase, PHASE_BREACH);
    incident->phase = PHASE_NONE;
    incident->closed = true;
    watch_again(&scene->watch, scene->who, &scene->track, CAUSE_TIME, evening(400), evening(400),
                &scene->out);
    assert_int_equal(scene->out.n, 0);
    restart(scene, 500);
    assert_int_equal(scene->out.n, 0);
    assert_int_equal(ping(scene, "tag", 600, 80)->n, 1);
    assert_int_equal(incident->number, 2);
    assert_false(incident->closed);
}

/* Ids of its events never repeat, whoever carries it; of where it was nothing stays. */
static void a_device_of_another_person_keeps_its_count_alone(void **state)
{
    struct scene *scene = *state;
    const struct known_device *tag = &scene->devices[0];

    scene->devices[0].alerts = 7;
    ping(scene, "tag", 0, 150);
    snprintf(scene->draft.respondent, SCENE_NAME_MAX, "R-2");
    scene_load(scene);
    assert_int_equal(scene->out.devices_changed & 1, 1); // so that a restart does not recall it
    assert_int_equal(tag->alerts, 7);
    assert_false(tag->heard || tag->near);
    assert_int_equal(tag->recent[0].time.ms, 0);
    assert_int_equal(tag->carried.ms, evening(0).ms);
    restart(scene, 10);
    assert_int_equal(scene->out.devices_changed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_scene(a_ping_far_away_costs_no_write),
        in_scene(what_is_near_is_kept_and_so_is_the_first_far_one),
        in_scene(while_an_incident_is_open_each_ping_is_kept),
        in_scene(who_is_in_the_ring_is_kept),
        in_scene(one_of_two_places_begins_a_run_of_its_own),
        in_scene(a_breach_of_a_ping_ago_is_ended_by_a_ping_alone),
        in_scene(looking_again_changes_nothing_that_was_kept),
        in_scene(scores_of_another_zone_are_forgotten),
        in_scene(after_a_restart_the_incident_goes_on),
        in_scene(looking_again_is_quiet_when_nothing_has_changed),
        in_scene(what_was_closed_is_opened_by_a_ping_alone),
        in_scene(a_device_of_another_person_keeps_its_count_alone),
    };

    return cmocka_run_group_tests_name("watch_kept", tests, NULL, NULL);
}
