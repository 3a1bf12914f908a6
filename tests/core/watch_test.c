/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_test.c - what the stories of tests/scenario cannot show: numbers, bounds. What must survive
 * a restart has watch_kept_test.c.
 */
#include <stdio.h>
#include <string.h>

#include "core/watched.h"
#include "support/near.h"

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

/* But the silence of who was heard. */
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

static void who_was_never_heard_of_is_nowhere(void **state)
{
    struct scene *scene = *state;

    watch_again(&scene->watch, scene->who, &scene->track, CAUSE_RULES, evening(0), evening(0),
                &scene->out);
    assert_int_equal(scene->out.n, 0);
    assert_int_equal(scene->incident_views[0]->inside_by, 0);
}

/* Inside all of them when a permit begins: each ends and begins. */
static void as_many_zones_at_once_fit_as_one_question_has(void **state)
{
    struct scene *scene = *state;
    char name[SCENE_NAME_MAX];

    scene_remove(scene, "home");
    for (int i = 0; i < QUESTION_ZONES_MAX; i++) {
        snprintf(name, sizeof name, "z%d", i);
        scene_zone(scene, name, i % 32, 0, 200, 0);
    }
    scene->draft.n_permits = 1;
    scene->draft.permits[0] =
        (struct scene_permit){ .id = "court", .from = evening(60), .until = evening(120) };
    scene->n_memory = 0;
    memset(scene->memory, 0, sizeof scene->memory);
    rulebook_destroy(scene->rules);
    scene->rules = NULL;
    scene_load(scene);
    assert_int_equal(ping(scene, "tag", 0, 0)->n, QUESTION_ZONES_MAX);
    for (size_t i = 0; i < QUESTION_ZONES_MAX; i++)
        assert_true(zone_set_has(&scene->out.incidents_changed, i));
    scene_hush(scene);
    scene_pass(scene, evening(90));
    assert_int_equal(scene->out.n, 2 * QUESTION_ZONES_MAX);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_scene(an_alert_carries_the_numbers_it_was_made_of),
        in_scene(an_approach_carries_its_eta),
        in_scene(who_leaps_over_the_edge_approaches_by_no_other_device),
        in_scene(nothing_is_due_while_nobody_is_inside),
        in_scene(who_was_never_heard_of_is_nowhere),
        in_scene(as_many_zones_at_once_fit_as_one_question_has),
        in_scene(swapped_pings_end_no_breach_and_hide_nothing_after),
        in_scene(withdrawing_adds_to_what_was_told_and_closes),
    };

    return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
