/* SPDX-License-Identifier: Apache-2.0 */
#include "app/book.h"

#include <stdlib.h>
#include <string.h>

struct book_slot {
    const char *name;
    _Alignas(max_align_t) unsigned char item[];
};

static bool grow(struct book *book, size_t room)
{
    struct index index;
    struct book_slot **slots = reallocarray(book->slots, room, sizeof(struct book_slot *));

    if (slots == NULL)
        return false;
    book->slots = slots;
    if (!index_init(&index, room))
        return false;
    book->older = book->index; // the one before it was emptied long ago: room has doubled since
    book->index = index;
    book->moved = 0;
    book->room = room;
    return true;
}

/* Some names more into the larger index. */
static void move_some(struct book *book)
{
    if (book->older.places == NULL)
        return;
    for (int i = 0; i < BOOK_MOVES && book->moved < book->older.n; i++, book->moved++)
        index_put(&book->index, book->slots[book->moved]->name, book->moved);
    if (book->moved == book->older.n)
        index_fini(&book->older);
}

void *book_find(const struct book *book, const char *name)
{
    size_t nth;

    return book_number(book, name, &nth) ? book->slots[nth]->item : NULL;
}

void *book_take(struct book *book, const char *name)
{
    void *item = book_find(book, name);
    struct book_slot *slot;

    move_some(book);
    if (item != NULL)
        return item;
    if (book->n == book->room && !grow(book, 2 * book->room + 64))
        return NULL;
    slot = arena_take(&book->arena, sizeof *slot + book->size);
    if (slot == NULL || (slot->name = arena_text(&book->arena, name)) == NULL)
        return NULL;
    index_put(&book->index, slot->name, book->n);
    book->slots[book->n++] = slot;
    return slot->item;
}

bool book_number(const struct book *book, const char *name, size_t *out_nth)
{
    return index_find(&book->index, name, out_nth) || index_find(&book->older, name, out_nth);
}

void *book_nth(const struct book *book, size_t nth, const char **out_name)
{
    if (nth >= book->n)
        return NULL;
    *out_name = book->slots[nth]->name;
    return book->slots[nth]->item;
}

void book_blank(struct book *book)
{
    for (size_t i = 0; i < book->n; i++)
        memset(book->slots[i]->item, 0, book->size);
}

void book_fini(struct book *book)
{
    index_fini(&book->index);
    index_fini(&book->older);
    free(book->slots);
    arena_fini(&book->arena);
}
