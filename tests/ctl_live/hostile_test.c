/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever stands in Redis and in files, nothing of it moves a terminal: it is shown. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_live/ctl_live.h"
#include "support/test.h"

/* C1's CSI as a character, an override that turns what follows round, a line end, ESC. As JSON. */
#define NASTY                                                                                      \
    "\302\233"                                                                                     \
    "2J\342\200\256x\\n\\u001b[31m"
#define NASTY_SHOWN "\\u009B2J\\u202Ex\\u000A\\u001B[31m"

static const char event[] =
    "{\"sequence\":\"1\",\"type\":\"breachd.breach\",\"time\":\"t" NASTY "\",\"data\":{"
    "\"incident\":\"i" NASTY "\",\"area\":\"a" NASTY "\",\"severity\":\"s" NASTY "\","
    "\"reason\":\"r" NASTY "\",\"by\":\"b" NASTY "\"}}";

static const char heartbeat[] =
    "{\"site\":\"e" NASTY "\",\"time\":\"t" NASTY "\",\n\t\"sequence\":1,\"blind\":false,"
    "\"rules\":{\"orders\":1,\"loaded\":\"l" NASTY "\"}}";

/* Printable ASCII and line ends alone: all that these tests' texts should come to. */
static void assert_harmless(const char *text, const char *of)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((*at < ' ' && *at != '\n') || *at == 0x7f || (unsigned char)*at >= 0x80)
            fail_msg("%s: byte %02x stands in it: %s", of, (unsigned char)*at, text);
    }
}

static size_t lines(const char *text)
{
    size_t n = 0;

    for (; (text = strchr(text, '\n')) != NULL; text++)
        n++;
    return n;
}

static void put(struct testbed *testbed)
{
    testbed_redis_start(testbed, "");
    freeReplyObject(testbed_redis(testbed, "HSET {breachd}:open A/home/1 %s", event));
    freeReplyObject(testbed_redis(testbed, "HSET {breachd}:open B/home/1 %s", "")); // none at all
    freeReplyObject(testbed_redis(testbed, "XADD {breachd}:alerts * type none event %s", ""));
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat %s", heartbeat));
}

static void open_shows_it(void **state)
{
    struct testbed *testbed = *state;
    const char *said;

    put(testbed);
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 1); // not all could be
    said = testbed_ctl_said(testbed);
    assert_harmless(said, "open");
    assert_int_equal(lines(said), 1);
    assert_non_null(strstr(said, "i" NASTY_SHOWN " in a" NASTY_SHOWN));
    assert_non_null(strstr(said, ": r" NASTY_SHOWN));
    testbed_close(testbed);
}

static void watch_shows_it_with_who_has_it(void **state)
{
    struct testbed *testbed = *state;
    struct child watch;
    char acked[sizeof event + 16];
    const char *said, *type = strstr(event, "breachd.breach");

    snprintf(acked, sizeof acked, "%.*sbreachd.acked%s", (int)(type - event), event,
             type + strlen("breachd.breach"));
    put(testbed);
    freeReplyObject(testbed_redis(testbed, "XADD {breachd}:alerts * type acked event %s", acked));
    freeReplyObject(testbed_redis(testbed, "XADD {breachd}:alerts * type end event %s",
                                  "{\"type\":\"end\",\"data\":{\"reason\":\"the end\"}}"));
    watch = testbed_ctl_start(testbed, "watch", "--since", "1h", NULL);
    testbed_ctl_await(testbed, "the end");
    assert_int_equal(testbed_ctl_stop(&watch), 0);
    said = testbed_ctl_said(testbed);
    assert_harmless(said, "watch");
    assert_int_equal(lines(said), 2);
    assert_non_null(strstr(said, "[b" NASTY_SHOWN "]: r" NASTY_SHOWN));
    testbed_close(testbed);
}

/* Text within JSON keeps its meaning: written otherwise, read the same. */
static void json_means_the_same(void **state)
{
    struct testbed *testbed = *state;
    json_t *put_in = json_loads(event, 0, NULL), *out;

    put(testbed);
    assert_int_equal(testbed_ctl(testbed, "open", "--json", NULL), 1);
    assert_harmless(testbed_ctl_said(testbed), "open --json");
    out = json_loads(testbed_ctl_said(testbed), 0, NULL);
    json_object_del(out, "by"); // which the alert has not
    json_object_del(out, "note");
    json_object_del(out, "shelved");
    json_object_del(out, "open");
    json_object_del(out, "waits");
    assert_true(json_equal(out, put_in));
    json_decref(out);
    json_decref(put_in);
    put_in = json_loads(heartbeat, 0, NULL);
    assert_int_equal(testbed_ctl(testbed, "status", "--json", NULL), 0);
    assert_harmless(testbed_ctl_said(testbed), "status --json");
    assert_int_equal(lines(testbed_ctl_said(testbed)), 1);
    out = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_true(json_equal(out, put_in));
    json_decref(out);
    json_decref(put_in);
    testbed_close(testbed);
}

