/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arrival_parts.h"

#include "core/estimate.h"
#include "core/masts.h"
#include "core/motion.h"
#include "core/oscillation.h"
#include "core/places.h"

#include <math.h>
#include <stdlib.h>

const char *arrival_name(enum arrival arrival)
{
    static const char *const names[] = { "new",         "again",  "late",   "future",
                                         "implausible", "no-fix", "refused" };
    _Static_assert(sizeof names / sizeof *names == ARRIVALS, "a name for each class");

    return names[arrival];
}

/*
 * True when the ping was among the recent ones; else it is now. An empty place is 0,0 in 1970. What
 * was coarse so far is news when it is told well: else a coarse twin before it would swallow it.
 */
static bool comes_again(struct known_device *device, struct utc time, struct lonlat at, bool coarse)
{
    size_t i = 0;

    while (i < DEVICE_RECENT &&
           !(device->recent[i].time.ms == time.ms && device->recent[i].at.lon == at.lon &&
             device->recent[i].at.lat == at.lat))
        i++;
    if (i < DEVICE_RECENT && (coarse || (device->recent_coarse >> i & 1) == 0))
        return true;
    if (i == DEVICE_RECENT) {
        i = device->recent_next;
        device->recent_next = (device->recent_next + 1) % DEVICE_RECENT;
    }
    device->recent[i] = (struct sighting){ time, at };
    device->recent_coarse &= ~(1U << i);
    device->recent_coarse |= (uint32_t)coarse << i;
    return false;
}

static const int64_t creeping_ms = 1000; // who is followed closer is not followed by our devices

static const double made_up_m = 1000; // who is nearer may come by there

static const double pole_deg = 89.9;

/* Null Island, and the poles, where one place has all longitudes and no plane holds it. */
static bool is_nobodys(struct lonlat at)
{
    return (fabs(at.lon) < 1e-4 && fabs(at.lat) < 1e-4) || fabs(at.lat) > pole_deg;
}

/*
 * What decoders make of a payload that they read wrongly: one degree is 0 to the last digit, or
 * both are the same (TheThingsNetwork/lorawan-devices#235; the LGT-92's firmware, dragino's #26).
 * Who is near there anyway may pass such a place.
 */
static bool is_made_up(const struct known_device *device, struct lonlat at)
{
    return (at.lon == 0 || at.lat == 0 || at.lon == at.lat) &&
           !(device->heard && lonlat_distance(device->newest.at, at) <= made_up_m);
}

/* Counts those in a row that agree, several of one instant as one; true when they are enough. */
static bool believed(struct known_device *device, const struct position *now)
{
    bool same =
        device->doubts > 0 &&
        motion_reaches(&device->doubted, lonlat_distance(device->doubted.at, now->at), now->time);

    if (!same)
        device->doubts = 0;
    if (same && now->time.ms - device->doubted.time.ms < ARRIVAL_APART_MS)
        return false;
    device->doubts++;
    device->doubted = *now;
    return device->doubts >= ARRIVAL_AGREE;
}

/* While it is at two places, three in a row are only the louder ones, unless the other is quiet. */
static bool has_moved(struct known_device *device, const struct position *now)
{
    bool agree = believed(device, now);

    return agree && (!places_torn(device, now->time) ||
                     now->time.ms - device->newest.time.ms >= PLACES_QUIET_MS);
}

/* A place that the device cannot have come to proves nothing alone, but may be a second place. */
static void doubt_place(struct known_device *device, const struct position *now,
                        struct reception *out)
{
    out->class = ARRIVED_IMPLAUSIBLE;
    if (out->coarse)
        return; // a mast far away is a mistake of everyday
    places_elsewhere(device, now);
    out->elsewhere = places_torn(device, now->time);
}

/*
 * A place to which nobody comes from where masts alone have him. A good fix is right more often
 * than they are: two places are not made of that, and one inside is worth a look.
 */
static void doubt_by_masts(struct known_device *device, const struct position *now, bool denied,
                           struct reception *out)
{
    if (denied)
        out->class = ARRIVED_IMPLAUSIBLE;
    else
        doubt_place(device, now, out);
    out->elsewhere = true;
}

/*
 * A coarse fix, by the rules of arrival.h. Of where a coarse one had him nobody is sure: he would
 * creep across the county, each step in doubt.
 */
static void weigh_coarse(struct known_device *device, const struct position *now, bool from_coarse,
                         const struct detect *detect, struct reception *out)
{
    double accuracy = motion_accuracy(detect, now->accuracy);
    bool still = out->moved <= 2 * accuracy, drifts = from_coarse && !isnan(now->accuracy);

    // 1. By a good one he is still where he was, or 2. by a coarse one somewhere about.
    out->idle = still && !drifts;
    out->adrift = still && drifts;
    // 3. Of who was told by coarse ones alone three that agree are where he is.
    out->resettled = !still && drifts && has_moved(device, now);
    out->leapt = out->resettled && motion_leaps(&device->newest, now, out->moved, detect);
    out->adrift |= out->resettled;
    if (still || out->resettled) {
        masts_let_go(&device->masts);
        device->doubts = out->resettled ? 0 : device->doubts;
        return;
    }
    // 4. Elsewhere, if he can have got there.
    out->doubtful = true;
    if (!motion_reaches(&device->newest, out->moved, now->time))
        out->class = ARRIVED_IMPLAUSIBLE;
    if (!isnan(now->accuracy))
        masts_hear(&device->masts, now);
}

/* Where the device is is settled again, and nothing before doubts it. */
static void come(struct known_device *device)
{
    device->doubts = 0;
    places_here(device);
}

