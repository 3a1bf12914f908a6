/* SPDX-License-Identifier: Apache-2.0 */
/* What `watch --severity` shows: what is grave, and who has taken it. */
#include "ctl/shown.h"

#include <stdio.h>

#include "support/test.h"

static bool hear(struct shown *shown, const char *type, const char *incident, bool wanted)
{
    char name[48];
    json_t *event;
    bool shows;

    snprintf(name, sizeof name, "breachd.%s", type);
    event = json_pack("{s:s,s:{s:s}}", "type", name, "data", "incident", incident);
    shows = shown_hear(shown, event, wanted);
    json_decref(event);
    return shows;
}

static void who_has_what_was_shown_is_shown(void **state)
{
    struct shown shown;

    (void)state;
    assert_true(shown_init(&shown));
    assert_false(hear(&shown, "acked", "A/home/1", false)); // of which nothing was shown
    assert_true(hear(&shown, "breach", "A/home/1", true));
    assert_true(hear(&shown, "acked", "A/home/1", false));
    assert_true(hear(&shown, "handed", "A/home/1", false));
    assert_false(hear(&shown, "cleared", "A/home/1", false)); // is no word
    assert_false(hear(&shown, "acked", "B/home/1", false));
    assert_true(hear(&shown, "closed", "A/home/1", false));
    assert_false(hear(&shown, "shelved", "A/home/1", false)); // it is over
    shown_fini(&shown);
}

static void more_than_there_is_room_for_are_followed_anew(void **state)
{
    struct shown shown;
    char incident[32];

    (void)state;
    assert_true(shown_init(&shown));
    for (int i = 0; i <= SHOWN_MAX; i++) { // SHOWN_MAX
        snprintf(incident, sizeof incident, "A/home/%d", i);
        assert_true(hear(&shown, "breach", incident, true));
    }
    assert_true(hear(&shown, "acked", incident, false));
    assert_false(hear(&shown, "acked", "A/home/0", false));
    shown_fini(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_what_was_shown_is_shown),
        cmocka_unit_test(more_than_there_is_room_for_are_followed_anew),
    };

    return cmocka_run_group_tests_name("shown", tests, NULL, NULL);
}
