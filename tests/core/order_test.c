/* SPDX-License-Identifier: Apache-2.0 */
#include "core/order.h"

#include "support/london.h"
#include "support/rows.h"

#define FROM   "2020-06-09T11:00:00Z"
#define SERVED "2020-06-09T14:30:00Z"
#define UNTIL  "2020-07-07T11:00:00Z"

static struct utc instant_of(const char *text)
{
    return text ? utc_of(text) : UTC_NEVER;
}

static struct order order_of(const char *kind, const char *from, const char *served,
                             const char *until)
{
    return (struct order){ .id = "DVPO-1",
                           .kind = kind,
                           .from = utc_of(from),
                           .served = instant_of(served),
                           .until = instant_of(until) };
}

static struct schedule schedule_of(const char *text)
{
    struct schedule schedule;
    struct fault why;

    if (!schedule_parse(text, &schedule, &why))
        fail_msg("%s", why.text);
    return schedule;
}

static const struct standing_row {
    const char *says, *served, *until, *schedule, *at;
    enum standing want;
} standing_rows[] = {
    { "long before", SERVED, UNTIL, NULL, "2020-01-01T00:00:00Z", NOT_BEGUN },
    { "a millisecond before it begins", SERVED, UNTIL, NULL, "2020-06-09T10:59:59.999Z",
      NOT_BEGUN },
    { "begun, not served", SERVED, UNTIL, NULL, FROM, NOT_SERVED },
    { "a millisecond before the service", SERVED, UNTIL, NULL, "2020-06-09T14:29:59.999Z",
      NOT_SERVED },
    { "served", SERVED, UNTIL, NULL, SERVED, IN_FORCE },
    { "the last millisecond", SERVED, UNTIL, NULL, "2020-07-07T10:59:59.999Z", IN_FORCE },
    { "over from its end on", SERVED, UNTIL, NULL, UNTIL, ENDED },
    { "never served", NULL, UNTIL, NULL, "2020-06-23T20:00:00Z", NOT_SERVED },
    { "never served, and over", NULL, UNTIL, NULL, "2020-08-01T00:00:00Z", ENDED },
    { "served before it began", "2020-06-01T00:00:00Z", UNTIL, NULL, FROM, IN_FORCE },
    { "open-ended", SERVED, NULL, NULL, "2199-01-01T00:00:00Z", IN_FORCE },
    { "in school hours", SERVED, UNTIL, "Mon-Fri 08:00-16:30", "2020-06-23T10:00:00Z", IN_FORCE },
    { "after school", SERVED, UNTIL, "Mon-Fri 08:00-16:30", "2020-06-23T20:00:00Z", OFF_SCHEDULE },
    { "after school, not served", NULL, UNTIL, "Mon-Fri 08:00-16:30", "2020-06-23T20:00:00Z",
      NOT_SERVED },
    { "school hours after the end", SERVED, UNTIL, "Mon-Fri 08:00-16:30", "2020-07-08T10:00:00Z",
      ENDED },
};

static void it_stands_so(void **state)
{
    const struct standing_row *row = *state;
    struct order order = order_of("DVPO", FROM, row->served, row->until);
    struct schedule schedule = schedule_of(row->schedule ? row->schedule : "Mon 00:00-24:00");
    struct exclusion exclusion = { .order = &order, .schedule = row->schedule ? &schedule : NULL };

    assert_int_equal(exclusion_standing(&exclusion, &london_2020, utc_of(row->at)), row->want);
}

static const struct permit court = { .id = "court",
                                     .from = { 1592900000000 },
                                     .until = { 1592910000000 } };
static const struct permit visit = { .id = "visit",
                                     .from = { 1592905000000 },
                                     .until = { 1592920000000 } };

static void a_permit_holds_from_its_first_instant_until_before_its_last(void **state)
{
    const struct permit *both[] = { &court, &visit };
    struct exclusion exclusion = { .permits = both, .n_permits = 2 };

    (void)state;
    assert_null(exclusion_permit(&exclusion, &london_2020, (struct utc){ 1592899999999 }));
    assert_ptr_equal(exclusion_permit(&exclusion, &london_2020, (struct utc){ 1592900000000 }),
                     &court);
    assert_non_null(exclusion_permit(&exclusion, &london_2020, (struct utc){ 1592907000000 }));
    assert_ptr_equal(exclusion_permit(&exclusion, &london_2020, (struct utc){ 1592910000000 }),
                     &visit);
    assert_ptr_equal(exclusion_permit(&exclusion, &london_2020, (struct utc){ 1592919999999 }),
                     &visit);
    assert_null(exclusion_permit(&exclusion, &london_2020, (struct utc){ 1592920000000 }));
}

