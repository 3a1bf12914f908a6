/* SPDX-License-Identifier: Apache-2.0 */
#include "app/histogram.h"

#include <string.h>

#include "support/test.h"

static void each_bound_belongs_to_its_bucket(void **state)
{
    struct histogram histogram = { 0 };
    struct evbuffer *out = evbuffer_new();
    const char *text;

    (void)state;
    histogram_add(&histogram, histogram_publish, -7); // a clock that was set back: 0
    histogram_add(&histogram, histogram_publish, 1);
    histogram_add(&histogram, histogram_publish, 2);
    histogram_add(&histogram, histogram_publish, 3);
    histogram_add(&histogram, histogram_publish, 60000);
    histogram_add(&histogram, histogram_publish, 60001);
    histogram_print(&histogram, histogram_publish, "x", out);
    evbuffer_add(out, "", 1);
    text = (const char *)evbuffer_pullup(out, -1);
    assert_non_null(strstr(text, "breachd_x_bucket{le=\"0.001\"} 2\n"
                                 "breachd_x_bucket{le=\"0.002\"} 3\n"
                                 "breachd_x_bucket{le=\"0.005\"} 4\n"));
    assert_non_null(strstr(text, "breachd_x_bucket{le=\"60\"} 5\n"
                                 "breachd_x_bucket{le=\"+Inf\"} 6\n"
                                 "breachd_x_sum 120.007\nbreachd_x_count 6\n"));
    evbuffer_free(out);
}

static void alerts_are_taken_in_sequence_and_no_further(void **state)
{
    static struct waiting_alerts waiting;
    struct utc received;

    (void)state;
    assert_false(waiting_take(&waiting, UINT64_MAX, &received));
    for (uint64_t i = 1; i <= 3; i++)
        waiting_put(&waiting, i, (struct utc){ (int64_t)(10 * i) });
    assert_true(waiting_take(&waiting, 2, &received));
    assert_int_equal(received.ms, 10);
    assert_true(waiting_take(&waiting, 2, &received));
    assert_int_equal(received.ms, 20);
    assert_false(waiting_take(&waiting, 2, &received));
}

static void of_too_many_the_oldest_are_not_timed(void **state)
{
    static struct waiting_alerts waiting;
    struct utc received;

    (void)state;
    for (uint64_t i = 1; i <= WAITING_MAX + 2; i++)
        waiting_put(&waiting, i, (struct utc){ (int64_t)i });
    assert_true(waiting_take(&waiting, UINT64_MAX, &received));
    assert_int_equal(received.ms, 3);
    for (int i = 1; i < WAITING_MAX; i++)
        assert_true(waiting_take(&waiting, UINT64_MAX, &received));
    assert_int_equal(received.ms, WAITING_MAX + 2);
    assert_false(waiting_take(&waiting, UINT64_MAX, &received));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bound_belongs_to_its_bucket),
        cmocka_unit_test(alerts_are_taken_in_sequence_and_no_further),
        cmocka_unit_test(of_too_many_the_oldest_are_not_timed),
    };

    return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
