/* SPDX-License-Identifier: Apache-2.0 */
/* book.h - items by name, zeroed when they are made, each staying where it is for ever. */
#ifndef APP_BOOK_H
#define APP_BOOK_H

#include "core/arena.h"
#include "core/index.h"

/* An index cannot grow, so a larger one is made when it is full, and filled at so many a take: the
 * loop does not wait for a million names to move. */
enum { BOOK_MOVES = 8 };

struct book {
    size_t size; /* of an item; set it, the rest zeroed */
    struct arena arena;
    struct index index, older; /* the older one has those who have not moved yet; or zeroed */
    struct book_slot **slots;
    size_t n, room, moved; /* moved: so many slots are in `index` */
};

void book_fini(struct book *book);

void *book_take(struct book *book, const char *name);       /* made when new; NULL: no memory */
void *book_find(const struct book *book, const char *name); /* NULL: there is none */

/* Which number it has in the order of making; false: there is none. */
bool book_number(const struct book *book, const char *name, size_t *out_nth);

/* Item number `nth` in the order of making, and its name; NULL past the last. */
void *book_nth(const struct book *book, size_t nth, const char **out_name);

/* Every item zeroed, the names kept. */
void book_blank(struct book *book);

#endif
