/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ping/ping_json.h"

#include "support/taken.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

static const struct taken_row rows[] = {
#define BARE "\"device\":\"tag-1\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.5,\"lon\":0.4"
#define BOM  "\xEF\xBB\xBF"
#define GZIP "gzip, compressed: only plain text is read"
#define PING "0 tag-1 2020-06-23T20:14:05.000Z 51.5 0.4"
    { "four members are enough", "{" BARE "}", PING },
    { "every member",
      "{" BARE ",\"accuracy\":8,\"speed\":1.4,\"course\":85,\"battery\":64,\"source\":\"gnss\","
      "\"tamper\":true,\"seq\":123}",
      PING " accuracy 8 speed 1.4 course 85 battery 64 tamper" },
    { "unknown members are ignored", "{" BARE ",\"colour\":[{\"red\":null}],\"\":1}", PING },
    { "null is as good as absent",
      "{" BARE ",\"accuracy\":null,\"speed\":null,\"course\":null,\"battery\":null,"
      "\"source\":null,\"tamper\":null,\"seq\":null}",
      PING },
    { "blanks and line ends between", " \r\n{ " BARE " }\n\t", PING },
    // RFC 8259, 8.1: a reader may pass over the mark, and Windows writes it.
    { "a byte order mark", BOM "{" BARE "}", PING },
    { "a byte order mark and no JSON", BOM,
      "not JSON: line 1, column 0: unexpected token near end of file" },
    { "gzip", "\x1F\x8B\x08", GZIP },
    { "UTF-16", "\xFF\xFE{", "UTF-16, not UTF-8: save it as UTF-8" },

#define WITH(member, value) "{" BARE ",\"" member "\":" value "}"
    { "accuracy 0 is unknown", WITH("accuracy", "0"), PING },
    { "accuracy 0.0 is unknown", WITH("accuracy", "-0.0"), PING },
    { "negative accuracy is unknown", WITH("accuracy", "-1"), PING },
    { "accuracy 0.5 is 0.5", WITH("accuracy", "0.5"), PING " accuracy 0.5" },
    { "accuracy as text", WITH("accuracy", "\"8\""), "0 accuracy: not a number" },
    { "accuracy as truth", WITH("accuracy", "true"), "0 accuracy: not a number" },
    { "speed as text", WITH("speed", "\"fast\""), "0 speed: not a number" },
    { "course as list", WITH("course", "[85]"), "0 course: not a number" },
    { "battery as text", WITH("battery", "\"64 %\""), "0 battery: not a number" },
    { "speed 0 is said", WITH("speed", "0"), PING " speed 0" },
    { "negative speed is unknown", WITH("speed", "-1"), PING },
    { "negative course is unknown", WITH("course", "-1"), PING },
    { "course 361 is unknown", WITH("course", "361"), PING },
    { "battery 0 is said", WITH("battery", "0"), PING " battery 0" },
    { "battery 64.5", WITH("battery", "64.5"), PING " battery 64.5" },
    { "source as number", WITH("source", "1"), "0 source: not a text" },
    { "tamper as number", WITH("tamper", "1"), "0 tamper: neither true nor false" },
    { "tamper as text", WITH("tamper", "\"true\""), "0 tamper: neither true nor false" },
    { "tamper false", WITH("tamper", "false"), PING },
    { "no fix, and where it was", WITH("fix", "false"), PING " no-fix" },
    { "a fix", WITH("fix", "true"), PING },
    { "no fix, and no place",
      "{\"device\":\"tag-0042\",\"time\":1592943245,\"fix\":false,\"lat\":null}",
      "0 tag-0042 2020-06-23T20:14:05.000Z nowhere no-fix" },
    { "half a place is none",
      "{\"device\":\"tag-0042\",\"time\":1592943245,\"fix\":false,\"lon\":0.4}", "0 lat: missing" },
    { "fix as text", WITH("fix", "\"false\""), "0 fix: neither true nor false" },
    { "an alarm", WITH("alarm", "\"gpsAntennaCut\""), PING " tamper alarm gpsAntennaCut" },
    { "an alarm unknown to us is kept", WITH("alarm", "\"sos\""), PING " alarm sos" },
    { "an alarm does not undo tamper", WITH("alarm", "\"sos\",\"tamper\":true"),
      PING " tamper alarm sos" },
    { "alarm as number", WITH("alarm", "1"), "0 alarm: not a text" },
    { "seq as text", WITH("seq", "\"1\""), "0 seq: not a whole number" },
    { "seq with a fraction", WITH("seq", "1.5"), "0 seq: not a whole number" },

#define REST  ",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.5,\"lon\":0.4}"
#define NO_ID "0 device: not a text of 1..64 letters, digits, - _ ."
    { "no device", "{\"time\":0,\"lat\":1,\"lon\":1}", "0 device: missing" },
    { "device null", "{\"device\":null" REST, "0 device: missing" },
    { "device a number", "{\"device\":42" REST, NO_ID },
    { "device empty", "{\"device\":\"\"" REST, NO_ID },
    { "device with a slash", "{\"device\":\"a/b\"" REST, NO_ID },
    { "device with an accent", "{\"device\":\"t\\u00e9l\"" REST, NO_ID },
    { "device with a zero inside", "{\"device\":\"tag-1\\u0000x\"" REST, NO_ID },
    { "device of 65 characters",
      "{\"device\":\"0123456789012345678901234567890123456789012345678901234567890123x\"" REST,
      NO_ID },
    { "device of 64 characters",
      "{\"device\":\"0123456789012345678901234567890123456789012345678901234567890123\"" REST,
      "0 0123456789012345678901234567890123456789012345678901234567890123 "
      "2020-06-23T20:14:05.000Z 51.5 0.4" },

#define AT(lat, lon) "{\"device\":\"t\",\"time\":0,\"lat\":" lat ",\"lon\":" lon "}"
    { "whole degrees", AT("51", "-1"), "0 t 1970-01-01T00:00:00.000Z 51 -1" },
    { "degrees with exponent", AT("5.15e1", "4E-1"), "0 t 1970-01-01T00:00:00.000Z 51.5 0.4" },
    { "the ends of the map", AT("90", "-180"), "0 t 1970-01-01T00:00:00.000Z 90 -180" },
    { "lat 91", AT("91", "0"), "0 lat: 91 is outside -90..90" },
    { "lat 151.5", AT("151.5", "0"), "0 lat: 151.5 is outside -90..90" },
    { "lon 180.1", AT("0", "180.1"), "0 lon: 180.1 is outside -180..180" },
    { "lat 1e300", AT("1e300", "0"), "0 lat: 1e+300 is outside -90..90" },
    { "lat null", AT("null", "0"), "0 lat: missing" },
    { "lon a text", AT("0", "\"0.4\""), "0 lon: not a number" },
    { "no lat", "{\"device\":\"t\",\"time\":0,\"lon\":1}", "0 lat: missing" },

    { "not an object: number", "5", "0 not an object" },
    { "not an object: text", "\"x\"", "0 not an object" },
    { "not an object: null", "null", "0 not an object" },
    { "no members", "{}", "0 device: missing" },
};

