/* SPDX-License-Identifier: Apache-2.0 */
/* TLS, tokens and certificates, as curl and openssl meet them: who comes in, and what for. */
#include "support/house.h"

#include <openssl/sha.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/test.h"

#define TAG_1  "{\"device\":\"tag-1\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.6,\"lon\":0.5}"
#define TAG_2  "{\"device\":\"tag-2\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.6,\"lon\":0.5}"
#define NOBODY "{\"device\":\"tag-9\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.6,\"lon\":0.5}"
#define PHONE  "{\"_type\":\"location\",\"tst\":1592943245,\"lat\":51.6,\"lon\":0.5}"
#define OSMAND "timestamp=1592943245&lat=51.6&lon=0.5&token="
#define FEATURE(device)                                                                            \
    "{\"locations\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[0.5,51.6]},"               \
    "\"properties\":{\"timestamp\":1592943245,\"device_id\":\"" device "\"}}]}"
#define BEARER  "-H 'Authorization: Bearer "
#define CA      "--cacert ca.pem "
#define PINGS   "/v1/pings"
#define REFUSED "{\"error\":\"not allowed\"}"

/* The line of a token, as `breachctl token` prints it. */
static void token_line(char *text, size_t room, const char *name, const char *secret,
                       const char *scope)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    size_t n = (size_t)snprintf(text, room, "%s ", name);

    SHA256((const unsigned char *)secret, strlen(secret), hash);
    for (size_t i = 0; i < sizeof(hash); i++)
        n += (size_t)snprintf(text + n, room - n, "%02x", hash[i]);
    snprintf(text + n, room - n, " %s\n", scope);
}

static void write_tokens(struct house *house, const char *tag_scope)
{
    char tag[256], any[256], ops[256];

    token_line(tag, sizeof(tag), "tag", "tag-secret", tag_scope);
    token_line(any, sizeof(any), "gateway", "any-secret", "*");
    token_line(ops, sizeof(ops), "prometheus", "ops-secret", "operator");
    house_print(house, "tokens", "%s%s%s", tag, any, ops);
}

static void settle(struct house *house)
{
    char listen[64];

    house_make_ca(house, "ca");
    house_make_certificate(house, "ca", "server", "/CN=localhost", "DNS:localhost,IP:127.0.0.1");
    write_tokens(house, "tag-1");
    house->http_port = house_free_port();
    snprintf(listen, sizeof(listen), "127.0.0.1:%d, unix:http.sock", house->http_port);
    house_set(house, "breachd.conf", "http", "listen", listen);
    house_set(house, "breachd.conf", "http", "tls-certificate", "server.pem");
    house_set(house, "breachd.conf", "http", "tls-key", "server.key");
    house_set(house, "breachd.conf", "http", "tokens", "tokens");
    house_order(house, "A", "tag-1", 0, 200, "");
    house_order(house, "B", "tag-2", 900, 200, "");
}

static const struct row {
    const char *options, *path;
    int code;
    const char *body;
} rows[] = {
    { CA, "/healthz", 200, "ok" },
    { CA, "/readyz", 200, "ready" },
    { CA, "/v1/status", 401, REFUSED },
    { CA, "/metrics", 401, REFUSED },
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
    struct house *house = *state;

    settle(house);
    house_start(house, NULL);
    for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(*rows); row++) {
        int code = house_curl(house, row->options, row->path);

        if (code != row->code || strstr(house->body, row->body) == NULL)
            fail_msg("%s %s: %d, not %d: %s", row->options, row->path, code, row->code,
                     house->body);
    }
    assert_false(house_log_has(house, "secret"));
    house_close(house);
}

static void who_is_refused_is_not_waited_for(void **state)
{
    static const char head[] = "POST /v1/pings HTTP/1.1\r\nHost: x\r\n"
                               "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n";
    struct house *house = *state;

    settle(house);
    house_start(house, NULL);
    assert_int_equal(house_say(house, head, strlen(head)), 401);
    assert_null(strstr(house->body, "100 Continue"));
    assert_non_null(strstr(house->body, "Connection: close"));
    assert_non_null(strstr(house->body, "WWW-Authenticate: Bearer"));
    house_close(house);
}

static void wrong_tokens_slow_an_address_and_a_right_one_still_passes(void **state)
{
    struct house *house = *state;

    settle(house);
    house_start(house, NULL);
    for (int i = 0; i < 10; i++)
        assert_int_equal(house_curl(house, CA BEARER "wrong'", "/metrics"), 401);
    assert_int_equal(house_curl(house, CA BEARER "wrong'", "/metrics"), 429);
    assert_non_null(strstr(house->body, "Retry-After: 6"));
    assert_int_equal(house_curl(house, CA BEARER "ops-secret'", "/metrics"), 200);
    assert_true(house_log_has(house, "http: 127.0.0.1: wrong tokens"));
    house_close(house);
}

