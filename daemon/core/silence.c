/* SPDX-License-Identifier: Apache-2.0 */
#include "core/silence.h"

#include "core/health.h"
#include "core/motion.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SAME_BATCH_MS = 500 }; /* arrivals so near to each other tell of no habit */
/*
 * Of known_device.silent. Which zones were told in reach is kept with each: incident.silent_by.
 * TOLD_FOR_GOOD comes from ledgers of before that was kept: until it is heard, no more is told.
 */
enum { TOLD = 1, TOLD_FOR_GOOD = 2 };

enum {
    REOPEN_MS = 4 * 3600 * 1000, /* who is shut for less is not told as having begun again */
    REOPEN_STEPS = 64 /* boundaries looked at to see that; more in so short a time: shut */
};

void silence_recall(struct known_device *device)
{
    if (!device->near && device->silent == 0)
        device->listened.ms = 0;
}

static void learn(struct known_device *device, struct utc now)
{
    double gap = (double)(now.ms - device->arrived.ms), off = gap - device->interval_ms;

    if (device->arrived.ms == 0 || gap < SAME_BATCH_MS)
        return;
    if (device->interval_ms <= 0) {
        device->interval_ms = gap;
        device->jitter_ms = gap / 2;
        return;
    }
    device->jitter_ms += (fabs(off) - device->jitter_ms) / 4;
    device->interval_ms += off / 8;
}

/* For how long it may be quiet. */
static int64_t patience(const struct watch *watch, const struct known_device *device)
{
    const struct detect *detect = watch->detect;
    double usual = 2 * device->interval_ms + 4 * device->jitter_ms;

    if (device->interval_ms <= 0 || usual >= (double)detect->silent_ms)
        return detect->silent_ms;
    return usual <= (double)detect->silent_least_ms ? detect->silent_least_ms : (int64_t)usual;
}

/* Since when nothing is heard of it while somebody listened; 0: it was never heard, nor should be.
 */
static struct utc quiet_since(const struct known_device *device)
{
    return device->arrived.ms > device->listened.ms ? device->arrived : device->listened;
}

/*
 * When it becomes silent, or became: of the orders that have not ended at `at`, and not sooner than
 * if it had begun with that.
 */
static struct utc silent_from(const struct watch *watch, const struct respondent *who,
                              const struct known_device *device, struct utc at)
{
    struct utc since = quiet_since(device), first = UTC_NEVER;

    for (size_t i = 0; since.ms != 0 && i < who->n_exclusions; i++) {
        const struct order *order = who->exclusions[i]->order;
        int64_t begin = order->from.ms > order->served.ms ? order->from.ms : order->served.ms;
        struct utc from = { since.ms > begin ? since.ms : begin };

        if (from.ms >= INT64_MAX - watch->detect->silent_ms || order->until.ms <= at.ms)
            continue;
        from.ms += patience(watch, device);
        if (from.ms < order->until.ms)
            first = utc_earlier(first, from);
    }
    return first;
}

/*
 * Milliseconds that turning round takes of who was last seen to go elsewhere: in full when the zone
 * lies behind him, not at all when it lies ahead. A car that brakes by 8 m/s2, comes back what it
 * overshot and gains its speed again by 3 m/s2 loses 0.35 s for each m/s; less is counted, so that
 * no zone in reach is hidden.
 */
static double turning_ms(const struct exclusion *exclusion, const struct known_device *device,
                         double distance)
{
    struct motion motion = motion_newest(device);
    double speed = hypot(motion.east, motion.north), nearer;

    if (!motion.moving)
        return 0;
    nearer = distance -
             zone_distance(exclusion->zone, motion_along(&motion, device->newest.at, 1), INFINITY);
    return 1000 * fmax(speed - nearer, 0) / 2 / MOTION_GAIN;
}

/* The instant at which he can first be at the zone; UTC_NEVER: nobody knows where he was. */
static struct utc reached(const struct watch *watch, const struct exclusion *exclusion,
                          const struct known_device *device)
{
    double speed = fmax(watch->detect->reach_speed, device->pace), distance, way;

    if (!device->heard)
        return UTC_NEVER;
    distance = zone_distance(exclusion->zone, device->newest.at, INFINITY);
    way = distance - motion_accuracy(watch->detect, device->newest.accuracy);
    if (!(way > 0))
        return device->newest.time;
    return utc_plus(device->newest.time,
                    (int64_t)(way / speed * 1000 + turning_ms(exclusion, device, distance)) + 1);
}

/* Whether he must keep out of it at `at`: in force, and no permit says otherwise. */
static bool binds(const struct watch *watch, const struct exclusion *exclusion, struct utc at)
{
    return exclusion_standing(exclusion, watch->civil, at) == IN_FORCE &&
           exclusion_permit(exclusion, at) == NULL;
}

