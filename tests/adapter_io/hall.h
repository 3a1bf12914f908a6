/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hall.h - an open HTTP door, whoever stands before it, and a host who answers or lets them wait.
 */
#ifndef ADAPTER_IO_HALL_H
#define ADAPTER_IO_HALL_H

#include "adapter/http/http.h"
#include "adapter/tls.h"
#include "caller.h"
#include "support/house.h"

#define GET "GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n"

enum { CALLERS = 40 };

struct hall {
    struct house *house;
    struct event_base *base;
    struct http_door *door;
    struct endpoint at[2]; /* a unix socket, a port */
    struct caller callers[CALLERS];
    struct tls *tls; /* NULL: plain; freed at the end */
    int asked, gated;
    bool shut;                           /* nobody's body is waited for */
    bool slow;                           /* answers are slowed down */
    bool beats;                          /* answers leave on a beat */
    struct http_exchange *held[CALLERS]; /* exchanges that wait, when it `holds` */
    bool holds;
};

extern struct hall hall; /* one a test */

/* A house with a hall, without a door; for rows, whose state is the row, and for tests. */
int hall_setup(void **state);
int hall_teardown(void **state);
#define hall_test(test) cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

/* Largest body 1000 bytes, 1000 connections an address, a minute a request. */
struct http_limits hall_limits(int64_t max_connections, int64_t idle_ms);
bool hall_try(const struct http_limits *limits, struct fault *why);
void hall_open_with(const struct http_limits *limits);
void hall_open(int64_t max_connections, int64_t idle_ms);

/* Caller `nth` connects to at[endpoint] and says these bytes. */
struct caller *hall_call(int nth, int endpoint, const char *bytes);

/* Answers all that wait: "{METHOD PATH LENGTH}", with 405 for a method "?". */
void hall_answer(void);

#endif
