/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_reader.h - a ledger as breachctl sees it: read only, also while breachd writes. */
#ifndef ADAPTER_LEDGER_LEDGER_READER_H
#define ADAPTER_LEDGER_LEDGER_READER_H

#include "adapter/chain.h"
#include "core/fault.h"

/* A link of the chain, borrowed for the call that hands it over. */
struct read_entry {
    uint64_t number;
    const char *kind, *respondent;
    struct utc at;
    bool evidence, start;
    bool became;          /* evidence, but not from the beginning */
    bool old;             /* of breachd-evidence/1 */
    bool odd;             /* a column is of another type, or holds a zero byte */
    bool kept;            /* its own body stands in it */
    const char *incident; /* an alert's; else "" */
    const char *body;     /* an alert's event; NULL: taken away, with the alert's row */
    size_t size;          /* of the body, bytes; those behind a zero count too */
    unsigned char body_digest[CHAIN_DIGEST], digest[CHAIN_DIGEST];
    struct chain_link link; /* what its digest must be made of */
};

struct ledger_reader;

/* Refuses what is no ledger of this schema; changes nothing. */
bool ledger_reader_open(const char *path, struct ledger_reader **out_reader, struct fault *why);
void ledger_reader_close(struct ledger_reader *reader); /* NULL is fine */

/* All that is read from now on is of one moment, until the reader is closed. */
bool ledger_reader_hold(struct ledger_reader *reader, struct fault *why);

/* The first link, by which a ledger is known: 64 hex digits, "" when there is none. */
bool ledger_reader_first(struct ledger_reader *reader, char hex[CHAIN_HEX], struct fault *why);

/* The number of the newest entry; 0: there is none. */
bool ledger_reader_newest(struct ledger_reader *reader, uint64_t *out, struct fault *why);

/*
 * Entries `from` to `until`, in order, all of one moment. `on_entry` says whether to go on. False
 * when the file cannot be read.
 */
bool ledger_reader_each(struct ledger_reader *reader, uint64_t from, uint64_t until,
                        bool (*on_entry)(const struct read_entry *entry, void *arg), void *arg,
                        struct fault *why);

/*
 * Only those by which others are to be read: evidence, retention,
 * renumbered, published, state, migrated.
 */
bool ledger_reader_each_saying(struct ledger_reader *reader,
                               bool (*on_entry)(const struct read_entry *entry, void *arg),
                               void *arg, struct fault *why);

/* Where the evidence of an incident stands: first and last entry, whose it is. */
struct read_span {
    uint64_t from, until;
    char respondent[72];
};

/* False when there is no such incident, or the file cannot be read. `around`: milliseconds. */
bool ledger_reader_incident(struct ledger_reader *reader, const char *incident, int64_t around,
                            struct read_span *out, struct fault *why);

#endif
