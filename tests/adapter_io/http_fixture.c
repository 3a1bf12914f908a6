/* SPDX-License-Identifier: Apache-2.0 */
#include "http_fixture.h"

#include "loop.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

struct http_fixture http_under_test;

/* Answers with the method, the path, and the body's length. */
static void answer(struct http_exchange *exchange)
{
    size_t length;
    char text[128];
    int n;

    http_body(exchange, &length);
    if (http_under_test.slow)
        http_slow_down(exchange);
    n = snprintf(text, sizeof text, "{%s %.60s %zu}", http_method(exchange), http_path(exchange),
                 length);
    http_answer(http_under_test.door, exchange, *http_method(exchange) == '?' ? 405 : 200,
                "text/plain", text, (size_t)n);
}

static bool on_head(struct http_exchange *exchange, void *arg)
{
    assert_ptr_equal(arg, &http_under_test);
    http_under_test.gated++;
    if (!http_under_test.shut)
        return true;
    http_answer(http_under_test.door, exchange, 401, "text/plain", "{shut}", 6);
    return false;
}

static void on_exchange(struct http_exchange *exchange, void *arg)
{
    assert_ptr_equal(arg, &http_under_test);
    http_under_test.asked++;
    if (http_under_test.meanwhile != NULL)
        http_under_test.meanwhile();
    if (http_under_test.slots)
        http_delay(exchange);
    if (!http_under_test.holds) {
        answer(exchange);
        return;
    }
    for (size_t i = 0; i < CALLERS; i++) {
        if (http_under_test.held[i] == NULL) {
            http_under_test.held[i] = exchange;
            return;
        }
    }
    fail_msg("too many wait");
}

void http_fixture_answer(void)
{
    for (size_t i = 0; i < CALLERS; i++) {
        if (http_under_test.held[i] != NULL)
            answer(http_under_test.held[i]);
        http_under_test.held[i] = NULL;
    }
}

struct http_limits http_fixture_limits(int64_t max_connections, int64_t idle_ms)
{
    return (struct http_limits){ .max_body = 1000,
                                 .max_connections = max_connections,
                                 .max_per_address = 1000,
                                 .idle_ms = idle_ms,
                                 .request_ms = 60000 };
}

bool http_fixture_try(const struct http_limits *limits, struct fault *why)
{
    struct http_options options = { .listen = http_under_test.at,
                                    .n_listen = 2,
                                    .tls = http_under_test.tls,
                                    .limits = *limits,
                                    .handler = on_exchange,
                                    .gate = on_head,
                                    .arg = &http_under_test };

    return http_open(http_under_test.base, &options, &http_under_test.door, why);
}

void http_fixture_open_with(const struct http_limits *limits)
{
    struct fault why;

    if (!http_fixture_try(limits, &why))
        fail_msg("%s", why.text);
}

void http_fixture_open(int64_t max_connections, int64_t idle_ms)
{
    struct http_limits limits = http_fixture_limits(max_connections, idle_ms);

    http_fixture_open_with(&limits);
}

int http_fixture_setup(void **state)
{
    void *testbed = NULL;
    struct fault why;
    char port[32];

    (void)state;
    signal(SIGPIPE, SIG_IGN); // as in service
    testbed_setup(&testbed);
    http_under_test = (struct http_fixture){ .testbed = testbed, .base = event_base_new() };
    snprintf(port, sizeof port, "127.0.0.1:%d", testbed_free_port());
    assert_true(endpoint_parse("unix:http.sock", http_under_test.testbed->dir,
                               &http_under_test.at[0], &why));
    assert_true(endpoint_parse(port, http_under_test.testbed->dir, &http_under_test.at[1], &why));
    return 0;
}

int http_fixture_teardown(void **state)
{
    void *testbed = http_under_test.testbed;

    (void)state;
    for (size_t i = 0; i < CALLERS; i++)
        http_client_leave(&http_under_test.clients[i]);
    http_close(http_under_test.door);
    tls_destroy(http_under_test.tls);
    event_base_free(http_under_test.base);
    return testbed_teardown(&testbed);
}

struct http_client *http_fixture_call(int nth, int endpoint, const char *bytes)
{
    http_client_leave(&http_under_test.clients[nth]);
    http_client_connect(&http_under_test.clients[nth], http_under_test.base,
                        &http_under_test.at[endpoint]);
    http_client_say(&http_under_test.clients[nth], bytes);
    return &http_under_test.clients[nth];
}
