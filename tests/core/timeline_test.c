/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timeline_test.c - an incident is open in a zone with a boundary every ten seconds, and what is
 * asked becomes a text: "10 20 ping 30" is the boundaries at 10 s and 20 s, the ping, the boundary
 * at 30 s. Nothing is judged: a row says what came of the ping. The watch is wrong where a row says
 * so, see CMakeLists.txt.
 */
#include "core/timeline.h"

#include <stdio.h>
#include <string.h>

#include "support/rows.h"

enum { EDGES = 400, EVERY_S = 10, TEXT_MAX = 200 };

/* What the respondent's days are made of, and what was asked. */
struct day {
    struct permit permits[EDGES / 2];
    const struct permit *permit_views[EDGES / 2];
    struct order order;
    struct exclusion exclusion;
    const struct exclusion *exclusions[1];
    const char *devices[1];
    struct respondent who;
    struct detect detect;
    struct civil civil;
    struct watch watch;
    struct known_device device;
    struct incident incident;
    struct known_device *device_views[1];
    struct incident *incident_views[1];
    struct track track;
    struct timeline timeline;
    struct outcome room;

    enum arrival arrived; // of the ping, and by what instant it is judged
    struct utc when;
    size_t lost;    // which question cannot be kept, counted from 1; 0: each can
    struct utc now; // by our clock, when each is asked; UTC_NEVER: a boundary at its own instant
    size_t asked, pasts;
    char text[TEXT_MAX];
};

static struct utc at(int64_t seconds)
{
    return (struct utc){ seconds * 1000 };
}

/* ---- a watch that is wrong ---- */

/* What it says is due after what was asked: the truth, the very same again, five seconds before. */
enum saying { TRUE_ONE, THE_SAME, AN_EARLIER_ONE };
static enum saying says;

struct utc __real_watch_due_after(const struct watch *watch, const struct respondent *who,
                                  const struct track *track, struct utc asked);
struct utc __wrap_watch_due_after(const struct watch *watch, const struct respondent *who,
                                  const struct track *track, struct utc asked);

struct utc __wrap_watch_due_after(const struct watch *watch, const struct respondent *who,
                                  const struct track *track, struct utc asked)
{
    return says == TRUE_ONE   ? __real_watch_due_after(watch, who, track, asked)
           : says == THE_SAME ? asked
                              : utc_plus(asked, -5000);
}

/* ---- a day ---- */

static bool ask(const struct question *question, struct outcome *out, void *arg)
{
    struct day *day = arg;
    size_t length = strlen(day->text);
    struct utc now = day->now.ms == UTC_NEVER.ms ? question->at : day->now;

    out->n = 0;
    out->arrival = day->arrived;
    out->when = day->when;
    assert_int_equal(question->now.ms, now.ms);
    snprintf(day->text + length, sizeof day->text - length,
             question->cause == CAUSE_PING    ? "%sping"
             : question->cause == CAUSE_RULES ? "%srules %lld"
                                              : "%s%lld",
             length > 0 ? " " : "", (long long)question->at.ms / 1000);
    return ++day->asked != day->lost;
}

static void on_past(void *arg)
{
    struct day *day = arg;

    day->pasts++;
}

static void day_init(struct day *day)
{
    memset(day, 0, sizeof *day);
    for (size_t i = 0; i < EDGES / 2; i++) {
        day->permits[i].from = at((int64_t)(2 * i + 1) * EVERY_S);
        day->permits[i].until = at((int64_t)(2 * i + 2) * EVERY_S);
        day->permit_views[i] = &day->permits[i];
    }
    day->order = (struct order){ .from = UTC_ALWAYS, .served = UTC_ALWAYS, .until = UTC_NEVER };
    day->exclusion = (struct exclusion){ .order = &day->order,
                                         .permits = day->permit_views,
                                         .n_permits = EDGES / 2 };
    day->exclusions[0] = &day->exclusion;
    day->who = (struct respondent){ "R-1", day->devices, 1, day->exclusions, 1 };
    day->detect = (struct detect){ .late_ms = 600 * 1000, .silent_ms = 3600 * 1000 };
    day->watch = (struct watch){ .civil = &day->civil, .detect = &day->detect };
    day->civil = (struct civil){ .n = 1, .change = { { UTC_ALWAYS, 0 } } };
    day->incident.phase = PHASE_BREACH;
    day->device_views[0] = &day->device;
    day->incident_views[0] = &day->incident;
    day->track = (struct track){ .devices = day->device_views, .incidents = day->incident_views };
    day->timeline = (struct timeline){ .watch = &day->watch,
                                       .who = &day->who,
                                       .track = &day->track,
                                       .ask = ask,
                                       .room = &day->room,
                                       .on_past = on_past,
                                       .arg = day };
}

