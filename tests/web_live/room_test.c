/* SPDX-License-Identifier: Apache-2.0 */
/* What the control room says goes to breachd in its own name. */
#include "web_fixture.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

static const struct {
    const char *path, *body, *entry; // NULL: refused with 400
} words[] = {
    { "/ack", "{\"incident\":\"A/home/1\"}", "incident=A/home/1 action=ack by=desk" },
    { "/ack", "{\"incident\":\"device/tag-1/silent/2\",\"note\":\"h\xC3\xA9\",\"by\":\"another\"}",
      "incident=device/tag-1/silent/2 action=ack by=desk note=h\xC3\xA9" },
    { "/close", "{\"incident\":\"A/home/1\",\"outcome\":\"arrested\"}",
      "incident=A/home/1 action=close by=desk reason=arrested" },
    { "/close", "{\"incident\":\"A/home/1\",\"reason\":\"drift\",\"note\":\"n\"}",
      "incident=A/home/1 action=close by=desk reason=drift note=n" },
    { "/hand", "{\"incident\":\"A/home/1\",\"to\":\"sergeant\"}",
      "incident=A/home/1 action=hand by=desk to=sergeant" },
    { "/shelve", "{\"incident\":\"A/home/1\",\"until\":\"2030-01-01T00:00:00Z\"}",
      "incident=A/home/1 action=shelve by=desk until=2030-01-01T00:00:00Z" },
    { "/shelve", "{\"incident\":\"A/home/1\",\"until\":\"2h\"}",
      "incident=A/home/1 action=shelve by=desk until=2h" },
    { "/note", "{\"incident\":\"A/home/1\",\"note\":\"<b>\"}",
      "incident=A/home/1 action=note by=desk note=<b>" },
    { "/ack", "{}", NULL },
    { "/ack", "{\"incident\":\"\"}", NULL },
    { "/ack", "{\"incident\":\"A/../1\"}", NULL },
    { "/ack", "{\"incident\":\"A b\"}", NULL },
    { "/ack", "{\"incident\":\"A/1\",\"reason\":\"bored\"}", NULL },
    { "/ack", "{\"incident\":\"A/1\",\"note\":\"a\\r\\nb\"}", NULL },
    { "/ack", "[\"A/1\"]", NULL },
    { "/ack", "{\"incident\":\"A/1\",\"incident\":\"A/2\"}", NULL },
    { "/close", "{\"incident\":\"A/1\"}", NULL },
    { "/close", "{\"incident\":\"A/1\",\"outcome\":\"bored\"}", NULL },
    { "/hand", "{\"incident\":\"A/1\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"2 hours\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"22:30\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"9h\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"0s\"}", NULL },
    { "/shelve", "{\"incident\":\"A/1\",\"until\":\"2020-13-01T00:00:00Z\"}", NULL },
    { "/note", "{\"incident\":\"A/1\"}", NULL },
};

static void what_is_said_stands_in_the_stream_by_who_says_it(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        int code = web_say(testbed, words[i].path, words[i].body, &desk);
        char *entry;

        if (code != (words[i].entry != NULL ? 202 : 400))
            fail_msg("%s %s: %d: %s", words[i].path, words[i].body, code, testbed->body);
        if (words[i].entry == NULL)
            continue;
        assert_int_equal(strncmp(testbed->body, "{\"id\":\"", 7), 0);
        entry = web_newest(testbed, "acks");
        assert_string_equal(entry, words[i].entry);
        free(entry);
    }
    assert_int_equal(testbed_redis_number(testbed, "XLEN {breachd}:acks"), 8);
    testbed_close(testbed);
}

static void who_did_what_is_written_down(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    web_say(testbed, "/ack", "{\"incident\":\"A/home/1\"}", &desk);
    web_await_newest(testbed, "audit", "program=breachd-web what=ack at=20");
    web_await_newest(testbed, "audit", " who=desk from=a unix socket incident=A/home/1");
    web_say(testbed, "/logout", "{}", &desk);
    web_await_newest(testbed, "audit", "what=logout ");
    web_await_newest(testbed, "reports", "what=lost "); // breachd itself is not there
    testbed_close(testbed);
}

static void without_redis_nothing_is_said_and_that_is_told(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    testbed_redis_kill(testbed);
    assert_int_equal(web_say(testbed, "/ack", "{\"incident\":\"A/1\"}", &desk), 503);
    testbed_redis_start(testbed, "appendonly yes\n");
    testbed_close(testbed);
}

/* Hangs: who waits is answered once it is given up. */
static void a_redis_that_hangs_is_given_up(void **state)
{
    struct testbed *testbed = *state;
    struct browser desk;
    struct stream stream;

    web_open(testbed);
    desk = web_browser(testbed, "desk");
    stream = stream_open(testbed, &desk, "");
    kill(testbed->redis.pid, SIGSTOP);
    assert_int_equal(web_say(testbed, "/ack", "{\"incident\":\"A/1\"}", &desk), 503);
    stream_until(&stream, "event: lost\ndata: {\"what\":\"redis\"}");
    kill(testbed->redis.pid, SIGCONT);
    stream_until(&stream, "event: lost\ndata: {\"what\":\"heartbeat\"}");
    stream_close(&stream);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        web_test(what_is_said_stands_in_the_stream_by_who_says_it),
        web_test(who_did_what_is_written_down),
        web_test(without_redis_nothing_is_said_and_that_is_told),
        web_test(a_redis_that_hangs_is_given_up),
    };

    return cmocka_run_group_tests_name("room", tests, NULL, NULL);
}
