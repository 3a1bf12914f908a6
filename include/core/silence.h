/* SPDX-License-Identifier: Apache-2.0 */
/*
 * silence.h - a device of which no position is believed for longer than its habit: because it says
 * nothing (`no-ping`), or because it talks and nothing of that can be believed (`no-fix`). The
 * habit is learnt as TCP learns its time-out (Jacobson 1988, RFC 6298): a mean interval between
 * believed arrivals and its mean deviation; silent is who is not heard for twice the mean and four
 * deviations, within the two settings. Which zones that makes grave: reach.h.
 *
 * Devices change their pace, upload by batches, and sleep: what is told each time nobody reads. And
 * somebody may be silent on purpose, so that long silences look usual. So, of its patience:
 *
 * 1. It is twice the mean and four deviations, but not under silent-least (of who talks:
 *    no-fix-after) and, whatever was learnt, never over silent-after, even if that is shorter.
 * 2. It is not over three times silent-least either, or three times the mean, whichever is more: a
 *    few long gaps make a large deviation, a mean only who keeps to them.
 * 3. A silence that was told is no habit. A gap that was not is learnt as no longer than the
 *    patience by 1 and 2 was: so beyond three times silent-least that grows by a quarter for each
 *    gap, at most; twenty arrivals at the old pace undo it. And a gap in which we began to listen
 *    to the device, as after a start to who was far, teaches nothing.
 * 4. A lull is a silence that was told and has ended; two hours forget one. From the second on,
 *    while more than one is remembered, the patience is one and a half times a length that is
 *    learnt of them, if that is more, up to three times silent-least. The length begins as the
 *    patience by 1 and 2, and grows by a quarter of what a lull is longer. A silence that is longer
 *    than by 1 and 2, and let be by this, teaches no length: but what was forgotten of lulls since
 *    the silence before it is remembered again.
 * 5. A device of more than five lulls chatters (ISA-18.2): of it, rule 4 holds without its three
 *    times silent-least, so up to silent-after.
 * 6. A silence of a device that chatters is told no sooner than device-interval after the one that
 *    was told last. That matters where silent-least, silent-after or no-fix-after is shorter.
 * 7. Who is found in a zone in which his incident is a breach has no lulls any more.
 * 8. Rules 4 to 6 look at the instant at which it was last heard: no patience changes meanwhile.
 *
 * So a device that falls silent for good is told after silent-after, as ever, or device-interval
 * after it was last told, where that is later. Who is silent on purpose again and again has no more
 * than three times silent-least, or three eighths of the sum of his silences; and half as much
 * again once more than five of them were told.
 */
#ifndef CORE_SILENCE_H
#define CORE_SILENCE_H

#include "core/watch.h"

/*
 * A ping of device number `nth` came with a position that can be
 * believed, see watch.c: it is heard.
 */
void silence_heard(const struct watch *watch, const struct respondent *who,
                   struct known_device *device, size_t nth, const struct ping *ping,
                   struct utc when, struct utc now, struct outcome *out);

/* That ping was shown to each zone: rule 7. */
void silence_seen(const struct respondent *who, const struct track *track, size_t nth,
                  struct outcome *out);

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
