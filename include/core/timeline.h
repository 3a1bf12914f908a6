/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timeline.h - in which order the boundaries and the pings of one respondent are judged. A boundary
 * is an instant at which time alone changes something. The daemon, breachctl replay FILE, the
 * stories and the detection bench have their order from here; what becomes of an outcome is each
 * one's own.
 */
#ifndef CORE_TIMELINE_H
#define CORE_TIMELINE_H

#include "core/question.h"

/*
 * Is to ask by question_ask and to keep what comes of it. False: it could not be kept, and the
 * track is as it was before the question.
 */
typedef bool timeline_ask(const struct question *question, struct outcome *out, void *arg);

struct timeline {
    const struct watch *watch;
    const struct respondent *who;
    struct track *track;
    timeline_ask *ask;
    struct outcome *room;       /* for each answer: of 240 KB, so on no stack */
    void (*on_past)(void *arg); /* a boundary was followed by none that is later; NULL: no matter */
    void *arg;
};

enum {
    TIMELINE_PING_BOUNDARIES = 64, /* at most so many before a ping, and so many after it */
    TIMELINE_AGAIN_MS = 1000       /* a boundary that could not be kept is due so long after now */
};

/*
 * Judges the boundary at `due` while our clock shows `now`. Returns the next one, always later
 * than `due`: where the watch names an earlier one or the same again, on_past is called, and time
 * is asked about again WATCH_RETRY_MS after `due`. A boundary that could not be kept is due
 * TIMELINE_AGAIN_MS after `now`.
 */
struct utc timeline_boundary(const struct timeline *timeline, struct utc due, struct utc now);

/*
 * Time passes up to `until` on a clock that is never late: from `due` on each boundary is judged at
 * its own instant. Returns the next one.
 */
struct utc timeline_pass(const struct timeline *timeline, struct utc due, struct utc until);

/*
 * A ping of the respondent's device number `device` comes when our clock shows `now`:
 *
 * 1. boundaries up to the ping's own time, as in the world they came before it; all boundaries up
 *    to `now`, if the ping may be judged by that (see watch_due_before);
 * 2. the ping;
 * 3. boundaries up to `now`, also those between the ping's time and `now` that were judged before
 *    it came: the new position may say otherwise of them.
 *
 * Before and after the ping no more than TIMELINE_PING_BOUNDARIES. A respondent who is farther
 * behind is judged by the ping for what lies between: a silence that the ping ends needs no
 * telling, and an incident has met its end before. What is left after it stays due.
 *
 * *due is the next boundary, before and after. False when the ping could not be kept: then
 * *out_arrived is untouched, and *due has passed what came before it.
 */
bool timeline_ping(const struct timeline *timeline, size_t device, const struct ping *ping,
                   struct utc now, struct utc *due, enum arrival *out_arrived);

/*
 * Judges the respondent by rules that may be others than before, as at `at`, while our clock shows
 * `now`. From `at` on, if not before, a device that is not heard is silent. Returns the next
 * boundary, also when the judgement could not be kept.
 */
struct utc timeline_rules(const struct timeline *timeline, struct utc at, struct utc now);

#endif
