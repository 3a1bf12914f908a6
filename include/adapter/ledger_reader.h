/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_reader.h - a ledger as breachctl sees it: read only, also while breachd writes. */
#ifndef ADAPTER_LEDGER_READER_H
#define ADAPTER_LEDGER_READER_H

#include "adapter/chain.h"
#include "core/fault.h"

/* A link of the chain, borrowed for the call that hands it over. */
struct read_entry {
    uint64_t number;
    const char *kind, *respondent;
    struct utc at;
    bool evidence, start;
    const char *incident; /* an alert's; else "" */
    const char *body;     /* an alert's event; NULL: taken away */
    size_t size;          /* of the body, bytes; those behind a zero count too */
    unsigned char body_digest[CHAIN_DIGEST], digest[CHAIN_DIGEST];
};

struct reader;

/* Refuses what is no ledger of this schema; changes nothing. */
bool reader_open(const char *path, struct reader **out_reader, struct fault *why);
void reader_close(struct reader *reader); /* NULL is fine */

/*
 * Entries `from` to `until`, in order, all of one moment. `on_entry` says whether to go on. False
 * when the file cannot be read.
 */
bool reader_each(struct reader *reader, uint64_t from, uint64_t until,
                 bool (*on_entry)(const struct read_entry *entry, void *arg), void *arg,
                 struct fault *why);

/* Alerts that stand in no entry although the chain had begun: somebody put them there. */
uint64_t reader_loose_alerts(struct reader *reader);

/*
 * Entries of alerts whose rows say something else than their events do, or stand in another order
 * than the chain. False when the file cannot be read.
 */
bool reader_crooked_alerts(struct reader *reader, void (*on_one)(uint64_t entry, void *arg),
                           void *arg, struct fault *why);

/* Where the evidence of an incident stands: first and last entry, whose it is. */
struct read_span {
    uint64_t from, until;
    char respondent[72];
};

/* False when there is no such incident, or the file cannot be read. `around`: milliseconds. */
bool reader_incident(struct reader *reader, const char *incident, int64_t around,
                     struct read_span *out, struct fault *why);

#endif
