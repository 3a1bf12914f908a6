/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stories (tests/scenario) are told with the thresholds that breachd is shipped with, as their
 * README.md says. The scene names each by hand, as core knows no settings: one that it forgot would
 * be 0 there.
 */
#include "support/scene.h"
#include "support/settings_load.h"

#include <math.h>
#include <string.h>

static bool is_of_silence(const char *key) // "a device is silent only after a year"
{
    return strcmp(key, "silent-least") == 0 || strcmp(key, "silent-after") == 0;
}

static void each_threshold_of_a_story_is_the_shipped_one(void **state)
{
    static struct settings stated;
    struct scene *scene = scene_create();
    struct complaints complaints = { 0 };
    const char *key, *same;
    double shipped, value;
    size_t n = 0;

    (void)state;
    assert_non_null(scene);
    stated.detect = scene->detect;
    load(SITE, &complaints);
    assert_complaints("the defaults", &complaints, "");
    for (; settings_threshold(&settings, n, &key, &shipped); n++) {
        assert_true(settings_threshold(&stated, n, &same, &value));
        if (!is_of_silence(key) && fabs(value - shipped) > 1e-9 * fabs(shipped))
            fail_msg("%s: %g in tests/support/scene.c, %g as shipped", key, value, shipped);
    }
    assert_true(n > 20);
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(each_threshold_of_a_story_is_the_shipped_one),
    };

    return cmocka_run_group_tests_name("settings_stories", tests, NULL, NULL);
}
