/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of /metrics and /v1/status are those of what happened. */
#include <stdio.h>

#include "support/house.h"
#include "support/test.h"

struct figure {
    const char *series;
    double value;
};

static void assert_figures(struct house *house, const struct figure *figures, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double is = house_metric(house, figures[i].series);

        if (is != figures[i].value)
            fail_msg("%s is %g, not %g", figures[i].series, is, figures[i].value);
    }
}

#define figures_are(house, ...)                                                                    \
    assert_figures(house, (const struct figure[]){ __VA_ARGS__ },                                  \
                   sizeof((const struct figure[]){ __VA_ARGS__ }) / sizeof(struct figure))

#define PINGS(class) "breachd_pings_total{class=\"" class "\"}"
#define TOLD(type)   "breachd_alerts_total{type=\"" type "\"}"

static void assert_status(struct house *house, const char *path, int want)
{
    json_t *status;

    assert_int_equal(house_get(house, "/v1/status"), 200);
    status = house_json(house);
    if (json_integer_value(alert_at(status, path)) != want)
        fail_msg("%s is not %d in %s", path, want, house->body);
    json_decref(status);
}

/* Two orders, one of them not served: nobody is bound by it. */
static void open_the_house(struct house *house)
{
    house_order(house, "A", "tag-1", 0, 200, "");
    house_print(house, "orders.d/B.conf",
                "[order B]\nkind = other\nrespondent = R-B\ndevices = tag-2\nmonitoring = bail\n"
                "from = 2020-01-01T00:00:00Z\n[zone B/home]\ncentre = %f, %f\nradius = 200 m\n",
                HOME_LAT, HOME_LON);
    house_redis_start(house, "");
    house_start(house, NULL);
}

static void each_ping_is_counted_in_its_class(void **state)
{
    struct house *house = *state;
    char future[256];

    open_the_house(house);
    house_ping(house, "tag-1", 0, 900);
    house_ping(house, "tag-1", 0, 900);     // again
    house_ping(house, "tag-1", 300, 900);   // new
    house_ping(house, "tag-1", 400, 900);   // new
    house_ping(house, "tag-1", 200, 900);   // late
    house_ping(house, "tag-1", 201, 900);   // late
    house_ping(house, "tag-1", 201, 900);   // again
    house_ping(house, "tag-1", 401, 90000); // implausible
    snprintf(future, sizeof(future),
             "{\"device\":\"tag-2\",\"time\":\"2100-01-01T00:00:00Z\",\"lat\":%f,\"lon\":%f}", 51.9,
             HOME_LON);
    house_post(house, future);
    house_ping(house, "tag-9", 0, 0);            // of no order
    house_post(house, "{\"device\":\"tag-1\"}"); // no ping
    house_post(house, "[{}, 7]");                // two that are none
    house_post(house, "hello");                  // a body that cannot be read is one
    figures_are(house, { PINGS("new"), 3 }, { PINGS("again"), 2 }, { PINGS("late"), 2 },
                { PINGS("implausible"), 1 }, { PINGS("future"), 1 }, { PINGS("refused"), 5 });
    house_close(house);
}

static void each_alert_is_counted_by_its_type_and_what_is_open(void **state)
{
    struct house *house = *state;

    open_the_house(house);
    assert_status(house, "rules.orders", 2);
    assert_status(house, "rules.in_force", 1);
    assert_status(house, "open", 0);
    house_ping(house, "tag-1", 0, 10);
    house_ping(house, "tag-1", 100, 20);
    house_ping(house, "tag-1", 200, 30);
    house_gather(house);
    assert_status(house, "open", 1);
    figures_are(house, { TOLD("breach"), 1 }, { TOLD("update"), 2 }, { TOLD("cleared"), 0 },
                { TOLD("approach"), 0 }, { "breachd_incidents_open", 1 });
    house_ping(house, "tag-1", 500, 900);
    house_ping(house, "tag-1", 700, 10);
    house_ping(house, "tag-1", 860, 900);
    house_gather(house);
    assert_status(house, "open", 0);
    assert_status(house, "sequence", 6);
    figures_are(house, { TOLD("breach"), 2 }, { TOLD("update"), 2 }, { TOLD("cleared"), 2 },
                { "breachd_incidents_open", 0 }, { "breachd_orders", 2 },
                { "breachd_respondents", 2 });
    house_await_metric(house, "breachd_publish_queue_length", 0);
    assert_status(house, "published", 6);
    house_close(house);
}

static void the_lag_grows_while_redis_is_away_and_is_nothing_after(void **state)
{
    struct house *house = *state;
    int64_t began, deadline;
    double lag = 0;

    open_the_house(house);
    figures_are(house, { "breachd_publish_lag_seconds", 0 }, { "breachd_redis_connected", 1 });
    house_redis_kill(house);
    began = now_ms();
    deadline = began + PATIENCE_MS;
    house_ping(house, "tag-1", 0, 10);
    while (lag < 0.5 && now_ms() < deadline)
        lag = house_metric(house, "breachd_publish_lag_seconds");
    assert_true(lag >= 0.5);
    assert_true(lag * 1000 <= (double)(now_ms() - began));
    figures_are(house, { "breachd_publish_queue_length", 1 }, { "breachd_redis_connected", 0 });
    house_redis_start(house, "");
    house_await_metric(house, "breachd_publish_lag_seconds", 0);
    figures_are(house, { "breachd_publish_queue_length", 0 }, { "breachd_redis_connected", 1 });
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(each_ping_is_counted_in_its_class),
        house_test(each_alert_is_counted_by_its_type_and_what_is_open),
        house_test(the_lag_grows_while_redis_is_away_and_is_nothing_after),
    };

    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
