/* SPDX-License-Identifier: Apache-2.0 */
#include "core/silence.h"

#include "core/device_watch.h"
#include "core/health.h"
#include "core/safe_region.h"
#include "core/silence_parts.h"

#include <stdio.h>

enum { TALK_KEPT_MS = 60 * 1000 }; // that a device near a zone talks is kept once in so long

/*
 * Of known_device.silent. Which zones were told in reach is kept with each: incident.silent_by.
 * SILENT_FOR_GOOD comes from ledgers of before that was kept: until it is heard, no more is told.
 */
enum { SILENT_ALERTED = 1, SILENT_FOR_GOOD = 2 };

void silence_recall(struct known_device *device)
{
    // Who talked without a fix may have done so until now: that it does not is told if it stays so.
    if (device->silent == 0 ? !device->near : device->silent_cause != SILENCE_NO_PING)
        device->listened.ms = 0;
}

struct utc silence_unheard_since(const struct known_device *device)
{
    if (device->silent != 0 && device->arrived.ms != 0) // told so, before a restart perhaps
        return device->arrived;
    return utc_later(device->arrived, device->listened);
}

struct utc silence_quiet_since(const struct known_device *device)
{
    return utc_later(utc_later(device->arrived, device->talked), device->listened);
}

/*
 * The first order that misses it, so many milliseconds after `since`: of those that have not ended
 * at `at`, and not sooner than if it had begun with the order.
 */
static struct utc missed_from(const struct respondent *who, struct utc since, int64_t ms,
                              struct utc at)
{
    struct utc first = UTC_NEVER;

    for (size_t i = 0; since.ms != 0 && i < who->n_exclusions; i++) {
        const struct order *order = who->exclusions[i]->order;
        struct utc from = utc_later(since, utc_later(order->from, order->served));

        if (from.ms >= INT64_MAX - ms || order->until.ms <= at.ms)
            continue;
        from.ms += ms;
        if (from.ms < order->until.ms)
            first = utc_earlier(first, from);
    }
    return first;
}

/* When the device has said nothing whatever for too long. */
static struct utc quiet_from(const struct watch *watch, const struct respondent *who,
                             const struct known_device *device, struct utc at)
{
    return missed_from(who, silence_quiet_since(device), silence_patience(watch, device), at);
}

/* Whether the device has said anything since a position of it was believed last. */
static bool talks(const struct known_device *device)
{
    return device->talked.ms > silence_unheard_since(device).ms;
}

/* Not before this a silence of a device that chatters is told; UTC_ALWAYS: it does not chatter. */
static struct utc told_anew_from(const struct watch *watch, const struct known_device *device,
                                 struct utc at)
{
    struct utc last = device->troubles[TROUBLE_SILENT].alerted;

    // What is ahead of our clock was noted before that was set back.
    if (last.ms == 0 || last.ms > at.ms || !silence_chatters(device))
        return UTC_ALWAYS;
    return utc_plus(last, watch->detect->device_every_ms);
}

/* When the device becomes silent, or became. */
static struct utc silent_from(const struct watch *watch, const struct respondent *who,
                              const struct known_device *device, struct utc at)
{
    struct utc from = quiet_from(watch, who, device, at);

    if (talks(device))
        from = utc_earlier(from, missed_from(who, silence_unheard_since(device),
                                             silence_fix_patience(watch, device), at));
    return utc_later(from, told_anew_from(watch, device, at));
}

/*
 * What is the matter at `at`. Once told of as quiet it stays so until it talks, see
 * silence_talked().
 */
static enum silence_cause cause_at(const struct watch *watch, const struct respondent *who,
                                   const struct known_device *device, struct utc at)
{
    if (device->silent == 0 && !talks(device))
        return SILENCE_NO_PING;
    if (quiet_from(watch, who, device, at).ms <= at.ms)
        return SILENCE_NO_PING;
    return device->silent == 0 ? SILENCE_NO_FIX : device->silent_cause;
}

/* Who was quiet for long may have gone anyhow meanwhile, whatever it says since. */
static enum reach_gait gait_of(enum silence_cause cause)
{
    return cause == SILENCE_NO_FIX ? REACH_AS_SEEN : REACH_ANYHOW;
}

/* Another device of his that is heard, or NULL. */
static const char *heard_beside(const struct watch *watch, const struct respondent *who,
                                const struct track *track, size_t nth, struct utc at)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        const struct known_device *device = track->devices[i];
        struct detect room;
        struct watch other = device_watch(watch, who->devices[i], &room);

        if (i != nth && device->arrived.ms != 0 && device->silent == 0 &&
            at.ms - device->arrived.ms < silence_patience(&other, device))
            return who->devices[i];
    }
    return NULL;
}

static bool was_alerted(const struct known_device *device, const struct incident *incident,
                        size_t nth)
{
    return device->silent != 0 && (incident->silent_by >> nth & 1) != 0;
}

