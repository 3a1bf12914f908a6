/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_scan_test.c - what the scanner takes, and what it leaves to jansson. That both read the same
 * is for tests/fuzz/ping_scan_fuzz.c to say.
 */
#include "adapter/ping/ping_scan.h"

#include "adapter/ping/plain_number.h"
#include "support/taken.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"

#define BARE "\"device\":\"tag-1\",\"time\":\"2020-06-23T20:14:05Z\",\"lat\":51.5,\"lon\":0.4"
#define PING " tag-1 2020-06-23T20:14:05.000Z 51.5 0.4"

static const struct row {
    const char *says;
    enum ping_scan_form form;
    const char *body;
    const char *want; // NULL: it is not the scanner's
} rows[] = {
    { "an object", PING_SCAN_VALUE, "{" BARE "}", "0" PING },
    { "blanks wherever they may be", PING_SCAN_VALUE, " {\r\n" BARE "\t, \"accuracy\" : 8 } \n",
      "0" PING " accuracy 8" },
    { "an array", PING_SCAN_VALUE, "[{" BARE "} , {" BARE "}]", "0" PING "\n1" PING },
    { "every member", PING_SCAN_VALUE,
      "{\"alarm\":\"sos\",\"fix\":false,\"seq\":-1,\"tamper\":true,\"source\":\"gnss\","
      "\"battery\":64,\"course\":85,\"speed\":1.4,\"accuracy\":8," BARE "}",
      "0" PING " accuracy 8 speed 1.4 course 85 battery 64 tamper no-fix alarm sos" },
    { "null is as good as absent", PING_SCAN_VALUE, "{" BARE ",\"accuracy\":null}", "0" PING },
    { "one off the map is refused, and another is not", PING_SCAN_VALUE,
      "[{\"device\":\"t\",\"time\":0,\"lat\":91,\"lon\":0},{" BARE "}]",
      "0 lat: 91 is outside -90..90\n1" PING },
    { "lines", PING_SCAN_LINES, "{" BARE "}\r\n\n \t\n{" BARE "}", "0" PING "\n1" PING },
    { "no lines", PING_SCAN_LINES, "\n", "" },

    { "an unknown member", PING_SCAN_VALUE, "{" BARE ",\"colour\":1}", NULL },
    { "a member twice", PING_SCAN_VALUE, "{" BARE ",\"lat\":51.5}", NULL },
    { "a member twice, once null", PING_SCAN_VALUE, "{" BARE ",\"lat\":null}", NULL },
    { "an escape in a name", PING_SCAN_VALUE, "{" BARE ",\"se\\u0071\":1}", NULL },
    { "an escape in a text", PING_SCAN_VALUE, "{" BARE ",\"source\":\"\\n\"}", NULL },
    { "a letter that is not ASCII", PING_SCAN_VALUE, "{" BARE ",\"source\":\"\xc3\xa9\"}", NULL },
    { "a control character", PING_SCAN_VALUE, "{" BARE ",\"source\":\"\t\"}", NULL },
    { "a device that is none", PING_SCAN_VALUE,
      "{\"device\":\"a/b\",\"time\":0,\"lat\":1,\"lon\":1}", NULL },
    { "a time that is none", PING_SCAN_VALUE,
      "{\"device\":\"t\",\"time\":\"noon\",\"lat\":1,\"lon\":1}", NULL },
    { "no device", PING_SCAN_VALUE, "{\"time\":0,\"lat\":1,\"lon\":1}", NULL },
    { "half a place", PING_SCAN_VALUE, "{\"device\":\"t\",\"time\":0,\"fix\":false,\"lat\":1}",
      NULL },
    { "a number as text", PING_SCAN_VALUE, "{" BARE ",\"speed\":\"1\"}", NULL },
    { "a text as number", PING_SCAN_VALUE, "{" BARE ",\"source\":1}", NULL },
    { "a seq with a fraction", PING_SCAN_VALUE, "{" BARE ",\"seq\":1.5}", NULL },
    { "a comma too many", PING_SCAN_VALUE, "[{" BARE "},]", NULL },
    { "a comma too many in an object", PING_SCAN_VALUE, "{" BARE ",}", NULL },
    { "something behind it", PING_SCAN_VALUE, "{" BARE "}]", NULL },
    { "no end", PING_SCAN_VALUE, "[{" BARE "}", NULL },
    { "nothing", PING_SCAN_VALUE, "", NULL },
    { "an empty array", PING_SCAN_VALUE, "[]", NULL },
    { "a byte order mark", PING_SCAN_VALUE, "\xef\xbb\xbf{" BARE "}", NULL },
    { "two in a line", PING_SCAN_LINES, "{" BARE "}{" BARE "}", NULL },
    { "one over two lines", PING_SCAN_LINES, "{" BARE "\n}", NULL },
    { "an array in a line", PING_SCAN_LINES, "[{" BARE "}]", NULL },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct taken taken = { 0 };
    size_t n = strlen(row->body);
    char *body = malloc(n > 0 ? n : 1); // of its size, so that a sanitizer sees who reads behind it

    assert_non_null(body);
    memcpy(body, row->body, n);
    assert_int_equal(ping_scan(body, n, row->form, taken_add, &taken), row->want != NULL);
    assert_string_equal(taken.text, row->want != NULL ? row->want : "");
    free(body);
}

