/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_writer.h - for breachctl: what is written into a ledger which no breachd holds, under the
 * ledger's own lock, and as its owner, so that breachd can go on with the files.
 */
#ifndef ADAPTER_LEDGER_LEDGER_WRITER_H
#define ADAPTER_LEDGER_LEDGER_WRITER_H

#include "adapter/ledger/archive.h"
#include "adapter/ledger/kept.h"
#include "core/fault.h"

/*
 * On disk when it returns true. A ledger that is not there is made; what another breachd holds, or
 * has a schema of before, is refused. When breachd last watched, the ledger goes on to say.
 */
bool ledger_writer_put(const char *path, const struct kept_entry *entry, struct fault *why);

/* The same of what was put into an archive, all of it: see store_let_go. */
bool ledger_writer_let_go(const char *path, const struct letting_go *what, struct fault *why);

/*
 * The same of somebody who is to be forgotten: see store_forget. *out_more: though it was tried for
 * FORGET_PATIENCE_MS.
 */
enum { FORGET_PATIENCE_MS = 5000, FORGET_PAUSE_MS = 100 };
bool ledger_writer_forget(const char *path, const struct forgetting *what, bool *out_more,
                          struct fault *why);

#endif
