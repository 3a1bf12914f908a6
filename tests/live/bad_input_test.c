/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever comes through the door: a clear answer, and the next one
 * is served as if nothing had been.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"
#include "support/testbed.h"

#define GOOD          "{\"device\":\"tag-1\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.6,\"lon\":0.5}"
#define WITH(members) "{\"device\":\"tag-1\",\"time\":\"2020-06-23T20:14:05Z\"," members "}"
#define AT(time)      "{\"device\":\"tag-1\",\"time\":" time ",\"lat\":51.6,\"lon\":0.5}"

static void assert_serves(struct testbed *testbed, const char *after)
{
    if (testbed_get(testbed, "/healthz") != 200)
        fail_msg("not healthy after: %s", after);
    if (testbed_post(testbed, GOOD) != 200)
        fail_msg("the next good ping was answered %s after: %s", testbed->body, after);
}

static const struct row {
    const char *says, *body;
    int code;
    const char *why; // in the answer
} rows[] = {
    { "no JSON at all", "hello", 400, "error" },
    { "JSON cut short", "{\"device\":\"tag-1\",", 400, "error" },
    { "something behind it", GOOD "x", 400, "error" },
    { "an empty body", "", 400, "error" },
    { "NaN", WITH("\"lat\":NaN,\"lon\":0.5"), 400, "error" },
    { "1e999", WITH("\"lat\":1e999,\"lon\":0.5"), 400, "" },
    { "a number", "42", 400, "" },
    { "an empty object", "{}", 400, "device" },
    { "lat is text", WITH("\"lat\":\"51.6\",\"lon\":0.5"), 400, "lat" },
    { "lat is absent", WITH("\"lon\":0.5"), 400, "lat" },
    { "lat is null", WITH("\"lat\":null,\"lon\":0.5"), 400, "lat" },
    { "lat 91", WITH("\"lat\":91,\"lon\":0.5"), 400, "lat: 91 is outside -90..90" },
    { "lon -181", WITH("\"lat\":51.6,\"lon\":-181"), 400, "lon: -181 is outside -180..180" },
    { "accuracy is text", WITH("\"lat\":51.6,\"lon\":0.5,\"accuracy\":\"8\""), 400, "accuracy" },
    { "tamper is a number", WITH("\"lat\":51.6,\"lon\":0.5,\"tamper\":1"), 400, "tamper" },
    { "lat twice", WITH("\"lat\":51.6,\"lat\":51.7,\"lon\":0.5"), 400, "" },
    { "time is a word", AT("\"yesterday\""), 400, "time" },
    { "time is an object", AT("{}"), 400, "time" },
    { "30 February", AT("\"2020-02-30T00:00:00Z\""), 400, "time" },
    { "device is a number", "{\"device\":7,\"time\":1,\"lat\":51.6,\"lon\":0.5}", 400, "device" },
    { "a device of no order",
      "{\"device\":\"tag-9\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.6,\"lon\":0.5}", 400,
      "device: tag-9: under no order here" },
    { "the year 1970", AT("\"1970-01-01T00:05:00Z\""), 200, "\"accepted\":1" },
    { "the year 2100", AT("\"2100-01-01T00:00:00Z\""), 200, "\"accepted\":1" },
    { "unknown members", WITH("\"lat\":51.6,\"lon\":0.5,\"mood\":[1,{}]"), 200, "\"accepted\":1" },
    { "accuracy unknown", WITH("\"lat\":51.6,\"lon\":0.5,\"accuracy\":null"), 200, "" },
    { "an empty array", "[]", 200, "\"accepted\":0" },
};

static void each_bad_body_is_answered_with_its_reason(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(*rows); row++) {
        int code = testbed_post(testbed, row->body);

        if (code != row->code || strstr(testbed->body, row->why) == NULL)
            fail_msg("%s: %d %s, not %d %s", row->says, code, testbed->body, row->code, row->why);
        assert_serves(testbed, row->says);
    }
    assert_true(
        testbed_log_has(testbed, "http: a ping is refused for its not JSON")); // once a minute
    testbed_close(testbed);
}

static void a_clock_of_1970_or_2100_is_told_once(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(testbed_post(testbed, AT("\"1970-01-01T00:05:00Z\"")), 200);
        assert_int_equal(testbed_post(testbed, AT("\"2100-01-01T00:00:00Z\"")), 200);
    }
    testbed_expect(testbed, "clock device/tag-1/1\n");
    testbed_close(testbed);
}

static void nesting_10000_deep_is_refused(void **state)
{
    static const char *const shapes[] = { "[", "{\"a\":", "[{\"device\":[" };
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
        size_t length = strlen(shapes[i]);
        char *body = malloc(10000 * length + 1);

        assert_non_null(body);
        for (size_t j = 0; j < 10000; j++)
            memcpy(body + j * length, shapes[i], length + 1);
        assert_int_equal(testbed_post(testbed, body), 400);
        assert_non_null(strstr(testbed->body, "nested too deep"));
        free(body);
        assert_serves(testbed, shapes[i]);
    }
    testbed_close(testbed);
}

