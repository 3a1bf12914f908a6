/* SPDX-License-Identifier: Apache-2.0 */
/*
 * starve.h - the failing allocator: memory runs out where a test says so, for the thread that says
 * it. What CMake has given to starve() asks it at malloc and its kin; what has a hook for its
 * allocator, as libevent and SQLite have, can be given these, or asks starve_allocation itself.
 */
#ifndef SUPPORT_STARVE_H
#define SUPPORT_STARVE_H

#include <stdbool.h>

enum starve {
    STARVE_ONE,            /* the nth allocation from now on fails */
    STARVE_ALL_FROM_THERE, /* and each after it */
    STARVE_ONE_OTHER,      /* the nth of what asks starve_other, and no allocation */
    STARVE_WAYS
};

/* Counts from 1; where `nth` is never reached they are only counted. */
void starve_begin(enum starve how, int nth);

/* How many were asked for since; from now on nothing fails. */
int starve_end(void);

/* What happens meanwhile neither counts nor fails. */
void starve_pause(bool paused);

/* One more of them; true: it is to fail. */
bool starve_allocation(void);
bool starve_other(void);

#endif
