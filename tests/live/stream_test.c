/* SPDX-License-Identifier: Apache-2.0 */
/* The built breachd as a reader of the ping stream of a real Redis: what comes, and what of it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "stream.h"
#include "support/test.h"
#include "support/testbed.h"

static void json_and_flat_fields_give_the_alerts(void **state)
{
    struct testbed *testbed = *state;

    stream_open(testbed);
    stream_start(testbed);
    stream_json(testbed, "tag-1", 0, 500);
    stream_flat(testbed, "tag-1", 300, 10);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    stream_json(testbed, "tag-1", 900, 900);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"cleared\"}", 1);
    stream_await_acknowledged(testbed);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    assert_true(testbed_metric(testbed, PINGS("new")) == 3);
    testbed_close(testbed);
}

static void what_came_before_breachd_is_read_from_the_beginning(void **state)
{
    struct testbed *testbed = *state;

    stream_open(testbed);
    stream_flat(testbed, "tag-1", 0, 500);
    stream_flat(testbed, "tag-1", 300, 10);
    stream_start(testbed);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    stream_await_acknowledged(testbed);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

/* What is added, and the entry of breachd:pings:refused. */
static const struct row {
    const char *add, *want;
} rows[] = {
    { "device tag-1 time 2026-11-24T20:00:00Z lat 151.5 lon 0.4",
      "lat: 151.5 is outside -90..90; device=tag-1 time=2026-11-24T20:00:00Z lat=151.5 lon=0.4" },
    { "device tag-9 time 1700000000 lat 51.5 lon 0.4 colour red",
      "device: tag-9: under no order here; device=tag-9 time=1700000000 lat=51.5 lon=0.4 "
      "colour=red" },
    { "colour red", "device: missing; colour=red" },
    { "device tag-1 device tag-1", "device: given twice; device=tag-1 device=tag-1" },
    { "ping []", "not an object; ping=[]" },
    { "ping {\"device\":5}",
      "device: not a text of 1..64 letters, digits, - _ .; ping={\"device\":5}" },
};

enum { ROWS = sizeof rows / sizeof *rows };

static void what_is_no_ping_is_moved_with_its_reason(void **state)
{
    struct testbed *testbed = *state;
    char command[256], text[512];

    stream_open(testbed);
    stream_start(testbed);
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(command, sizeof command, "XADD breachd:pings * %s", rows[i].add);
        freeReplyObject(testbed_redis(testbed, command));
    }
    stream_flat(testbed, "tag-1", 0, 10);
    stream_await_acknowledged(testbed);
    for (size_t i = 0; i < ROWS; i++)
        assert_string_equal(stream_refused(testbed, i, text, sizeof text), rows[i].want);
    assert_true(testbed_metric(testbed, STREAM_REFUSED) == ROWS);
    assert_true(testbed_metric(testbed, PINGS("refused")) == ROWS);
    assert_true(testbed_metric(testbed, PINGS("new")) == 1);
    assert_true(testbed_log_has(testbed, "pings: an entry is refused for its lat: see "
                                         "breachd:pings:refused"));
    assert_false(testbed_log_has(testbed, "151.5"));
    testbed_kill(testbed);
    stream_start(testbed); // all of it was acknowledged
    stream_flat(testbed, "tag-1", 60, 10);
    stream_await_acknowledged(testbed);
    assert_true(testbed_metric(testbed, STREAM_REFUSED) == 0);
    assert_int_equal(testbed_redis_number(testbed, "XLEN breachd:pings:refused"), ROWS);
    testbed_close(testbed);
}

/* Nobody is answered here: the control room is told, of whom that can be said. */
static void a_device_whose_entries_are_no_pings_is_told_of(void **state)
{
    static const char *const entries[] = {
        "device nobody time 1 lat 151.5 lon 0.4", // under no order
        "time 1 lat 151.5 lon 0.4",
        "ping {\"device\":\"tag-1\",\"time\":1,\"lat\":\"51.5\",\"lon\":0.4}",
        "device tag-1 time 1 lat 151.5 lon 0.4", // within the minute
    };
    struct testbed *testbed = *state;
    char command[256];

    stream_open(testbed);
    stream_start(testbed);
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        snprintf(command, sizeof command, "XADD breachd:pings * %s", entries[i]);
        freeReplyObject(testbed_redis(testbed, command));
    }
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"doubt\"}", 1);
    stream_await_acknowledged(testbed);
    testbed_expect(testbed, "doubt device/tag-1/1\n");
    testbed_close(testbed);
}

