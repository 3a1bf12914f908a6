/* SPDX-License-Identifier: Apache-2.0 */
/* What Redis refuses is tried again, and told where it is lost; and what is much is written all. */
#include "web_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"

/* How often anybody has connected to Redis. */
static int connections(struct testbed *testbed)
{
    static const char begin[] = "total_connections_received:";
    redisReply *reply = testbed_redis(testbed, "INFO stats");
    int n = atoi(strstr(reply->str, begin) + sizeof begin - 1);

    freeReplyObject(reply);
    return n;
}

static void what_is_refused_is_written_when_it_is_taken(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;

    web_open(testbed);
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:audit x"));
    desk = web_browser(testbed, "desk");
    web_say(testbed, "/ack", "{\"incident\":\"A/home/1\"}", &desk);
    testbed_await_log(testbed, "audit: Redis refuses what is written down, which is tried again");
    freeReplyObject(testbed_redis(testbed, "DEL {breachd}:audit"));
    web_await_rows(testbed, "audit", 2);
    web_say(testbed, "/logout", "{}", &desk);
    web_await_rows(testbed, "audit", 3);
    assert_false(testbed_log_has(testbed, "in no stream"));
    testbed_close(testbed);
}

/* The largest id there can be: no row comes behind it, and each is told. */
static void what_is_refused_to_the_end_is_in_the_log(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;

    web_open(testbed);
    freeReplyObject(testbed_redis(
        testbed, "XADD {breachd}:audit 18446744073709551615-18446744073709551615 what x"));
    desk = web_browser(testbed, "desk");
    web_say(testbed, "/ack", "{\"incident\":\"A/home/1\"}", &desk);
    testbed_await_log(testbed, "audit: Redis refuses what is written down, which is tried again");
    testbed_close(testbed);
    assert_true(testbed_log_has(testbed, "audit: breachd-web ends, so this is in no stream: 20"));
    assert_true(testbed_log_has(testbed, " login desk a unix socket "));
    assert_true(testbed_log_has(testbed, " ack desk a unix socket A/home/1"));
}

enum { BROWSERS = 8, NOTES = 200 };

static void say_notes(struct testbed *testbed, const struct browser *browser, int *fd)
{
    static const char body[] = "{\"incident\":\"A/home/1\",\"note\":\"n\"}";
    char request[1024];
    int n = snprintf(request, sizeof request,
                     "POST /note HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
                     "X-CSRF: %s\r\nCookie: breachd=%s\r\nContent-Type: application/json\r\n"
                     "Content-Length: %zu\r\n\r\n%s",
                     browser->csrf, browser->cookie, sizeof body - 1, body);

    *fd = testbed_door(testbed);
    for (int i = 0; i < NOTES; i++)
        assert_true(http_client_say(*fd, request, (size_t)n));
}

static void a_flood_of_notes_is_written_down_whole(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    int fds[BROWSERS];

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    for (int i = 0; i < BROWSERS; i++)
        say_notes(testbed, &desk, &fds[i]);
    web_await_rows(testbed, "acks", BROWSERS * NOTES);
    for (int i = 0; i < BROWSERS; i++)
        close(fds[i]);
    web_await_rows(testbed, "audit", BROWSERS * NOTES + 1);
    assert_false(testbed_log_has(testbed, "in no stream"));
    testbed_close(testbed);
}

/* Each try waits for longer, although each connection greets well and tells the heartbeat. */
static void a_key_of_another_type_slows_it_down(void **state)
{
    enum { AGAIN = 7 }; // 100, 200, … 6400 ms, of which half is chance
    struct testbed *testbed = *state;
    int64_t begun, deadline = now_ms() + PATIENCE_MS;
    int before;

    web_open(testbed);
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat {\"site\":\"essex\"}"));
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:todo x"));
    testbed_await_log(testbed, "WRONGTYPE");
    before = connections(testbed);
    begun = now_ms();
    while (connections(testbed) < before + AGAIN) {
        assert_true(now_ms() < deadline);
        testbed_hear(testbed); // each try is told to systemd
    }
    assert_true(now_ms() - begun > 2000);
    freeReplyObject(testbed_redis(testbed, "DEL {breachd}:todo"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(what_is_refused_is_written_when_it_is_taken),
        web_test(what_is_refused_to_the_end_is_in_the_log),
        web_test(a_flood_of_notes_is_written_down_whole),
        web_test(a_key_of_another_type_slows_it_down),
    };

    return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
