/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_in_force.h - the orders that breachd judges by now: out of the file that it keeps of them
 * beside its ledger, else out of the ledger. That has the digest of each text, and a text itself
 * once somebody was judged by it.
 */
#ifndef CTL_RULES_IN_FORCE_H
#define CTL_RULES_IN_FORCE_H

#include "adapter/conf/settings.h"
#include "adapter/last_good.h"
#include "adapter/ledger/ledger_rules.h"
#include "core/rulebook.h"

struct rules_in_force {
    struct rulebook *rules; /* less those orders: */
    char **unknown;         /* ids of orders whose text nobody has any more */
    size_t n_unknown;
    struct last_good *last;    /* the file beside the ledger; NULL: there is none that is whole */
    struct settings *settings; /* of it, their passwords wiped; NULL: there is none */
};

/* What breachd keeps beside that ledger, if it does; that it cannot be read is told on stderr. */
void rules_in_force_find(const char *ledger, struct rules_in_force *out);

/*
 * The orders of what was found, or of the ledger: a text that is not in that may be that of an
 * order in `fresh`. False and why: the ledger does not say what is in force.
 */
bool rules_in_force_read(struct ledger_reader *reader, const struct rulebook *fresh,
                         const struct civil *civil, struct rules_in_force *out, struct fault *why);
void rules_in_force_fini(struct rules_in_force *in_force); /* zeroed is fine */

bool rules_in_force_lack(const struct rules_in_force *in_force, const char *order);

#endif
