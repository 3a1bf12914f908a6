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

struct ledger {
    struct store *store; /* the worker's while a job is away */
    struct worker worker;
    struct ledger_callbacks callbacks;
    struct event *on_done;
    bool blind, away; /* away: a job is with the worker, or comes back */
    uint64_t committed, sequence, published;
    struct chain head, first;
    struct utc anchored;
    char untold[STORE_UNTOLD_MAX];
    struct utc published_at;
    /* The next job, as it gathers: */
    struct changes gathering;
    uint64_t number;
    bool mark, by_reserve, probe;
    uint64_t spare;
    enum room room;
    struct ledger_size size;
    uint64_t renumber_after, renumber_from;
    struct fetch fetch;
    struct forget_request *forget, *forgetting;
};

#endif
