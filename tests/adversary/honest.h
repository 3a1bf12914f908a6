/* SPDX-License-Identifier: Apache-2.0 */
/*
 * honest.h - respondents whose tags do as they should, and what must come of it: each steps into
 * his zone and out of it, and every stay must be told as a breach while he is there.
 */
#ifndef ADVERSARY_HONEST_H
#define ADVERSARY_HONEST_H

#include "support/testbed.h"
#include "wire.h"

enum {
    HONEST = 4,
    HONEST_OUT = 5,     /* pings outside, */
    HONEST_IN = 7,      /* then inside: one turn */
    HONEST_TOLD = 4,    /* a breach is told with this ping of the stay, or before */
    HONEST_STAYS = 256, /* of one round */
    HONEST_STEP_MS = 120
};

struct stay {
    int64_t from;  /* ms since 1970: the first ping inside was made, */
    int64_t until; /* ping number HONEST_TOLD was answered; 0: it never was */
};

struct honest {
    char device[32], order[32], token[32];
    double lat; /* of the zone's centre */
    struct wire wire;
    unsigned long pings, unserved; /* acknowledged; answered by anything but 200, or too late */
    int64_t slowest;               /* ms: the longest wait for an answer */
    struct stay stays[HONEST_STAYS];
    size_t n;
};

int64_t wall_ms(void);

/* Number `nth`: writes his order; his token is `token`. */
void honest_init(struct honest *honest, const struct testbed *testbed, int nth, const char *token);

/* His next ping, of now. */
void honest_step(struct honest *honest);

/*
 * Whether every stay that was answered for was told: a breach of his order, known to breachd before
 * the answer to ping number HONEST_TOLD, or one of before that was not cleared by then. `clock`:
 * breachd's own was wrong, so only their number counts. What is missing is said on stderr; returns
 * how many are.
 */
size_t honest_unreported(const struct honest *honest, const json_t *alerts, bool clock);

#endif
