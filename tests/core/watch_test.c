/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_test.c - what the stories of tests/scenario cannot show:
 * what must survive, numbers, bounds.
 */
#include "core/watch.h"

#include <stdio.h>
#include <string.h>

#include "support/london.h"
#include "support/near.h"
#include "support/scene.h"

static struct utc evening(int seconds)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), seconds * 1000LL);
}

/* A scene with a zone of 200 m and its ring of 800 m around the middle. */
static int setup(void **state)
{
    struct scene *scene = scene_create();

    scene_zone(scene, "home", 0, 0, 200, 800);
    scene_load(scene);
    scene->clock = evening(0);
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    scene_destroy(*state);
    return 0;
}

static const struct outcome *ping(struct scene *scene, const char *device, int seconds,
                                  double north)
{
    struct ping one = scene_ping_of(device, evening(seconds), 0, north);

    scene_ping(scene, &one, one.time);
    return &scene->out;
}

/* What the stored knowledge goes through when breachd starts. */
static void restart(struct scene *scene, int seconds)
{
    watch_again(&scene->watch, scene->who, &scene->track, CAUSE_RULES, evening(seconds),
                evening(seconds), &scene->out);
}

static void a_ping_far_away_costs_no_write(void **state)
{
    for (int i = 0; i < 100; i++) {
        const struct outcome *out = ping(*state, "tag", 15 * i, 5000 + 20 * i);

        assert_int_equal(out->n, 0);
        assert_false(out->devices_changed);
        assert_int_equal(out->incidents_changed, 0);
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

    assert_int_equal(ping(scene, "tag", 0, 100)->incidents_changed, 1);
    assert_true(ping(scene, "phone", 5, 5000)->devices_changed);
    assert_int_equal(ping(scene, "tag", 15, 101)->incidents_changed, 1); // it counts its pings
    assert_int_equal(ping(scene, "tag", 30, 300)->incidents_changed, 1);
    assert_int_equal(ping(scene, "tag", 35, 310)->incidents_changed, 1);
    assert_int_equal(scene->incident_views[0]->phase, PHASE_NONE);
}

static void an_alert_carries_the_numbers_it_was_made_of(void **state)
{
    struct scene *scene = *state;
    struct ping one = scene_ping_of("tag", evening(0), 0, 158);
    const struct alert *alert = &scene->out.alerts[0];

    scene_ping(scene, &one, evening(3));
    assert_int_equal(scene->out.n, 1);
    assert_int_equal(alert->type, ALERT_BREACH);
    assert_string_equal(alert->exclusion->subject, "DVPO-1/home");
    assert_string_equal(alert->respondent, "R-1");
    assert_string_equal(alert->device, "tag");
    assert_int_equal(alert->time.ms, evening(0).ms);
    assert_int_equal(alert->received.ms, evening(3).ms);
    assert_near(alert->depth, 42, 0.01);
    assert_true(alert->probability > 0.95 && alert->probability <= 1);
    assert_true(isnan(alert->eta));
    assert_true(alert->has_ping);
    assert_near(alert->ping.at.lat, one.at.lat, 0);
    assert_near(alert->ping.at.lon, one.at.lon, 0);
    assert_int_equal(alert->ping.time.ms, evening(0).ms);
}

static void an_approach_carries_its_eta(void **state)
{
    struct scene *scene = *state;

    ping(scene, "tag", 0, 1100);
    assert_int_equal(ping(scene, "tag", 60, 980)->n, 1);
    assert_near(scene->out.alerts[0].eta, 390, 0.1);
    assert_near(scene->out.alerts[0].depth, -780, 0.1);
    assert_near(scene->out.alerts[0].probability, 0, 1e-6);
}

/* But the silence of who was heard. */
/*
 * The phone was in the ring, so his tag's leap over the edge, which nobody believes, was told as an
 * approach: "-49 m from the zone, there in -4 s". His own ping alone says that he comes near.
 */
static void who_leaps_over_the_edge_approaches_by_no_other_device(void **state)
{
    struct scene *scene = *state;

    ping(scene, "tag", 0, 233);
    ping(scene, "phone", 0, 229);
    ping(scene, "tag", 4, 222);
    ping(scene, "phone", 4, 218);
    scene_hush(scene);
    ping(scene, "tag", 8, 131);
    assert_int_equal(scene->n_lines, 0);
    ping(scene, "tag", 12, 140);
    assert_non_null(strstr(scene->lines[0], " home/1/1 "));
    assert_true(scene->out.alerts[0].depth > 0);
}

/* It keeps an approach open: a restart that forgot who is in the ring ended or told another one. */
static void who_is_in_the_ring_is_kept(void **state)
{
    struct scene *scene = *state;

    ping(scene, "tag", 0, 900);
    ping(scene, "tag", 60, 900);
    assert_int_equal(scene->out.incidents_changed, 0);
    ping(scene, "phone", 70, 900);
    assert_int_equal(scene->out.incidents_changed, 1);
    assert_int_equal(scene->incident_views[0]->coming_by, 3);
    ping(scene, "phone", 400, 5000);
    assert_int_equal(scene->out.incidents_changed, 1);
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

static void nothing_is_due_while_nobody_is_inside(void **state)
{
    struct scene *scene = *state;

    scene->draft.until = evening(3600);
    scene->detect.silent_ms = scene->detect.silent_least_ms = 7200000;
    scene_load(scene);
    ping(scene, "tag", 0, 5000);
    assert_int_equal(watch_due(&scene->watch, scene->who, &scene->track, scene->clock).ms,
                     INT64_MAX);
    ping(scene, "tag", 600, 150);
    assert_int_equal(watch_due(&scene->watch, scene->who, &scene->track, scene->clock).ms,
                     evening(3600).ms);
}

/* A restart looks again by what was kept, and finds everything as it was. */
static void looking_again_changes_nothing_that_was_kept(void **state)
{
    struct scene *scene = *state;
    struct incident before, *incident = scene->incident_views[0];

    ping(scene, "tag", 0, 150);
    ping(scene, "phone", 5, 700);
    assert_int_equal(incident->held_by, 1);
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
    incident->held_by = 2;
    restart(scene, 10);
    assert_int_equal(scene->out.n, 0);
    assert_int_equal(incident->held_by, 1);
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
        assert_int_equal(scene->out.incidents_changed, 0);
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

static void who_was_never_heard_of_is_nowhere(void **state)
{
    struct scene *scene = *state;

    watch_again(&scene->watch, scene->who, &scene->track, CAUSE_RULES, evening(0), evening(0),
                &scene->out);
    assert_int_equal(scene->out.n, 0);
    assert_int_equal(scene->incident_views[0]->held_by, 0);
}

/* Inside all of them when a permit begins: each ends and begins. */
static void thirty_two_zones_at_once_fit(void **state)
{
    struct scene *scene = *state;
    char name[SCENE_NAME_MAX];

    scene_remove(scene, "home");
    for (int i = 0; i < RESPONDENT_ZONES_MAX; i++) {
        snprintf(name, sizeof name, "z%d", i);
        scene_zone(scene, name, i, 0, 200, 0);
    }
    scene->draft.n_permits = 1;
    scene->draft.permits[0] =
        (struct scene_permit){ .id = "court", .from = evening(60), .until = evening(120) };
    scene->n_memory = 0;
    memset(scene->memory, 0, sizeof scene->memory);
    rulebook_destroy(scene->rules);
    scene->rules = NULL;
    scene_load(scene);
    assert_int_equal(ping(scene, "tag", 0, 0)->n, RESPONDENT_ZONES_MAX);
    assert_int_equal(scene->out.incidents_changed, UINT32_MAX);
    scene_hush(scene);
    scene_pass(scene, evening(90));
    assert_int_equal(scene->out.n, 2 * RESPONDENT_ZONES_MAX);
    assert_string_equal(scene->lines[62],
                        "cleared z31/1/2 info 20:01:00 tag rule 10: permit began: "
                        "inside by 169 m, accuracy 8 m, after 1 min 0 s");
    assert_string_equal(scene->lines[63],
                        "breach z31/2/1 info authorised 20:01:00 tag rule 7: permit began: last "
                        "known position, 1 min 0 s old, inside by 169 m, accuracy 8 m");
}

static void withdrawing_adds_to_what_was_told_and_closes(void **state)
{
    struct scene *scene = *state;
    struct incident *incident = scene->incident_views[0];
    struct outcome *out = &scene->out;

    ping(scene, "tag", 0, 150);
    assert_int_equal(out->n, 1);
    watch_withdraw(scene->who->exclusions[0], incident, evening(9), out);
    assert_int_equal(out->n, 2);
    assert_int_equal(out->alerts[1].type, ALERT_CLEARED);
    assert_int_equal(out->alerts[1].severity, SEVERITY_INFO);
    assert_int_equal(out->alerts[1].nth, 2);
    assert_null(out->alerts[1].device);
    assert_int_equal(incident->phase, PHASE_NONE);
    assert_int_equal(incident->ended.ms, evening(9).ms);
    watch_withdraw(scene->who->exclusions[0], incident, evening(10), out);
    assert_int_equal(out->n, 2);
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

/* Three of them agree with each other, and were believed: "left the zone: 7355850 m outside". */
static void swapped_pings_end_no_breach_and_hide_nothing_after(void **state)
{
    struct scene *scene = *state;

    ping(scene, "tag", 0, 0);
    assert_string_equal(scene->lines[0], "breach home/1/1 critical 20:00:00 tag rule 7: inside by "
                                         "200 m, accuracy 8 m");
    scene_hush(scene);
    for (int i = 1; i <= 5; i++) {
        struct ping swapped = scene_ping_of("tag", evening(15 * i), 0, 0);
        double lat = swapped.at.lat;

        swapped.at.lat = swapped.at.lon;
        swapped.at.lon = lat;
        scene_ping(scene, &swapped, swapped.time);
        assert_int_equal(scene->out.arrival, ARRIVED_NO_FIX);
    }
    assert_int_equal(scene->n_lines, 1);
    assert_non_null(
        strstr(scene->lines[0], "doubt tag/1 warning 20:00:45: latitude and longitude"));
    scene_hush(scene);
    ping(scene, "tag", 90, 0);
    assert_int_equal(scene->out.arrival, ARRIVED_NEW);
    assert_non_null(strstr(scene->lines[0], "update home/1/2 critical"));
}

#define in_scene(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_scene(a_ping_far_away_costs_no_write),
        in_scene(what_is_near_is_kept_and_so_is_the_first_far_one),
        in_scene(while_an_incident_is_open_each_ping_is_kept),
        in_scene(an_alert_carries_the_numbers_it_was_made_of),
        in_scene(an_approach_carries_its_eta),
        in_scene(who_leaps_over_the_edge_approaches_by_no_other_device),
        in_scene(who_is_in_the_ring_is_kept),
        in_scene(one_of_two_places_begins_a_run_of_its_own),
        in_scene(a_breach_of_a_ping_ago_is_ended_by_a_ping_alone),
        in_scene(nothing_is_due_while_nobody_is_inside),
        in_scene(looking_again_changes_nothing_that_was_kept),
        in_scene(scores_of_another_zone_are_forgotten),
        in_scene(after_a_restart_the_incident_goes_on),
        in_scene(looking_again_is_quiet_when_nothing_has_changed),
        in_scene(what_was_closed_is_opened_by_a_ping_alone),
        in_scene(who_was_never_heard_of_is_nowhere),
        in_scene(thirty_two_zones_at_once_fit),
        in_scene(a_device_of_another_person_keeps_its_count_alone),
        in_scene(swapped_pings_end_no_breach_and_hide_nothing_after),
        in_scene(withdrawing_adds_to_what_was_told_and_closes),
    };

    return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
