/* SPDX-License-Identifier: Apache-2.0 */
#include "publisher_fixture.h"

#include "loop.h"
#include "rows.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/test.h"

struct publisher_fixture publisher_under_test;

static uint64_t newest(void *arg)
{
    (void)arg;
    return publisher_under_test.newest;
}

void publisher_fixture_answer(void)
{
    struct timeval soon = { 0, 0 };

    event_add(publisher_under_test.answer, &soon);
}

/* How many of what is asked for may be told. To be compared, one is asked for. */
static unsigned may_tell(const struct fetch *asked)
{
    uint64_t left = publisher_under_test.told_to > asked->after
                        ? publisher_under_test.told_to - asked->after
                        : 0;
    bool all = asked->of != FETCH_ALERTS || asked->limit == 1 || publisher_under_test.told_to == 0;

    return all || left > asked->limit ? asked->limit : (unsigned)left;
}

static void fetch(const struct fetch *asked, void *arg)
{
    (void)arg;
    assert_in_range(asked->limit, 1, PUBLISHER_WINDOW);
    publisher_under_test.fetches += asked->of == FETCH_ALERTS;
    publisher_under_test.pages += asked->of == FETCH_OPEN;
    publisher_under_test.asked = *asked;
    if ((!publisher_under_test.mute || asked->of != FETCH_ALERTS) && may_tell(asked) > 0)
        publisher_fixture_answer();
}

/* Links rows in sequence, from the first after `after`; NULL when there is none. */
static struct row *link_rows(uint64_t after, unsigned limit)
{
    struct row *first = NULL, **last = &first;

    for (int nth = 1; nth <= publisher_under_test.n && limit > 0; nth++) {
        if (publisher_under_test.rows[nth].alert.sequence <= after)
            continue;
        *last = &publisher_under_test.rows[nth];
        last = &publisher_under_test.rows[nth].next;
        limit--;
    }
    *last = NULL;
    return first;
}

static enum alert_effect effect_of(const struct kept_alert *alert, enum fetch_of of)
{
    return of == FETCH_TODO ? alert->todo : alert->effect;
}

/* Whether the alert of row `nth` is the newest of an incident that is open, or needs somebody. */
static bool is_kept(int nth, enum fetch_of of)
{
    const struct kept_alert *alert = &publisher_under_test.rows[nth].alert;

    for (int later = nth + 1; later <= publisher_under_test.n; later++) {
        if (effect_of(&publisher_under_test.rows[later].alert, of) != EFFECT_NONE &&
            strcmp(publisher_under_test.rows[later].alert.incident, alert->incident) == 0)
            return false;
    }
    return effect_of(alert, of) == EFFECT_OPEN;
}

static struct row *link_kept(const struct fetch *asked)
{
    struct row *first = NULL, **last = &first;
    unsigned limit = asked->limit;

    for (int nth = 1; nth <= publisher_under_test.n && limit > 0; nth++) {
        if (publisher_under_test.rows[nth].alert.sequence <= asked->after ||
            !is_kept(nth, asked->of))
            continue;
        *last = &publisher_under_test.rows[nth];
        last = &publisher_under_test.rows[nth].next;
        limit--;
    }
    *last = NULL;
    return first;
}

static struct row *link_asked(const struct fetch *asked)
{
    return asked->of == FETCH_ALERTS ? link_rows(asked->after, may_tell(asked)) : link_kept(asked);
}

static void on_answer(evutil_socket_t fd, short what, void *arg)
{
    (void)arg;
    struct fetch asked = publisher_under_test.asked;
    bool ok = !publisher_under_test.unreadable;

    (void)fd;
    (void)what;
    if (publisher_under_test.publisher != NULL)
        publisher_fetched(publisher_under_test.publisher, &asked, ok,
                          ok ? link_asked(&asked) : NULL);
}

static void tell(const char *what, uint64_t number)
{
    size_t have = strlen(publisher_under_test.story);

    snprintf(publisher_under_test.story + have, sizeof publisher_under_test.story - have, "%s:%d ",
             what, (int)number);
}

static void confirmed(uint64_t sequence, void *arg)
{
    (void)arg;
    if (publisher_under_test.confirmed != sequence && strlen(publisher_under_test.story) < 400)
        tell("confirmed", sequence);
    if (sequence > publisher_under_test.confirmed)
        publisher_under_test.confirmed = sequence;
}

