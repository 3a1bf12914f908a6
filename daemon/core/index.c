/* SPDX-License-Identifier: Apache-2.0 */
#include "core/index.h"

#include <stdlib.h>

static bool is_of_name(char letter)
{
    char lower = (char)(letter | 0x20);

    return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
           letter == '_' || letter == '.';
}

bool name_valid(const char *name)
{
    size_t n = 0;

    while (n <= NAME_MAX_CHARS && is_of_name(name[n]))
        n++;
    return n >= 1 && n <= NAME_MAX_CHARS && name[n] == '\0';
}

uint32_t name_mark(const char *name)
{
    uint32_t mark = (uint32_t)name_hash(name);

    return mark != 0 ? mark : 1;
}

static const char *name_of(const void *of, size_t nth)
{
    const struct index_entry *entries = of;

    return entries[nth].name;
}

bool index_init(struct index *index, size_t room)
{
    *index = (struct index){ 0 };
    if (room > INDEX_MAX)
        return false;
    index->room = (uint32_t)room;
    index->entries = calloc(room + 1, sizeof *index->entries);
    if (index->entries != NULL && lookup_init(&index->places, room, name_of, index->entries))
        return true;
    index_fini(index);
    return false;
}

void index_fini(struct index *index)
{
    lookup_fini(&index->places);
    free(index->entries);
    *index = (struct index){ 0 };
}

bool index_find(const struct index *index, const char *name, size_t *out_number)
{
    size_t nth;

    if (!lookup_find(&index->places, name, &nth))
        return false;
    *out_number = index->entries[nth].number;
    return true;
}

bool index_put(struct index *index, const char *name, size_t number)
{
    if (index->n == index->room || number >= INDEX_MAX ||
        !lookup_put(&index->places, name, index->n))
        return false;
    index->entries[index->n++] = (struct index_entry){ name, (uint32_t)number };
    return true;
}
