/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker.h - the ledger's own thread: takes one job, does it, gives it back, and tidies up
 * when there is none. For ledger.c.
 */
#ifndef ADAPTER_LEDGER_WORKER_H
#define ADAPTER_LEDGER_WORKER_H

#include "adapter/ledger/job.h"

#include <pthread.h>

struct worker {
    struct store *store; /* the thread's while a job is away, or while it tidies up */
    struct job job;      /* the thread's while away */
    int done;            /* eventfd: the job is back */
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t wake;
    bool has_work, stop, retain;
    struct retention retain_by;
};

/* The store stays the caller's. */
bool worker_start(struct worker *worker, struct store *store, struct fault *why);
void worker_stop(struct worker *worker); /* waits for the job that is away; zeroed is fine */

void worker_hand_over(struct worker *worker, const struct job *job);

/* When `done` is readable: the job as it came back. False: it has not. */
bool worker_take_back(struct worker *worker, struct job *out);

/* What is older may go: see store_retain. */
void worker_retain(struct worker *worker, const struct retention *by);

#endif