#define TIME(value)   "{\"device\":\"t\",\"time\":" value ",\"lat\":1,\"lon\":1}"
#define NO_TIME(text) "0 time: \"" text "\" is not like 2020-06-23T20:14:05Z"
#define IS(time)      "0 t " time " 1 1"
static const struct taken_row times[] = {
    { "RFC 3339", TIME("\"2020-06-23T20:14:05Z\""), IS("2020-06-23T20:14:05.000Z") },
    { "with an offset", TIME("\"2020-06-23T21:14:05+01:00\""), IS("2020-06-23T20:14:05.000Z") },
    { "with a fraction", TIME("\"2020-06-23T20:14:05.2507Z\""), IS("2020-06-23T20:14:05.250Z") },
    { "seconds", TIME("1592943245"), IS("2020-06-23T20:14:05.000Z") },
    { "milliseconds", TIME("1592943245250"), IS("2020-06-23T20:14:05.250Z") },
    { "seconds as a real", TIME("1592943245.25"), IS("2020-06-23T20:14:05.250Z") },
    { "seconds to the millisecond", TIME("1592943245.123"), IS("2020-06-23T20:14:05.123Z") },
    { "and each of them", TIME("1592943245.001"), IS("2020-06-23T20:14:05.001Z") },
    { "milliseconds as a real", TIME("1592943245250.0"), IS("2020-06-23T20:14:05.250Z") },
    { "seconds with exponent", TIME("1.592943245e9"), IS("2020-06-23T20:14:05.000Z") },
    { "0 is 1970", TIME("0"), IS("1970-01-01T00:00:00.000Z") },
    { "1970 as text", TIME("\"1970-01-01T00:05:00Z\""), IS("1970-01-01T00:05:00.000Z") },
    { "2100", TIME("4102444800"), IS("2100-01-01T00:00:00.000Z") },
    { "the last second of 2200", TIME("7289654399"), IS("2200-12-31T23:59:59.000Z") },
    { "2201: a clock that runs wild, told as of the last year", TIME("7289654400"),
      IS("2200-02-26T00:00:00.000Z") },
    { "2201 as text", TIME("\"2201-01-01T00:00:00Z\""), IS("2200-02-26T00:00:00.000Z") },
    { "year 0", TIME("\"0000-11-30T22:00:00Z\""), IS("1970-08-10T22:00:00.000Z") },
    { "no date", TIME("\"0000-00-00T00:00:00Z\""), IS("1970-09-11T00:00:00.000Z") },
    { "before 1970", TIME("-1"), IS("1970-12-31T23:59:59.000Z") },
    { "microseconds", TIME("1592943245250000"), IS("2200-11-25T02:47:30.000Z") },
    { "nanoseconds", TIME("1592943245250000000"), IS("2200-12-13T07:39:59.872Z") },
    { "far away", TIME("1e300"), IS("2200-06-13T23:42:20.160Z") },
    { "year 41315701", TIME("\"41315701-04-17T21:18:47Z\""), IS("2200-06-16T21:18:47.040Z") },
    { "no offset", TIME("\"2020-06-23T20:14:05\""), NO_TIME("2020-06-23T20:14:05") },
    { "no date", TIME("\"20:14:05Z\""), NO_TIME("20:14:05Z") },
    { "seconds as text", TIME("\"1592943245\""), NO_TIME("1592943245") },
    { "30 February", TIME("\"2020-02-30T00:00:00Z\""), NO_TIME("2020-02-30T00:00:00Z") },
    { "empty", TIME("\"\""), NO_TIME("") },
    { "a long text is cut", TIME("\"0123456789012345678901234567890123456789xxx\""),
      NO_TIME("0123456789012345678901234567890123456789") },
    { "more behind a zero", TIME("\"2020-06-23T20:14:05Z\\u0000x\""),
      "0 time: neither a text nor a number" },
    { "null", TIME("null"), "0 time: missing" },
    { "absent", "{\"device\":\"t\"}", "0 time: missing" },
    { "a list", TIME("[2020,6,23]"), "0 time: neither a text nor a number" },
    { "a truth", TIME("true"), "0 time: neither a text nor a number" },
};