/* Neither is ever taken into memory, and what stands behind them is read. */
static void what_is_too_large_is_moved_without_its_fields(void **state)
{
    struct testbed *testbed = *state;
    const size_t size = 64 * 1024 * 1024;
    char *huge = malloc(size), text[256], *command, *at;

    assert_non_null(huge);
    memset(huge, 'x', size);
    stream_open(testbed);
    stream_field(testbed, "ping", huge, size);
    command = at = malloc(16 * 1024);
    assert_non_null(command);
    at += sprintf(at, "XADD breachd:pings *");
    for (int i = 0; i < 300; i++)
        at += sprintf(at, " name-%d %d", i, i);
    freeReplyObject(testbed_redis(testbed, command));
    stream_flat(testbed, "tag-1", 0, 10);
    stream_start(testbed);
    stream_await_acknowledged(testbed);
    assert_string_equal(stream_refused(testbed, 0, text, sizeof text), "longer than 16384 bytes;");
    assert_string_equal(stream_refused(testbed, 1, text, sizeof text), "more than 256 fields;");
    assert_true(testbed_metric(testbed, PINGS("new")) == 1);
    free(command);
    free(huge);
    testbed_close(testbed);
}

static void entries_taken_away_before_they_were_read_are_told(void **state)
{
    struct testbed *testbed = *state;
    char text[256];

    stream_open(testbed);
    stream_flat(testbed, "tag-1", 0, 500);
    stream_flat(testbed, "tag-1", 60, 500);
    freeReplyObject(testbed_redis(testbed, "XGROUP CREATE breachd:pings breachd 0"));
    freeReplyObject(
        testbed_redis(testbed, "XREADGROUP GROUP breachd essex COUNT 1 STREAMS breachd:pings >"));
    freeReplyObject(testbed_redis(testbed, "XTRIM breachd:pings MAXLEN 1"));
    stream_start(testbed);
    stream_await_acknowledged(testbed);
    assert_string_equal(stream_refused(testbed, 0, text, sizeof text),
                        "taken away before it was read;");
    assert_true(testbed_metric(testbed, PINGS("new")) == 1);
    testbed_close(testbed);
}

/* More than a few pages of them, from three people turn by turn. */
static void the_order_of_a_device_is_kept(void **state)
{
    static const char *const devices[] = { "tag-1", "tag-2", "tag-3" };
    enum { EACH = 900 };
    struct testbed *testbed = *state;

    stream_open(testbed);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    testbed_order(testbed, "C", "tag-3", 0, 200, "");
    for (int i = 0; i < EACH; i++) {
        for (size_t k = 0; k < 3; k++)
            stream_flat(testbed, devices[k], i - 100, 900 + i % 7);
    }
    stream_start(testbed);
    stream_await_acknowledged(testbed);
    assert_true(testbed_metric(testbed, PINGS("new")) == 3 * EACH);
    assert_true(testbed_metric(testbed, PINGS("late")) == 0);
    testbed_close(testbed);
}

static void a_reload_begins_and_ends_it(void **state)
{
    struct testbed *testbed = *state;

    stream_open(testbed);
    testbed_set(testbed, "breachd.conf", "redis", "pings", "off");
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    assert_non_null(strstr(testbed->body, "\"pings\":\"off\""));
    testbed_set(testbed, "breachd.conf", "redis", "pings", "on");
    testbed_reload(testbed);
    testbed_await_metric(testbed, STREAM_UP, 1);
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    assert_non_null(strstr(testbed->body, "\"pings\":\"reading\""));
    stream_flat(testbed, "tag-1", 0, 10);
    stream_await_acknowledged(testbed);
    testbed_set(testbed, "breachd.conf", "redis", "pings", "off");
    testbed_reload(testbed);
    assert_true(testbed_metric(testbed, STREAM_UP) == 0);
    stream_flat(testbed, "tag-1", 400, 900);
    testbed_set(testbed, "breachd.conf", "redis", "pings", "on");
    testbed_reload(testbed);
    stream_await_acknowledged(testbed);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    testbed_close(testbed);
}

static void told_to_stop_it_acknowledges_what_it_took(void **state)
{
    enum { MANY = 1400 };
    struct testbed *testbed = *state;

    stream_open(testbed);
    for (int i = 0; i < MANY; i++)
        stream_flat(testbed, "tag-1", i - MANY / 2, i % 2 == 0 ? 175 : 225);
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_redis_connected", 1);
    testbed_close(testbed); // ends with 0
    stream_start(testbed);
    stream_await_acknowledged(testbed);
    // What was taken was acknowledged; what was only on its way is new to the second one.
    assert_true(testbed_metric(testbed, PINGS("again")) == 0);
    testbed_close(testbed);
}

