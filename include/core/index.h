/* SPDX-License-Identifier: Apache-2.0 */
/* index.h - names, and from a name to a number. */
#ifndef CORE_INDEX_H
#define CORE_INDEX_H

#include "core/lookup.h"

enum { NAME_MAX_CHARS = 64 }; /* of an id */

/*
 * 1 to 64 letters, digits, `-`, `_`, `.`: what ids of orders, zones, permits, respondents and
 * devices are made of.
 */
bool name_valid(const char *name);

/* Of name_hash(), enough to know a name among a few again; never 0, which is nobody's. */
uint32_t name_mark(const char *name);

/* Names, borrowed until fini, each with a number. Zeroed is one that finds nothing. */
struct index_entry {
    const char *name;
    uint32_t number;
};

enum { INDEX_MAX = LOOKUP_MAX }; /* numbers are below it */

struct index {
    struct lookup places; /* of the entries */
    struct index_entry *entries;
    uint32_t n, room;
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
