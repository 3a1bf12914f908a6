/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timedate.h - one question to systemd-timedated(8), over the system bus: does the kernel say that
 * its clock is synchronised (NTPSynchronized of org.freedesktop.timedate1)? Each question is a
 * connection of its own, which ends with the answer: between two of them nothing from the bus
 * reaches the loop, and a bus that was started anew is no matter. Nothing of it blocks. There are
 * at most TIMEDATE_STEPS_MAX messages.
 *
 * A message may be as long as the bus lets it: 32 MiB by dbus-daemon, 128 MiB by sd-bus, which has
 * no option for less. One of 120 MB was measured to take 138 MB for as long as the question lasts.
 * That is left so: only the bus itself, which is root's, can send it; what others send goes by its
 * limit; `limit_ms` ends it, and all is given back. Bytes counted on their way into sd-bus would
 * want a socket between, with its own copies, in the path of each good answer.
 */
#ifndef APP_TIMEDATE_H
#define APP_TIMEDATE_H

#include "core/fault.h"
#include "core/sync_poll.h"

#include <event2/event.h>

enum { TIMEDATE_STEPS_MAX = 256 }; /* of the protocol; who sends more before the answer has none */

/* A question that is under way. */
struct timedate;

/* `why` says why there is no answer, SYNC_NONE; "" else. */
typedef void timedate_callback(enum sync_answer answer, const char *why, void *arg);

/*
 * Asks. Calls back once, from the loop, within `limit_ms`; the question is gone by then. NULL with
 * the reason, and no call, where the bus cannot be reached. It is the one at the address that
 * DBUS_SYSTEM_BUS_ADDRESS names, a unix socket, or else at the usual place.
 */
struct timedate *timedate_ask(struct event_base *base, int limit_ms, timedate_callback *callback,
                              void *arg, struct fault *why);

/* Nobody is called then. NULL is fine. */
void timedate_cancel(struct timedate *question);

#endif
