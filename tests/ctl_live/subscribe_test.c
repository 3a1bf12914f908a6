/* SPDX-License-Identifier: Apache-2.0 */
/* The subscriber's contract: the schemas fit, and the examples read the real stream. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define EXAMPLES CONFIG_FOLDER "/examples/"
#define SCHEMAS  CONFIG_FOLDER "/schema/"

enum { SKIPPED = 77 };

/* Its exit code; what it says is in DIR/said. */
static int run(struct testbed *testbed, const char *const *argv, const char *const *environment)
{
    struct path out = testbed_path(testbed, "said"), err = testbed_path(testbed, "run.err");
    struct child child = child_start(&(struct command){
        .argv = argv, .out = out.text, .err = err.text, .environment = environment });
    int status;

    if (!child_ends(&child, PATIENCE_MS, &status)) {
        child_kill(&child);
        fail_msg("%s did not come to an end", argv[0]);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool is_there(struct testbed *testbed, const char *program)
{
    return run(testbed, (const char *[]){ program, "--version", NULL }, NULL) == 0;
}

static void dump(const struct testbed *testbed, const char *name, const json_t *events)
{
    const json_t *event;
    char *text = NULL;
    size_t size, i;
    FILE *out = open_memstream(&text, &size);

    json_array_foreach(events, i, event)
    {
        json_dumpf(event, out, JSON_COMPACT);
        fputc('\n', out);
    }
    fclose(out);
    testbed_write(testbed, name, text, size);
    free(text);
}

/* 0, or `skip` where jsonschema is not installed. */
static void assert_fits(struct testbed *testbed, const char *schema, const char *good,
                        const char *bad)
{
    struct path fine = testbed_path(testbed, good), refused = testbed_path(testbed, bad);
    int code = run(testbed,
                   (const char *[]){ "python3", SOURCE_FOLDER "/tests/ctl_live/schema.py", schema,
                                     fine.text, refused.text, NULL },
                   NULL);

    if (code == SKIPPED)
        skip();
    if (code != 0)
        fail_msg("%s: %s", schema, testbed_read(testbed, "said"));
}

static bool was_alerted(const struct testbed *testbed, const char *type)
{
    const json_t *alert;
    size_t i;

    json_array_foreach(testbed->alerts, i, alert)
    {
        if (strcmp(alert_text(alert, "type"), type) == 0)
            return true;
    }
    return false;
}

/* Every type that the schema knows was told, so each is held against it. */
static void assert_all_types(const struct testbed *testbed)
{
    json_t *schema = json_load_file(SCHEMAS "alert.schema.json", 0, NULL);
    const json_t *types = alert_at(schema, "properties.type.enum"), *type;
    size_t i;

    assert_true(json_array_size(types) >= 16);
    json_array_foreach(types, i, type)
    {
        if (!was_alerted(testbed, json_string_value(type)))
            fail_msg("%s was not told", json_string_value(type));
    }
    json_decref(schema);
}

/*
 * An evening of tag-1, breached, chased, taken, handed and closed; what tag-2 says of itself, of
 * the past, and when it is silent; a way of tag-3 across its zone; what cannot be kept of tag-pill.
 * Then it is killed, and runs in earnest.
 */
static void tell_all_types(struct testbed *testbed)
{
    testbed->base -= 2 * 86400; // so that the chain is older than a day
    testbed_set(testbed, "breachd.conf", "alerts", "remind", "60s");
    testbed_set(testbed, "breachd.conf", "alerts", "silent-after", "1h");
    testbed_set(testbed, "breachd.conf", "alerts", "device-day", "10");
    testbed_set(testbed, "breachd.conf", "detect", "silent-least", "10m");
    testbed_order(testbed, "B", "tag-2", 9000, 200, "");
    testbed_order(testbed, "C", "tag-3", 20000, 200, "");
    testbed_order(testbed, "P", "tag-pill", 0, 200, "");
    testbed_preload(testbed, UNPRINTABLE_SHIM);
    testbed_visit(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-pill", 1100, 10), 400); // unjudged
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    assert_int_equal(
        testbed_ctl(testbed, "hand", "--by", "PC 42", "--to", "PC 43", "A/home/1", NULL), 0);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    testbed_post(testbed, "{\"device\":\"tag-2\",\"time\":\"2100-01-01T00:00:00Z\",\"lat\":51.6314,"
                          "\"lon\":0.45782,\"battery\":5,\"tamper\":true}");
    assert_int_equal(testbed_ctl(testbed, "shelve", "--by", "PC 42", "--until", "1h",
                                 "device/tag-2/battery/1", NULL),
                     0);
    testbed_ping(testbed, "tag-2", 2000, 7000);
    testbed_ping(testbed, "tag-2", 1200, 9000);
    testbed_post(testbed, "{\"device\":\"tag-2\",\"time\":1,\"lat\":\"51.5\",\"lon\":0}");
    testbed_ping(testbed, "tag-3", 2100, 20500);
    testbed_ping(testbed, "tag-3", 2250, 19500);
    testbed_ping(testbed, "tag-1", 9000, 5000);
    testbed_ping(testbed, "tag-2", 9010, 7000);
    testbed_gather(testbed);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    do
        testbed_gather(testbed);
    while (!was_alerted(testbed, "breachd.chain")); // some seconds after the start
    freeReplyObject(testbed_redis(testbed, "CONFIG SET maxmemory-policy allkeys-lru"));
    do
        testbed_gather(testbed);
    while (!was_alerted(testbed, "breachd.trouble")); // with a heartbeat
    freeReplyObject(testbed_redis(testbed, "CONFIG SET maxmemory-policy noeviction"));
    do
        testbed_gather(testbed);
    while (!was_alerted(testbed, "breachd.mended"));
    testbed_order(testbed, "D", "tag-4", 0, 200, "colour = red\n");
    testbed_reload(testbed); // refused
    testbed_remove(testbed, "orders.d/D.conf");
    testbed_reload(testbed);
    testbed_gather(testbed);
    assert_int_equal(json_array_size(testbed->rules), 2);
    json_array_extend(testbed->alerts, testbed->rules);
    assert_all_types(testbed);
}

static void each_alert_fits_its_schema(void **state)
{
    struct testbed *testbed = *state;

    tell_all_types(testbed);
    dump(testbed, "alerts", testbed->alerts);
    testbed_print(testbed, "none", "{}\n{\"specversion\":\"1.0\"}\n");
    assert_fits(testbed, SCHEMAS "alert.schema.json", "alerts", "none");
    testbed_close(testbed);
}

static void alerts_without_places_fit_too(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "alerts", "position", "none");
    tell_all_types(testbed);
    dump(testbed, "alerts", testbed->alerts);
    testbed_print(testbed, "none", "{\"specversion\":\"2.0\"}\n");
    assert_fits(testbed, SCHEMAS "alert.schema.json", "alerts", "none");
    testbed_close(testbed);
}

static void the_schema_of_a_ping_agrees_with_breachd(void **state)
{
    static const char good[] =
        "{\"device\":\"tag-1\",\"time\":1592943245,\"lat\":51.5,\"lon\":0.4}\n"
        "{\"device\":\"tag-1\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.5,\"lon\":0.4,"
        "\"accuracy\":8,\"speed\":1.4,\"course\":85,\"battery\":64,\"source\":\"gnss\","
        "\"tamper\":false,\"seq\":123,\"colour\":\"red\"}\n"
        "{\"device\":\"tag-1\",\"time\":1592943246000,\"lat\":-0.5,\"lon\":0,\"accuracy\":null,"
        "\"speed\":null,\"course\":null,\"battery\":null,\"source\":null,\"tamper\":null,\"seq\":"
        "null}\n";
    static const char bad[] =
        "{\"device\":\"tag-1\",\"time\":1592943245,\"lat\":151.5,\"lon\":0.4}\n"
        "{\"device\":\"tag 1\",\"time\":1592943245,\"lat\":51.5,\"lon\":0.4}\n"
        "{\"time\":1592943245,\"lat\":51.5,\"lon\":0.4}\n"
        "{\"device\":\"tag-1\",\"time\":true,\"lat\":51.5,\"lon\":0.4}\n"
        "{\"device\":\"tag-1\",\"time\":1592943245,\"lat\":\"51.5\",\"lon\":0.4}\n"
        "{\"device\":\"tag-1\",\"time\":1592943245,\"lat\":51.5,\"lon\":0.4,\"tamper\":\"no\"}\n"
        "{\"device\":\"tag-1\",\"time\":1592943245,\"lat\":51.5,\"lon\":0.4,\"seq\":1.5}\n";
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_post_lines(testbed, good), 200);
    assert_non_null(strstr(testbed->body, "\"accepted\":3"));
    testbed_post_lines(testbed, bad);
    assert_non_null(strstr(testbed->body, "\"accepted\":0"));
    testbed_print(testbed, "good", "%s", good);
    testbed_print(testbed, "bad", "%s", bad);
    assert_fits(testbed, SCHEMAS "ping.schema.json", "good", "bad");
    testbed_close(testbed);
}

/* ---- the examples ---- */

/* Reads two alerts, stops, and reads the rest from where it stopped. */
static void follow(struct testbed *testbed, const char *program, const char *script,
                   bool by_options)
{
    struct path socket = testbed_path(testbed, "redis.sock"), mark = testbed_path(testbed, "mark");
    char redis[200], count[32];
    const char *argv[] = { program, script, mark.text, NULL };
    const char *environment[] = { redis, count, NULL };
    size_t all;
    char *said;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_ping(testbed, "tag-1", 600, 900);
    testbed_ping(testbed, "tag-1", 800, 10);
    all = testbed_gather(testbed);
    assert_in_range(all, 3, 30);
    snprintf(redis, sizeof redis, "REDIS=%s%s", by_options ? "-s " : "", socket.text);
    snprintf(count, sizeof count, "COUNT=2");
    assert_int_equal(run(testbed, argv, environment), 0);
    said = testbed_read(testbed, "said");
    assert_int_equal(strncmp(said, "1 critical breachd.breach A/home: inside by ", 44), 0);
    assert_non_null(strstr(said, "\n2 "));
    assert_null(strstr(said, "\n3 "));
    free(said);
    snprintf(count, sizeof count, "COUNT=%zu", all - 2);
    assert_int_equal(run(testbed, argv, environment), 0);
    said = testbed_read(testbed, "said");
    assert_int_equal(strncmp(said, "3 ", 2), 0);
    free(said);
    said = testbed_read(testbed, "run.err");
    assert_null(said != NULL ? strstr(said, "MISSING") : NULL);
    free(said);
    testbed_close(testbed);
}

static void the_shell_follows(void **state)
{
    if (!is_there(*state, "jq") || !is_there(*state, "redis-cli"))
        skip();
    follow(*state, "sh", EXAMPLES "follow.sh", true);
}

static void python_follows(void **state)
{
    if (!is_there(*state, "python3"))
        skip();
    follow(*state, "python3", EXAMPLES "follow.py", false);
}

static void node_follows(void **state)
{
    if (!is_there(*state, "node"))
        skip();
    follow(*state, "node", EXAMPLES "follow.mjs", false);
}

static void three_lines_raise_the_alarm(void **state)
{
    struct testbed *testbed = *state;
    struct path out = testbed_path(testbed, "ctl.out");
    char redis[200];
    const char *argv[] = { "sh", EXAMPLES "heartbeat.sh", NULL };
    const char *environment[] = { redis, NULL };
    struct child child;
    int status;

    ctl_live_open(testbed, NULL);
    ctl_live_await_heartbeat(testbed);
    snprintf(redis, sizeof redis, "REDIS=-s %s", testbed_path(testbed, "redis.sock").text);
    child =
        child_start(&(struct command){ .argv = argv, .out = out.text, .environment = environment });
    testbed_kill(testbed);
    testbed_ctl_await(testbed, "breachd is not heard of");
    testbed_start(testbed, NULL);
    ctl_live_await_heartbeat(testbed);
    kill(testbed->breachd.pid, SIGTERM);
    testbed_ctl_await(testbed, "breachd is stopped");
    child_kill(&child);
    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_alert_fits_its_schema),
        testbed_test(alerts_without_places_fit_too),
        testbed_test(the_schema_of_a_ping_agrees_with_breachd),
        testbed_test(the_shell_follows),
        testbed_test(python_follows),
        testbed_test(node_follows),
        testbed_test(three_lines_raise_the_alarm),
    };

    return cmocka_run_group_tests_name("subscribe", tests, NULL, NULL);
}
