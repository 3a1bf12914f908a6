/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_request.h - what breachctl asks of the breachd that holds a ledger, and what it answers: a
 * line of JSON each. In that line the request is called `errand`.
 */
#ifndef ADAPTER_JSON_LEDGER_REQUEST_H
#define ADAPTER_JSON_LEDGER_REQUEST_H

#include "adapter/chain.h"
#include "core/fault.h"

/* Somebody looks at evidence, or has a respondent forgotten. */
struct access_record {
    const char *command; /* explain export zones forget; map, over HTTP */
    const char *of;      /* an incident, a respondent; "" for all */
    const char *user;    /* as they are logged in; over HTTP the token's name, uid -1 */
    const char *sudo;    /* who they were before sudo(8); NULL: the same */
    const char *by;      /* who they say they are; NULL: as they are logged in */
    const char *reason;
    long uid;
};

/* The body of the entry `access`; the caller frees. NULL: no memory, or not UTF-8. */
char *access_record_print(const struct access_record *record);

enum ledger_request_kind {
    LEDGER_REQUEST_ACCESS, /* somebody looks: to be kept before it is answered */
    LEDGER_REQUEST_CHAIN,  /* the newest link is to be told as an alert */
    LEDGER_REQUEST_FORGET, /* the respondent whom the record is of is to be forgotten */
    LEDGER_REQUEST_LET_GO, /* what was before the instant that the record is of is in an archive */
    LEDGER_REQUESTS
};

enum { LEDGER_REQUEST_BODY_MAX = 4096 };

/* What a breachd says to a request about a ledger that it does not hold. */
#define LEDGER_REQUEST_OTHER_LEDGER "breachd holds another ledger"

struct ledger_request {
    enum ledger_request_kind kind;
    uint64_t newest;       /* of LEDGER_REQUEST_LET_GO: the newest link that the archive holds */
    char chain[CHAIN_HEX]; /* digest of the first link of the ledger that is meant */
    char body[LEDGER_REQUEST_BODY_MAX]; /* of an access, and of who is forgotten: its record */
    bool more;                          /* of the answer: not all of it is done */
};

/* One line; the caller frees. NULL: no memory. */
char *ledger_request_print(const struct ledger_request *request);

/*
 * Writes into the record who asks as the kernel has it, in place of what he says of himself; where
 * he says it otherwise, that stands beside it as `said`. `user` is the name of that `uid`, NULL:
 * not known here. False, with the reason: the record would be too long.
 */
bool ledger_request_witness(struct ledger_request *request, long uid, const char *user,
                            struct fault *why);

enum { LEDGER_REQUEST_OF_MAX = 512 };

/* Whom or what a record is of. Returns `of`; "" when it is no record. */
char *ledger_request_of(const char *record, char of[LEDGER_REQUEST_OF_MAX]);

/* False, with the reason, for what is none. */
bool ledger_request_read(const char *line, struct ledger_request *out, struct fault *why);

/* What is said to it: `refused` is why not, NULL when it is done, or `more` is. For free(). */
char *ledger_request_print_answer(const char *refused, bool more);

/*
 * Whether it is done; *why is what was said, or that this is no answer. *out_more: a part of it is,
 * and it is to be asked again.
 */
bool ledger_request_read_answer(const char *line, bool *out_more, struct fault *why);

#endif
