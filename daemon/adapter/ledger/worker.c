/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/worker.h"

#include "adapter/ledger/store_gaps.h"
#include "adapter/ledger/store_taking.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    IDLE_NS = 20 * 1000 * 1000,      // no job for so long: time to tidy up
    RETAIN_STEP = STORE_RETAIN_MOST, // bodies taken away at once: some 2 ms
};

/* A step of taking away what is too old; under the lock, which it leaves meanwhile. */
static void retain(struct worker *worker)
{
    struct retention by = worker->retain_by;
    bool more;

    if (!worker->retain)
        return;
    worker->retain = false;
    pthread_mutex_unlock(&worker->lock);
    // An alert goes before the question that it came of: judged again alone it would be missed.
    more = store_retain_alerts(worker->store, &by, RETAIN_STEP) ||
           store_retain(worker->store, &by, RETAIN_STEP) ||
           (by.evidence_ms > 0 && store_retain_evidence(worker->store, &by));
    pthread_mutex_lock(&worker->lock);
    worker->retain |= more;
}

static void checkpoint(struct worker *worker, enum store_urgency from)
{
    if (store_wants_checkpoint(worker->store) < from)
        return;
    pthread_mutex_unlock(&worker->lock);
    store_checkpoint(worker->store);
    pthread_mutex_lock(&worker->lock);
}

/* A step of passing over what a breachd of before has written; under the lock. */
static void sweep(struct worker *worker)
{
    if (store_gaps_cleared(worker->store))
        return;
    pthread_mutex_unlock(&worker->lock);
    store_wipe(worker->store);
    pthread_mutex_lock(&worker->lock);
}

static bool is_tidy(const struct worker *worker)
{
    return !worker->retain && store_wants_checkpoint(worker->store) == STORE_FINE &&
           store_gaps_cleared(worker->store);
}

/* On a disk that gets full the log must not grow to its usual 64 MiB. */
static void give_room(struct worker *worker, enum room room)
{
    if (room == ROOM_AMPLE || store_wants_checkpoint(worker->store) == STORE_FINE)
        return;
    pthread_mutex_unlock(&worker->lock);
    store_truncate_wal(worker->store);
    pthread_mutex_lock(&worker->lock);
}

/* Waits for a job to do, under the lock; tidies up when none has come for a moment. */
static void wait_for_work(struct worker *worker, bool may_tidy)
{
    struct timespec until;

    // A wait, which a job or the end of the program ends.
    while (!worker->has_work && !worker->stop) {
        if (!may_tidy || is_tidy(worker)) {
            pthread_cond_wait(&worker->wake, &worker->lock);
            continue;
        }
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += IDLE_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&worker->wake, &worker->lock, &until) != ETIMEDOUT)
            continue;
        retain(worker);
        checkpoint(worker, STORE_WHEN_IDLE);
        sweep(worker);
    }
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    uint64_t one = 1;
    bool may_tidy = false;
    enum room room;

    pthread_mutex_lock(&worker->lock);
    for (;;) { // a job each turn, to the end of the program
        wait_for_work(worker, may_tidy);
        if (!worker->has_work)
            break;
        worker->has_work = false;
        pthread_mutex_unlock(&worker->lock);
        job_run(worker->store, &worker->job);
        // After a probe the loop itself reads the store, so it is left alone then.
        may_tidy = worker->job.task == TASK_COMMIT && worker->job.ok;
        room = worker->job.room;
        while (write(worker->done, &one, sizeof one) < 0 && errno == EINTR)
            ;
        pthread_mutex_lock(&worker->lock);
        if (may_tidy) {
            retain(worker);
            give_room(worker, room);
            checkpoint(worker, STORE_NOW);
        }
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

bool worker_start(struct worker *worker, struct store *store, struct fault *why)
{
    pthread_condattr_t monotonic;

    *worker = (struct worker){ .store = store, .done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
    if (worker->done < 0)
        return fault_set(why, "ledger: its thread cannot start: %s", strerror(errno));
    pthread_mutex_init(&worker->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&worker->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    errno = pthread_create(&worker->thread, NULL, work, worker);
    worker->started = errno == 0;
    if (worker->started)
        return true;
    fault_set(why, "ledger: its thread cannot start: %s", strerror(errno));
    pthread_cond_destroy(&worker->wake);
    pthread_mutex_destroy(&worker->lock);
    close(worker->done);
    return false;
}

void worker_stop(struct worker *worker)
{
    if (!worker->started)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->stop = true;
    pthread_cond_signal(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->wake);
    pthread_mutex_destroy(&worker->lock);
    close(worker->done);
    worker->started = false;
}

void worker_hand_over(struct worker *worker, const struct job *job)
{
    worker->job = *job;
    pthread_mutex_lock(&worker->lock);
    worker->has_work = true;
    pthread_cond_signal(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
}

bool worker_take_back(struct worker *worker, struct job *out)
{
    uint64_t count;

    if (read(worker->done, &count, sizeof count) != sizeof count)
        return false;
    pthread_mutex_lock(&worker->lock); // pairs with the thread's, for what it wrote
    *out = worker->job;
    pthread_mutex_unlock(&worker->lock);
    return true;
}

void worker_retain(struct worker *worker, const struct retention *by)
{
    pthread_mutex_lock(&worker->lock);
    worker->retain_by = *by;
    worker->retain = true;
    pthread_cond_signal(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
}
