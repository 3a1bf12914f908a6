/* SPDX-License-Identifier: Apache-2.0 */
/* watch_due.c - when a respondent's zones are to be asked about again, if no ping comes. */
#include "core/assessment.h"
#include "core/device_watch.h"
#include "core/safe_region.h"
#include "core/silence.h"
#include "core/testimony.h"
#include "core/watch.h"

/*
 * The next boundary after `at`; `overdue`, also after it, for what should have been told by then.
 */
static struct utc next_boundary(const struct watch *watch, const struct respondent *who,
                                const struct track *track, struct utc at, struct utc overdue)
{
    struct utc due = silence_due(watch, who, track, at, overdue);

    if (!safe_region_quiet(track))
        track_wake(track);
    for (size_t i = 0; !safe_region_quiet(track) && i < who->n_exclusions; i++) {
        const struct incident *incident = track->incidents[i];

        if (incident->phase != PHASE_NONE || assessment_alive(incident))
            due = utc_earlier(due, exclusion_next(who->exclusions[i], watch->civil, at));
        // Who is held by nothing else.
        if (incident->phase > PHASE_APPROACH && incident->inside_by == 0)
            due = utc_earlier(due, utc_later(testimony_due(&incident->testimony), overdue));
    }
    return due;
}

struct utc watch_due(const struct watch *watch, const struct respondent *who,
                     const struct track *track, struct utc at)
{
    return next_boundary(watch, who, track, at, utc_plus(at, 1));
}

struct utc watch_due_after(const struct watch *watch, const struct respondent *who,
                           const struct track *track, struct utc asked)
{
    return next_boundary(watch, who, track, asked, utc_plus(asked, WATCH_RETRY_MS));
}

struct utc watch_due_heard(const struct watch *watch, const struct respondent *who,
                           const struct track *track, enum arrival arrived, struct utc when,
                           struct utc due, struct utc now)
{
    if (arrived == ARRIVED_NEW || arrived == ARRIVED_FUTURE)
        return watch_due(watch, who, track, utc_earlier(now, when));
    if (due.ms > now.ms)
        return watch_due(watch, who, track, now);
    return due;
}

struct utc watch_due_before(const struct watch *watch, const struct ping *ping, struct utc now)
{
    bool own = !ping->doubted && ping->time.ms <= now.ms &&
               now.ms - ping->time.ms <= watch->detect->late_ms &&
               device_clock(watch->kinds, ping->device) != CLOCK_UNTRUSTED;

    return own ? ping->time : now;
}
