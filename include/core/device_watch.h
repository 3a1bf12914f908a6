/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device_watch.h - a watch as it is for one device: its kind may have thresholds of its own,
 * [devices N] of breachd.conf(5).
 */
#ifndef CORE_DEVICE_WATCH_H
#define CORE_DEVICE_WATCH_H

#include "core/watch.h"

/* `watch`, itself of any device or of all, with that device's thresholds; *room must outlive it. */
struct watch device_watch(const struct watch *watch, const char *device, struct detect *room);

/* Metres: the accuracy of that device's position, or what an unknown one is taken for. */
double device_watch_accuracy(const struct watch *watch, const char *device, double accuracy);

/* Its accuracy as the radius of 68 %, at whatever percentile such a device tells it. */
struct ping device_watch_ping(const struct watch *watch, const char *device,
                              const struct ping *ping);

#endif