#define T    "{\"device\":\"t\",\"time\":0,\"lat\":1,\"lon\":1}"
#define T_IS " t 1970-01-01T00:00:00.000Z 1 1"
static const struct taken_row lists[] = {
    { "an empty list", "[]", "" },
    { "a list of one", "[" T "]", "0" T_IS },
    { "each has its number", "[" T ",{}," T ",7,null]",
      "0" T_IS "\n1 device: missing\n2" T_IS "\n3 not an object\n4 not an object" },
    { "a list in a list", "[[" T "]]", "0 not an object" },
};

static const struct taken_row lines[] = {
    { "no line", "", "" },
    { "one line", T "\n", "0" T_IS },
    { "the last needs no end", T "\n" T, "0" T_IS "\n1" T_IS },
    { "as Windows ends them", T "\r\n" T "\r\n", "0" T_IS "\n1" T_IS },
    { "blank lines do not count", "\n" T "\n\n \t\r\n" T "\n\n", "0" T_IS "\n1" T_IS },
    { "a broken one is only itself", "\n" T "\n\n {broken\n" T,
      "0" T_IS "\n1 not JSON: line 4, column 8: string or '}' expected near 'broken'\n2" T_IS },
    { "an object over two lines is two broken ones", "{\"device\":\n\"t\"}\n",
      "0 not JSON: line 1, column 10: unexpected token near end of file\n"
      "1 not JSON: line 2, column 4: end of file expected near '}'" },
    { "two objects in a line", T " " T "\n" T,
      "0 not JSON: line 1, column 41: end of file expected near '{'\n1" T_IS },
    { "a list is no object", "[" T "]\n", "0 not an object" },
    { "1e999 is only its line", AT("1e999", "0") "\n" T,
      "0 a number too large: line 1, column 34: real number overflow near '1e999'\n1" T_IS },
    { "a member twice is only its line", "{\"a\":1,\"a\":2}\n" T,
      "0 a member twice: line 1, column 10: duplicate object key near '\"a\"'\n1" T_IS },
    { "a line of blanks at the end", T "\n   ", "0" T_IS },
    { "a byte order mark", BOM T "\r\n" T, "0" T_IS "\n1" T_IS },
    { "files that were put together, each with its mark", BOM T "\n" BOM T, "0" T_IS "\n1" T_IS },
    { "a byte order mark alone", BOM, "" },
    { "gzip is refused as a whole, not line by line", "\x1F\x8B\n" T, GZIP },
};

