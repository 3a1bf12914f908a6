/* SPDX-License-Identifier: Apache-2.0 */
#include "core/decide.h"

#include "support/rows.h"

static const struct incident none = { .phase = PHASE_NONE };
static const struct incident coming = { .phase = PHASE_APPROACH };
static const struct incident maybe = { .phase = PHASE_POSSIBLE };
static const struct incident breach = { .phase = PHASE_BREACH };
static const struct incident excused = { .phase = PHASE_BREACH, .authorised = true };

#define PING(...)                                                                                  \
    {                                                                                              \
        CAUSE_PING, ARRIVED_NEW, IN_FORCE, __VA_ARGS__                                             \
    }
#define LATE(...)                                                                                  \
    {                                                                                              \
        CAUSE_PING, ARRIVED_LATE, __VA_ARGS__                                                      \
    }
#define TIME(...)                                                                                  \
    {                                                                                              \
        CAUSE_TIME, ARRIVED_NEW, __VA_ARGS__                                                       \
    }
#define RULES(...)                                                                                 \
    {                                                                                              \
        CAUSE_RULES, ARRIVED_NEW, __VA_ARGS__                                                      \
    }
#define INSIDE  .side = ZONE_INSIDE
#define OUTSIDE .side = ZONE_OUTSIDE
#define UNSURE  .side = ZONE_UNSURE
#define MAYBE   .side = ZONE_DOUBTFUL
#define LIKELY  .side = ZONE_PROBABLE
#define CROSSED .side = ZONE_OUTSIDE, .way = WAY_SINCE

