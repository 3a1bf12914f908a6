/* SPDX-License-Identifier: Apache-2.0 */
/* TLS, tokens and certificates, as curl meets them: who comes in, and what for. */
#include "access.h"

#include <signal.h>
#include <string.h>

#include "support/test.h"

#define NOBODY "{\"device\":\"tag-9\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.6,\"lon\":0.5}"
#define PHONE  "{\"_type\":\"location\",\"tst\":1592943245,\"lat\":51.6,\"lon\":0.5}"
#define OSMAND "timestamp=1592943245&lat=51.6&lon=0.5&token="
#define FEATURE(device)                                                                            \
    "{\"locations\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[0.5,51.6]},"               \
    "\"properties\":{\"timestamp\":1592943245,\"device_id\":\"" device "\"}}]}"

static const struct access_row rows[] = {
    { CA, "/healthz", 200, "ok" },
    { CA, "/readyz", 200, "ready" },
    { CA, "/v1/status", 401, REFUSED },
    { CA, "/metrics", 401, REFUSED },
    { CA, "/v1/incidents", 401, REFUSED },
    { CA, "/v1/incidents/A/home/1", 401, REFUSED },
    { CA, "/v1/incidents/A/home/1/map", 401, REFUSED },
    { CA, "/v1/devices", 401, REFUSED },
    { CA, "/v1/devices/tag-1", 401, REFUSED },
    { CA, "/nowhere", 401, REFUSED },
    { CA "-d '" TAG_1 "'", PINGS, 401, REFUSED },
    { CA BEARER "tag-secret' -d '" TAG_1 "'", PINGS, 200, "{\"accepted\":1,\"rejected\":[]}" },
    { CA "-u tag-1:tag-secret -d '" TAG_1 "'", PINGS, 200, "\"accepted\":1" },
    { CA "-u tag-2:tag-secret -d '" TAG_1 "'", PINGS, 403, REFUSED },
    { CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS, 403, "\"why\":\"not allowed\"" },
    { CA BEARER "tag-secret' -d '" NOBODY "'", PINGS, 403, "\"why\":\"not allowed\"" },
    { CA BEARER "tag-secret' -d '[" TAG_1 "," TAG_2 "]'", PINGS, 200,
      "{\"accepted\":1,\"rejected\":[{\"index\":1,\"why\":\"not allowed\"}]}" },
    { CA BEARER "tag-secret' -d '[7," TAG_2 "]'", PINGS, 400, "not allowed" },
    { CA BEARER "any-secret' -d '[" TAG_1 "," TAG_2 "]'", PINGS, 200,
      "{\"accepted\":2,\"classes\":{" },
    { CA "-u tag-2:any-secret -d '[" TAG_1 "," TAG_2 "]'", PINGS, 200, "\"accepted\":1" },
    { CA BEARER "any-secret' -d '" NOBODY "'", PINGS, 400, "under no order here" },
    // Whether another's device is under an order makes no difference to who may not speak for it.
    { CA BEARER "tag-secret' -H 'X-Limit-U: tag-1' -H 'X-Limit-D: tag-2' -d '" PHONE "'",
      "/owntracks", 200, "[]" },
    { CA BEARER "tag-secret' -H 'X-Limit-U: tag-1' -H 'X-Limit-D: tag-9' -d '" PHONE "'",
      "/owntracks", 200, "[]" },
    // Of apps that can set no header the token stands in the address, and there alone.
    { CA, "/osmand?id=tag-1&" OSMAND "tag-secret", 200, "\"accepted\":1" },
    { CA, "/?id=tag-2&" OSMAND "any-secret", 200, "\"accepted\":1" },
    { CA, "/osmand?id=tag-1&" OSMAND "wrong", 401, REFUSED },
    { CA "-d '" FEATURE("tag-1") "'", "/overland?token=tag-secret", 200, "{\"result\":\"ok\"}" },
    { CA "-d '" FEATURE("tag-2") "'", "/overland?token=tag-secret", 403, "not allowed" },
    { CA "-d '" TAG_1 "'", "/v1/pings?token=tag-secret", 401, REFUSED },
    { CA BEARER "wrong' -d '" TAG_1 "'", PINGS, 401, REFUSED },
    { CA "-u tag-1:wrong -d '" TAG_1 "'", PINGS, 401, REFUSED },
    { CA "-H 'Authorization: nonsense'", "/metrics", 401, REFUSED },
    { CA BEARER "tag-secret'", "/metrics", 403, REFUSED },
    { CA BEARER "any-secret'", "/v1/status", 403, REFUSED },
    { CA BEARER "ops-secret'", "/v1/status", 200, "\"site\":\"essex\"" },
    { CA "-u x:ops-secret", "/metrics", 200, "breachd_http_accepted_total" },
    { CA BEARER "ops-secret' -d '" TAG_1 "'", PINGS, 403, REFUSED },
    { CA BEARER "ops-secret'", "/nowhere", 404, "no such path" },
    { "--cacert ca.pem --tls-max 1.1", "/healthz", 0, "" },
    { "--cacert ca.pem --tls-max 1.2", "/healthz", 200, "ok" },
    { "--cacert ca.pem --tlsv1.3", "/healthz", 200, "ok" },
    { "--cacert ca.pem --tls-max 1.2 --ciphers AES128-SHA", "/healthz", 0, "" },
};

