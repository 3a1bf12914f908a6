/* SPDX-License-Identifier: Apache-2.0 */
#include "press.h"

#include "loop.h"
#include "rows.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/test.h"

struct press press;

static uint64_t newest(void *arg)
{
    (void)arg;
    return press.newest;
}

void press_answer(void)
{
    struct timeval soon = { 0, 0 };

    event_add(press.answer, &soon);
}

/* How many of what is asked for may be told. To be compared, one is asked for. */
static unsigned may_tell(const struct fetch *asked)
{
    uint64_t left = press.told_to > asked->after ? press.told_to - asked->after : 0;
    bool all = asked->of != FETCH_ALERTS || asked->limit == 1 || press.told_to == 0;

    return all || left > asked->limit ? asked->limit : (unsigned)left;
}

static void fetch(const struct fetch *asked, void *arg)
{
    (void)arg;
    assert_in_range(asked->limit, 1, PUBLISHER_WINDOW);
    press.fetches += asked->of == FETCH_ALERTS;
    press.pages += asked->of == FETCH_OPEN;
    press.asked = *asked;
    if ((!press.mute || asked->of != FETCH_ALERTS) && may_tell(asked) > 0)
        press_answer();
}

/* Links rows in sequence, from the first after `after`; NULL when there is none. */
static struct row *link_rows(uint64_t after, unsigned limit)
{
    struct row *first = NULL, **last = &first;

    for (int nth = 1; nth <= press.n && limit > 0; nth++) {
        if (press.rows[nth].alert.sequence <= after)
            continue;
        *last = &press.rows[nth];
        last = &press.rows[nth].next;
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
    const struct kept_alert *alert = &press.rows[nth].alert;

    for (int later = nth + 1; later <= press.n; later++) {
        if (effect_of(&press.rows[later].alert, of) != EFFECT_NONE &&
            strcmp(press.rows[later].alert.incident, alert->incident) == 0)
            return false;
    }
    return effect_of(alert, of) == EFFECT_OPEN;
}

static struct row *link_kept(const struct fetch *asked)
{
    struct row *first = NULL, **last = &first;
    unsigned limit = asked->limit;

