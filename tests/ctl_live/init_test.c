/* SPDX-License-Identifier: Apache-2.0 */
/* The aclfile of breachctl init, in a real redis-server: each user may do his work, and no more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_live/ctl_live.h"
#include "support/test.h"

/* Makes DIR/first, and starts Redis with its aclfile. */
static void open_made(struct testbed *testbed)
{
    char line[128];
    struct path first = testbed_path(testbed, "first"),
                acl = testbed_path(testbed, "first/redis.acl");

    assert_int_equal(testbed_ctl(testbed, "init", first.text, "--yes", "--site", "trial",
                                 "--region", "49.8,-8.7 60.9,1.8", NULL),
                     0);
    snprintf(line, sizeof line, "aclfile %s\n", acl.text);
    testbed_redis_start(testbed, line);
}

/* A connection as that user, by the password that was made. */
static redisContext *be(struct testbed *testbed, const char *user, const char *file)
{
    redisContext *db = testbed_redis_connect(testbed);
    char *password = testbed_read(testbed, file);
    redisReply *reply;

    assert_non_null(password);
    password[strcspn(password, "\n")] = '\0';
    reply = redisCommand(db, "AUTH %s %s", user, password);
    if (reply->type == REDIS_REPLY_ERROR)
        fail_msg("%s: %s", user, reply->str);
    freeReplyObject(reply);
    free(password);
    return db;
}

/* Whether Redis lets that be done; what it says else must be that it may not. */
static bool may(redisContext *db, const char *command)
{
    redisReply *reply = redisCommand(db, command);
    bool refused;

    assert_non_null(reply);
    refused = reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "NOPERM", 6) == 0;
    if (reply->type == REDIS_REPLY_ERROR && !refused)
        fail_msg("%s: %s", command, reply->str);
    freeReplyObject(reply);
    return !refused;
}

static const char *const accesses[] = {
    "XREVRANGE {breachd}:alerts + - COUNT 1",
    "XREAD COUNT 1 STREAMS {breachd}:alerts 0",
    "HSCAN {breachd}:open 0",
    "HMGET {breachd}:todo a",
    "HEXISTS {breachd}:open a",
    "GET {breachd}:heartbeat",
    "XREVRANGE {breachd}:acks:refused + - COUNT 1",
};

static const char *const writes[] = {
    "XADD {breachd}:alerts * event x",
    "DEL {breachd}:alerts",
    "XTRIM {breachd}:alerts MAXLEN 0",
    "HSET {breachd}:open a b",
    "HDEL {breachd}:todo a",
    "SET {breachd}:heartbeat x",
    "XADD {breachd}:todo * a b",
    "PUBLISH {breachd}:alerts x",
    "XADD other * a b",
    "FLUSHALL",
    "CONFIG GET dir",
    "ACL LIST",
};

/* What breachd-web says, and of whom. */
static const char *const says[] = {
    "XADD {breachd}:acks * incident A/home/1 action ack by me",
    "XADD {breachd}:audit MAXLEN ~ 100 * what look",
    "XADD {breachd}:reports MAXLEN ~ 100 * what started",
};

/* Not even by who may add to them. */
static const char *const read_by_nobody[] = {
    "XRANGE {breachd}:acks - +",
    "XRANGE {breachd}:audit - +",
    "XRANGE {breachd}:reports - +",
    "XTRIM {breachd}:audit MAXLEN 0",
    "DEL {breachd}:audit",
    "XADD {breachd}:messages * a b",
    "XREAD COUNT 1 STREAMS {breachd}:audit 0",
};

/* Whether the user may do all of it (`all`), or else none of it. */
static void assert_may(redisContext *db, const char *const *commands, size_t n, bool all)
{
    for (size_t i = 0; i < n; i++) {
        if (may(db, commands[i]) != all)
            fail_msg("%s: %s", commands[i], all ? "it may not" : "it may");
    }
}

#define ALL(list) (list), sizeof(list) / sizeof *(list)

static void who_only_watches_writes_nothing(void **state)
{
    struct testbed *testbed = *state;
    redisContext *wall;

    open_made(testbed);
    wall = be(testbed, "wall", "first/secrets/wall.password");
    assert_may(wall, ALL(accesses), true);
    assert_may(wall, ALL(writes), false);
    assert_false(may(wall, "XADD {breachd}:acks * incident A/home/1 action ack by me"));
    redisFree(wall);
    testbed_close(testbed);
}

