/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correction.h - our clock was wrong and has been set right: what is known of everybody moves with
 * it, so that nobody is silent, late or overdue because the time leapt.
 */
#ifndef CORE_CORRECTION_H
#define CORE_CORRECTION_H

#include "core/custody.h"
#include "core/track.h"

struct correction {
    struct utc from, until; /* by our clock while it was wrong; from > until: it never was */
    int64_t by;             /* ms that it moved at `until`; < 0: back */
    int64_t late_ms;        /* older pings were judged by our clock, and not by their own times */
    struct utc now;         /* the right time */
};

/*
 * 1. What our clock gave while it was wrong moves by as much: when a device was heard, or is
 *    listened to, how far its clock is from ours, and since when an alert waits for somebody. What
 *    an earlier clock gave stays.
 * 2. So do the times of pings, and of what was told of them, when the error was so large that they
 *    were judged by our clock: over `late_ms` ahead, or over 120 s behind. Else they are the
 *    devices' own.
 * 3. What then lies ahead of `now` was given by a clock that was ahead, perhaps before a restart:
 *    it is put at `now`. A device keeps its way: all of its times move as its newest does.
 *
 * True when anything moved, so that it must be kept.
 */
bool correction_device(const struct correction *correction, struct known_device *device);
bool correction_incident(const struct correction *correction, struct incident *incident);
bool correction_custody(const struct correction *correction, struct custody *custody);

#endif
