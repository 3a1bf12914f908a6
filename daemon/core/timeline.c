/* SPDX-License-Identifier: Apache-2.0 */
#include "core/timeline.h"

/* The first boundary after `asked`, by which the respondent was judged just now. */
static struct utc next_after(const struct timeline *timeline, struct utc asked)
{
    struct utc next = watch_due_after(timeline->watch, timeline->who, timeline->track, asked);

    if (next.ms > asked.ms)
        return next;
    if (timeline->on_past != NULL)
        timeline->on_past(timeline->arg);
    return utc_plus(asked, WATCH_RETRY_MS);
}

struct utc timeline_boundary(const struct timeline *timeline, struct utc due, struct utc now)
{
    const struct question question = { .cause = CAUSE_TIME, .at = due, .now = now };

    if (!timeline->ask(&question, timeline->room, timeline->arg))
        return utc_plus(now, TIMELINE_AGAIN_MS);
    return next_after(timeline, due);
}

struct utc timeline_pass(const struct timeline *timeline, struct utc due, struct utc until)
{
    // A boundary each turn, each later than the last; the daemon takes them one by one.
    while (due.ms <= until.ms)
        due = timeline_boundary(timeline, due, due);
    return due;
}

/* Boundaries from `due` up to `until`, as far as a ping may wait for them; the next one. */
static struct utc catch_up(const struct timeline *timeline, struct utc due, struct utc until,
                           struct utc now)
{
    for (int i = 0; i < TIMELINE_PING_BOUNDARIES && due.ms <= until.ms; i++)
        due = timeline_boundary(timeline, due, now);
    return due;
}

bool timeline_ping(const struct timeline *timeline, size_t device, const struct ping *ping,
                   struct utc now, struct utc *due, enum arrival *out_arrived)
{
    const struct question question = {
        .cause = CAUSE_PING, .device = device, .ping = *ping, .now = now
    };

    // 1. What came before it in the world.
    *due = catch_up(timeline, *due, watch_due_before(timeline->watch, ping, now), now);

    // 2. The ping.
    if (!timeline->ask(&question, timeline->room, timeline->arg))
        return false;
    *out_arrived = timeline->room->arrival;

    // 3. What came after it, by what is known now.
    *due = watch_due_heard(timeline->watch, timeline->who, timeline->track, *out_arrived,
                           timeline->room->when, *due, now);
    *due = catch_up(timeline, *due, now, now);
    return true;
}

struct utc timeline_rules(const struct timeline *timeline, struct utc at, struct utc now)
{
    const struct question question = { .cause = CAUSE_RULES, .at = at, .now = now };

    for (size_t i = 0; i < timeline->who->n_devices; i++) {
        struct known_device *device = timeline->track->devices[i];

        if (device->listened.ms == 0)
            device->listened = at;
    }
    timeline->ask(&question, timeline->room,
                  timeline->arg); // what fails is for the asker to try again
    return next_after(timeline, at);
}
