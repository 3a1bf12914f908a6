/* SPDX-License-Identifier: Apache-2.0 */
/* silence_parts.h - what silence.c shares with the words of it. */
#ifndef CORE_SILENCE_PARTS_H
#define CORE_SILENCE_PARTS_H

#include "core/reach.h"

/* How a silence is told. */
struct silence {
    enum silence_cause cause;
    enum reach_gait gait;
    struct utc since;   /* no ping, or no believable position */
    const char *beside; /* another device of his that is heard; NULL: none */
};

/* Since when it says nothing whatever. */
struct utc silence_quiet_since(const struct known_device *device);

/* It was heard at `now`: learns how often it is. */
void silence_learn(struct known_device *device, struct utc now);

/*
 * Milliseconds for which the device may be quiet, and may talk and give no position that can be
 * believed; `watch` is that device's, see device_watch.h.
 */
int64_t silence_patience(const struct watch *watch, const struct known_device *device);
int64_t silence_fix_patience(const struct watch *watch, const struct known_device *device);

/* Writes alert->cause and alert->reason. */
void silence_explain(const struct watch *watch, const struct respondent *who,
                     const struct known_device *device, const struct silence *silence,
                     struct utc at, struct alert *alert);

#endif
