/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

void *arena_take(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->newest;
    size_t need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);

    if (block == NULL || block->size - block->used < need) {
        size_t room = need > BLOCK_SIZE ? need : BLOCK_SIZE;

        block = calloc(1, sizeof *block + room);
        if (block == NULL)
            return NULL;
        block->size = room;
        block->older = arena->newest;
        arena->newest = block;
    }
    block->used += need;
    return block->bytes + block->used - need;
}

char *arena_text(struct arena *arena, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    char *copy = text ? arena_take(arena, size) : NULL;

    return copy ? memcpy(copy, text, size) : NULL;
}

void arena_fini(struct arena *arena)
{
    while (arena->newest != NULL) {
        struct arena_block *older = arena->newest->older;

        free(arena->newest);
        arena->newest = older;
    }
}

struct arena_place arena_here(const struct arena *arena)
{
    return (struct arena_place){ arena->newest, arena->newest ? arena->newest->used : 0 };
}

void arena_back(struct arena *arena, struct arena_place place)
{
    while (arena->newest != place.newest) {
        struct arena_block *older = arena->newest->older;

        free(arena->newest);
        arena->newest = older;
    }
    if (arena->newest == NULL)
        return;
    memset(arena->newest->bytes + place.used, 0, arena->newest->used - place.used);
    arena->newest->used = place.used;
}
