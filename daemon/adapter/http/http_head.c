/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http/http_head.h"

#include <string.h>
#include <strings.h>

enum { LENGTH_DIGITS_MAX = 18 }; // always fits into an int64_t

static bool refuse(int *out_code, int code, struct fault *why, const char *text)
{
    *out_code = code;
    return fault_set(why, "%s", text);
}

/* ---- where it ends ---- */

/* Empty lines before the request line do not count (RFC 9112, 2.2). */
static size_t blank_lines(const char *bytes, size_t n)
{
    size_t i = 0;

    while (i < n && (bytes[i] == '\r' || bytes[i] == '\n'))
        i++;
    return i;
}

/* Whether byte `i` may stand there: lines end with CR LF, and no other way. */
static const char *fault_at(const char *bytes, size_t i)
{
    char before = i > 0 ? bytes[i - 1] : '\0';

    if (bytes[i] == '\0')
        return "head: holds a NUL";
    if (before == '\r' && bytes[i] != '\n')
        return "head: a CR without LF";
    return bytes[i] == '\n' && before != '\r' ? "head: a LF without CR" : NULL;
}

static bool too_long(int *out_code, struct fault *why)
{
    return refuse(out_code, 414, why, "request line: longer than 8 KiB");
}

/* Whether what is there so far, without an end, is not too much. */
static bool within_limits(const char *bytes, size_t n, int *out_code, struct fault *why)
{
    size_t begin = blank_lines(bytes, n);

    if (n - begin >= HTTP_LINE_MAX && memchr(bytes + begin, '\n', HTTP_LINE_MAX) == NULL)
        return too_long(out_code, why);
    return n < HTTP_HEAD_MAX || refuse(out_code, 431, why, "headers: more than 16 KiB");
}

enum http_seen http_head_find(const char *bytes, size_t n, size_t *at, int *out_code,
                              struct fault *why)
{
    size_t end = n < HTTP_HEAD_MAX ? n : HTTP_HEAD_MAX;

    for (size_t i = *at; i < end; i++) {
        const char *wrong = fault_at(bytes, i);

        if (wrong != NULL) {
            refuse(out_code, 400, why, wrong);
            return HTTP_SEEN_BAD;
        }
        if (bytes[i] == '\n' && i >= 3 && bytes[i - 2] == '\n' && blank_lines(bytes, i) < i) {
            *at = i + 1;
            return HTTP_SEEN_HEAD;
        }
    }
    *at = end;
    return within_limits(bytes, end, out_code, why) ? HTTP_SEEN_PART : HTTP_SEEN_BAD;
}

/* ---- the request line ---- */

/* Letters of a method and of a header's name: RFC 9110, 5.6.2. */
static bool is_of_token(char letter)
{
    char lower = (char)(letter | 0x20);

    if ((lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') || letter == '-')
        return true;
    return letter != '\0' && strchr("!#$%&'*+.^_`|~", letter) != NULL;
}

size_t http_head_token(const char *text, size_t n)
{
    size_t i = 0;

    while (i < n && is_of_token(text[i]))
        i++;
    return i;
}

/* Of TRACE and CONNECT there is nothing that we could do. */
static bool read_method(const char *text, enum http_verb *out, int *out_code, struct fault *why)
{
    static const struct {
        const char *name;
        enum http_verb verb;
    } known[] = { { "GET", HTTP_GET },      { "HEAD", HTTP_HEAD },    { "POST", HTTP_POST },
                  { "PUT", HTTP_OTHER },    { "DELETE", HTTP_OTHER }, { "PATCH", HTTP_OTHER },
                  { "OPTIONS", HTTP_OTHER } };

    if (text[0] == '\0' || text[http_head_token(text, HTTP_LINE_MAX)] != '\0')
        return refuse(out_code, 400, why, "request line: does not begin with a method");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, text) == 0) {
            *out = known[i].verb;
            return true;
        }
    }
    return refuse(out_code, 501, why, "request line: a method that is not known here");
}

/* "/path?query", "*" for OPTIONS, or the same behind "http://host". */
static bool read_target(char *text, bool may_ask_all, struct http_head *out, int *out_code,
                        struct fault *why)
{
    char *path = text, *query;
    size_t host;

