/* SPDX-License-Identifier: Apache-2.0 */
/* table.h - items by name, zeroed when they are made, each staying where it is for ever. */
#ifndef CORE_TABLE_H
#define CORE_TABLE_H

#include "core/arena.h"
#include "core/lookup.h"

/*
 * A lookup cannot grow, so a larger one is made when it is full, and filled at so many a take: the
 * loop does not wait for a million names to move.
 */
enum { TABLE_MOVES = 8 };

struct table {
    size_t size; /* of an item; set it, the rest zeroed */
    struct arena arena;
    struct lookup lookup, older; /* the older one has those who have not moved yet; or zeroed */
    struct table_slot **slots;
    size_t n, room, moved; /* moved: so many slots are in `lookup` */
};

void table_fini(struct table *table);

void *table_take(struct table *table, const char *name);       /* made when new; NULL: no memory */
void *table_find(const struct table *table, const char *name); /* NULL: there is none */

/* The number of the item of that name in the order of making; false: there is none. */
bool table_number(const struct table *table, const char *name, size_t *out_nth);

/* Item number `nth` in the order of making, and its name; NULL past the last. */
void *table_nth(const struct table *table, size_t nth, const char **out_name);

/* Every item zeroed, the names kept. */
void table_blank(struct table *table);

#endif
