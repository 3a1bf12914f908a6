/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lookup.h - from a name to a number, of things that have both: who has them by number says each
 * one's name, so that none is kept twice.
 */
#ifndef CORE_LOOKUP_H
#define CORE_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t name_hash(const char *name); /* all its bits vary; not against who wants them not to */

enum { LOOKUP_MAX = INT32_MAX }; /* numbers are below it */

/* The name of thing number `nth` of those at `of`, which stays as it is. */
typedef const char *lookup_name(const void *of, size_t nth);

/*
 * A hash table as large as it is made. Zeroed is one that finds nothing. Not libc's hsearch(3): its
 * hash forgets all but the first eight characters, and ids of orders begin alike (20,000 of them
 * took a minute). Beside each number lie bits of its name's hash, so that no other name but the one
 * looked for is read.
 */
struct lookup_place {
    uint32_t hash;  /* the upper half of it; the lower one says where it belongs */
    uint32_t above; /* its number and one; 0: free */
};

struct lookup {
    struct lookup_place *places;
    uint32_t n_places, n;
    lookup_name *name_of;
    const void *of;
};

/* False when memory is out, or there would be more than LOOKUP_MAX. */
bool lookup_init(struct lookup *lookup, size_t room, lookup_name *name_of, const void *of);
void lookup_fini(struct lookup *lookup);

/*
 * False when `name`, which is to be that of `number`, is there already (or the table full, or
 * `number` not below LOOKUP_MAX): the number kept is then the old one.
 */
bool lookup_put(struct lookup *lookup, const char *name, size_t number);
bool lookup_find(const struct lookup *lookup, const char *name, size_t *out_number);

#endif
