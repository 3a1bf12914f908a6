/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervise.h - what systemd is told, as by sd_notify(3); silent where there is no systemd. It is
 * never waited for: what its socket does not take at once is said later, in the same order, and
 * of several of a kind the newest.
 */
#ifndef ADAPTER_SUPERVISE_H
#define ADAPTER_SUPERVISE_H

#include <event2/event.h>

void supervise_ready(void);
void supervise_reloading(void);
void supervise_stopping(void);
void supervise_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The start still goes on, so that systemd waits for it past its TimeoutStartSec: a ledger of years
 * is brought up to date, hundreds of thousands of people are judged. Call it with each bit that was
 * done, however small: it is said each SUPERVISE_STARTING_S, until supervise_ready(), and no more
 * by a start that hangs.
 */
enum { SUPERVISE_STARTING_S = 10, SUPERVISE_MORE_S = 120 };
void supervise_starting(void);

/* Says what could not be said before. Call each second. */
void supervise_go_on(void);

/*
 * Feeds the watchdog from the loop, at a third of its time; NULL when none is asked for.
 * event_free it.
 */
struct event *supervise_watchdog(struct event_base *base);

/* Feeds the watchdog from within what holds the loop, when nobody can be served meanwhile. */
void supervise_alive(void);

#endif
