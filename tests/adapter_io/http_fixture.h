/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_fixture.h - an open HTTP door, whoever stands before it, and a
 * host who answers or lets them wait.
 */
#ifndef ADAPTER_IO_HTTP_FIXTURE_H
#define ADAPTER_IO_HTTP_FIXTURE_H

#include "adapter/http/http.h"
#include "adapter/tls.h"
#include "http_client.h"
#include "support/testbed.h"

#define GET "GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n"

enum { CALLERS = 40 };

struct http_fixture {
    struct testbed *testbed;
    struct event_base *base;
    struct http_door *door;
    struct endpoint at[2]; /* a unix socket, a port */
    struct http_client clients[CALLERS];
    struct tls *tls; /* NULL: plain; freed at the end */
    int asked, gated;
    void (*meanwhile)(void);             /* what a request brings about; NULL: nothing */
    bool shut;                           /* nobody's body is waited for */
    bool slow;                           /* answers are slowed down */
    bool slots;                          /* answers leave at the end of a time slot */
    struct http_exchange *held[CALLERS]; /* exchanges that wait, when it `holds` */
    bool holds;
};

extern struct http_fixture http_under_test; /* one a test */

/* With an HTTP fixture, without a door; for rows, whose state is the row, and for tests. */
int http_fixture_setup(void **state);
int http_fixture_teardown(void **state);
#define http_fixture_test(test)                                                                    \
    cmocka_unit_test_setup_teardown(test, http_fixture_setup, http_fixture_teardown)

/* Largest body 1000 bytes, 1000 connections an address, a minute a request. */
struct http_limits http_fixture_limits(int64_t max_connections, int64_t idle_ms);
bool http_fixture_try(const struct http_limits *limits, struct fault *why);
void http_fixture_open_with(const struct http_limits *limits);
void http_fixture_open(int64_t max_connections, int64_t idle_ms);

/* Caller `nth` connects to at[endpoint] and says these bytes. */
struct http_client *http_fixture_call(int nth, int endpoint, const char *bytes);

/* Answers all that wait: "{METHOD PATH LENGTH}", with 405 for a method "?". */
void http_fixture_answer(void);

#endif