static void who_takes_incidents_writes_that_alone(void **state)
{
    struct testbed *testbed = *state;
    redisContext *room;

    open_made(testbed);
    room = be(testbed, "room", "first/secrets/room.password");
    assert_may(room, ALL(accesses), true);
    assert_may(room, ALL(writes), false);
    assert_true(may(room, "XADD {breachd}:acks * incident A/home/1 action ack by me"));
    redisFree(room);
    testbed_close(testbed);
}

/* That the page works with these rights alone is tests/web_live/rights_test.c's to show. */
static void the_page_says_what_its_people_say_and_reads_nothing_of_it(void **state)
{
    static const char *const sees[] = { "XREVRANGE {breachd}:alerts + - COUNT 1",
                                        "XRANGE {breachd}:alerts - + COUNT 1",
                                        "XREAD COUNT 1 STREAMS {breachd}:alerts 0",
                                        "HSCAN {breachd}:open 0",
                                        "HSCAN {breachd}:todo 0",
                                        "GET {breachd}:heartbeat",
                                        "XREVRANGE {breachd}:acks:refused + - COUNT 1" };
    struct testbed *testbed = *state;
    redisContext *web;

    open_made(testbed);
    web = be(testbed, "web", "first/secrets/web.password");
    assert_may(web, ALL(sees), true);
    assert_may(web, ALL(says), true);
    assert_may(web, ALL(writes), false);
    assert_may(web, ALL(read_by_nobody), false);
    redisFree(web);
    testbed_close(testbed);
}

static void breachd_has_its_keys_and_no_others(void **state)
{
    static const char *const others[] = { "XADD other * a b", "GET other",       "CONFIG GET dir",
                                          "ACL LIST",         "PUBLISH other x", "FLUSHALL" };
    struct testbed *testbed = *state;
    redisContext *breachd;

    open_made(testbed);
    breachd = be(testbed, "breachd", "first/redis.password");
    assert_true(may(breachd, "XADD {breachd}:alerts * event x"));
    assert_true(may(breachd, "HSET {breachd}:open a b"));
    assert_true(may(breachd, "PUBLISH {breachd}:alerts x"));
    assert_may(breachd, ALL(accesses), true); // breachctl with its settings is this user
    assert_true(may(breachd, "XADD {breachd}:acks * incident A/home/1 action ack by me"));
    assert_may(breachd, ALL(others), false);
    redisFree(breachd);
    testbed_close(testbed);
}

/* Whichever of them breachctl comes as, Redis refuses it nothing. */
static void breachctl_works_as_each_of_them(void **state)
{
    static const struct {
        const char *user, *password;
    } users[] = { { "breachd", "first/redis.password" },
                  { "room", "first/secrets/room.password" },
                  { "wall", "first/secrets/wall.password" },
                  { "default", "first/secrets/default.password" } };
    struct testbed *testbed = *state;

    open_made(testbed);
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        struct path password = testbed_path(testbed, users[i].password);
        char url[160];

        snprintf(url, sizeof url, "unix://%s@%s", users[i].user,
                 testbed_path(testbed, "redis.sock").text);
        assert_int_equal(
            testbed_ctl(testbed, "status", "--redis", url, "--password-file", password.text, NULL),
            1);
        assert_string_equal(testbed_ctl_complained(testbed),
                            "breachctl: no heartbeat: breachd is not watching, or cannot reach "
                            "this Redis\n");
        assert_int_equal(
            testbed_ctl(testbed, "open", "--redis", url, "--password-file", password.text, NULL),
            0);
        assert_string_equal(testbed_ctl_said(testbed), "nothing is open\n");
    }
    testbed_close(testbed);
}

static void without_a_password_nobody_may_do_anything(void **state)
{
    struct testbed *testbed = *state;
    redisContext *operator_of_redis;
    redisReply *reply;

    open_made(testbed);
    reply = redisCommand(testbed->db, "GET {breachd}:heartbeat");
    assert_int_equal(reply->type, REDIS_REPLY_ERROR);
    assert_non_null(strstr(reply->str, "NOAUTH"));
    freeReplyObject(reply);
    operator_of_redis = be(testbed, "default", "first/secrets/default.password");
    assert_true(may(operator_of_redis, "ACL SAVE"));
    assert_true(may(operator_of_redis, "CONFIG GET dir"));
    redisFree(operator_of_redis);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(who_only_watches_writes_nothing),
        testbed_test(who_takes_incidents_writes_that_alone),
        testbed_test(the_page_says_what_its_people_say_and_reads_nothing_of_it),
        testbed_test(breachd_has_its_keys_and_no_others),
        testbed_test(breachctl_works_as_each_of_them),
        testbed_test(without_a_password_nobody_may_do_anything),
    };

    return cmocka_run_group_tests_name("init", tests, NULL, NULL);
}
