/* SPDX-License-Identifier: Apache-2.0 */
/* report_ledgers.h - the ledger that a report counts in, and the archives of it that are given. */
#ifndef CTL_REPORT_LEDGERS_H
#define CTL_REPORT_LEDGERS_H

#include "adapter/gzip.h"
#include "ctl/command.h"

enum { REPORT_ARCHIVES_MAX = 64 };

/* One file; the oldest archive comes first, the ledger itself last. */
struct report_ledger {
    struct ctl_source source;
    uint64_t newest; /* link */
    char sha256[GZIP_DIGEST_HEX];
};

struct report_ledgers {
    struct report_ledger *of;
    size_t n;
};

/* False and why: one cannot be read, is of another ledger, or they are too many. */
bool report_ledgers_open(const char *ledger, char *const *archives, size_t n_archives,
                         struct report_ledgers *out, struct fault *why);
void report_ledgers_close(struct report_ledgers *ledgers); /* zeroed is fine; also after false */

/* Whether the archive of those bytes is among them. */
bool report_ledgers_has(const struct report_ledgers *ledgers, const char *sha256);

#endif
