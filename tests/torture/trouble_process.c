/* SPDX-License-Identifier: Apache-2.0 */
/* trouble_process.c - what happens to breachd itself: killed, stopped, told to end, reloaded. */
#include "trouble.h"

#include "power.h"

#include <signal.h>
#include <stdio.h>

static void die(struct rig *rig)
{
    keeper_kill_breachd(&rig->keeper);
}

static bool rise(struct rig *rig)
{
    rig->keeper.hold_breachd = false;
    return rig->keeper.ready;
}

/* With the machine: what no sync has covered may be gone. */
static void lose_power(struct rig *rig)
{
    keeper_kill_breachd(&rig->keeper);
    rig->taken_back += power_fail(rig->testbed, &rig->dice);
}

/* Again while it starts: recovery itself is cut short. */
static void die_twice(struct rig *rig)
{
    keeper_kill_breachd(&rig->keeper);
    rig->phase = 1 + (int)dice_below(&rig->dice, 3);
    rig->step_at = 0;
}

static bool rise_at_last(struct rig *rig)
{
    bool started = rig->testbed->breachd.pid != 0;

    rig->keeper.hold_breachd = false;
    if (rig->phase == 0)
        return rig->keeper.ready;
    if (started && rig->step_at == 0) {
        rig->step_at = now_ms() + dice_below(&rig->dice, 30);
    } else if (started && now_ms() >= rig->step_at) {
        keeper_kill_breachd(&rig->keeper);
        rig->step_at = 0;
        rig->phase--;
    }
    return false;
}

static void freeze(struct rig *rig)
{
    kill(rig->testbed->breachd.pid, SIGSTOP);
}

static bool thaw(struct rig *rig)
{
    kill(rig->testbed->breachd.pid, SIGCONT);
    return true;
}

static void ask_to_end(struct rig *rig)
{
    keeper_expect_end(&rig->keeper);
    kill(rig->testbed->breachd.pid, SIGTERM);
}

static bool start_afresh(struct rig *rig)
{
    if (rig->keeper.hold_breachd && rig->testbed->breachd.pid != 0)
        return false; // it drains
    return rise(rig);
}

static void reload_same(struct rig *rig)
{
    kill(rig->testbed->breachd.pid, SIGHUP);
}

/* An order of somebody who never reports comes or goes: another rulebook, the same judgement. */
static void reload_other(struct rig *rig)
{
    static bool there;

    there = !there;
    if (there)
        testbed_order(rig->testbed, "SPARE", "tag-spare", 30000, 200, "");
    else
        testbed_remove(rig->testbed, "orders.d/SPARE.conf");
    kill(rig->testbed->breachd.pid, SIGHUP);
}

/* Another heartbeat is another publisher, with the old one's commands still on their way. */
static void reload_redis(struct rig *rig)
{
    static bool slower;

    slower = !slower;
    testbed_set(rig->testbed, "breachd.conf", "redis", "heartbeat", slower ? "2s" : "1s");
    kill(rig->testbed->breachd.pid, SIGHUP);
}

static void reload_broken(struct rig *rig)
{
    testbed_print(rig->testbed, "orders.d/BROKEN.conf", "[zone nowhere/home]\nradius = 400 yd\n");
    kill(rig->testbed->breachd.pid, SIGHUP);
}

static bool mend_files(struct rig *rig)
{
    testbed_remove(rig->testbed, "orders.d/BROKEN.conf");
    return true;
}

/* Right again before anything else happens to it: a restart would have to believe it. */
static void move_wall(struct rig *rig)
{
    int hours = 1 + (int)dice_below(&rig->dice, 12);

    keeper_set_wall(&rig->keeper, dice_below(&rig->dice, 2) == 0 ? hours : -hours);
}

static bool right_wall(struct rig *rig)
{
    keeper_set_wall(&rig->keeper, 0);
    return true;
}

const struct trouble troubles_process[] = {
    { "breachd: kill -9", VICTIM_BREACHD, 20, 0, 300, die, rise },
    { "breachd: kill -9 while it starts", VICTIM_BREACHD, 8, 0, 50, die_twice, rise_at_last },
    { "breachd: power cut", VICTIM_BREACHD, 14, 0, 300, lose_power, rise },
    { "breachd: its clock jumps by hours", VICTIM_BREACHD, 4, 100, 2000, move_wall, right_wall },
    { "breachd: SIGSTOP", VICTIM_BREACHD, 8, 20, 800, freeze, thaw },
    { "breachd: SIGSTOP, senders give up", VICTIM_BREACHD, 1, 2200, 3500, freeze, thaw },
    { "breachd: SIGTERM and start", VICTIM_BREACHD, 5, 0, 100, ask_to_end, start_afresh },
    { "breachd: reload", VICTIM_BREACHD, 4, 0, 50, reload_same, NULL },
    { "breachd: reload, an order more or less", VICTIM_BREACHD, 4, 0, 50, reload_other, NULL },
    { "breachd: reload, a new connection to Redis", VICTIM_BREACHD, 6, 0, 50, reload_redis, NULL },
    { "breachd: reload of a broken file", VICTIM_BREACHD, 4, 100, 200, reload_broken, mend_files },
    { .name = NULL },
};
