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

static const char beat[] =
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

static void put(struct house *house)
{
    house_redis_start(house, "");
    freeReplyObject(house_redis(house, "HSET {breachd}:open A/home/1 %s", event));
    freeReplyObject(house_redis(house, "HSET {breachd}:open B/home/1 %s", "")); // none at all
    freeReplyObject(house_redis(house, "XADD {breachd}:alerts * type none event %s", ""));
    freeReplyObject(house_redis(house, "SET {breachd}:heartbeat %s", beat));
}

static void open_shows_it(void **state)
{
    struct house *house = *state;
    const char *said;

    put(house);
    assert_int_equal(house_ctl(house, "open", NULL), 0);
    said = house_ctl_said(house);
    assert_harmless(said, "open");
    assert_int_equal(lines(said), 1);
    assert_non_null(strstr(said, "i" NASTY_SHOWN " in a" NASTY_SHOWN));
    assert_non_null(strstr(said, ": r" NASTY_SHOWN));
    house_close(house);
}

static void watch_shows_it_with_who_has_it(void **state)
{
    struct house *house = *state;
    struct child watch;
    char acked[sizeof event + 16];
    const char *said, *type = strstr(event, "breachd.breach");

    snprintf(acked, sizeof acked, "%.*sbreachd.acked%s", (int)(type - event), event,
             type + strlen("breachd.breach"));
    put(house);
    freeReplyObject(house_redis(house, "XADD {breachd}:alerts * type acked event %s", acked));
    freeReplyObject(house_redis(house, "XADD {breachd}:alerts * type end event %s",
                                "{\"type\":\"end\",\"data\":{\"reason\":\"the end\"}}"));
    watch = house_ctl_start(house, "watch", "--since", "1h", NULL);
    house_ctl_await(house, "the end");
    assert_int_equal(house_ctl_stop(&watch), 0);
    said = house_ctl_said(house);
    assert_harmless(said, "watch");
    assert_int_equal(lines(said), 2);
    assert_non_null(strstr(said, "[b" NASTY_SHOWN "]: r" NASTY_SHOWN));
    house_close(house);
}

/* Text within JSON keeps its meaning: written otherwise, read the same. */
static void json_means_the_same(void **state)
{
    struct house *house = *state;
    json_t *put_in = json_loads(event, 0, NULL), *out;

    put(house);
    assert_int_equal(house_ctl(house, "open", "--json", NULL), 0);
    assert_harmless(house_ctl_said(house), "open --json");
    out = json_loads(house_ctl_said(house), 0, NULL);
    assert_true(json_equal(out, put_in));
    json_decref(out);
    json_decref(put_in);
    put_in = json_loads(beat, 0, NULL);
    assert_int_equal(house_ctl(house, "status", "--json", NULL), 0);
    assert_harmless(house_ctl_said(house), "status --json");
    assert_int_equal(lines(house_ctl_said(house)), 1);
    out = json_loads(house_ctl_said(house), 0, NULL);
    assert_true(json_equal(out, put_in));
    json_decref(out);
    json_decref(put_in);
    house_close(house);
}

static void status_shows_it(void **state)
{
    struct house *house = *state;

    put(house);
    assert_int_equal(house_ctl(house, "status", NULL), 0);
    assert_harmless(house_ctl_said(house), "status");
    assert_non_null(strstr(house_ctl_said(house), "site e" NASTY_SHOWN ": watching\n"));
    assert_non_null(strstr(house_ctl_said(house), "loaded l" NASTY_SHOWN "\n"));
    house_close(house);
}

/* A key of the wrong kind makes Redis say why; a command that is none is told as it was typed. */
static void what_is_refused_is_shown(void **state)
{
    struct house *house = *state;

    put(house);
    assert_int_equal(house_ctl(house, "\2332J", NULL), 2);
    assert_non_null(strstr(house_ctl_complained(house), "breachctl: \\x9B2J: no such command\n"));
    assert_int_equal(house_ctl(house, "watch", "--severity",
                               "\302\233"
                               "2J",
                               NULL),
                     1);
    assert_non_null(strstr(house_ctl_complained(house), "--severity: \\u009B2J is none of"));
    assert_int_equal(house_ctl(house, "verify", "--ledger", "\033c\n", NULL), 1);
    assert_harmless(house_ctl_complained(house), "verify");
    assert_int_equal(lines(house_ctl_complained(house)), 1);
    house_close(house);
}

/* His word is heard, whatever its letters: the log and the list show them. */
static void a_word_of_the_control_room_is_heard_and_shown(void **state)
{
    struct house *house = *state;

    ctl_live_open(house, NULL);
    ctl_live_breach(house);
    ctl_live_say(house, "A/home/1", "ack",
                 "Sgt \302\233"
                 "2J\342\200\256",
                 "");
    house_expect(house, "breach A/home/1/1\nacked A/home/1/desk/1\n");
    assert_int_equal(house_ctl(house, "open", NULL), 0);
    assert_harmless(house_ctl_said(house), "open");
    assert_non_null(strstr(house_ctl_said(house), "[Sgt \\u009B2J\\u202E]"));
    house_close(house);
}

/* What systemd is told of a refused reload is shown by systemctl. */
static void the_status_shows_it(void **state)
{
    struct house *house = *state;
    char line[512];

    ctl_live_open(house, NULL);
    house_order(house, "B", "tag-2", 0, 200, "schedule = \302\2332J\342\200\256");
    snprintf(
        line, sizeof line,
        "STATUS=reload refused, the old rules stay: %s:14: schedule: \"\\u009B2J\\u202E\" is not "
        "like `Mon-Fri 08:00-16:30; Sat 09:00-12:00`",
        house_path(house, "orders.d/B.conf").text);
    assert_int_equal(kill(house->breachd.pid, SIGHUP), 0);
    house_await_note(house, line);
    house_close(house);
}

/* -n prints what stands in the operator's files, and the log of a start does. */
static void complaints_show_it(void **state)
{
    struct house *house = *state;
    struct path conf = house_path(house, "breachd.conf"), err = house_path(house, "check.err");
    const char *argv[] = { BREACHD_PROGRAM, "-n", "-c", conf.text, NULL };
    const char *start[] = { BREACHD_PROGRAM, "-c", conf.text, NULL };
    const char *const *runs[] = { argv, start };

    house_set(house, "breachd.conf", "site", "name",
              "\302\233"
              "2J\342\200\256");
    for (size_t i = 0; i < 2; i++) {
        struct command command = { .argv = runs[i], .out = "/dev/null", .err = err.text };
        struct child child = child_start(&command);
        int status;
        char *said;

        assert_true(child_ends(&child, PATIENCE_MS, &status));
        said = house_read(house, "check.err");
        assert_harmless(said, i == 0 ? "-n" : "the log");
        assert_non_null(strstr(said, "name: \"\\u009B2J\\u202E\" is not"));
        free(said);
        unlink(err.text);
    }
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(open_shows_it),
        house_test(watch_shows_it_with_who_has_it),
        house_test(json_means_the_same),
        house_test(status_shows_it),
        house_test(what_is_refused_is_shown),
        house_test(a_word_of_the_control_room_is_heard_and_shown),
        house_test(the_status_shows_it),
        house_test(complaints_show_it),
    };

    return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