static void lost(void *arg)
{
    (void)arg;
    publisher_under_test.losses++;
}

static void disbelieved(void *arg)
{
    (void)arg;
    publisher_under_test.lies++;
}

static void stands(const char *incident, const char *since, void *arg)
{
    (void)arg;
    publisher_under_test.stood++;
    snprintf(publisher_under_test.incident, sizeof publisher_under_test.incident, "%s", incident);
    snprintf(publisher_under_test.since, sizeof publisher_under_test.since, "%s", since);
}

static bool leftover(const struct leftover *leftover, uint64_t after, uint64_t from, void *arg)
{
    (void)arg;
    (void)from;
    if (leftover->sequence > 0 && leftover->sequence <= after)
        return true;
    tell(leftover->incident, leftover->sequence);
    return ++publisher_under_test.leftovers <= publisher_under_test.leftovers_kept;
}

static void renumber(uint64_t from, void *arg)
{
    (void)arg;
    uint64_t shift = from - publisher_under_test.confirmed;

    tell("renumber", from);
    publisher_under_test.unreadable = publisher_under_test.slow_to_renumber;
    if (publisher_under_test.slow_to_renumber)
        return;
    for (int nth = 1; nth <= publisher_under_test.n; nth++) {
        if (publisher_under_test.rows[nth].alert.sequence > publisher_under_test.confirmed)
            publisher_under_test.rows[nth].alert.sequence += shift;
    }
    publisher_under_test.newest += shift;
}

static struct utc now(void *arg)
{
    (void)arg;
    return (struct utc){ (int64_t)time(NULL) * 1000 };
}

static void heartbeat(char text[PUBLISHER_HEARTBEAT_MAX], void *arg)
{
    (void)arg;
    snprintf(text, PUBLISHER_HEARTBEAT_MAX, "{\"sequence\":%d}", (int)publisher_under_test.newest);
}

void publisher_fixture_open_at(struct testbed *testbed, const struct redis_target *target)
{
    signal(SIGPIPE, SIG_IGN);                                      // as in service
    memset(&publisher_under_test, 0, sizeof publisher_under_test); // larger than a stack
    publisher_under_test.testbed = testbed;
    publisher_under_test.base = event_base_new();
    publisher_under_test.options = (struct publisher_options){ .target = *target,
                                                               .password = "",
                                                               .prefix = "breachd",
                                                               .site = "essex",
                                                               .alerts_keep = 1000000,
                                                               .heartbeat_ms = 3600 * 1000 };
    assert_non_null(publisher_under_test.base);
    publisher_under_test.answer = event_new(publisher_under_test.base, -1, 0, on_answer, NULL);
    assert_non_null(publisher_under_test.answer);
}

int publisher_fixture_setup(void **state)
{
    struct redis_target target = { .text = "the real one" };
    void *testbed = NULL;

    (void)state;
    testbed_setup(&testbed);
    testbed_redis_start(testbed, "");
    snprintf(target.path, sizeof target.path, "%s", testbed_path(testbed, "redis.sock").text);
    publisher_fixture_open_at(testbed, &target);
    return 0;
}

int publisher_fixture_teardown(void **state)
{
    void *testbed = publisher_under_test.testbed;

    (void)state;
    publisher_fixture_close();
    return testbed_teardown(&testbed);
}

void publisher_fixture_close(void)
{
    publisher_destroy(publisher_under_test.publisher);
    event_free(publisher_under_test.answer);
    event_base_free(publisher_under_test.base);
}

void publisher_fixture_redis(const char *command)
{
    freeReplyObject(testbed_redis(publisher_under_test.testbed, command));
}

void publisher_fixture_as_ann(void)
{
    strcpy(publisher_under_test.options.target.user, "ann");
    publisher_under_test.options.password = "secret";
}

void publisher_fixture_start(void)
{
    struct publisher_callbacks calls = { newest, fetch,       confirmed, stands,
                                         lost,   disbelieved, leftover,  renumber,
                                         now,    heartbeat,   NULL,      NULL };

    publisher_under_test.publisher =
        publisher_create(publisher_under_test.base, NULL, &publisher_under_test.options, &calls,
                         publisher_under_test.confirmed);
    assert_non_null(publisher_under_test.publisher);
}

