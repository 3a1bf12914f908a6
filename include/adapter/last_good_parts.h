/* SPDX-License-Identifier: Apache-2.0 */
/* last_good_parts.h - of what the digests of LEDGER-rules are made; for last_good*.c. */
#ifndef ADAPTER_LAST_GOOD_PARTS_H
#define ADAPTER_LAST_GOOD_PARTS_H

#include "adapter/last_good.h"

#define LAST_GOOD_HEAD "breachd-rules 1"

extern const char *const last_good_names[LAST_GOOD_KINDS];

static inline void last_good_digest_text(struct digest *text, enum last_good_kind kind,
                                         const char *name, const char *digest)
{
    digest_text(text, last_good_names[kind]);
    digest_text(text, name);
    digest_text(text, digest);
}

static inline void last_good_digest_order(struct digest *all, const char *id, struct utc until)
{
    digest_text(all, id);
    digest_number(all, until.ms);
}

static inline void last_good_digest_end(struct digest *all, struct utc at, const char *text)
{
    digest_number(all, at.ms);
    digest_text(all, text);
}

#endif