    for (const char *at = text; *at != '\0'; at++) {
        if (*at <= ' ' || *at == '\x7f' || *at == '#') // a char is signed: above 7f, too
            return refuse(out_code, 400, why, "request line: a target of odd characters");
    }
    if (strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0) {
        path = strchr(text, ':') + 3;
        host = strcspn(path, "/?");
        if (host == 0 || memchr(path, '@', host) != NULL) // RFC 9110, 4.2
            return refuse(out_code, 400, why, "request line: a target whose host is none");
        path += host;
    }
    query = strchr(path, '?');
    if (query != NULL)
        *query++ = '\0';
    if (path != text && *path == '\0')
        path = "/"; // http://host alone
    if (*path != '/' && strcmp(path, "*") != 0)
        return refuse(out_code, 400, why, "request line: a target that does not begin with /");
    if (*path == '*' && !may_ask_all)
        return refuse(out_code, 400, why, "request line: * is a target of OPTIONS alone");
    out->path = path;
    out->query = query;
    return true;
}

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

static bool read_version(const char *text, struct http_head *out, int *out_code, struct fault *why)
{
    if (strncmp(text, "HTTP/", 5) != 0 || !is_digit(text[5]) || text[6] != '.' ||
        !is_digit(text[7]) || text[8] != '\0')
        return refuse(out_code, 400, why, "request line: does not end with HTTP/1.1");
    if (text[5] != '1' || text[7] > '1')
        return refuse(out_code, 505, why, "request line: neither HTTP/1.1 nor HTTP/1.0");
    out->old = text[7] == '0';
    out->keep_alive = !out->old;
    return true;
}

static bool read_request_line(char *line, struct http_head *out, int *out_code, struct fault *why)
{
    char *target = strchr(line, ' '), *version = target ? strchr(target + 1, ' ') : NULL;

    if (version == NULL)
        return refuse(out_code, 400, why, "request line: not METHOD TARGET HTTP/1.1");
    *target++ = '\0';
    *version++ = '\0';
    return read_version(version, out, out_code, why) &&
           read_method(line, &out->verb, out_code, why) &&
           read_target(target, strcmp(line, "OPTIONS") == 0, out, out_code, why);
}

/* ---- the headers ---- */

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t';
}

static bool read_field(char *line, struct http_head *out, int *out_code, struct fault *why)
{
    size_t name = http_head_token(line, HTTP_HEAD_MAX);
    char *value = line + name + 1, *end = strchr(line, '\0');

    if (is_blank(*line))
        return refuse(out_code, 400, why, "headers: a line that goes on with the one before");
    if (name == 0 || line[name] != ':')
        return refuse(out_code, 400, why, "headers: a line that is not NAME: VALUE");
    if (out->n == HTTP_FIELDS_MAX)
        return refuse(out_code, 431, why, "headers: more than 64");
    for (const char *at = value; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' ? *at != '\t' : *at == '\x7f')
            return refuse(out_code, 400, why, "headers: a control character");
    }
    line[name] = '\0';
    while (is_blank(*value)) // blanks alone: the NUL is none
        value++;
    while (end > value && is_blank(end[-1]))
        end--;
    *end = '\0';
    out->fields[out->n++] = (struct http_field){ line, value };
    return true;
}

/* In any case; nearly all that differ do so in their first letter. */
static bool is_called(const struct http_field *field, const char *name)
{
    return ((field->name[0] ^ name[0]) & ~0x20) == 0 && strcasecmp(field->name, name) == 0;
}

/* How often it stands there; the first in *out_value. */
static size_t occurrences(const struct http_head *head, const char *name, const char **out_value)
{
    size_t n = 0;

    for (size_t i = 0; i < head->n; i++) {
        if (is_called(&head->fields[i], name) && n++ == 0)
            *out_value = head->fields[i].value;
    }
    return n;
}

/* ---- what follows it ---- */

/* RFC 9112, 6.3, and where it leaves a choice, the one that closes. */
static bool read_framing(struct http_head *out, int *out_code, struct fault *why)
{
    const char *length = NULL, *coding = NULL;
    size_t lengths = occurrences(out, "Content-Length", &length);
    size_t codings = occurrences(out, "Transfer-Encoding", &coding);

    if (codings > 0 && lengths > 0)
        return refuse(out_code, 400, why, "headers: Content-Length beside Transfer-Encoding");
    if (codings > 1 || lengths > 1)
        return refuse(out_code, 400, why, "headers: the length of the body stands there twice");
    if (codings > 0 && (out->old || strcasecmp(coding, "chunked") != 0))
        return refuse(out_code, 400, why, "headers: a Transfer-Encoding other than chunked");
    out->chunked = codings > 0;
    if (lengths == 0)
        return true;
    if (*length == '\0' || length[strspn(length, "0123456789")] != '\0')
        return refuse(out_code, 400, why, "headers: a Content-Length that is no number");
    if (strlen(length) > LENGTH_DIGITS_MAX)
        return refuse(out_code, 413, why, "body: too large");
    for (; *length != '\0'; length++)
        out->length = out->length * 10 + (*length - '0');
    return true;
}