static const struct row {
    const char *says;
    struct situation given;
    struct decision want;
} rows[] = {
    { "1: again, inside",
      { CAUSE_PING, ARRIVED_AGAIN, IN_FORCE, INSIDE, .incident = &none },
      { VERDICT_QUIET, 1 } },
    { "1: again, outside of an open breach",
      { CAUSE_PING, ARRIVED_AGAIN, IN_FORCE, OUTSIDE, .incident = &breach },
      { VERDICT_QUIET, 1 } },
    { "1: again, even when the order is over",
      { CAUSE_PING, ARRIVED_AGAIN, ENDED, INSIDE, .incident = &breach },
      { VERDICT_QUIET, 1 } },
    { "2: an implausible ping inside begins nothing",
      { CAUSE_PING, ARRIVED_IMPLAUSIBLE, IN_FORCE, INSIDE, .incident = &none },
      { VERDICT_QUIET, 2 } },
    { "2: an implausible ping outside ends nothing",
      { CAUSE_PING, ARRIVED_IMPLAUSIBLE, IN_FORCE, OUTSIDE, .incident = &breach },
      { VERDICT_QUIET, 2 } },
    { "3: late, was inside", LATE(IN_FORCE, INSIDE, .incident = &none), { VERDICT_WAS_INSIDE, 3 } },
    { "3: late, was inside, while another breach goes on",
      LATE(IN_FORCE, INSIDE, .incident = &breach),
      { VERDICT_WAS_INSIDE, 3 } },
    { "3: late, and told already",
      LATE(IN_FORCE, INSIDE, .covered = true, .incident = &breach),
      { VERDICT_QUIET, 3 } },
    { "3: late and outside ends nothing",
      LATE(IN_FORCE, OUTSIDE, .incident = &breach),
      { VERDICT_QUIET, 3 } },
    { "3: late, before the order began",
      LATE(NOT_BEGUN, INSIDE, .incident = &none),
      { VERDICT_QUIET, 3 } },
    { "3: late, and the map does not know: told, for a human",
      LATE(IN_FORCE, UNSURE, .incident = &none),
      { VERDICT_WAS_INSIDE, 3 } },
    { "4: inside before the order",
      TIME(NOT_BEGUN, INSIDE, .incident = &none),
      { VERDICT_QUIET, 4 } },
    { "4: inside, not served",
      { CAUSE_PING, ARRIVED_NEW, NOT_SERVED, INSIDE, .incident = &none },
      { VERDICT_QUIET, 4 } },
    { "4: the order ends a breach", TIME(ENDED, INSIDE, .incident = &breach), { VERDICT_ENDS, 4 } },
    { "4: the schedule ends a breach",
      TIME(OFF_SCHEDULE, INSIDE, .incident = &breach),
      { VERDICT_ENDS, 4 } },
    { "4: the order ends an approach",
      TIME(ENDED, OUTSIDE, .coming = true, .incident = &coming),
      { VERDICT_ENDS, 4 } },
    { "4: a reload takes the service back",
      RULES(NOT_SERVED, INSIDE, .incident = &breach),
      { VERDICT_ENDS, 4 } },
    { "4: not in force comes before not knowing",
      { CAUSE_PING, ARRIVED_NEW, ENDED, UNSURE, .incident = &maybe },
      { VERDICT_ENDS, 4 } },
    { "5: the order begins, his position is old",
      TIME(IN_FORCE, INSIDE, .stale = true, .incident = &none),
      { VERDICT_QUIET, 5 } },
    { "5: time passes, and nothing of the zone begins or ends: what was closed stays so",
      TIME(IN_FORCE, INSIDE, .unturned = true, .incident = &none),
      { VERDICT_QUIET, 5 } },
    { "5: the zone moves onto an old position",
      RULES(IN_FORCE, INSIDE, .stale = true, .incident = &none),
      { VERDICT_QUIET, 5 } },
    { "6: the map does not know", PING(UNSURE, .incident = &none), { VERDICT_POSSIBLE, 6 } },
    { "6: the map does not know, after an approach",
      PING(UNSURE, .incident = &coming),
      { VERDICT_POSSIBLE, 6 } },
    { "6: nor does it after a reload",
      RULES(IN_FORCE, UNSURE, .incident = &none),
      { VERDICT_POSSIBLE, 6 } },
    { "7: steps in", PING(INSIDE, .incident = &none), { VERDICT_BREACHES, 7 } },
    { "7: steps in after an approach", PING(INSIDE, .incident = &coming), { VERDICT_BREACHES, 7 } },
    { "7: what was possible is so", PING(INSIDE, .incident = &maybe), { VERDICT_BREACHES, 7 } },
    { "7: a ping of a wrong clock counts",
      { CAUSE_PING, ARRIVED_FUTURE, IN_FORCE, INSIDE, .incident = &none },
      { VERDICT_BREACHES, 7 } },
    { "7: the order begins around him",
      TIME(IN_FORCE, INSIDE, .incident = &none),
      { VERDICT_BREACHES, 7 } },
    { "7: the zone moves onto him",
      RULES(IN_FORCE, INSIDE, .incident = &none),
      { VERDICT_BREACHES, 7 } },
    { "7: a permit changes the words, not the fact",
      PING(INSIDE, .permitted = true, .incident = &none),
      { VERDICT_BREACHES, 7 } },
    { "7: he was inside by the ping before, and went on",
      PING(OUTSIDE, .way = WAY_WAS, .incident = &maybe),
      { VERDICT_BREACHES, 7 } },
    { "11: of a breach that says nothing new",
      PING(OUTSIDE, .way = WAY_WAS, .incident = &breach),
      { VERDICT_ENDS, 11 } },
    { "8: probably inside", PING(LIKELY, .incident = &none), { VERDICT_POSSIBLE, 8 } },
    { "8: after an approach", PING(LIKELY, .incident = &coming), { VERDICT_POSSIBLE, 8 } },
    { "8: the order begins where he probably is",
      TIME(IN_FORCE, LIKELY, .incident = &none),
      { VERDICT_POSSIBLE, 8 } },
    { "3: late, was probably inside",
      LATE(IN_FORCE, LIKELY, .incident = &none),
      { VERDICT_WAS_INSIDE, 3 } },
    { "3: late, and in doubt", LATE(IN_FORCE, MAYBE, .incident = &none), { VERDICT_QUIET, 3 } },
    { "9: the straight way crossed", PING(CROSSED, .incident = &none), { VERDICT_POSSIBLE, 9 } },
    { "9: the way there was time for",
      PING(OUTSIDE, .way = WAY_BEFORE, .incident = &coming),
      { VERDICT_POSSIBLE, 9 } },
    { "9: a way proves no breach, and ends none",
      PING(MAYBE, .way = WAY_SINCE, .incident = &breach),
      { VERDICT_QUIET, 13 } },
    { "13: in doubt a breach goes on", PING(MAYBE, .incident = &breach), { VERDICT_QUIET, 13 } },
    { "13: so does what was possible", PING(LIKELY, .incident = &maybe), { VERDICT_QUIET, 13 } },
    { "15: in doubt nothing begins", PING(MAYBE, .incident = &none), { VERDICT_QUIET, 15 } },
    { "10: in doubt a permit waits",
      TIME(IN_FORCE, MAYBE, .permitted = true, .incident = &breach),
      { VERDICT_QUIET, 13 } },
    { "10: a permit begins where he probably is",
      TIME(IN_FORCE, LIKELY, .permitted = true, .incident = &maybe),
      { VERDICT_ENDS, 10 } },
    { "10: a permit begins inside",
      TIME(IN_FORCE, INSIDE, .permitted = true, .incident = &breach),
      { VERDICT_ENDS, 10 } },
    { "10: a permit ends inside",
      TIME(IN_FORCE, INSIDE, .incident = &excused),
      { VERDICT_ENDS, 10 } },
    { "10: a ping sees that it ended", PING(INSIDE, .incident = &excused), { VERDICT_ENDS, 10 } },
    { "11: steps out", PING(OUTSIDE, .incident = &breach), { VERDICT_ENDS, 11 } },
    { "11: steps out into the ring",
      PING(OUTSIDE, .coming = true, .incident = &breach),
      { VERDICT_ENDS, 11 } },
    { "11: steps out of what was possible",
      PING(OUTSIDE, .incident = &maybe),
      { VERDICT_ENDS, 11 } },
    { "11: steps out just as the permit ends",
      PING(OUTSIDE, .incident = &excused),
      { VERDICT_ENDS, 11 } },
    { "11: the zone moves away",
      RULES(IN_FORCE, OUTSIDE, .incident = &breach),
      { VERDICT_ENDS, 11 } },
    { "11: an old position keeps nothing open",
      RULES(IN_FORCE, OUTSIDE, .stale = true, .incident = &breach),
      { VERDICT_ENDS, 11 } },
    { "12: leaves the ring", PING(OUTSIDE, .incident = &coming), { VERDICT_ENDS, 12 } },
    { "12: the ring is drawn in",
      RULES(IN_FORCE, OUTSIDE, .incident = &coming),
      { VERDICT_ENDS, 12 } },
    { "13: stays inside, an interval later",
      PING(INSIDE, .update_due = true, .incident = &breach),
      { VERDICT_GOES_ON, 13 } },
    { "13: stays inside, told just now", PING(INSIDE, .incident = &breach), { VERDICT_QUIET, 13 } },
    { "13: comes nearer still",
      PING(OUTSIDE, .coming = true, .closing = true, .update_due = true, .incident = &coming),
      { VERDICT_GOES_ON, 13 } },
    { "13: stands in the ring",
      PING(OUTSIDE, .coming = true, .update_due = true, .incident = &coming),
      { VERDICT_QUIET, 13 } },
    { "13: time alone is no news of him",
      TIME(IN_FORCE, INSIDE, .update_due = true, .incident = &breach),
      { VERDICT_QUIET, 13 } },
    { "13: the map falls silent in a breach",
      PING(UNSURE, .incident = &breach),
      { VERDICT_QUIET, 13 } },
    { "13: under a permit it goes on too",
      PING(INSIDE, .permitted = true, .update_due = true, .incident = &excused),
      { VERDICT_GOES_ON, 13 } },
    { "14: comes nearer in the ring",
      PING(OUTSIDE, .coming = true, .closing = true, .incident = &none),
      { VERDICT_APPROACHES, 14 } },
    { "14: a wrong clock comes nearer too",
      { CAUSE_PING, ARRIVED_FUTURE, IN_FORCE, OUTSIDE, .coming = true, .closing = true,
        .incident = &none },
      { VERDICT_APPROACHES, 14 } },
    { "15: far away", PING(OUTSIDE, .incident = &none), { VERDICT_QUIET, 15 } },
    { "15: in the ring, not coming nearer",
      PING(OUTSIDE, .coming = true, .incident = &none),
      { VERDICT_QUIET, 15 } },
    { "15: closing, but not in the ring yet",
      PING(OUTSIDE, .closing = true, .incident = &none),
      { VERDICT_QUIET, 15 } },
    { "15: a wider ring is no approach by itself",
      RULES(IN_FORCE, OUTSIDE, .coming = true, .closing = true, .incident = &none),
      { VERDICT_QUIET, 15 } },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct decision got = decide(&row->given);

    assert_int_equal(got.rule, row->want.rule);
    assert_int_equal(got.verdict, row->want.verdict);
}

