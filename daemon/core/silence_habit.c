/* SPDX-License-Identifier: Apache-2.0 */
/* silence_habit.c - how often a device is heard, and for how long it may not be. */
#include "core/silence_parts.h"

#include <math.h>

enum { SAME_BATCH_MS = 500 }; // arrivals so near to each other tell of no habit

void silence_learn(struct known_device *device, struct utc now)
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

/*
 * The device's patience by its habit, between `least` and
 * silent-after; never heard, it has no habit.
 */
static int64_t patience_from(const struct watch *watch, const struct known_device *device,
                             int64_t least, int64_t unlearnt)
{
    double usual = 2 * device->interval_ms + 4 * device->jitter_ms;
    double most = (double)watch->detect->silent_ms;

    if (device->interval_ms <= 0)
        return unlearnt;
    usual = usual < most ? usual : most;
    return usual <= (double)least ? least : (int64_t)usual;
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