/* ---- a longer body than is kept ---- */

static void count(const struct ping *ping, size_t index, const char *why, void *arg)
{
    size_t *n = arg;

    assert_non_null(ping);
    assert_null(why);
    assert_int_equal(index, *n);
    assert_int_equal(ping->time.ms, 1000 * (int64_t)(*n)++);
}

/* A body of `n` pings, the last of them spoilt by what stands in it. The caller frees. */
static char *many(size_t n, const char *in_the_last)
{
    char *body = calloc(n + 1, 80);
    size_t length = 0;

    assert_non_null(body);
    for (size_t i = 0; i < n; i++)
        length += (size_t)sprintf(body + length,
                                  "%c{\"device\":\"t\",\"time\":%zu,\"lat\":1,\"lon\":1%s}",
                                  i == 0 ? '[' : ',', i, i == n - 1 ? in_the_last : "");
    strcat(body, "]");
    return body;
}

static void all_of_a_longer_body_are_handed_over(void **state)
{
    static const size_t sizes[] = { PING_SCAN_KEPT - 1, PING_SCAN_KEPT, PING_SCAN_KEPT + 1,
                                    5 * PING_SCAN_KEPT };

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *body = many(sizes[i], "");
        size_t n = 0;

        assert_true(ping_scan(body, strlen(body), PING_SCAN_VALUE, count, &n));
        assert_int_equal(n, sizes[i]);
        free(body);
    }
}

static void none_of_a_body_is_whose_last_is_not_plain(void **state)
{
    char *body = many(5 * PING_SCAN_KEPT, ",\"x\":1");
    size_t n = 0;

    (void)state;
    assert_false(ping_scan(body, strlen(body), PING_SCAN_VALUE, count, &n));
    assert_int_equal(n, 0);
    free(body);
}

/* ---- numbers ---- */

static void a_number_is_the_one_of_strtod(void **state)
{
    static const char *const numbers[] = { "0.45782",
                                           "51.570120000000003",
                                           "0.1e-21",
                                           "9007199254740992.0",
                                           "9007199254740993.0",
                                           "9007199254740991e22",
                                           "9007199254740991e23",
                                           "1e-22",
                                           "123456789012345678.5",
                                           "0.00000000000000000000000000000000012345",
                                           "-0.0",
                                           "-1.5E+3",
                                           "4.9e-324",
                                           "1e-9999",
                                           "1.7976931348623157e308" };

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const char *text = numbers[i], *end = text + strlen(text);
        double want = strtod(text, NULL);
        struct plain_number number;

        assert_ptr_equal(plain_number_read(text, end, &number), end);
        assert_memory_equal(&number.value, &want, sizeof want);
        assert_false(number.whole);
    }
}

static void a_number_ends_where_it_ends(void **state)
{
    static const struct {
        const char *text;
        int n; // 0: it is none that is read here
    } ends[] = { { "12,", 2 },  { "0}", 1 },       { "1.5e3x", 5 },
                 { "01", 0 },   { "-", 0 },        { "1.", 0 },
                 { "1.e5", 0 }, { "1e", 0 },       { "1e+", 0 },
                 { ".5", 0 },   { "+1", 0 },       { "1e400", 0 },
                 { "NaN", 0 },  { "1e99999", 0 },  { "1234567890123456789", 0 },
                 { "", 0 },     { "Infinity", 0 }, { "0x10", 1 },
                 { "-0 ", 2 },  { "1-1", 1 },      { "123456789012345678", 18 } };
    struct plain_number number;

    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *text = ends[i].text;
        const char *got = plain_number_read(text, text + strlen(text), &number);

        assert_int_equal(got != NULL ? got - text : 0, ends[i].n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_a_longer_body_are_handed_over),
        cmocka_unit_test(none_of_a_body_is_whose_last_is_not_plain),
        cmocka_unit_test(a_number_is_the_one_of_strtod),
        cmocka_unit_test(a_number_ends_where_it_ends),
    };
    int failed = rows_hold("ping_scan", rows, row_holds);

    return failed + cmocka_run_group_tests_name("ping_scan bodies and numbers", tests, NULL, NULL);
}
