/* SPDX-License-Identifier: Apache-2.0 */
/* refused_test.c - a device under an order whose pings are all refused. */
#include "core/health.h"
#include "core/silence.h"

#include <string.h>

#include "support/london.h"
#include "support/scene.h"

enum { MINUTE = 60 * 1000 };

static struct scene *somebody(void)
{
    struct scene *scene = scene_create();

    scene_carry(scene, "tag"); // the phone would be missed too
    scene_zone(scene, "home", 0, 0, 200, 0);
    scene->detect.silent_least_ms = 5 * MINUTE;
    scene->detect.silent_ms = 60 * MINUTE;
    scene_load(scene);
    return scene;
}

static struct utc evening(double second)
{
    return utc_plus(utc_of("2020-06-23T20:00:00Z"), (int64_t)(second * 1000));
}

/* It sends each minute, and all of it is refused: that is told, again and again, and why. */
static void whose_pings_are_refused_is_told_of(void **state)
{
    struct scene *scene = somebody();
    struct ping ping = scene_ping_of("tag", evening(0), 0, 3000);
    size_t doubts = 0, silences = 0;

    (void)state;
    scene_ping(scene, &ping, ping.time);
    for (int second = 15; second < 61 * 60; second += 15) {
        bool noted = health_note_refused(scene->track.devices[0], "accuracy: not a number: \"8\"",
                                         evening(second));

        assert_int_equal(noted, second % 60 == 15); // once a minute
        watch_again(&scene->watch, scene->who, &scene->track, CAUSE_TIME, evening(second),
                    evening(second), &scene->out);
        for (size_t i = 0; i < scene->out.n; i++) {
            const struct alert *alert = &scene->out.alerts[i];

            doubts += alert->type == ALERT_DOUBT;
            silences += alert->type == ALERT_SILENT;
            assert_non_null(strstr(alert->reason, "its pings are refused for their accuracy"));
            if (alert->type == ALERT_DOUBT) {
                assert_string_equal(alert->cause, "refused");
                assert_int_equal(alert->trouble, TROUBLE_REFUSED);
                assert_int_equal(alert->incident, 1);
            }
        }
        assert_true(doubts > 0); // at once
    }
    assert_in_range(doubts, 12, 13); // each five minutes
    assert_int_equal(silences, 1);
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_pings_are_refused_is_told_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
