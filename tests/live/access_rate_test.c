/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes in too often is slowed down, and nobody else: wrong tokens, pings, and rubbish. */
#include "access.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

static void wrong_tokens_slow_an_address_and_a_right_one_still_passes(void **state)
{
    struct testbed *testbed = *state;

    access_settle(testbed);
    testbed_start(testbed, NULL);
    for (int i = 0; i < 10; i++)
        assert_int_equal(testbed_curl(testbed, CA BEARER "wrong'", "/metrics"), 401);
    assert_int_equal(testbed_curl(testbed, CA BEARER "wrong'", "/metrics"), 429);
    assert_non_null(strstr(testbed->body, "Retry-After: 6"));
    assert_int_equal(testbed_curl(testbed, CA BEARER "ops-secret'", "/metrics"), 200);
    assert_true(testbed_log_has(testbed, "http: 127.0.0.1: wrong tokens"));
    testbed_close(testbed);
}

static void a_token_has_its_rate_and_nothing_of_a_request_too_many_is_taken(void **state)
{
    struct testbed *testbed = *state;

    access_settle(testbed);
    testbed_set(testbed, "breachd.conf", "http", "rate", "1");
    testbed_start(testbed, NULL);
    // Ten may be saved up, and the last batch is taken whole.
    for (int i = 0; i < 9; i++)
        assert_int_equal(testbed_curl(testbed, CA "-u tag-1:any-secret -d '" TAG_1 "'", PINGS),
                         200);
    assert_int_equal(testbed_curl(testbed,
                                  CA BEARER "any-secret' -d '[" TAG_1 "," TAG_1 "," TAG_1 "," TAG_1
                                            "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1
                                            "," TAG_1 "]'",
                                  PINGS),
                     200);
    assert_int_equal(testbed_curl(testbed, CA BEARER "any-secret' -d '" TAG_1 "'", PINGS), 429);
    assert_non_null(strstr(testbed->body, "Retry-After: "));
    assert_int_equal(testbed_curl(testbed, CA BEARER "tag-secret' -d '" TAG_1 "'", PINGS), 200);
    testbed_close(testbed);
}

/* A gateway carries two: who floods is held back, and says so; the other is judged. */
static void one_device_of_a_gateway_does_not_use_up_the_others(void **state)
{
    struct testbed *testbed = *state;

    access_settle(testbed);
    testbed_set(testbed, "breachd.conf", "http", "rate", "1");
    testbed_start(testbed, NULL);
    for (int i = 0; i < 2; i++) // ten may be saved up, and a body is taken whole
        assert_int_equal(testbed_curl(testbed,
                                      CA BEARER "any-secret' -d '[" TAG_1 "," TAG_1 "," TAG_1
                                                "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1
                                                "]'",
                                      PINGS),
                         200);
    assert_int_equal(testbed_curl(testbed, CA BEARER "any-secret' -d '" TAG_1 "'", PINGS), 429);
    assert_non_null(strstr(testbed->body, "Retry-After: "));
    assert_non_null(strstr(testbed->body, "more than 1 pings a second of this device"));
    assert_int_equal(testbed_curl(testbed, CA BEARER "any-secret' -d '" TAG_2 "'", PINGS), 200);
    assert_int_equal(
        testbed_curl(testbed, CA BEARER "any-secret' -d '[" TAG_1 "," TAG_2 "]'", PINGS), 200);
    assert_non_null(strstr(
        testbed->body, "{\"accepted\":1,\"classes\":{\"again\":1},\"rejected\":[{\"index\":0,"));
    assert_int_equal(testbed_curl(testbed, CA BEARER "tag-secret' -d '" TAG_1 "'", PINGS), 200);
    assert_true(testbed_log_has(testbed, "tag-1: sends more than 1 pings a second"));
    testbed_close(testbed);
}

#define EIGHT TAG_1 "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1