void publisher_fixture_stop(void)
{
    publisher_destroy(publisher_under_test.publisher);
    publisher_under_test.publisher = NULL;
}

void publisher_fixture_keep(int n)
{
    for (int i = 0; i < n; i++) {
        assert_in_range(++publisher_under_test.n, 1, PUBLISHER_FIXTURE_MAX);
        publisher_under_test.rows[publisher_under_test.n] =
            (struct row){ .kind = ROW_ALERT, .alert = some_alert(publisher_under_test.n) };
        publisher_under_test.rows[publisher_under_test.n].alert.sequence =
            ++publisher_under_test.newest;
    }
}

void publisher_fixture_offer(int n)
{
    uint64_t before = publisher_under_test.newest;

    publisher_fixture_keep(n);
    publisher_offer(publisher_under_test.publisher, link_rows(before, PUBLISHER_FIXTURE_MAX));
}

void publisher_fixture_until_caught_up(void)
{
    loop_until(publisher_under_test.base, publisher_connected(publisher_under_test.publisher) &&
                                              publisher_caught_up(publisher_under_test.publisher));
    assert_int_equal(publisher_confirmed(publisher_under_test.publisher),
                     publisher_under_test.newest);
}

void publisher_fixture_publish(int n)
{
    publisher_fixture_keep(n);
    publisher_fixture_start();
    publisher_fixture_until_caught_up();
}

void publisher_fixture_until_away(const char *why)
{
    loop_until(publisher_under_test.base,
               strstr(publisher_why_away(publisher_under_test.publisher), why) != NULL &&
                   !publisher_connected(publisher_under_test.publisher));
}

static void expect_entry(const redisReply *entry, const struct kept_alert *want)
{
    const redisReply *fields = entry->element[1];
    const char *const texts[] = { "id",       want->id,   "type",         want->type, "area",
                                  want->area, "severity", want->severity, "event" };
    char event[128];

    snprintf(event, sizeof event, "{\"sequence\":\"%d\",\"age\":0,%s", (int)want->sequence,
             want->event + 1);
    assert_int_equal(fields->elements, 10);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(fields->element[i]->str, texts[i]);
    assert_string_equal(fields->element[9]->str, event);
}

void publisher_fixture_expect_stream(int first, int last)
{
    redisReply *all = testbed_redis(publisher_under_test.testbed, "XRANGE {breachd}:alerts - +");

    assert_int_equal(all->elements, last - first + 1);
    for (int nth = first; nth <= last; nth++) {
        struct kept_alert want = some_alert(nth);

        want.sequence = publisher_under_test.rows[nth].alert.sequence;
        expect_entry(all->element[nth - first], &want);
    }
    freeReplyObject(all);
}

static void expect_need(const struct kept_alert *alert)
{
    redisReply *value =
        testbed_redis(publisher_under_test.testbed, "HGET {breachd}:todo %s", alert->incident);
    char head[48], tail[64];

    snprintf(head, sizeof head, "{\"alert\":{\"sequence\":\"%d\",", (int)alert->sequence);
    snprintf(tail, sizeof tail, "},\"by\":%s,\"note\":%s,\"shelved\":null}",
             alert->by[0] != '\0' ? "\"Sgt 1234\"" : "null",
             alert->note[0] != '\0' ? "\"rang him\"" : "null");
    assert_int_equal(value->type, REDIS_REPLY_STRING);
    assert_memory_equal(value->str, head, strlen(head));
    assert_string_equal(value->str + value->len - strlen(tail), tail);
    freeReplyObject(value);
}

void publisher_fixture_expect_todo(void)
{
    long long need = 0;

    for (int nth = 1; nth <= publisher_under_test.n; nth++) {
        if (!is_kept(nth, FETCH_TODO))
            continue;
        need++;
        expect_need(&publisher_under_test.rows[nth].alert);
    }
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "HLEN {breachd}:todo"),
                     need);
    assert_int_equal(
        testbed_redis_number(publisher_under_test.testbed, "EXISTS {breachd}:todo:new"), 0);
}
