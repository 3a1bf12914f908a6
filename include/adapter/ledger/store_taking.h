/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_taking.h - evidence that goes: what an incident kept, when `evidence-retention` is over;
 * and all of one respondent, who is to be forgotten. Bodies are overwritten and alerts deleted;
 * their links stay, and one link says which they were and why. For job.c, worker.c and
 * ledger_writer.c.
 */
#ifndef ADAPTER_LEDGER_STORE_TAKING_H
#define ADAPTER_LEDGER_STORE_TAKING_H

#include "adapter/ledger/kept.h"
#include "core/fault.h"

struct store;

/*
 * A step of it: some of what is older than `evidence_ms` of respondents who have nothing open and
 * nothing that needs somebody, and is in Redis; nothing before our clock has run a day without a
 * step of more than two. True when there may be more.
 */
bool store_retain_evidence(struct store *store, const struct retention *by);

/*
 * All of the respondent: pings, alerts, acks, the texts of his orders, where his devices were, what
 * was noted. Refused, with the reason, while something of his is open, needs somebody, or is not
 * in Redis yet; when there is nothing; and for what is no name. That nobody watches him any more is
 * the caller's to know. *out_more: it is done, but somebody reads the ledger, so that bytes of his
 * still stand in the log; to be called again, which tries that alone. The rows of *out, whose arena
 * is the caller's, are what has changed of what is known.
 */
bool store_forget(struct store *store, const struct forgetting *forgetting, struct forgotten *out,
                  bool *out_more, struct fault *why);

#endif
