/* SPDX-License-Identifier: Apache-2.0 */
/* The evening of the demo, from the first ping to the last alert, and what is said of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"
#include "support/testbed.h"

#define DEMO CONFIG_FOLDER "/demo"

/* The types in order, each told once however often it repeats. */
static void assert_types(struct testbed *testbed, const char *want)
{
    char alerted[256] = "";
    const char *last = "";
    const json_t *alert;

    testbed_gather(testbed);
    for (size_t i = 0; (alert = json_array_get(testbed->alerts, i)) != NULL; i++) {
        const char *type = alert_text(alert, "type");

        if (strcmp(type, last) != 0 && strlen(alerted) + strlen(type) + 2 < sizeof(alerted))
            strcat(strcat(alerted, *alerted == '\0' ? "" : " "), type + strlen("breachd."));
        last = type;
    }
    assert_string_equal(alerted, want);
}

static void a_walk_to_the_door_is_told_from_approach_to_cleared(void **state)
{
    struct testbed *testbed = *state;

    testbed_visit(testbed);
    assert_types(testbed, "approach update breach update cleared");
    testbed_close(testbed);
}

static void severity_follows_the_type(void **state)
{
    static const char *const pairs[][2] = { { "breachd.approach", "warning" },
                                            { "breachd.breach", "critical" },
                                            { "breachd.cleared", "info" } };
    struct testbed *testbed = *state;
    const json_t *alert;

    testbed_visit(testbed);
    testbed_gather(testbed);
    for (size_t i = 0; (alert = json_array_get(testbed->alerts, i)) != NULL; i++)
        for (size_t j = 0; j < sizeof(pairs) / sizeof(*pairs); j++)
            if (strcmp(alert_text(alert, "type"), pairs[j][0]) == 0)
                assert_string_equal(alert_text(alert, "data.severity"), pairs[j][1]);
    testbed_close(testbed);
}

static void the_log_tells_no_position(void **state)
{
    struct testbed *testbed = *state;

    testbed_visit(testbed);
    testbed_ping(testbed, "tag-1", 1200, 1e7); // a refused one too
    testbed_gather(testbed);
    testbed_close(testbed);
    assert_false(testbed_log_has(testbed, "51.5"));
    assert_false(testbed_log_has(testbed, "0.457"));
}

/* One device whose clock is wrong must not end the exercise for all. */
static void a_ping_of_2100_moves_no_clock(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_order(testbed, "B", "tag-2", 9000, 200, "");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, "--rehearse", NULL);
    testbed_ping(testbed, "tag-1", 0, 900);
    assert_int_equal(testbed_post(testbed,
                                  "{\"device\":\"tag-2\",\"time\":\"2100-01-01T00:00:00Z\","
                                  "\"lat\":51.5,\"lon\":0.4}"),
                     200);
    testbed_ping(testbed, "tag-1", 300, 10);
    testbed_ping(testbed, "tag-1", 600, 900);
    testbed_expect(testbed, "clock device/tag-2/1\nbreach A/home/1/1\ncleared A/home/1/2\n");
    testbed_close(testbed);
}

static void move_in(struct testbed *testbed)
{
    testbed_copy(testbed, DEMO, "demo");
    testbed_copy(testbed, DEMO "/breachd.conf", "breachd.conf");
    testbed_set(testbed, "breachd.conf", "site", "orders", "demo/orders.d");
    testbed_set(testbed, "breachd.conf", "ledger", "path", "ledger.db");
    testbed_set(testbed, "breachd.conf", "http", "listen", "unix:http.sock");
    testbed_set(testbed, "breachd.conf", "redis", "url", "unix:redis.sock");
}

static void the_demo_tells_its_evening(void **state)
{
    struct testbed *testbed = *state;
    char *pings;

    move_in(testbed);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, "--rehearse", NULL);
    pings = testbed_read(testbed, "demo/evening.ndjson");
    assert_non_null(pings);
    assert_int_equal(testbed_post_lines(testbed, pings), 200);
    assert_non_null(strstr(testbed->body, "\"rejected\":[]"));
    free(pings);
    assert_types(testbed, "approach update possible breach update cleared");
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 0);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_walk_to_the_door_is_told_from_approach_to_cleared),
        testbed_test(severity_follows_the_type),
        testbed_test(the_log_tells_no_position),
        testbed_test(a_ping_of_2100_moves_no_clock),
        testbed_test(the_demo_tells_its_evening),
    };

    return cmocka_run_group_tests_name("evening", tests, NULL, NULL);
}