static void a_token_has_its_rate_and_nothing_of_a_request_too_many_is_taken(void **state)
{
    struct house *house = *state;

    settle(house);
    house_set(house, "breachd.conf", "http", "rate", "1");
    house_start(house, NULL);
    // Ten may be saved up, and the last batch is taken whole.
    for (int i = 0; i < 9; i++)
        assert_int_equal(house_curl(house, CA "-u tag-1:any-secret -d '" TAG_1 "'", PINGS), 200);
    assert_int_equal(house_curl(house,
                                CA BEARER "any-secret' -d '[" TAG_1 "," TAG_1 "," TAG_1 "," TAG_1
                                          "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1
                                          "," TAG_1 "]'",
                                PINGS),
                     200);
    assert_int_equal(house_curl(house, CA BEARER "any-secret' -d '" TAG_1 "'", PINGS), 429);
    assert_non_null(strstr(house->body, "Retry-After: "));
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d '" TAG_1 "'", PINGS), 200);
    house_close(house);
}

/* A gateway carries two: who floods is held back, and says so; the other is judged. */
static void one_device_of_a_gateway_does_not_use_up_the_others(void **state)
{
    struct house *house = *state;

    settle(house);
    house_set(house, "breachd.conf", "http", "rate", "1");
    house_start(house, NULL);
    for (int i = 0; i < 2; i++) // ten may be saved up, and a body is taken whole
        assert_int_equal(house_curl(house,
                                    CA BEARER "any-secret' -d '[" TAG_1 "," TAG_1 "," TAG_1
                                              "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1 "," TAG_1
                                              "]'",
                                    PINGS),
                         200);
    assert_int_equal(house_curl(house, CA BEARER "any-secret' -d '" TAG_1 "'", PINGS), 429);
    assert_non_null(strstr(house->body, "Retry-After: "));
    assert_non_null(strstr(house->body, "more than 1 pings a second of this device"));
    assert_int_equal(house_curl(house, CA BEARER "any-secret' -d '" TAG_2 "'", PINGS), 200);
    assert_int_equal(house_curl(house, CA BEARER "any-secret' -d '[" TAG_1 "," TAG_2 "]'", PINGS),
                     200);
    assert_non_null(strstr(
        house->body, "{\"accepted\":1,\"classes\":{\"again\":1},\"rejected\":[{\"index\":0,"));
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d '" TAG_1 "'", PINGS), 200);
    assert_true(house_log_has(house, "tag-1: sends more than 1 pings a second"));
    house_close(house);
}

/* Rubbish costs us what pings cost, and its answer stays small. */
static void a_body_of_rubbish_is_charged_and_answered_briefly(void **state)
{
    struct house *house = *state;
    char rubbish[2 * 1500 + 1] = "[";

    settle(house);
    house_set(house, "breachd.conf", "http", "rate", "10");
    house_start(house, NULL);
    for (size_t i = 0; i < 1500; i++)
        memcpy(rubbish + 1 + 2 * i, i < 1499 ? "1," : "1]", 2);
    house_print(house, "rubbish", "%.*s", (int)sizeof(rubbish), rubbish);
    assert_int_equal(house_curl(house, CA BEARER "any-secret' -d @rubbish", PINGS), 400);
    assert_non_null(strstr(house->body, "{\"index\":999,"));
    assert_null(strstr(house->body, "{\"index\":1000,"));
    assert_non_null(strstr(house->body, "],\"rejected_more\":500}"));
    assert_int_equal(house_curl(house, CA BEARER "any-secret' -d '" TAG_1 "'", PINGS), 429);
    house_close(house);
}

/* One object of a thousand members that nobody knows costs what its bytes do, and not one ping. */
static void a_body_longer_than_its_pings_is_charged_by_its_bytes(void **state)
{
    struct house *house = *state;
    char body[12000];
    size_t n = (size_t)snprintf(body, sizeof(body), "[{");

    settle(house);
    house_set(house, "breachd.conf", "http", "rate", "1");
    house_start(house, NULL);
    for (int i = 0; i < 1000; i++)
        n += (size_t)snprintf(body + n, sizeof(body) - n, "%s\"%d\":1", i == 0 ? "" : ",", i);
    n += (size_t)snprintf(body + n, sizeof(body) - n, "}]");
    house_print(house, "long", "%s", body);
    assert_true(n / 512 > 10); // what may be saved up
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d @long", PINGS), 400);
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d '" TAG_1 "'", PINGS), 429);
    assert_int_equal(house_curl(house, CA BEARER "any-secret' -d '" TAG_1 "'", PINGS), 200);
    house_close(house);
}

/* ---- SIGHUP ---- */

