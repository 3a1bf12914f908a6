/* SPDX-License-Identifier: Apache-2.0 */
/* index.h - from a name to a number. */
#ifndef CORE_INDEX_H
#define CORE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NAME_MAX_CHARS = 64 }; /* of an id */

/*
 * 1 to 64 letters, digits, `-`, `_`, `.`: what ids of orders, zones, permits, respondents and
 * devices are made of.
 */
bool name_valid(const char *name);

uint64_t name_hash(const char *name); /* all its bits vary; not against who wants them not to */

/* Of name_hash(), enough to know a name among a few again; never 0, which is nobody's. */
uint32_t name_mark(const char *name);

/*
 * A hash table as large as it is made, names borrowed until fini. Zeroed is one that finds nothing.
 * Not libc's hsearch(3): its hash forgets all but the first eight characters, and ids of orders
 * begin alike (20,000 of them took a minute). Beside each name lie bits of its hash, so that no
 * other name but the one looked for is read.
 */
struct index_place {
    const char *name; /* NULL: free */
    uint32_t hash;    /* the upper half of it; the lower one says where it belongs */
    uint32_t number;
};

enum { INDEX_MAX = INT32_MAX }; /* numbers are below it */

struct index {
    struct index_place *places;
    uint32_t n_places, n;
};

/* False when memory is out, or there would be more than INDEX_MAX. */
bool index_init(struct index *index, size_t room);
void index_fini(struct index *index);

/*
 * False when `name` is there already (or the table full, or `number` not below INDEX_MAX): the
 * number kept is then the old one.
 */
bool index_put(struct index *index, const char *name, size_t number);
bool index_find(const struct index *index, const char *name, size_t *out_number);

#endif
