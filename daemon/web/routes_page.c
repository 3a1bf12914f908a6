/* SPDX-License-Identifier: Apache-2.0 */
/* routes_page.c - the page's files, and its map tiles by ranges. */
#include "web/byte_range.h"
#include "web/routes_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void say_range(struct http_exchange *exchange, const struct page_file *file, uint64_t from,
                      uint64_t n)
{
    char text[96];

    snprintf(text, sizeof text, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, from, from + n - 1,
             file->size);
    http_add_header(exchange, "Content-Range", text);
}

static void refuse_range(struct http_exchange *exchange, const struct page_file *file,
                         enum byte_range_is is)
{
    char text[64];

    snprintf(text, sizeof text, "bytes */%" PRIu64, file->size);
    http_add_header(exchange, "Content-Range", text);
    snprintf(text, sizeof text, "no byte of that range is among the file's %" PRIu64, file->size);
    answer_why(exchange, 416, is == RANGE_NONE ? text : "ask for a range of at most 1 MiB");
}

/* At most PAGE_RANGE_MAX bytes of them; the whole file when it is no larger. */
static void answer_tiles(const struct asked *asked, const struct page_file *file)
{
    uint64_t from = 0, n = file->size;
    enum byte_range_is is = byte_range_read(http_header(asked->exchange, "Range"), file->size,
                                            PAGE_RANGE_MAX, &from, &n);
    char *bytes;

    if (is == RANGE_NONE || n > PAGE_RANGE_MAX) {
        refuse_range(asked->exchange, file, is);
        return;
    }
    bytes = malloc(n + 1);
    if (bytes == NULL || !page_read(file, from, n, bytes)) {
        free(bytes);
        answer_why(asked->exchange, 503, "the tiles cannot be read, or were written over: reload");
        return;
    }
    if (is == RANGE_PART)
        say_range(asked->exchange, file, from, n);
    http_answer(NULL, asked->exchange, is == RANGE_PART ? 206 : 200, file->type, bytes, n);
    free(bytes);
}

static bool is_greedy(const struct asked *asked)
{
    uint64_t from = http_address_key(asked->exchange);

    return http_untaken(asked->web->door, 0) > WEB_TILES_UNTAKEN ||
           (from != 0 && http_untaken(asked->web->door, from) > WEB_TILES_OF_ADDRESS);
}

/*
 * Tiles are for who may look at places: nobody else has anything to draw on them. A disk keeps none
 * of them, for which ones were looked at tells where.
 */
static void route_tiles(const struct asked *asked, const struct page_file *file)
{
    struct http_exchange *exchange = asked->exchange;
    const struct session *session = who_asks(asked->web, exchange);

    if (session == NULL) {
        answer_why(exchange, 401, "not logged in");
    } else if (session->user.role < USER_MAP) {
        answer_why(exchange, 403, "another role is wanted");
    } else if (is_greedy(asked)) {
        http_retry_after(exchange, 1);
        answer_why(exchange, 429, "too much of what was asked for is not taken yet");
    } else {
        http_add_header(exchange, "ETag", file->etag);
        http_add_header(exchange, "Cache-Control", "no-store");
        http_add_header(exchange, "Accept-Ranges", "bytes");
        answer_tiles(asked, file);
    }
}

void route_page(const struct asked *asked)
{
    struct http_exchange *exchange = asked->exchange;
    const struct page_file *file = page_find(asked->web->page, http_path(exchange));

    if (file == NULL) {
        answer_why(exchange, 404, "no such file");
        return;
    }
    if (file->bytes == NULL) {
        route_tiles(asked, file);
        return;
    }
    http_add_header(exchange, "ETag", file->etag);
    http_add_header(exchange, "Cache-Control", "no-cache");
    if (page_etag_matches(http_header(exchange, "If-None-Match"), file->etag))
        http_answer(NULL, exchange, 304, file->type, "", 0);
    else
        http_answer(NULL, exchange, 200, file->type, file->bytes, file->size);
}
