/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device_kind.h - kinds of devices, [devices N] of breachd.conf(5): which devices are of one, by
 * their ids, and what is known of how such a device tells.
 */
#ifndef CORE_DEVICE_KIND_H
#define CORE_DEVICE_KIND_H

#include "core/detect.h"
#include "core/index.h"

#include <stdbool.h>
#include <stddef.h>

enum { DEVICE_KINDS_MAX = 32, DEVICE_GLOBS_MAX = 16 /* of one kind */ };

struct device_kind {
    char name[NAME_MAX_CHARS + 1];
    char match[DEVICE_GLOBS_MAX][NAME_MAX_CHARS + 1]; /* globs */
    size_t n_match;
    double percentile; /* per cent: how often its circle holds the truth; 0: 68 */

    /* In place of the keys of the same name in [detect] and [alerts]; 0: those hold. */
    double unknown_accuracy;  /* metres */
    int64_t ping_interval_ms; /* decides nothing, see order_add.c */
    int64_t silent_ms;
    bool has_no_fix;
    int64_t no_fix_ms; /* when it has one; 0: a device without a fix is as one that is quiet */

    enum device_clock clock;
};

/* Zeroed is none. In the order of the file: the first that matches counts. */
struct device_kinds {
    size_t n;
    struct device_kind of[DEVICE_KINDS_MAX];
};

/* A glob is an id in which `*` stands for any number of characters, none too, and `?` for one. */
bool device_glob_valid(const char *text);
bool device_glob_matches(const char *glob, const char *device);

/* NULL: it is of none. `kinds` may be NULL: there are none. */
const struct device_kind *device_kind_find(const struct device_kinds *kinds, const char *device);

/* At which the device tells its accuracy: per cent; 0: 68. */
double device_percentile(const struct device_kinds *kinds, const char *device);

enum device_clock device_clock(const struct device_kinds *kinds, const char *device);

/* How often it is expected to send, where `usual` is what is expected of others: milliseconds. */
int64_t device_ping_interval(const struct device_kinds *kinds, const char *device, int64_t usual);

/*
 * The thresholds by which the device is judged: `usual`, or *room, filled by those with what its
 * kind has in their place.
 */
const struct detect *device_detect(const struct device_kinds *kinds, const char *device,
                                   const struct detect *usual, struct detect *room);

#endif
