/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_parts.h - what the ledger is made of; for ledger.c and ledger_put.c alone. */
#ifndef ADAPTER_LEDGER_LEDGER_PARTS_H
#define ADAPTER_LEDGER_LEDGER_PARTS_H

#include "adapter/ledger/ledger.h"
#include "adapter/ledger/worker.h"

/* Somebody is to be forgotten, or an archive holds what may go: waits for a job, or is in one. */
struct forget_request {
    struct forgetting what;   /* its texts are allocated; respondent NULL: an archive, */
    struct letting_go let_go; /* whose record is that of `what` */
    ledger_gone *done;
    void *arg;
};

/* Something is to be listed: waits for a job, or is in one. */
struct listing_request {
    struct listing_request *next;
    struct listing what; /* its text is that below */
    char incident[LEDGER_LISTED_MAX];
    ledger_listed *done;
    void *arg;
};

struct ledger {
    struct store *store; /* the worker's while a job is away */
    struct worker worker;
    struct ledger_callbacks callbacks;
    struct event *on_done;
    bool blind, away; /* away: a job is with the worker, or comes back */
    uint64_t committed, sequence, published;
    struct chain head, first;
    struct utc anchored;
    char removed[STORE_REMOVED_MAX];
    struct utc published_at;
    /* The next job, as it gathers: */
    struct changes gathering;
    struct changes idle; /* of the job before: empty, for what gathers after */
    uint64_t number;
    bool mark, by_reserve, probe;
    uint64_t spare;
    enum room room;
    struct ledger_size size;
    uint64_t renumber_after, renumber_from;
    struct fetch fetch;
    struct forget_request *forget, *forgetting;
    struct listing_request *to_list, *listing; /* those that wait, the oldest first; in the job */
    size_t n_to_list;
};

/* ledger_list.c: the next one to be listed, NULL for none; and what comes of it. */
const struct listing *ledger_next_listing(struct ledger *ledger);
void ledger_answer_listing(struct listing_request *request, const struct job *job);
void ledger_forget_listings(struct ledger *ledger);

/*
 * ledger_forget.c: a request for the next job, false when there is one or the ledger is blind; what
 * came of that in the job; and whoever asked hears no more.
 */
bool ledger_note_forgetting(struct ledger *ledger, const struct forgetting *what, ledger_gone *done,
                            void *arg);
bool ledger_note_letting_go(struct ledger *ledger, const struct letting_go *what, ledger_gone *done,
                            void *arg);
void ledger_answer_forget(struct ledger *ledger, const struct job *job);
void ledger_forget_requests(struct ledger *ledger);

#endif
