/* SPDX-License-Identifier: Apache-2.0 */
/* arrival.h - what a ping is worth before any zone is asked. No ping is dropped: each has a class.
 */
#ifndef CORE_ARRIVAL_H
#define CORE_ARRIVAL_H

#include "core/track.h"

enum arrival {
    ARRIVED_NEW,
    ARRIVED_AGAIN,       /* same device, time and position as one of the last eight */
    ARRIVED_LATE,        /* older than the newest one of its device */
    ARRIVED_FUTURE,      /* its clock cannot be right: judged by ours */
    ARRIVED_IMPLAUSIBLE, /* needs over 70 m/s, lies at 0,0, or its sender does not trust it */
    ARRIVED_REFUSED,     /* no ping at all: the sender is told why */
    ARRIVALS
};

#define ARRIVAL_SPEED_MAX                                                                          \
    70.0 /* m/s: 157 mph, faster than anything on the ground here but a train */

enum {
    ARRIVAL_AHEAD_MS = 120 * 1000, /* a clock so far ahead of ours is wrong */
    ARRIVAL_AGREE = 3,             /* implausible pings in a row that agree are believed */
};

/* "new", "again", … as metrics and status name them. */
const char *arrival_name(enum arrival arrival);

/*
 * Classes a ping and remembers it in `device` (not as newest: that is for whoever judges it).
 * *out_when is the instant to judge it by: its own time, or `now` when its clock is over 120 s
 * ahead or was never set (before 2000). Three implausible pings in a row that agree with each other
 * come out as new.
 */
enum arrival arrival_of(struct known_device *device, const struct ping *ping, struct utc now,
                        struct utc *out_when);

/* Before 2000 no tag was made: a device that says so was never told the time. */
bool arrival_clock_was_set(struct utc time);

/* Whether the device's clock is one of the two wrong ones above. */
bool arrival_clock_wrong(const struct ping *ping, struct utc now);

#endif