/* Whether a zone is in reach of which this silence was not told. */
static bool any_news(const struct watch *watch, const struct respondent *who,
                     const struct track *track, size_t nth, enum reach_gait gait, struct utc at)
{
    const struct known_device *device = track->devices[nth];

    track_wake(track);
    for (size_t i = 0; i < who->n_exclusions; i++) {
        if (!was_alerted(device, track->incidents[i], nth) &&
            reach_counts(watch, who->exclusions[i], device, gait, at))
            return true;
    }
    return false;
}

/*
 * Which zones the silence is told of, when there is news: all that bind then, as those that are not
 * in reach will be before long. Those that have ended are let go of.
 */
static void note_alerted(const struct watch *watch, const struct respondent *who,
                         struct track *track, size_t nth, bool news, struct utc at,
                         struct outcome *out)
{
    const struct known_device *device = track->devices[nth];
    uint32_t bit = 1U << nth;

    track_wake(track);
    for (size_t i = 0; i < who->n_exclusions; i++) {
        const struct exclusion *exclusion = who->exclusions[i];
        struct incident *incident = track->incidents[i];
        bool alerted = was_alerted(device, incident, nth);

        if (alerted || news)
            alerted = reach_binds(watch, exclusion, at) ||
                      (alerted && !reach_shut_for_long(watch, exclusion, at));
        if (alerted == ((incident->silent_by & bit) != 0))
            continue;
        safe_region_stir(who, track);
        incident->silent_by ^= bit;
        zone_set_add(&out->incidents_changed, i);
    }
}

static bool any_in_reach(const struct watch *watch, const struct respondent *who,
                         const struct known_device *device, enum reach_gait gait, struct utc at)
{
    for (size_t i = 0; i < who->n_exclusions; i++) {
        if (reach_counts(watch, who->exclusions[i], device, gait, at))
            return true;
    }
    return false;
}

static void tell(const struct watch *watch, const struct respondent *who, struct track *track,
                 size_t nth, enum silence_cause cause, struct utc at, struct utc now,
                 struct outcome *out)
{
    struct known_device *device = track->devices[nth];
    struct trouble_course *course = &device->troubles[TROUBLE_SILENT];
    struct silence silence = { cause, gait_of(cause),
                               cause == SILENCE_NO_PING ? silence_quiet_since(device)
                                                        : silence_unheard_since(device),
                               heard_beside(watch, who, track, nth, at) };
    bool near = any_in_reach(watch, who, device, silence.gait, at);
    struct alert *alert = &out->alerts[out->n++];

    trouble_happens(course, now, 0);
    *alert = health_alert(who, device, nth, ALERT_SILENT, TROUBLE_SILENT, at, now);
    alert->severity = (enum severity)(alert->severity - !near - (silence.beside != NULL));
    silence_explain(watch, who, device, &silence, at, alert);
    trouble_tell(course, now);
    device->silent = SILENT_ALERTED;
    device->silent_cause = cause;
    device->talking.ms = 0;
    out->devices_changed |= 1U << nth;
}

/* Tells of one device when it is silent at `at`; `watch` is that one's. */
static void check_device(const struct watch *watch, const struct respondent *who,
                         struct track *track, size_t nth, struct utc at, struct utc now,
                         struct outcome *out)
{
    struct known_device *device = track->devices[nth];
    enum silence_cause cause = cause_at(watch, who, device, at);
    bool first = device->silent == 0, turned = !first && cause != device->silent_cause, news;

    // A silence once told goes on, whatever the settings say of its patience since.
    if (device->silent == SILENT_FOR_GOOD || out->n == OUTCOME_ALERTS_MAX ||
        (first && silent_from(watch, who, device, at).ms > at.ms))
        return;
    news = any_news(watch, who, track, nth, gait_of(cause), at) || turned;
    note_alerted(watch, who, track, nth, news, at, out);
    if (!first && !news)
        return;
    if (!first && cause == SILENCE_NO_PING && talks(device) &&
        quiet_from(watch, who, device, at).ms > at.ms)
        cause = SILENCE_TALKS_AGAIN;             // it was told as quiet, and has pinged since
    if (device->troubles[TROUBLE_SILENT].closed) // somebody closed it when it was less
        trouble_ends(&device->troubles[TROUBLE_SILENT]);
    tell(watch, who, track, nth, cause, at, now, out);
}

void silence_check(const struct watch *watch, const struct respondent *who, struct track *track,
                   struct utc at, struct utc now, struct outcome *out)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        struct detect room;
        struct watch own = device_watch(watch, who->devices[i], &room);

        check_device(&own, who, track, i, at, now, out);
    }
}

void silence_clock_back(const struct respondent *who, struct track *track, struct utc now,
                        struct outcome *out)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        struct known_device *device = track->devices[i];

        if (device->arrived.ms <= now.ms && device->listened.ms <= now.ms &&
            device->talked.ms <= now.ms && device->talking.ms <= now.ms)
            continue;
        device->arrived = utc_earlier(device->arrived, now);
        device->talked = utc_earlier(device->talked, now);
        device->talking = utc_earlier(device->talking, now);
        device->listened = utc_earlier(device->listened, now);
        out->devices_changed |= 1U << i;
    }
}

