/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/supervise.h"

#include "adapter/clock.h"
#include "adapter/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>

enum { STATUS_MAX = 512 };

void supervise_ready(void)
{
    sd_notify(0, "READY=1");
}

void supervise_reloading(void)
{
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_tick().ms * 1000);
}

void supervise_stopping(void)
{
    sd_notify(0, "STOPPING=1\nSTATUS=stopping");
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
    sd_notifyf(0, "STATUS=%s", shown);
}

void supervise_alive(void)
{
    sd_notify(0, "WATCHDOG=1");
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
