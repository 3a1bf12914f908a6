/* SPDX-License-Identifier: Apache-2.0 */
/* The manual's ACL user of the control room may do what breachctl does over Redis, and no more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_live/ctl_live.h"
#include "support/test.h"

/* The line of breachctl(1), its user, password and prefix as they stand there. */
#define CTL_LIVE_ACL                                                                               \
    "user room on >secret resetkeys %R~{breachd}:alerts %R~{breachd}:open %R~{breachd}:todo "      \
    "%R~{breachd}:heartbeat %R~{breachd}:acks:refused resetchannels -@all +ping +select +xread "   \
    "+xrevrange +hscan +hexists +hmget +get (%W~{breachd}:acks +xadd)"

static void open_with_acl(struct testbed *testbed)
{
    testbed_redis_start(testbed, CTL_LIVE_ACL "\n");
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_print(testbed, "password", "secret\n");
}

/* With the port of the testbed, as a user in a URL has one. */
static int as_room(struct testbed *testbed, const char *const *words)
{
    char url[160];
    struct path password = testbed_path(testbed, "password");

    snprintf(url, sizeof url, "redis://room@127.0.0.1:%d/0", testbed->redis_port);
    return testbed_ctl(testbed, words[0], "--redis", url, "--password-file", password.text,
                       words[1], words[1] ? words[2] : NULL, words[1] ? words[3] : NULL,
                       words[1] && words[3] ? words[4] : NULL,
                       words[1] && words[3] ? words[5] : NULL, NULL);
}

static void it_may_see_take_and_close(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;
    char url[160];

    testbed->redis_port = testbed_free_port();
    open_with_acl(testbed);
    ctl_live_await_heartbeat(testbed);
    assert_int_equal(as_room(testbed, (const char *[]){ "status", NULL }), 0);
    assert_int_equal(as_room(testbed, (const char *[]){ "open", NULL }), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "A/home/1"));
    snprintf(url, sizeof url, "redis://room@127.0.0.1:%d/0", testbed->redis_port);
    watch = testbed_ctl_start(testbed, "watch", "--redis", url, "--password-file",
                              testbed_path(testbed, "password").text, NULL);
    testbed_ctl_await(testbed, "A/home/1");
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "REFUSES"));
    assert_int_equal(
        as_room(testbed, (const char *[]){ "ack", "--by", "PC 42", "A/home/1", NULL, NULL }), 0);
    assert_int_equal(as_room(testbed, (const char *[]){ "close", "--by", "PC 42", "--reason=drift",
                                                        "A/home/1", NULL }),
                     0);
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\nclosed A/home/1/desk/2\n");
    testbed_close(testbed);
}

static void it_may_do_nothing_else(void **state)
{
    static const char *const forbidden[] = {
        "XADD {breachd}:alerts * event x",
        "XADD {breachd}:acks:refused * why x",
        "DEL {breachd}:acks",
        "XTRIM {breachd}:acks MAXLEN 0",
        "HSET {breachd}:open a b",
        "SET {breachd}:heartbeat x",
        "XREVRANGE {breachd}:acks + - COUNT 1",
        "HSCAN {breachd}:last 0",
        "XADD {breachd}:todo * a b",
        "GET other",
        "XADD other * a b",
        "XREVRANGE {other}:alerts + - COUNT 1",
        "PUBLISH {breachd}:alerts x",
        "SUBSCRIBE {breachd}:alerts",
        "EVAL return 0",
        "CONFIG GET *",
        "ACL LIST",
        "KEYS *",
        "FLUSHALL",
    };
    struct testbed *testbed = *state;
    redisContext *fixture;

    testbed_redis_start(testbed, CTL_LIVE_ACL "\n");
    fixture = testbed_redis_connect(testbed);
    freeReplyObject(redisCommand(fixture, "AUTH room secret"));
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        redisReply *reply = redisCommand(fixture, forbidden[i]);

        if (reply->type != REDIS_REPLY_ERROR || strncmp(reply->str, "NOPERM", 6) != 0)
            fail_msg("%s: it may", forbidden[i]);
        freeReplyObject(reply);
    }
    redisFree(fixture);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(it_may_see_take_and_close),
        testbed_test(it_may_do_nothing_else),
    };

    return cmocka_run_group_tests_name("access list", tests, NULL, NULL);
}
