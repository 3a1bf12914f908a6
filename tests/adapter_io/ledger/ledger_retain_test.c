/* SPDX-License-Identifier: Apache-2.0 */
/* Retention beside the work: in steps, while nothing waits, and a put does not wait for its end. */
#include "adapter/ledger/ledger.h"

#include "desk.h"
#include "loop.h"
#include "vault.h"

#include "support/test.h"

static const char taken[] = "SELECT count(*) FROM entry WHERE body IS NULL AND kind = 'ping'";

static void put_pings(struct desk *desk, int n)
{
    for (int i = 0; i < n; i++) {
        struct kept_entry entry = vault_ping("R-1", i, "a");

        assert_true(ledger_put_entry(desk->ledger, &entry));
    }
    ledger_flush(desk->ledger);
    desk_expect(desk, "committed ");
}

static void it_goes_on_by_itself_until_all_is_taken(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    put_pings(&desk, 350); // four steps
    ledger_retain(desk.ledger, &(struct retention){ { 300 }, 0 });
    loop_poll(desk.base, desk_number(&desk, taken) == 300);
    desk_expect(&desk, ""); // nobody is told
    ledger_retain(desk.ledger, &(struct retention){ { 1000 }, 0 });
    loop_poll(desk.base, desk_number(&desk, taken) == 350);
    desk_close(&desk);
    assert_int_equal(vault_verify(*state), 350);
    house_close(*state);
}

/* 200 steps are to be done: the commit comes after a few, and so does each that follows it. */
static void a_put_does_not_wait_for_its_end(void **state)
{
    struct desk desk;
    int64_t before = 0;

    desk_open(&desk, *state);
    put_pings(&desk, 20000);
    ledger_retain(desk.ledger, &(struct retention){ { 1000000 }, 0 });
    for (int i = 1; i <= 5; i++) {
        assert_true(desk_put(&desk, i));
        assert_true(desk_wait(&desk, i));
        ledger_flush(desk.ledger);
        loop_until(desk.base, ledger_idle(desk.ledger));
        assert_true(desk_number(&desk, taken) < 20000);
        assert_true(desk_number(&desk, taken) >= before);
        before = desk_number(&desk, taken);
    }
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM alert"), 5);
    desk_close(&desk);
    assert_int_equal(vault_verify(*state), 20005);
    house_close(*state);
}

static void blind_it_takes_nothing(void **state)
{
    struct desk desk;

    desk_open(&desk, *state);
    put_pings(&desk, 10);
    ledger_give_up(desk.ledger, "asked to");
    ledger_retain(desk.ledger, &(struct retention){ { 1000 }, 0 });
    desk_expect(&desk, "blind ");
    assert_false(ledger_put_entry(
        desk.ledger, &(struct kept_entry){ .kind = "ping", .respondent = "R-1", .body = "{}" }));
    desk_close(&desk);
    vault_verify(*state);
    house_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(it_goes_on_by_itself_until_all_is_taken),
        house_test(a_put_does_not_wait_for_its_end),
        house_test(blind_it_takes_nothing),
    };

    return cmocka_run_group_tests_name("ledger_retain", tests, NULL, NULL);
}
