/* SPDX-License-Identifier: Apache-2.0 */
/* Subscribers that are killed, cut off, or asleep: what they missed, they get. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"
#include "support/testbed.h"

static struct child subscribe(const struct testbed *testbed, const char *how, const char *file)
{
    struct path redis = testbed_path(testbed, "redis.sock"), out = testbed_path(testbed, file),
                err = testbed_path(testbed, "subscriber.err");
    const char *argv[] = { SUBSCRIBER_PROGRAM, how, redis.text, NULL };

    return child_start(&(struct command){ .argv = argv, .out = out.text, .err = err.text });
}

/* The last number in the file; each is written as it is taken. */
static long newest_in(const struct testbed *testbed, const char *file)
{
    char *text = testbed_read(testbed, file);
    size_t end = text ? strlen(text) : 0;
    long newest = 0;

    while (end > 0 && text[end - 1] != '\n')
        end--; // half a line
    for (size_t at = 0; at < end; at = (size_t)(strchr(text + at, '\n') - text) + 1)
        newest = strtol(text + at, NULL, 10);
    free(text);
    return newest;
}

static void await_newest(const struct testbed *testbed, const char *file, long newest)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (newest_in(testbed, file) < newest) {
        if (now_ms() > deadline)
            fail_msg("%s: %ld did not arrive", file, newest);
        poll(NULL, 0, 5);
    }
}

/* Adds the numbers of a file to `seen`; each must be the next one, or one that was seen before. */
static void count_up(const struct testbed *testbed, const char *file, long *seen, bool again)
{
    char *text = testbed_read(testbed, file);

    assert_non_null(text);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        long number = strtol(line, NULL, 10);

        if (number != *seen + 1 && !(again && number <= *seen))
            fail_msg("%s: %ld after %ld", file, number, *seen);
        if (number > *seen)
            *seen = number;
    }
    free(text);
}

/* Round number nth: in and out, two alerts. */
static void come_and_go(struct testbed *testbed, int nth)
{
    assert_int_equal(testbed_ping(testbed, "tag-1", 600 * nth, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600 * nth + 300, 500), 200);
}

static void open_the_testbed(struct testbed *testbed)
{
    testbed_long_ago(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    testbed_start(testbed, NULL);
}

/* A desk may take an alert twice, when it dies between that and XACK; it never misses one. */
static void a_desk_of_a_group_that_is_killed_misses_nothing(void **state)
{
    struct testbed *testbed = *state;
    char file[24];
    long seen = 0;
    int nth = 0;

    open_the_testbed(testbed);
    freeReplyObject(testbed_redis(testbed, "XGROUP CREATE {breachd}:alerts control 0 MKSTREAM"));
    for (int life = 0; life < 8; life++) {
        struct child fixture;

        snprintf(file, sizeof file, "desk.%d", life);
        come_and_go(testbed, nth++); // while nobody is there
        fixture = subscribe(testbed, "group", file);
        if (life % 2 == 0)
            await_newest(testbed, file, 2 * nth);
        come_and_go(testbed, nth++);
        child_kill(&fixture);
        count_up(testbed, file, &seen, true);
    }
    struct child last = subscribe(testbed, "group", "desk.last");
    come_and_go(testbed, nth++);
    await_newest(testbed, "desk.last", 2 * nth);
    child_kill(&last);
    count_up(testbed, "desk.last", &seen, true);
    assert_int_equal(seen, 2 * nth);
    assert_int_equal(testbed_redis_number(testbed, "XLEN {breachd}:alerts"), 2 * nth);
    testbed_close(testbed);
}

static void await_watcher(struct testbed *testbed)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    for (bool there = false; !there; poll(NULL, 0, there ? 0 : 5)) {
        redisReply *count = testbed_redis(testbed, "PUBSUB NUMSUB {breachd}:alerts");

        there = count->element[1]->integer == 1;
        freeReplyObject(count);
        if (now_ms() > deadline)
            fail_msg("nobody subscribes");
    }
}

static void a_watcher_that_was_cut_off_sees_the_gap_and_fills_it(void **state)
{
    struct testbed *testbed = *state;
    struct child watcher;
    long seen = 0;
    int nth = 0;

    open_the_testbed(testbed);
    watcher = subscribe(testbed, "channel", "watcher");
    await_watcher(testbed);
    for (int cut = 0; cut < 4; cut++) {
        come_and_go(testbed, nth++);
        await_newest(testbed, "watcher", 2 * nth);
        kill(watcher.pid, SIGSTOP); // it sleeps, and its connection is lost
        freeReplyObject(testbed_redis(testbed, "CLIENT KILL TYPE pubsub"));
        come_and_go(testbed, nth++);
        testbed_gather(testbed); // these two were published to nobody
        kill(watcher.pid, SIGCONT);
        await_watcher(testbed);
    }
    come_and_go(testbed, nth++);
    await_newest(testbed, "watcher", 2 * nth);
    assert_true(child_lives(&watcher));
    child_kill(&watcher);
    count_up(testbed, "watcher", &seen, false);
    assert_int_equal(seen, 2 * nth);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_desk_of_a_group_that_is_killed_misses_nothing),
        testbed_test(a_watcher_that_was_cut_off_sees_the_gap_and_fills_it),
    };

    return cmocka_run_group_tests_name("subscribers", tests, NULL, NULL);
}