static void tokens_change_by_a_reload_whole_or_not_at_all(void **state)
{
    struct house *house = *state;

    settle(house);
    house_start(house, NULL);
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS), 403);
    assert_true(house_log_has(house, "http: a ping of tag-2 is refused: its sender's token is not "
                                     "for that device"));
    write_tokens(house, "tag-2");
    house_reload(house);
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS), 200);
    house_print(house, "tokens", "tag 123 tag-1\n");
    house_reload(house);
    assert_true(house_log_has(house, "tokens:1: tag: not the 64 hexadecimal digits"));
    assert_int_equal(house_curl(house, CA BEARER "tag-secret' -d '" TAG_2 "'", PINGS), 200);
    house_close(house);
}

/* openssl s_client on a connection of its own, that asks whenever it is told to. */
struct talker {
    struct child child;
    struct path in, out;
    FILE *line;
};

static void talker_start(struct house *house, struct talker *talker)
{
    struct path ca = house_path(house, "ca.pem");
    char at[32];
    const char *argv[] = { "openssl", "s_client", "-quiet",   "-verify_return_error",
                           "-CAfile", ca.text,    "-connect", at,
                           NULL };

    snprintf(at, sizeof(at), "127.0.0.1:%d", house->http_port);
    talker->in = house_path(house, "talk.in");
    talker->out = house_path(house, "talk.out");
    assert_int_equal(mkfifo(talker->in.text, 0600), 0);
    talker->child = child_start(
        &(struct command){ .argv = argv, .in = talker->in.text, .out = talker->out.text });
    talker->line = fopen(talker->in.text, "we");
    assert_non_null(talker->line);
}

/* Asks for /healthz, and waits until `n` answers in all have come. */
static void talker_asks(struct house *house, struct talker *talker, int n)
{
    int64_t deadline = now_ms() + PATIENCE_MS;
    int heard = 0;

    fputs("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", talker->line);
    fflush(talker->line);
    while (heard < n) {
        char *text = house_read(house, "talk.out");

        heard = 0;
        for (const char *at = text; at != NULL && (at = strstr(at, "HTTP/1.1 200")) != NULL; at++)
            heard++;
        free(text);
        if (now_ms() > deadline || !child_lives(&talker->child))
            fail_msg("only %d answers of %d", heard, n);
    }
}

static void certificates_change_by_a_reload_and_no_connection_is_dropped(void **state)
{
    struct house *house = *state;
    struct talker talker;

    settle(house);
    house_start(house, NULL);
    talker_start(house, &talker);
    talker_asks(house, &talker, 1);
    house_make_ca(house, "other");
    house_make_certificate(house, "other", "server", "/CN=localhost", "DNS:localhost");
    house_reload(house);
    assert_int_equal(house_curl(house, CA, "/healthz"), 0);
    assert_int_equal(house_curl(house, "--cacert other.pem", "/healthz"), 200);
    talker_asks(house, &talker, 2);
    house_print(house, "server.pem", "broken\n");
    house_reload(house);
    assert_true(house_log_has(house, "breachd.conf:"));
    assert_true(house_log_has(house, "server.pem: holds no certificate in PEM"));
    assert_int_equal(house_curl(house, "--cacert other.pem", "/healthz"), 200);
    talker_asks(house, &talker, 3);
    fclose(talker.line);
    child_kill(&talker.child);
    house_close(house);
}

/* ---- certificates of clients ---- */

static const struct row certified[] = {
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
    struct house *house = *state;

    settle(house);
    house_make_certificate(house, "ca", "tag", "/CN=tag-1", "DNS:x.example");
    house_make_certificate(house, "ca", "names", "/CN=gateway", "DNS:tag-1,URI:tag-2");
    house_make_ca(house, "other");
    house_make_certificate(house, "other", "strange", "/CN=tag-1", "DNS:tag-1");
    house_set(house, "breachd.conf", "http", "tls-client-ca", "ca.pem");
    house_start(house, NULL);
    for (size_t i = 0; i < sizeof(certified) / sizeof(*certified); i++) {
        const struct row *row = &certified[i];
        int code = house_curl(house, row->options, row->path);

        if (code != row->code || strstr(house->body, row->body) == NULL)
            fail_msg("%s %s: %d, not %d: %s", row->options, row->path, code, row->code,
                     house->body);
    }
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(each_token_opens_what_it_is_for_and_says_no_more),
        house_test(who_is_refused_is_not_waited_for),
        house_test(wrong_tokens_slow_an_address_and_a_right_one_still_passes),
        house_test(a_token_has_its_rate_and_nothing_of_a_request_too_many_is_taken),
        house_test(one_device_of_a_gateway_does_not_use_up_the_others),
        house_test(a_body_of_rubbish_is_charged_and_answered_briefly),
        house_test(a_body_longer_than_its_pings_is_charged_by_its_bytes),
        house_test(tokens_change_by_a_reload_whole_or_not_at_all),
        house_test(certificates_change_by_a_reload_and_no_connection_is_dropped),
        house_test(a_certificate_speaks_for_the_devices_that_it_names),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
