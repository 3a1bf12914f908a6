/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alert.h"

#include <math.h>
#include <string.h>

#include "support/rows.h"

enum { NOW = 1000000000 };

/* Half an hour ago he came near, five minutes ago he stepped in. */
static const struct incident breach = { .phase = PHASE_BREACH,
                                        .pings = 21,
                                        .opened = { NOW - 1800000 },
                                        .entered = { NOW - 301000 },
                                        .run = { NOW - 301000 } };
static const struct incident entering = {
    .phase = PHASE_BREACH, .pings = 2, .run = { NOW - 15000 }, .opened = { NOW }, .entered = { NOW }
};
static const struct incident coming = { .phase = PHASE_APPROACH, .opened = { NOW - 90000 } };
static const struct incident none = { .phase = PHASE_NONE };

#define AT(age, accuracy)                                                                          \
    {                                                                                              \
        { NOW - (age) }, { 0.45782, 51.56844 }, accuracy                                           \
    }

static const struct row {
    const char *says;
    struct alert alert;
    struct situation given;
    enum standing was;
    const char *want;
    struct account account; // what is not in the two above
} rows[] = {
    { "steps in",
      { .type = ALERT_BREACH, .depth = 42.4, .eta = NAN, .ping = AT(0, 8) },
      { .side = ZONE_INSIDE, .incident = &none },
      IN_FORCE,
      "inside by 42 m, accuracy 8 m",
      { 0 } },
    { "steps in, no accuracy",
      { .type = ALERT_BREACH, .depth = 0.2, .eta = NAN, .ping = AT(0, NAN) },
      { .side = ZONE_INSIDE, .incident = &none },
      IN_FORCE,
      "inside by 0 m, accuracy unknown",
      { 0 } },
    { "stands on the edge",
      { .type = ALERT_BREACH, .depth = -0.0, .eta = NAN, .ping = AT(0, 8) },
      { .side = ZONE_INSIDE, .incident = &none },
      IN_FORCE,
      "inside by 0 m, accuracy 8 m",
      { 0 } },
    { "steps in by permit",
      { .type = ALERT_BREACH, .authorised = true, .depth = 42, .eta = NAN, .ping = AT(0, 8) },
      { .permitted = true, .side = ZONE_INSIDE, .incident = &none },
      IN_FORCE,
      "inside by 42 m, accuracy 8 m, by permit",
      { 0 } },
    { "the second ping inside",
      { .type = ALERT_BREACH, .depth = 42, .eta = NAN, .ping = AT(0, 8) },
      { .side = ZONE_INSIDE, .incident = &entering },
      IN_FORCE,
      "inside by 42 m, accuracy 8 m, 2 pings in 15 s",
      { 0 } },
    { "probably inside",
      { .type = ALERT_POSSIBLE, .depth = -3, .eta = NAN, .ping = AT(0, 20) },
      { .side = ZONE_PROBABLE, .incident = &none },
      IN_FORCE,
      "may be inside: 3 m outside, accuracy 20 m",
      { 0 } },
    { "the way crossed",
      { .type = ALERT_POSSIBLE, .depth = -380, .eta = NAN, .ping = AT(0, 8) },
      { .way = WAY_SINCE, .incident = &none },
      IN_FORCE,
      "on the way between two pings 1 min 0 s apart he may have been inside; now 380 m outside, "
      "accuracy 8 m",
      { .gap_ms = 60000 } },
    { "the way there was time for",
      { .type = ALERT_POSSIBLE, .depth = -38, .eta = NAN, .ping = AT(0, 8) },
      { .way = WAY_BEFORE, .incident = &none },
      IN_FORCE,
      "as he went on, he may have been inside between the two pings before, 1 min 0 s apart; now "
      "38 m outside, "
      "accuracy 8 m",
      { .gap_ms = 60000 } },
    { "he was there a ping ago, and went on",
      { .type = ALERT_BREACH, .depth = -160, .eta = NAN, .ping = AT(0, 8) },
      { .way = WAY_WAS, .incident = &none },
      IN_FORCE,
      "inside by the ping before, 1 min 0 s ago, from where he went on; now 160 m outside, "
      "accuracy 8 m",
      { .gap_ms = 60000 } },
    { "another device says something else",
      { .type = ALERT_BREACH, .depth = 42, .eta = NAN, .ping = AT(0, 8) },
      { .side = ZONE_INSIDE, .incident = &none },
      IN_FORCE,
      "inside by 42 m, accuracy 8 m; but tag-0042 was 2900 m outside 20 s ago",
      { .other = "tag-0042", .other_distance = 2900, .other_ms = 20000 } },
    { "the map does not know",
      { .type = ALERT_POSSIBLE, .depth = NAN, .eta = NAN, .ping = AT(0, 8) },
      { .side = ZONE_UNSURE, .incident = &none },
      IN_FORCE,
      "the map gave no answer, accuracy 8 m",
      { 0 } },
    { "comes near",
      { .type = ALERT_APPROACH, .depth = -310, .eta = 221, .ping = AT(0, 8) },
      { .coming = true, .closing = true, .incident = &coming },
      IN_FORCE,
      "310 m from the zone, closing at 1.4 m/s, there in 3 min 41 s, at the earliest in "
      "2 min 50 s, accuracy 8 m",
      { .earliest = 170 } },
    { "comes nearer",
      { .type = ALERT_UPDATE, .depth = -60, .eta = 30, .ping = AT(0, NAN) },
      { .coming = true, .closing = true, .incident = &coming },
      IN_FORCE,
      "60 m from the zone, closing at 2.0 m/s, there in 30 s, at the earliest in 25 s, "
      "accuracy unknown",
      { .earliest = 25 } },
    { "one ping, not believed, has him over the edge",
      { .type = ALERT_UPDATE, .depth = 49, .eta = 0, .ping = AT(0, 8) },
      { .coming = true, .closing = true, .incident = &coming },
      IN_FORCE,
      "inside by 49 m, accuracy 8 m, by a ping that is in doubt",
      { .earliest = NAN } },
    { "goes on",
      { .type = ALERT_UPDATE, .depth = 17, .eta = NAN, .ping = AT(0, 12) },
      { .side = ZONE_INSIDE, .incident = &breach },
      IN_FORCE,
      "still inside by 17 m, accuracy 12 m, 21 pings in 5 min 1 s",
      { 0 } },
    { "steps out: as long as he was inside",
      { .type = ALERT_CLEARED, .depth = -12, .eta = NAN, .ping = AT(0, 8) },
      { .side = ZONE_OUTSIDE, .incident = &breach },
      IN_FORCE,
      "left the zone: 12 m outside, accuracy 8 m, after 5 min 1 s",
      { 0 } },
    { "leaves the ring",
      { .type = ALERT_CLEARED, .depth = -812, .eta = NAN, .ping = AT(0, 8) },
      { .side = ZONE_OUTSIDE, .incident = &coming },
      IN_FORCE,
      "left the warning ring: 812 m outside, accuracy 8 m, after 1 min 30 s",
      { 0 } },
    { "the order ends",
      { .type = ALERT_CLEARED, .depth = 5, .eta = NAN, .ping = AT(60000, 8) },
      { CAUSE_TIME, .standing = ENDED, .side = ZONE_INSIDE, .incident = &breach },
      IN_FORCE,
      "order ended: inside by 5 m, accuracy 8 m, after 5 min 1 s",
      { 0 } },
    { "the schedule ends",
      { .type = ALERT_CLEARED, .depth = 5, .eta = NAN, .ping = AT(60000, 8) },
      { CAUSE_TIME, .standing = OFF_SCHEDULE, .side = ZONE_INSIDE, .incident = &breach },
      IN_FORCE,
      "schedule ended: inside by 5 m, accuracy 8 m, after 5 min 1 s",
      { 0 } },
    { "a reload takes the service back",
      { .type = ALERT_CLEARED, .depth = 5, .eta = NAN, .ping = AT(60000, 8) },
      { CAUSE_RULES, .standing = NOT_SERVED, .side = ZONE_INSIDE, .incident = &breach },
      NOT_SERVED,
      "order not served: inside by 5 m, accuracy 8 m, after 5 min 1 s",
      { 0 } },
    { "a reload puts the beginning off",
      { .type = ALERT_CLEARED, .depth = 5, .eta = NAN, .ping = AT(60000, 8) },
      { CAUSE_RULES, .standing = NOT_BEGUN, .side = ZONE_INSIDE, .incident = &breach },
      NOT_BEGUN,
      "order not begun: inside by 5 m, accuracy 8 m, after 5 min 1 s",
      { 0 } },
    { "the zone moves away",
      { .type = ALERT_CLEARED, .depth = -200, .eta = NAN, .ping = AT(60000, 8) },
      { CAUSE_RULES, .side = ZONE_OUTSIDE, .incident = &breach },
      IN_FORCE,
      "zone changed: 200 m outside, accuracy 8 m, after 5 min 1 s",
      { 0 } },
    { "a permit begins: the breach ends",
      { .type = ALERT_CLEARED, .depth = 42, .eta = NAN, .ping = AT(60000, 8) },
      { CAUSE_TIME, .permitted = true, .side = ZONE_INSIDE, .incident = &breach },
      IN_FORCE,
      "permit began: inside by 42 m, accuracy 8 m, after 5 min 1 s",
      { 0 } },
    { "a permit ends: what it excused ends",
      { .type = ALERT_CLEARED, .authorised = true, .depth = 42, .eta = NAN, .ping = AT(60000, 8) },
      { CAUSE_TIME, .side = ZONE_INSIDE, .incident = &breach },
      IN_FORCE,
      "permit ended: inside by 42 m, accuracy 8 m, after 5 min 1 s",
      { 0 } },
    { "the order begins around him",
      { .type = ALERT_BREACH, .depth = 42, .eta = NAN, .ping = AT(45000, 8) },
      { CAUSE_TIME, .side = ZONE_INSIDE, .incident = &none },
      NOT_BEGUN,
      "order began: last known position, 45 s old, inside by 42 m, accuracy 8 m",
      { 0 } },
    { "the order is served",
      { .type = ALERT_BREACH, .depth = 42, .eta = NAN, .ping = AT(45000, 8) },
      { CAUSE_TIME, .side = ZONE_INSIDE, .incident = &none },
      NOT_SERVED,
      "order served: last known position, 45 s old, inside by 42 m, accuracy 8 m",
      { 0 } },
    { "the schedule begins around him",
      { .type = ALERT_BREACH, .depth = 42, .eta = NAN, .ping = AT(2700000, 8) },
      { CAUSE_TIME, .side = ZONE_INSIDE, .incident = &none },
      OFF_SCHEDULE,
      "schedule began: last known position, 45 min 0 s old, inside by 42 m, accuracy 8 m",
      { 0 } },
    { "a permit begins: what it excuses begins",
      { .type = ALERT_BREACH, .authorised = true, .depth = 42, .eta = NAN, .ping = AT(0, 8) },
      { CAUSE_TIME, .permitted = true, .side = ZONE_INSIDE, .incident = &none },
      IN_FORCE,
      "permit began: last known position, 0 s old, inside by 42 m, accuracy 8 m",
      { 0 } },
    { "a permit ends: the breach begins",
      { .type = ALERT_BREACH, .depth = 42, .eta = NAN, .ping = AT(0, 8) },
      { CAUSE_TIME, .side = ZONE_INSIDE, .incident = &none },
      IN_FORCE,
      "permit ended: last known position, 0 s old, inside by 42 m, accuracy 8 m",
      { 0 } },
    { "the zone moves onto him",
      { .type = ALERT_BREACH, .depth = 42, .eta = NAN, .ping = AT(30000, 8) },
      { CAUSE_RULES, .side = ZONE_INSIDE, .incident = &none },
      IN_FORCE,
      "zone changed: last known position, 30 s old, inside by 42 m, accuracy 8 m",
      { 0 } },
    { "a ping comes late",
      { .type = ALERT_RETROSPECTIVE,
        .time = { NOW - 1260000 },
        .received = { NOW },
        .depth = 42,
        .eta = NAN,
        .ping = AT(1260000, 8) },
      { CAUSE_PING, ARRIVED_LATE, .side = ZONE_INSIDE, .incident = &breach },
      IN_FORCE,
      "a ping that came 21 min 0 s late was inside by 42 m, accuracy 8 m",
      { 0 } },
};

