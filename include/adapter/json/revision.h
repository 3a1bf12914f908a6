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

/* breachd started with the list of that digest. */
char *revision_print_start(const struct rulebook *rules, const char list[CHAIN_HEX]);

/* A reload put the list of that digest in force: `added`, `ended`, `changed` and `zones`. */
char *revision_print(const struct rulebook *old, const struct rulebook *fresh,
                     const char list[CHAIN_HEX]);

#endif
