/* SPDX-License-Identifier: Apache-2.0 */
/* track.c - what was known and comes back: nothing in it may be more than can have been known. */
#include "core/track.h"

#include "core/estimate.h"
#include "core/radius.h"
#include "core/testimony.h"

#include <math.h>
#include <string.h>

static const double fastest = 1e7;  // m/s: half round the earth between two places of a trail
static const double longest = 1e14; // ms: some 3,000 years
static const double surest = 40;    // log odds: 1 in 1e17, whatever the thresholds are

static bool is_time(struct utc at)
{
    return at.ms >= 0 && at.ms < UTC_END.ms;
}

static bool is_time_or_never(struct utc at)
{
    return is_time(at) || at.ms == UTC_NEVER.ms;
}

static bool is_between(double value, double low, double high)
{
    return value >= low && value <= high; // NaN is not
}

static bool is_position(const struct position *position)
{
    return is_time(position->time) && lonlat_valid(position->at) &&
           (isnan(position->accuracy) ||
            (position->accuracy > 0 && position->accuracy <= PING_ACCURACY_MAX)) &&
           (position->percentile == 0 ||
            is_between(position->percentile, RADIUS_PERCENTILE_LEAST, RADIUS_PERCENTILE_MOST));
}

static bool is_allowance(const struct allowance *allowance)
{
    return is_between(allowance->spent, 0, longest) && is_time(allowance->since);
}

static bool is_course(const struct trouble_course *course)
{
    return is_time(course->opened) && is_time(course->alerted) && is_time(course->well);
}

/* The numbers of a device's troubles go on: each number may have been told. */
static void keep_troubles(struct known_device *device, const struct known_device *kept)
{
    for (size_t i = 0; i < TROUBLES; i++) {
        if (is_course(&kept->troubles[i]))
            device->troubles[i] = kept->troubles[i];
        else
            device->troubles[i] = trouble_over(&kept->troubles[i]);
    }
}

/* What was told once already is not told again. */
static void keep_remarks(struct known_device *device, const struct known_device *kept)
{
    memcpy(device->remarks, kept->remarks, sizeof device->remarks);
    device->remarks_next = kept->remarks_next < DEVICE_REMARKS ? kept->remarks_next : 0;
}

void known_device_forget(struct known_device *device)
{
    struct known_device kept = *device;

    if (kept.estimate != NULL)
        *kept.estimate = (struct estimate){ .origin = { 0 } };
    *device = (struct known_device){ .estimate = kept.estimate,
                                     .tampered = kept.tampered,
                                     .battery_low = kept.battery_low,
                                     .mocked = kept.mocked,
                                     .besides = kept.besides,
                                     .charge = kept.charge <= DEVICE_CHARGE_MAX ? kept.charge : 0,
                                     .clock_wrong = kept.clock_wrong,
                                     .two_places = kept.two_places,
                                     .two_alike = kept.two_alike,
                                     .swapped = kept.swapped,
                                     .inaccurate = kept.inaccurate,
                                     .alerts = kept.alerts,
                                     .carrier = kept.carrier,
                                     .corrected = kept.corrected,
                                     .carried = { is_time(kept.carried) ? kept.carried.ms : 0 },
                                     .silent = kept.silent <= 2 ? kept.silent : 0 };
    if (device->silent != 0 && kept.silent_cause <= SILENCE_TALKS_AGAIN)
        device->silent_cause = kept.silent_cause;
    keep_troubles(device, &kept);
    keep_remarks(device, &kept);
    // What was used of a day's budget stays used: a row that cannot be is no way round it.
    if (is_allowance(&kept.updates))
        device->updates = kept.updates;
    if (is_allowance(&kept.past))
        device->past = kept.past;
    if (is_allowance(&kept.written))
        device->written = kept.written;
}

void known_device_blank(struct known_device *device)
{
    known_device_forget(device);
    memset(device->remarks, 0, sizeof device->remarks);
    device->remarks_next = 0;
}

static bool is_place_or_none(const struct position *position)
{
    return position->time.ms == 0 || is_position(position);
}