/* A list like `identity, gzip` that names something else than `word`. */
static bool lists_other(const char *list, const char *word)
{
    size_t length = strlen(word);

    while (*(list += strspn(list, ", \t")) != '\0') {
        size_t n = strcspn(list, ", \t");

        if (n != length || strncasecmp(list, word, n) != 0)
            return true;
        list += n;
    }
    return false;
}

/* RFC 9110, 15.5.16. A coding of no body says nothing. */
static bool read_coding(const struct http_head *out, int *out_code, struct fault *why)
{
    for (size_t i = 0; i < out->n && (out->chunked || out->length > 0); i++) {
        const struct http_field *field = &out->fields[i];

        if (is_called(field, "Content-Encoding") && lists_other(field->value, "identity"))
            return refuse(out_code, 415, why,
                          "headers: a Content-Encoding: the body is read as it is, not compressed");
    }
    return true;
}

/* Whether the word stands in a list like `keep-alive, Upgrade`. */
static bool lists(const char *list, const char *word)
{
    size_t length = strlen(word);

    while (*list != '\0') {
        size_t n;

        list += strspn(list, ", \t");
        n = strcspn(list, ", \t");
        if (n == length && strncasecmp(list, word, n) == 0)
            return true;
        list += n;
    }
    return false;
}

/* Of these a second line would be for others what the first one is for us (RFC 9110, 5.3). */
static bool read_singles(const struct http_head *out, int *out_code, struct fault *why)
{
    static const char *const names[] = { "Host", "Content-Type", "Authorization" };
    const char *value = NULL;

    *out_code = 400;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (occurrences(out, names[i], &value) > 1)
            return fault_set(why, "headers: %s stands there twice", names[i]);
    }
    return true;
}

/* A name or address, which may be empty, and perhaps a port: RFC 3986, 3.2.2 and 3.2.3. */
static bool is_host(const char *at)
{
    static const char letters[] = ":-._~%!$&'()*+,;=0123456789"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    if (*at == '[') {
        at += 1 + strspn(at + 1, letters);
        if (*at++ != ']')
            return false;
    } else {
        at += strspn(at, letters + 1); // a colon begins the port
    }
    if (*at == ':')
        at += 1 + strspn(at + 1, "0123456789");
    return *at == '\0';
}

/* RFC 9112, 3.2. It names nobody's host but ours, whatever it says. */
static bool read_host(const struct http_head *out, int *out_code, struct fault *why)
{
    const char *value = NULL;

    if (occurrences(out, "Host", &value) == 0)
        return out->old || refuse(out_code, 400, why, "headers: no Host");
    return is_host(value) || refuse(out_code, 400, why, "headers: a Host that is no host");
}

static bool read_expect_and_connection(struct http_head *out, int *out_code, struct fault *why)
{
    const char *value = NULL;

    for (size_t i = 0; i < out->n; i++) {
        const struct http_field *field = &out->fields[i];

        if (!is_called(field, "Connection"))
            continue;
        if (lists(field->value, "close"))
            out->keep_alive = false;
        else if (out->old && lists(field->value, "keep-alive"))
            out->keep_alive = true;
    }
    if (out->old || occurrences(out, "Expect", &value) == 0)
        return true;
    out->expects = strcasecmp(value, "100-continue") == 0;
    return out->expects || refuse(out_code, 417, why, "headers: Expect: only 100-continue is met");
}

bool http_head_read(char *bytes, size_t n, struct http_head *out, int *out_code, struct fault *why)
{
    size_t begin = blank_lines(bytes, n);
    char *line = bytes + begin, *end;

    *out = (struct http_head){ 0 };
    bytes[n - 2] = '\0'; // of the last CR LF
    end = strstr(line, "\r\n");
    *end = '\0';
    if (end - line > HTTP_LINE_MAX)
        return too_long(out_code, why);
    if (!read_request_line(line, out, out_code, why))
        return false;
    for (line = end + 2; *line != '\0'; line = end + 2) {
        end = strstr(line, "\r\n");
        *end = '\0';
        if (!read_field(line, out, out_code, why))
            return false;
    }
    return read_framing(out, out_code, why) && read_singles(out, out_code, why) &&
           read_host(out, out_code, why) && read_coding(out, out_code, why) &&
           read_expect_and_connection(out, out_code, why);
}

size_t http_head_lines(const struct http_head *head, const char *name)
{
    const char *value;

    return occurrences(head, name, &value);
}

const char *http_head_field(const struct http_head *head, const char *name)
{
    const char *value = NULL;

    occurrences(head, name, &value);
    return value;
}