static const struct weekly_row {
    const char *says, *at;
    bool permitted;
} weekly_rows[] = {
    { "the Tuesday before it begins", "2020-06-09T09:30:00Z", false },
    { "a millisecond before the window", "2020-06-16T08:59:59.999Z", false },
    { "the window opens by local time", "2020-06-16T09:00:00Z", true },
    { "its last millisecond", "2020-06-16T10:29:59.999Z", true },
    { "it shuts", "2020-06-16T10:30:00Z", false },
    { "a Wednesday", "2020-06-17T09:30:00Z", false },
    { "the next Tuesday", "2020-06-23T09:30:00Z", true },
    { "the permit ends in the window", "2020-06-30T09:59:59.999Z", true },
    { "and is over", "2020-06-30T10:00:00Z", false },
    { "the Tuesday after", "2020-07-07T09:30:00Z", false },
};

/* Tue 10:00-11:30 in London, from 10 June until the third window's first hour is over. */
static void a_weekly_permit_holds_in_its_windows(void **state)
{
    const struct weekly_row *row = *state;
    struct schedule every = schedule_of("Tue 10:00-11:30");
    struct permit weekly = { .id = "course",
                             .from = utc_of("2020-06-10T00:00:00Z"),
                             .until = utc_of("2020-06-30T10:00:00Z"),
                             .every = &every };
    const struct permit *only[] = { &weekly };
    struct exclusion exclusion = { .permits = only, .n_permits = 1 };
    const struct permit *found = exclusion_permit(&exclusion, &london_2020, utc_of(row->at));

    assert_ptr_equal(found, row->permitted ? &weekly : NULL);
}

static void without_permits_there_is_none(void **state)
{
    struct exclusion exclusion = { 0 };

    (void)state;
    assert_null(exclusion_permit(&exclusion, &london_2020, utc_of(FROM)));
}

/* Steps from boundary to boundary through four weeks, looking at each minute between. */
static void nothing_changes_before_next(void **state)
{
    struct schedule every = schedule_of("Tue 10:00-11:30; Sun 23:00-01:00");
    struct permit course = { .id = "course",
                             .from = utc_of("2020-06-10T00:00:00Z"),
                             .until = utc_of("2020-06-30T10:00:00Z"),
                             .every = &every };
    const struct permit *all[] = { &court, &visit, &course };
    struct order order = order_of("DVPO", FROM, SERVED, UNTIL);
    struct schedule schedule = schedule_of("Mon-Fri 08:00-16:30; Fri 22:00-06:00");
    struct exclusion exclusion = {
        .order = &order, .schedule = &schedule, .permits = all, .n_permits = 3
    };
    struct utc at = utc_of("2020-06-01T00:00:00Z"), end = utc_of("2020-07-08T00:00:00Z");
    int steps = 0;

    (void)state;
    while (at.ms < end.ms) {
        struct utc next = exclusion_next(&exclusion, &london_2020, at);
        enum standing standing = exclusion_standing(&exclusion, &london_2020, at);
        const struct permit *permit = exclusion_permit(&exclusion, &london_2020, at);

        assert_true(next.ms > at.ms);
        for (int64_t ms = at.ms; ms < next.ms && ms < end.ms; ms += 1000 * 20) {
            struct utc between = { ms };

            assert_int_equal(exclusion_standing(&exclusion, &london_2020, between), standing);
            assert_int_equal(exclusion_permit(&exclusion, &london_2020, between) != NULL,
                             permit != NULL);
        }
        at = next;
        steps++;
    }
    assert_in_range(steps, 50, 200);
}

