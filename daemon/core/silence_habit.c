/* SPDX-License-Identifier: Apache-2.0 */
/* silence_habit.c - how often a device is heard, and for how long it may not be: silence.h, 1-8. */
#include "core/silence_parts.h"

#include <math.h>

enum { SAME_BATCH_MS = 500 }; // arrivals so near to each other tell of no habit

/* So many settings, or mean intervals, a habit that was learnt may be waited for: rules 2 and 4. */
static const double stretch_most = 3;

/* Of a lull that is usual, for one that is a little longer. */
static const double lull_slack = 1.5;

/* Of what a silence was longer than those before, so much is learnt. */
static const double lull_gain = 0.25;

/* No more are counted than make it chatter; two hours forget one. */
static const struct allowance_limit lulls_limit = { 6, 12 };

/* How many there were when the device was heard last: a silence that lasts changes nothing. */
static double lulls_at(const struct known_device *device)
{
    return allowance_spent(&device->lulls, lulls_limit, device->arrived);
}

bool silence_chatters(const struct known_device *device)
{
    return lulls_at(device) > 5;
}

bool silence_has_lulls(const struct known_device *device)
{
    return lulls_at(device) > 1;
}

/* Milliseconds by the arrivals alone. */
static double usual_ms(const struct known_device *device, int64_t least)
{
    double usual = 2 * device->interval_ms + 4 * device->jitter_ms;

    return fmin(usual, stretch_most * fmax((double)least, device->interval_ms));
}

/* Milliseconds by the silences that were told; 0: they are too few. */
static double lull_ms(const struct known_device *device, int64_t least)
{
    double lull = lull_slack * device->lull_ms;

    if (!silence_has_lulls(device))
        return 0;
    return silence_chatters(device) ? lull : fmin(lull, stretch_most * (double)least);
}

/* Not under `least`, and not over silent-after. */
static int64_t within(const struct watch *watch, int64_t least, double ms)
{
    ms = fmin(ms, (double)watch->detect->silent_ms);
    return ms <= (double)least ? least : (int64_t)ms;
}

/* By rules 1 and 2 alone; silent-after, where that is shorter than silent-least. */
static double patience_without_lulls(const struct watch *watch, const struct known_device *device)
{
    const struct detect *detect = watch->detect;
    int64_t least = detect->silent_least_ms;

    if (detect->no_fix_ms != 0 && detect->no_fix_ms < least)
        least = detect->no_fix_ms;
    return fmin((double)within(watch, least, usual_ms(device, least)), (double)detect->silent_ms);
}

/* A silence that was told teaches at most a quarter of what it is longer than those before. */
static void learn_silence(const struct watch *watch, struct known_device *device, double gap,
                          double usual, struct utc now)
{
    if (lulls_at(device) <= 0)
        device->lull_ms = usual;
    gap = fmin(gap, (double)watch->detect->silent_ms);
    device->lull_ms += lull_gain * fmax(gap - device->lull_ms, 0);
    allowance_take(&device->lulls, lulls_limit, 1, now);
}

/* The first gap is the habit; of a later one no more is learnt than was usual. */
static void learn_gap(struct known_device *device, double gap, double usual)
{
    double off = fmin(gap, usual) - device->interval_ms;

    if (device->interval_ms <= 0) {
        device->interval_ms = gap;
        device->jitter_ms = gap / 2;
        return;
    }
    device->jitter_ms += (fabs(off) - device->jitter_ms) / 4;
    device->interval_ms += off / 8;
}

void silence_learn(const struct watch *watch, struct known_device *device, bool alerted,
                   struct utc now)
{
    double gap = (double)(now.ms - device->arrived.ms), usual;
    double listened = (double)(now.ms - utc_later(device->arrived, device->listened).ms);

    if (device->arrived.ms == 0 || gap < SAME_BATCH_MS || (alerted && device->interval_ms <= 0))
        return;
    usual = patience_without_lulls(watch, device);
    if (alerted) {
        learn_silence(watch, device, listened, usual, now);
        return;
    }
    if (listened > usual && silence_has_lulls(device))
        allowance_refresh(&device->lulls, now); // one more, let be because of those before
    if (listened >= gap) // else nobody knows how often it sent before we listened
        learn_gap(device, gap, usual);
}

static int64_t patience_from(const struct watch *watch, const struct known_device *device,
                             int64_t least, int64_t unlearnt)
{
    if (device->interval_ms <= 0)
        return unlearnt;
    return within(watch, least, fmax(usual_ms(device, least), lull_ms(device, least)));
}

int64_t silence_patience(const struct watch *watch, const struct known_device *device)
{
    const struct detect *detect = watch->detect;
    int64_t ms = patience_from(watch, device, detect->silent_least_ms, detect->silent_ms);

    return ms < detect->silent_ms ? ms : detect->silent_ms;
}

int64_t silence_fix_patience(const struct watch *watch, const struct known_device *device)
{
    int64_t least = watch->detect->no_fix_ms;

    return least == 0 ? silence_patience(watch, device)
                      : patience_from(watch, device, least, least);
}

void silence_seen(const struct respondent *who, const struct track *track, size_t nth,
                  struct outcome *out)
{
    struct known_device *device = track->devices[nth];
    bool inside = false;

    if (device->lulls.spent > 0)
        track_wake(track);
    for (size_t i = 0; device->lulls.spent > 0 && i < who->n_exclusions; i++) {
        const struct incident *incident = track->incidents[i];

        inside |= incident->phase == PHASE_BREACH && (incident->inside_by >> nth & 1) != 0;
    }
    if (!inside)
        return;
    device->lulls = (struct allowance){ 0 };
    device->lull_ms = 0;
    out->devices_changed |= 1U << nth;
}
