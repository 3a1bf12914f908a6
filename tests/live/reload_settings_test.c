/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reload that changes settings makes anew what hangs on them and nothing else, or is refused with
 * a line for each that cannot change. Which key is of which kind:
 * tests/adapter/conf/settings_reload. That none of what is simply in force is left out here:
 * tests/checks/keys.sh.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"
#include "support/testbed.h"

enum { CHANGES_MAX = 80 };            // and one that ends them
enum { OF_ALERTS = 3, OF_PINGS = 2 }; // connections to Redis
enum { NOTHING = 0, ALERTS = 1, PINGS = 2, MQTT = 4 };

struct change {
    const char *section, *key, *value;
};

static const struct row {
    const char *says;
    int anew;
    bool reads; // the ping stream, from then on
    struct change changes[CHANGES_MAX + 1];
} rows[] = {
    { "nothing", NOTHING, true, { { NULL, NULL, NULL } } },
    { "the heartbeat", ALERTS, true, { { "redis", "heartbeat", "2s" } } },
    { "how many alerts are kept", ALERTS, true, { { "redis", "alerts-keep", "2000" } } },
    { "the prefix", ALERTS | PINGS, true, { { "redis", "prefix", "other" } } },
    { "the way to Redis", ALERTS | PINGS, true, { { "redis", "url", "unix:./redis.sock" } } },
    { "pings off", PINGS, false, { { "redis", "pings", "off" } } },
    { "the heartbeat without pings", ALERTS, false, { { "redis", "heartbeat", "1s" } } },
    { "pings on", PINGS, true, { { "redis", "pings", "on" } } },
    { "the broker's client", MQTT, true, { { "mqtt", "client-id", "another" } } },
    { "the topics", MQTT, true, { { "mqtt", "topics", "a/+, b/+" } } },
    { "who speaks", NOTHING, true, { { "mqtt", "device", "topic" } } },
    { "certificates",
      NOTHING,
      true,
      { { "http", "tls-certificate", "server.pem" }, { "http", "tls-key", "server.key" } } },
    { "one of each",
      ALERTS | MQTT,
      true,
      { { "redis", "heartbeat", "2s" }, { "mqtt", "topics", "a/+" } } },
    { "all that is simply in force",
      NOTHING,
      true,
      { { "site", "region", "51.2,-0.3 52.2,1.7" },
        { "site", "orders", "./orders.d" },
        { "site", "reload", "by-file" },
        { "ledger", "retention", "29d" },
        { "ledger", "evidence-retention", "2190d" },
        { "ledger", "device-day", "65 MiB" },
        { "ledger", "spare", "1 MiB" },
        { "ledger", "signing-key", "key.pem" },
        { "http", "rate", "999" },
        { "http", "max-body", "1 KiB" },
        { "http", "max-connections", "999" },
        { "http", "max-per-address", "199" },
        { "http", "idle", "59s" },
        { "http", "request", "19s" },
        { "alerts", "position", "none" },
        { "alerts", "remind", "23h" },
        { "alerts", "device-interval", "6m" },
        { "alerts", "device-day", "501" },
        { "alerts", "silent-after", "29d" },
        { "alerts", "no-fix-after", "30d" },
        { "detect", "update", "61s" },
        { "detect", "last-known", "2h" },
        { "detect", "ping-interval", "16s" },
        { "detect", "unknown-accuracy", "31 m" },
        { "detect", "coarse", "201 m" },
        { "detect", "probability-possible", "26 %" },
        { "detect", "probability-breach", "71 %" },
        { "detect", "probability-breach-outside", "95 %" },
        { "detect", "probability-cleared", "6 %" },
        { "detect", "probability-way", "36 %" },
        { "detect", "probability-way-before", "21 %" },
        { "detect", "path", "6m" },
        { "detect", "late", "2h" },
        { "detect", "clock-lag-most", "8d" },
        { "detect", "approach", "6m" },
        { "detect", "closing-speed", "0.6 m/s" },
        { "detect", "reach-speed", "13.5 m/s" },
        { "detect", "mast", "3 km" },
        { "detect", "rest-reach", "2 km" },
        { "detect", "silent-least", "23h" } } },
    { "what decides nothing any more",
      NOTHING,
      true,
      { { "detect", "possible", "61 %" },
        { "detect", "breach", "96 %" },
        { "detect", "error-time", "3m" } } },
    { "nothing at last", NOTHING, true, { { NULL, NULL, NULL } } },
};

