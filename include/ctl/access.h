/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access.h - who looked at what, when and why (Data Protection Act 2018, s.62): a line each in the
 * file LEDGER-access beside the ledger. A file of its own, because breachd alone writes the ledger,
 * and a second writer could make it blind. A line is an object with `number`, `at` (milliseconds
 * since 1970), `body`, and `digest`, the digest of chain.h over kind "access" and the body's text:
 * a line that is changed or taken out shows. A line that a crash cut off stays as it is, and
 * the next one follows from the one before it.
 */
#ifndef CTL_ACCESS_H
#define CTL_ACCESS_H

#include "adapter/chain.h"
#include "core/fault.h"

/* The longest line that is read back; a longer one is broken. */
enum { ACCESS_LINE_MAX = 4096 };

struct access {
    const char *command; /* explain export zones */
    const char *of;      /* an incident; "" for all */
    const char *by;      /* who they say they are; NULL: as they are logged in */
    const char *reason;  /* NULL: not said */
};

/* On disk before it returns true. False: it cannot be written, so nothing may be shown. */
bool access_note(const char *ledger, const struct access *access, struct fault *why);

struct access_counts {
    uint64_t looks; /* noted, up to the first line that is broken */
    uint64_t torn;  /* lines that were cut off */
};

/* Walks the file. False with the first line that is broken. No file: zeros. */
bool access_verify(const char *ledger, struct access_counts *out, struct fault *why);

#endif
