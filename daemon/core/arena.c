/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* Each block is twice as large as the one before, up to one that the system takes back at once. */
enum { BLOCK_SIZE = 64 * 1024, BLOCK_MOST = 1024 * 1024 };

/* Of numbers and pointers: nothing here is a long double. */
enum { ALIGN = 8 };

struct arena_block {
    struct arena_block *older;
    size_t used, size;
    alignas(ALIGN) char bytes[];
};

static size_t next_size(const struct arena_block *newest, size_t size)
{
    size_t next = newest == NULL                  ? BLOCK_SIZE
                  : newest->size < BLOCK_MOST / 2 ? 2 * newest->size
                                                  : BLOCK_MOST;

    return size > next ? size : next;
}

static void *take(struct arena *arena, size_t size, size_t align)
{
    struct arena_block *block = arena->newest;
    size_t from = block != NULL ? (block->used + align - 1) & ~(align - 1) : 0;

    if (block == NULL || from > block->size || block->size - from < size) {
        size_t room = next_size(block, size);

        block = calloc(1, sizeof *block + room);
        if (block == NULL)
            return NULL;
        block->size = room;
        block->older = arena->newest;
        arena->newest = block;
        from = 0;
    }
    block->used = from + size;
    return block->bytes + from;
}

void *arena_take(struct arena *arena, size_t size)
{
    return take(arena, size, ALIGN);
}

char *arena_text(struct arena *arena, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    char *copy = text ? take(arena, size, 1) : NULL; // most texts are shorter than a gap would be

    return copy ? memcpy(copy, text, size) : NULL;
}

void arena_fini(struct arena *arena)
{
    while (arena->newest != NULL) { // a block each turn
        struct arena_block *older = arena->newest->older;

        free(arena->newest);
        arena->newest = older;
    }
}

void arena_clear(struct arena *arena)
{
    struct arena_block *kept = arena->newest;

    if (kept == NULL)
        return;
    arena->newest = kept->older;
    arena_fini(arena);
    if (kept->size > BLOCK_MOST) { // of one huge piece
        free(kept);
        return;
    }
    memset(kept->bytes, 0, kept->used);
    kept->used = 0;
    kept->older = NULL;
    arena->newest = kept;
}

struct arena_place arena_here(const struct arena *arena)
{
    return (struct arena_place){ arena->newest, arena->newest ? arena->newest->used : 0 };
}

void arena_back(struct arena *arena, struct arena_place place)
{
    while (arena->newest != place.newest) { // a block each turn
        struct arena_block *older = arena->newest->older;

        free(arena->newest);
        arena->newest = older;
    }
    if (arena->newest == NULL)
        return;
    memset(arena->newest->bytes + place.used, 0, arena->newest->used - place.used);
    arena->newest->used = place.used;
}