static void a_huge_body_is_413(void **state)
{
    static const char announced[] = "POST /v1/pings HTTP/1.1\r\nHost: x\r\n"
                                    "Content-Type: application/json\r\n"
                                    "Content-Length: 99999999999\r\n\r\n[";
    struct testbed *testbed = *state;
    char *body = malloc(70001);

    assert_non_null(body);
    memset(body, ' ', 70000);
    body[70000] = '\0';
    testbed_set(testbed, "breachd.conf", "http", "max-body", "64 KiB");
    testbed_open(testbed, "", NULL);
    assert_int_equal(testbed_post(testbed, body), 413);
    assert_serves(testbed, "70,000 bytes");
    assert_int_equal(testbed_say(testbed, announced, strlen(announced)), 413);
    assert_serves(testbed, "99,999,999,999 bytes announced");
    free(body);
    testbed_close(testbed);
}

static const char *const posts[] = { "/v1/pings", "/owntracks", "/osmand",
                                     "/",         "/traccar",   "/overland" };

/* What gzip would make: its magic, and no text. */
static const char packed[] = "\x1F\x8B\x08\0\0\0\0\0\x02\x03\xAB";

static void a_body_in_another_coding_is_415_at_every_door(void **state)
{
    static const char *const codings[] = { "gzip", "deflate", "br", "zstd", "identity, gzip" };
    struct testbed *testbed = *state;
    char more[64];

    testbed_open(testbed, "", NULL);
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        struct request request = { "POST", posts[i], "application/json", GOOD, sizeof GOOD - 1 };

        for (size_t j = 0; j < sizeof codings / sizeof *codings; j++) {
            snprintf(more, sizeof more, "header = \"Content-Encoding: %s\"\n", codings[j]);
            assert_int_equal(testbed_ask_with(testbed, &request, more), 415);
            assert_non_null(strstr(testbed->body, "Content-Encoding"));
            assert_non_null(strstr(testbed->head, "Accept-Encoding: identity"));
        }
        assert_serves(testbed, posts[i]);
    }
    assert_int_equal(testbed_ask_with(testbed,
                                      &(struct request){ "POST", "/v1/pings", "text/plain", GOOD,
                                                         sizeof GOOD - 1 },
                                      "header = \"Content-Encoding: identity\"\n"),
                     200);
    testbed_close(testbed);
}

static void a_compressed_body_that_says_nothing_is_told_what_it_is(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        if (strcmp(posts[i], "/") == 0)
            continue; // without an id in its query it is no path
        testbed_ask(testbed,
                    &(struct request){ "POST", posts[i], "text/plain", packed, sizeof packed });
        if (strstr(testbed->body, "gzip") == NULL && strstr(testbed->head, "gzip") == NULL)
            fail_msg("%s: %s", posts[i], testbed->body);
        assert_serves(testbed, posts[i]);
    }
    testbed_close(testbed);
}

static void a_byte_order_mark_is_passed_over(void **state)
{
    static const char mark[] = "\xEF\xBB\xBF" GOOD "\r\n" GOOD "\r\n", utf_16[] = "\xFF\xFE{";
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    assert_int_equal(testbed_post_lines(testbed, mark), 200);
    assert_non_null(strstr(testbed->body, "\"accepted\":2"));
    assert_int_equal(testbed_post(testbed, utf_16), 400);
    assert_non_null(strstr(testbed->body, "UTF-16"));
    testbed_close(testbed);
}

static void wrong_methods_and_paths_are_told_so(void **state)
{
    static const char *const methods[] = { "GET", "PUT", "DELETE", "PATCH" };
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        struct request wrong = { .method = methods[i], .path = "/v1/pings" };

        assert_int_equal(testbed_ask(testbed, &wrong), 405);
        assert_true(testbed_has_header(testbed, "Allow"));
    }
    assert_int_equal(
        testbed_ask(testbed, &(struct request){ "POST", "/metrics", "text/plain", "x", 1 }), 405);
    assert_true(testbed_has_header(testbed, "Allow"));
    assert_int_equal(testbed_get(testbed, "/"), 404);
    assert_string_equal(
        testbed->body,
        "{\"error\":\"no such path; there are: /v1/pings /owntracks /osmand / /traccar /overland "
        "/healthz /readyz /v1/status /metrics /v1/incidents /v1/incidents/ID/map /v1/incidents/ID "
        "/v1/devices "
        "/v1/devices/ID\"}");
    assert_int_equal(testbed_get(testbed, "/v1/pings/7"), 404);
    assert_int_equal(testbed_get(testbed, "/../etc/passwd"), 404);
    assert_serves(testbed, "wrong methods and paths");
    testbed_close(testbed);
}

