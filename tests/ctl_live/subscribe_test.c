/* SPDX-License-Identifier: Apache-2.0 */
/* The subscriber's contract: the schemas fit, and the examples read the real stream. */
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
static int run(struct house *house, const char *const *argv, const char *const *environment)
{
    struct path out = house_path(house, "said"), err = house_path(house, "run.err");
    struct child child = child_start(&(struct command){
        .argv = argv, .out = out.text, .err = err.text, .environment = environment });
    int status;

    if (!child_ends(&child, PATIENCE_MS, &status)) {
        child_kill(&child);
        fail_msg("%s did not come to an end", argv[0]);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool is_there(struct house *house, const char *program)
{
    return run(house, (const char *[]){ program, "--version", NULL }, NULL) == 0;
}

static void dump(const struct house *house, const char *name, const json_t *events)
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
    house_write(house, name, text, size);
    free(text);
}

/* 0, or `skip` where jsonschema is not installed. */
static void assert_fits(struct house *house, const char *schema, const char *good, const char *bad)
{
    struct path fine = house_path(house, good), refused = house_path(house, bad);
    int code = run(house,
                   (const char *[]){ "python3", SOURCE_FOLDER "/tests/ctl_live/schema.py", schema,
                                     fine.text, refused.text, NULL },
                   NULL);

    if (code == SKIPPED)
        skip();
    if (code != 0)
        fail_msg("%s: %s", schema, house_read(house, "said"));
}

static bool was_told(const struct house *house, const char *type)
{
    const json_t *alert;
    size_t i;

    json_array_foreach(house->alerts, i, alert)
    {
        if (strcmp(alert_text(alert, "type"), type) == 0)
            return true;
    }
    return false;
}

/* Every type that the schema knows was told, so each is held against it. */
static void assert_all_types(const struct house *house)
{
    json_t *schema = json_load_file(SCHEMAS "alert.schema.json", 0, NULL);
    const json_t *types = alert_at(schema, "properties.type.enum"), *type;
    size_t i;

    assert_true(json_array_size(types) >= 16);
    json_array_foreach(types, i, type)
    {
        if (!was_told(house, json_string_value(type)))
            fail_msg("%s was not told", json_string_value(type));
    }
    json_decref(schema);
}

/*
 * An evening of tag-1, breached, chased, taken and closed; what tag-2 says of itself, of the past,
 * and when it is silent; a way of tag-3 across its zone; what cannot be kept of tag-pill. Then it
 * is killed, and runs in earnest.
 */
static void tell_all_types(struct house *house)
{
    house->base -= 2 * 86400; // so that the chain is older than a day
    house_set(house, "breachd.conf", "alerts", "remind", "60s");
    house_set(house, "breachd.conf", "alerts", "silent-after", "1h");
    house_set(house, "breachd.conf", "alerts", "device-day", "10");
    house_set(house, "breachd.conf", "detect", "silent-least", "10m");
    house_order(house, "B", "tag-2", 9000, 200, "");
    house_order(house, "C", "tag-3", 20000, 200, "");
    house_order(house, "P", "tag-pill", 0, 200, "");
    house_preload(house, UNPRINTABLE_SHIM);
    house_evening(house);
    assert_int_equal(house_ping(house, "tag-pill", 1100, 10), 400); // unjudged
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    assert_int_equal(
        house_ctl(house, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    house_post(house, "{\"device\":\"tag-2\",\"time\":\"2100-01-01T00:00:00Z\",\"lat\":51.6314,"
                      "\"lon\":0.45782,\"battery\":5,\"tamper\":true}");
    house_ping(house, "tag-2", 2000, 7000);
    house_ping(house, "tag-2", 1200, 9000);
    for (int visit = 0; visit < 12; visit++) // more of the past than a day holds: a doubt
        house_ping(house, "tag-2", -700 * visit - 20000, 9000);
    house_ping(house, "tag-3", 2100, 20500);
    house_ping(house, "tag-3", 2250, 19500);
    house_ping(house, "tag-1", 9000, 5000);
    house_ping(house, "tag-2", 9010, 7000);
    house_gather(house);
    house_kill(house);
    house_start(house, NULL);
    do
        house_gather(house);
    while (!was_told(house, "breachd.chain")); // some seconds after the start
    freeReplyObject(house_redis(house, "CONFIG SET maxmemory-policy allkeys-lru"));
    do
        house_gather(house);
    while (!was_told(house, "breachd.trouble")); // with a beat
    freeReplyObject(house_redis(house, "CONFIG SET maxmemory-policy noeviction"));
    do
        house_gather(house);
    while (!was_told(house, "breachd.mended"));
    assert_all_types(house);
}

static void each_alert_fits_its_schema(void **state)
{
    struct house *house = *state;

    tell_all_types(house);
    dump(house, "alerts", house->alerts);
    house_print(house, "none", "{}\n{\"specversion\":\"1.0\"}\n");
    assert_fits(house, SCHEMAS "alert.schema.json", "alerts", "none");
    house_close(house);
}

static void alerts_without_places_fit_too(void **state)
{
    struct house *house = *state;

    house_set(house, "breachd.conf", "alerts", "position", "none");
    tell_all_types(house);
    dump(house, "alerts", house->alerts);
    house_print(house, "none", "{\"specversion\":\"2.0\"}\n");
    assert_fits(house, SCHEMAS "alert.schema.json", "alerts", "none");
    house_close(house);
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
    struct house *house = *state;

    ctl_live_open(house, NULL);
    assert_int_equal(house_post_lines(house, good), 200);
    assert_non_null(strstr(house->body, "\"accepted\":3"));
    house_post_lines(house, bad);
    assert_non_null(strstr(house->body, "\"accepted\":0"));
    house_print(house, "good", "%s", good);
    house_print(house, "bad", "%s", bad);
    assert_fits(house, SCHEMAS "ping.schema.json", "good", "bad");
    house_close(house);
}

/* ---- the examples ---- */

/* Reads two alerts, stops, and reads the rest from where it stopped. */
static void follow(struct house *house, const char *program, const char *script, bool by_options)
{
    struct path socket = house_path(house, "redis.sock"), mark = house_path(house, "mark");
    char redis[200], count[32];
    const char *argv[] = { program, script, mark.text, NULL };
    const char *environment[] = { redis, count, NULL };
    size_t all;
    char *said;

    ctl_live_open(house, NULL);
    ctl_live_breach(house);
    house_ping(house, "tag-1", 600, 900);
    house_ping(house, "tag-1", 800, 10);
    all = house_gather(house);
    assert_in_range(all, 3, 30);
    snprintf(redis, sizeof redis, "REDIS=%s%s", by_options ? "-s " : "", socket.text);
    snprintf(count, sizeof count, "COUNT=2");
    assert_int_equal(run(house, argv, environment), 0);
    said = house_read(house, "said");
    assert_int_equal(strncmp(said, "1 critical breachd.breach A/home: inside by ", 44), 0);
    assert_non_null(strstr(said, "\n2 "));
    assert_null(strstr(said, "\n3 "));
    free(said);
    snprintf(count, sizeof count, "COUNT=%zu", all - 2);
    assert_int_equal(run(house, argv, environment), 0);
    said = house_read(house, "said");
    assert_int_equal(strncmp(said, "3 ", 2), 0);
    free(said);
    said = house_read(house, "run.err");
    assert_null(said != NULL ? strstr(said, "MISSING") : NULL);
    free(said);
    house_close(house);
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
    struct house *house = *state;
    struct path out = house_path(house, "ctl.out");
    char redis[200];
    const char *argv[] = { "sh", EXAMPLES "heartbeat.sh", NULL };
    const char *environment[] = { redis, NULL };
    struct child child;

    ctl_live_open(house, NULL);
    ctl_live_await_beat(house);
    snprintf(redis, sizeof redis, "REDIS=-s %s", house_path(house, "redis.sock").text);
    child =
        child_start(&(struct command){ .argv = argv, .out = out.text, .environment = environment });
    house_kill(house);
    house_ctl_await(house, "breachd is not heard of");
    child_kill(&child);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(each_alert_fits_its_schema),
        house_test(alerts_without_places_fit_too),
        house_test(the_schema_of_a_ping_agrees_with_breachd),
        house_test(the_shell_follows),
        house_test(python_follows),
        house_test(node_follows),
        house_test(three_lines_raise_the_alarm),
    };

    return cmocka_run_group_tests_name("subscribe", tests, NULL, NULL);
}