/* The old one of a phone may be in other hands. */
static void one_certificate_does_not_use_up_the_rate_of_another(void **state)
{
    struct testbed *testbed = *state;

    access_settle(testbed);
    testbed_make_certificate(testbed, "ca", "old", "/CN=tag-1", "DNS:x.example");
    testbed_make_certificate(testbed, "ca", "new", "/CN=tag-1", "DNS:x.example");
    testbed_set(testbed, "breachd.conf", "http", "tls-client-ca", "ca.pem");
    testbed_set(testbed, "breachd.conf", "http", "rate", "1");
    testbed_start(testbed, NULL);
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            testbed_curl(testbed, CA "--cert old.pem --key old.key -d '[" EIGHT "]'", PINGS), 200);
    assert_int_equal(testbed_curl(testbed, CA "--cert old.pem --key old.key -d '" TAG_1 "'", PINGS),
                     429);
    assert_int_equal(testbed_curl(testbed, CA "--cert new.pem --key new.key -d '" TAG_1 "'", PINGS),
                     200);
    testbed_close(testbed);
}

/* Rubbish costs us what pings cost, and its answer stays small. */
static void a_body_of_rubbish_is_charged_and_answered_briefly(void **state)
{
    struct testbed *testbed = *state;
    char rubbish[2 * 1500 + 1] = "[";

    access_settle(testbed);
    testbed_set(testbed, "breachd.conf", "http", "rate", "10");
    testbed_start(testbed, NULL);
    for (size_t i = 0; i < 1500; i++)
        memcpy(rubbish + 1 + 2 * i, i < 1499 ? "1," : "1]", 2);
    testbed_print(testbed, "rubbish", "%.*s", (int)sizeof(rubbish), rubbish);
    assert_int_equal(testbed_curl(testbed, CA BEARER "any-secret' -d @rubbish", PINGS), 400);
    assert_non_null(strstr(testbed->body, "{\"index\":999,"));
    assert_null(strstr(testbed->body, "{\"index\":1000,"));
    assert_non_null(strstr(testbed->body, "],\"rejected_more\":500}"));
    assert_int_equal(testbed_curl(testbed, CA BEARER "any-secret' -d '" TAG_1 "'", PINGS), 429);
    testbed_close(testbed);
}

/* One object of a thousand members that nobody knows costs what its bytes do, and not one ping. */
static void a_body_longer_than_its_pings_is_charged_by_its_bytes(void **state)
{
    struct testbed *testbed = *state;
    char body[12000];
    size_t n = (size_t)snprintf(body, sizeof(body), "[{");

    access_settle(testbed);
    testbed_set(testbed, "breachd.conf", "http", "rate", "1");
    testbed_start(testbed, NULL);
    for (int i = 0; i < 1000; i++)
        n += (size_t)snprintf(body + n, sizeof(body) - n, "%s\"%d\":1", i == 0 ? "" : ",", i);
    n += (size_t)snprintf(body + n, sizeof(body) - n, "}]");
    testbed_print(testbed, "long", "%s", body);
    assert_true(n / 512 > 10); // what may be saved up
    assert_int_equal(testbed_curl(testbed, CA BEARER "tag-secret' -d @long", PINGS), 400);
    assert_int_equal(testbed_curl(testbed, CA BEARER "tag-secret' -d '" TAG_1 "'", PINGS), 429);
    // Nobody knows what was refused of it: that is a doubt of the device itself.
    assert_true(testbed_log_has(testbed, "tag-1: sends more than 1 pings a second"));
    assert_int_equal(testbed_curl(testbed, CA BEARER "any-secret' -d '" TAG_1 "'", PINGS), 200);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(wrong_tokens_slow_an_address_and_a_right_one_still_passes),
        testbed_test(a_token_has_its_rate_and_nothing_of_a_request_too_many_is_taken),
        testbed_test(one_device_of_a_gateway_does_not_use_up_the_others),
        testbed_test(one_certificate_does_not_use_up_the_rate_of_another),
        testbed_test(a_body_of_rubbish_is_charged_and_answered_briefly),
        testbed_test(a_body_longer_than_its_pings_is_charged_by_its_bytes),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("access_rate", tests, NULL, NULL);
}
