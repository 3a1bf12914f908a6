/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_forget_parts.h - what is his: for store_forget*.c. An id of his orders may have been given
 * to somebody else since, and a tag is handed on: what another has now is not his.
 */
#ifndef ADAPTER_LEDGER_STORE_FORGET_PARTS_H
#define ADAPTER_LEDGER_STORE_FORGET_PARTS_H

#include "adapter/ledger/store_taking_parts.h"
#include "core/index.h"

struct id_list {
    char (*all)[NAME_MAX_CHARS + 1];
    size_t n, room;
};

/* Ids that texts of his orders name, and no text of anybody else's does. */
struct forget_ids {
    struct id_list orders, devices;
    bool broken; /* out of memory */
};

/* Fills *out, and adds the texts of his orders to the bodies of `taking`. */
bool forget_ids_read(struct store *store, const char *respondent, struct forget_ids *out,
                     struct taking *taking);
void forget_ids_fini(struct forget_ids *ids); /* zeroed is fine */

/* Whether an incident, or the subject of one, is of one of those orders or devices. */
bool forget_ids_have(const struct forget_ids *ids, const char *incident);

/* What the tables know of him, within a transaction. */
struct forget_known {
    struct store *store;
    struct progress *progress;
    const char *respondent;
    const struct forget_ids *ids;
    struct forgotten *out; /* the rows that changed */
};
bool forget_known(const struct forget_known *known);

#endif