static bool is_health(const struct known_device *device)
{
    bool ok = is_place_or_none(&device->tampered_at) && is_place_or_none(&device->battery_low_at) &&
              is_allowance(&device->updates) && is_allowance(&device->past) &&
              is_allowance(&device->written) && is_time(device->health_kept) &&
              is_allowance(&device->lulls) && is_between(device->lull_ms, 0, longest) &&
              is_time(device->refused) && device->charge <= DEVICE_CHARGE_MAX;

    for (size_t i = 0; i < TROUBLES; i++)
        ok = ok && is_course(&device->troubles[i]);
    return ok;
}

static bool is_trail(const struct known_device *device)
{
    bool ok = is_between(device->pace, 0, fastest);

    for (size_t i = 0; i < TRAIL_PLACES; i++) {
        const struct step *step = &device->trail[i];

        ok = ok && is_place_or_none(&step->at) && is_between(step->speed, 0, fastest);
    }
    return ok && device->trail_next < TRAIL_PLACES;
}

static bool is_elsewhere(const struct elsewhere *elsewhere)
{
    return (elsewhere->pings == 0 || is_position(&elsewhere->at)) && is_time(elsewhere->torn) &&
           is_time(elsewhere->alike) && is_time(elsewhere->leaps_since);
}

static bool is_frozen(const struct frozen *frozen)
{
    return lonlat_valid(frozen->at) && is_time(frozen->since);
}

static bool is_masts(const struct masts *masts)
{
    return (masts->fixes == 0 || (is_position(&masts->at) && masts->at.accuracy > 0)) &&
           is_time(masts->since);
}

static bool is_oscillation(const struct oscillation *oscillation)
{
    return (oscillation->last.time.ms == 0 || is_position(&oscillation->last)) &&
           lonlat_valid(oscillation->home) && is_between(oscillation->off, 0, fastest) &&
           is_between(oscillation->east, -fastest, fastest) &&
           is_between(oscillation->north, -fastest, fastest) &&
           is_between(oscillation->seconds, 0, longest) &&
           is_between(oscillation->turns, 0, longest) &&
           is_between(oscillation->swings, 0, longest) && is_time(oscillation->back) &&
           is_time(oscillation->turned) && is_time(oscillation->swung);
}

static bool is_habit(const struct known_device *device)
{
    return is_between(device->habit, 0, PING_ACCURACY_MAX) && is_time(device->worse_since);
}

static bool is_group(const struct lag_group *group)
{
    return is_time(group->time) && is_time(group->came);
}

static bool is_pace(const struct lag_pace *pace)
{
    return is_group(&pace->group) && is_group(&pace->before) && is_group(&pace->first) &&
           is_group(&pace->earlier) && is_time(pace->opened) && is_time(pace->last) &&
           pace->backs <= LAG_BACKS;
}

static bool is_band(const struct lag_band *band)
{
    return is_time(band->least) && is_time(band->most) && is_time(band->since);
}

static bool is_mix(const struct lag_mix *mix)
{
    return is_time(mix->fresh) && is_time(mix->breath) && is_time(mix->heard) &&
           is_pace(&mix->pace) && is_group(&mix->front) && is_group(&mix->anchor) &&
           is_band(&mix->band) && is_time(mix->begun) && is_time(mix->since) &&
           is_between((double)mix->lulled_ms, 0, longest) && is_time(mix->found);
}

static bool is_lag(const struct lag *lag)
{
    return lag->fault < LAG_FAULTS && is_between((double)lag->offset_ms, 0, longest) &&
           is_pace(&lag->pace) && is_time(lag->since) && is_group(&lag->best) &&
           is_between((double)lag->quiet_ms, 0, longest) && is_mix(&lag->mix);
}

static bool is_estimate(const struct known_device *device)
{
    return (device->estimate == NULL || estimate_settle(device->estimate)) &&
           is_between(device->error_scale, 0, 10) && is_between(device->rested, 0, 3600) &&
           lonlat_valid(device->rests_at);
}

