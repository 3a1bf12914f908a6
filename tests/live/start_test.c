/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGHUP and SIGTERM during a start. Instants are not guessed: from when breachd holds signals back
 * (SigBlk in /proc), at a gate within the reading of orders, and all over what a start took.
 */
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "support/house.h"
#include "support/test.h"

enum { ORDERS = 30000, INSTANTS = 12, QUICK_MS = 10000 }; // some ms; half a minute would not do

/* Of one thread; 0 when there is none of that id any more. */
static unsigned long long blocked(pid_t pid, const char *thread)
{
    unsigned long long mask = 0;
    char path[96], line[256];
    FILE *status;

    snprintf(path, sizeof path, "/proc/%d/task/%s/status", pid, thread);
    status = fopen(path, "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "SigBlk:", 7) == 0)
            mask = strtoull(line + 7, NULL, 16);
    }
    if (status != NULL)
        fclose(status);
    return mask;
}

static bool holds(unsigned long long mask, int number)
{
    return (mask >> (number - 1) & 1) != 0;
}

/* It has begun, and what is sent from now on waits. */
static void begin(struct house *house)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    char self[16];

    house_begin(house);
    snprintf(self, sizeof self, "%d", house->breachd.pid);
    while (!holds(blocked(house->breachd.pid, self), SIGHUP)) {
        if (now_ms() > deadline || !child_lives(&house->breachd))
            fail_msg("breachd holds no signal back");
    }
}

static void send(struct house *house, int number)
{
    assert_int_equal(kill(house->breachd.pid, number), 0);
}

static void expect_a_good_end(struct house *house)
{
    int64_t asked = now_ms();
    int status;

    assert_true(child_ends(&house->breachd, PATIENCE_MS, &status));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("ended with status %x", (unsigned)status);
    assert_in_range(now_ms() - asked, 0, QUICK_MS);
}

static void open_a_large_house(struct house *house)
{
    size_t room = (size_t)ORDERS * 320, used = 0;
    char *text = malloc(room);

    assert_non_null(text);
    for (int i = 0; i < ORDERS; i++)
        used += (size_t)snprintf(text + used, room - used,
                                 "[order O-%d]\nkind = other\nrespondent = R-%d\ndevices = d-%d\n"
                                 "monitoring = bail\nfrom = 2020-01-01T00:00:00Z\n"
                                 "served = 2020-01-01T00:00:00Z\n[zone O-%d/home]\n"
                                 "centre = %.5f, %.5f\nradius = 200 m\n",
                                 i, i, i, i, 51.50 + i % 200 * 0.0005, 0.40 + i / 200 * 0.0005);
    house_write(house, "orders.d/many.conf", text, used);
    free(text);
    house_redis_start(house, "");
}

/* ---- all over a start ---- */

/* How often there was a millisecond to wait until breachd was ready; sends `number` in each. */
static int count_turns(struct house *house, int number)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int turns = 0;

    for (; !wait_for(house->notify, POLLIN, now_ms() + 1); turns++) {
        if (number != 0)
            send(house, number);
        if (now_ms() > deadline || !child_lives(&house->breachd))
            fail_msg("breachd was not ready");
    }
    return turns;
}

static void a_reload_asked_for_without_pause_through_a_start_is_done_after_it(void **state)
{
    struct house *house = *state;

    open_a_large_house(house);
    begin(house);
    assert_in_range(count_turns(house, SIGHUP), 1, INT32_MAX);
    house_await_note(house, "READY=1");
    house_await_note(house, "RELOADING=1");
    house_await_note(house, "READY=1");
    house_await_metric(house, "breachd_reloads_total{result=\"done\"}", 1); // once for all of them
    house_close(house);
}

