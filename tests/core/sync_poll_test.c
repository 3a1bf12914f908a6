/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sync_poll.h"

#include "support/test.h"

static const struct tick start = { 5000000 };

/* When the next question is due after `answer` to one that was asked and answered at `at`. */
static int64_t asked_again_after(struct sync_poll *poll, enum sync_answer answer, struct tick at)
{
    struct tick now = at;

    sync_poll_ask(poll, at);
    sync_poll_hear(poll, answer, at);
    while (!sync_poll_due(poll, now))
        now.ms += 500;
    return now.ms - at.ms;
}

static void it_begins_at_once(void **state)
{
    struct sync_poll poll = { 0 };
    (void)state;

    assert_true(sync_poll_due(&poll, (struct tick){ 0 }));
}

static void a_clock_that_is_not_synchronised_is_asked_about_each_minute(void **state)
{
    struct sync_poll poll = { 0 };
    (void)state;

    assert_int_equal(asked_again_after(&poll, SYNC_NO, start), 60 * 1000);
    assert_int_equal(asked_again_after(&poll, SYNC_NO, start), 60 * 1000);
}

static void one_that_is_each_ten_minutes(void **state)
{
    struct sync_poll poll = { 0 };
    (void)state;

    assert_int_equal(asked_again_after(&poll, SYNC_YES, start), 600 * 1000);
}

static void without_an_answer_the_pause_grows(void **state)
{
    static const int seconds[] = { 5, 10, 20, 40, 80, 160, 320, 600, 600, 600 };
    struct sync_poll poll = { 0 };
    (void)state;

    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        assert_int_equal(asked_again_after(&poll, SYNC_NONE, start), seconds[i] * 1000);
    assert_int_equal(asked_again_after(&poll, SYNC_NO, start), 60 * 1000);
    assert_int_equal(asked_again_after(&poll, SYNC_NONE, start), 5 * 1000); // begins anew
}

static void when_it_was_set_it_is_asked_at_once(void **state)
{
    static const enum sync_answer answers[] = { SYNC_NONE, SYNC_NO, SYNC_YES };
    (void)state;

    for (size_t i = 0; i < 3; i++) {
        struct sync_poll poll = { 0 };

        sync_poll_ask(&poll, start);
        sync_poll_hear(&poll, answers[i], start);
        assert_false(sync_poll_due(&poll, (struct tick){ start.ms + SYNC_POLL_GAP_MS }));
        sync_poll_set(&poll);
        assert_true(sync_poll_due(&poll, (struct tick){ start.ms + SYNC_POLL_GAP_MS }));
    }
}

/* As by a time daemon that sets it again and again. */
static void but_not_oftener_than_once_a_second(void **state)
{
    struct sync_poll poll = { 0 };
    int asked = 0;
    (void)state;

    for (struct tick now = start; now.ms < start.ms + 10 * 1000; now.ms += 10) {
        sync_poll_set(&poll);
        if (!sync_poll_due(&poll, now))
            continue;
        sync_poll_ask(&poll, now);
        sync_poll_hear(&poll, SYNC_NO, now);
        asked++;
    }
    assert_int_equal(asked, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_at_once),
        cmocka_unit_test(a_clock_that_is_not_synchronised_is_asked_about_each_minute),
        cmocka_unit_test(one_that_is_each_ten_minutes),
        cmocka_unit_test(without_an_answer_the_pause_grows),
        cmocka_unit_test(when_it_was_set_it_is_asked_at_once),
        cmocka_unit_test(but_not_oftener_than_once_a_second),
    };

    return cmocka_run_group_tests_name("sync_poll", tests, NULL, NULL);
}
