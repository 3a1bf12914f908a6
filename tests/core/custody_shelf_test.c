/* SPDX-License-Identifier: Apache-2.0 */
/* What is handed on, kept quiet for a while, and noted; custody_test.c has who takes and closes. */
#include "core/custody.h"

#include <string.h>

#include "support/test.h"

enum { HOUR = 3600 * 1000, REMIND = 300 * 1000, HIGH = 2, CRITICAL = 3 };

static const struct utc now = { 1592943245000 };

static struct custody taken_by(const char *by)
{
    struct custody custody = { 0 };
    struct fault why;

    custody_alarm(&custody, now);
    assert_true(custody_put(&custody, CUSTODY_ACK, by, "", &why));
    return custody;
}

static bool shelve(struct custody *custody, const char *by, int64_t ms, struct fault *why)
{
    struct custody_shelf shelf = { by, now, utc_plus(now, ms), HIGH };

    return custody_shelve(custody, &shelf, why);
}

/* Refused, it stays as it was, and the reason says so. */
static void assert_refused(const struct custody *custody, const struct custody *before, bool stands,
                           const struct fault *why, const char *words)
{
    assert_false(stands);
    assert_memory_equal(custody, before, sizeof *before);
    if (strstr(why->text, words) == NULL)
        fail_msg("refused with: %s", why->text);
}

static void who_is_handed_it_has_it(void **state)
{
    struct custody custody = taken_by("PC 42");
    struct fault why;

    (void)state;
    assert_true(custody_hand(&custody, "PC 42", "PC 43", &why));
    assert_string_equal(custody.by, "PC 43");
    assert_true(custody.taken);
    assert_int_equal(custody.alerts, 2);
    assert_int_equal(custody_due(&custody, REMIND).ms, UTC_NEVER.ms);
}

static void what_cannot_be_handed_is_refused(void **state)
{
    static const char longest[] =
        "12345678901234567890123456789012345678901234567890123456789012345";
    struct custody custody = { 0 }, before;
    struct fault why;

    (void)state;
    before = custody;
    assert_refused(&custody, &before, custody_hand(&custody, "PC 42", "PC 43", &why), &why,
                   "nobody has it");
    before = custody = taken_by("PC 42");
    assert_refused(&custody, &before, custody_hand(&custody, "PC 41", "PC 42", &why), &why,
                   "PC 42 has it already");
    assert_refused(&custody, &before, custody_hand(&custody, "PC 41", "", &why), &why, "to: 1..64");
    assert_refused(&custody, &before, custody_hand(&custody, "PC 41", longest, &why), &why,
                   "to: 1..64");
    assert_refused(&custody, &before, custody_hand(&custody, "", "PC 43", &why), &why, "by: 1..64");
    assert_true(custody_put(&custody, CUSTODY_CLOSE, "PC 42", "drift", &why));
    before = custody;
    assert_refused(&custody, &before, custody_hand(&custody, "PC 42", "PC 43", &why), &why,
                   "closed already, by PC 42");
}

static void an_alarm_takes_it_from_whoever_was_handed_it(void **state)
{
    struct custody custody = taken_by("PC 42");
    struct fault why;

    (void)state;
    assert_true(custody_hand(&custody, "PC 42", "PC 43", &why));
    custody_alarm(&custody, utc_plus(now, HOUR));
    assert_false(custody.taken);
    assert_int_equal(custody_due(&custody, REMIND).ms, now.ms + HOUR + REMIND);
}

static void what_is_shelved_is_so_until_its_time(void **state)
{
    struct custody custody = taken_by("PC 42");
    struct fault why;

    (void)state;
    assert_true(shelve(&custody, "PC 42", HOUR, &why));
    assert_int_equal(custody_due(&custody, REMIND).ms, now.ms + HOUR);
    assert_false(custody_shelf_is_over(&custody, utc_plus(now, HOUR - 1)));
    assert_true(custody_shelf_is_over(&custody, utc_plus(now, HOUR)));
    custody_unshelve(&custody);
    assert_int_equal(custody_due(&custody, REMIND).ms, UTC_NEVER.ms);
    assert_false(custody_shelf_is_over(&custody, UTC_END));
}

static void eight_hours_are_the_most(void **state)
{
    struct custody custody = taken_by("PC 42"), before = custody;
    struct fault why;

    (void)state;
    assert_refused(&custody, &before, shelve(&custody, "PC 42", 8 * HOUR + 60001, &why), &why,
                   "more than 8 hours away");
    assert_refused(&custody, &before, shelve(&custody, "PC 42", 0, &why), &why, "that is over");
    assert_true(shelve(&custody, "PC 42", 8 * HOUR + 60000, &why)); // his clock is ahead of ours
    assert_int_equal(custody.shelved.ms, now.ms + 8 * HOUR);
}

static void what_nobody_has_seen_is_not_shelved(void **state)
{
    struct custody custody = { 0 }, before;
    struct fault why;

    (void)state;
    custody_alarm(&custody, now);
    before = custody;
    assert_refused(&custody, &before, shelve(&custody, "PC 42", HOUR, &why), &why,
                   "nobody has seen it");
}