/* New, implausible, or new with a doubt: whether he can have got there from the newest position. */
static void weigh(struct known_device *device, const struct position *now,
                  const struct detect *detect, struct reception *out)
{
    bool reachable = !motion_leaps(&device->newest, now, out->moved, detect), denied;
    double before = motion_accuracy(detect, device->newest.accuracy);
    bool from_coarse = before > detect->coarse;
    // The estimate has heard what was doubted, but not what was implausible.
    bool unheard = estimate_time(device).ms < device->doubted.time.ms;

    if (out->coarse) {
        weigh_coarse(device, now, from_coarse, detect, out);
        return;
    }
    if (from_coarse) // a mast says at least where he is not
        reachable =
            motion_reaches(&device->newest, out->moved - MASTS_SURE_RADII * before, now->time);
    denied = reachable && masts_deny(&device->masts, now);
    if (reachable && !denied &&
        (from_coarse || !motion_surprises(device, now, out->moved, detect))) {
        masts_let_go(&device->masts);
        come(device);
    } else if (has_moved(device, now)) {
        out->agreed = true;
        out->resettled = unheard;
        out->leapt = !reachable;
        masts_overrule(&device->masts);
        come(device);
    } else if (reachable && !denied) {
        out->doubtful = true; // it proves nothing alone
        places_here(device);
    } else if (denied || from_coarse)
        doubt_by_masts(device, now, denied, out);
    else
        doubt_place(device, now, out);
}

/*
 * A clock that creeps says that he had less time for his way than he had by ours: a millisecond
 * from one street to the next made a leap of each of his steps. Who went farther than he can have
 * by ours leapt, and what is a second apart was held up, as far as anybody knows: what it says of
 * its time holds whenever it comes.
 */
static bool creeps(const struct known_device *device, struct utc when, double moved, struct utc now)
{
    int64_t own = when.ms - device->newest.time.ms, ours = now.ms - device->newest_came.ms;

    return device->newest_came.ms != 0 && own >= 0 && own < creeping_ms && ours > 2 * own &&
           moved <= MOTION_USUAL_TOP * (double)ours / 1000;
}

/* Weighs the ping as one of as much later than the newest as it came later. */
static void weigh_by_ours(struct known_device *device, const struct position *now, struct utc came,
                          const struct detect *detect, struct reception *out)
{
    struct utc newest = device->newest.time, believed = estimate_time(device);
    bool known = estimate_is_newest(device);

    device->newest.time = utc_plus(now->time, device->newest_came.ms - came.ms);
    if (known)
        device->estimate->belief.when = device->newest.time;
    weigh(device, now, detect, out);
    // Of what is not taken nothing stays.
    if (out->doubtful || out->idle || out->elsewhere)
        device->newest.time = newest;
    if (known && (out->idle || out->elsewhere))
        device->estimate->belief.when = believed;
}

static void judge_position(struct known_device *device, const struct ping *ping, struct utc now,
                           const struct detect *detect, struct reception *out)
{
    struct position position;

    arrival_hold_back(device, now, out);
    position = ping_position(ping, out->when);
    out->older = device->heard && out->when.ms < device->newest.time.ms;
    if (out->older || now.ms - out->when.ms > detect->late_ms)
        out->class = ARRIVED_LATE;
    if (device->heard)
        out->moved = lonlat_distance(device->newest.at, ping->at);
    // Only who is near a zone has an estimate.
    if (out->class != ARRIVED_LATE && !out->coarse && estimate_time(device).ms != 0)
        oscillation_hear(device, &position, detect);
    if (out->older && motion_leaps(&device->newest, &position, out->moved, detect)) {
        // Of what was held up only the newest, whoever sent that, says that it cannot be.
        out->doubtful = now.ms - out->when.ms > detect->late_ms;
        if (!out->doubtful)
            doubt_place(device, &position, out);
    } else if (out->older)
        out->doubtful = motion_surprises(device, &position, out->moved, detect);
    else if (device->heard && creeps(device, out->when, out->moved, now))
        weigh_by_ours(device, &position, now, detect, out);
    else if (device->heard)
        weigh(device, &position, detect, out);
}

struct reception arrival_of(struct known_device *device, const struct ping *ping, struct utc now,
                            const struct detect *detect)
{
    struct utc time = ping->doubted ? ping->time : lag_mend(ping->time, now, detect->lag_most_ms);
    struct reception out = { ARRIVED_NEW, .when = now };

    if (ping->no_fix) { // not remembered: a trusted one of the same time and place is news
        out.class = ARRIVED_NO_FIX;
        return out; // its time may be that of a fix of long ago, and it is said now
    }
    out.coarse = motion_accuracy(detect, ping->accuracy) > detect->coarse;
    if (comes_again(device, time, ping->at, out.coarse)) {
        out.coarse = false;
        out.class = ARRIVED_AGAIN;
        if (detect->clock != CLOCK_UNTRUSTED && device->lag.fault == LAG_NONE &&
            arrival_can_be(time, now))
            out.when = time;
        return out;
    }
    if (detect->clock == CLOCK_UNTRUSTED)
        arrival_judge_untrusted(device, now, &out);
    else if (ping->doubted)
        arrival_judge_in_doubt(device, ping, now, detect, &out);
    else
        arrival_judge_clock(device, ping, now, detect, &out);
    if (is_nobodys(ping->at)) {
        out.class = ARRIVED_IMPLAUSIBLE;
        return out;
    }
    if (is_made_up(device, ping->at)) {
        out.class = ARRIVED_IMPLAUSIBLE;
        out.elsewhere = !out.coarse;
        return out;
    }
    judge_position(device, ping, now, detect, &out);
    if (out.class == ARRIVED_NEW && !ping->doubted && !out.coarse && !out.doubtful)
        lag_trust(&device->lag, time.ms != ping->time.ms);
    return out;
}
