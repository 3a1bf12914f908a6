/* SPDX-License-Identifier: Apache-2.0 */
/* Heads as they come in: what is read, or which code refuses it and why. */
#include "adapter/http/http_head.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"

enum { TEXT_ROOM = 512 };

#define HOST "Host: h\r\n"
#define GET  "GET /a HTTP/1.1\r\n" HOST
#define POST "POST /p HTTP/1.1\r\n" HOST
#define END  "\r\n"

#define CHUNKED "Transfer-Encoding: chunked\r\n\r\n"

#define GOT     "GET /a - keeps"
#define NO_LINE "400 request line: not METHOD TARGET HTTP/1.1"
#define ODD     "400 request line: a target of odd characters"
#define TWICE   "400 headers: the length of the body stands there twice"
#define NO_SIZE "400 headers: a Content-Length that is no number"
#define CODING  "400 headers: a Transfer-Encoding other than chunked"
#define BESIDE  "400 headers: Content-Length beside Transfer-Encoding"
#define NO_HOST "400 headers: a Host that is no host"
#define ALL     "400 request line: * is a target of OPTIONS alone"
#define NOBODY  "400 request line: a target whose host is none"
#define NO_NAME "400 headers: a line that is not NAME: VALUE"
#define FOLDED  "400 headers: a line that goes on with the one before"
#define PACKED  "415 headers: a Content-Encoding: the body is read as it is, not compressed"
#define CONTROL "400 headers: a control character"