/* What comes of these bytes: false when they cannot be read as a whole. */
static bool read_bytes(ping_reader *reader, const char *bytes, size_t n, struct taken *taken,
                       struct fault *why)
{
    struct ping_body body = { .bytes = bytes, .n = n };

    return reader(&body, taken_add, taken, why);
}

static void each_member_is_taken_or_refused(void **state)
{
    (void)state;
    taken_hold(ping_json_read, rows);
}

static void each_form_of_time_is_understood(void **state)
{
    (void)state;
    taken_hold(ping_json_read, times);
}

static void a_list_is_taken_one_by_one(void **state)
{
    (void)state;
    taken_hold(ping_json_read, lists);
}

static void lines_are_taken_one_by_one(void **state)
{
    (void)state;
    taken_hold(ping_json_read_lines, lines);
}

static void what_is_no_json_hands_nothing_over(void **state)
{
    static const char *const bodies[] = {
        "",
        " ",
        "{",
        "{" BARE,
        "[" T ",",
        "[" T "] x",
        T T,
        "{'device':'t'}",
        AT("NaN", "0"),
        AT("Infinity", "0"),
        AT("1e999", "0"),
        AT("-1e999", "0"),
        AT("01", "0"),
        AT("0x1", "0"),
        TIME("99999999999999999999999999"),
        "{" BARE ",\"lat\":52}", // twice: which one is meant?
        "{\"a\":{\"b\":1,\"b\":2}," BARE "}",
        "{\"device\":\"t\xff\"}",        // no UTF-8
        "{\"device\":\"\xc0\xaf\"}",     // overlong
        "{\"device\":\"\xed\xa0\x80\"}", // half of a pair
        "{\"device\":\"\\ud800\"}",
        BOM BOM T,
        "{\"a\\u0000b\":1}",
    };
    (void)state;

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct taken taken = { 0 };
        struct fault why = { .text = "" };

        if (read_bytes(ping_json_read, bodies[i], strlen(bodies[i]), &taken, &why))
            fail_msg("read: %s", bodies[i]);
        assert_int_equal(taken.length, 0);
        if (strstr(why.text, ": line ") == NULL)
            fail_msg("%s: %s", bodies[i], why.text);
    }
}

