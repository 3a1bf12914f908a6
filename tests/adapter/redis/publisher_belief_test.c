/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/publisher_belief.h"
#include "adapter/redis/publisher_script.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

#define MOST "999999999999999"

/*
 * Of our ledger alert number N has the id "e/N"; the newest is 175, and 170 was confirmed, unless
 * the row says otherwise.
 */
static const struct case_row {
    const char *says;
    const char *where; // at held entry whole id at-id at-entry witness past garbled denied moved
    uint64_t marked, newest;
    struct {
        bool give_way;
        uint64_t number;
        const char *entry;
        bool lie;
    } want;
} rows[] = {
    { "an empty one holds nothing", "0 0 - 1 - - - denied 0 0 0 0", 170, 175, { 0, 0, "-", 0 } },
    { "as it was left",
      "170 170 7-1 1 e/170 e/170 7-1 stands 1 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 0 } },
    { "the reply was lost: two more stand there",
      "172 172 7-3 1 e/172 e/172 7-3 stands 0 0 0 0",
      170,
      175,
      { 0, 172, "7-3", 0 } },
    { "a consumer took the newest one away",
      "170 169 7-0 1 e/169 e/170 7-1 gone 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 0 } },
    { "a consumer took all away, and the reply was lost",
      "172 0 - 1 - e/172 7-3 gone 0 0 0 0",
      170,
      175,
      { 0, 172, "7-3", 0 } },
    { "the stream is another", "170 0 - 1 - e/170 7-1 never 0 0 0 0", 170, 175, { 0, 0, "-", 0 } },
    { "it went back to 100",
      "100 100 5-1 1 e/100 e/100 5-1 stands 0 0 0 0",
      170,
      175,
      { 0, 100, "5-1", 0 } },
    { "its last number is garbled, and its stream has been past",
      "0 170 7-1 1 e/170 e/170 7-1 other 1 1 0 0",
      170,
      175,
      { 0, 170, "7-1", 1 } },
    { "its last number is garbled, and a consumer took all away",
      "0 0 - 1 - e/170 7-1 gone 1 1 0 0",
      170,
      175,
      { 0, 170, "6-6", 1 } },
    { "it forgot its last number",
      "0 170 7-1 1 e/170 - - denied 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 0 } },
    { "what was confirmed is not asked of it again",
      "0 0 - 1 - - - denied 1 0 0 0",
      170,
      175,
      { 0, 170, "6-6", 0 } },
    { "a number of nobody, when the entry says another",
      MOST " 170 7-1 1 e/170 e/170 7-1 other 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 1 } },
    { "a number of nobody within the bound, when the entry says another",
      "500 170 7-1 1 e/170 e/170 7-1 other 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 1 } },
    { "a number of nobody, when the entry was taken away",
      MOST " 0 - 1 - e/170 7-1 gone 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 1 } },
    { "a number too small, when the entry was taken away",
      "5 0 - 1 - e/170 7-1 gone 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 1 } },
    { "a number too small, when the entry says another",
      "5 170 7-1 1 e/170 e/170 7-1 other 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 1 } },
    { "a number that is none",
      "0 170 7-1 1 e/170 e/170 7-1 other 0 1 0 0",
      170,
      175,
      { 0, 170, "7-1", 1 } },
    { "no stream, and a number of nobody: from the beginning, as if it were empty",
      MOST " 0 - 1 - - - denied 0 0 0 0",
      170,
      175,
      { 0, 0, "-", 1 } },
    { "an entry that was forged with a huge number",
      "170 " MOST " 9-1 1 e/x e/170 7-1 stands 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 1 } },
    { "an entry that was forged with a small one",
      "170 5 9-1 1 e/x e/170 7-1 stands 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 0 } },
    { "an entry that was forged as one that is still to be sent",
      "170 171 9-1 1 e/171 e/170 7-1 stands 0 0 0 0",
      170,
      175,
      { 0, 170, "7-1", 0 } },
    { "the same, and the last number taken away",
      "0 171 9-1 1 e/171 - - denied 0 0 0 0",
      170,
      175,
      { 0, 170, "-", 0 } },
    { "another ledger's, that ours is a copy of",
      "412 412 9-1 1 e/x e/x 9-1 stands 0 0 0 0",
      170,
      175,
      { 1, 412, "9-1", 0 } },
    { "another's under numbers that ours has too",
      "173 173 9-1 1 e/x e/x 9-1 stands 0 0 0 0",
      170,
      175,
      { 1, 173, "9-1", 0 } },
    { "a new ledger, and a site that has lived",
      "412 412 9-1 1 e/x e/x 9-1 stands 0 0 0 0",
      0,
      3,
      { 1, 412, "9-1", 0 } },
    { "a new ledger, and the stream was taken away",
      "412 0 - 1 - e/x 9-1 never 0 0 0 0",
      0,
      3,
      { 1, 412, "-", 0 } },
    { "a new ledger, and a number past the bound",
      "1000000004 0 - 1 - - - denied 0 0 0 0",
      0,
      3,
      { 0, 0, "-", 1 } },
    { "a new ledger, and a number just within it",
      "1000000003 0 - 1 - - - denied 0 0 0 0",
      0,
      3,
      { 1, 1000000003, "-", 0 } },
    { "a new ledger, a number past the bound, and what the stream shows",
      MOST " 412 9-1 1 e/x e/x 9-1 other 0 0 0 0",
      0,
      3,
      { 1, 412, "9-1", 1 } },
    { "near the end of all numbers nothing is followed",
      "999999000000001 0 - 1 - - - denied 0 0 0 0",
      0,
      999999000000000,
      { 0, 0, "-", 1 } },
};

static struct numbered ours(uint64_t number, uint64_t newest)
{
    struct numbered one = { number > 0 && number <= newest ? number : 0, "" };

    snprintf(one.id, sizeof one.id, "e/%" PRIu64, number);
    return one;
}

static void row_holds(void **state)
{
    const struct case_row *row = *state;
    struct ledger_view view = {
        .marked = row->marked, .confirmed = row->marked, .newest = row->newest, .entry = "6-6"
    };
    struct redis_state where;
    struct publisher_belief got;

    assert_true(redis_state_read(row->where, &where));
    if (belief_needs_alerts(&where, row->marked)) {
        view.at = ours(where.at, row->newest);
        view.held = ours(where.held, row->newest);
        view.last = ours(row->marked, row->newest);
    }
    got = publisher_believe(&where, &view);
    assert_int_equal(got.give_way, row->want.give_way);
    assert_int_equal(got.number, row->want.number);
    assert_string_equal(got.entry, row->want.entry);
    assert_int_equal(got.lie, row->want.lie);
}

/* 170 was confirmed once, and of what was lost since 100 is there again: no more is held. */
static void what_is_still_to_be_sent_again_is_not_held(void **state)
{
    static const char *const said[] = {
        "100 100 5-1 1 e/100 e/100 5-1 stands 1 0 0 0",
        "0 0 - 1 - - - denied 1 0 0 0", // a consumer took all away
    };
    struct ledger_view view = { .marked = 170, .confirmed = 100, .newest = 175, .entry = "5-1" };
    struct redis_state where;
    struct publisher_belief got;

    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        assert_true(redis_state_read(said[i], &where));
        view.at = view.held = ours(where.at, 175);
        got = publisher_believe(&where, &view);
        assert_int_equal(got.number, 100);
        assert_string_equal(got.entry, "5-1");
    }
}

static void what_is_as_it_was_left_needs_no_look_into_the_ledger(void **state)
{
    struct redis_state where;

    (void)state;
    assert_true(redis_state_read("170 170 7-1 1 a b 7-1 stands 1 0 0 0", &where));
    assert_false(belief_needs_alerts(&where, 170));
    assert_true(belief_needs_alerts(&where, 169));
    assert_true(belief_needs_alerts(&where, 171));
}

static void what_is_no_answer_is_none(void **state)
{
    static const char *const none[] = {
        "",
        "170",
        "170 170 7-1 1 a b 7-1 stands 1 0 0",
        "170 170 7-1 1 a b 7-1 stands 1 0 0 0 0",
        "170 170 7-1 1 a b 7-1 standsx 1 0 0 0",
        "170 170 7-1 1 a b 7-1 1 1 0 0 0",
        "1000000000000000 170 7-1 1 a b 7-1 stands 1 0 0 0",
        "170 1000000000000000 7-1 1 a b 7-1 stands 1 0 0 0",
        "-1 170 7-1 1 a b 7-1 stands 1 0 0 0",
    };
    struct redis_state where;

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (redis_state_read(none[i], &where))
            fail_msg("\"%s\" is taken", none[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_as_it_was_left_needs_no_look_into_the_ledger),
        cmocka_unit_test(what_is_no_answer_is_none),
        cmocka_unit_test(what_is_still_to_be_sent_again_is_not_held),
    };

    return rows_hold("publisher_belief_rows", rows, row_holds) +
           cmocka_run_group_tests_name("publisher_belief", tests, NULL, NULL);
}