static void assert_rejected(struct testbed *testbed, int accepted, const int *indexes, size_t n)
{
    json_t *answer = testbed_json(testbed);
    const json_t *rejected = json_object_get(answer, "rejected");

    assert_int_equal(json_integer_value(json_object_get(answer, "accepted")), accepted);
    assert_int_equal(json_array_size(rejected), n);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(rejected, i);

        assert_int_equal(json_integer_value(json_object_get(one, "index")), indexes[i]);
        assert_true(json_string_length(json_object_get(one, "why")) > 0);
    }
    json_decref(answer);
}

static void good_ones_among_bad_ones_are_taken(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    assert_int_equal(
        testbed_post(testbed,
                     "[" GOOD "," WITH(
                         "\"lat\":91,\"lon\":0") "," GOOD ",\"x\",null,{\"device\":\"tag-9\"}," GOOD
                                                 "]"),
        200);
    assert_rejected(testbed, 3, (const int[]){ 1, 3, 4, 5 }, 4);
    assert_int_equal(testbed_post_lines(testbed, GOOD "\n{broken\n" GOOD "\n[]\n" GOOD), 200);
    assert_rejected(testbed, 3, (const int[]){ 1, 3 }, 2);
    assert_int_equal(testbed_post_lines(testbed, "{broken\nworse\n"), 400);
    assert_rejected(testbed, 0, (const int[]){ 0, 1 }, 2);
    assert_serves(testbed, "a mixture");
    testbed_close(testbed);
}

static const struct raw {
    const char *says, *bytes;
    int below, above; // the code lies between; 0 is a connection closed without an answer
} raws[] = {
    { "nothing", "", 0, 0 },
    { "no HTTP", "hello\r\n\r\n", 0, 499 },
    { "zeros and ones", "\x01\x02\xff\xfe\r\n\r\n", 0, 499 },
    { "TLS", "\x16\x03\x01\x02", 0, 499 },
    { "no method", " /v1/pings HTTP/1.1\r\n\r\n", 0, 501 },
    { "HTTP of tomorrow", "GET /healthz HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n", 0, 505 },
    { "a request cut short", "POST /v1/pings HTTP/1.1\r\nHost: x\r\nContent-Le", 0, 499 },
    { "no host", "GET /healthz HTTP/1.1\r\n\r\n", 400, 400 },
    { "an asterisk", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400, 400 },
    { "two types",
      "POST /v1/pings HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\n", 400,
      400 },
    { "a length among the trailers",
      "POST /v1/pings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\n[]\r\n0\r\nContent-Length: 2\r\n\r\n",
      400, 400 },
    { "a body cut short", "POST /v1/pings HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{", 0,
      499 },
    { "a negative length", "POST /v1/pings HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 0,
      499 },
    { "a length of words", "POST /v1/pings HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n", 0,
      499 },
    { "bad chunks",
      "POST /v1/pings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 0, 499 },
};

static void broken_http_ends_only_its_own_connection(void **state)
{
    struct testbed *testbed = *state;

    testbed_open(testbed, "", NULL);
    for (const struct raw *raw = raws; raw < raws + sizeof(raws) / sizeof(*raws); raw++) {
        int code = testbed_say(testbed, raw->bytes, strlen(raw->bytes));

        if (code < raw->below || code > raw->above || (code >= 100 && code < 400))
            fail_msg("%s: answered %s", raw->says, testbed->body);
        assert_serves(testbed, raw->says);
    }
    testbed_close(testbed);
}

static void headers_without_end_are_refused(void **state)
{
    static const char line[] = "X-Again: and again and again and again and again and again\r\n";
    const size_t lines = 20000;
    struct testbed *testbed = *state;
    char *text = malloc(lines * sizeof(line) + 64);
    size_t length;

    assert_non_null(text);
    testbed_open(testbed, "", NULL);
    length = (size_t)sprintf(text, "GET /healthz HTTP/1.1\r\nHost: x\r\n");
    for (size_t i = 0; i < lines; i++, length += sizeof(line) - 1)
        memcpy(text + length, line, sizeof(line));
    assert_true(testbed_say(testbed, text, length) != 200);
    assert_serves(testbed, "a megabyte of headers");
    free(text);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(each_bad_body_is_answered_with_its_reason),
        testbed_test(a_clock_of_1970_or_2100_is_told_once),
        testbed_test(nesting_10000_deep_is_refused),
        testbed_test(a_huge_body_is_413),
        testbed_test(a_body_in_another_coding_is_415_at_every_door),
        testbed_test(a_compressed_body_that_says_nothing_is_told_what_it_is),
        testbed_test(a_byte_order_mark_is_passed_over),
        testbed_test(wrong_methods_and_paths_are_told_so),
        testbed_test(good_ones_among_bad_ones_are_taken),
        testbed_test(broken_http_ends_only_its_own_connection),
        testbed_test(headers_without_end_are_refused),
    };

    return cmocka_run_group_tests_name("bad_input", tests, NULL, NULL);
}
