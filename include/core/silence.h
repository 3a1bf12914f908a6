/* SPDX-License-Identifier: Apache-2.0 */
/*
 * silence.h - a device that is quiet for longer than its habit. The habit is learnt as TCP learns
 * its time-out (Jacobson 1988, RFC 6298): a mean interval between arrivals and its mean deviation;
 * silent is who is not heard for twice the mean and four deviations, within the two settings. In
 * reach is what lies no farther from his last position than the plausible speed, or his own pace
 * when faster, can have taken him; the time to turn round is added for what lies elsewhere than he
 * was heading.
 */
#ifndef CORE_SILENCE_H
#define CORE_SILENCE_H

#include "core/watch.h"

/* A ping of device number `nth` came: it is heard. Not for a ping that comes again. */
void silence_heard(const struct respondent *who, struct known_device *device, size_t nth,
                   const struct ping *ping, struct utc now, struct outcome *out);

/*
 * The device comes back from disk, where each ping near a zone is and hardly any other: who was far
 * may have been heard until the end, so he is listened to anew, once somebody says from when.
 */
void silence_recall(struct known_device *device);

/*
 * Tells who is silent at `at`. Tells it again when the first zone in force comes into reach, and
 * each time that one comes into force since then, by a schedule, an order, its service, a permit's
 * end, as soon as it is in reach. A zone that ends and begins again does so too, unless it was shut
 * for less than four hours. Respondents with no order in force are let be.
 */
void silence_check(const struct watch *watch, const struct respondent *who, struct track *track,
                   struct utc at, struct utc now, struct outcome *out);

/*
 * When that is next to be done, after `at`; UTC_NEVER: not. `overdue`, later than `at`, for what
 * should have been told by then.
 */
struct utc silence_due(const struct watch *watch, const struct respondent *who,
                       const struct track *track, struct utc at, struct utc overdue);

/* Our clock was set back to `now`: whoever was heard later than that was heard now. */
void silence_clock_back(const struct respondent *who, struct track *track, struct utc now,
                        struct outcome *out);

#endif
