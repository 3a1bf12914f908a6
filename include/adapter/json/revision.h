/* SPDX-License-Identifier: Apache-2.0 */
/*
 * revision.h - which texts are in force from now on, and what changed: bodies of the ledger.
 * No place stands in them; breachctl(1) tells their members. The caller frees what is printed; NULL
 * when memory is out.
 */
#ifndef ADAPTER_JSON_REVISION_H
#define ADAPTER_JSON_REVISION_H

#include "adapter/chain.h"
#include "core/revision.h"

/* `orders` with the digest of each text: the same for the same texts, so it is kept once. */
char *revision_print_list(const struct rulebook *rules);

/* A line a zone with a digest of where it lies: no body, but what a digest is made of. */
char *revision_print_zones(const struct rulebook *rules);

/*
 * What comes into force: the list of that digest; and ids of orders that were in force before, and
 * only for want of a newer copy are not, or by an older text.
 */
struct revision_list {
    const char *digest; /* CHAIN_HEX */
    char *const *behind;
    size_t n_behind;
};

/* breachd started with that list. */
char *revision_print_start(const struct rulebook *rules, const struct revision_list *list);

/* Of what is read back: an order, and the digest of its text; NULL: it is behind. */
typedef void revision_order(const char *id, const char *digest, void *arg);

/* The digest of the list that a start or a reload names, and the orders that are behind. */
bool revision_read_start(const char *body, char list[CHAIN_HEX], revision_order *on_order,
                         void *arg);
bool revision_read_list(const char *body, revision_order *on_order, void *arg);

/* A reload put that list in force: `added`, `ended`, `changed` and `zones`. */
char *revision_print(const struct rulebook *old, const struct rulebook *fresh,
                     const struct revision_list *list);

#endif
