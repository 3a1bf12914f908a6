/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/http/http_chunks.h"

#include "adapter/http/http_head.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { SIZE_DIGITS_MAX = 15 }; // always fits into an int64_t

static enum http_chunk bad(struct fault *why, const char *text)
{
    fault_set(why, "%s", text);
    return CHUNK_BAD;
}

static bool is_text(char byte)
{
    return byte == '\t' || ((unsigned char)byte >= ' ' && byte != '\x7f');
}

/* A line of text up to its CR LF: how long it is. CHUNK_DATA stands for "there is one". */
static enum http_chunk find_line(const char *bytes, size_t n, size_t *out_length, struct fault *why)
{
    size_t i = 0;

    while (i < n && is_text(bytes[i]))
        i++;
    if (i >= HTTP_CHUNK_LINE_MAX - 2)
        return bad(why, "chunk: a line of more than 256 bytes");
    if (i < n && bytes[i] != '\r')
        return bad(why, "chunk: a control character, or a LF without CR");
    if (i + 1 < n && bytes[i + 1] != '\n')
        return bad(why, "chunk: a CR without LF");
    *out_length = i;
    return i + 1 < n ? CHUNK_DATA : CHUNK_PART;
}

/* A token, or text in quotes, moved past; false when there is neither. */
static bool skip_word(const char **at, const char *end)
{
    const char *begin = *at;

    if (begin < end && *begin == '"') {
        for ((*at)++; *at < end && **at != '"'; (*at)++)
            *at += **at == '\\' && *at + 1 < end;
        return *at < end && *(*at)++ == '"';
    }
    while (*at < end && strchr(" \t;=\"\\,", **at) == NULL)
        (*at)++;
    return *at > begin;
}

/* ";name" or ";name=value", any number of them. They mean nothing to us, but may hide nothing. */
static bool are_extensions(const char *at, const char *end)
{
    while (at < end) {
        if (*at++ != ';' || at == end || *at == '"' || !skip_word(&at, end))
            return false;
        if (at < end && *at == '=' && (at++, !skip_word(&at, end)))
            return false;
    }
    return true;
}

/* "1f4" or "1f4;name=value". */
static enum http_chunk read_size(struct http_chunks *chunks, const char *line, size_t n,
                                 struct fault *why)
{
    size_t digits = 0;

    chunks->left = 0;
    while (digits < n && digits < SIZE_DIGITS_MAX && isxdigit((unsigned char)line[digits])) {
        char digit = line[digits++];

        chunks->left = chunks->left * 16 + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
    }
    if (digits == 0 || (digits < n && line[digits] != ';'))
        return bad(why, "chunk: a size that is no hexadecimal number");
    if (!are_extensions(line + digits, line + n))
        return bad(why, "chunk: extensions that are none");
    chunks->at = chunks->left > 0 ? CHUNKS_DATA_END : CHUNKS_TRAILER;
    return chunks->left > 0 ? CHUNK_DATA : CHUNK_PART;
}

/*
 * What says where a request ends and whom it is for must have been said before (RFC 9110, 6.5.1).
 */
static bool is_too_late(const char *name, size_t n)
{
    static const char *const names[] = { "Content-Length", "Host", "Transfer-Encoding" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i]) == n && strncasecmp(names[i], name, n) == 0)
            return true;
    }
    return false;
}

static enum http_chunk read_trailer(struct http_chunks *chunks, const char *line, size_t n,
                                    struct fault *why)
{
    size_t name = http_head_token(line, n);

    if (n == 0)
        return CHUNK_END;
    chunks->trailers += n;
    if (chunks->trailers > HTTP_TRAILERS_MAX)
        return bad(why, "trailers: more than 4 KiB");
    if (name == 0 || name == n || line[name] != ':')
        return bad(why, "trailers: a line that is not NAME: VALUE");
    if (is_too_late(line, name))
        return bad(why, "trailers: Content-Length, Host or Transfer-Encoding");
    return CHUNK_PART;
}

static enum http_chunk read_line(struct http_chunks *chunks, const char *line, size_t n,
                                 struct fault *why)
{
    if (chunks->at == CHUNKS_SIZE)
        return read_size(chunks, line, n, why);
    if (chunks->at == CHUNKS_TRAILER)
        return read_trailer(chunks, line, n, why);
    chunks->at = CHUNKS_SIZE;
    return n == 0 ? CHUNK_PART : bad(why, "chunk: goes on behind its size");
}

enum http_chunk http_chunks_take(struct http_chunks *chunks, const char *bytes, size_t n,
                                 size_t *out_taken, struct fault *why)
{
    enum http_chunk found;
    size_t length;

    *out_taken = 0;
    for (;;) { // a line of the `n` bytes each turn
        const char *line = bytes + *out_taken;

        found = find_line(line, n - *out_taken, &length, why);
        if (found != CHUNK_DATA)
            return found;
        *out_taken += length + 2;
        found = read_line(chunks, line, length, why);
        if (found != CHUNK_PART)
            return found;
    }
}
