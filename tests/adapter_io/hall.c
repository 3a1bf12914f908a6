/* SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"

#include "loop.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

struct hall hall;

/* Answers with the method, the path, and the body's length. */
static void answer(struct http_exchange *exchange)
{
    size_t length;
    char text[128];
    int n;

    http_body(exchange, &length);
    if (hall.slow)
        http_slow_down(exchange);
    n = snprintf(text, sizeof text, "{%s %.60s %zu}", http_method(exchange), http_path(exchange),
                 length);
    http_answer(hall.door, exchange, *http_method(exchange) == '?' ? 405 : 200, "text/plain", text,
                (size_t)n);
}

static bool on_head(struct http_exchange *exchange, void *arg)
{
    assert_ptr_equal(arg, &hall);
    hall.gated++;
    if (!hall.shut)
        return true;
    http_answer(hall.door, exchange, 401, "text/plain", "{shut}", 6);
    return false;
}

static void on_exchange(struct http_exchange *exchange, void *arg)
{
    assert_ptr_equal(arg, &hall);
    hall.asked++;
    if (hall.beats)
        http_hold(exchange);
    if (!hall.holds) {
        answer(exchange);
        return;
    }
    for (size_t i = 0; i < CALLERS; i++) {
        if (hall.held[i] == NULL) {
            hall.held[i] = exchange;
            return;
        }
    }
    fail_msg("too many wait");
}

void hall_answer(void)
{
    for (size_t i = 0; i < CALLERS; i++) {
        if (hall.held[i] != NULL)
            answer(hall.held[i]);
        hall.held[i] = NULL;
    }
}

struct http_limits hall_limits(int64_t max_connections, int64_t idle_ms)
{
    return (struct http_limits){ .max_body = 1000,
                                 .max_connections = max_connections,
                                 .max_per_address = 1000,
                                 .idle_ms = idle_ms,
                                 .request_ms = 60000 };
}

bool hall_try(const struct http_limits *limits, struct fault *why)
{
    struct http_options options = { .listen = hall.at,
                                    .n_listen = 2,
                                    .tls = hall.tls,
                                    .limits = *limits,
                                    .handler = on_exchange,
                                    .gate = on_head,
                                    .arg = &hall };

    return http_open(hall.base, &options, &hall.door, why);
}

void hall_open_with(const struct http_limits *limits)
{
    struct fault why;

    if (!hall_try(limits, &why))
        fail_msg("%s", why.text);
}

void hall_open(int64_t max_connections, int64_t idle_ms)
{
    struct http_limits limits = hall_limits(max_connections, idle_ms);

    hall_open_with(&limits);
}

int hall_setup(void **state)
{
    void *house = NULL;
    struct fault why;
    char port[32];

    (void)state;
    signal(SIGPIPE, SIG_IGN); // as in service
    house_setup(&house);
    hall = (struct hall){ .house = house, .base = event_base_new() };
    snprintf(port, sizeof port, "127.0.0.1:%d", house_free_port());
    assert_true(endpoint_parse("unix:http.sock", hall.house->dir, &hall.at[0], &why));
    assert_true(endpoint_parse(port, hall.house->dir, &hall.at[1], &why));
    return 0;
}

int hall_teardown(void **state)
{
    void *house = hall.house;

    (void)state;
    for (size_t i = 0; i < CALLERS; i++)
        caller_leave(&hall.callers[i]);
    http_close(hall.door);
    tls_destroy(hall.tls);
    event_base_free(hall.base);
    return house_teardown(&house);
}

struct caller *hall_call(int nth, int endpoint, const char *bytes)
{
    caller_leave(&hall.callers[nth]);
    caller_connect(&hall.callers[nth], hall.base, &hall.at[endpoint]);
    caller_say(&hall.callers[nth], bytes);
    return &hall.callers[nth];
}