/* Whether a zone that does not bind at `at` will before long, as a school does after its lunch. */
static bool shut_for_long(const struct watch *watch, const struct exclusion *exclusion,
                          struct utc at)
{
    struct utc next = at;

    for (int i = 0; i < REOPEN_STEPS; i++) {
        next = exclusion_next(exclusion, watch->civil, next);
        if (next.ms == UTC_NEVER.ms || next.ms - at.ms >= REOPEN_MS)
            return true;
        if (binds(watch, exclusion, next))
            return false;
    }
    return false;
}

/* Another device of his that is heard, or NULL. */
static const char *heard_beside(const struct watch *watch, const struct respondent *who,
                                const struct track *track, size_t nth, struct utc at)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        const struct known_device *device = track->devices[i];

        if (i != nth && device->arrived.ms != 0 && device->silent == 0 &&
            at.ms - device->arrived.ms < patience(watch, device))
            return who->devices[i];
    }
    return NULL;
}

/* Adds to the reason as much as there is room for. */
static void say(struct alert *alert, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct alert *alert, const char *format, ...)
{
    size_t length = strlen(alert->reason);
    va_list args;

    va_start(args, format);
    vsnprintf(alert->reason + length, sizeof alert->reason - length, format, args);
    va_end(args);
}

static bool in_reach(const struct watch *watch, const struct exclusion *exclusion,
                     const struct known_device *device, struct utc at)
{
    return binds(watch, exclusion, at) && reached(watch, exclusion, device).ms <= at.ms;
}

/* "; in reach since: home, school and 3 more" */
static void say_reach(const struct watch *watch, const struct respondent *who,
                      const struct known_device *device, struct utc at, struct alert *alert)
{
    size_t named = 0, more = 0;
    bool permitted = false;

    for (size_t i = 0; i < who->n_exclusions; i++) {
        const char *name = who->exclusions[i]->name;

        permitted |= exclusion_standing(who->exclusions[i], watch->civil, at) == IN_FORCE &&
                     reached(watch, who->exclusions[i], device).ms <= at.ms;
        if (!in_reach(watch, who->exclusions[i], device, at))
            continue;
        if (strlen(alert->reason) + strlen(name) + 40 > sizeof alert->reason)
            more++;
        else
            say(alert, "%s%s", named++ == 0 ? "; in reach since then: " : ", ", name);
    }
    if (more > 0)
        say(alert, " and %zu more", more);
    if (named + more == 0)
        say(alert, !device->heard ? "; nobody knows where"
                   : permitted    ? "; in reach under a permit alone"
                                  : "; no zone in reach yet");
}

static void explain(const struct watch *watch, const struct respondent *who,
                    const struct track *track, size_t nth, struct utc at, struct alert *alert)
{
    const struct known_device *device = track->devices[nth];
    const char *beside = heard_beside(watch, who, track, nth, at);
    struct utc since = quiet_since(device);
    char clock[UTC_TEXT_MAX], lasts[DURATION_TEXT_MAX], usual[DURATION_TEXT_MAX];

    utc_print(since, clock);
    clock[19] = '\0'; // to the second
    say(alert, "no ping since %sZ, for %s", clock, duration_print(at.ms - since.ms, lasts));
    if (device->interval_ms > 0)
        say(alert, ", usually every %s", duration_print((int64_t)device->interval_ms, usual));
    if (beside != NULL)
        say(alert, "; %.64s is heard, so it is the device's matter", beside);
    say_reach(watch, who, device, at, alert);
}

static bool was_told(const struct known_device *device, const struct incident *incident, size_t nth)
{
    return device->silent != 0 && (incident->silent_by >> nth & 1) != 0;
}

/* Whether a zone is in reach of which this silence was not told. */
static bool any_news(const struct watch *watch, const struct respondent *who,
                     const struct track *track, size_t nth, struct utc at)
{
    const struct known_device *device = track->devices[nth];

    for (size_t i = 0; i < who->n_exclusions; i++) {
        if (!was_told(device, track->incidents[i], nth) &&
            in_reach(watch, who->exclusions[i], device, at))
            return true;
    }
    return false;
}

/*
 * Which zones the silence is told of, when there is news: all that bind then, as those that are not
 * in reach will be before long. Those that have ended are let go of.
 */
static void note_told(const struct watch *watch, const struct respondent *who, struct track *track,
                      size_t nth, bool news, struct utc at, struct outcome *out)
{
    const struct known_device *device = track->devices[nth];
    uint32_t bit = 1U << nth;

    for (size_t i = 0; i < who->n_exclusions; i++) {
        const struct exclusion *exclusion = who->exclusions[i];
        struct incident *incident = track->incidents[i];
        bool told = was_told(device, incident, nth);

        if (told || news)
            told = binds(watch, exclusion, at) || (told && !shut_for_long(watch, exclusion, at));
        if (told == ((incident->silent_by & bit) != 0))
            continue;
        incident->silent_by ^= bit;
        out->incidents_changed |= 1U << i;
    }
}

