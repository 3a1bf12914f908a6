/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGHUP and SIGTERM during a start. Instants are not guessed: from when breachd holds signals back
 * (SigBlk in /proc), at a gate within the reading of orders, and all over what a start took.
 * (avahi/avahi#73: killed by a reload that came before its handler was there.)
 */
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "support/test.h"
#include "support/testbed.h"

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
static void begin(struct testbed *testbed)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    char self[16];

    testbed_begin(testbed);
    snprintf(self, sizeof self, "%d", testbed->breachd.pid);
    while (!holds(blocked(testbed->breachd.pid, self), SIGHUP)) {
        if (now_ms() > deadline || !child_lives(&testbed->breachd))
            fail_msg("breachd holds no signal back");
    }
}

static void send(struct testbed *testbed, int number)
{
    assert_int_equal(kill(testbed->breachd.pid, number), 0);
}

static void expect_a_good_end(struct testbed *testbed)
{
    int64_t asked = now_ms();
    int status;

    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("ended with status %x", (unsigned)status);
    assert_in_range(now_ms() - asked, 0, QUICK_MS);
}

static void open_a_large_testbed(struct testbed *testbed)
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
    testbed_write(testbed, "orders.d/many.conf", text, used);
    free(text);
    testbed_redis_start(testbed, "");
}

/* ---- all over a start ---- */

/* How often there was a millisecond to wait until breachd was ready; sends `number` in each. */
static int count_turns(struct testbed *testbed, int number)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int turns = 0;

    for (; !wait_for(testbed->notify, POLLIN, now_ms() + 1); turns++) {
        if (number != 0)
            send(testbed, number);
        if (now_ms() > deadline || !child_lives(&testbed->breachd))
            fail_msg("breachd was not ready");
    }
    return turns;
}

static void a_reload_asked_for_without_pause_through_a_start_is_done_after_it(void **state)
{
    struct testbed *testbed = *state;

    open_a_large_testbed(testbed);
    begin(testbed);
    assert_in_range(count_turns(testbed, SIGHUP), 1, INT32_MAX);
    testbed_await_note(testbed, "READY=1");
    testbed_await_note(testbed, "RELOADING=1");
    testbed_await_note(testbed, "READY=1");
    testbed_await_metric(testbed, "breachd_reloads_total{result=\"done\"}",
                         1); // once for all of them
    testbed_close(testbed);
}

static void told_to_stop_at_any_instant_of_a_start_it_exits_0(void **state)
{
    static const int numbers[] = { SIGTERM, SIGINT };
    struct testbed *testbed = *state;
    int turns;

    open_a_large_testbed(testbed);
    begin(testbed);
    turns = count_turns(testbed, 0);
    testbed_await_note(testbed, "READY=1");
    send(testbed, SIGTERM);
    expect_a_good_end(testbed);
    for (int i = 0; i < INSTANTS; i++) {
        begin(testbed);
        for (int turn = 0; turn < turns * i / INSTANTS; turn++)
            wait_for(testbed->notify, POLLIN, now_ms() + 1);
        send(testbed, numbers[i % 2]);
        send(testbed, SIGHUP);  // too late for that
        send(testbed, SIGTERM); // nor does another end the stop half-way
        testbed_await_note(testbed, "STOPPING=1");
        expect_a_good_end(testbed);
    }
    testbed_start(testbed, NULL); // and what it left can be gone on with
    testbed_close(testbed);
}

/* ---- while orders are read ---- */

static void begin_at_the_gate(struct testbed *testbed)
{
    testbed_gate_fit(testbed);
    testbed_print(testbed, "gate", "shut\n");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    begin(testbed);
    testbed_await_log(testbed, "slowread: at the gate");
}

