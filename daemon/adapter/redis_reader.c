/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis_reader.h"

#include <string.h>

struct redis_reply reader_value(const redisReply *reply)
{
    struct redis_reply value = { .kind = REDIS_TEXT, .number = reply->integer, .text = "" };

    switch (reply->type) {
    case REDIS_REPLY_ERROR:
        value.kind = REDIS_ERROR;
        value.text = reply->str;
        break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
        value.text = reply->str;
        value.n = (size_t)reply->len;
        break;
    case REDIS_REPLY_INTEGER:
        value.kind = REDIS_NUMBER;
        break;
    case REDIS_REPLY_NIL:
        value.kind = REDIS_NIL;
        break;
    default:
        value.kind = REDIS_LIST;
        value.n = reply->elements;
        value.list = reply;
    }
    return value;
}

struct redis_reply redis_item(const struct redis_reply *list, size_t nth)
{
    const redisReply *reply = list->list;

    return list->kind == REDIS_LIST && nth < list->n ? reader_value(reply->element[nth])
                                                     : (struct redis_reply){ .text = "" };
}

static void *(*make_list)(const redisReadTask *task, int n); // hiredis's own

/* hiredis 0.14 takes any length of a list for true, and memory for it. */
static void *make_short_list(const redisReadTask *task, int n)
{
    return n <= REDIS_LIST_MAX ? make_list(task, n) : NULL;
}

redisReader *reader_create(bool lists)
{
    static redisReplyObjectFunctions functions;
    redisReader *reader = redisReaderCreate();

    if (reader == NULL || !lists)
        return reader;
    make_list = make_list ? make_list : reader->fn->createArray;
    functions = *reader->fn;
    functions.createArray = make_short_list;
    reader->fn = &functions;
    return reader;
}

bool reader_begins_a_list(const redisReader *reader)
{
    // Asked when there was nothing yet, the reader has begun with a reply of no type.
    bool between = reader->ridx == -1 || (reader->ridx == 0 && reader->rstack[0].type == -1);

    return between && reader->pos < reader->len && reader->buf[reader->pos] == '*';
}

/* hiredis looks for a line's end from its beginning each time: a long line would eat the loop. */
bool reader_lacks_an_end(const redisReader *reader)
{
    return reader->len - reader->pos >= REDIS_LINE_LIMIT &&
           memmem(reader->buf + reader->pos, REDIS_LINE_LIMIT, "\r\n", 2) == NULL;
}
