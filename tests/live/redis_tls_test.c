/* SPDX-License-Identifier: Apache-2.0 */
/* rediss://: a real redis-server on its tls-port, who it must be, and who we must be. */
#include "support/house.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

/*
 * A Redis that wants certificates of `ca` and shows `server`, and a
 * breachd that calls it by `host`.
 */
static void settle(struct house *house, const char *server, const char *host)
{
    int port = house_free_port();
    char lines[512], url[64];

    snprintf(lines, sizeof(lines),
             "tls-port %d\ntls-cert-file %s/%s.pem\ntls-key-file %s/%s.key\n"
             "tls-ca-cert-file %s/ca.pem\ntls-auth-clients yes\n",
             port, house->dir, server, house->dir, server, house->dir);
    house_redis_start(house, lines);
    snprintf(url, sizeof(url), "rediss://%s:%d", host, port);
    house_set(house, "breachd.conf", "redis", "url", url);
    house_set(house, "breachd.conf", "redis", "tls-ca", "ca.pem");
    // "tls-certificate" and "tls-key" of [redis]; [http] has none.
    house_set(house, "breachd.conf", "redis", "tls-certificate", "us.pem");
    house_set(house, "breachd.conf", "redis", "tls-key", "us.key");
    house_order(house, "A", "tag-1", 0, 200, "");
}

static void make_certificates(struct house *house)
{
    house_make_ca(house, "ca");
    house_make_certificate(house, "ca", "server", "/CN=redis", "DNS:localhost,IP:127.0.0.1");
    house_make_certificate(house, "ca", "us", "/CN=breachd", "DNS:breachd");
}

static void expect_published(struct house *house)
{
    house_start(house, NULL);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    house_await_metric(house, "breachd_redis_connected", 1);
    house_await_metric(house, "breachd_publish_queue_length", 0);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
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
static void expect_away(struct house *house, const char *why)
{
    house_start(house, NULL);
    house_await_log(house, why);
    assert_int_equal(house_ping(house, "tag-1", 0, 10), 200);
    assert_int_equal((int)house_metric(house, "breachd_redis_connected"), 0);
    assert_int_equal((int)house_metric(house, "breachd_publish_queue_length"), 1);
    house_close(house);
}

static void a_server_of_another_name_is_not_believed(void **state)
{
    struct house *house = *state;

    make_certificates(house);
    house_make_certificate(house, "ca", "server", "/CN=localhost", "DNS:redis.example");
    settle(house, "server", "localhost");
    expect_away(house, "tls: hostname mismatch");
}

static void a_server_of_another_ca_is_not_believed(void **state)
{
    struct house *house = *state;

    make_certificates(house);
    settle(house, "server", "localhost");
    house_make_ca(house, "other");
    house_set(house, "breachd.conf", "redis", "tls-ca", "other.pem");
    expect_away(house, "tls: self-signed certificate");
}

static void without_our_certificate_the_server_sends_us_away(void **state)
{
    struct house *house = *state;

    make_certificates(house);
    settle(house, "server", "localhost");
    house_set(house, "breachd.conf", "redis", "tls-certificate", "");
    house_set(house, "breachd.conf", "redis", "tls-key", "");
    expect_away(house, "redis: rediss://localhost:");
}

static void who_speaks_no_tls_is_no_such_redis(void **state)
{
    struct house *house = *state;
    char url[64];

    make_certificates(house);
    house->redis_port = house_free_port();
    settle(house, "server", "localhost");
    snprintf(url, sizeof(url), "rediss://localhost:%d", house->redis_port);
    house_set(house, "breachd.conf", "redis", "url", url);
    expect_away(house, "redis: rediss://localhost:");
}

static void a_reload_takes_a_new_certificate_authority(void **state)
{
    struct house *house = *state;

    make_certificates(house);
    house_make_ca(house, "other");
    settle(house, "server", "localhost");
    house_set(house, "breachd.conf", "redis", "tls-ca", "other.pem");
    house_start(house, NULL);
    house_await_log(house, "tls: self-signed certificate");
    house_set(house, "breachd.conf", "redis", "tls-ca", "ca.pem");
    house_reload(house);
    house_await_metric(house, "breachd_redis_connected", 1);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(alerts_are_published_by_tls),
        house_test(an_address_is_a_name_too),
        house_test(a_server_of_another_name_is_not_believed),
        house_test(a_server_of_another_ca_is_not_believed),
        house_test(without_our_certificate_the_server_sends_us_away),
        house_test(who_speaks_no_tls_is_no_such_redis),
        house_test(a_reload_takes_a_new_certificate_authority),
    };

    return cmocka_run_group_tests_name("redis_tls", tests, NULL, NULL);
}
