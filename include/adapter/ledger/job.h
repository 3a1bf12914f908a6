/* SPDX-License-Identifier: Apache-2.0 */
/* job.h - what goes to the ledger's thread and comes back; for ledger.c. */
#ifndef ADAPTER_LEDGER_JOB_H
#define ADAPTER_LEDGER_JOB_H

#include "adapter/ledger/archive.h"
#include "adapter/ledger/changes.h"
#include "adapter/ledger/store.h"

enum task { TASK_COMMIT, TASK_FETCH, TASK_BY_RESERVE, TASK_PROBE };

/* What goes to the thread and comes back: the thread's alone meanwhile. */
struct job {
    enum task task;
    struct changes changes;
    uint64_t number;
    uint64_t published, sequence;
    const struct forgetting *forget; /* NULL: nobody is to be */
    const struct letting_go *let_go; /* NULL: nothing was put into an archive */
    char removed[STORE_REMOVED_MAX]; /* after either of these is done: see store_removed */
    struct row *forgotten;           /* what is known now: see struct forgotten */
    bool more;                       /* it is not all done */
    bool forgot;
    struct fault forget_why; /* why not */
    struct chain head, first;
    struct utc anchored;
    struct utc published_at;
    uint64_t renumber_after, renumber_from; /* from 0: no */
    uint64_t spare;
    enum room room; /* after it */
    struct ledger_size size;
    struct fetch fetch;
    struct row *fetched;
    const struct listing *listing; /* NULL: nothing is listed */
    struct listed listed;
    bool is_listed;
    bool ok, wrote; /* wrote: there was something to commit */
    struct fault why;
};

/* On the thread: does what the job asks for, and fills in what came of it. */
void job_run(struct store *store, struct job *job);

#endif
