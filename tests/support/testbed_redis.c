/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/test.h"

int testbed_free_port(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    close(fd);
    return ntohs(at.sin_port);
}

redisContext *testbed_redis_connect(const struct testbed *testbed)
{
    struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
    redisContext *db = redisConnectUnix(testbed_path(testbed, "redis.sock").text);

    assert_non_null(db);
    if (db->err == 0)
        redisSetTimeout(db, patience);
    return db;
}

/* Any reply that is not "loading" will do: with a password set, PING is answered by NOAUTH. */
static bool answers(redisContext *db)
{
    redisReply *reply = db->err != 0 ? NULL : redisCommand(db, "PING");
    bool ready = reply != NULL && strncmp(reply->str, "LOADING", 7) != 0;

    if (reply != NULL)
        freeReplyObject(reply);
    return ready;
}

static void redis_await(struct testbed *testbed)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    for (;;) {
        testbed->db = testbed_redis_connect(testbed);
        if (answers(testbed->db))
            return;
        redisFree(testbed->db);
        testbed->db = NULL;
        if (now_ms() > deadline || !child_lives(&testbed->redis))
            fail_msg("redis-server did not start");
        poll(NULL, 0, 5); // between two tries, there is no descriptor to wait for
    }
}

void testbed_redis_start(struct testbed *testbed, const char *lines)
{
    struct path settings = testbed_path(testbed, "redis.conf"),
                out = testbed_path(testbed, "redis.log");
    const char *argv[] = { "redis-server", settings.text, NULL };

    testbed_print(
        testbed, "redis.conf", "bind 127.0.0.1\nport %d\nunixsocket %s\ndir %s\nsave \"\"\n%s",
        testbed->redis_port, testbed_path(testbed, "redis.sock").text, testbed->dir, lines);
    testbed->redis =
        child_start(&(struct command){ .argv = argv, .out = out.text, .err = out.text });
    redis_await(testbed);
}

void testbed_redis_kill(struct testbed *testbed)
{
    child_kill(&testbed->redis);
    redisFree(testbed->db);
    testbed->db = NULL;
}

static redisReply *ask(struct testbed *testbed, const char *format, va_list arguments)
{
    redisReply *reply = redisvCommand(testbed->db, format, arguments);

    if (reply == NULL)
        fail_msg("redis, %s: %s", format, testbed->db->errstr);
    else if (reply->type == REDIS_REPLY_ERROR)
        fail_msg("redis, %s: %s", format, reply->str);
    return reply;
}

redisReply *testbed_redis(struct testbed *testbed, const char *format, ...)
{
    redisReply *reply;
    va_list arguments;

    va_start(arguments, format);
    reply = ask(testbed, format, arguments);
    va_end(arguments);
    return reply;
}

long long testbed_redis_number(struct testbed *testbed, const char *format, ...)
{
    redisReply *reply;
    va_list arguments;
    long long number;

    va_start(arguments, format);
    reply = ask(testbed, format, arguments);
    va_end(arguments);
    assert_int_equal(reply->type, REDIS_REPLY_INTEGER);
    number = reply->integer;
    freeReplyObject(reply);
    return number;
}