static void it_reads_so(void **state)
{
    const struct row *row = *state;
    struct alert alert = row->alert;
    struct account account = row->account;

    account.given = &row->given;
    account.was = row->was;
    if (alert.time.ms == 0)
        alert.time = alert.received = (struct utc){ NOW };
    alert.has_ping = alert.ping.time.ms != 0;
    alert_explain(&alert, &account);
    assert_string_equal(alert.reason, row->want);
}

/* It may be read by many, and a place is personal. */
static void no_reason_tells_a_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_null(strstr(rows[i].want, "51.5"));
        assert_null(strstr(rows[i].want, "0.45"));
    }
}

static void the_longest_reason_fits(void **state)
{
    struct alert alert = { .type = ALERT_BREACH,
                           .has_ping = true,
                           .time = { INT64_MAX / 4 },
                           .depth = -4e7,
                           .eta = NAN,
                           .ping = { { 0 }, { 0, 0 }, 1e9 } };
    struct situation given = { CAUSE_TIME, .incident = &none };

    (void)state;
    alert_explain(&alert, &(struct account){ .given = &given, .was = OFF_SCHEDULE });
    assert_non_null(strstr(alert.reason, "accuracy 1000000000 m"));
}

static const struct duration_row {
    const char *says;
    int64_t ms;
} durations[] = {
    { "0 s", 0 },
    { "0 s", 499 },
    { "1 s", 500 },
    { "45 s", 45000 },
    { "59 s", 59499 },
    { "1 min 0 s", 59500 },
    { "3 min 41 s", 221000 },
    { "59 min 59 s", 3599000 },
    { "1 h 0 min", 3600000 },
    { "2 h 5 min", 7500000 },
    { "23 h 59 min", 86399000 },
    { "1 d 0 h", 86400000 },
    { "3 d 4 h", 273600000 },
};

static void it_is_printed(void **state)
{
    const struct duration_row *row = *state;
    char text[DURATION_TEXT_MAX];

    assert_string_equal(duration_print(row->ms, text), row->says);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_reason_tells_a_place),
        cmocka_unit_test(the_longest_reason_fits),
    };

    return rows_hold("reasons, word by word", rows, it_reads_so) +
           rows_hold("durations", durations, it_is_printed) +
           cmocka_run_group_tests_name("alert", tests, NULL, NULL);
}
