/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h - one ping, or one tick of time, against every zone that concerns it: alerts come out. */
#ifndef CORE_WATCH_H
#define CORE_WATCH_H

#include "core/alert.h"
#include "core/detect.h"
#include "core/device_kind.h"
#include "core/rulebook.h"
#include "core/zone_set.h"

/*
 * Late pings farther apart than the first do not belong to one stay; one that comes out of order
 * beside an incident, by no more than the second, belongs to that.
 */
enum { WATCH_LATE_GAP_MS = 10 * 60 * 1000, WATCH_REORDER_MS = 120 * 1000 };

/*
 * Which engine judges: 1 was the sums of log odds of breachd up to 0.2. Since then core/belief does
 * with its constants: 2 with multipath that passed in seconds, 3 with one that lasts, 4 with slow
 * errors of so many metres, a breach also by pings just outside that together leave no doubt, and
 * core/testimony, 5 with an error for each kind of fixes, 6 with multipath that lasts on foot too,
 * a place that is left by a leap, and hints, 7 with silences that are graded by both of two places,
 * a schedule that begins again while one of them is held inside, and devices' own words as each was
 * said.
 * Who changes what it makes of any ping gives it another number: evidence is judged again by what
 * judged it.
 */
enum { WATCH_ENGINE = 7 };

struct watch {
    const struct civil *civil;
    const struct detect *detect;
    const struct detect *usual; /* NULL: that is; else that is one device's, see device_watch.h */
    const struct device_kinds *kinds; /* NULL: none */
    bool stepped;                     /* alerts tell their numbers in steps: see steps.h */
    bool frugal;                      /* the disk is getting full: nothing is told again */
};

/* Two a zone (one ends as another begins), eight of the device, and one a device that is silent. */
enum { OUTCOME_ALERTS_MAX = 2 * QUESTION_ZONES_MAX + 8 + RESPONDENT_DEVICES_MAX };

/* What came of one look. */
struct outcome {
    enum arrival arrival;
    struct utc when;          /* by what instant a ping was judged; UTC_NEVER: it was none */
    uint32_t devices_changed; /* what is known of each device with its bit must survive; */
    struct zone_set incidents_changed; /* so must each incident */
    size_t n;
    struct alert alerts[OUTCOME_ALERTS_MAX];
};

/*
 * One ping of the respondent's device number `device`; `now` is our clock. Always fills *out. That
 * device must show an estimate, zeroed where nothing was believed of it; any other may show none.
 * An estimate that this, or watch_again, leaves zeroed (belief.n is 0) may be taken away, as those
 * of who are far are; and no other one.
 *
 * A ping far from every zone with nothing open changes nothing that must survive. So after a
 * restart the newest position, the trail and the habit of a device are those of its last ping that
 * did: until it is heard again the way from a far ping is not guessed, an approach from outside
 * every ring is seen two pings later, and silence counts from the start. The same goes for what was
 * learnt since: of its clock, of a second place, of what it said.
 */
void watch_ping(const struct watch *watch, const struct respondent *who, struct track *track,
                size_t device, const struct ping *ping, struct utc now, struct outcome *out);

/*
 * Judges every zone again by the last known positions, as at `at`, and every silence: because time
 * has come to a boundary (CAUSE_TIME), or the zones or our clock may be others now (CAUSE_RULES).
 * `now` is our clock.
 */
void watch_again(const struct watch *watch, const struct respondent *who, struct track *track,
                 enum cause cause, struct utc at, struct utc now, struct outcome *out);

/*
 * When watch_again must next be called for time's sake: always later than `at`, and at the next
 * true boundary; UTC_NEVER: not. Each of these three is about an `at` that came to be otherwise:
 * nobody was judged at it, so what is overdue is due a millisecond after it;
 */
struct utc watch_due(const struct watch *watch, const struct respondent *who,
                     const struct track *track, struct utc at);

/*
 * he was judged as at `asked` just now, so nothing is overdue: what contradicts that costs a
 * question a minute, and no busy loop;
 */
enum { WATCH_RETRY_MS = 60 * 1000 };
struct utc watch_due_after(const struct watch *watch, const struct respondent *who,
                           const struct track *track, struct utc asked);

/*
 * a ping came at `now`, when all boundaries up to watch_due_before had been asked about and `due`
 * was the next. A new position may say otherwise of those between `when`, by which it was judged,
 * and `now`, so they are asked about again.
 */
struct utc watch_due_heard(const struct watch *watch, const struct respondent *who,
                           const struct track *track, enum arrival arrived, struct utc when,
                           struct utc due, struct utc now);

/*
 * Up to when boundaries come before a ping: its own time, or `now` when that may be none by which
 * it is judged as of the present.
 */
struct utc watch_due_before(const struct watch *watch, const struct ping *ping, struct utc now);

/*
 * The zone is in no order any more: ends what was open. `out` may hold other alerts already; its
 * incidents_changed, empty before, gets zone 0 when the incident must be kept.
 */
void watch_withdraw(const struct exclusion *gone, struct incident *incident, struct utc now,
                    struct outcome *out);

#endif