/* What is changed before systemctl reload, though breachd has read it or not, is in force. */
static void a_reload_while_orders_are_read_is_done_after_the_start(void **state)
{
    struct testbed *testbed = *state;

    begin_at_the_gate(testbed);
    testbed_redis_start(testbed, "");
    send(testbed, SIGHUP);
    testbed_remove(testbed, "gate");
    testbed_await_note(testbed, "READY=1");
    testbed_await_note(testbed, "RELOADING=1");
    testbed_await_note(testbed, "READY=1");
    assert_true(testbed_metric(testbed, "breachd_reloads_total{result=\"done\"}") == 1);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void told_to_stop_while_orders_are_read_it_reads_no_further(void **state)
{
    struct testbed *testbed = *state;

    begin_at_the_gate(testbed);
    send(testbed, SIGTERM);
    testbed_await_note(testbed, "STOPPING=1"); // though the gate is shut
    testbed_remove(testbed, "gate");
    expect_a_good_end(testbed);
    testbed_await_log(testbed, "stopped before it was ready");
    assert_false(testbed_log_has(testbed, "ready: site"));
    assert_null(testbed_read(testbed, "ledger.db"));
    testbed_close(testbed);
}

/* ---- whose mask is which ---- */

static void only_the_loops_thread_takes_signals(void **state)
{
    struct testbed *testbed = *state;
    const struct dirent *thread;
    size_t others = 0;
    char path[64];
    DIR *threads;

    testbed_start(testbed, NULL);
    testbed_reload(testbed); // a release has been seen to work
    snprintf(path, sizeof path, "/proc/%d/task", testbed->breachd.pid);
    threads = opendir(path);
    assert_non_null(threads);
    while ((thread = readdir(threads)) != NULL) {
        unsigned long long mask = blocked(testbed->breachd.pid, thread->d_name);
        bool loop = atoi(thread->d_name) == testbed->breachd.pid;

        if (thread->d_name[0] == '.')
            continue;
        assert_int_equal(holds(mask, SIGHUP), !loop);
        assert_int_equal(holds(mask, SIGTERM), !loop);
        assert_int_equal(holds(mask, SIGINT), !loop);
        others += !loop;
    }
    closedir(threads);
    assert_int_equal(others, 2); // the builder, the ledger
    testbed_close(testbed);
}

/* As whoever handles its own signals by a thread starts what it starts. */
static void who_inherits_a_mask_is_told_all_the_same(void **state)
{
    struct testbed *testbed = *state;
    sigset_t held, before;

    sigemptyset(&held);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigprocmask(SIG_BLOCK, &held, &before);
    testbed_start(testbed, NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    testbed_reload(testbed);
    testbed_close(testbed); // by SIGTERM
}

static void it_says_what_starts_before_it_is_ready(void **state)
{
    struct testbed *testbed = *state;
    char *log, *listen, *rules, *ledger, *ready;

    testbed_open(testbed, "", NULL);
    log = testbed_read(testbed, "log");
    assert_non_null(strstr(log, "start: breachd "));
    assert_non_null(listen = strstr(log, "start: listens at unix:"));
    assert_non_null(rules = strstr(log, "start: rules "));
    assert_non_null(strstr(rules, "Z from files: 1 in force\n"));
    assert_non_null(ledger = strstr(log, "ledger.db, 0 alerts told before\n"));
    assert_non_null(ready = strstr(log, "ready: site essex, 1 order\n"));
    assert_true(listen < rules && rules < ledger && ledger < ready);
    free(log);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_reload_asked_for_without_pause_through_a_start_is_done_after_it),
        testbed_test(told_to_stop_at_any_instant_of_a_start_it_exits_0),
        testbed_test(a_reload_while_orders_are_read_is_done_after_the_start),
        testbed_test(told_to_stop_while_orders_are_read_it_reads_no_further),
        testbed_test(only_the_loops_thread_takes_signals),
        testbed_test(who_inherits_a_mask_is_told_all_the_same),
        testbed_test(it_says_what_starts_before_it_is_ready),
    };

    return cmocka_run_group_tests_name("start", tests, NULL, NULL);
}
