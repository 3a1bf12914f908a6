/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_beat.c - answers that leave on a beat. A ping near a zone costs more time than a far one,
 * and who may send both could read the zone's edge from that. The beats are counted in microseconds
 * and waited for by a timer of the kernel's: the loop's own are rounded to milliseconds from when
 * it began to wait, which is after the work, and would tell how long that took.
 */
#include "adapter/clock.h"
#include "adapter/http/http_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* An answer, and the moment that it waits for. */
struct http_held {
    TAILQ_ENTRY(http_held) all;
    struct http_exchange *exchange;
    int64_t beat; // us, of clock_us
    int code;
    const char *type; // a constant
    size_t length;
    char body[];
};

int64_t http_beat_after(int64_t arrived, int64_t now)
{
    int64_t beat = HTTP_BEAT_MS * 1000, beats = (now - arrived + beat - 1) / beat;

    return arrived + (beats > 0 ? beats : 1) * beat;
}

/* So long a body may take at the most when all of it is near a zone; 1,000 pings took 0.15 s. */
enum { BYTE_US = 3 };

void http_hold(struct http_exchange *exchange)
{
    exchange->arrived = clock_us();
    exchange->least = exchange->arrived + BYTE_US * (int64_t)exchange->length;
}

bool http_is_held(const struct http_exchange *exchange)
{
    return exchange->arrived != 0;
}

size_t http_held(const struct http_door *door)
{
    return door->n_held;
}

/* Sets the timer for the first answer that waits; with none the timer rests. */
static void set_timer(struct http_door *door)
{
    const struct http_held *first = TAILQ_FIRST(&door->held);
    int64_t at = first != NULL ? first->beat : 0;
    struct itimerspec when = { .it_value = { at / 1000000, at % 1000000 * 1000 } };

    timerfd_settime(door->beat_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Sends the answers that were waiting when the beat began. */
static void on_beat(evutil_socket_t fd, short what, void *arg)
{
    struct http_door *door = arg;
    int64_t now = clock_us();
    struct http_held *first;
    uint64_t expired;

    (void)what;
    if (read(fd, &expired, sizeof expired) < 0 && errno != EAGAIN)
        return;
    // At most one of each connection.
    while ((first = TAILQ_FIRST(&door->held)) != NULL && first->beat <= now)
        http_exchange_send(first->exchange, first->code, first->type, first->body, first->length);
    set_timer(door);
}

bool beats_open(struct http_door *door)
{
    TAILQ_INIT(&door->held);
    door->beat_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (door->beat_fd >= 0)
        door->on_beat = event_new(door->base, door->beat_fd, EV_READ | EV_PERSIST, on_beat, door);
    return door->on_beat != NULL && event_add(door->on_beat, NULL) == 0;
}

void beats_close(struct http_door *door)
{
    if (door->on_beat != NULL)
        event_free(door->on_beat);
    if (door->beat_fd >= 0)
        close(door->beat_fd);
}

/* In the order of the beats; most come last, behind at most one of each connection. */
static void insert(struct http_door *door, struct http_held *held)
{
    struct http_held *before = TAILQ_LAST(&door->held, http_helds);

    while (before != NULL && before->beat > held->beat)
        before = TAILQ_PREV(before, http_helds, all);
    if (before != NULL)
        TAILQ_INSERT_AFTER(&door->held, before, held, all);
    else
        TAILQ_INSERT_HEAD(&door->held, held, all);
    door->n_held++;
}

bool http_exchange_keep(struct http_exchange *exchange, int code, const char *type,
                        const char *body, size_t length)
{
    struct http_held *held = malloc(sizeof *held + length);
    int64_t now = clock_us();

    if (held == NULL)
        return false;
    *held =
        (struct http_held){ .exchange = exchange,
                            .beat = http_beat_after(exchange->arrived,
                                                    now > exchange->least ? now : exchange->least),
                            .code = code,
                            .type = type,
                            .length = length };
    memcpy(held->body, body, length);
    exchange->held = held;
    insert(exchange->door, held);
    set_timer(exchange->door);
    return true;
}

void held_free(struct http_exchange *exchange)
{
    if (exchange->held == NULL)
        return;
    TAILQ_REMOVE(&exchange->door->held, exchange->held, all);
    exchange->door->n_held--;
    free(exchange->held);
    exchange->held = NULL;
}