static void status_shows_it(void **state)
{
    struct testbed *testbed = *state;

    put(testbed);
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 0);
    assert_harmless(testbed_ctl_said(testbed), "status");
    assert_non_null(strstr(testbed_ctl_said(testbed), "site e" NASTY_SHOWN ": watching\n"));
    assert_non_null(strstr(testbed_ctl_said(testbed), "loaded l" NASTY_SHOWN "\n"));
    testbed_close(testbed);
}

/* A key of the wrong kind makes Redis say why; a command that is none is told as it was typed. */
static void what_is_refused_is_shown(void **state)
{
    struct testbed *testbed = *state;

    put(testbed);
    assert_int_equal(testbed_ctl(testbed, "\2332J", NULL), 2);
    assert_non_null(
        strstr(testbed_ctl_complained(testbed), "breachctl: \\x9B2J: no such command\n"));
    assert_int_equal(testbed_ctl(testbed, "watch", "--severity",
                                 "\302\233"
                                 "2J",
                                 NULL),
                     2);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "--severity: \\u009B2J is none of"));
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", "\033c\n", NULL), 1);
    assert_harmless(testbed_ctl_complained(testbed), "verify");
    assert_int_equal(lines(testbed_ctl_complained(testbed)), 1);
    testbed_close(testbed);
}

/* His word is heard, whatever its letters: the log and the list show them. */
static void a_word_of_the_control_room_is_heard_and_shown(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    ctl_live_say(testbed, "A/home/1", "ack",
                 "Sgt \302\233"
                 "2J\342\200\256",
                 "");
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\n");
    assert_int_equal(testbed_ctl(testbed, "open", NULL), 0);
    assert_harmless(testbed_ctl_said(testbed), "open");
    assert_non_null(strstr(testbed_ctl_said(testbed), "[Sgt \\u009B2J\\u202E]"));
    testbed_close(testbed);
}

/* What systemd is told of a refused reload is shown by systemctl. */
static void the_status_shows_it(void **state)
{
    struct testbed *testbed = *state;
    char line[512];

    ctl_live_open(testbed, NULL);
    testbed_order(testbed, "B", "tag-2", 0, 200, "schedule = \302\2332J\342\200\256");
    snprintf(line, sizeof line,
             "STATUS=watching; reload refused, 1 complaint, the old rules stay: %s:14: schedule: "
             "\"\\u009B2J\\u202E\" is not like `Mon-Fri 08:00-16:30; Sat 09:00-12:00`",
             testbed_path(testbed, "orders.d/B.conf").text);
    assert_int_equal(kill(testbed->breachd.pid, SIGHUP), 0);
    testbed_await_note(testbed, line);
    testbed_close(testbed);
}

/* -n prints what stands in the operator's files, and the log of a start does. */
static void complaints_show_it(void **state)
{
    struct testbed *testbed = *state;
    struct path conf = testbed_path(testbed, "breachd.conf"),
                err = testbed_path(testbed, "check.err");
    const char *argv[] = { BREACHD_PROGRAM, "-n", "-c", conf.text, NULL };
    const char *start[] = { BREACHD_PROGRAM, "-c", conf.text, NULL };
    const char *const *runs[] = { argv, start };

    testbed_set(testbed, "breachd.conf", "site", "name",
                "\302\233"
                "2J\342\200\256");
    for (size_t i = 0; i < 2; i++) {
        struct command command = { .argv = runs[i], .out = "/dev/null", .err = err.text };
        struct child child = child_start(&command);
        int status;
        char *said;

        assert_true(child_ends(&child, PATIENCE_MS, &status));
        said = testbed_read(testbed, "check.err");
        assert_harmless(said, i == 0 ? "-n" : "the log");
        assert_non_null(strstr(said, "name: \"\\u009B2J\\u202E\" is not"));
        free(said);
        unlink(err.text);
    }
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(open_shows_it),
        testbed_test(watch_shows_it_with_who_has_it),
        testbed_test(json_means_the_same),
        testbed_test(status_shows_it),
        testbed_test(what_is_refused_is_shown),
        testbed_test(a_word_of_the_control_room_is_heard_and_shown),
        testbed_test(the_status_shows_it),
        testbed_test(complaints_show_it),
    };

    return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
