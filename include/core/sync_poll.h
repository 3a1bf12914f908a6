/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sync_poll.h - when somebody else is asked whether the kernel's clock is synchronised: no oftener
 * than is needed, and at once when the clock was set. Pure.
 */
#ifndef CORE_SYNC_POLL_H
#define CORE_SYNC_POLL_H

#include "core/instant.h"

enum {
    SYNC_POLL_GAP_MS = 1000,                /* between two questions, whatever happens */
    SYNC_POLL_NO_MS = 60 * 1000,            /* after an answer: it is not synchronised, */
    SYNC_POLL_YES_MS = 10 * 60 * 1000,      /* or it is */
    SYNC_POLL_PAUSE_MIN_MS = 5 * 1000,      /* after the first question without one; doubled */
    SYNC_POLL_PAUSE_MAX_MS = 10 * 60 * 1000 /* with each more, up to this */
};

enum sync_answer {
    SYNC_NONE, /* nobody there, refused, not in time, not understood */
    SYNC_NO,
    SYNC_YES
};

/* Zeroed is to ask at once. */
struct sync_poll {
    bool begun;        /* asked at least once, */
    struct tick asked; /* last then */
    struct tick due;   /* not before this, */
    int pause_ms;      /* and so long after the next question without an answer; 0: the shortest */
};

bool sync_poll_due(const struct sync_poll *poll, struct tick now);
void sync_poll_ask(struct sync_poll *poll, struct tick now);
void sync_poll_hear(struct sync_poll *poll, enum sync_answer answer, struct tick now);

/* The clock was set: to be asked as soon as may be, however the last answers were. */
void sync_poll_set(struct sync_poll *poll);

#endif
