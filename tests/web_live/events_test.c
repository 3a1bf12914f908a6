/* SPDX-License-Identifier: Apache-2.0 */
/* What a browser hears: each alert once, whatever was killed on the way, and what is lost. */
#include "web_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

static void run(struct testbed *testbed, const char *format, const char *argument)
{
    freeReplyObject(testbed_redis(testbed, format, argument));
}

static void an_alert_comes_within_a_second_with_its_id(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;
    redisReply *id;
    char wanted[128];
    int64_t begun;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    begun = now_ms();
    id = testbed_redis(testbed, "XADD {breachd}:alerts * id x event %s", "{\"a\":\"\xC3\xA9\"}");
    snprintf(wanted, sizeof wanted, "id: %s\nevent: alert\ndata: {\"a\":\"\xC3\xA9\"}\n\n",
             id->str);
    stream_until(&stream, wanted);
    assert_in_range(now_ms() - begun, 0, 1000);
    freeReplyObject(id);
    assert_non_null(strstr(stream.text, "Content-Type: text/event-stream\r\n"));
    assert_null(strstr(stream.text, "Content-Length"));
    stream_close(&stream);
    testbed_close(testbed);
}

/* {"n":0}… from `from` up to `to`, each once. */
static void expect_each_once(const struct stream *stream, int from, int to)
{
    char event[32];

    for (int n = from; n < to; n++) {
        snprintf(event, sizeof event, "data: {\"n\":%d}\n", n);
        if (stream_count(stream, event) != 1)
            fail_msg("%d times: %s", stream_count(stream, event), event);
    }
}

static void who_comes_back_is_told_what_came_meanwhile_once(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream first, second;
    char last[64];

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    first = stream_open(testbed, &desk, "");
    web_alert(testbed, 0);
    stream_until(&first, "{\"n\":0}");
    stream_last(&first, last);
    stream_close(&first);
    for (int n = 1; n < 180; n++) // more than a page of them
        web_alert(testbed, n);
    second = stream_open(testbed, &desk, last);
    web_alert(testbed, 180);
    stream_until(&second, "{\"n\":180}");
    expect_each_once(&second, 1, 181);
    assert_int_equal(stream_count(&second, "{\"n\":0}"), 0);
    assert_int_equal(stream_count(&second, "event: gap"), 0);
    stream_close(&second);
    testbed_close(testbed);
}

/* Of those who wait in a blocking read there is one: breachd-web's, for what comes. */
static void cut_off_the_feed(struct testbed *testbed)
{
    redisReply *list = testbed_redis(testbed, "CLIENT LIST");
    const char *at = strstr(list->str, " cmd=xread ");
    long long id = 0;

    assert_non_null(at);
    while (at > list->str && at[-1] != '\n')
        at--;
    assert_int_equal(sscanf(at, "id=%lld ", &id), 1);
    freeReplyObject(list);
    freeReplyObject(testbed_redis(testbed, "CLIENT KILL ID %lld", id));
}

/* What it was told after the fact comes as news a moment later, when the feed is back. */
static void what_was_read_before_it_came_is_not_told_again(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;
    char last[64];

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    web_alert(testbed, 1);
    stream_until(&stream, "{\"n\":1}");
    stream_last(&stream, last);
    stream_close(&stream);
    cut_off_the_feed(testbed);
    web_alert(testbed, 2);
    stream = stream_open(testbed, &desk, last);
    stream_until(&stream, "{\"n\":2}");
    testbed_await_log(testbed, "closed the connection");
    web_alert(testbed, 3);
    stream_until(&stream, "{\"n\":3}");
    expect_each_once(&stream, 2, 4);
    stream_close(&stream);
    testbed_close(testbed);
}

static void a_redis_that_was_killed_is_lost_and_then_nothing_is_missed(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;

    web_open(testbed);
    run(testbed, "SET {breachd}:heartbeat %s", "{\"site\":\"essex\"}");
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    stream_until(&stream, "event: heartbeat\ndata: {\"site\":\"essex\",\"age\":");
    web_alert(testbed, 0);
    stream_until(&stream, "{\"n\":0}");
    testbed_redis_kill(testbed);
    stream_until(&stream, "event: lost\ndata: {\"what\":\"redis\"}\n\n");
    assert_int_equal(web_get(testbed, "/todo", &desk), 503);
    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    for (int n = 1; n < 4; n++)
        web_alert(testbed, n);
    stream_until(&stream, "{\"n\":3}");
    expect_each_once(&stream, 0, 4);
    assert_int_equal(stream_count(&stream, "event: gap"), 0);
    stream_until(&stream, "{\"what\":\"redis\"}\n\n");
    stream_close(&stream);
    testbed_close(testbed);
}

