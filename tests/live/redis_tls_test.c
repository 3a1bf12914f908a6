/* SPDX-License-Identifier: Apache-2.0 */
/* rediss://: a real redis-server on its tls-port, who it must be, and who we must be. */
#include "support/testbed.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

/*
 * A Redis that wants certificates of `ca` and shows `server`, and a
 * breachd that calls it by `host`.
 */
static void settle(struct testbed *testbed, const char *server, const char *host)
{
    int port = testbed_free_port();
    char lines[512], url[64];

    snprintf(lines, sizeof(lines),
             "tls-port %d\ntls-cert-file %s/%s.pem\ntls-key-file %s/%s.key\n"
             "tls-ca-cert-file %s/ca.pem\ntls-auth-clients yes\n",
             port, testbed->dir, server, testbed->dir, server, testbed->dir);
    testbed_redis_start(testbed, lines);
    snprintf(url, sizeof(url), "rediss://%s:%d", host, port);
    testbed_set(testbed, "breachd.conf", "redis", "url", url);
    testbed_set(testbed, "breachd.conf", "redis", "tls-ca", "ca.pem");
    // "tls-certificate" and "tls-key" of [redis]; [http] has none.
    testbed_set(testbed, "breachd.conf", "redis", "tls-certificate", "us.pem");
    testbed_set(testbed, "breachd.conf", "redis", "tls-key", "us.key");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
}

static void make_certificates(struct testbed *testbed)
{
    testbed_make_ca(testbed, "ca");
    testbed_make_certificate(testbed, "ca", "server", "/CN=redis", "DNS:localhost,IP:127.0.0.1");
    testbed_make_certificate(testbed, "ca", "us", "/CN=breachd", "DNS:breachd");
}

static void expect_published(struct testbed *testbed)
{
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    testbed_await_metric(testbed, "breachd_redis_connected", 1);
    testbed_await_metric(testbed, "breachd_publish_queue_length", 0);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void alerts_are_published_by_tls(void **state)
{
    make_certificates(*state);
    settle(*state, "server", "localhost");
    expect_published(*state);
}

static void an_address_is_a_name_too(void **state)
{
    make_certificates(*state);
    settle(*state, "server", "127.0.0.1");
    expect_published(*state);
}

/* Away, with this reason; pings are taken all the same. */
static void expect_away(struct testbed *testbed, const char *why)
{
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, why);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    assert_int_equal((int)testbed_metric(testbed, "breachd_redis_connected"), 0);
    assert_int_equal((int)testbed_metric(testbed, "breachd_publish_queue_length"), 1);
    testbed_close(testbed);
}

static void a_server_of_another_name_is_not_believed(void **state)
{
    struct testbed *testbed = *state;

    make_certificates(testbed);
    testbed_make_certificate(testbed, "ca", "server", "/CN=localhost", "DNS:redis.example");
    settle(testbed, "server", "localhost");
    expect_away(testbed, "tls: hostname mismatch");
}

static void a_server_of_another_ca_is_not_believed(void **state)
{
    struct testbed *testbed = *state;

    make_certificates(testbed);
    settle(testbed, "server", "localhost");
    testbed_make_ca(testbed, "other");
    testbed_set(testbed, "breachd.conf", "redis", "tls-ca", "other.pem");
    expect_away(testbed, "tls: self-signed certificate");
}

static void without_our_certificate_the_server_sends_us_away(void **state)
{
    struct testbed *testbed = *state;

    make_certificates(testbed);
    settle(testbed, "server", "localhost");
    testbed_set(testbed, "breachd.conf", "redis", "tls-certificate", "");
    testbed_set(testbed, "breachd.conf", "redis", "tls-key", "");
    expect_away(testbed, "redis: rediss://localhost:");
}

static void who_speaks_no_tls_is_no_such_redis(void **state)
{
    struct testbed *testbed = *state;
    char url[64];

    make_certificates(testbed);
    testbed->redis_port = testbed_free_port();
    settle(testbed, "server", "localhost");
    snprintf(url, sizeof(url), "rediss://localhost:%d", testbed->redis_port);
    testbed_set(testbed, "breachd.conf", "redis", "url", url);
    expect_away(testbed, "redis: rediss://localhost:");
}

static void a_reload_takes_a_new_certificate_authority(void **state)
{
    struct testbed *testbed = *state;

    make_certificates(testbed);
    testbed_make_ca(testbed, "other");
    settle(testbed, "server", "localhost");
    testbed_set(testbed, "breachd.conf", "redis", "tls-ca", "other.pem");
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, "tls: self-signed certificate");
    testbed_set(testbed, "breachd.conf", "redis", "tls-ca", "ca.pem");
    testbed_reload(testbed);
    testbed_await_metric(testbed, "breachd_redis_connected", 1);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(alerts_are_published_by_tls),
        testbed_test(an_address_is_a_name_too),
        testbed_test(a_server_of_another_name_is_not_believed),
        testbed_test(a_server_of_another_ca_is_not_believed),
        testbed_test(without_our_certificate_the_server_sends_us_away),
        testbed_test(who_speaks_no_tls_is_no_such_redis),
        testbed_test(a_reload_takes_a_new_certificate_authority),
    };

    return cmocka_run_group_tests_name("redis_tls", tests, NULL, NULL);
}