static void the_first_of_two_shelves_it(void **state)
{
    struct custody custody = { 0 }, before; // less than a breach
    struct fault why;

    (void)state;
    assert_true(shelve(&custody, "PC 42", HOUR, &why));
    before = custody;
    assert_refused(&custody, &before, shelve(&custody, "PC 43", HOUR, &why), &why,
                   "shelved already, by PC 42");
    assert_true(shelve(&custody, "PC 42", 2 * HOUR, &why)); // who did it may say another time
    assert_int_equal(custody.shelved.ms, now.ms + 2 * HOUR);
}

/* Else it would be quiet to the end for one who has gone home. */
static void who_has_it_now_may_say_another_time(void **state)
{
    struct custody custody = taken_by("rob"), before;
    struct fault why;

    (void)state;
    assert_true(shelve(&custody, "rob", 2 * HOUR, &why));
    assert_true(custody_hand(&custody, "rob", "mia", &why));
    assert_true(custody_hand(&custody, "mia", "vera", &why));
    before = custody;
    assert_refused(&custody, &before, shelve(&custody, "mia", 1000, &why), &why,
                   "shelved already, by rob: whoever has it may say another time");
    assert_true(shelve(&custody, "vera", 1000, &why));
    assert_int_equal(custody.shelved.ms, now.ms + 1000);
    before = custody;
    assert_refused(&custody, &before, shelve(&custody, "rob", HOUR, &why), &why,
                   "shelved already, by vera"); // it is hers
}

/* A possible needs nobody's ack to be shelved; who then takes it has it. */
static void who_takes_what_another_shelved_may_say_another_time(void **state)
{
    struct custody custody = { 0 };
    struct fault why;

    (void)state;
    assert_true(shelve(&custody, "rob", 2 * HOUR, &why));
    assert_true(custody_put(&custody, CUSTODY_ACK, "mia", "", &why));
    assert_true(shelve(&custody, "mia", 1000, &why));
    assert_string_equal(custody.shelved_by, "mia");
    custody_alarm(&custody, now); // and nobody has it: neither may she
    assert_false(shelve(&custody, "mia", HOUR, &why));
}

static void closed_it_is_shelved_no_more(void **state)
{
    struct custody custody = taken_by("PC 42");
    struct fault why;

    (void)state;
    assert_true(shelve(&custody, "PC 42", HOUR, &why));
    assert_true(custody_put(&custody, CUSTODY_CLOSE, "PC 42", "drift", &why));
    assert_int_equal(custody.shelved.ms, 0);
    assert_int_equal(custody_due(&custody, REMIND).ms, UTC_NEVER.ms);
}

static void what_grows_graver_ends_it_at_once(void **state)
{
    struct custody custody = { 0 };
    struct fault why;

    (void)state;
    assert_false(custody_grows(&custody, CRITICAL)); // nothing is shelved
    assert_true(shelve(&custody, "PC 42", HOUR, &why));
    assert_false(custody_grows(&custody, HIGH));
    assert_true(custody_grows(&custody, CRITICAL));
    assert_true(custody_shelf_is_over(&custody, now));
    assert_true(custody_due(&custody, REMIND).ms <= now.ms);
}

/* As grave as it was when it was shelved, but new: somebody must look again. */
static void a_new_breach_ends_it_and_waits_for_somebody(void **state)
{
    struct custody custody = taken_by("PC 42");
    struct fault why;

    (void)state;
    assert_true(shelve(&custody, "PC 42", HOUR, &why));
    custody_alarm(&custody, utc_plus(now, 60000));
    assert_true(custody_shelf_is_over(&custody, utc_plus(now, 60000)));
    custody_unshelve(&custody);
    assert_int_equal(custody_due(&custody, REMIND).ms, now.ms + 60000 + REMIND);
}

static void a_note_says_something_about_what_is_not_closed(void **state)
{
    struct custody custody = { 0 };
    struct fault why;

    (void)state;
    assert_true(custody_may_note(&custody, "PC 42", "rang him", &why));
    assert_false(custody_may_note(&custody, "", "rang him", &why));
    assert_non_null(strstr(why.text, "by: 1..64"));
    assert_false(custody_may_note(&custody, "PC 42", " \t", &why));
    assert_non_null(strstr(why.text, "note: it says nothing"));
    custody.closed = true;
    assert_false(custody_may_note(&custody, "PC 42", "rang him", &why));
    assert_non_null(strstr(why.text, "closed already"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_handed_it_has_it),
        cmocka_unit_test(what_cannot_be_handed_is_refused),
        cmocka_unit_test(an_alarm_takes_it_from_whoever_was_handed_it),
        cmocka_unit_test(what_is_shelved_is_so_until_its_time),
        cmocka_unit_test(eight_hours_are_the_most),
        cmocka_unit_test(what_nobody_has_seen_is_not_shelved),
        cmocka_unit_test(the_first_of_two_shelves_it),
        cmocka_unit_test(who_has_it_now_may_say_another_time),
        cmocka_unit_test(who_takes_what_another_shelved_may_say_another_time),
        cmocka_unit_test(closed_it_is_shelved_no_more),
        cmocka_unit_test(what_grows_graver_ends_it_at_once),
        cmocka_unit_test(a_new_breach_ends_it_and_waits_for_somebody),
        cmocka_unit_test(a_note_says_something_about_what_is_not_closed),
    };

    return cmocka_run_group_tests_name("custody_shelf", tests, NULL, NULL);
}
