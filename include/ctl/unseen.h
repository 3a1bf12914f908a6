/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unseen.h - what is critical and nobody has taken, of the alerts that were shown: for that the
 * bell is rung, and again until somebody has it.
 */
#ifndef CTL_UNSEEN_H
#define CTL_UNSEEN_H

#include "adapter/clock.h"

#include <jansson.h>

enum { UNSEEN_AGAIN_MS = 30 * 1000 };

struct unseen {
    json_t *incidents; /* a set */
    bool fresh;        /* one has come since the bell was rung */
    struct tick rung;
};

bool unseen_init(struct unseen *unseen); /* false: no memory */
void unseen_fini(struct unseen *unseen); /* zeroed is fine */

/* The next alert in sequence; `shown`: whoever watches was shown it, so it may be rung for. */
void unseen_hear(struct unseen *unseen, const json_t *event, bool shown);

/* Whether the bell is to be rung now: for a fresh one at once, then each UNSEEN_AGAIN_MS. */
bool unseen_rings(struct unseen *unseen, struct tick now);

#endif
