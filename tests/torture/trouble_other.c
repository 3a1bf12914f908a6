/* SPDX-License-Identifier: Apache-2.0 */
/* trouble_other.c - breachd's disk, its senders' connections, its subscribers. */
#include "trouble.h"

#include <stdio.h>

static void break_disk(struct rig *rig, const char *how)
{
    rig->keeper.disk_bad = true;
    testbed_print(rig->testbed, "full", "%s\n", how);
}

static void no_space(struct rig *rig)
{
    break_disk(rig, "ENOSPC");
}

static void write_error(struct rig *rig)
{
    break_disk(rig, "EIO");
}

static void sync_error(struct rig *rig)
{
    break_disk(rig, "sync");
}

static void torn_writes(struct rig *rig)
{
    break_disk(rig, "torn");
}

/* A breachd that started on the bad disk may still be about to give up. */
static bool mend_disk(struct rig *rig)
{
    testbed_remove(rig->testbed, "full");
    if (!rig->keeper.ready)
        return false;
    rig->keeper.disk_bad = false;
    return true;
}

static void cut(struct rig *rig, enum cut how)
{
    rig->cut = &rig->senders[dice_below(&rig->dice, (unsigned)rig->n_senders)];
    atomic_store(&rig->cut->cut, how);
}

static void cut_body(struct rig *rig)
{
    cut(rig, CUT_BODY);
}

static void cut_answer(struct rig *rig)
{
    cut(rig, CUT_ANSWER);
}

static void cut_slow(struct rig *rig)
{
    cut(rig, CUT_SLOW);
}

static bool was_cut(struct rig *rig)
{
    return atomic_load(&rig->cut->cut) == CUT_NONE;
}

static void stall(struct rig *rig)
{
    int done = 0;

    rig->stalled = redisConnectUnixNonBlock(testbed_path(rig->testbed, "redis.sock").text);
    redisAppendCommand(rig->stalled, "SUBSCRIBE {breachd}:alerts {breachd}:heartbeat");
    redisBufferWrite(rig->stalled, &done); // Redis may be away just now: then nobody stalls
}

static bool leave(struct rig *rig)
{
    redisFree(rig->stalled);
    rig->stalled = NULL;
    return true;
}

const struct trouble troubles_other[] = {
    { "disk: ENOSPC", VICTIM_DISK, 3, 50, 600, no_space, mend_disk },
    { "disk: EIO on write", VICTIM_DISK, 3, 50, 600, write_error, mend_disk },
    { "disk: EIO on fdatasync", VICTIM_DISK, 3, 50, 600, sync_error, mend_disk },
    { "disk: torn writes", VICTIM_DISK, 3, 50, 600, torn_writes, mend_disk },
    { "door: reset in mid-body", VICTIM_DOOR, 8, 0, 50, cut_body, was_cut },
    { "door: reset before the answer", VICTIM_DOOR, 12, 0, 50, cut_answer, was_cut },
    { "door: half a body, then the rest", VICTIM_DOOR, 4, 0, 50, cut_slow, was_cut },
    { "subscriber: stalls", VICTIM_SUBSCRIBER, 6, 100, 3000, stall, leave },
    { .name = NULL },
};
