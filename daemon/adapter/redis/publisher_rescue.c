/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publisher_rescue.c - this Redis is farther than the ledger, which is an older copy or new: what
 * `todo` and `open` hold may be all that is still known of who is inside a zone. It is read before
 * both are made anew. (`todo` has all that goes on; `open` is read for what somebody took out.)
 */
#include "adapter/log.h"
#include "adapter/redis/publisher_parts.h"
#include "adapter/redis/publisher_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 281, VALUE_MOST = 16 * 1024 }; // bytes: script_page leaves out what is longer

static void ask_page(struct publisher *publisher);

/* The next hash from its beginning, or all is read. */
static void go_on(struct publisher *publisher)
{
    snprintf(publisher->cursor, sizeof publisher->cursor, "0");
    if (publisher->rescuing == publisher->open.key) {
        publisher->rescuing = NULL;
        publisher_give_way(publisher);
        return;
    }
    publisher->rescuing = publisher->rescuing == NULL ? publisher->todo.key : publisher->open.key;
    ask_page(publisher);
}

/* "0" to "18446744073709551615"; its length, or 0. */
static size_t cursor_length(const char *text)
{
    size_t n = strspn(text, "0123456789");

    return n < PUBLISHER_NUMBER_MAX && text[n] == '\n' ? n : 0;
}

static bool take(struct publisher *publisher, const char *name, const char *value)
{
    const struct publisher_callbacks *callbacks = &publisher->callbacks;
    struct leftover leftover;

    switch (leftover_read(name, value, publisher->site, &leftover)) {
    case LEFTOVER_OURS:
        return callbacks->leftover(&leftover, publisher->marked, publisher->belief.number,
                                   callbacks->arg);
    case LEFTOVER_ANOTHERS:
        break;
    case LEFTOVER_NONE:
        log_error("redis: %s: an entry whose name is no incident's is not taken over",
                  publisher->rescuing);
        break;
    }
    return true;
}

/* The next entry of what is left of a page, as texts for free(); false when it is none. */
static bool next_entry(const char **at, const char *end, char **out_name, char **out_value)
{
    size_t n_name, n_value;
    int head = -1;

    if (sscanf(*at, "%4zu %6zu%n", &n_name, &n_value, &head) != 2 || (*at)[head] != '\n' ||
        n_name > NAME_MOST || n_value > VALUE_MOST ||
        n_name + n_value > (size_t)(end - *at - head - 1))
        return false;
    *at += head + 1;
    *out_name = strndup(*at, n_name);
    *out_value = strndup(*at + n_name, n_value);
    *at += n_name + n_value;
    return true;
}

/* Tells of each entry; NULL, or why that cannot be gone on with. */
static const char *take_page(struct publisher *publisher, const char *at, const char *end)
{
    while (at < end) { // each entry is three bytes at least
        char *name = NULL, *value = NULL;
        const char *why = NULL;

        if (!next_entry(&at, end, &name, &value))
            why = "no page of entries";
        else if (name == NULL || value == NULL)
            why = "out of memory";
        else if (!take(publisher, name, value))
            why = "what it knows cannot be kept just now";
        free(name);
        free(value);
        if (why != NULL)
            return why;
    }
    return NULL;
}

static void on_page(const struct redis_reply *reply, void *arg)
{
    struct publisher *publisher = arg;
    size_t n = reply->kind == REDIS_TEXT ? cursor_length(reply->text) : 0;
    const char *why;

    if (reply->kind == REDIS_ERROR) { // an alert does not wait for this
        log_error("redis: %s: what it knows and this ledger does not cannot be read, and is lost: "
                  "%s",
                  publisher->rescuing, reply->text);
        go_on(publisher);
        return;
    }
    if (n == 0) {
        redis_reset(publisher->redis, "no page of entries");
        return;
    }
    why = take_page(publisher, reply->text + n + 1, reply->text + reply->n);
    if (why != NULL) {
        redis_reset(publisher->redis, why);
        return;
    }
    snprintf(publisher->cursor, sizeof publisher->cursor, "%.*s", (int)n, reply->text);
    if (strcmp(publisher->cursor, "0") == 0)
        go_on(publisher);
    else
        ask_page(publisher);
}

static void ask_page(struct publisher *publisher)
{
    const char *todo[] = { "EVAL", script_page, "1", publisher->todo.key, publisher->cursor };
    const char *open[] = {
        "EVAL", script_page, "2", publisher->open.key, publisher->todo.key, publisher->cursor
    };

    if (publisher->rescuing == publisher->todo.key)
        publisher_say(publisher, sizeof todo / sizeof *todo, todo, on_page);
    else
        publisher_say(publisher, sizeof open / sizeof *open, open, on_page);
}

void publisher_rescue(struct publisher *publisher)
{
    publisher->stage = STAGE_RESCUING;
    publisher->rescuing = NULL;
    go_on(publisher);
}
