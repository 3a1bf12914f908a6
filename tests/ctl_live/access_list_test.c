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
    "+xrevrange +hscan +hexists +get (%W~{breachd}:acks +xadd)"

static void open_with_acl(struct house *house)
{
    house_redis_start(house, CTL_LIVE_ACL "\n");
    ctl_live_open(house, NULL);
    ctl_live_breach(house);
    house_print(house, "password", "secret\n");
}

/* With the port of the house, as a user in a URL has one. */
static int as_room(struct house *house, const char *const *words)
{
    char url[160];
    struct path password = house_path(house, "password");

    snprintf(url, sizeof url, "redis://room@127.0.0.1:%d/0", house->redis_port);
    return house_ctl(house, words[0], "--redis", url, "--password-file", password.text, words[1],
                     words[1] ? words[2] : NULL, words[1] ? words[3] : NULL,
                     words[1] && words[3] ? words[4] : NULL, words[1] && words[3] ? words[5] : NULL,
                     NULL);
}

static void it_may_see_take_and_close(void **state)
{
    struct house *house = *state;
    struct child watch;
    char url[160];

    house->redis_port = house_free_port();
    open_with_acl(house);
    ctl_live_await_beat(house);
    assert_int_equal(as_room(house, (const char *[]){ "status", NULL }), 0);
    assert_int_equal(as_room(house, (const char *[]){ "open", NULL }), 0);
    assert_non_null(strstr(house_ctl_said(house), "A/home/1"));
    snprintf(url, sizeof url, "redis://room@127.0.0.1:%d/0", house->redis_port);
    watch = house_ctl_start(house, "watch", "--redis", url, "--password-file",
                            house_path(house, "password").text, NULL);
    house_ctl_await(house, "A/home/1");
    assert_int_equal(house_ctl_stop(&watch), 0);
    assert_null(strstr(house_ctl_said(house), "REFUSES"));
    assert_int_equal(
        as_room(house, (const char *[]){ "ack", "--by", "PC 42", "A/home/1", NULL, NULL }), 0);
    assert_int_equal(as_room(house, (const char *[]){ "close", "--by", "PC 42", "--reason=drift",
                                                      "A/home/1", NULL }),
                     0);
    house_expect(house, "breach A/home/1/1\nacked A/home/1/desk/1\nclosed A/home/1/desk/2\n");
    house_close(house);
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
    struct house *house = *state;
    redisContext *fixture;

    house_redis_start(house, CTL_LIVE_ACL "\n");
    fixture = house_redis_connect(house);
    freeReplyObject(redisCommand(fixture, "AUTH room secret"));
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        redisReply *reply = redisCommand(fixture, forbidden[i]);

        if (reply->type != REDIS_REPLY_ERROR || strncmp(reply->str, "NOPERM", 6) != 0)
            fail_msg("%s: it may", forbidden[i]);
        freeReplyObject(reply);
    }
    redisFree(fixture);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(it_may_see_take_and_close),
        house_test(it_may_do_nothing_else),
    };

    return cmocka_run_group_tests_name("access list", tests, NULL, NULL);
}