/* ---- what must hold ---- */

enum deed { PING, DOUBTED_PING, PASS, RULES, BOUNDARY };

/* Instants are seconds. Of the ping: its time, what it arrives as, by what instant it is judged. */
struct given {
    enum deed deed;
    int64_t due, now;
    struct {
        int64_t time;
        enum arrival arrived;
        int64_t when;
    } ping;
    size_t lost;
    enum saying says;
};

static const struct row {
    const char *says;
    struct given given;
    struct {
        const char *asked;
        int64_t next; // due after it
        size_t pasts;
    } want;
} rows[] = {
    // The order of things.
    { "boundaries up to the ping's own time come before it, the later ones after it",
      { PING, 10, 45, .ping = { 20, ARRIVED_NEW, 20 } },
      { "10 20 ping 30 40", 50, 0 } },
    { "a boundary at the ping's own instant comes before it",
      { PING, 20, 20, .ping = { 20, ARRIVED_NEW, 20 } },
      { "20 ping", 30, 0 } },
    { "nothing is due: nothing but the ping is asked",
      { PING, 50, 45, .ping = { 44, ARRIVED_NEW, 44 } },
      { "ping", 50, 0 } },
    { "what was judged before the ping came is judged again by it, from its own time on",
      { PING, 50, 45, .ping = { 25, ARRIVED_NEW, 25 } },
      { "ping 30 40", 50, 0 } },
    { "a ping judged by our clock has no boundaries after it",
      { PING, 50, 45, .ping = { 400, ARRIVED_FUTURE, 45 } },
      { "ping", 50, 0 } },
    { "a ping that is ahead of us has none either",
      { PING, 50, 45, .ping = { 100, ARRIVED_NEW, 100 } },
      { "ping", 50, 0 } },
    { "a late ping takes nothing back",
      { PING, 50, 45, .ping = { 25, ARRIVED_LATE, 25 } },
      { "ping", 50, 0 } },
    { "nor does it leave out what is due",
      { PING, 30, 45, .ping = { 25, ARRIVED_LATE, 25 } },
      { "ping 30 40", 50, 0 } },
    { "a ping of ten minutes ago comes between what was before it and what was after",
      { PING, 110, 720, .ping = { 120, ARRIVED_LATE, 120 }, .lost = 4 },
      { "110 120 ping 130", 721, 0 } },
    { "an older one comes after all that is due",
      { PING, 690, 720, .ping = { 119, ARRIVED_LATE, 119 } },
      { "690 700 710 720 ping", 730, 0 } },
    { "so does one that came while our clock was in doubt",
      { DOUBTED_PING, 10, 45, .ping = { 20, ARRIVED_NEW, 45 } },
      { "10 20 30 40 ping", 50, 0 } },
    { "time passes: each boundary is judged at its own instant",
      { PASS, .due = 10, .now = 45 },
      { "10 20 30 40", 50, 0 } },
    { "time passes up to a boundary: it is judged",
      { PASS, .due = 10, .now = 20 },
      { "10 20", 30, 0 } },
    { "time passes, and nothing is due", { PASS, .due = 50, .now = 45 }, { "", 50, 0 } },
    { "one boundary is one question, however many are due",
      { BOUNDARY, .due = 10, .now = 45 },
      { "10", 20, 0 } },
    { "new rules are one question, and the next is the boundary after it",
      { RULES, .due = 10, .now = 45 },
      { "rules 45", 50, 0 } },

    // What could not be kept.
    { "a boundary that could not be kept is due a second after now",
      { BOUNDARY, .due = 10, .now = 45, .lost = 1 },
      { "10", 46, 0 } },
    { "it holds no ping up, and that says what lies between",
      { PING, 10, 45, .ping = { 20, ARRIVED_NEW, 20 }, .lost = 1 },
      { "10 ping 30 40", 50, 0 } },
    { "a late ping leaves it to be tried again",
      { PING, 10, 45, .ping = { 20, ARRIVED_LATE, 20 }, .lost = 1 },
      { "10 ping", 50, 0 } },
    { "after the ping it is tried again a second later too",
      { PING, 50, 45, .ping = { 25, ARRIVED_NEW, 25 }, .lost = 2 },
      { "ping 30", 46, 0 } },
    { "a ping that could not be kept leaves judged what came before it",
      { PING, 10, 45, .ping = { 20, ARRIVED_REFUSED, 0 }, .lost = 3 },
      { "10 20 ping", 30, 0 } },
    { "where time passes a second is a second",
      { PASS, .due = 10, .now = 20, .lost = 1 },
      { "10 11 20", 30, 0 } },
    { "new rules that could not be kept are for the asker to try again",
      { RULES, .due = 10, .now = 45, .lost = 1 },
      { "rules 45", 50, 0 } },

    // The watch is wrong.
    { "what is due lies in the past: that is told, and it is a minute later",
      { BOUNDARY, .due = 10, .now = 45, .says = AN_EARLIER_ONE },
      { "10", 70, 1 } },
    { "what is due was judged just now: the same",
      { BOUNDARY, .due = 10, .now = 45, .says = THE_SAME },
      { "10", 70, 1 } },
    { "a ping goes on past it",
      { PING, 10, 200, .ping = { 150, ARRIVED_NEW, 150 }, .says = AN_EARLIER_ONE },
      { "10 70 130 ping 160", 220, 4 } },
    { "time goes on past it",
      { PASS, .due = 10, .now = 200, .says = THE_SAME },
      { "10 70 130 190", 250, 4 } },
    { "new rules do",
      { RULES, .due = 10, .now = 45, .says = AN_EARLIER_ONE },
      { "rules 45", 105, 1 } },
};

