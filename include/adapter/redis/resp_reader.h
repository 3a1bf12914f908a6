/* SPDX-License-Identifier: Apache-2.0 */
/* resp_reader.h - hiredis's decoder with the limits that it lacks; for redis.c alone. */
#ifndef ADAPTER_REDIS_RESP_READER_H
#define ADAPTER_REDIS_RESP_READER_H

#include "adapter/redis/redis.h"
#include "core/arena.h"

#include <hiredis.h>

/*
 * With `lists` it takes lists too, of REDIS_LIST_MAX members, and makes replies there: they are
 * freed with it and not by freeReplyObject. NULL: none. NULL when memory is out.
 */
redisReader *resp_reader_create(struct arena *lists);

/* Borrows from the reply. */
struct redis_reply resp_reader_value(const redisReply *reply);

/* The next reply is a list; to be asked where none was wanted. */
bool resp_reader_begins_a_list(const redisReader *reader);

/* A line is longer than REDIS_LINE_LIMIT and still has no end. */
bool resp_reader_lacks_an_end(const redisReader *reader);

#endif
