/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl watch: every alert once, from where it stopped, and loud when something is wrong. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "ctl_live/watch_live.h"

static void it_goes_on_from_where_it_stopped(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;

    open_calmly(testbed);
    watch = watch_first(testbed, 2);
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    publish(testbed, 2, 4); // while nobody looks
    watch = testbed_ctl_start(testbed, "watch", NULL);
    testbed_ctl_await(testbed, "alert 4");
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "alert 2"));
    assert_non_null(strstr(testbed_ctl_said(testbed), "alert 3"));
    assert_null(strstr(testbed_ctl_said(testbed), "MISSING"));
    watch = testbed_ctl_start(testbed, "watch", "--since", "2h", NULL); // wall time of the entries
    testbed_ctl_await(testbed, "alert 4");
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "alert 1"));
    testbed_close(testbed);
}

static void a_missing_number_is_loud(void **state)
{
    static const struct made jump = { 9, "breach", "critical", "Harlow", "D/home/1", LONG_AGO };
    struct testbed *testbed = *state;
    struct child watch;

    open_calmly(testbed);
    watch = watch_first(testbed, 2);
    ctl_live_publish(testbed, &jump);
    testbed_ctl_await(testbed, "ALERTS ARE MISSING before the next one: 6\n");
    testbed_ctl_await(testbed, "alert 9");
    end(testbed, &watch);
}

static void a_heartbeat_that_ends_is_loud_and_one_that_comes_back_is_told(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;

    open_calmly(testbed);
    watch = watch_first(testbed, 1);
    testbed_redis_number(testbed, "DEL {breachd}:heartbeat");
    testbed_ctl_await(testbed, "NO HEARTBEAT");
    heartbeat(testbed);
    testbed_ctl_await(testbed, "breachd is heard again");
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat %s", "{\"blind\":true}"));
    testbed_ctl_await(testbed, "BLIND");
    heartbeat(testbed);
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat %s", "{\"stopped\":true}"));
    testbed_ctl_await(testbed, "STOPPED");
    end(testbed, &watch);
}

static void a_redis_that_goes_is_loud_and_what_follows_is_shown(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;

    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    heartbeat(testbed);
    watch = watch_first(testbed, 1);
    testbed_redis_kill(testbed);
    testbed_ctl_await(testbed, "REDIS DOES NOT ANSWER");
    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    publish(testbed, 1, 2);
    testbed_ctl_await(testbed, "alert 2");
    end(testbed, &watch);
}

/* It once died of SIGPIPE, silently, when it happened to write to a Redis that was just killed. */
static void a_broken_pipe_does_not_end_it(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;

    open_calmly(testbed);
    watch = watch_first(testbed, 1);
    assert_int_equal(kill(watch.pid, SIGPIPE), 0);
    publish(testbed, 1, 2);
    testbed_ctl_await(testbed, "alert 2");
    end(testbed, &watch);
}

static void what_nobody_could_read_is_shown_again(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;
    int status;

    open_calmly(testbed);
    publish(testbed, 0, 2);
    watch = testbed_ctl_start_to(testbed, "/dev/full", "watch", NULL);
    assert_true(child_ends(&watch, PATIENCE_MS, &status));
    assert_int_equal(WEXITSTATUS(status), 1);
    watch = testbed_ctl_start(testbed, "watch", NULL);
    testbed_ctl_await(testbed, "alert 1");
    testbed_ctl_await(testbed, "alert 2");
    end(testbed, &watch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(it_goes_on_from_where_it_stopped),
        testbed_test(a_missing_number_is_loud),
        testbed_test(a_heartbeat_that_ends_is_loud_and_one_that_comes_back_is_told),
        testbed_test(a_redis_that_goes_is_loud_and_what_follows_is_shown),
        testbed_test(a_broken_pipe_does_not_end_it),
        testbed_test(what_nobody_could_read_is_shown_again),
    };

    return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
