/* SPDX-License-Identifier: Apache-2.0 */
/* The evening of the demo, from the first ping to the last alert, and what is said of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/house.h"
#include "support/test.h"

#define DEMO CONFIG_FOLDER "/demo"

/* The types in order, each told once however often it repeats. */
static void assert_types(struct house *house, const char *want)
{
    char told[256] = "";
    const char *last = "";
    const json_t *alert;

    house_gather(house);
    for (size_t i = 0; (alert = json_array_get(house->alerts, i)) != NULL; i++) {
        const char *type = alert_text(alert, "type");

        if (strcmp(type, last) != 0 && strlen(told) + strlen(type) + 2 < sizeof(told))
            strcat(strcat(told, *told == '\0' ? "" : " "), type + strlen("breachd."));
        last = type;
    }
    assert_string_equal(told, want);
}

static void a_walk_to_the_door_is_told_from_approach_to_cleared(void **state)
{
    struct house *house = *state;

    house_evening(house);
    assert_types(house, "approach update breach update cleared");
    house_close(house);
}

static void severity_follows_the_type(void **state)
{
    static const char *const pairs[][2] = { { "breachd.approach", "warning" },
                                            { "breachd.breach", "critical" },
                                            { "breachd.cleared", "info" } };
    struct house *house = *state;
    const json_t *alert;

    house_evening(house);
    house_gather(house);
    for (size_t i = 0; (alert = json_array_get(house->alerts, i)) != NULL; i++)
        for (size_t j = 0; j < sizeof(pairs) / sizeof(*pairs); j++)
            if (strcmp(alert_text(alert, "type"), pairs[j][0]) == 0)
                assert_string_equal(alert_text(alert, "data.severity"), pairs[j][1]);
    house_close(house);
}

static void the_log_tells_no_position(void **state)
{
    struct house *house = *state;

    house_evening(house);
    house_ping(house, "tag-1", 1200, 1e7); // a refused one too
    house_gather(house);
    house_close(house);
    assert_false(house_log_has(house, "51.5"));
    assert_false(house_log_has(house, "0.457"));
}

/* One device whose clock is wrong must not end the exercise for all. */
static void a_ping_of_2100_moves_no_clock(void **state)
{
    struct house *house = *state;

    house_order(house, "A", "tag-1", 0, 200, "");
    house_order(house, "B", "tag-2", 9000, 200, "");
    house_redis_start(house, "");
    house_start(house, "--rehearse", NULL);
    house_ping(house, "tag-1", 0, 900);
    assert_int_equal(house_post(house, "{\"device\":\"tag-2\",\"time\":\"2100-01-01T00:00:00Z\","
                                       "\"lat\":51.5,\"lon\":0.4}"),
                     200);
    house_ping(house, "tag-1", 300, 10);
    house_ping(house, "tag-1", 600, 900);
    house_expect(house, "clock device/tag-2/1\nbreach A/home/1/1\ncleared A/home/1/2\n");
    house_close(house);
}

static void move_in(struct house *house)
{
    house_copy(house, DEMO, "demo");
    house_copy(house, DEMO "/breachd.conf", "breachd.conf");
    house_set(house, "breachd.conf", "site", "orders", "demo/orders.d");
    house_set(house, "breachd.conf", "ledger", "path", "ledger.db");
    house_set(house, "breachd.conf", "http", "listen", "unix:http.sock");
    house_set(house, "breachd.conf", "redis", "url", "unix:redis.sock");
}

static void the_demo_tells_its_evening(void **state)
{
    struct house *house = *state;
    char *pings;

    move_in(house);
    house_redis_start(house, "");
    house_start(house, "--rehearse", NULL);
    pings = house_read(house, "demo/evening.ndjson");
    assert_non_null(pings);
    assert_int_equal(house_post_lines(house, pings), 200);
    assert_non_null(strstr(house->body, "\"rejected\":[]"));
    free(pings);
    assert_types(house, "approach update possible breach update cleared");
    assert_int_equal(house_redis_number(house, "HLEN {breachd}:open"), 0);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(a_walk_to_the_door_is_told_from_approach_to_cleared),
        house_test(severity_follows_the_type),
        house_test(the_log_tells_no_position),
        house_test(a_ping_of_2100_moves_no_clock),
        house_test(the_demo_tells_its_evening),
    };

    return cmocka_run_group_tests_name("evening", tests, NULL, NULL);
}