static const struct row {
    const char *says, *text, *want;
} rows[] = {
    { "nothing but the line", GET END, GOT },
    { "empty lines before it", "\r\n\r\n" GET END, GOT },
    { "a query", "GET /a?b=1&c=?2 HTTP/1.1\r\n" HOST END, "GET /a b=1&c=?2 keeps" },
    { "an empty query", "GET /a? HTTP/1.1\r\n" HOST END, "GET /a  keeps" },
    { "a whole address", "GET http://h:1/a?b HTTP/1.1\r\n" HOST END, "GET /a b keeps" },
    { "a whole address, large letters", "GET HTTPS://h HTTP/1.1\r\n" HOST END, "GET / - keeps" },
    { "a whole address, a query alone", "GET http://h?b HTTP/1.1\r\n" HOST END, "GET / b keeps" },
    { "an asterisk", "OPTIONS * HTTP/1.1\r\n" HOST END, "other * - keeps" },
    { "HTTP/1.0", "GET /a HTTP/1.0\r\n\r\n", "GET /a - closes" },
    { "HTTP/1.0 that keeps", "GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", GOT },
    { "close", GET "Connection: x , CLOSE\r\n\r\n", "GET /a - closes" },
    { "close in the second", GET "Connection: x\r\nConnection: close\r\n\r\n", "GET /a - closes" },
    { "not quite close", GET "Connection: closed\r\n\r\n", GOT },
    { "blanks around a value", GET "A: \t b c \t\r\n\r\n", GOT " [A=b c]" },
    { "no value", GET "A:\r\n\r\n", GOT " [A=]" },
    { "letters above 127 in a value", GET "A: \xc3\xa9\r\n\r\n", GOT " [A=\xc3\xa9]" },
    { "a length", POST "Content-Length: 3\r\n\r\n", "POST /p - keeps 3" },
    { "a length with zeros", POST "content-length: 0003\r\n\r\n", "POST /p - keeps 3" },
    { "chunks", POST "Transfer-Encoding: Chunked\r\n\r\n", "POST /p - keeps chunked" },
    { "an expectation", POST "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n",
      "POST /p - keeps 1 expects" },
    { "an old client's expectation", "POST /p HTTP/1.0\r\nExpect: 100-continue\r\n\r\n",
      "POST /p - closes" },

    { "a word", "hello\r\n\r\n", NO_LINE },
    { "HTTP/0.9", "GET /\r\n\r\n", NO_LINE },
    { "no target", "GET  HTTP/1.1\r\n\r\n",
      "400 request line: a target that does not begin with /" },
    { "two blanks", "GET  /a HTTP/1.1\r\n\r\n", "400 request line: does not end with HTTP/1.1" },
    { "a blank behind", "GET /a HTTP/1.1 \r\n\r\n",
      "400 request line: does not end with HTTP/1.1" },
    { "a blank before", " GET /a HTTP/1.1\r\n\r\n",
      "400 request line: does not end with HTTP/1.1" },
    { "a tab", "GET\t/a\tHTTP/1.1\r\n\r\n", NO_LINE },
    { "a word more", "GET /a b HTTP/1.1\r\n\r\n", "400 request line: does not end with HTTP/1.1" },
    { "small letters", "get /a HTTP/1.1\r\n\r\n",
      "501 request line: a method that is not known here" },
    { "a method of nobody", "FROB /a HTTP/1.1\r\n\r\n",
      "501 request line: a method that is not known here" },
    { "TRACE", "TRACE /a HTTP/1.1\r\n\r\n", "501 request line: a method that is not known here" },
    { "no method's letters", "G(T /a HTTP/1.1\r\n\r\n",
      "400 request line: does not begin with a method" },
    { "http in small letters", "GET /a http/1.1\r\n\r\n",
      "400 request line: does not end with HTTP/1.1" },
    { "HTTP/1.10", "GET /a HTTP/1.10\r\n\r\n", "400 request line: does not end with HTTP/1.1" },
    { "HTTP/1.2", "GET /a HTTP/1.2\r\n\r\n", "505 request line: neither HTTP/1.1 nor HTTP/1.0" },
    { "HTTP/2.0", "PRI * HTTP/2.0\r\n\r\n", "505 request line: neither HTTP/1.1 nor HTTP/1.0" },
    { "a fragment", "GET /a#b HTTP/1.1\r\n\r\n", ODD },
    { "a letter above 127", "GET /\xc3\xa9 HTTP/1.1\r\n\r\n", ODD },
    { "a control character in the target", "GET /\x01 HTTP/1.1\r\n\r\n", ODD },
    { "another scheme", "GET ftp://h/a HTTP/1.1\r\n\r\n",
      "400 request line: a target that does not begin with /" },

    { "an asterisk, but no OPTIONS", "GET * HTTP/1.1\r\n" HOST END, ALL },
    { "an asterisk with a query", "POST *?a HTTP/1.1\r\n" HOST END, ALL },
    // guzzle/psr7#839: whose host is meant, each reader finds at another @.
    { "a whole address of nobody's", "GET http:///a HTTP/1.1\r\n" HOST END, NOBODY },
    { "a whole address with a user", "GET http://a@h/a HTTP/1.1\r\n" HOST END, NOBODY },
    { "two slashes are a path", "GET //h/a HTTP/1.1\r\n" HOST END, "GET //h/a - keeps" },

    { "a blank before the colon", GET "A : b\r\n\r\n", NO_NAME },
    { "no colon", GET "A\r\n\r\n", NO_NAME },
    { "no name", GET ": b\r\n\r\n", NO_NAME },
    { "a name of odd letters", GET "A(b): c\r\n\r\n", NO_NAME },
    { "a folded line", GET "A: b\r\n c\r\n\r\n", FOLDED },
    { "a folded line, by a tab", GET "A: b\r\n\tc\r\n\r\n", FOLDED },
    { "a blank before the first", GET " A: b\r\n\r\n", FOLDED },
    { "a control character", GET "A: b\x01\r\n\r\n", CONTROL },
    { "a delete", GET "A: \x7f\r\n\r\n", CONTROL },
    { "two hosts", GET "host: a\r\n\r\n", "400 headers: Host stands there twice" },
    // golang/go#13624, Pylons/waitress#498: RFC 9112, 3.2.
    { "no host", "GET /a HTTP/1.1\r\n\r\n", "400 headers: no Host" },
    { "no host but in the target", "GET http://h/a HTTP/1.1\r\n\r\n", "400 headers: no Host" },
    { "an empty host", "GET /a HTTP/1.1\r\nHost:\r\n\r\n", GOT },
    { "a host with a port, and one of IPv6", "GET /a HTTP/1.1\r\nHost: [::1]:8750\r\n\r\n", GOT },
    { "an old client without a host", "GET /a HTTP/1.0\r\n\r\n", "GET /a - closes" },
    { "an old client with two", "GET /a HTTP/1.0\r\n" HOST HOST END,
      "400 headers: Host stands there twice" },
    { "a host with a path", "GET /a HTTP/1.1\r\nHost: h/x\r\n\r\n", NO_HOST },
    { "a host with a user", "GET /a HTTP/1.1\r\nHost: a@h\r\n\r\n", NO_HOST },
    // mtrudel/bandit#679.
    { "a port that is none", "GET /a HTTP/1.1\r\nHost: h:8x\r\n\r\n", NO_HOST },
    { "two ports", "GET /a HTTP/1.1\r\nHost: h:1:2\r\n\r\n", NO_HOST },
    { "half an address", "GET /a HTTP/1.1\r\nHost: [::1\r\n\r\n", NO_HOST },
    { "no port behind its colon", "GET /a HTTP/1.1\r\nHost: h:\r\n\r\n", GOT },
    { "two hosts in one", "GET /a HTTP/1.1\r\nHost: a, b\r\n\r\n", NO_HOST },
    { "two types", POST "Content-Type: application/json\r\ncontent-type: text/plain\r\n\r\n",
      "400 headers: Content-Type stands there twice" },
    // divviup/janus#3163: nobody can say which of the two was meant.
    { "two authorizations", POST "Authorization: Bearer a\r\nAuthorization: Bearer a\r\n\r\n",
      "400 headers: Authorization stands there twice" },
    { "an odd expectation", GET "Expect: 200-ok\r\n\r\n",
      "417 headers: Expect: only 100-continue is met" },

    { "two lengths that differ", POST "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", TWICE },
    { "two lengths alike", POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", TWICE },
    { "a list of lengths", POST "Content-Length: 1, 1\r\n\r\n", NO_SIZE },
    { "a length with a sign", POST "Content-Length: +1\r\n\r\n", NO_SIZE },
    { "a negative length", POST "Content-Length: -1\r\n\r\n", NO_SIZE },
    { "a length in hexadecimal", POST "Content-Length: 0x1\r\n\r\n", NO_SIZE },
    { "no length", POST "Content-Length:\r\n\r\n", NO_SIZE },
    { "a length with a blank in it", POST "Content-Length: 1 2\r\n\r\n", NO_SIZE },
    { "a length of 19 digits", POST "Content-Length: 9999999999999999999\r\n\r\n",
      "413 body: too large" },
    { "both", POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", BESIDE },
    { "both, the other way round", POST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
      BESIDE },
    { "chunks twice", POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
      TWICE },
    { "chunks, twice in one", POST "Transfer-Encoding: chunked, chunked\r\n\r\n", CODING },
    { "gzip too", POST "Transfer-Encoding: gzip, chunked\r\n\r\n", CODING },
    { "identity", POST "Transfer-Encoding: identity\r\n\r\n", CODING },
    { "almost chunked", POST "Transfer-Encoding: xchunked\r\n\r\n", CODING },
    { "quoted", POST "Transfer-Encoding: \"chunked\"\r\n\r\n", CODING },
    { "chunks of an old client", "POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", CODING },

    // HarperFast/harper#1438, yhirose/cpp-httplib#50: RFC 9110, 15.5.16.
    { "a body that gzip made", POST "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\n", PACKED },
    { "chunks that br made", POST "content-encoding: br\r\n" CHUNKED, PACKED },
    { "by its old name", POST "Content-Encoding: x-gzip\r\n" CHUNKED, PACKED },
    { "twice", POST "Content-Encoding: identity, deflate\r\n" CHUNKED, PACKED },
    { "twice, in two lines",
      POST "Content-Encoding: identity\r\nContent-Encoding: zstd\r\n" CHUNKED, PACKED },
    { "a body as it is", POST "Content-Encoding: Identity\r\n" CHUNKED, "POST /p - keeps chunked" },
    { "a coding that is none", POST "Content-Encoding:\r\n" CHUNKED, "POST /p - keeps chunked" },
    { "a coding of no body", POST "Content-Encoding: gzip\r\n\r\n", "POST /p - keeps" },

    { "a bare LF", "GET /a HTTP/1.1\n\n", "400 head: a LF without CR" },
    { "a bare LF at the end", GET "A: b\r\n\n", "400 head: a LF without CR" },
    { "a bare CR", "GET /a HTTP/1.1\r\r\n\r\n", "400 head: a CR without LF" },
    { "a CR in a value", GET "A: b\rc\r\n\r\n", "400 head: a CR without LF" },
    { "an end that is not there yet", GET "A: b\r\n", "part" },
    { "nothing yet", "", "part" },
};

static void print_head(const struct http_head *head, char text[TEXT_ROOM])
{
    static const char *const verbs[] = { "other", "GET", "HEAD", "POST" };
    int n = snprintf(text, TEXT_ROOM, "%s %s %s %s", verbs[head->verb], head->path,
                     head->query ? head->query : "-", head->keep_alive ? "keeps" : "closes");

    if (head->chunked)
        n += snprintf(text + n, TEXT_ROOM - (size_t)n, " chunked");
    if (head->length > 0)
        n += snprintf(text + n, TEXT_ROOM - (size_t)n, " %" PRId64, head->length);
    if (head->expects)
        n += snprintf(text + n, TEXT_ROOM - (size_t)n, " expects");
    if (http_head_field(head, "A") != NULL)
        snprintf(text + n, TEXT_ROOM - (size_t)n, " [A=%s]", http_head_field(head, "A"));
}

/* `step` bytes at a time, each in memory of exactly its size. */
static void read_in_steps(const char *bytes, size_t n, size_t step, char text[TEXT_ROOM])
{
    enum http_seen seen = HTTP_SEEN_PART;
    struct http_head head;
    struct fault why = { .text = "" };
    size_t at = 0, have = 0;
    char *copy = malloc(n + 1);
    int code = 0;

    assert_non_null(copy);
    while (seen == HTTP_SEEN_PART && have < n) {
        have = have + step < n ? have + step : n;
        memcpy(copy, bytes, have);
        seen = http_head_find(copy, have, &at, &code, &why);
    }
    if (seen == HTTP_SEEN_PART)
        snprintf(text, TEXT_ROOM, "part");
    else if (seen == HTTP_SEEN_HEAD && http_head_read(copy, at, &head, &code, &why))
        print_head(&head, text);
    else
        snprintf(text, TEXT_ROOM, "%d %.400s", code, why.text);
    free(copy);
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    char got[TEXT_ROOM];

    for (size_t step = 1; step <= 64; step *= 4) {
        read_in_steps(row->text, strlen(row->text), step, got);
        assert_string_equal(got, row->want);
    }
}

static void a_nul_is_refused_wherever_it_stands(void **state)
{
    char head[] = GET "A: b\r\nC: d\r\n\r\n", got[TEXT_ROOM];
    (void)state;

    for (size_t i = 0; i < sizeof head - 1; i++) {
        char kept = head[i];

        head[i] = '\0';
        read_in_steps(head, sizeof head - 1, 1000, got);
        assert_string_equal(got, "400 head: holds a NUL");
        head[i] = kept;
    }
}

/* A request line, `n` headers `X: xxx…` of `size` letters each, and an end. */
static char *make_head(size_t line, size_t n, size_t size)
{
    char *text = malloc(line + n * (size + 5) + 80), *at = text;

    assert_non_null(text);
    at += sprintf(at, "GET /");
    memset(at, 'a', line);
    at += line;
    at += sprintf(at, " HTTP/1.1\r\n" HOST);
    for (size_t i = 0; i < n; i++) {
        at += sprintf(at, "X: ");
        memset(at, 'x', size);
        at += size;
        at += sprintf(at, "\r\n");
    }
    sprintf(at, "\r\n");
    return text;
}

static const struct limit {
    const char *says;
    size_t line, n, size;
    const char *want;
} limits[] = {
    { "a long line", 8000, 0, 0, "GET /a" },
    { "a line too long", 8192, 0, 0, "414 request line: longer than 8 KiB" },
    { "64 headers", 1, 63, 10, "GET /a" },
    { "65 headers", 1, 64, 10, "431 headers: more than 64" },
    { "headers of nearly 16 KiB", 1, 16, 1000, "GET /a" },
    { "headers of more than 16 KiB", 1, 17, 1000, "431 headers: more than 16 KiB" },
    { "one header too long", 1, 1, 17000, "431 headers: more than 16 KiB" },
};

static void limit_holds(void **state)
{
    const struct limit *limit = *state;
    char *text = make_head(limit->line, limit->n, limit->size), got[TEXT_ROOM];

    read_in_steps(text, strlen(text), 1000, got);
    got[strlen(limit->want)] = '\0';
    assert_string_equal(got, limit->want);
    free(text);
}

static void line_breaks_without_end_are_refused(void **state)
{
    char text[HTTP_HEAD_MAX + 2], got[TEXT_ROOM];
    (void)state;

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "\r\n"[i % 2];
    read_in_steps(text, sizeof text, 1000, got);
    assert_string_equal(got, "431 headers: more than 16 KiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_nul_is_refused_wherever_it_stands),
        cmocka_unit_test(line_breaks_without_end_are_refused),
    };

    return rows_hold("heads", rows, row_holds) + rows_hold("limits", limits, limit_holds) +
           cmocka_run_group_tests_name("http_head", tests, NULL, NULL);
}
