/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rehearsal.h - the clock of an exercise: that of its pings, as far as they can be trusted with it.
 */
#ifndef CORE_REHEARSAL_H
#define CORE_REHEARSAL_H

#include "core/instant.h"

#include <stdbool.h>

enum {
    /* One ping may move the clock on so far: a recording may lack some days, no more. */
    REHEARSAL_STEP_MS = 7 * 24 * 3600 * 1000,
    REHEARSAL_AGREE =
        3, /* pings in a row that are all farther on, but not from each other, do it too */
};

/* Zeroed is a clock that was never set. */
struct rehearsal {
    struct utc now;
    struct utc doubted; /* the newest ping that was too far on */
    int doubts;         /* how many such in a row agree with it */
};

/*
 * Sets the clock by the first ping, and moves it on by a newer one; true when it has moved. A ping
 * too far on leaves it, and is then in the future like any other in service, until
 * REHEARSAL_AGREE in a row agree. One of before 2000 is of a clock that was never set.
 */
bool rehearsal_hear(struct rehearsal *rehearsal, struct utc ping);

#endif
