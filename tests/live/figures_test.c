/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of /metrics and /v1/status are those of what happened. */
#include <stdio.h>

#include "support/test.h"
#include "support/testbed.h"

struct figure {
    const char *series;
    double value;
};

static void assert_figures(struct testbed *testbed, const struct figure *figures, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double is = testbed_metric(testbed, figures[i].series);

        if (is != figures[i].value)
            fail_msg("%s is %g, not %g", figures[i].series, is, figures[i].value);
    }
}

#define figures_are(testbed, ...)                                                                  \
    assert_figures(testbed, (const struct figure[]){ __VA_ARGS__ },                                \
                   sizeof((const struct figure[]){ __VA_ARGS__ }) / sizeof(struct figure))

#define PINGS(class) "breachd_pings_total{class=\"" class "\"}"
#define ALERTS(type) "breachd_alerts_total{type=\"" type "\"}"

static void assert_status(struct testbed *testbed, const char *path, int want)
{
    json_t *status;

    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    if (json_integer_value(alert_at(status, path)) != want)
        fail_msg("%s is not %d in %s", path, want, testbed->body);
    json_decref(status);
}

/* Two orders, one of them not served: nobody is bound by it. */
static void open_the_testbed(struct testbed *testbed)
{
    testbed_long_ago(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_print(testbed, "orders.d/B.conf",
                  "[order B]\nkind = other\nrespondent = R-B\ndevices = tag-2\nmonitoring = bail\n"
                  "from = 2020-01-01T00:00:00Z\n[zone B/home]\ncentre = %f, %f\nradius = 200 m\n",
                  HOME_LAT, HOME_LON);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
}

static void each_ping_is_counted_in_its_class(void **state)
{
    struct testbed *testbed = *state;
    char future[256];

    open_the_testbed(testbed);
    testbed_ping(testbed, "tag-1", 0, 900);
    testbed_ping(testbed, "tag-1", 0, 900);     // again
    testbed_ping(testbed, "tag-1", 300, 900);   // new
    testbed_ping(testbed, "tag-1", 400, 900);   // new
    testbed_ping(testbed, "tag-1", 200, 900);   // late
    testbed_ping(testbed, "tag-1", 201, 900);   // late
    testbed_ping(testbed, "tag-1", 201, 900);   // again
    testbed_ping(testbed, "tag-1", 401, 90000); // implausible
    snprintf(future, sizeof(future),
             "{\"device\":\"tag-2\",\"time\":\"2100-01-01T00:00:00Z\",\"lat\":%f,\"lon\":%f}", 51.9,
             HOME_LON);
    testbed_post(testbed, future);
    testbed_ping(testbed, "tag-9", 0, 0);            // of no order
    testbed_post(testbed, "{\"device\":\"tag-1\"}"); // no ping
    testbed_post(testbed, "[{}, 7]");                // two that are none
    testbed_post(testbed, "hello");                  // a body that cannot be read is one
    figures_are(testbed, { PINGS("new"), 3 }, { PINGS("again"), 2 }, { PINGS("late"), 2 },
                { PINGS("implausible"), 1 }, { PINGS("future"), 1 }, { PINGS("refused"), 5 });
    testbed_close(testbed);
}

static void each_alert_is_counted_by_its_type_and_what_is_open(void **state)
{
    struct testbed *testbed = *state;

    open_the_testbed(testbed);
    assert_status(testbed, "rules.orders", 2);
    assert_status(testbed, "rules.in_force", 1);
    assert_status(testbed, "open", 0);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_ping(testbed, "tag-1", 100, 20);
    testbed_ping(testbed, "tag-1", 200, 30);
    testbed_gather(testbed);
    assert_status(testbed, "open", 1);
    figures_are(testbed, { ALERTS("breach"), 1 }, { ALERTS("update"), 2 }, { ALERTS("cleared"), 0 },
                { ALERTS("approach"), 0 }, { "breachd_incidents_open", 1 });
    testbed_ping(testbed, "tag-1", 600, 900);
    testbed_ping(testbed, "tag-1", 610, 910); // after three inside a second must say so
    testbed_ping(testbed, "tag-1", 1000, 10);
    testbed_ping(testbed, "tag-1", 1400, 900);
    testbed_gather(testbed);
    assert_status(testbed, "open", 0);
    assert_status(testbed, "sequence", 7);
    figures_are(testbed, { ALERTS("breach"), 2 }, { ALERTS("update"), 3 }, { ALERTS("cleared"), 2 },
                { "breachd_incidents_open", 0 }, { "breachd_orders", 2 },
                { "breachd_respondents", 2 });
    testbed_await_metric(testbed, "breachd_publish_queue_length", 0);
    assert_status(testbed, "published", 7);
    testbed_close(testbed);
}

static void the_lag_grows_while_redis_is_away_and_is_nothing_after(void **state)
{
    struct testbed *testbed = *state;
    int64_t began, deadline;
    double lag = 0;

    open_the_testbed(testbed);
    figures_are(testbed, { "breachd_publish_lag_seconds", 0 }, { "breachd_redis_connected", 1 });
    testbed_redis_kill(testbed);
    began = now_ms();
    deadline = began + PATIENCE_MS;
    testbed_ping(testbed, "tag-1", 0, 10);
    while (lag < 0.5 && now_ms() < deadline)
        lag = testbed_metric(testbed, "breachd_publish_lag_seconds");
    assert_true(lag >= 0.5);
    assert_true(lag * 1000 <= (double)(now_ms() - began));
    figures_are(testbed, { "breachd_publish_queue_length", 1 }, { "breachd_redis_connected", 0 });
    testbed_redis_start(testbed, "");
    testbed_await_metric(testbed, "breachd_publish_lag_seconds", 0);
    figures_are(testbed, { "breachd_publish_queue_length", 0 }, { "breachd_redis_connected", 1 });
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_ping_is_counted_in_its_class),
        testbed_test(each_alert_is_counted_by_its_type_and_what_is_open),
        testbed_test(the_lag_grows_while_redis_is_away_and_is_nothing_after),
    };

    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
