/* SPDX-License-Identifier: Apache-2.0 */
#include "core/retrospect.h"

#include <stdio.h>
#include <string.h>

#include "support/dice.h"
#include "support/london.h"
#include "support/tally.h"
#include "support/test.h"

static struct utc evening(double second)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(second * 1000));
}

static void hear(struct scene *scene, struct ping ping, struct utc received)
{
    scene_hush(scene);
    scene_ping(scene, &ping, received);
}

/* What was told of the past: of each incident that is one, and of the gatherings. */
struct pasts {
    uint32_t incidents, gatherings, counted, count, doubts, present;
    char reason[ALERT_REASON_MAX];
};

static void note(const struct alert *alert, void *arg)
{
    struct pasts *pasts = arg;

    pasts->doubts += alert->type == ALERT_DOUBT;
    pasts->present += alert->type == ALERT_BREACH;
    if (alert->type != ALERT_RETROSPECTIVE)
        return;
    pasts->incidents += alert->count == 0;
    pasts->gatherings += alert->count == 1;
    pasts->counted += alert->count > 0;
    pasts->count = alert->count > 0 ? alert->count : pasts->count;
    strcpy(pasts->reason, alert->reason);
}

/* He is 3 km away in the evening, by a clock that is believed for 28 days. */
static struct scene *begin(struct pasts *pasts, int zones)
{
    struct scene *scene = scene_create();
    char name[SCENE_NAME_MAX];

    for (int i = 0; i < zones; i++) {
        snprintf(name, sizeof name, "zone-%d", i);
        scene_zone(scene, name, 500.0 * i, 0, 200, 0);
    }
    scene_load(scene);
    *pasts = (struct pasts){ 0 };
    scene->on_alert = note;
    scene->on_alert_arg = pasts;
    scene->detect.lag_most_ms = 28 * 86400000LL;
    hear(scene, scene_ping_of("tag", evening(0), 0, 3000), evening(0));
    return scene;
}

/* The nth stay of days ago, by so many pings that come at once. */
static void stay(struct scene *scene, int nth, int pings, double east, double received)
{
    struct utc past = utc_plus(utc_of("2020-06-04T00:00:00Z"), nth * 700000LL);

    for (int i = 0; i < pings; i++)
        hear(scene, scene_ping_of("tag", utc_plus(past, i * 15000LL), east + 0.01 * nth, i),
             evening(received + 0.001 * i));
}

/* A fresh ping of home and one of some past visit by turns, as fast as they come. */
static void visits_that_are_made_up_are_counted_in_one_incident(void **state)
{
    struct pasts pasts;
    struct scene *scene = begin(&pasts, 1);
    struct dice dice = dice_begin();

    (void)state;
    for (int i = 0; i < 700; i++) {
        double second = 1 + 0.024 * i;
        int64_t ago = 700000 + (int64_t)dice_below(&dice, 500000000);

        hear(scene, scene_ping_of("tag", evening(second), 0, 3000 + 0.01 * i), evening(second));
        hear(scene, scene_ping_of("tag", utc_plus(evening(0), -ago), 0, 0.01 * i),
             evening(second + 0.01));
    }
    // Random times may make a run of three, once or twice.
    assert_in_range(pasts.incidents, RETROSPECT_FIRST, RETROSPECT_FIRST + 8);
    assert_int_equal(pasts.gatherings, 1);
    assert_in_range(pasts.counted, 8, 10); // 1, 2, 4, ...
    assert_in_range(pasts.count, 256, 700);
    assert_non_null(strstr(pasts.reason, " late was inside by "));
    assert_non_null(strstr(pasts.reason, "; the last of "));
    assert_non_null(strstr(pasts.reason, " that came in 1"));

    // The present is told as ever, and a true stay, held up for a fortnight, as one.
    pasts = (struct pasts){ 0 };
    stay(scene, 0, 5, 0, 30);
    assert_int_equal(pasts.incidents, 1);
    assert_int_equal(pasts.counted, 0);
    hear(scene, scene_ping_of("tag", evening(700), 0, 0), evening(700));
    assert_int_equal(pasts.present, 1);
    scene_destroy(scene);
}

