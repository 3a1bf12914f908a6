/* SPDX-License-Identifier: Apache-2.0 */
#include "core/table.h"

#include <stdlib.h>
#include <string.h>

struct table_slot {
    const char *name;
    _Alignas(8) unsigned char item[]; // see arena_take()
};

static const char *name_of(const void *of, size_t nth)
{
    const struct table *table = of;

    return table->slots[nth]->name;
}

static bool grow(struct table *table, size_t room)
{
    struct lookup lookup;
    struct table_slot **slots = reallocarray(table->slots, room, sizeof(struct table_slot *));

    if (slots == NULL)
        return false;
    table->slots = slots;
    if (!lookup_init(&lookup, room, name_of, table))
        return false;
    table->older = table->lookup; // the one before it was emptied long ago: room has doubled since
    table->lookup = lookup;
    table->moved = 0;
    table->room = room;
    return true;
}

/* Moves TABLE_MOVES names from the older lookup into the larger one. */
static void move_some(struct table *table)
{
    if (table->older.places == NULL)
        return;
    for (int i = 0; i < TABLE_MOVES && table->moved < table->older.n; i++, table->moved++)
        lookup_put(&table->lookup, table->slots[table->moved]->name, table->moved);
    if (table->moved == table->older.n)
        lookup_fini(&table->older);
}

void *table_find(const struct table *table, const char *name)
{
    size_t nth;

    return table_number(table, name, &nth) ? table->slots[nth]->item : NULL;
}

void *table_take(struct table *table, const char *name)
{
    void *item = table_find(table, name);
    struct table_slot *slot;

    move_some(table);
    if (item != NULL)
        return item;
    if (table->n == table->room && !grow(table, 2 * table->room + 64))
        return NULL;
    slot = arena_take(&table->arena, sizeof *slot + table->size);
    if (slot == NULL || (slot->name = arena_text(&table->arena, name)) == NULL)
        return NULL;
    lookup_put(&table->lookup, slot->name, table->n);
    table->slots[table->n++] = slot;
    return slot->item;
}

bool table_number(const struct table *table, const char *name, size_t *out_nth)
{
    return lookup_find(&table->lookup, name, out_nth) || lookup_find(&table->older, name, out_nth);
}

void *table_nth(const struct table *table, size_t nth, const char **out_name)
{
    if (nth >= table->n)
        return NULL;
    *out_name = table->slots[nth]->name;
    return table->slots[nth]->item;
}

void table_blank(struct table *table)
{
    for (size_t i = 0; i < table->n; i++)
        memset(table->slots[i]->item, 0, table->size);
}

void table_fini(struct table *table)
{
    lookup_fini(&table->lookup);
    lookup_fini(&table->older);
    free(table->slots);
    arena_fini(&table->arena);
}