bool known_device_settle(struct known_device *device)
{
    if ((!device->heard || is_position(&device->newest)) &&
        (device->doubts == 0 || is_position(&device->doubted)) && is_trail(device) &&
        is_estimate(device) && is_elsewhere(&device->elsewhere) && is_habit(device) &&
        is_frozen(&device->frozen) && is_masts(&device->masts) &&
        is_oscillation(&device->oscillation) && is_lag(&device->lag) &&
        is_time(device->newest_came) && is_health(device) && is_time(device->carried) &&
        is_time(device->listened) && is_time(device->arrived) && is_time(device->talked) &&
        is_time(device->talking) && is_between(device->interval_ms, 0, longest) &&
        is_between(device->jitter_ms, 0, longest) && device->recent_next < DEVICE_RECENT &&
        device->remarks_next < DEVICE_REMARKS && device->silent <= 2 &&
        device->silent_cause <= SILENCE_TALKS_AGAIN)
        return true;
    known_device_forget(device);
    return false;
}

void incident_forget(struct incident *incident)
{
    struct incident kept = *incident;

    *incident = (struct incident){ .phase = kept.phase,
                                   .authorised = kept.authorised,
                                   .number = kept.number,
                                   .numbers = kept.numbers,
                                   .alerts = kept.alerts,
                                   .corrected = kept.corrected };
    if (kept.number > kept.numbers)
        incident->numbers = kept.number;
    incident->opened.ms = is_time(kept.opened) ? kept.opened.ms : 0;
    incident->alerted.ms = is_time(kept.alerted) ? kept.alerted.ms : 0;
    incident->ended = is_time_or_never(kept.ended) ? kept.ended : UTC_NEVER;
    incident->entered = is_time_or_never(kept.entered) ? kept.entered : UTC_NEVER;
    if (kept.phase > PHASE_APPROACH && incident->entered.ms == UTC_NEVER.ms)
        incident->entered = incident->opened;
}

static bool is_scores(const struct incident *incident)
{
    bool ok = is_between(incident->late_score, -surest, surest) &&
              is_between(incident->inside, 0, 1) &&
              (incident->inside_by & ~INSIDE_BY_REMOVED) >> TRACK_DEVICES_MAX == 0 &&
              incident->coming_by >> TRACK_DEVICES_MAX == 0 &&
              incident->elsewhere_by >> TRACK_DEVICES_MAX == 0 && is_time(incident->elsewhere) &&
              is_time(incident->unbelieved_at) && testimony_settle(&incident->testimony);

    for (size_t i = 0; i < TRACK_DEVICES_MAX; i++)
        ok = ok && is_between(incident->scores[i], -surest, surest);
    return ok;
}

static bool is_run(const struct past_run *run)
{
    return is_time(run->from) && is_time(run->until);
}

static bool is_history(const struct incident *incident)
{
    bool ok = is_time_or_never(incident->before_from) && is_time_or_never(incident->before_until) &&
              is_run(&incident->late) && is_time(incident->late_at) &&
              is_allowance(&incident->pasts) && is_time(incident->gathering.opened) &&
              is_time(incident->gathering.alerted);

    for (size_t i = 0; i < INCIDENT_RUNS; i++)
        ok = ok && is_run(&incident->runs[i]);
    for (size_t i = 0; i < INCIDENT_OLDER; i++)
        ok = ok && is_time_or_never(incident->older[i].from) &&
             is_time_or_never(incident->older[i].until);
    return ok && incident->older_next < INCIDENT_OLDER;
}

bool incident_settle(struct incident *incident)
{
    if (is_time(incident->opened) && is_time(incident->alerted) && is_time(incident->run) &&
        is_time_or_never(incident->ended) && is_time_or_never(incident->entered) &&
        is_scores(incident) && is_history(incident) && is_allowance(&incident->openings) &&
        incident->phase <= PHASE_BREACH && incident->number <= incident->numbers &&
        incident->gathering.number <= incident->numbers)
        return true;
    incident_forget(incident);
    return false;
}
