/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access.h - who looked at what, when and why (Data Protection Act 2018, s.62): a link of the
 * chain, of kind `access`. Whoever takes one out breaks it. The breachd that holds the ledger is
 * asked to write it, at LEDGER-door or at the door that is open to everybody; where none does,
 * breachctl writes it itself, under the ledger's lock. Before, they stood in a file LEDGER-access,
 * a line each: an object with `number`, `at`, `body`, and `digest`, by breachd-evidence/1. It
 * stays, and is walked.
 */
#ifndef CTL_ACCESS_H
#define CTL_ACCESS_H

#include "adapter/chain.h"
#include "adapter/json/ledger_request.h"
#include "core/fault.h"

/* The longest line of LEDGER-access that is read back; a longer one is broken. */
enum { ACCESS_LINE_MAX = 4096 };

struct access {
    const char *command; /* explain export zones */
    const char *of;      /* an incident; "" for all */
    const char *by;      /* who they say they are; NULL: as they are logged in */
    const char *reason;
};

/* On disk before it returns true. False: it cannot be kept, so nothing may be shown. */
bool access_note(const char *ledger, const struct access *access, struct fault *why);

/* As it is kept. False when it is not UTF-8, or too long. */
bool access_record(const struct access *access, char body[LEDGER_REQUEST_BODY_MAX],
                   struct fault *why);

/*
 * Asks the breachd that holds the ledger, which is filled in, until it is done; of a forgetting
 * for FORGET_PATIENCE_MS, after which request->more says whether it is not. False with the reason
 * when it does not do it; *out_nobody: because no breachd that holds it can be asked.
 */
bool access_ask(const char *ledger, struct ledger_request *request, bool *out_nobody,
                struct fault *why);

struct access_counts {
    uint64_t accesses; /* up to the first line that is broken */
    uint64_t torn;     /* lines that were cut off */
};

/* Walks LEDGER-access. False with the first line that is broken. No file: zeros. */
bool access_verify(const char *ledger, struct access_counts *out, struct fault *why);

#endif
