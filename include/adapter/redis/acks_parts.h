/* SPDX-License-Identifier: Apache-2.0 */
/* acks_parts.h - what the reader of the control room's acks is made of; for acks*.c alone. */
#ifndef ADAPTER_REDIS_ACKS_PARTS_H
#define ADAPTER_REDIS_ACKS_PARTS_H

#include "adapter/redis/acks.h"

#include "core/instant.h"

enum { ACKS_KEY_MAX = NAME_MAX_CHARS + 32 };

struct acks {
    struct redis *redis;
    struct acks_options options; /* its texts are not kept */
    char stream[ACKS_KEY_MAX], refused[ACKS_KEY_MAX];
    char after[ENTRY_ID_MAX];
    bool asking;                   /* a read is under way, or a look after the stream */
    struct tick tended;            /* when it was last looked after; 0: not on this connection */
    char trimmed[ENTRY_ID_MAX];    /* up to which id it is taken out of the stream */
    char unkept[REDIS_WHY_MAX];    /* why a refusal could last not be answered; "": it could */
    char untrimmed[REDIS_WHY_MAX]; /* why the stream could last not be trimmed; "" */
};

/* acks_take.c: takes one entry; false: not now, it is to be read again. */
bool acks_take(struct acks *acks, const struct redis_reply *entry);

/* acks_tend.c: whether it is time to look after the stream; asks, and then reads on. */
bool acks_tend_due(const struct acks *acks);
void acks_tend(struct acks *acks);

#endif