static void an_upload_of_stays_is_told_as_one_incident_each(void **state)
{
    struct pasts pasts;
    struct scene *scene = begin(&pasts, 1);

    (void)state;
    for (int i = 0; i < RETROSPECT_MOST; i++) {
        stay(scene, i, RETROSPECT_RUN, 0, i);
        assert_int_equal(pasts.incidents, i + 1);
    }
    assert_int_equal(pasts.doubts, 0);
    // What is too much for one day is counted; in the next one it is told again.
    pasts.count = pasts.counted = 0;
    stay(scene, RETROSPECT_MOST, RETROSPECT_RUN, 0, RETROSPECT_MOST);
    assert_int_equal(pasts.incidents, RETROSPECT_MOST);
    hear(scene, scene_ping_of("tag", evening(86400), 0, 3100), evening(86400));
    stay(scene, RETROSPECT_MOST + 1, 1, 0, 86400 + 100);
    assert_int_equal(pasts.incidents, RETROSPECT_MOST + 1);
    scene_destroy(scene);
}

/* By its first ping, as ever: nobody waits for a second one. */
static void the_first_of_a_day_are_told_at_their_first_ping(void **state)
{
    struct pasts pasts;
    struct scene *scene = begin(&pasts, 1);

    (void)state;
    for (int i = 0; i < RETROSPECT_FIRST; i++) {
        stay(scene, i, 1, 0, i);
        assert_int_equal(pasts.incidents, i + 1);
    }
    stay(scene, RETROSPECT_FIRST, 1, 0, RETROSPECT_FIRST);
    assert_int_equal(pasts.incidents, RETROSPECT_FIRST);
    assert_int_equal(pasts.gatherings, 1);
    assert_non_null(strstr(pasts.reason, "; one of too many: further ones are counted here"));
    scene_destroy(scene);
}

/* A count that is not told at once is when the next one comes, if that is after an interval. */
static void a_count_is_told_again_after_an_interval(void **state)
{
    struct pasts pasts;
    struct scene *scene = begin(&pasts, 1);
    int n = 0;

    (void)state;
    for (; n < RETROSPECT_FIRST + 7; n++)
        stay(scene, n, 1, 0, n);
    assert_int_equal(pasts.count, 4); // of 7
    stay(scene, n++, 1, 0, 320);
    assert_int_equal(pasts.count, 8);
    stay(scene, n++, 1, 0, 321);
    assert_int_equal(pasts.count, 8);
    stay(scene, n++, 1, 0, 640);
    assert_int_equal(pasts.count, 10);
    scene_destroy(scene);
}

/* Of many zones at once half of the day is for single pings, the rest for who has more to show. */
static void of_many_zones_the_day_keeps_room_for_true_stays(void **state)
{
    struct pasts pasts;
    struct scene *scene = begin(&pasts, 70);

    (void)state;
    scene->detect.device_day = 80;
    for (int zone = 0; zone < 69; zone++)
        stay(scene, zone, 1, 500.0 * zone, zone);
    assert_int_equal(pasts.incidents, 40);
    assert_int_equal(pasts.gatherings, 29);
    stay(scene, 69, RETROSPECT_RUN, 500.0 * 69, 69);
    assert_int_equal(pasts.incidents, 41);
    scene_destroy(scene);
}

/* One ping of some visit that is made up, each another one. */
static void make_up(struct scene *scene, int nth, double received)
{
    struct utc past = utc_plus(utc_of("2020-06-10T00:00:00Z"), nth * 1300000LL);

    hear(scene, scene_ping_of("tag", past, 0, 0.01 * nth), evening(received));
}

/* It is one incident, by its third ping. */
static void a_true_stay_is_told_among_up_to_eight_others_to_each_of_its_pings(void **state)
{
    struct utc came_in = utc_of("2020-06-23T19:10:00Z");

    (void)state;
    for (int between = 0; between <= INCIDENT_RUNS; between++) {
        struct pasts pasts;
        struct scene *scene = begin(&pasts, 1);
        double second = 1;
        int made_up = 0;

        for (; made_up < RETROSPECT_FIRST + 4; made_up++)
            make_up(scene, made_up, second++);
        pasts.incidents = 0;
        for (int i = 0; i < 16; i++) {
            for (int k = 0; k < between; k++)
                make_up(scene, made_up++, second++);
            hear(scene, scene_ping_of("tag", utc_plus(came_in, i * 60000LL), 5, i),
                 evening(second++));
            assert_int_equal(pasts.incidents, i + 1 >= RETROSPECT_RUN);
        }
        scene_destroy(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visits_that_are_made_up_are_counted_in_one_incident),
        cmocka_unit_test(an_upload_of_stays_is_told_as_one_incident_each),
        cmocka_unit_test(the_first_of_a_day_are_told_at_their_first_ping),
        cmocka_unit_test(a_count_is_told_again_after_an_interval),
        cmocka_unit_test(of_many_zones_the_day_keeps_room_for_true_stays),
        cmocka_unit_test(a_true_stay_is_told_among_up_to_eight_others_to_each_of_its_pings),
    };

    return cmocka_run_group_tests_name("retrospect", tests, NULL, NULL);
}
