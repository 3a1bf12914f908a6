/* SPDX-License-Identifier: Apache-2.0 */
/* What a device says wrongly in each of its pings hides nobody: it is told, or mended. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"
#include "support/testbed.h"

#define JSON "application/json"

/* Each is told at the door why; and the control room that it is so. */
static void a_device_whose_pings_are_refused_is_told_of(void **state)
{
    struct testbed *testbed = *state;
    static const char body[] = "[{\"device\":\"tag-1\",\"time\":1,\"lat\":\"51.5\",\"lon\":0.4},"
                               "{\"device\":\"nobody\",\"time\":1,\"lat\":\"51.5\",\"lon\":0.4}]";
    struct request request = { "POST", "/v1/pings", JSON, body, sizeof body - 1 };

    testbed_open(testbed, "", NULL);
    assert_int_equal(testbed_ask(testbed, &request), 400);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"doubt\"}", 1);
    testbed_expect(testbed, "doubt device/tag-1/1\n");
    testbed_close(testbed);
}

/* What cannot be read at all tells nothing of its place either, and the address whose it is. */
static void whose_body_cannot_be_read_is_told(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    assert_int_equal(testbed_ask(testbed, &(struct request){ "POST", "/osmand?id=tag-1", JSON,
                                                             "{\"location\":", 12 }),
                     400);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"doubt\"}", 1);
    testbed_expect(testbed, "doubt device/tag-1/1\n");
    testbed_close(testbed);
}

/* It is refused nothing, is judged at its arrival, and its clock is told. */
static void a_clock_that_counts_microseconds_hides_nobody(void **state)
{
    struct testbed *testbed = *state;
    char body[300];
    struct request request = { .method = "POST", .path = "/v1/pings", .type = JSON, .body = body };

    testbed_open(testbed, "", NULL);
    snprintf(body, sizeof(body),
             "{\"device\":\"tag-1\",\"time\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f,\"accuracy\":8}",
             (testbed->base + 1) * 1000000, HOME_LAT, HOME_LON);
    request.size = strlen(body);
    assert_int_equal(testbed_ask(testbed, &request), 200);
    testbed_expect(testbed, "clock device/tag-1/1\nbreach A/home/1/1\n");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_device_whose_pings_are_refused_is_told_of),
        testbed_test(whose_body_cannot_be_read_is_told),
        testbed_test(a_clock_that_counts_microseconds_hides_nobody),
    };

    return cmocka_run_group_tests_name("refused_pings", tests, NULL, NULL);
}
