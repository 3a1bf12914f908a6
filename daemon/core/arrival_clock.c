/* SPDX-License-Identifier: Apache-2.0 */
/* arrival_clock.c - by what instant a ping is judged: its own, mended or not, or our clock's. */
#include "core/arrival_parts.h"
#include "core/estimate.h"

#include <stdlib.h>

/* By our clock, or by what it made of the pings before. If it is ahead, this is where he is now. */
static bool looks_old(const struct known_device *device, const struct ping *ping, struct utc now,
                      const struct detect *detect)
{
    return now.ms - ping->time.ms > detect->late_ms ||
           (device->heard && ping->time.ms < device->newest.time.ms);
}

/*
 * What is older than this is older than the newest position. That one is no younger than its
 * arrival, whatever a clock ahead of ours said, and older by nobody knows how much when it was
 * judged by ours.
 */
static struct utc newest_at_least(const struct known_device *device)
{
    struct utc newest = device->newest.time;

    if (!device->heard)
        return UTC_ALWAYS;
    if (device->newest_came.ms != 0)
        newest = utc_earlier(newest, device->newest_came);
    return device->newest_guessed ? utc_plus(newest, -LAG_AHEAD_MS) : newest;
}

/* A clock that was ahead of ours is so no more: what it gave is put at its arrival. */
static void pull_back(struct known_device *device, struct utc now)
{
    struct utc came = device->newest_came.ms != 0 ? device->newest_came : now;

    device->newest.time = utc_earlier(device->newest.time, came);
    if (estimate_time(device).ms != 0) {
        device->estimate->belief.when = utc_earlier(device->estimate->belief.when, came);
        device->estimate->heard = utc_earlier(device->estimate->heard, came);
    }
    for (size_t i = 0; i < TRAIL_PLACES; i++)
        device->trail[i].at.time = utc_earlier(device->trail[i].at.time, came);
}

/*
 * A clock that runs far ahead of ours, and did not before, gives him time that there was not: two
 * minutes, in which anybody gets miles away, or out of a zone and back for each true ping. A
 * receiver that does not know the leap seconds is 18 s ahead for good, and the first of what it
 * sends together is less so.
 */
static bool hurries(const struct known_device *device, struct utc when, struct utc now)
{
    int64_t ahead = when.ms - now.ms, before = device->newest.time.ms - device->newest_came.ms;

    return device->heard && device->newest_came.ms != 0 &&
           ahead - (before > 0 ? before : 0) >= ARRIVAL_HURRY_MS;
}

void arrival_hold_back(struct known_device *device, struct utc now, struct reception *out)
{
    if (!hurries(device, out->when, now))
        return;
    out->when = now;
    out->guessed = true;
    if (device->newest.time.ms > now.ms)
        pull_back(device, now);
}

bool arrival_can_be(struct utc time, struct utc now)
{
    return time.ms <= now.ms + LAG_AHEAD_MS && lag_clock_was_set(time);
}

void arrival_judge_in_doubt(struct known_device *device, const struct ping *ping, struct utc now,
                            const struct detect *detect, struct reception *out)
{
    bool impossible = !arrival_can_be(ping->time, now);

    out->guessed = impossible || looks_old(device, ping, now, detect);
    out->class = impossible ? ARRIVED_FUTURE : ARRIVED_NEW;
    out->when = out->guessed ? now : ping->time;
    if (out->guessed && device->heard && device->newest.time.ms > now.ms)
        pull_back(device, now);
}

void arrival_judge_untrusted(struct known_device *device, struct utc now, struct reception *out)
{
    device->lag = (struct lag){ 0 };
    out->class = ARRIVED_FUTURE;
    out->guessed = true;
    if (device->heard && device->newest.time.ms > now.ms)
        pull_back(device, now);
}

/*
 * Whether satellites alone can have given the ping's time: of a trusted kind, and newer than what
 * was heard of the device last, so that it may have been kept since. Who sets the clock of a device
 * back that is heard is no better off than with any other.
 */
static bool is_vouched_for(const struct known_device *device, const struct ping *ping,
                           const struct detect *detect)
{
    return detect->clock == CLOCK_TRUSTED && device->arrived.ms != 0 &&
           ping->time.ms >= device->arrived.ms - detect->late_ms &&
           !(device->heard && ping->time.ms <= device->newest.time.ms);
}

void arrival_judge_clock(struct known_device *device, const struct ping *ping, struct utc now,
                         const struct detect *detect, struct reception *out)
{
    struct lag_ping given = { ping->time,
                              now,
                              newest_at_least(device),
                              detect->late_ms,
                              detect->lag_most_ms,
                              is_vouched_for(device, ping, detect) };
    struct lag_verdict verdict = lag_judge(&device->lag, &given);

    out->class = verdict.ours ? ARRIVED_FUTURE : ARRIVED_NEW;
    out->when = verdict.when;
    out->guessed = verdict.ours;
    if (!device->heard || verdict.when.ms >= device->newest.time.ms ||
        verdict.when.ms < given.newest.ms)
        return;
    // Only a little older than what may itself be older than it seems.
    if (device->newest_guessed) {
        out->when = now;
        out->guessed = true;
    } else {
        pull_back(device, now);
    }
}
