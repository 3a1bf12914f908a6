/* SPDX-License-Identifier: Apache-2.0 */
#include "core/agenda.h"

#include "support/dice.h"
#include "support/test.h"

enum { MANY = 200, CHANGES = 20000 };

static void nothing_is_due_at_first(void **state)
{
    struct agenda agenda = { 0 };
    struct utc due;
    size_t nth;

    (void)state;
    assert_false(agenda_first(&agenda, &nth, &due));
    assert_int_equal(agenda_due(&agenda, 7).ms, UTC_NEVER.ms);
    assert_true(agenda_reserve(&agenda, 8));
    assert_false(agenda_first(&agenda, &nth, &due));
    assert_int_equal(agenda_due(&agenda, 7).ms, UTC_NEVER.ms);
    agenda_fini(&agenda);
}

static void of_one_instant_the_lowest_number_is_first(void **state)
{
    struct agenda agenda = { 0 };
    struct utc due;
    size_t nth;

    (void)state;
    assert_true(agenda_reserve(&agenda, 4));
    for (size_t i = 4; i > 0; i--)
        agenda_set(&agenda, i - 1, (struct utc){ 5 });
    for (size_t i = 0; i < 4; i++) {
        assert_true(agenda_first(&agenda, &nth, &due));
        assert_int_equal(nth, i);
        agenda_set(&agenda, nth, UTC_NEVER);
    }
    assert_int_equal(agenda.n, 0);
    agenda_fini(&agenda);
}

/* By looking at all of them. */
static void assert_first(const struct agenda *agenda, const struct utc due[MANY], size_t n)
{
    size_t best = 0, waiting = 0, nth;
    struct utc first;

    for (size_t i = 0; i < n; i++) {
        assert_int_equal(agenda_due(agenda, i).ms, due[i].ms);
        waiting += due[i].ms != UTC_NEVER.ms;
        if (due[i].ms < due[best].ms)
            best = i;
    }
    assert_int_equal(agenda->n, waiting);
    assert_int_equal(agenda_first(agenda, &nth, &first), waiting > 0);
    if (waiting == 0)
        return;
    assert_int_equal(nth, best);
    assert_int_equal(first.ms, due[best].ms);
}

static void the_first_is_the_earliest_of_all(void **state)
{
    struct dice dice = dice_begin();
    struct agenda agenda = { 0 };
    struct utc due[MANY];
    size_t n = 0;

    (void)state;
    for (int i = 0; i < CHANGES; i++) {
        size_t nth;

        if (n == 0 || (n < MANY && dice_below(&dice, 50) == 0)) {
            assert_true(agenda_reserve(&agenda, n + 1));
            due[n++] = UTC_NEVER;
        }
        nth = dice_below(&dice, (unsigned)n);
        due[nth] = dice_below(&dice, 4) == 0 ? UTC_NEVER : (struct utc){ dice_below(&dice, 300) };
        agenda_set(&agenda, nth, due[nth]);
        assert_first(&agenda, due, n);
    }
    agenda_fini(&agenda);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_due_at_first),
        cmocka_unit_test(of_one_instant_the_lowest_number_is_first),
        cmocka_unit_test(the_first_is_the_earliest_of_all),
    };

    return cmocka_run_group_tests_name("agenda", tests, NULL, NULL);
}
