/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snapshot.h - a whole copy of a ledger of one moment, also while breachd writes: by SQLite's
 * backup (https://sqlite.org/backup.html), in one file without a log, which can be read where
 * nothing can be written.
 */
#ifndef ADAPTER_LEDGER_SNAPSHOT_H
#define ADAPTER_LEDGER_SNAPSHOT_H

#include "adapter/ledger/ledger_reader.h"

enum { SNAPSHOT_PAGES = 1024 }; /* copied at once: 4 MiB, between which a commit may come */

/* What is told between two steps: how many pages of how many are copied. */
typedef void snapshot_progress(uint64_t done, uint64_t total, void *arg);

/*
 * Copies into `path`, which must not be there; nothing is left of a copy that fails. A commit that
 * comes meanwhile is in the copy, which begins anew for it at most so often that it ends.
 */
bool snapshot_make(struct ledger_reader *reader, const char *path, snapshot_progress *on_progress,
                   void *arg, struct fault *why);

#endif