    for (int nth = 1; nth <= press.n && limit > 0; nth++) {
        if (press.rows[nth].alert.sequence <= asked->after || !is_kept(nth, asked->of))
            continue;
        *last = &press.rows[nth];
        last = &press.rows[nth].next;
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
    struct fetch asked = press.asked;
    bool ok = !press.unreadable;

    (void)fd;
    (void)what;
    if (press.publisher != NULL)
        publisher_fetched(press.publisher, &asked, ok, ok ? link_asked(&asked) : NULL);
}

static void tell(const char *what, uint64_t number)
{
    size_t have = strlen(press.story);

    snprintf(press.story + have, sizeof press.story - have, "%s:%d ", what, (int)number);
}

static void confirmed(uint64_t sequence, void *arg)
{
    (void)arg;
    if (press.confirmed != sequence && strlen(press.story) < 400)
        tell("confirmed", sequence);
    if (sequence > press.confirmed)
        press.confirmed = sequence;
}

static void lost(void *arg)
{
    (void)arg;
    press.losses++;
}

static void disbelieved(void *arg)
{
    (void)arg;
    press.lies++;
}

static void stands(const char *incident, const char *since, void *arg)
{
    (void)arg;
    press.stood++;
    snprintf(press.incident, sizeof press.incident, "%s", incident);
    snprintf(press.since, sizeof press.since, "%s", since);
}

static void renumber(uint64_t from, void *arg)
{
    (void)arg;
    uint64_t shift = from - press.confirmed;

    tell("renumber", from);
    press.unreadable = press.slow_to_renumber;
    if (press.slow_to_renumber)
        return;
    for (int nth = 1; nth <= press.n; nth++) {
        if (press.rows[nth].alert.sequence > press.confirmed)
            press.rows[nth].alert.sequence += shift;
    }
    press.newest += shift;
}

static struct utc now(void *arg)
{
    (void)arg;
    return (struct utc){ (int64_t)time(NULL) * 1000 };
}

static void beat(char text[PUBLISHER_BEAT_MAX], void *arg)
{
    (void)arg;
    snprintf(text, PUBLISHER_BEAT_MAX, "{\"sequence\":%d}", (int)press.newest);
}

void press_open_at(struct house *house, const struct redis_target *target)
{
    signal(SIGPIPE, SIG_IGN);        // as in service
    memset(&press, 0, sizeof press); // larger than a stack
    press.house = house;
    press.base = event_base_new();
    press.options = (struct publisher_options){ .target = *target,
                                                .password = "",
                                                .prefix = "breachd",
                                                .site = "essex",
                                                .alerts_keep = 1000000,
                                                .heartbeat_ms = 3600 * 1000 };
    assert_non_null(press.base);
    press.answer = event_new(press.base, -1, 0, on_answer, NULL);
    assert_non_null(press.answer);
}

int press_setup(void **state)
{
    struct redis_target target = { .text = "the real one" };
    void *house = NULL;

    (void)state;
    house_setup(&house);
    house_redis_start(house, "");
    snprintf(target.path, sizeof target.path, "%s", house_path(house, "redis.sock").text);
    press_open_at(house, &target);
    return 0;
}

int press_teardown(void **state)
{
    void *house = press.house;

    (void)state;
    press_close();
    return house_teardown(&house);
}

void press_close(void)
{
    publisher_destroy(press.publisher);
    event_free(press.answer);
    event_base_free(press.base);
}

void press_redis(const char *command)
{
    freeReplyObject(house_redis(press.house, command));
}

void press_as_ann(void)
{
    strcpy(press.options.target.user, "ann");
    press.options.password = "secret";
}

void press_start(void)
{
    struct publisher_callbacks calls = { newest,      fetch,    confirmed, stands, lost,
                                         disbelieved, renumber, now,       beat,   NULL };

    press.publisher = publisher_create(press.base, NULL, &press.options, &calls, press.confirmed);
    assert_non_null(press.publisher);
}

void press_stop(void)
{
    publisher_destroy(press.publisher);
    press.publisher = NULL;
}

void press_keep(int n)
{
    for (int i = 0; i < n; i++) {
        assert_in_range(++press.n, 1, PRESS_MAX);
        press.rows[press.n] = (struct row){ .kind = ROW_ALERT, .alert = some_alert(press.n) };
        press.rows[press.n].alert.sequence = ++press.newest;
    }
}

void press_offer(int n)
{
    uint64_t before = press.newest;

    press_keep(n);
    publisher_offer(press.publisher, link_rows(before, PRESS_MAX));
}

void press_until_caught_up(void)
{
    loop_until(press.base,
               publisher_connected(press.publisher) && publisher_caught_up(press.publisher));
    assert_int_equal(publisher_confirmed(press.publisher), press.newest);
}

void press_publish(int n)
{
    press_keep(n);
    press_start();
    press_until_caught_up();
}

void press_until_away(const char *why)
{
    loop_until(press.base, strstr(publisher_why_away(press.publisher), why) != NULL &&
                               !publisher_connected(press.publisher));
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

void press_expect_stream(int first, int last)
{
    redisReply *all = house_redis(press.house, "XRANGE {breachd}:alerts - +");

    assert_int_equal(all->elements, last - first + 1);
    for (int nth = first; nth <= last; nth++) {
        struct kept_alert want = some_alert(nth);

        want.sequence = press.rows[nth].alert.sequence;
        expect_entry(all->element[nth - first], &want);
    }
    freeReplyObject(all);
}

static void expect_need(const struct kept_alert *alert)
{
    redisReply *value = house_redis(press.house, "HGET {breachd}:todo %s", alert->incident);
    char head[48], tail[64];

    snprintf(head, sizeof head, "{\"alert\":{\"sequence\":\"%d\",", (int)alert->sequence);
    snprintf(tail, sizeof tail, "},\"by\":%s,\"note\":%s}",
             alert->by[0] != '\0' ? "\"Sgt 1234\"" : "null",
             alert->note[0] != '\0' ? "\"rang him\"" : "null");
    assert_int_equal(value->type, REDIS_REPLY_STRING);
    assert_memory_equal(value->str, head, strlen(head));
    assert_string_equal(value->str + value->len - strlen(tail), tail);
    freeReplyObject(value);
}

void press_expect_todo(void)
{
    long long need = 0;

    for (int nth = 1; nth <= press.n; nth++) {
        if (!is_kept(nth, FETCH_TODO))
            continue;
        need++;
        expect_need(&press.rows[nth].alert);
    }
    assert_int_equal(house_redis_number(press.house, "HLEN {breachd}:todo"), need);
    assert_int_equal(house_redis_number(press.house, "EXISTS {breachd}:todo:new"), 0);
}
