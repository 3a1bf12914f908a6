/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the head of a request, and what is behind it as chunks: in one piece or in many. */
#include "adapter/http/http_chunks.h"
#include "adapter/http/http_head.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

static bool is_refusal(int code)
{
    return code == 400 || code == 413 || code == 414 || code == 415 || code == 417 || code == 431 ||
           code == 501 || code == 505;
}

/* What the rest of the door leans on. */
static void check(const struct http_head *head)
{
    promise(head->path[0] == '/' || strcmp(head->path, "*") == 0);
    promise(head->length >= 0 && (!head->chunked || head->length == 0));
    promise(head->n <= HTTP_FIELDS_MAX);
    for (size_t i = 0; i < head->n; i++) {
        promise(head->fields[i].name[0] != '\0');
        promise(head->fields[i].name[strcspn(head->fields[i].name, " \t\r\n:")] == '\0');
        promise(head->fields[i].value[strcspn(head->fields[i].value, "\r\n")] == '\0');
    }
}

/* Where the head ends, 0: it does not; the same however it comes in. */
static size_t find(const char *bytes, size_t n, size_t step)
{
    struct fault why = { .text = "" };
    size_t at = 0;
    int code = 0;

    for (size_t have = 0; have < n;) {
        enum http_seen seen;

        have = have + step < n ? have + step : n;
        seen = http_head_find(bytes, have, &at, &code, &why);
        promise(at <= have && at <= HTTP_HEAD_MAX);
        if (seen == HTTP_SEEN_HEAD)
            return at;
        if (seen == HTTP_SEEN_BAD) {
            promise(is_refusal(code) && why.text[0] != '\0');
            return 0;
        }
    }
    return 0;
}

static void try_chunks(const char *bytes, size_t n)
{
    struct http_chunks chunks = { 0 };
    struct fault why = { .text = "" };
    size_t at = 0, taken;

    for (;;) {
        size_t view = n - at < HTTP_CHUNK_LINE_MAX ? n - at : HTTP_CHUNK_LINE_MAX;
        enum http_chunk found = http_chunks_take(&chunks, bytes + at, view, &taken, &why);

        promise(taken <= view);
        at += taken;
        if (found == CHUNK_BAD)
            promise(why.text[0] != '\0');
        if (found != CHUNK_DATA)
            return;
        promise(chunks.left > 0);
        if ((uint64_t)chunks.left > n - at)
            return;
        at += (size_t)chunks.left;
        chunks.left = 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct http_head head;
    struct fault why = { .text = "" };
    char *copy = malloc(n + 1); // of its size, nearly
    size_t end;
    int code = 0;

    promise(copy != NULL);
    if (n > 0)
        memcpy(copy, bytes, n);
    end = find(copy, n, n + 1);
    promise(find(copy, n, 1) == end || n >= HTTP_LINE_MAX);
    try_chunks(copy + end, n - end);
    if (end > 0 && http_head_read(copy, end, &head, &code, &why))
        check(&head);
    else if (end > 0)
        promise(is_refusal(code) && why.text[0] != '\0');
    free(copy);
    return 0;
}
