/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive.h - what is over leaves the ledger for a file: a copy that holds all links, and the
 * bodies of those before some instant alone; after which the ledger lets them go.
 */
#ifndef ADAPTER_LEDGER_ARCHIVE_H
#define ADAPTER_LEDGER_ARCHIVE_H

#include "adapter/ledger/kept.h"
#include "core/fault.h"

struct store;

/*
 * Makes the copy at `path` the archive of what was before: bodies and alerts of later entries go,
 * and all that is known now; a link `archived` says so, of which `record` is the beginning.
 */
bool archive_trim(const char *path, struct utc before, const char *record, struct fault *why);

/*
 * What was put into an archive before that instant goes; `record` as in kept.h. Nothing after the
 * link `newest`, the copy's newest: with a clock that was set back more has come meanwhile that is
 * of before, and is in no file.
 */
struct letting_go {
    struct utc now, before;
    uint64_t newest;
    const char *record;
};

enum { ARCHIVE_STEPS = 50 }; /* of a hundred bodies each, in one call: so long a commit may wait */

/*
 * A part of it, as store_retain_evidence does it of what is too old. *out_more: to be called again.
 */
bool store_let_go(struct store *store, const struct letting_go *what, bool *out_more,
                  struct fault *why);

#endif