/* What stands between breachd and the others; by it is seen what was made anew. */
struct standing {
    long long connected;   // connections to Redis so far, and
    long long clients;     // those that are there
    long long acks, pings; // the ids that Redis gave who reads acks and reports, and pings; 0: none
    long long subscribed;  // how often the broker was
};

static long long number_behind(const char *text, const char *word)
{
    const char *at = strstr(text, word);

    return at == NULL ? 0 : strtoll(at + strlen(word), NULL, 10);
}

/* Of the client whose newest command it is. */
static long long client_id(const char *list, const char *command)
{
    const char *at = strstr(list, command);

    while (at != NULL && at > list && at[-1] != '\n')
        at--;
    return at == NULL ? 0 : number_behind(at, "id=");
}

/* The sum of the ids of both that XREAD, which are made anew together; 0: not both do just now. */
static long long client_ids(const char *list)
{
    long long sum = 0;
    int n = 0;

    for (const char *line = list; line != NULL && *line != '\0';) {
        const char *end = strchr(line, '\n'), *reads = strstr(line, "cmd=xread ");

        if (reads != NULL && (end == NULL || reads < end)) {
            sum += number_behind(line, "id=");
            n++;
        }
        line = end != NULL ? end + 1 : NULL;
    }
    return n == 2 ? sum : 0;
}

static struct standing read_standing(struct testbed *testbed)
{
    redisReply *info = testbed_redis(testbed, "INFO stats"),
               *list = testbed_redis(testbed, "CLIENT LIST"),
               *clients = testbed_redis(testbed, "INFO clients");
    char *log = testbed_read(testbed, "log");
    struct standing now = { .connected = number_behind(info->str, "total_connections_received:"),
                            .clients = number_behind(clients->str, "connected_clients:"),
                            .acks = client_ids(list->str),
                            .pings = client_id(list->str, "cmd=xreadgroup ") };

    for (const char *at = log; (at = strstr(at, ": subscribed")) != NULL; at++)
        now.subscribed++;
    free(log);
    freeReplyObject(info);
    freeReplyObject(list);
    freeReplyObject(clients);
    return now;
}

/* Whether a reader is there, or not, and another one than before if it is to be anew. */
static bool is_so(long long before, long long now, bool wanted, bool anew)
{
    return wanted ? now != 0 && (!anew || now != before) : now == 0;
}

/* Waits for what has to come; what must not is seen now, or behind one of the later rows. */
static void holds(struct testbed *testbed, const struct row *row, struct standing *standing)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    struct standing was = *standing, now;
    bool alerts = row->anew & ALERTS, pings = row->anew & PINGS;
    bool mqtt = row->anew & MQTT;

    // A subscription that is anew is not there yet, or is counted below.
    if (!mqtt && testbed_metric(testbed, "breachd_mqtt_connected") != 1)
        fail_msg("%s: the broker was left", row->says);
    was.connected += (alerts ? OF_ALERTS : 0) + (pings && row->reads ? OF_PINGS : 0);
    do {
        now = read_standing(testbed);
        if (now_ms() > deadline)
            fail_msg("%s: what is to be made anew does not come", row->says);
    } while (now.connected < was.connected || now.subscribed < was.subscribed + mqtt ||
             !is_so(was.acks, now.acks, true, alerts) ||
             !is_so(was.pings, now.pings, row->reads, pings));
    if (now.connected > was.connected)
        fail_msg("%s: %lld connections to Redis too many", row->says,
                 now.connected - was.connected);
    if (now.subscribed > was.subscribed + mqtt)
        fail_msg("%s: the broker was left", row->says);
    if ((!alerts && now.acks != was.acks) || (!pings && now.pings != was.pings))
        fail_msg("%s: the other connection to Redis was left", row->says);
    *standing = now;
}

