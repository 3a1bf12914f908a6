/* SPDX-License-Identifier: Apache-2.0 */
/* chaos.h - troubles at random instants, until so many have begun and all are over. */
#ifndef TORTURE_CHAOS_H
#define TORTURE_CHAOS_H

#include "trouble.h"

enum { TROUBLES_MAX = 48 };

struct chaos {
    const struct trouble *of[TROUBLES_MAX];
    unsigned long counts[TROUBLES_MAX];
    size_t n;
    unsigned long begun;
};

/* All troubles of the three tables; with `only` just those whose name begins so. */
void chaos_init(struct chaos *chaos, const char *only);

/* False when breachd or Redis ended by itself, or a trouble would not end: says so on stdout. */
bool chaos_run(struct chaos *chaos, struct rig *rig, unsigned long faults);

/* Waits, tending, until both are up. False: they did not come up in time. */
bool chaos_heal(struct rig *rig);

void chaos_print(const struct chaos *chaos);

#endif
