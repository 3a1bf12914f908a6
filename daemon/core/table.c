/* SPDX-License-Identifier: Apache-2.0 */
#include "core/table.h"

#include <stdlib.h>
#include <string.h>

struct table_slot {
    const char *name;
    _Alignas(max_align_t) unsigned char item[];
};

static bool grow(struct table *book, size_t room)
{
    struct index index;
    struct table_slot **slots = reallocarray(book->slots, room, sizeof(struct table_slot *));

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
static void move_some(struct table *book)
{
    if (book->older.places == NULL)
        return;
    for (int i = 0; i < TABLE_MOVES && book->moved < book->older.n; i++, book->moved++)
        index_put(&book->index, book->slots[book->moved]->name, book->moved);
    if (book->moved == book->older.n)
        index_fini(&book->older);
}

void *table_find(const struct table *book, const char *name)
{
    size_t nth;

    return table_number(book, name, &nth) ? book->slots[nth]->item : NULL;
}

void *table_take(struct table *book, const char *name)
{
    void *item = table_find(book, name);
    struct table_slot *slot;

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

bool table_number(const struct table *book, const char *name, size_t *out_nth)
{
    return index_find(&book->index, name, out_nth) || index_find(&book->older, name, out_nth);
}

void *table_nth(const struct table *book, size_t nth, const char **out_name)
{
    if (nth >= book->n)
        return NULL;
    *out_name = book->slots[nth]->name;
    return book->slots[nth]->item;
}

void table_blank(struct table *book)
{
    for (size_t i = 0; i < book->n; i++)
        memset(book->slots[i]->item, 0, book->size);
}

void table_fini(struct table *book)
{
    index_fini(&book->index);
    index_fini(&book->older);
    free(book->slots);
    arena_fini(&book->arena);
}