/* A start logs everybody out; who logs in again goes on after what was heard last. */
static void one_that_was_killed_goes_on_where_it_was(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream first, second;
    char last[64];

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    first = stream_open(testbed, &desk, "");
    web_alert(testbed, 0);
    stream_until(&first, "{\"n\":0}");
    stream_last(&first, last);
    testbed_kill(testbed);
    stream_until_gone(&first);
    web_alert(testbed, 1);
    testbed_start(testbed, NULL);
    web_alert(testbed, 2);
    assert_int_equal(web_get(testbed, "/me", &desk), 401);
    desk = web_browser(testbed, "desk");
    second = stream_open(testbed, &desk, last);
    stream_until(&second, "{\"n\":2}");
    expect_each_once(&second, 1, 3);
    stream_close(&first);
    stream_close(&second);
    testbed_close(testbed);
}

static void what_is_not_kept_any_more_is_a_gap(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    web_alert(testbed, 1);
    stream = stream_open(testbed, &desk, "1-1");
    stream_until(&stream, "event: gap\ndata: {\"after\":\"1-1\"}\n\n");
    stream_until(&stream, "{\"n\":1}");
    stream_close(&stream);
    stream = stream_open(testbed, &desk, "18446744073709551615-1"); // of another stream
    stream_until(&stream, "event: gap\ndata: {\"after\":\"18446744073709551615-1\"}\n\n");
    web_alert(testbed, 2);
    stream_until(&stream, "{\"n\":2}");
    stream_close(&stream);
    testbed_close(testbed);
}

/*
 * Emptied under who wants what was in it, and under who waits for more: also ids that are smaller
 * than those of before are heard then.
 */
static void a_stream_that_was_emptied_is_a_gap(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;
    char last[64];

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    web_alert(testbed, 1);
    stream_until(&stream, "{\"n\":1}");
    stream_last(&stream, last);
    web_alert(testbed, 2);
    stream_until(&stream, "{\"n\":2}");
    run(testbed, "DEL %s", "{breachd}:alerts");
    stream_close(&stream);
    stream = stream_open(testbed, &desk, last);
    stream_until(&stream, "event: gap");
    testbed_await_log(testbed, "are gone from Redis");
    run(testbed, "XADD {breachd}:alerts 1-1 event %s", "{\"n\":3}");
    stream_until(&stream, "{\"n\":3}");
    stream_close(&stream);
    testbed_close(testbed);
}

static void what_needs_somebody_is_told_as_it_changes(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    run(testbed, "HSET {breachd}:todo A/home/1 %s", "{\"by\":null}");
    run(testbed, "HSET {breachd}:open A/home/1 %s", "{\"newest\":1}");
    stream_until(&stream,
                 "event: todo\ndata: {\"incident\":\"A/home/1\",\"entry\":{\"by\":null}}\n\n");
    assert_int_equal(web_get(testbed, "/todo", &desk), 200);
    assert_string_equal(testbed->body, "{\"items\":[{\"incident\":\"A/home/1\",\"entry\":{\"by\":"
                                       "null},\"open\":{\"newest\":1}}],\"left_out\":false}");
    run(testbed, "HSET {breachd}:todo A/home/1 %s", "{\"by\":\"desk\"}");
    stream_until(&stream, "\"entry\":{\"by\":\"desk\"}}");
    run(testbed, "HDEL {breachd}:todo %s", "A/home/1");
    stream_until(&stream, "\"entry\":null}");
    stream_close(&stream);
    testbed_close(testbed);
}

