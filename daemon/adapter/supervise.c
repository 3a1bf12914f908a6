/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/supervise.h"

#include "adapter/clock.h"
#include "adapter/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum { STATUS_MAX = 512, NOTE_MAX = 2 * STATUS_MAX + 64 };

/* In the order in which they are said. */
enum note { NOTE_RELOADING, NOTE_READY, NOTE_STOPPING, NOTE_STATUS, NOTES };

/*
 * The newest of each that could not be said yet: systemd takes a few hundred at once, and when it
 * does not read, sd_notify(3) waits for it, and with it every ping.
 */
static struct {
    char text[NOTE_MAX];
    bool waits;
} notes[NOTES];

/* It was so once. */
static bool is_ready;

/* False when there is no such socket. */
static bool read_address(struct sockaddr_un *out, socklen_t *out_size)
{
    const char *path = getenv("NOTIFY_SOCKET");
    size_t n = path != NULL ? strlen(path) : 0;

    *out = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (n < 2 || n >= sizeof out->sun_path || (path[0] != '/' && path[0] != '@'))
        return false;
    memcpy(out->sun_path, path, n);
    if (path[0] == '@')
        out->sun_path[0] = '\0'; // of an abstract socket
    *out_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (path[0] == '/'));
    return true;
}

/* False when it is to be said later; whom nobody listens to has nothing to say later either. */
static bool say(const char *text)
{
    struct sockaddr_un at;
    socklen_t size;
    int fd;
    ssize_t sent;
    bool full;

    if (!read_address(&at, &size))
        return true;
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&at, size);
    full = sent < 0 && (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM);
    close(fd);
    return !full;
}

void supervise_go_on(void)
{
    for (int i = 0; i < NOTES; i++) {
        if (notes[i].waits && !say(notes[i].text))
            return; // and what comes behind it neither
        notes[i].waits = false;
    }
}

static void __attribute__((format(printf, 2, 3))) put(enum note note, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(notes[note].text, NOTE_MAX, format, args);
    va_end(args);
    notes[note].waits = true;
    supervise_go_on();
}

void supervise_starting(void)
{
    static struct tick again; // zeroed: at once
    struct tick now = clock_tick();
    char more[64];

    if (is_ready || now.ms < again.ms)
        return;
    snprintf(more, sizeof more, "EXTEND_TIMEOUT_USEC=%d000000", SUPERVISE_MORE_S);
    if (say(more)) // else with the next bit
        again.ms = now.ms + SUPERVISE_STARTING_S * 1000;
}

void supervise_ready(void)
{
    is_ready = true;
    put(NOTE_READY, "READY=1");
}

void supervise_reloading(void)
{
    notes[NOTE_READY].waits = false; // of the reload before
    put(NOTE_RELOADING, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_tick().ms * 1000);
}

void supervise_stopping(void)
{
    notes[NOTE_STATUS].waits = false; // this one has its own
    put(NOTE_STOPPING, "STOPPING=1\nSTATUS=stopping");
}

/* A line end in it would be a word of its own to systemd: MAINPID=1. */
void supervise_status(const char *format, ...)
{
    char status[STATUS_MAX], shown[2 * STATUS_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(status, sizeof status, format, args);
    va_end(args);
    text_escape(status, strlen(status), shown, sizeof shown);
    put(NOTE_STATUS, "STATUS=%s", shown);
}

void supervise_alive(void)
{
    say("WATCHDOG=1"); // where that is full it holds some already
}

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
    supervise_alive();
}

struct event *supervise_watchdog(struct event_base *base)
{
    uint64_t limit_us = 0;
    struct timeval interval;
    struct event *timer;

    if (sd_watchdog_enabled(0, &limit_us) <= 0)
        return NULL;
    interval =
        (struct timeval){ (time_t)(limit_us / 3 / 1000000), (suseconds_t)(limit_us / 3 % 1000000) };
    timer = event_new(base, -1, EV_PERSIST, on_watchdog, NULL);
    if (timer != NULL)
        event_add(timer, &interval);
    return timer;
}