/* When one zone may next make a difference to the silence of a device, after `at`. */
static struct utc zone_due(const struct watch *watch, const struct exclusion *exclusion,
                           const struct known_device *device, bool alerted, struct utc at,
                           struct utc overdue)
{
    struct utc first =
        alerted ? at : reach_from(watch, exclusion, device, gait_of(device->silent_cause));

    if (first.ms == UTC_NEVER.ms)
        return UTC_NEVER;
    // What cannot be reached before `first` may come into force and end until then as it likes.
    if (first.ms > at.ms)
        return reach_binds(watch, exclusion, first)
                   ? first
                   : exclusion_next(exclusion, watch->civil, first);
    if (!alerted && reach_binds(watch, exclusion, at))
        return overdue;
    return exclusion_next(exclusion, watch->civil, at);
}

/* When there is next something to tell of one device; `watch` is that one's. */
static struct utc device_due(const struct watch *watch, const struct respondent *who,
                             const struct track *track, size_t nth, struct utc at,
                             struct utc overdue)
{
    const struct known_device *device = track->devices[nth];
    bool alerted_of = device->silent == SILENT_ALERTED && device->heard;
    struct utc due = UTC_NEVER;

    if (device->silent == 0)
        due = silent_from(watch, who, device, at);
    else if (device->silent == SILENT_ALERTED && device->silent_cause != SILENCE_NO_PING)
        due = quiet_from(watch, who, device, at);
    due = due.ms > at.ms ? due : overdue;
    if (alerted_of)
        track_wake(track);
    for (size_t k = 0; alerted_of && k < who->n_exclusions; k++) {
        bool alerted = (track->incidents[k]->silent_by >> nth & 1) != 0;

        due = utc_earlier(due, zone_due(watch, who->exclusions[k], device, alerted, at, overdue));
    }
    return due;
}

struct utc silence_due(const struct watch *watch, const struct respondent *who,
                       const struct track *track, struct utc at, struct utc overdue)
{
    struct utc due = UTC_NEVER;

    for (size_t i = 0; i < who->n_devices; i++) {
        struct detect room;
        struct watch own = device_watch(watch, who->devices[i], &room);

        due = utc_earlier(due, device_due(&own, who, track, i, at, overdue));
    }
    return due;
}

void silence_heard(const struct watch *watch, const struct respondent *who,
                   struct known_device *device, size_t nth, const struct ping *ping,
                   struct utc when, struct utc now, struct outcome *out)
{
    char lasted[DURATION_TEXT_MAX];
    int64_t quiet = now.ms - device->arrived.ms;

    if (device->silent != 0 && out->n == OUTCOME_ALERTS_MAX)
        return; // its next ping ends the silence: it is told once, and learnt once
    silence_learn(watch, device, device->silent != 0, now);
    if (device->silent != 0) {
        struct alert alert = health_alert(who, device, nth, ALERT_HEARD, TROUBLE_SILENT, now, now);

        alert.has_ping = true;
        alert.ping = ping_position(ping, when);
        if (device->arrived.ms != 0)
            snprintf(alert.reason, sizeof alert.reason, "heard again, after %s",
                     duration_print(quiet, lasted));
        else
            snprintf(alert.reason, sizeof alert.reason, "heard for the first time");
        out->alerts[out->n++] = alert;
        trouble_ends(&device->troubles[TROUBLE_SILENT]);
        device->silent = 0;
        device->silent_cause = SILENCE_NO_PING;
        device->talking.ms = 0;
        out->devices_changed |= 1U << nth;
    }
    device->arrived = now;
}

/*
 * Whether to tell that who was told of as quiet talks: when it has done so for as long as anybody
 * may without a position, as what it saved up and sends first soon ends in one; and as seldom as
 * any trouble is told again.
 */
static bool talks_again(const struct watch *watch, const struct known_device *device,
                        struct utc now)
{
    struct trouble_course next = device->troubles[TROUBLE_SILENT];

    if (watch->frugal || now.ms - device->talking.ms < silence_fix_patience(watch, device))
        return false;
    trouble_happens(&next, now, 0);
    return trouble_due(&next, now, watch->detect->device_every_ms);
}

void silence_talked(const struct watch *watch, const struct respondent *who, struct track *track,
                    size_t nth, struct utc now, struct outcome *out)
{
    struct known_device *device = track->devices[nth];
    struct utc before = device->talked;
    bool quiet = device->silent == SILENT_ALERTED && device->silent_cause == SILENCE_NO_PING;

    device->talked = now;
    if (quiet && (device->talking.ms == 0 || now.ms - before.ms >= silence_patience(watch, device)))
        device->talking = now;
    if ((device->near || device->silent != 0) && before.ms / TALK_KEPT_MS != now.ms / TALK_KEPT_MS)
        out->devices_changed |= 1U << nth;
    if (quiet && out->n < OUTCOME_ALERTS_MAX && talks_again(watch, device, now))
        tell(watch, who, track, nth, SILENCE_TALKS_AGAIN, now, now, out);
}
