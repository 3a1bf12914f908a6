/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/resp_reader.h"

#include <string.h>

struct redis_reply resp_reader_value(const redisReply *reply)
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

    return list->kind == REDIS_LIST && nth < list->n ? resp_reader_value(reply->element[nth])
                                                     : (struct redis_reply){ .text = "" };
}

struct redis_reply redis_field(const struct redis_reply *fields, const char *name)
{
    for (size_t i = 0; i + 1 < fields->n; i += 2) { // within what resp_filter lets through
        struct redis_reply key = redis_item(fields, i);

        if (key.kind == REDIS_TEXT && strcmp(key.text, name) == 0)
            return redis_item(fields, i + 1);
    }
    return (struct redis_reply){ .kind = REDIS_NIL, .text = "" };
}

const char *redis_field_text(const struct redis_reply *fields, const char *name)
{
    struct redis_reply value = redis_field(fields, name);

    return value.kind == REDIS_TEXT ? value.text : "";
}

/* ---- replies of many pieces, in an arena: a malloc for each costs more than reading them ---- */

static redisReply *put(const redisReadTask *task, int type)
{
    redisReply *reply = arena_take(task->privdata, sizeof *reply);

    if (reply == NULL)
        return NULL;
    reply->type = type;
    if (task->parent != NULL)
        ((redisReply *)task->parent->obj)->element[task->idx] = reply;
    return reply;
}

static void *put_text(const redisReadTask *task, char *text, size_t n)
{
    redisReply *reply = put(task, task->type);
    char *copy = reply ? arena_take(task->privdata, n + 1) : NULL; // with a NUL behind it

    if (copy == NULL)
        return NULL;
    reply->str = memcpy(copy, text, n);
    reply->len = n;
    return reply;
}

/* hiredis 0.14 takes any length of a list for true, and memory for it. */
static void *put_list(const redisReadTask *task, int n)
{
    redisReply *reply = n <= REDIS_LIST_MAX ? put(task, REDIS_REPLY_ARRAY) : NULL;

    if (reply == NULL)
        return NULL;
    reply->elements = (size_t)n;
    reply->element = arena_take(task->privdata, reply->elements * sizeof(redisReply *));
    return reply->element != NULL ? reply : NULL;
}

static void *put_number(const redisReadTask *task, long long number)
{
    redisReply *reply = put(task, REDIS_REPLY_INTEGER);

    if (reply != NULL)
        reply->integer = number;
    return reply;
}

static void *put_nil(const redisReadTask *task)
{
    return put(task, REDIS_REPLY_NIL);
}

static void leave(void *reply)
{
    (void)reply; // the arena's
}

redisReader *resp_reader_create(struct arena *lists)
{
    static redisReplyObjectFunctions functions = { put_text, put_list, put_number, put_nil, leave };
    redisReader *reader = lists ? redisReaderCreateWithFunctions(&functions) : redisReaderCreate();

    if (reader != NULL)
        reader->privdata = lists;
    return reader;
}

/* ---- looked at before hiredis does ---- */

bool resp_reader_begins_a_list(const redisReader *reader)
{
    // Asked when there was nothing yet, the reader has begun with a reply of no type.
    bool between = reader->ridx == -1 || (reader->ridx == 0 && reader->rstack[0].type == -1);

    return between && reader->pos < reader->len && reader->buf[reader->pos] == '*';
}

/* hiredis looks for a line's end from its beginning each time: a long line would eat the loop. */
bool resp_reader_lacks_an_end(const redisReader *reader)
{
    return reader->len - reader->pos >= REDIS_LINE_LIMIT &&
           memmem(reader->buf + reader->pos, REDIS_LINE_LIMIT, "\r\n", 2) == NULL;
}