static void each_token_opens_what_it_is_for_and_says_no_more(void **state)
{
    struct testbed *testbed = *state;

    access_settle(testbed);
    testbed_start(testbed, NULL);
    access_expect(testbed, rows, sizeof rows / sizeof *rows);
    assert_false(testbed_log_has(testbed, "secret"));
    testbed_close(testbed);
}

static void who_is_refused_is_not_waited_for(void **state)
{
    static const char head[] = "POST /v1/pings HTTP/1.1\r\nHost: x\r\n"
                               "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n";
    struct testbed *testbed = *state;

    access_settle(testbed);
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_say(testbed, head, strlen(head)), 401);
    assert_null(strstr(testbed->body, "100 Continue"));
    assert_non_null(strstr(testbed->body, "Connection: close"));
    assert_non_null(strstr(testbed->body, "WWW-Authenticate: Bearer"));
    testbed_close(testbed);
}

/* ---- certificates of clients ---- */

static const struct access_row certified[] = {
    { CA "--cert tag.pem --key tag.key -d '" TAG_1 "'", PINGS, 200, "\"accepted\":1" },
    { CA "--cert tag.pem --key tag.key -d '" TAG_2 "'", PINGS, 403, "not allowed" },
    { CA "--cert tag.pem --key tag.key -u tag-1: -d '" PHONE "'", "/owntracks", 200, "[]" },
    { CA "--cert tag.pem --key tag.key -u tag-2:x -d '" TAG_2 "'", PINGS, 403, "not allowed" },
    { CA "--cert names.pem --key names.key -d '[" TAG_1 "," TAG_2 "]'", PINGS, 200,
      "\"accepted\":2" },
    { CA "--cert tag.pem --key tag.key", "/metrics", 403, REFUSED },
    { CA "--cert strange.pem --key strange.key", "/healthz", 0, "" },
    { CA "--cert tag.pem --key tag.key " BEARER "ops-secret'", "/metrics", 200, "breachd_" },
    { CA "--cert tag.pem --key tag.key " BEARER "wrong' -d '" TAG_1 "'", PINGS, 401, REFUSED },
    { CA BEARER "tag-secret' -d '" TAG_1 "'", PINGS, 200, "\"accepted\":1" },
    { CA "-d '" TAG_1 "'", PINGS, 401, REFUSED },
    { CA, "/healthz", 200, "ok" },
};

static void a_certificate_speaks_for_the_devices_that_it_names(void **state)
{
    struct testbed *testbed = *state;

    access_settle(testbed);
    testbed_make_certificate(testbed, "ca", "tag", "/CN=tag-1", "DNS:x.example");
    testbed_make_certificate(testbed, "ca", "names", "/CN=gateway", "DNS:tag-1,URI:tag-2");
    testbed_make_ca(testbed, "other");
    testbed_make_certificate(testbed, "other", "strange", "/CN=tag-1", "DNS:tag-1");
    testbed_set(testbed, "breachd.conf", "http", "tls-client-ca", "ca.pem");
    testbed_start(testbed, NULL);
    access_expect(testbed, certified, sizeof certified / sizeof *certified);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_token_opens_what_it_is_for_and_says_no_more),
        testbed_test(who_is_refused_is_not_waited_for),
        testbed_test(a_certificate_speaks_for_the_devices_that_it_names),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
