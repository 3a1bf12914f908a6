/* SPDX-License-Identifier: Apache-2.0 */
/* Where breachctl finds its Redis: as a user over a unix socket, and by TLS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_live/ctl_live.h"
#include "support/test.h"

static void over_a_unix_socket_one_is_the_user_that_is_named(void **state)
{
    struct testbed *testbed = *state;
    char url[160];

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    freeReplyObject(testbed_redis(testbed, "ACL SETUSER wall on >secret ~* -@all +ping +get"));
    testbed_print(testbed, "password", "secret\n");
    snprintf(url, sizeof url, "unix://wall@%s", testbed_path(testbed, "redis.sock").text);
    ctl_live_await_heartbeat(testbed);
    assert_int_equal(testbed_ctl(testbed, "status", "--redis", url, "--password-file",
                                 testbed_path(testbed, "password").text, NULL),
                     0);
    assert_int_equal(testbed_ctl(testbed, "open", "--redis", url, "--password-file",
                                 testbed_path(testbed, "password").text, NULL),
                     1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "NOPERM"));
    testbed_close(testbed);
}

/* A Redis by TLS that wants to see a certificate of `ca`; its url. */
static void start_tls(struct testbed *testbed, char url[64])
{
    int port = testbed_free_port();
    char lines[512];

    testbed_make_ca(testbed, "ca");
    testbed_make_ca(testbed, "other");
    testbed_make_certificate(testbed, "ca", "server", "/CN=redis", "DNS:localhost");
    testbed_make_certificate(testbed, "ca", "us", "/CN=desk", "DNS:desk");
    snprintf(lines, sizeof lines,
             "tls-port %d\ntls-cert-file %s/server.pem\ntls-key-file %s/server.key\n"
             "tls-ca-cert-file %s/ca.pem\ntls-auth-clients yes\n",
             port, testbed->dir, testbed->dir, testbed->dir);
    testbed_redis_start(testbed, lines);
    snprintf(url, 64, "rediss://localhost:%d", port);
    freeReplyObject(testbed_redis(testbed, "SET {breachd}:heartbeat {\"site\":\"essex\"}"));
}

static int status(struct testbed *testbed, const char *url, const char *ca, const char *certificate,
                  const char *key)
{
    struct path files[] = { testbed_path(testbed, ca), testbed_path(testbed, certificate),
                            testbed_path(testbed, key) };

    return testbed_ctl(testbed, "status", "--redis", url, "--tls-ca", files[0].text,
                       "--tls-certificate", files[1].text, "--tls-key", files[2].text, NULL);
}

static void by_tls_both_sides_say_who_they_are(void **state)
{
    struct testbed *testbed = *state;
    char url[64], *certificate, *key;

    start_tls(testbed, url);
    assert_int_equal(status(testbed, url, "ca.pem", "us.pem", "us.key"), 0);
    assert_int_equal(status(testbed, url, "other.pem", "us.pem", "us.key"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "certificate"));
    certificate = testbed_read(testbed, "us.pem");
    key = testbed_read(testbed, "us.key");
    testbed_print(testbed, "both.pem", "%s%s", certificate, key);
    assert_int_equal(testbed_ctl(testbed, "status", "--redis", url, "--tls-ca",
                                 testbed_path(testbed, "ca.pem").text, "--tls-certificate",
                                 testbed_path(testbed, "both.pem").text, NULL),
                     0);
    assert_int_equal(testbed_ctl(testbed, "status", "--redis", url, "--tls-ca",
                                 testbed_path(testbed, "ca.pem").text, NULL),
                     1); // it wants a certificate
    free(certificate);
    free(key);
    testbed_close(testbed);
}

/* Who names whom to trust believes that a wire is safe. */
static void without_tls_they_are_refused(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(status(testbed, "redis://localhost", "ca.pem", "us.pem", "us.key"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "is not rediss://"));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(over_a_unix_socket_one_is_the_user_that_is_named),
        testbed_test(by_tls_both_sides_say_who_they_are),
        testbed_test(without_tls_they_are_refused),
    };

    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