/* The lines of an example of the manual that begins with `ACL SETUSER user`, as one command. */
static void set_user(struct testbed *testbed, const char *manual, const char *user)
{
    char command[1024], begins[64];
    size_t n = 0;
    int found = 0;

    snprintf(begins, sizeof begins, "\nACL SETUSER %s ", user);
    for (const char *at = manual; (at = strstr(at, begins)) != NULL; found++) {
        const char *end = strstr(at + 1, "\n.Ed");

        for (n = 0; ++at < end && n < sizeof command - 1;)
            command[n++] = *at == '\n' ? ' ' : *at;
        command[n] = '\0';
        for (char *more; (more = strstr(command, "\\e")) != NULL;)
            memset(more, ' ', 2);
        freeReplyObject(testbed_redis(testbed, command));
    }
    assert_true(found > 0);
}

static char *read_manual(void)
{
    char *text = malloc(256 * 1024);
    FILE *file = fopen(CONFIG_FOLDER "/../daemon/breachd.8", "re");

    assert_true(text != NULL && file != NULL);
    text[fread(text, 1, 256 * 1024 - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* As another user on the tests' own connection. */
static void become(struct testbed *testbed, const char *user)
{
    freeReplyObject(testbed_redis(testbed, "AUTH %s PASSWORD", user));
}

static void the_rights_that_the_manual_gives_are_enough(void **state)
{
    struct testbed *testbed = *state;
    char *manual = read_manual(), url[64];

    testbed->redis_port = testbed_free_port();
    stream_open(testbed);
    freeReplyObject(testbed_redis(testbed, "CONFIG SET requirepass PASSWORD"));
    set_user(testbed, manual, "breachd");
    set_user(testbed, manual, "gateway");
    snprintf(url, sizeof url, "redis://breachd@127.0.0.1:%d/0", testbed->redis_port);
    testbed_set(testbed, "breachd.conf", "redis", "url", url);
    testbed_set(testbed, "breachd.conf", "redis", "password-file", "password");
    testbed_print(testbed, "password", "PASSWORD\n");
    stream_start(testbed);
    become(testbed, "gateway");
    stream_flat(testbed, "tag-9", 0, 10);
    stream_flat(testbed, "tag-1", 0, 10);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    become(testbed, "default");
    stream_await_acknowledged(testbed);
    assert_int_equal(testbed_redis_number(testbed, "XLEN breachd:pings:refused"), 1);
    testbed_expect(testbed, "unjudged senders/1/1\nbreach A/home/1/1\n");
    freeReplyObject(
        testbed_redis(testbed, "XADD {breachd}:acks * incident A/home/1 action ack by Ann"));
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"acked\"}", 1);
    assert_false(testbed_log_has(testbed, "NOPERM"));
    assert_false(testbed_log_has(testbed, "give this user"));
    free(manual);
    testbed_close(testbed);
}

/*
 * At one a second a hundred may come at once: what is more is moved, and who is behind it is heard.
 */
static void one_device_does_not_use_up_the_stream(void **state)
{
    struct testbed *testbed = *state;
    char text[512];

    testbed_set(testbed, "breachd.conf", "http", "rate", "1");
    testbed_order(testbed, "B", "tag-2", 9000, 200, "");
    stream_open(testbed);
    for (int i = 0; i < 300; i++)
        stream_flat(testbed, "tag-1", i, 3000 + i);
    stream_flat(testbed, "tag-2", 0, 9000);
    stream_start(testbed);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    stream_await_acknowledged(testbed);
    testbed_expect(testbed, "breach B/home/1/1\n");
    assert_true(testbed_metric(testbed, "breachd_pings_held_total") > 100);
    assert_true(testbed_metric(testbed, "breachd_pings_held_total") <= 200);
    assert_non_null(strstr(stream_refused(testbed, 0, text, sizeof text),
                           "rate: more than 1 pings a second of this device"));
    assert_true(testbed_log_has(testbed, "tag-1: sends more than 1 pings a second"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(one_device_does_not_use_up_the_stream),
        testbed_test(json_and_flat_fields_give_the_alerts),
        testbed_test(what_came_before_breachd_is_read_from_the_beginning),
        testbed_test(what_is_no_ping_is_moved_with_its_reason),
        testbed_test(a_device_whose_entries_are_no_pings_is_told_of),
        testbed_test(what_is_too_large_is_moved_without_its_fields),
        testbed_test(entries_taken_away_before_they_were_read_are_told),
        testbed_test(the_order_of_a_device_is_kept),
        testbed_test(a_reload_begins_and_ends_it),
        testbed_test(told_to_stop_it_acknowledges_what_it_took),
        testbed_test(the_rights_that_the_manual_gives_are_enough),
    };

    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
