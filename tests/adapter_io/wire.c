/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include "loop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static void on_up(void *arg)
{
    struct wire *wire = arg;

    wire->ups++;
}

static void on_down(const char *why, void *arg)
{
    struct wire *wire = arg;

    wire->downs++;
    snprintf(wire->why, sizeof wire->why, "%s", why);
}

static void on_reply(const struct redis_reply *reply, void *arg)
{
    struct wire *wire = arg;

    wire->replies++;
    wire->reply = *reply;
    free(wire->text);
    wire->text = strdup(reply->text);
    wire->reply.text = wire->text;
    if (wire->on_reply != NULL && !wire->on_reply(wire))
        redis_reset(wire->redis, reply->text);
}

void wire_setup(struct wire *wire)
{
    signal(SIGPIPE, SIG_IGN); // as in service
    *wire = (struct wire){ .base = event_base_new() };
    assert_non_null(wire->base);
    wire->fake = fake_redis_create(wire->base, NULL);
}

void wire_teardown(struct wire *wire)
{
    redis_destroy(wire->redis);
    fake_redis_destroy(wire->fake);
    event_base_free(wire->base);
    free(wire->text);
}

void wire_connect(struct wire *wire, const struct redis_target *target, const char *password,
                  int reply_ms)
{
    struct redis_callbacks callbacks = { on_up, on_down, wire };

    wire->redis = redis_create(wire->base, NULL, target, password, &callbacks, reply_ms);
    assert_non_null(wire->redis);
}

void wire_up(struct wire *wire)
{
    struct redis_target target = fake_redis_target(wire->fake);

    wire_connect(wire, &target, "", 0);
    loop_until(wire->base, redis_is_up(wire->redis));
}

bool wire_send(struct wire *wire, const char *words)
{
    const char *argv[REDIS_ARGS_MAX];
    char copy[256], *rest = copy, *word;
    size_t argc = 0;

    snprintf(copy, sizeof copy, "%s", words);
    while ((word = strsep(&rest, " ")) != NULL)
        argv[argc++] = word;
    return redis_send(wire->redis, argc, argv, NULL, on_reply, wire);
}

void wire_ask(struct wire *wire, const char *words)
{
    int before = wire->replies;

    assert_true(wire_send(wire, words));
    loop_until(wire->base, wire->replies > before);
}

void wire_until_down(struct wire *wire, const char *why)
{
    loop_until(wire->base, redis_why_down(wire->redis)[0] != '\0');
    if (strstr(redis_why_down(wire->redis), why) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", redis_why_down(wire->redis), why);
    assert_false(redis_is_up(wire->redis));
    assert_int_equal(redis_pending(wire->redis), 0);
    assert_false(wire_send(wire, "PING"));
}

void wire_comes_back(struct wire *wire)
{
    fake_redis_behave(wire->fake);
    loop_hurry(wire->base);
    loop_until(wire->base, redis_is_up(wire->redis));
    assert_string_equal(redis_why_down(wire->redis), "");
    wire_ask(wire, "PING");
    assert_int_equal(wire->reply.kind, REDIS_TEXT);
    assert_string_equal(wire->reply.text, "PONG");
}
