/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fit.h - the constants of core/belief fitted to recordings: those under which each fix was
 * foretold best by the fixes before it, found a constant at a time, and judged on devices that were
 * left out. Deterministic; no chance is in it.
 */
#ifndef DETECT_FIT_H
#define DETECT_FIT_H

#include "core/belief.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { FIT_DEVICES_MAX = 64, FIT_NAME_MAX = 64, FIT_NONE = FIT_DEVICES_MAX };

struct fit_fix {
    struct belief_fix heard;
    bool first; /* of a stretch: nothing is known before it */
    bool still; /* of a device that lay still */
};

struct fit_device {
    char name[FIT_NAME_MAX];
    size_t stretches, n, room;
    struct fit_fix *fixes;
};

/* Zeroed is empty. */
struct fit_set {
    size_t n;
    struct fit_device devices[FIT_DEVICES_MAX];
};

/* The device of that name, made when it is new; a set that is full ends the program. */
struct fit_device *fit_device(struct fit_set *set, const char *name);
void fit_add(struct fit_device *device, const struct fit_fix *fix);
void fit_fini(struct fit_set *set);

/* Of shared_data, in stretches: see fit_data.c. Stays empty where it is absent. */
void fit_read(const char *shared_data, struct fit_set *out);

/* Logarithms of the densities, 1/m2, of all fixes but the first of each stretch and frozen ones. */
struct fit_score {
    double sum[2]; /* nat; [1] of who lay still */
    size_t n[2];
};
struct fit_score fit_score(const struct belief_model *model, const struct fit_device *device);
double fit_mean(const struct fit_score *score); /* nat a fix; NaN: there was none */

/* What is fitted, and in what range. */
struct fit_constant {
    const char *name;
    size_t offset; /* in struct belief_model */
    double low, high;
};
enum { FIT_CONSTANTS = 15 };
extern const struct fit_constant fit_constants[FIT_CONSTANTS];
double fit_value(const struct belief_model *model, size_t constant);

/* Bit n: fit_constants[n]. Those that only truth can tell: scale, floor and rho. */
extern const uint32_t fit_of_truth, fit_all;

/*
 * Starts at belief_usual and changes the constants of `which` in turn, by smaller and smaller
 * factors, as long as the mean over all fixes grows; those of device `without` are left out
 * (FIT_NONE: none is).
 */
struct belief_model fit_search(const struct fit_set *set, size_t without, uint32_t which);

/* Everything, as Markdown, and "skipped" where there are no data. False when `out` refuses. */
bool fit_report(FILE *out, const char *shared_data);

#endif
