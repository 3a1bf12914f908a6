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

static uint64_t newest(void *arg)
{
    const struct press *press = arg;

    return press->newest;
}

void press_answer(struct press *press)
{
    struct timeval soon = { 0, 0 };

    event_add(press->answer, &soon);
}

static void fetch(const struct fetch *asked, void *arg)
{
    struct press *press = arg;

    assert_in_range(asked->limit, 1, PUBLISHER_WINDOW);
    press->fetches += asked->of == FETCH_ALERTS;
    press->pages += asked->of == FETCH_OPEN;
    press->asked = *asked;
    if (!press->mute || asked->of != FETCH_ALERTS)
        press_answer(press);
}

/* Links rows in sequence, from the first after `after`; NULL when there is none. */
static struct row *link_rows(struct press *press, uint64_t after, unsigned limit)
{
    struct row *first = NULL, **last = &first;

    for (int nth = 1; nth <= press->n && limit > 0; nth++) {
        if (press->rows[nth].alert.sequence <= after)
            continue;
        *last = &press->rows[nth];
        last = &press->rows[nth].next;
        limit--;
    }
    *last = NULL;
    return first;
}

/* Whether the alert of row `nth` is the newest of an incident that is open. */
static bool is_open(const struct press *press, int nth)
{
    const struct kept_alert *alert = &press->rows[nth].alert;

    for (int later = nth + 1; later <= press->n; later++) {
        if (press->rows[later].alert.effect != EFFECT_NONE &&
            strcmp(press->rows[later].alert.incident, alert->incident) == 0)
            return false;
    }
    return alert->effect == EFFECT_OPEN;
}

static struct row *link_open(struct press *press, uint64_t after, unsigned limit)
{
    struct row *first = NULL, **last = &first;

    for (int nth = 1; nth <= press->n && limit > 0; nth++) {
        if (press->rows[nth].alert.sequence <= after || !is_open(press, nth))
            continue;
        *last = &press->rows[nth];
        last = &press->rows[nth].next;
        limit--;
    }
    *last = NULL;
    return first;
}

static void on_answer(evutil_socket_t fd, short what, void *arg)
{
    struct press *press = arg;
    struct fetch asked = press->asked;
    bool ok = !press->unreadable;

    (void)fd;
    (void)what;
    if (press->publisher != NULL)
        publisher_fetched(
            press->publisher, &asked, ok,
            ok ? (asked.of != FETCH_ALERTS ? link_open : link_rows)(press, asked.after, asked.limit)
               : NULL);
}

static void tell(struct press *press, const char *what, uint64_t number)
{
    size_t have = strlen(press->story);

    snprintf(press->story + have, sizeof press->story - have, "%s:%d ", what, (int)number);
}

static void confirmed(uint64_t sequence, void *arg)
{
    struct press *press = arg;

    if (press->confirmed != sequence && strlen(press->story) < 400)
        tell(press, "confirmed", sequence);
    if (sequence > press->confirmed)
        press->confirmed = sequence;
}

static void lost(void *arg)
{
    struct press *press = arg;

    press->losses++;
}

static void renumber(uint64_t from, void *arg)
{
    struct press *press = arg;
    uint64_t shift = from - press->confirmed;

    tell(press, "renumber", from);
    press->unreadable = press->slow_to_renumber;
    if (press->slow_to_renumber)
        return;
    for (int nth = 1; nth <= press->n; nth++) {
        if (press->rows[nth].alert.sequence > press->confirmed)
            press->rows[nth].alert.sequence += shift;
    }
    press->newest += shift;
}

static struct utc now(void *arg)
{
    (void)arg;
    return (struct utc){ (int64_t)time(NULL) * 1000 };
}

static void beat(char text[PUBLISHER_BEAT_MAX], void *arg)
{
    const struct press *press = arg;

    snprintf(text, PUBLISHER_BEAT_MAX, "{\"sequence\":%d}", (int)press->newest);
}

void press_open_at(struct press *press, struct house *house, const struct redis_target *target)
{
    signal(SIGPIPE, SIG_IGN); // as in service
    *press = (struct press){ .house = house,
                             .base = event_base_new(),
                             .wish = { .target = *target,
                                       .password = "",
                                       .prefix = "breachd",
                                       .site = "essex",
                                       .alerts_keep = 1000000,
                                       .heartbeat_ms = 3600 * 1000 } };
    assert_non_null(press->base);
    press->answer = event_new(press->base, -1, 0, on_answer, press);
    assert_non_null(press->answer);
}

void press_open(struct press *press, struct house *house)
{
    struct redis_target target = { .text = "the real one" };

    house_redis_start(house, "");
    snprintf(target.path, sizeof target.path, "%s", house_path(house, "redis.sock").text);
    press_open_at(press, house, &target);
}

void press_close(struct press *press)
{
    publisher_destroy(press->publisher);
    event_free(press->answer);
    event_base_free(press->base);
}

void press_redis(struct press *press, const char *command)
{
    freeReplyObject(house_redis(press->house, command));
}

void press_start(struct press *press)
{
    struct publisher_calls calls = { newest, fetch, confirmed, lost, renumber, now, beat, press };

    press->publisher = publisher_create(press->base, NULL, &press->wish, &calls, press->confirmed);
    assert_non_null(press->publisher);
}

void press_stop(struct press *press)
{
    publisher_destroy(press->publisher);
    press->publisher = NULL;
}

void press_keep(struct press *press, int n)
{
    for (int i = 0; i < n; i++) {
        assert_in_range(++press->n, 1, PRESS_MAX);
        press->rows[press->n] = (struct row){ .kind = ROW_ALERT, .alert = some_alert(press->n) };
        press->rows[press->n].alert.sequence = ++press->newest;
    }
}

void press_offer(struct press *press, int n)
{
    uint64_t before = press->newest;

    press_keep(press, n);
    publisher_offer(press->publisher, link_rows(press, before, PRESS_MAX));
}

void press_until_caught_up(struct press *press)
{
    loop_until(press->base,
               publisher_connected(press->publisher) && publisher_caught_up(press->publisher));
    assert_int_equal(publisher_confirmed(press->publisher), press->newest);
}

void press_until_away(struct press *press, const char *why)
{
    loop_until(press->base, strstr(publisher_why_away(press->publisher), why) != NULL &&
                                !publisher_connected(press->publisher));
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

void press_expect_stream(struct press *press, int first, int last)
{
    redisReply *all = house_redis(press->house, "XRANGE {breachd}:alerts - +");

    assert_int_equal(all->elements, last - first + 1);
    for (int nth = first; nth <= last; nth++) {
        struct kept_alert want = some_alert(nth);

        want.sequence = press->rows[nth].alert.sequence;
        expect_entry(all->element[nth - first], &want);
    }
    freeReplyObject(all);
}
