/* SPDX-License-Identifier: Apache-2.0 */
#include "core/index.h"

#include <stdint.h>
#include <string.h>

bool name_valid(const char *name)
{
    size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    return n >= 1 && n <= NAME_MAX_CHARS && name[n] == '\0';
}

bool index_init(struct index *index, size_t room)
{
    memset(index, 0, sizeof *index);
    index->made = hcreate_r(room + room / 2 + 16, &index->table) != 0;
    return index->made;
}

void index_fini(struct index *index)
{
    if (index->made)
        hdestroy_r(&index->table);
    index->made = false;
}

/* libc never writes through the key; it only lacks the const. */
static ENTRY entry_of(const char *name, size_t number)
{
    union {
        const char *borrowed;
        char *key;
    } name_of = { name };

    return (ENTRY){ .key = name_of.key, .data = (void *)(uintptr_t)number };
}

bool index_find(const struct index *index, const char *name, size_t *out_number)
{
    ENTRY *found = NULL;
    struct hsearch_data table = index->table; // a copy of three words: FIND changes nothing in it

    if (!index->made || hsearch_r(entry_of(name, 0), FIND, &found, &table) == 0)
        return false;
    *out_number = (size_t)(uintptr_t)found->data;
    return true;
}

bool index_put(struct index *index, const char *name, size_t number)
{
    ENTRY *found = NULL;
    size_t there;

    return index->made && !index_find(index, name, &there) &&
           hsearch_r(entry_of(name, number), ENTER, &found, &index->table) != 0;
}
