/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health.h - what a device says of itself: tampered with, battery low, a clock that cannot be
 * right.
 */
#ifndef CORE_HEALTH_H
#define CORE_HEALTH_H

#include "core/watch.h"

/* Battery, per cent: told below the first, and again only after it was at the second. */
#define HEALTH_BATTERY_LOW 20.0
#define HEALTH_BATTERY_OK  30.0

/* Adds an alert to `out` for each that is new; the clock is told once a device. */
void health_check(const struct respondent *who, struct known_device *device, size_t device_nth,
                  const struct ping *ping, struct utc when, struct utc now, struct outcome *out);

#endif
