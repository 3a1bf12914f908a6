/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that leave at the end of a time slot: when, and what becomes of those that wait. */
#include "adapter/http/http.h"

#include "http_fixture.h"
#include "loop.h"

#include "support/rows.h"
#include "support/test.h"

static const struct row {
    const char *says;
    int64_t passed, slot; // us after the request
} rows[] = {
    { "what is known at once leaves at the end of the first slot", 0, 50000 },
    { "so does what took a microsecond", 1, 50000 },
    { "and what took nearly a slot", 49999, 50000 },
    { "known as the slot ends, it leaves", 50000, 50000 },
    { "known after it, it waits for the next", 50001, 100000 },
    { "a slow disk's commit", 1234567, 1250000 },
    { "a clock that stood still", -1, 50000 },
};

static void row_holds(void **state)
{
    const struct row *row = *state;

    assert_int_equal(http_slot_after(7, 7 + row->passed), 7 + row->slot);
}

static void an_answer_waits_for_its_slot(void **state)
{
    struct http_client *client;
    (void)state;

    http_under_test.slots = true;
    http_fixture_open(10, 60000);
    client = http_fixture_call(0, 0, GET);
    loop_until(http_under_test.base, http_under_test.asked == 1);
    assert_int_equal(http_n_delayed(http_under_test.door), 1);
    assert_int_equal(http_client_heard(client, "{GET"), 0);
    http_client_until(client, "{GET /a 0}");
    assert_int_equal(http_n_delayed(http_under_test.door), 0);
}

static void who_leaves_meanwhile_takes_nothing_along(void **state)
{
    (void)state;
    http_under_test.slots = true;
    http_fixture_open(10, 60000);
    http_fixture_call(0, 0, GET);
    loop_until(http_under_test.base, http_under_test.asked == 1);
    http_client_leave(&http_under_test.clients[0]);
    loop_until(http_under_test.base, http_n_delayed(http_under_test.door) == 0);
    http_client_until(http_fixture_call(1, 0, GET), "{GET /a 0}");
}

static void a_door_that_closes_forgets_who_waits(void **state)
{
    (void)state;
    http_under_test.slots = true;
    http_fixture_open(10, 60000);
    http_fixture_call(0, 0, GET);
    loop_until(http_under_test.base, http_under_test.asked == 1);
    assert_int_equal(http_n_delayed(http_under_test.door), 1); // what is left of it ASan would find
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        http_fixture_test(an_answer_waits_for_its_slot),
        http_fixture_test(who_leaves_meanwhile_takes_nothing_along),
        http_fixture_test(a_door_that_closes_forgets_who_waits),
    };

    return rows_hold("http_slot, by time", rows, row_holds) +
           cmocka_run_group_tests_name("http_slot", tests, NULL, NULL);
}
