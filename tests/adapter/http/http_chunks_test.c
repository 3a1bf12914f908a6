/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies in chunks: the data that is in them, or why not. */
#include "adapter/http/http_chunks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"

enum { TEXT_ROOM = 1024 };

#define NO_SIZE  "chunk: a size that is no hexadecimal number"
#define TOO_LATE "trailers: Content-Length, Host or Transfer-Encoding"
#define X50      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct row {
    const char *says, *text, *want;
} rows[] = {
    { "none", "0\r\n\r\n", "[]" },
    { "one", "3\r\nabc\r\n0\r\n\r\n", "[abc]" },
    { "two", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "[abcde]" },
    { "line breaks in the data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "[\r\n\r\n]" },
    { "hexadecimal", "0A\r\nabcdefghij\r\n00\r\n\r\n", "[abcdefghij]" },
    { "an extension", "3;a=b;c=\"d e\"\r\nabc\r\n0;x\r\n\r\n", "[abc]" },
    { "quotes in quotes", "3;a=\"b\\\"c;\";d\r\nabc\r\n0\r\n\r\n", "[abc]" },
    { "trailers", "3\r\nabc\r\n0\r\nA: b\r\nC:\r\n\r\n", "[abc]" },
    { "not over yet", "3\r\nabc\r\n0\r\n", "part" },
    { "half a size", "3", "part" },
    { "half of the data", "3\r\na", "part" },
    { "half of its end", "3\r\nabc\r", "part" },

    // openwrt/uhttpd#3, graygnuorg/pound#19, apache/trafficserver#10580: sizes that are none.
    { "digits with a line between them", "0_0\r\n\r\n", NO_SIZE },
    { "a negative nothing", "-0x0\r\n\r\n", NO_SIZE },
    { "a digit and more", "1these-bytes\r\nZ\r\n0\r\n\r\n", NO_SIZE },
    { "no size", "\r\nabc\r\n0\r\n\r\n", NO_SIZE },
    { "no digits", "xyz\r\n", NO_SIZE },
    { "a sign", "+3\r\nabc\r\n", NO_SIZE },
    { "a negative size", "-3\r\nabc\r\n", NO_SIZE },
    { "0x3", "0x3\r\nabc\r\n", NO_SIZE },
    { "a blank before", " 3\r\nabc\r\n", NO_SIZE },
    { "a blank behind", "3 \r\nabc\r\n", NO_SIZE },
    { "a size that wraps round", "10000000000000003\r\nabc\r\n", NO_SIZE },
    { "a size with a LF alone", "3\nabc\r\n", "chunk: a control character, or a LF without CR" },
    { "a size with a CR alone", "3\rabc\r\n", "chunk: a CR without LF" },
    { "a NUL's neighbour", "3;\x01\r\nabc\r\n", "chunk: a control character, or a LF without CR" },
    { "data that goes on", "3\r\nabcd\r\n0\r\n\r\n", "chunk: goes on behind its size" },
    { "data with a LF behind", "3\r\nabc\n0\r\n\r\n",
      "chunk: a control character, or a LF without CR" },
    { "a semicolon alone", "3;\r\nabc\r\n", "chunk: extensions that are none" },
    { "no value", "3;a=\r\nabc\r\n", "chunk: extensions that are none" },
    { "a blank after the semicolon", "3; a\r\nabc\r\n", "chunk: extensions that are none" },
    { "a quote without end", "3;a=\"b\r\nabc\r\n", "chunk: extensions that are none" },
    { "a quote's end behind a backslash", "3;a=\"b\\\"\r\nabc\r\n",
      "chunk: extensions that are none" },
    { "a long extension", "3;" X50 X50 X50 X50 X50 X50 "\r\n",
      "chunk: a line of more than 256 bytes" },
    { "a trailer without a colon", "0\r\nA\r\n\r\n", "trailers: a line that is not NAME: VALUE" },
    { "a trailer that is folded", "0\r\nA: b\r\n c: d\r\n\r\n",
      "trailers: a line that is not NAME: VALUE" },
    // zoxy-io/zoxy#244: names that say where a request ends, behind its end.
    { "a length in the trailers", "3\r\nabc\r\n0\r\nContent-Length: 5\r\n\r\n", TOO_LATE },
    { "a host in the trailers, small letters", "0\r\nA: b\r\nhost: x\r\n\r\n", TOO_LATE },
    { "a coding in the trailers", "0\r\nTransfer-Encoding: chunked\r\n\r\n", TOO_LATE },
    { "a trailer that only begins like one", "0\r\nHosts: x\r\n\r\n", "[]" },
    { "a trailer of odd letters", "0\r\nA(b): c\r\n\r\n",
      "trailers: a line that is not NAME: VALUE" },
    { "another request where the trailers are", "0\r\nGET / HTTP/1.1\r\n\r\n",
      "trailers: a line that is not NAME: VALUE" },
};

/* What the door does with a body, `step` more bytes at a time. */
static void read_in_steps(const char *bytes, size_t n, size_t step, char text[TEXT_ROOM])
{
    struct http_chunks chunks = { 0 };
    enum http_chunk found = CHUNK_PART;
    struct fault why = { .text = "" };
    size_t at = 0, have = 0, data = 0;
    char kept[TEXT_ROOM];

    while ((found == CHUNK_PART || found == CHUNK_DATA) && have < n) {
        have = have + step < n ? have + step : n;
        do {
            size_t taken = 0, view;

            for (; chunks.left > 0 && at < have; chunks.left--)
                kept[data++] = bytes[at++];
            if (chunks.left > 0)
                break;
            view = have - at < HTTP_CHUNK_LINE_MAX ? have - at : HTTP_CHUNK_LINE_MAX;
            found = http_chunks_take(&chunks, bytes + at, view, &taken, &why);
            at += taken;
        } while (found == CHUNK_DATA);
    }
    if (found == CHUNK_END)
        snprintf(text, TEXT_ROOM, "[%.*s]", (int)data, kept);
    else
        snprintf(text, TEXT_ROOM, "%s", found == CHUNK_BAD ? why.text : "part");
    assert_true(found != CHUNK_END || at == n);
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    char got[TEXT_ROOM];

    for (size_t step = 1; step <= 1000; step *= 3) {
        read_in_steps(row->text, strlen(row->text), step, got);
        assert_string_equal(got, row->want);
    }
}

static void trailers_have_a_limit(void **state)
{
    char text[8192], got[TEXT_ROOM];
    int n = sprintf(text, "0\r\n");
    (void)state;

    while (n < 5000)
        n += sprintf(text + n, "A: %s\r\n", X50);
    sprintf(text + n, "\r\n");
    read_in_steps(text, strlen(text), 100, got);
    assert_string_equal(got, "trailers: more than 4 KiB");
}

static void what_follows_is_the_next_request_s(void **state)
{
    static const char both[] = "0\r\n\r\nGET / HTTP/1.1\r\n\r\n";
    struct http_chunks chunks = { 0 };
    struct fault why;
    size_t taken;
    (void)state;

    assert_int_equal(http_chunks_take(&chunks, both, strlen(both), &taken, &why), CHUNK_END);
    assert_string_equal(both + taken, "GET / HTTP/1.1\r\n\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trailers_have_a_limit),
        cmocka_unit_test(what_follows_is_the_next_request_s),
    };

    return rows_hold("chunks", rows, row_holds) +
           cmocka_run_group_tests_name("http_chunks", tests, NULL, NULL);
}