static void a_zero_between_bytes_is_no_end(void **state)
{
    static const char body[] = T "\0" T, broken[] = T "\n\0\n" T, number[] = "[51\0]";
    struct taken taken = { 0 };
    struct fault why;
    (void)state;

    assert_false(read_bytes(ping_json_read, body, sizeof body - 1, &taken, &why));
    assert_int_equal(taken.length, 0);
    assert_false(read_bytes(ping_json_read, number, sizeof number - 1, &taken, &why));
    assert_string_equal(why.text, "not JSON: line 1, column 3: a NUL");
    assert_true(read_bytes(ping_json_read_lines, broken, sizeof broken - 1, &taken, &why));
    assert_string_equal(taken.text, "0" T_IS "\n1 not JSON: line 2, column 0: a NUL\n2" T_IS);
}

static void only_the_bytes_given_are_read(void **state)
{
    struct taken taken = { 0 };
    struct fault why;
    (void)state;

    assert_true(read_bytes(ping_json_read, T "garbage", sizeof T - 1, &taken, &why));
    assert_true(read_bytes(ping_json_read_lines, T "garbage", sizeof T - 1, &taken, &why));
    assert_string_equal(taken.text, "0" T_IS "\n0" T_IS);
}

static void nesting_of_10000_is_refused(void **state)
{
    enum { DEPTH = 10000 };
    static char body[2 * DEPTH + 1];
    struct taken taken = { 0 };
    struct fault why;
    (void)state;

    memset(body, '[', DEPTH);
    memset(body + DEPTH, ']', DEPTH);
    assert_false(read_bytes(ping_json_read, body, 2 * DEPTH, &taken, &why));
    assert_non_null(strstr(why.text, "nested too deep: line 1, column 2049: "));
    assert_true(read_bytes(ping_json_read_lines, body, 2 * DEPTH, &taken, &why));
    assert_non_null(strstr(taken.text, "0 nested too deep: line 1, column 2049: "));
}

/* The reason goes back to the sender as JSON, which takes nothing but whole characters. */
static void a_reason_never_ends_within_a_character(void **state)
{
    (void)state;
    for (size_t before = 30; before < 42; before++) {
        struct taken taken = { 0 };
        struct fault why;
        char body[256];

        snprintf(body, sizeof body,
                 "{\"device\":\"t\",\"time\":\"%.*s\xc3\xa9\xc3\xa9\",\"lat\":1,\"lon\":1}",
                 (int)before, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        assert_true(read_bytes(ping_json_read, body, strlen(body), &taken, &why));
        for (const char *at = taken.text; *at != '\0'; at++) {
            if (*at == '\xc3')
                assert_int_equal((unsigned char)*++at, 0xa9);
        }
    }
}

/* jansson shows the text near a mistake, as far as it has read it: up to the middle of a letter. */
static void nor_does_that_of_a_whole_body(void **state)
{
    static const char body[] = "\"\\u000\xc3\xa9\"";
    struct taken taken = { 0 };
    struct fault why = { .text = "" };
    (void)state;

    assert_false(read_bytes(ping_json_read, body, sizeof body - 1, &taken, &why));
    for (const char *at = why.text; *at != '\0'; at++) {
        if (*at == '\xc3')
            assert_int_equal((unsigned char)*++at, 0xa9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_member_is_taken_or_refused),
        cmocka_unit_test(each_form_of_time_is_understood),
        cmocka_unit_test(a_list_is_taken_one_by_one),
        cmocka_unit_test(lines_are_taken_one_by_one),
        cmocka_unit_test(what_is_no_json_hands_nothing_over),
        cmocka_unit_test(a_zero_between_bytes_is_no_end),
        cmocka_unit_test(only_the_bytes_given_are_read),
        cmocka_unit_test(nesting_of_10000_is_refused),
        cmocka_unit_test(a_reason_never_ends_within_a_character),
        cmocka_unit_test(nor_does_that_of_a_whole_body),
    };

    return cmocka_run_group_tests_name("ping_json", tests, NULL, NULL);
}