static bool any_in_reach(const struct watch *watch, const struct respondent *who,
                         const struct known_device *device, struct utc at)
{
    for (size_t i = 0; i < who->n_exclusions; i++) {
        if (in_reach(watch, who->exclusions[i], device, at))
            return true;
    }
    return false;
}

void silence_check(const struct watch *watch, const struct respondent *who, struct track *track,
                   struct utc at, struct utc now, struct outcome *out)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        struct known_device *device = track->devices[i];
        bool near, beside, first = device->silent == 0, news;
        struct trouble_course *course;

        // Once told it stays so, whatever settings say of its patience since.
        if (device->silent == TOLD_FOR_GOOD || out->n == OUTCOME_ALERTS_MAX ||
            (first && silent_from(watch, who, device, at).ms > at.ms))
            continue;
        news = any_news(watch, who, track, i, at);
        note_told(watch, who, track, i, news, at, out);
        if (!first && !news)
            continue;
        near = any_in_reach(watch, who, device, at);
        beside = heard_beside(watch, who, track, i, at) != NULL;
        course = &device->troubles[TROUBLE_SILENT];
        if (course->closed) // somebody closed it when it was less
            trouble_ends(course);
        trouble_happens(course, now, 0);
        out->alerts[out->n] = health_alert(who, device, i, ALERT_SILENT, TROUBLE_SILENT, at, now);
        out->alerts[out->n].severity = (enum severity)(SEVERITY_HIGH - !near - beside);
        explain(watch, who, track, i, at, &out->alerts[out->n++]);
        trouble_tell(course, now);
        device->silent = TOLD;
        out->devices_changed |= 1U << i;
    }
}

void silence_clock_back(const struct respondent *who, struct track *track, struct utc now,
                        struct outcome *out)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        struct known_device *device = track->devices[i];

        if (device->arrived.ms <= now.ms && device->listened.ms <= now.ms)
            continue;
        device->arrived = utc_earlier(device->arrived, now);
        device->listened = utc_earlier(device->listened, now);
        out->devices_changed |= 1U << i;
    }
}

/* When one zone may next make a difference to the silence of a device, after `at`. */
static struct utc zone_due(const struct watch *watch, const struct exclusion *exclusion,
                           const struct known_device *device, bool told, struct utc at,
                           struct utc overdue)
{
    struct utc first = told ? at : reached(watch, exclusion, device);

    // What cannot be reached before `first` may come into force and end until then as it likes.
    if (first.ms > at.ms)
        return binds(watch, exclusion, first) ? first
                                              : exclusion_next(exclusion, watch->civil, first);
    if (!told && binds(watch, exclusion, at))
        return overdue;
    return exclusion_next(exclusion, watch->civil, at);
}

struct utc silence_due(const struct watch *watch, const struct respondent *who,
                       const struct track *track, struct utc at, struct utc overdue)
{
    struct utc due = UTC_NEVER;

    for (size_t i = 0; i < who->n_devices; i++) {
        const struct known_device *device = track->devices[i];

        if (device->silent == 0) {
            struct utc from = silent_from(watch, who, device, at);

            due = utc_earlier(due, from.ms > at.ms ? from : overdue);
        }
        for (size_t k = 0; device->silent == TOLD && device->heard && k < who->n_exclusions; k++) {
            bool told = (track->incidents[k]->silent_by >> i & 1) != 0;

            due = utc_earlier(due, zone_due(watch, who->exclusions[k], device, told, at, overdue));
        }
    }
    return due;
}

void silence_heard(const struct respondent *who, struct known_device *device, size_t nth,
                   const struct ping *ping, struct utc now, struct outcome *out)
{
    char lasted[DURATION_TEXT_MAX];
    int64_t quiet = now.ms - device->arrived.ms;

    if (device->silent == 0)
        learn(device, now); // a silence that was told is no habit
    else if (out->n < OUTCOME_ALERTS_MAX) {
        struct alert alert = health_alert(who, device, nth, ALERT_HEARD, TROUBLE_SILENT, now, now);

        alert.has_ping = true;
        alert.ping = (struct position){ ping->time, ping->at, ping->accuracy };
        if (device->arrived.ms != 0)
            snprintf(alert.reason, sizeof alert.reason, "heard again, after %s",
                     duration_print(quiet, lasted));
        else
            snprintf(alert.reason, sizeof alert.reason, "heard for the first time");
        out->alerts[out->n++] = alert;
        trouble_ends(&device->troubles[TROUBLE_SILENT]);
        device->silent = 0;
        out->devices_changed |= 1U << nth;
    }
    device->arrived = now;
}