static void an_open_order_without_windows_never_changes_again(void **state)
{
    struct order order = order_of("DVPO", FROM, SERVED, NULL);
    struct exclusion exclusion = { .order = &order };

    (void)state;
    assert_int_equal(exclusion_next(&exclusion, &london_2020, utc_of(SERVED)).ms, INT64_MAX);
    assert_int_equal(exclusion_next(&exclusion, &london_2020, utc_of(FROM)).ms, utc_of(SERVED).ms);
}

static const struct doubt_row {
    const char *says, *kind, *from, *served, *until;
    size_t n;
    const char *first;
} doubt_rows[] = {
    { "a DVPO of 28 days", "DVPO", FROM, SERVED, UNTIL, 0, NULL },
    { "28 days over a change of clocks", "DVPO", "2020-10-12T11:00:00Z", "2020-10-12T11:00:00Z",
      "2020-11-09T12:00:00Z", 0, NULL },
    { "a DVPO of 14 days", "DVPO", FROM, SERVED, "2020-06-23T11:00:00Z", 0, NULL },
    { "a DVPO of 13 days", "DVPO", FROM, SERVED, "2020-06-22T11:00:00Z", 1,
      "until: a DVPO lasts 14 to 28 days, this one 13.0" },
    { "a DVPO of 29 days", "DVPO", FROM, SERVED, "2020-07-08T11:00:00Z", 1,
      "until: a DVPO lasts 14 to 28 days, this one 29.0" },
    { "a DVPO without an end", "DVPO", FROM, SERVED, NULL, 1,
      "until: a DVPO lasts 14 to 28 days, this one has no end" },
    { "a DVPN of 48 hours", "DVPN", FROM, SERVED, "2020-06-11T11:00:00Z", 0, NULL },
    { "a DVPN of three days", "DVPN", FROM, SERVED, "2020-06-12T11:00:00Z", 1,
      "until: a DVPN lasts up to 48 hours, this one 72" },
    { "a DVPN without an end", "DVPN", FROM, SERVED, NULL, 1,
      "until: a DVPN lasts up to 48 hours, this one has no end" },
    { "a restraining order for ten years", "restraining", FROM, SERVED, "2030-06-09T11:00:00Z", 0,
      NULL },
    { "a DAPO without an end", "DAPO", FROM, SERVED, NULL, 0, NULL },
    { "not served", "DVPO", FROM, NULL, UNTIL, 1,
      "served: not given, so the order is not enforceable yet" },
    { "too short, and not served", "DVPO", FROM, NULL, "2020-06-10T11:00:00Z", 2,
      "until: a DVPO lasts 14 to 28 days, this one 1.0" },
};

static void it_is_doubted_so(void **state)
{
    const struct doubt_row *row = *state;
    struct order order = order_of(row->kind, row->from, row->served, row->until);
    struct fault doubts[ORDER_DOUBTS_MAX];

    assert_int_equal(order_doubts(&order, doubts), row->n);
    if (row->n > 0)
        assert_string_equal(doubts[0].text, row->first);
}

static const struct covers_row {
    const char *says, *zones, *name;
    bool want;
} covers_rows[] = {
    { "no list covers all", NULL, "home", true },
    { "the one named", "home", "home", true },
    { "another one", "home", "school", false },
    { "the second, after a comma", "home, school", "school", true },
    { "the second, after a blank", "home school", "school", true },
    { "the first of a list", "home,school", "home", true },
    { "no part of a name", "homestead", "home", false },
    { "no name in part", "home", "homestead", false },
    { "commas alone", " , ,", "home", false },
    { "case counts", "Home", "home", false },
};

static void it_covers_so(void **state)
{
    const struct covers_row *row = *state;
    struct permit permit = { .zones = row->zones };

    assert_int_equal(permit_covers(&permit, row->name), row->want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_permit_holds_from_its_first_instant_until_before_its_last),
        cmocka_unit_test(without_permits_there_is_none),
        cmocka_unit_test(nothing_changes_before_next),
        cmocka_unit_test(an_open_order_without_windows_never_changes_again),
    };

    return rows_hold("orders stand", standing_rows, it_stands_so) +
           rows_hold("orders doubted", doubt_rows, it_is_doubted_so) +
           rows_hold("permits cover", covers_rows, it_covers_so) +
           rows_hold("a weekly permit", weekly_rows, a_weekly_permit_holds_in_its_windows) +
           cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
