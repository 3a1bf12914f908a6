/* SPDX-License-Identifier: Apache-2.0 */
/* breachd and breachd-web together: a breach is seen, and taken by one desk alone. */
#include "web_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/http_client.h"
#include "support/test.h"

static struct child web;

/* breachd as ever, but that http.sock, where a testbed's curl asks, is breachd-web's. */
static int demo_setup(void **state)
{
    struct testbed *testbed;

    if (web_setup(state) != 0)
        return -1;
    testbed = *state;
    testbed_copy(testbed, testbed_path(testbed, "breachd.conf").text, "web.conf");
    unsetenv("BREACHD_OTHER");
    testbed_print(testbed, "breachd.conf",
                  "[site]\nname = essex\nregion = 51.2,-0.3 52.2,1.6\norders = orders.d\n"
                  "[ledger]\npath = ledger.db\n[http]\nlisten = unix:breachd.sock\n"
                  "[redis]\nurl = unix:redis.sock\nheartbeat = 1s\n");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    return 0;
}

static int demo_teardown(void **state)
{
    child_kill(&web);
    return testbed_teardown(state);
}

static void open_both(struct testbed *testbed)
{
    struct path conf = testbed_path(testbed, "web.conf"), log = testbed_path(testbed, "web.log");
    const char *argv[] = { WEB_PROGRAM, "-c", conf.text, NULL };

    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    web = child_start(&(struct command){ .argv = argv, .err = log.text });
    testbed_await_code(testbed, "/", 200);
}

static void ping(struct testbed *testbed, int second, double north)
{
    char json[TESTBED_PING_MAX], request[512], body[HTTP_CLIENT_ANSWER_MAX];
    int fd = http_client_connect_to(testbed_path(testbed, "breachd.sock").text, PATIENCE_MS);
    int n;

    testbed_ping_print(testbed, "tag-1", second, north, json);
    n = snprintf(request, sizeof request,
                 "POST /v1/pings HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(json), json);
    assert_true(fd >= 0 && http_client_say(fd, request, (size_t)n));
    assert_int_equal(http_client_hear(fd, body), 200);
    close(fd);
}

static void has_no_place(const char *text)
{
    assert_non_null(strstr(text, "\"accuracy\":")); // of the ping, which is there
    assert_null(strstr(text, "\"lat\""));
    assert_null(strstr(text, "\"lon\""));
}

/* Not even to who may look at maps: each look is for a reason, and written down. */
static void no_place_goes_out_unasked(struct testbed *testbed, const struct browser *sergeant,
                                      const struct stream *live)
{
    struct stream resumed = stream_open(testbed, sergeant, "0-1");
    char *entry = web_newest(testbed, "alerts");

    assert_non_null(strstr(entry, "\"lat\":"));
    free(entry);
    stream_until(&resumed, "\"type\":\"breachd.breach\"");
    has_no_place(resumed.text);
    has_no_place(live->text);
    stream_close(&resumed);
    assert_int_equal(web_get(testbed, "/todo", sergeant), 200);
    has_no_place(testbed->body);
    assert_int_equal(web_get(testbed, "/alerts", sergeant), 200);
    has_no_place(testbed->body);
}

static void a_breach_is_seen_and_taken_by_one_desk_alone(void **state)
{
    static const char ack[] = "{\"incident\":\"A/home/1\"}";
    struct testbed *testbed = *state;
    struct browser desk, sergeant;
    struct stream stream;
    int status;

    testbed->base += 600; // of late enough to be now
    open_both(testbed);
    desk = web_browser(testbed, "desk");
    sergeant = web_browser(testbed, "sergeant");
    stream = stream_open(testbed, &desk, "");
    stream_until(&stream, "event: heartbeat\ndata: {\"site\":\"essex\"");
    ping(testbed, 0, 10);
    ping(testbed, 15, 10);
    stream_until(&stream, "\"type\":\"breachd.breach\"");
    stream_until(&stream, "event: todo\ndata: {\"incident\":\"A/home/1\",\"entry\":{");
    no_place_goes_out_unasked(testbed, &sergeant, &stream);
    assert_int_equal(web_say(testbed, "/ack", ack, &desk), 202);
    stream_until(&stream, "\"type\":\"breachd.acked\"");
    stream_until(&stream, "\"by\":\"desk\"");
    assert_int_equal(web_say(testbed, "/ack", ack, &sergeant), 202);
    stream_until(&stream, "event: refused\ndata: {\"ack\":\"");
    stream_until(&stream, "taken already, by desk");
    assert_int_equal(web_get(testbed, "/todo", &sergeant), 200);
    assert_non_null(strstr(testbed->body, "{\"items\":[{\"incident\":\"A/home/1\",\"entry\":{"));
    testbed_kill(testbed);
    stream_until(&stream, "event: lost\ndata: {\"what\":\"heartbeat\"}");
    stream_close(&stream);
    kill(web.pid, SIGTERM);
    assert_true(child_ends(&web, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_breach_is_seen_and_taken_by_one_desk_alone, demo_setup,
                                        demo_teardown),
    };

    return cmocka_run_group_tests_name("evening", tests, NULL, NULL);
}
