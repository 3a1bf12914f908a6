/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.h - the tables beside the chain, for whoever asks whether they say what the chain
 * says. Each call is false when the file cannot be read.
 */
#ifndef ADAPTER_LEDGER_AUDIT_H
#define ADAPTER_LEDGER_AUDIT_H

#include "adapter/ledger/ledger_reader.h"

/* A row of the table `alert`, borrowed. */
struct read_alert {
    int64_t sequence;
    uint64_t entry;     /* its link; 0: of a ledger before there was a chain */
    const char *linked; /* that link's kind; "": there is none */
    struct utc at;      /* of that link */
    bool odd;           /* a column is of another type, or holds a zero byte */
    bool mismatched;    /* a column is another's than the event says */
    struct chain_row row;
    const char *event;
    size_t size;
};

/* In order of their links, those without one by their sequences. */
bool audit_alerts(struct ledger_reader *reader,
                  void (*on_alert)(const struct read_alert *, void *arg), void *arg,
                  struct fault *why);

/*
 * Incidents that stand in `open` or `todo` otherwise than the alerts say, or are lacking there;
 * with the name of the table and of the incident.
 */
bool audit_incidents(struct ledger_reader *reader,
                     void (*on_odd)(const char *table, const char *incident, void *arg), void *arg,
                     struct fault *why);

struct audit_marks {
    int64_t sequence, published, anchored, newest;
    int64_t odd;                       /* marks of no known name, or of another type */
    unsigned char known[CHAIN_DIGEST]; /* the sum that is kept (store_known.h), */
    unsigned char found[CHAIN_DIGEST]; /* and that of the rows */
};

bool audit_marks(struct ledger_reader *reader, struct audit_marks *out, struct fault *why);

#endif
