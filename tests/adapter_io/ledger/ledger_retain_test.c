/* SPDX-License-Identifier: Apache-2.0 */
/* Retention beside the work: in steps, while nothing waits, and a put does not wait for its end. */
#include "adapter/ledger/ledger.h"

#include "ledger_fixture.h"
#include "loop.h"
#include "store_fixture.h"

#include "support/test.h"

static const char taken[] = "SELECT count(*) FROM entry WHERE body IS NULL AND kind = 'ping'";

static void put_pings(struct ledger_fixture *fixture, int n)
{
    for (int i = 0; i < n; i++) {
        struct kept_entry entry = store_fixture_ping("R-1", i, "a");

        assert_true(ledger_put_entry(fixture->ledger, &entry));
    }
    ledger_flush(fixture->ledger);
    ledger_fixture_expect(fixture, "committed ");
}

static void it_goes_on_by_itself_until_all_is_taken(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    put_pings(&fixture, 350); // four steps
    ledger_retain(fixture.ledger, &(struct retention){ { 300 }, 0, 0 });
    loop_poll(fixture.base, ledger_fixture_number(&fixture, taken) == 300);
    ledger_fixture_expect(&fixture, ""); // nobody is told
    ledger_retain(fixture.ledger, &(struct retention){ { 1000 }, 0, 0 });
    loop_poll(fixture.base, ledger_fixture_number(&fixture, taken) == 350);
    ledger_fixture_close(&fixture);
    assert_int_equal(store_fixture_verify(*state), 350);
    testbed_close(*state);
}

/* 200 steps are to be done: the commit comes after a few, and so does each that follows it. */
static void a_put_does_not_wait_for_its_end(void **state)
{
    struct ledger_fixture fixture;
    int64_t before = 0;

    ledger_fixture_open(&fixture, *state);
    put_pings(&fixture, 20000);
    ledger_retain(fixture.ledger, &(struct retention){ { 1000000 }, 0, 0 });
    for (int i = 1; i <= 5; i++) {
        assert_true(ledger_fixture_put(&fixture, i));
        assert_true(ledger_fixture_wait(&fixture, i));
        ledger_flush(fixture.ledger);
        loop_until(fixture.base, ledger_idle(fixture.ledger));
        assert_true(ledger_fixture_number(&fixture, taken) < 20000);
        assert_true(ledger_fixture_number(&fixture, taken) >= before);
        before = ledger_fixture_number(&fixture, taken);
    }
    assert_int_equal(ledger_fixture_number(&fixture, "SELECT count(*) FROM alert"), 5);
    ledger_fixture_close(&fixture);
    assert_int_equal(store_fixture_verify(*state), 20005);
    testbed_close(*state);
}

static void blind_it_takes_nothing(void **state)
{
    struct ledger_fixture fixture;

    ledger_fixture_open(&fixture, *state);
    put_pings(&fixture, 10);
    ledger_give_up(fixture.ledger, "asked to");
    ledger_retain(fixture.ledger, &(struct retention){ { 1000 }, 0, 0 });
    ledger_fixture_expect(&fixture, "blind ");
    assert_false(ledger_put_entry(
        fixture.ledger, &(struct kept_entry){ .kind = "ping", .respondent = "R-1", .body = "{}" }));
    ledger_fixture_close(&fixture);
    store_fixture_verify(*state);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(it_goes_on_by_itself_until_all_is_taken),
        testbed_test(a_put_does_not_wait_for_its_end),
        testbed_test(blind_it_takes_nothing),
    };

    return cmocka_run_group_tests_name("ledger_retain", tests, NULL, NULL);
}
