/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redis_memory.h - what `INFO memory` says of the room that Redis has left. When it
 * is full it takes no alert any more, or, with another policy than noeviction,
 * throws away what it likes. Pure.
 */
#ifndef ADAPTER_REDIS_MEMORY_H
#define ADAPTER_REDIS_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

enum {
    REDIS_MEMORY_TELL = 80, /* per cent of maxmemory: told, and until it is */
    REDIS_MEMORY_CALM = 75, /* below that */
    REDIS_POLICY_MAX = 32
};

/* Zeroed: nothing is known. */
struct redis_memory {
    uint64_t used, most; /* bytes; `most` 0: no limit */
    char policy[REDIS_POLICY_MAX];
    bool short_of; /* it is nearly full */
};

/*
 * From the text of INFO: false, with *memory as it was, where that lacks one of the figures.
 * `short_of` goes on at TELL per cent, and off below CALM.
 */
bool redis_memory_read(const char *info, struct redis_memory *memory);

/* Per cent of `most`; 0 where there is no limit. */
double redis_memory_share(const struct redis_memory *memory);

/* Redis may throw away what it holds when it is full. */
bool redis_memory_evicts(const struct redis_memory *memory);

#endif
