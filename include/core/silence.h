/* SPDX-License-Identifier: Apache-2.0 */
/*
 * silence.h - a device of which no position is believed for longer than its habit: because it says
 * nothing (`no-ping`), or because it talks and nothing of that can be believed (`no-fix`). The
 * habit is learnt as TCP learns its time-out (Jacobson 1988, RFC 6298): a mean interval between
 * believed arrivals and its mean deviation; silent is who is not heard for twice the mean and four
 * deviations, within the two settings. Which zones that makes grave: reach.h.
 */
#ifndef CORE_SILENCE_H
#define CORE_SILENCE_H

#include "core/watch.h"

/*
 * A ping of device number `nth` came with a position that can be
 * believed, see watch.c: it is heard.
 */
void silence_heard(const struct respondent *who, struct known_device *device, size_t nth,
                   const struct ping *ping, struct utc when, struct utc now, struct outcome *out);

/*
 * Any other ping of the device came: it talks. Of a device that was told as quiet that is told,
 * when it has talked for as long as a device may be without a position. That it talks must
 * survive once a minute where a zone is near.
 */
void silence_talked(const struct watch *watch, const struct respondent *who, struct track *track,
                    size_t nth, struct utc now, struct outcome *out);

/*
 * Since when no position of it is believed while somebody listened; 0: it was never heard, nor
 * should be.
 */
struct utc silence_unheard_since(const struct known_device *device);

/*
 * The device comes back from disk, where each ping near a zone is and hardly any other: who was far
 * may have been heard until the end, so he is listened to anew, once somebody says from when.
 */
void silence_recall(struct known_device *device);

/*
 * Tells who is silent at `at`. Tells it again when the first zone in force comes into reach, when
 * a device that talked falls quiet, and each time that a zone comes into force since then (by a
 * schedule, an order, its service, a permit's end), as soon as that zone is in reach. A zone that
 * ends and begins again does so too, unless it was shut for less than four hours. Respondents with
 * no order in force are let be.
 */
void silence_check(const struct watch *watch, const struct respondent *who, struct track *track,
                   struct utc at, struct utc now, struct outcome *out);

/*
 * When silence_check is next to be called, after `at`; UTC_NEVER: not. `overdue`, later than
 * `at`, for what should have been told by then.
 */
struct utc silence_due(const struct watch *watch, const struct respondent *who,
                       const struct track *track, struct utc at, struct utc overdue);

/* Our clock was set back to `now`: whoever was heard later than that was heard now. */
void silence_clock_back(const struct respondent *who, struct track *track, struct utc now,
                        struct outcome *out);

#endif
