/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_slot.c - answers that leave at the end of a time slot. A ping near a zone costs more time
 * than a far one, and who may send both could read the zone's edge from that. The slots are counted
 * in microseconds and waited for by a timer of the kernel's: the loop's own are rounded to
 * milliseconds from when it began to wait, which is after the work, and would tell how long that
 * took.
 */
#include "adapter/clock.h"
#include "adapter/http/http_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* An answer, and the moment that it waits for. */
struct http_delayed {
    TAILQ_ENTRY(http_delayed) all;
    struct http_exchange *exchange;
    int64_t slot; // us, of clock_us
    int code;
    const char *type; // a constant
    size_t length;
    char body[];
};

int64_t http_slot_after(int64_t arrived, int64_t now)
{
    int64_t slot = HTTP_SLOT_MS * 1000, slots = (now - arrived + slot - 1) / slot;

    return arrived + (slots > 0 ? slots : 1) * slot;
}

/* So long a body may take at the most when all of it is near a zone; 1,000 pings took 0.15 s. */
enum { BYTE_US = 3 };

void http_delay(struct http_exchange *exchange)
{
    exchange->arrived = clock_us();
    exchange->least = exchange->arrived + BYTE_US * (int64_t)exchange->length;
}

bool http_is_delayed(const struct http_exchange *exchange)
{
    return exchange->arrived != 0;
}

size_t http_n_delayed(const struct http_door *door)
{
    return door->n_delayed;
}

/* Sets the timer for the first answer that waits; with none the timer rests. */
static void set_timer(struct http_door *door)
{
    const struct http_delayed *first = TAILQ_FIRST(&door->delayed);
    int64_t at = first != NULL ? first->slot : 0;
    struct itimerspec when = { .it_value = { at / 1000000, at % 1000000 * 1000 } };

    timerfd_settime(door->slot_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Sends the answers that were waiting when the slot began. */
static void on_slot(evutil_socket_t fd, short what, void *arg)
{
    struct http_door *door = arg;
    int64_t now = clock_us();
    struct http_delayed *first;
    uint64_t expired;

    (void)what;
    if (read(fd, &expired, sizeof expired) < 0 && errno != EAGAIN)
        return;
    // At most one of each connection: what is pipelined behind it is worked at later.
    while ((first = TAILQ_FIRST(&door->delayed)) != NULL && first->slot <= now)
        http_exchange_send(first->exchange, first->code, first->type, first->body, first->length);
    http_outbox_flush(&door->outbox); // what else this turn does is not to be seen in them
    set_timer(door);
}

bool http_slots_open(struct http_door *door)
{
    TAILQ_INIT(&door->delayed);
    door->slot_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (door->slot_fd >= 0)
        door->on_slot = event_new(door->base, door->slot_fd, EV_READ | EV_PERSIST, on_slot, door);
    return door->on_slot != NULL && event_add(door->on_slot, NULL) == 0;
}

void http_slots_close(struct http_door *door)
{
    if (door->on_slot != NULL)
        event_free(door->on_slot);
    if (door->slot_fd >= 0)
        close(door->slot_fd);
}

/* In the order of the slots; most come last, behind at most one of each connection. */
static void insert(struct http_door *door, struct http_delayed *delayed)
{
    struct http_delayed *before = TAILQ_LAST(&door->delayed, http_delayed_list);

    while (before != NULL && before->slot > delayed->slot)
        before = TAILQ_PREV(before, http_delayed_list, all);
    if (before != NULL)
        TAILQ_INSERT_AFTER(&door->delayed, before, delayed, all);
    else
        TAILQ_INSERT_HEAD(&door->delayed, delayed, all);
    door->n_delayed++;
}

bool http_exchange_keep(struct http_exchange *exchange, int code, const char *type,
                        const char *body, size_t length)
{
    struct http_delayed *delayed = malloc(sizeof *delayed + length);
    int64_t now = clock_us();

    if (delayed == NULL)
        return false;
    *delayed = (struct http_delayed){
        .exchange = exchange,
        .slot = http_slot_after(exchange->arrived, now > exchange->least ? now : exchange->least),
        .code = code,
        .type = type,
        .length = length
    };
    memcpy(delayed->body, body, length);
    exchange->delayed = delayed;
    insert(exchange->door, delayed);
    set_timer(exchange->door);
    return true;
}

void http_delayed_free(struct http_exchange *exchange)
{
    if (exchange->delayed == NULL)
        return;
    TAILQ_REMOVE(&exchange->door->delayed, exchange->delayed, all);
    exchange->door->n_delayed--;
    free(exchange->delayed);
    exchange->delayed = NULL;
}
