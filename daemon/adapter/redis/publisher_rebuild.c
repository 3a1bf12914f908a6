/* SPDX-License-Identifier: Apache-2.0 */
/* publisher_rebuild.c - `open` and `todo` as the ledger has them, and the beginning of sending. */
#include "adapter/redis/publisher_parts.h"
#include "adapter/redis/publisher_script.h"

#include <stdio.h>
#include <stdlib.h>

static const char *or_error(const struct redis_reply *reply, const char *why)
{
    return reply->kind == REDIS_ERROR ? reply->text : why;
}

static void on_begun(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind != REDIS_NUMBER) {
        redis_reset(publisher->redis, or_error(reply, "no number to begin with"));
        return;
    }
    publisher_text(publisher->epoch, reply->number);
    publisher->stage = STAGE_SENDING;
    if (publisher_caught_up(publisher))
        publisher_check(publisher); // with nothing to send, this shows that it works
    else
        publisher_pump(publisher);
}

static void begin(struct publisher *publisher)
{
    char at[PUBLISHER_NUMBER_MAX], from[PUBLISHER_NUMBER_MAX];
    char staged_open[PUBLISHER_NUMBER_MAX], staged_todo[PUBLISHER_NUMBER_MAX];
    const char *argv[] = { "EVAL",
                           script_begin,
                           "5",
                           publisher->open.key,
                           publisher->open.fresh,
                           publisher->last,
                           publisher->todo.key,
                           publisher->todo.fresh,
                           publisher->site,
                           at,
                           from,
                           publisher->belief.id,
                           publisher->belief.entry,
                           staged_open,
                           staged_todo,
                           publisher->epoch };

    publisher_text(at, (int64_t)publisher->where.at);
    publisher_text(from, (int64_t)publisher->sent);
    publisher_text(staged_open, publisher->open.staged);
    publisher_text(staged_todo, publisher->todo.staged);
    publisher_say(publisher, sizeof argv / sizeof *argv, argv, on_begun);
}

static struct kept_hash *being_staged(struct publisher *publisher)
{
    return publisher->asked.of == FETCH_TODO ? &publisher->todo : &publisher->open;
}

static void on_staged(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;

    if (reply->kind != REDIS_NUMBER) {
        redis_reset(publisher->redis, or_error(reply, "no number of fields"));
        return;
    }
    being_staged(publisher)->staged += reply->number; // one that moved meanwhile came twice
    publisher_ask(publisher, publisher->asked.of, publisher->asked.after, PUBLISHER_PAGE);
}

/* What stands in the hash; NULL when memory is out. */
static char *value(const struct publisher *publisher, const struct kept_alert *alert)
{
    char *event = event_number(alert->event, alert->sequence, publisher_now(publisher));
    char *need;

    if (publisher->asked.of != FETCH_TODO || event == NULL)
        return event;
    need = publisher_need(publisher, alert, event);
    free(event);
    return need;
}

/* One page of the ledger's incidents into the hash that is being made. */
static void stage_page(struct publisher *publisher, const struct row *alerts)
{
    const char *argv[2 + 2 * PUBLISHER_PAGE] = { "HSET", being_staged(publisher)->fresh };
    char *values[PUBLISHER_PAGE];
    size_t n = 0;

    for (; alerts != NULL && n < PUBLISHER_PAGE; alerts = alerts->next) {
        values[n] = value(publisher, &alerts->alert);
        if (values[n] == NULL)
            break; // the rest with the next page
        argv[2 + 2 * n] = alerts->alert.incident;
        argv[3 + 2 * n] = values[n];
        publisher->asked.after = alerts->alert.sequence;
        n++;
    }
    if (n > 0)
        publisher_say(publisher, 2 + 2 * n, argv, on_staged);
    else
        redis_reset(publisher->redis, "out of memory");
    while (n > 0) // PUBLISHER_PAGE
        free(values[--n]);
}

_Static_assert(2 + 2 * PUBLISHER_PAGE <= REDIS_ARGS_MAX, "a page fits into a command");

void publisher_rebuild_fetched(struct publisher *publisher, const struct row *alerts)
{
    if (alerts != NULL)
        stage_page(publisher, alerts);
    else if (publisher->asked.of == FETCH_OPEN)
        publisher_ask(publisher, FETCH_TODO, 0, PUBLISHER_PAGE);
    else
        begin(publisher);
}

void publisher_rebuild(struct publisher *publisher)
{
    const char *argv[] = { "DEL", publisher->open.fresh, publisher->todo.fresh };

    publisher->stage = STAGE_OPENING;
    publisher->open.staged = publisher->todo.staged = 0;
    // What comes after this is told to both as it is sent; the pages may be ahead of it.
    publisher->opened = publisher->callbacks.newest(publisher->callbacks.arg);
    if (publisher_say(publisher, sizeof argv / sizeof *argv, argv, NULL))
        publisher_ask(publisher, FETCH_OPEN, 0, PUBLISHER_PAGE);
}
