/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes through the whole door, over a socketpair, in pieces: everything asked is answered
 * once, nothing is asked after a refusal, and the connection comes to its end.
 */
#include "adapter/http/http.h"
#include "adapter/http/http_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

enum { TURNS_MAX = 20000, HEARD_MAX = 1 << 20 };

static struct {
    struct event_base *base;
    struct http_door *door;
    struct http_exchange *held; // one that is answered in a later turn
    bool holds;
    int asked;
    char *heard;
    size_t n;
} fixture;

static void answer(struct http_exchange *exchange)
{
    http_answer(fixture.door, exchange, 200, "text/plain", "asked", 5);
}

static void on_exchange(struct http_exchange *exchange, void *arg)
{
    size_t length;

    (void)arg;
    fixture.asked++;
    promise(http_body(exchange, &length) != NULL && length <= 1000);
    promise(http_path(exchange)[0] == '/' || http_path(exchange)[0] == '*');
    if (fixture.holds)
        fixture.held = exchange;
    else
        answer(exchange);
}

static void open_door(void)
{
    struct http_options options = { .limits = { .max_body = 1000,
                                                .max_connections = 10,
                                                .max_per_address = 10,
                                                .idle_ms = 60000,
                                                .request_ms = 60000 },
                                    .handler = on_exchange };
    struct fault why;

    fixture.base = event_base_new();
    fixture.heard = malloc(HEARD_MAX + 1);
    promise(fixture.base != NULL && fixture.heard != NULL);
    promise(http_open(fixture.base, &options, &fixture.door, &why));
}

/* One turn of the loop; what was answered is taken in. False when the door has closed. */
static bool turn(int fd)
{
    struct http_exchange *held;
    ssize_t got;

    event_base_loop(fixture.base, EVLOOP_NONBLOCK);
    held = fixture.held;
    fixture.held = NULL;
    if (held != NULL)
        answer(held); // and perhaps the next one is held
    got = recv(fd, fixture.heard + fixture.n, HEARD_MAX - fixture.n, MSG_DONTWAIT);
    if (got > 0)
        fixture.n += (size_t)got;
    return got != 0;
}

/* The codes that were heard: as many 200 as were asked, and at most one other, at the end. */
static void check(void)
{
    int fine = 0, refused = 0, code;

    fixture.heard[fixture.n] = '\0';
    for (const char *at = fixture.heard; (at = strstr(at, "HTTP/1.1 ")) != NULL; at++) {
        if (sscanf(at, "HTTP/1.1 %3d ", &code) != 1 || code == 100)
            continue;
        promise(refused == 0);
        fine += code == 200;
        refused += code != 200;
    }
    promise(fine == fixture.asked);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    size_t piece = n > 0 ? (size_t)bytes[0] * 4 + 1 : 1;
    int pair[2], turns = 0;

    if (fixture.door == NULL)
        open_door();
    fixture.asked = 0;
    fixture.n = 0;
    fixture.holds = n > 1 && bytes[1] % 2 == 1;
    promise(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0);
    promise(http_conn_create(fixture.door, pair[0], 0, "the fuzzer", false));
    for (size_t at = 2; at < n && turns < TURNS_MAX; turns++) {
        size_t some = n - at < piece ? n - at : piece;
        ssize_t sent = send(pair[1], bytes + at, some, MSG_NOSIGNAL);

        at += sent > 0 ? (size_t)sent : 0;
        if (!turn(pair[1]))
            break;
    }
    shutdown(pair[1], SHUT_WR);
    while (turn(pair[1]))
        promise(turns++ < TURNS_MAX);
    close(pair[1]);
    while (http_connections(fixture.door) > 0)
        promise(turns++ < TURNS_MAX && event_base_loop(fixture.base, EVLOOP_NONBLOCK) >= 0);
    check();
    return 0;
}
