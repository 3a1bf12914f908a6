/* SPDX-License-Identifier: Apache-2.0 */
/* store_taking_parts.h - what goes in one transaction; for store_taking.c and store_forget.c. */
#ifndef ADAPTER_LEDGER_STORE_TAKING_PARTS_H
#define ADAPTER_LEDGER_STORE_TAKING_PARTS_H

#include "adapter/ledger/store_parts.h"

/* Who has something open, or that needs somebody; `of` parts it further. */
#define BUSY(of)                                                                                   \
    "(SELECT b.respondent FROM (SELECT sequence FROM open UNION SELECT sequence FROM todo)"        \
    " JOIN alert USING (sequence) JOIN entry b ON b.number = alert.entry WHERE " of ")"

/* A body by its entry; an alert by its sequence, and the entry that is its link. */
struct doomed {
    uint64_t row, entry;
};

struct doomed_list {
    struct doomed *all;
    size_t n, room;
};

/* What goes in one transaction. */
struct taking {
    struct doomed_list bodies, alerts;
    bool broken; /* out of memory */
};

void taking_add(struct taking *taking, struct doomed_list *list, struct doomed one);
void taking_fini(struct taking *taking); /* zeroed is fine */

/*
 * Within a transaction: takes all of it, and appends `entry`, whose body is the object `why` with
 * `entries` and `alerts` in it.
 */
bool taking_take(struct store *store, struct progress *progress, struct taking *taking,
                 struct kept_entry *entry, const char *why);

#endif
