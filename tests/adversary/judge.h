/* SPDX-License-Identifier: Apache-2.0 */
/* judge.h - what must hold when an adversary has done what it could. */
#ifndef ADVERSARY_JUDGE_H
#define ADVERSARY_JUDGE_H

#include "evil.h"
#include "honest.h"

/* What was measured while it did. */
struct measured {
    long rss_before, rss_most; /* KiB that breachd held */
    int64_t played;            /* ms: until its time was over, or breachd had died */
};

/* KiB that a program holds now; 0: it is gone. */
long rss_kib(const struct child *child);

/* While breachd still runs: what does not hold is said on stderr; returns how much that is. */
size_t judge(struct testbed *testbed, const struct honest honest[HONEST], struct evil *evil,
             const struct measured *measured);

/* Once it has stopped: of the ledger. */
size_t judge_ledger(struct testbed *testbed, const struct evil_kind *kind);

#endif
