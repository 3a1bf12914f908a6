/* SPDX-License-Identifier: Apache-2.0 */
/* trouble.h - the faults that can be injected: one table, what each does, and how it heals. */
#ifndef TORTURE_TROUBLE_H
#define TORTURE_TROUBLE_H

#include "keeper.h"
#include "sender.h"

/* At most one trouble at a time for each; those of different ones overlap as they like. */
enum victim { VICTIM_BREACHD, VICTIM_REDIS, VICTIM_DISK, VICTIM_DOOR, VICTIM_SUBSCRIBER, VICTIMS };

struct rig {
    struct testbed *testbed;
    struct keeper keeper;
    struct sender *senders;
    size_t n_senders;
    struct dice dice;
    redisContext *stalled; /* a subscriber that reads nothing */
    struct sender *cut;    /* who was told to cut its next request */
    size_t taken_back;     /* writes, by power cuts */
    int phase;             /* of a trouble of breachd's with more than one step */
    int64_t step_at;
};

struct trouble {
    const char *name;
    enum victim victim;
    unsigned weight;
    int shortest, longest; /* ms from begin to end */
    void (*begin)(struct rig *rig);
    /* Called from its end on until it says that what it broke is whole again. NULL: is at once. */
    bool (*end)(struct rig *rig);
};

/* A name of NULL ends it. */
extern const struct trouble troubles_process[], troubles_redis[], troubles_other[];

#endif
