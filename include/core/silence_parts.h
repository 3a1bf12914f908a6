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

/* It was heard at `now`, and told as silent before that or not: learns how often it is heard. */
void silence_learn(const struct watch *watch, struct known_device *device, bool alerted,
                   struct utc now);

/* Whether it has lulls that come back; and whether they are more than anybody can look at. */
bool silence_has_lulls(const struct known_device *device);
bool silence_chatters(const struct known_device *device);

/*
 * Milliseconds for which the device may be quiet, and may talk and give no position that can be
 * believed: rules 1 to 6 of silence.h; `watch` is that device's, see device_watch.h.
 */
int64_t silence_patience(const struct watch *watch, const struct known_device *device);
int64_t silence_fix_patience(const struct watch *watch, const struct known_device *device);

/* Writes alert->cause and alert->reason. */
void silence_explain(const struct watch *watch, const struct respondent *who,
                     const struct known_device *device, const struct silence *silence,
                     struct utc at, struct alert *alert);

#endif
