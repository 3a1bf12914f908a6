/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keeper.h - keeps breachd and redis-server running, as systemd would: what ended is started again,
 * unless a trouble holds it down. Nothing here waits.
 */
#ifndef TORTURE_KEEPER_H
#define TORTURE_KEEPER_H

#include "support/testbed.h"

struct keeper {
    struct testbed *testbed;
    int door_port;
    bool hold_breachd, hold_redis;  /* a trouble wants it down */
    bool ready;                     /* breachd has said READY=1 since it was started */
    bool serving;                   /* Redis has answered since it was started */
    bool disk_bad;                  /* breachd's disk is, or was since it was started */
    char loading[96];               /* lines for redis.conf: slow at the next start */
    unsigned long starts, refusals; /* of breachd; ended by itself while its disk was bad */
    unsigned long redis_refusals;   /* of redis-server, to start */
    int64_t retry;                  /* of now_ms(): not started again before */
    char wrong[256];                /* breachd ended by itself; "": it never did */
};

/* Writes the settings and starts Redis; breachd is started by the first keeper_tend. */
void keeper_open(struct keeper *keeper, struct testbed *testbed);

/* Takes in what has ended and what is up, starts what is down and not held. */
void keeper_tend(struct keeper *keeper);

/* kill -9, and held down. */
void keeper_kill_breachd(struct keeper *keeper);
void keeper_kill_redis(struct keeper *keeper);

/* The clock on breachd's wall, so many hours from the true one. Without libfaketime: nothing. */
void keeper_set_wall(struct keeper *keeper, int hours);

/* SIGTERM is on its way: an end is no surprise. */
void keeper_expect_end(struct keeper *keeper);

#endif