/* A line end in a text ends no line of ours; what is no JSON, or no UTF-8, goes to nobody. */
static void what_no_browser_could_read_is_left_out(void **state)
{
    static const char *const bad[] = { "{\"n\":", "[1]",
                                       "7",       "{\"a\":\"\xFF\"}",
                                       "",        "{\"a\":\"\n\nevent: evil\ndata: 1\n\n\"}" };
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        run(testbed, "XADD {breachd}:alerts * event %s", bad[i]);
        run(testbed, "HSET {breachd}:todo A/1 %s", bad[i]);
        run(testbed, "SET {breachd}:heartbeat %s", bad[i]);
    }
    run(testbed, "XADD {breachd}:alerts * event %s", "{\"a\":\n1,\r\"b\":2}");
    stream_until(&stream, "data: {\"a\": 1, \"b\":2}\n\n");
    web_alert(testbed, 9);
    stream_until(&stream, "{\"n\":9}");
    assert_int_equal(stream_count(&stream, "event: alert"), 2);
    assert_int_equal(stream_count(&stream, "evil"), 0);
    stream_until(&stream, "event: left-out\ndata: {\"left_out\":true}\n\n");
    assert_int_equal(web_get(testbed, "/todo", &desk), 200);
    assert_string_equal(testbed->body, "{\"items\":[],\"left_out\":true}");
    testbed_await_log(testbed, "{breachd}:todo: has what no browser can be told");
    run(testbed, "HDEL {breachd}:todo %s", "A/1");
    stream_until(&stream, "event: left-out\ndata: {\"left_out\":false}\n\n");
    testbed_await_log(testbed, "{breachd}:todo: nothing of it is left out any more");
    run(testbed, "HSET {breachd}:todo A/1 %s", "[2]"); // each time it is told
    stream_until(&stream, "{\"left_out\":false}\n\nevent: left-out\ndata: {\"left_out\":true}");
    stream_close(&stream);
    testbed_close(testbed);
}

static void what_breachd_refuses_is_told(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    run(testbed, "XADD {breachd}:acks:refused * ack 1-1 incident A/1 why %s", "taken already");
    stream_until(&stream, "event: refused\ndata: {\"ack\":\"1-1\",\"incident\":\"A/1\",\"why\":"
                          "\"taken already\"}\n\n");
    stream_close(&stream);
    testbed_close(testbed);
}

/* It takes nothing, and more waits for it than LISTENER_BUFFER_MAX and a socket have room for. */
static void who_does_not_listen_is_dropped_and_others_are_told(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream deaf, other;
    char *large = calloc(1, 40001);

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    deaf = stream_open(testbed, &desk, "");
    other = stream_open(testbed, &desk, "");
    memset(large, 'x', 40000);
    for (int n = 0; n < 40; n++) { // 1.6 MB
        char wanted[32];

        freeReplyObject(testbed_redis(
            testbed, "XADD {breachd}:alerts * event {\"n\":%d,\"x\":\"%s\"}", n, large));
        snprintf(wanted, sizeof wanted, "{\"n\":%d,", n);
        stream_until(&other, wanted);
    }
    stream_until_gone(&deaf);
    assert_true(stream_count(&deaf, "event: alert") < 40);
    assert_int_equal(stream_count(&other, "event: alert"), 40);
    free(large);
    stream_close(&deaf);
    stream_close(&other);
    testbed_close(testbed);
}

static void alerts_of_before_are_read_by_pages(void **state)
{
    struct testbed *testbed = *state;
    struct browser viewer;
    char path[128], id[64];

    web_open(testbed);
    viewer = web_browser(testbed, "viewer");
    for (int n = 0; n < 4; n++)
        web_alert(testbed, n);
    assert_int_equal(web_get(testbed, "/alerts?count=2", &viewer), 200);
    assert_non_null(strstr(testbed->body, "\"event\":{\"n\":2}},{"));
    assert_int_equal(sscanf(testbed->body, "{\"alerts\":[{\"id\":\"%63[0-9-]", id), 1);
    snprintf(path, sizeof path, "/alerts?since=%s", id);
    assert_int_equal(web_get(testbed, path, &viewer), 200);
    assert_null(strstr(testbed->body, "{\"n\":2}"));
    assert_non_null(strstr(testbed->body, "\"event\":{\"n\":3}}]}"));
    assert_int_equal(web_get(testbed, "/alerts?since=x", &viewer), 400);
    assert_int_equal(web_get(testbed, "/alerts?count=0", &viewer), 400);
    assert_int_equal(web_get(testbed, "/events?after=x", &viewer), 400);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(an_alert_comes_within_a_second_with_its_id),
        web_test(who_comes_back_is_told_what_came_meanwhile_once),
        web_test(what_was_read_before_it_came_is_not_told_again),
        web_test(a_redis_that_was_killed_is_lost_and_then_nothing_is_missed),
        web_test(one_that_was_killed_goes_on_where_it_was),
        web_test(what_is_not_kept_any_more_is_a_gap),
        web_test(a_stream_that_was_emptied_is_a_gap),
        web_test(what_needs_somebody_is_told_as_it_changes),
        web_test(what_no_browser_could_read_is_left_out),
        web_test(what_breachd_refuses_is_told),
        web_test(who_does_not_listen_is_dropped_and_others_are_told),
        web_test(alerts_of_before_are_read_by_pages),
    };

    return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