static void each_rule_stands_here_twice(void **state)
{
    int count[16] = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        count[rows[i].want.rule]++;
    for (int rule = 1; rule <= 15; rule++)
        assert_true(count[rule] >= 2);
}

/* Every situation there is gets a rule; nothing is opened by a ping that proves nothing. */
static void no_situation_is_without_a_rule(void **state)
{
    static const struct incident *const incidents[] = { &none, &coming, &maybe, &breach, &excused };

    (void)state;
    for (unsigned n = 0; n < 3 * 5 * 5 * 5 * 3 * 5 * 64; n++) {
        unsigned rest = n / 64;
        struct situation given = { .permitted = n & 1,
                                   .stale = n >> 1 & 1,
                                   .coming = n >> 2 & 1,
                                   .closing = n >> 3 & 1,
                                   .update_due = n >> 4 & 1,
                                   .covered = n >> 5 & 1,
                                   .cause = (enum cause)(rest % 3),
                                   .arrival = (enum arrival)(rest / 3 % 5),
                                   .standing = (enum standing)(rest / 15 % 5),
                                   .side = (enum zone_side)(rest / 75 % 5),
                                   .way = (enum way)(rest / 375 % 3),
                                   .incident = incidents[rest / 1125 % 5] };
        struct decision got = decide(&given);
        bool opens = got.verdict == VERDICT_BREACHES || got.verdict == VERDICT_APPROACHES ||
                     got.verdict == VERDICT_POSSIBLE;

        assert_in_range(got.rule, 1, 15);
        assert_false(opens && given.standing != IN_FORCE);
        assert_false(got.verdict == VERDICT_ENDS && given.incident->phase == PHASE_NONE);
        assert_false(got.verdict == VERDICT_GOES_ON && given.incident->phase == PHASE_NONE);
        if (given.cause == CAUSE_PING && given.arrival != ARRIVED_NEW &&
            given.arrival != ARRIVED_FUTURE)
            assert_true(got.verdict == VERDICT_QUIET || got.verdict == VERDICT_WAS_INSIDE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_stands_here_twice),
        cmocka_unit_test(no_situation_is_without_a_rule),
    };

    return rows_hold("decide, rule by rule", rows, row_holds) +
           cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
