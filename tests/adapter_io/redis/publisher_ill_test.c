/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A real Redis that stands still, is killed, loads, forgets the function, lets nobody in or writes
 * nothing, with alerts under way: it recovers by itself, and each stands once, in sequence.
 */
#include "adapter/redis/publisher.h"
#include "adapter/redis/publisher_script.h"

#include "loop.h"
#include "publisher_fixture.h"

#include <signal.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

#define DURABLE "appendonly yes\nappendfsync always\n"

static void expect_all(void)
{
    publisher_fixture_until_caught_up();
    publisher_fixture_expect_stream(1, publisher_under_test.n);
    assert_int_equal(publisher_under_test.losses, 0);
    testbed_close(publisher_under_test.testbed);
}

/* ---- stands still ---- */

/* What the old connection has still on its way is done when it wakes up, beside the new one. */
static void one_that_stood_still_goes_on(void **state)
{
    (void)state;
    publisher_fixture_publish(10);
    for (int i = 0; i < 3; i++) {
        kill(publisher_under_test.testbed->redis.pid, SIGSTOP);
        publisher_fixture_offer(5);
        publisher_fixture_keep(600);
        publisher_pump(publisher_under_test.publisher);
        loop_for(publisher_under_test.base, 20); // into the socket
        loop_hurry(publisher_under_test.base);   // the time-out of the reply
        publisher_fixture_until_away("no reply in time");
        loop_hurry(
            publisher_under_test.base); // the back-off: it connects, as the kernel does that,
        loop_for(publisher_under_test.base, 20); // and greets
        kill(publisher_under_test.testbed->redis.pid, SIGCONT);
        publisher_fixture_until_caught_up();
    }
    expect_all();
}

static void what_an_older_connection_says_is_not_done(void **state)
{
    redisContext *old = testbed_redis_connect(publisher_under_test.testbed);
    redisReply *sha, *reply;

    (void)state;
    publisher_fixture_publish(4);
    publisher_fixture_stop();
    publisher_fixture_start(); // epoch 2
    loop_poll(publisher_under_test.base,
              testbed_redis_number(publisher_under_test.testbed,
                                   "HEXISTS {breachd}:last essex#epoch") == 1 &&
                  publisher_connected(publisher_under_test.publisher));
    publisher_fixture_offer(1);
    publisher_fixture_until_caught_up();
    sha = redisCommand(old, "SCRIPT LOAD %s", script_send);
    reply = redisCommand(old,
                         "EVALSHA %s 5 {breachd}:alerts {breachd}:open {breachd}:last "
                         "{breachd}:todo {breachd}:acks essex 1 5 1000 6 0 essex/x t a s i e 0 -",
                         sha->str);
    assert_int_equal(reply->type, REDIS_REPLY_ERROR);
    assert_memory_equal(reply->str, "GAP ", 4);
    freeReplyObject(sha);
    freeReplyObject(reply);
    redisFree(old);
    expect_all();
}

/* ---- is killed, and loads ---- */

static void killed_over_and_over_each_stands_once(void **state)
{
    (void)state;
    testbed_redis_kill(publisher_under_test.testbed);
    testbed_redis_start(publisher_under_test.testbed, DURABLE);
    publisher_fixture_start();
    for (int i = 0; i < 5; i++) {
        publisher_fixture_offer(7);
        publisher_fixture_keep(100 * i);
        publisher_pump(publisher_under_test.publisher);
        for (int turn = 0; turn < i; turn++)
            event_base_loop(publisher_under_test.base, EVLOOP_ONCE);
        testbed_redis_kill(publisher_under_test.testbed);
        publisher_fixture_until_away("");
        testbed_redis_start(publisher_under_test.testbed, DURABLE);
        if (i % 2 == 0)
            publisher_fixture_until_caught_up();
    }
    expect_all();
}

/* Some 300 keys at 2 ms each, and it answers in between. */
static void one_that_loads_is_waited_for(void **state)
{
    static const char slow[] = "key-load-delay 2000\nloading-process-events-interval-bytes 1024\n";
    struct path settings = testbed_path(publisher_under_test.testbed, "redis.conf");
    const char *argv[] = { "redis-server", settings.text, NULL };

    (void)state;
    publisher_fixture_publish(20);
    freeReplyObject(
        testbed_redis(publisher_under_test.testbed, "EVAL %s 0",
                      "for i = 1, 300 do redis.call('SET', 'k' .. i, ('x'):rep(200)) end"));
    publisher_fixture_redis("SAVE");
    testbed_redis_kill(publisher_under_test.testbed);
    publisher_fixture_offer(5);
    testbed_print(publisher_under_test.testbed, "redis.conf",
                  "port 0\nunixsocket %s\ndir %s\nsave \"\"\n%s",
                  testbed_path(publisher_under_test.testbed, "redis.sock").text,
                  publisher_under_test.testbed->dir, slow);
    publisher_under_test.testbed->redis = child_start(&(struct command){ .argv = argv });
    publisher_fixture_until_away("LOADING");
    publisher_fixture_until_caught_up();
    publisher_under_test.testbed->db = testbed_redis_connect(publisher_under_test.testbed);
    expect_all();
}

/* ---- forgets, and refuses ---- */

static void a_flushed_script_is_loaded_again_in_the_same_connection(void **state)
{
    (void)state;
    publisher_fixture_start();
    for (int i = 0; i < 3; i++) {
        publisher_fixture_offer(2);
        publisher_fixture_until_caught_up();
        publisher_fixture_redis("SCRIPT FLUSH");
    }
    publisher_fixture_offer(300);
    loop_until(publisher_under_test.base,
               publisher_caught_up(publisher_under_test.publisher) ||
                   publisher_why_away(publisher_under_test.publisher)[0] != '\0');
    assert_string_equal(publisher_why_away(publisher_under_test.publisher), "");
    expect_all();
}

/* Begins in the middle of the work, and ends. */
static const struct illness {
    const char *says, *begins, *ends, *why;
} illnesses[] = {
    { "without room", "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0", "OOM" },
    { "only reads", "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE", "READONLY" },
    { "lets nobody in", "CONFIG SET requirepass x", "CONFIG SET requirepass ''", "NOAUTH" },
    { "has too few replicas", "CONFIG SET min-replicas-to-write 1",
      "CONFIG SET min-replicas-to-write 0", "NOREPLICAS" },
};

static void once_it_is_well_all_is_there(void **state)
{
    const struct illness *row = *state;

    publisher_fixture_publish(30);
    publisher_fixture_redis(row->begins);
    publisher_fixture_redis("CLIENT KILL TYPE normal SKIPME yes");
    publisher_fixture_offer(100);
    publisher_fixture_until_away(row->why);
    assert_int_equal(testbed_redis_number(publisher_under_test.testbed, "XLEN {breachd}:alerts"),
                     30);
    publisher_fixture_offer(3);
    freeReplyObject(
        strstr(row->ends, "''") == NULL
            ? testbed_redis(publisher_under_test.testbed, row->ends)
            : testbed_redis(publisher_under_test.testbed, "CONFIG SET requirepass %s", ""));
    expect_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        publisher_fixture_test(one_that_stood_still_goes_on),
        publisher_fixture_test(what_an_older_connection_says_is_not_done),
        publisher_fixture_test(killed_over_and_over_each_stands_once),
        publisher_fixture_test(one_that_loads_is_waited_for),
        publisher_fixture_test(a_flushed_script_is_loaded_again_in_the_same_connection),
    };

    return rows_hold_in("publisher_ill_illnesses", illnesses, once_it_is_well_all_is_there,
                        publisher_fixture_setup, publisher_fixture_teardown) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