static void told_to_stop_at_any_instant_of_a_start_it_exits_0(void **state)
{
    static const int numbers[] = { SIGTERM, SIGINT };
    struct house *house = *state;
    int turns;

    open_a_large_house(house);
    begin(house);
    turns = count_turns(house, 0);
    house_await_note(house, "READY=1");
    send(house, SIGTERM);
    expect_a_good_end(house);
    for (int i = 0; i < INSTANTS; i++) {
        begin(house);
        for (int turn = 0; turn < turns * i / INSTANTS; turn++)
            wait_for(house->notify, POLLIN, now_ms() + 1);
        send(house, numbers[i % 2]);
        send(house, SIGHUP);  // too late for that
        send(house, SIGTERM); // nor does another end the stop half-way
        house_await_note(house, "STOPPING=1");
        expect_a_good_end(house);
    }
    house_start(house, NULL); // and what it left can be gone on with
    house_close(house);
}

/* ---- while orders are read ---- */

static void begin_at_the_gate(struct house *house)
{
    house_gate_fit(house);
    house_print(house, "gate", "shut\n");
    house_order(house, "A", "tag-1", 0, 200, "");
    begin(house);
    house_await_log(house, "slowread: at the gate");
}

/* What is changed before systemctl reload, though breachd has read it or not, is in force. */
static void a_reload_while_orders_are_read_is_done_after_the_start(void **state)
{
    struct house *house = *state;

    begin_at_the_gate(house);
    house_redis_start(house, "");
    send(house, SIGHUP);
    house_remove(house, "gate");
    house_await_note(house, "READY=1");
    house_await_note(house, "RELOADING=1");
    house_await_note(house, "READY=1");
    assert_true(house_metric(house, "breachd_reloads_total{result=\"done\"}") == 1);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

static void told_to_stop_while_orders_are_read_it_reads_no_further(void **state)
{
    struct house *house = *state;

    begin_at_the_gate(house);
    send(house, SIGTERM);
    house_await_note(house, "STOPPING=1"); // though the gate is shut
    house_remove(house, "gate");
    expect_a_good_end(house);
    house_await_log(house, "stopped before it was ready");
    assert_false(house_log_has(house, "ready: site"));
    assert_null(house_read(house, "ledger.db"));
    house_close(house);
}

/* ---- whose mask is which ---- */

static void only_the_loops_thread_takes_signals(void **state)
{
    struct house *house = *state;
    const struct dirent *thread;
    size_t others = 0;
    char path[64];
    DIR *threads;

    house_start(house, NULL);
    house_reload(house); // a release has been seen to work
    snprintf(path, sizeof path, "/proc/%d/task", house->breachd.pid);
    threads = opendir(path);
    assert_non_null(threads);
    while ((thread = readdir(threads)) != NULL) {
        unsigned long long mask = blocked(house->breachd.pid, thread->d_name);
        bool loop = atoi(thread->d_name) == house->breachd.pid;

        if (thread->d_name[0] == '.')
            continue;
        assert_int_equal(holds(mask, SIGHUP), !loop);
        assert_int_equal(holds(mask, SIGTERM), !loop);
        assert_int_equal(holds(mask, SIGINT), !loop);
        others += !loop;
    }
    closedir(threads);
    assert_int_equal(others, 2); // the builder, the ledger
    house_close(house);
}

/* As whoever handles its own signals by a thread starts what it starts. */
static void who_inherits_a_mask_is_told_all_the_same(void **state)
{
    struct house *house = *state;
    sigset_t held, before;

    sigemptyset(&held);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigprocmask(SIG_BLOCK, &held, &before);
    house_start(house, NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    house_reload(house);
    house_close(house); // by SIGTERM
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(a_reload_asked_for_without_pause_through_a_start_is_done_after_it),
        house_test(told_to_stop_at_any_instant_of_a_start_it_exits_0),
        house_test(a_reload_while_orders_are_read_is_done_after_the_start),
        house_test(told_to_stop_while_orders_are_read_it_reads_no_further),
        house_test(only_the_loops_thread_takes_signals),
        house_test(who_inherits_a_mask_is_told_all_the_same),
    };

    return cmocka_run_group_tests_name("start", tests, NULL, NULL);
}
