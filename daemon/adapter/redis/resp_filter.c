/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/resp_filter.h"

#include <limits.h>
#include <string.h>

static const char nil[] = "$-1\r\n", empty[] = "*0\r\n";

struct output {
    char *bytes;
    size_t room, n;
};

static void put(struct output *out, const char *bytes, size_t n)
{
    memcpy(out->bytes + out->n, bytes, n);
    out->n += n;
}

static size_t smaller(uint64_t a, size_t b)
{
    return a < b ? (size_t)a : b;
}

/* The length in a head such as "$12\r\n"; -1 is nil's. */
static bool read_length(const struct resp_filter *filter, int64_t *out)
{
    const char *at = filter->head + 1, *end = filter->head + filter->n - 2;
    bool negative = at < end && *at == '-';
    int64_t length = 0;

    at += negative;
    if (at >= end || *end != '\r')
        return false;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        length = length * 10 + (*at - '0');
        if (length > INT_MAX)
            return false;
    }
    *out = negative ? -length : length;
    return *out >= -1;
}

static void take_text(struct resp_filter *filter, int64_t length, struct output *out)
{
    bool wanted = filter->drop == 0;
    bool fits = length <= filter->limits.texts - filter->texts;

    if (!wanted)
        filter->drop--;
    else if (fits)
        put(out, filter->head, filter->n);
    else
        put(out, nil, sizeof nil - 1);
    if (length < 0)
        return;
    if (wanted && fits)
        filter->texts += length;
    filter->state = wanted && fits ? RESP_FILTER_PASS : RESP_FILTER_SKIP;
    filter->left = (uint64_t)length + 2;
}

static void take_list(struct resp_filter *filter, int64_t length, struct output *out)
{
    uint64_t members = length > 0 ? (uint64_t)length : 0;

    if (filter->drop > 0) {
        filter->drop += members;
        filter->drop--;
        return;
    }
    filter->texts = 0;
    if (length <= filter->limits.members) {
        put(out, filter->head, filter->n);
        return;
    }
    put(out, empty, sizeof empty - 1);
    filter->drop = members;
}

/* The whole head of a text or list has come. */
static bool take_head(struct resp_filter *filter, struct output *out)
{
    int64_t length;

    if (!read_length(filter, &length))
        return false;
    filter->state = RESP_FILTER_HEAD;
    if (filter->head[0] == '$')
        take_text(filter, length, out);
    else
        take_list(filter, length, out);
    filter->n = 0;
    return true;
}

/* What there is of a head; false when it is too long or says no length. */
static bool add_to_head(struct resp_filter *filter, const char *bytes, size_t n, size_t *done,
                        struct output *out)
{
    size_t room = RESP_FILTER_HEAD_MAX - filter->n, length = n < room ? n : room;
    const char *end = memchr(bytes, '\n', length);

    if (filter->n == 0 && bytes[0] != '$' && bytes[0] != '*') {
        filter->state = RESP_FILTER_LINE; // a word, an error or a number: as it is
        return true;
    }
    if (end != NULL)
        length = (size_t)(end - bytes) + 1;
    memcpy(filter->head + filter->n, bytes, length);
    filter->n += length;
    *done += length;
    return end != NULL ? take_head(filter, out) : filter->n < RESP_FILTER_HEAD_MAX;
}

/* Bytes of a line up to its end, or of a text. */
static size_t pass(struct resp_filter *filter, const char *bytes, size_t n, struct output *out)
{
    bool line = filter->state == RESP_FILTER_LINE;
    bool wanted = line ? filter->drop == 0 : filter->state == RESP_FILTER_PASS;
    const char *end = line ? memchr(bytes, '\n', n) : NULL;
    size_t length = line ? (end ? (size_t)(end - bytes) + 1 : n) : smaller(filter->left, n);
    bool over;

    if (wanted && length > out->room - out->n) {
        length = out->room - out->n;
        end = NULL;
    }
    if (wanted)
        put(out, bytes, length);
    if (!line)
        filter->left -= length;
    over = line ? end != NULL : filter->left == 0;
    if (line && over && filter->drop > 0)
        filter->drop--;
    if (over)
        filter->state = RESP_FILTER_HEAD;
    return length;
}

bool resp_filter_feed(struct resp_filter *filter, const char *bytes, size_t n, size_t *out_done,
                      char *out, size_t room, size_t *out_n)
{
    struct output output = { out, room, 0 };
    size_t done = 0;
    bool well = true;

    // A head may put RESP_FILTER_HEAD_MAX bytes at once.
    while (well && done < n && output.n + RESP_FILTER_HEAD_MAX <= room) {
        if (filter->state == RESP_FILTER_HEAD)
            well = add_to_head(filter, bytes + done, n - done, &done, &output);
        else
            done += pass(filter, bytes + done, n - done, &output);
    }
    *out_done = done;
    *out_n = output.n;
    return well;
}
