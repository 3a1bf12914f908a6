/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h - many small pieces that live and die together, as a rulebook's do. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stddef.h>

struct arena_block;

/* Zeroed is empty. */
struct arena {
    struct arena_block *newest;
};

/*
 * Zeroed memory for anything that needs no more than 8 bytes' alignment, as all but a long double
 * does; NULL when there is none. Freed by arena_fini alone.
 */
void *arena_take(struct arena *arena, size_t size);
char *arena_text(struct arena *arena, const char *text); /* a copy; NULL gives NULL */
void arena_fini(struct arena *arena);

/* All that was taken is gone; what the next one takes comes from one block that is kept for it. */
void arena_clear(struct arena *arena);

/* Where it stands; and back to there: what was taken since is gone. */
struct arena_place {
    struct arena_block *newest;
    size_t used;
};
struct arena_place arena_here(const struct arena *arena);
void arena_back(struct arena *arena, struct arena_place place);

#endif