static struct utc act(struct day *day, const struct given *given, enum arrival *arrived)
{
    struct ping ping = { .time = at(given->ping.time), .doubted = given->deed == DOUBTED_PING };
    struct utc due = at(given->due), now = at(given->now);

    switch (given->deed) {
    case PASS:
        return timeline_pass(&day->timeline, due, now);
    case RULES:
        return timeline_rules(&day->timeline, now, now);
    case BOUNDARY:
        return timeline_boundary(&day->timeline, due, now);
    case PING:
    case DOUBTED_PING:
        break;
    }
    assert_int_equal(timeline_ping(&day->timeline, 0, &ping, now, &due, arrived),
                     given->ping.arrived != ARRIVED_REFUSED);
    return due;
}

static void row_holds(void **state)
{
    static struct day day;
    const struct row *row = *state;
    enum arrival arrived = ARRIVED_REFUSED;
    struct utc next;

    day_init(&day);
    day.arrived = row->given.ping.arrived;
    day.when = at(row->given.ping.when);
    day.lost = row->given.lost;
    day.now = row->given.deed == PASS ? UTC_NEVER : at(row->given.now);
    says = row->given.says;
    next = act(&day, &row->given, &arrived);
    assert_string_equal(day.text, row->want.asked);
    assert_int_equal(next.ms, at(row->want.next).ms);
    assert_int_equal(day.pasts, row->want.pasts);
    if (row->given.deed == PING)
        assert_int_equal(arrived, row->given.ping.arrived);
}

/* A boundary each ten seconds for an hour, and our clock at the end of it. */
static void a_ping_waits_for_so_many_boundaries_and_no_more(void **state)
{
    static struct day day;
    struct ping ping = { .time = at(3500) };
    struct utc due = at(10);
    enum arrival arrived;

    (void)state;
    day_init(&day);
    day.now = at(3600);
    day.arrived = ARRIVED_LATE; // so that all of them stay due
    says = TRUE_ONE;
    assert_true(timeline_ping(&day.timeline, 0, &ping, day.now, &due, &arrived));
    assert_int_equal(day.asked, TIMELINE_PING_BOUNDARIES + 1 + TIMELINE_PING_BOUNDARIES);
    assert_int_equal(due.ms, at((2 * TIMELINE_PING_BOUNDARIES + 1) * EVERY_S).ms);
}

static void from_new_rules_on_who_is_not_heard_is_silent(void **state)
{
    static struct day day;

    (void)state;
    day_init(&day);
    day.incident.phase = PHASE_NONE;
    day.now = at(45);
    says = TRUE_ONE;
    assert_int_equal(timeline_rules(&day.timeline, at(45), at(45)).ms, at(45 + 3600).ms);
    day.now = at(50);
    assert_int_equal(timeline_rules(&day.timeline, at(50), at(50)).ms, at(45 + 3600).ms);
    assert_int_equal(day.device.listened.ms, at(45).ms); // from the first of them on
}

/* Who does not care is not called. */
static void the_past_need_not_be_told(void **state)
{
    static struct day day;

    (void)state;
    day_init(&day);
    day.timeline.on_past = NULL;
    day.now = at(45);
    says = THE_SAME;
    assert_int_equal(timeline_boundary(&day.timeline, at(10), at(45)).ms, at(70).ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ping_waits_for_so_many_boundaries_and_no_more),
        cmocka_unit_test(from_new_rules_on_who_is_not_heard_is_silent),
        cmocka_unit_test(the_past_need_not_be_told),
    };
    int failed = rows_hold("timeline", rows, row_holds);

    return failed + cmocka_run_group_tests_name("timeline, bounds", tests, NULL, NULL);
}