static void change(struct testbed *testbed, const struct change *changes)
{
    for (const struct change *one = changes; one->key != NULL; one++)
        testbed_set(testbed, "breachd.conf", one->section, one->key, one->value);
}

static void open_the_testbed(struct testbed *testbed, struct standing *standing)
{
    static const struct row start = { .says = "the start", .anew = NOTHING, .reads = true };

    testbed_redis_start(testbed, "");
    testbed_broker_start(testbed, "");
    testbed_broker_use(testbed, "mqtt://", "127.0.0.1");
    testbed_set(testbed, "breachd.conf", "redis", "pings", "on");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_make_ca(testbed, "ca");
    testbed_make_certificate(testbed, "ca", "server", "/CN=localhost", "DNS:localhost");
    testbed_start(testbed, NULL);
    testbed_await_metric(testbed, "breachd_mqtt_connected", 1);
    do
        *standing = read_standing(testbed);
    while (standing->acks == 0 || standing->pings == 0 ||
           standing->clients != 1 + OF_ALERTS + OF_PINGS); // the first is ours
    holds(testbed, &start, standing);
}

static void each_change_makes_its_own_anew_and_nothing_else(void **state)
{
    struct testbed *testbed = *state;
    struct standing standing;
    char large[2048];

    open_the_testbed(testbed, &standing);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        change(testbed, rows[i].changes);
        testbed_reload(testbed);
        holds(testbed, &rows[i], &standing);
    }
    assert_true(testbed_metric(testbed, "breachd_reloads_total{result=\"done\"}") ==
                sizeof rows / sizeof *rows);
    testbed_await_log(testbed, "reload: [detect]: probability-breach 71 %, was 70 %");
    testbed_await_log(testbed, "reload: [http]: max-body 1 KiB, was ");
    memset(large, ' ', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    assert_int_equal(testbed_post(testbed, large), 413); // by the new max-body
    testbed_close(testbed);
}

static void what_cannot_change_is_named_line_by_line_and_nothing_is_made_anew(void **state)
{
    static const struct change fixed[] = { { "site", "timezone", "Europe/Dublin" },
                                           { "site", "name", "kent" },
                                           { "ledger", "path", "other.db" },
                                           { "http", "listen", "unix:other.sock" },
                                           { "http", "idle", "0s" },
                                           { "redis", "heartbeat", "3s" },
                                           { "mqtt", "client-id", "third" },
                                           { NULL, NULL, NULL } };
    static const struct row refused = { .says = "refused", .anew = NOTHING, .reads = true };
    struct testbed *testbed = *state;
    struct standing standing;
    char whole[256];

    open_the_testbed(testbed, &standing);
    change(testbed, fixed);
    testbed_reload(testbed);
    testbed_await_log(testbed, "reload: refused, 5 complaints: the old rules stay");
    testbed_await_log(testbed,
                      "breachd.conf:2: name: cannot change without a restart: \"essex\" is in "
                      "force");
    testbed_await_log(testbed, "breachd.conf:3: timezone: cannot change without a restart: "
                               "\"Europe/London\" is in force");
    snprintf(whole, sizeof whole,
             "breachd.conf:7: path: cannot change without a restart: \"%s\" is in force",
             testbed_path(testbed, "ledger.db").text);
    testbed_await_log(testbed, whole);
    testbed_await_log(testbed, "breachd.conf:9: idle: 0s is outside 1s..1h");
    testbed_await_log(testbed, "breachd.conf:10: listen: cannot change without a restart: "
                               "\"unix:http.sock\" is in force");
    holds(testbed, &refused, &standing);
    assert_int_equal(testbed_get(testbed, "/readyz"), 200);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_change_makes_its_own_anew_and_nothing_else),
        testbed_test(what_cannot_change_is_named_line_by_line_and_nothing_is_made_anew),
    };

    return cmocka_run_group_tests_name("reload_settings", tests, NULL, NULL);
}
