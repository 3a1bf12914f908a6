/* SPDX-License-Identifier: Apache-2.0 */
#include "web/hasher.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum job_state { JOB_FREE, JOB_WAITS, JOB_WORKED_ON, JOB_DONE };

struct job {
    enum job_state state;
    uint64_t turn;           // the smallest is next
    struct hasher_job asked; // with what it borrows copied:
    struct scrypt kept;
    char password[SCRYPT_PASSWORD_MAX + 1];
    bool matches;
};

struct hasher {
    pthread_mutex_t lock; // of all below
    pthread_cond_t more;
    struct job jobs[HASHER_WAITING_MAX];
    uint64_t turns;
    bool stopping;
    int done_fd; // an eventfd: the loop is to look for what is done
    struct event *on_done;
    pthread_t threads[HASHER_THREADS];
    size_t n_threads;
};

/* ---- a thread ---- */

static bool is_before(const struct job *one, const struct job *other)
{
    return one->asked.late != other->asked.late ? other->asked.late : one->turn < other->turn;
}

static struct job *next_job(struct hasher *hasher)
{
    struct job *next = NULL;

    for (size_t i = 0; i < HASHER_WAITING_MAX; i++) {
        struct job *job = &hasher->jobs[i];

        if (job->state == JOB_WAITS && (next == NULL || is_before(job, next)))
            next = job;
    }
    return next;
}

static void work(struct hasher *hasher, struct job *job)
{
    bool matches;

    job->state = JOB_WORKED_ON; // now nobody else touches it
    pthread_mutex_unlock(&hasher->lock);
    matches = scrypt_matches(&job->kept, job->password);
    explicit_bzero(job->password, sizeof job->password);
    pthread_mutex_lock(&hasher->lock);
    job->matches = matches;
    job->state = JOB_DONE;
    eventfd_write(hasher->done_fd, 1);
}

static void *run(void *arg)
{
    struct hasher *hasher = arg;
    struct job *job;

    pthread_mutex_lock(&hasher->lock);
    while (!hasher->stopping) {
        job = next_job(hasher);
        if (job != NULL)
            work(hasher, job);
        else
            pthread_cond_wait(&hasher->more, &hasher->lock);
    }
    pthread_mutex_unlock(&hasher->lock);
    return NULL;
}

/* ---- the loop ---- */

static bool is_done(const struct job *job)
{
    return job->state == JOB_DONE;
}

/* Of somebody who waits for it no more. */
static bool is_left(const struct job *job)
{
    return job->state == JOB_WAITS && job->asked.has_left(job->asked.arg);
}

static bool take(struct hasher *hasher, bool (*is_over)(const struct job *job), struct job *out)
{
    bool found = false;

    pthread_mutex_lock(&hasher->lock);
    for (size_t i = 0; i < HASHER_WAITING_MAX && !found; i++) {
        if (!is_over(&hasher->jobs[i]))
            continue;
        *out = hasher->jobs[i];
        explicit_bzero(&hasher->jobs[i], sizeof hasher->jobs[i]);
        found = true;
    }
    pthread_mutex_unlock(&hasher->lock);
    return found;
}

/* What is over makes room. */
static void tell(struct hasher *hasher, bool (*is_over)(const struct job *job))
{
    struct job job;

    while (take(hasher, is_over, &job)) {
        job.asked.on_done(job.matches, job.asked.arg);
        explicit_bzero(&job, sizeof job);
    }
}

static void on_done(evutil_socket_t fd, short what, void *arg)
{
    struct hasher *hasher = arg;
    eventfd_t n;

    (void)what;
    if (eventfd_read(fd, &n) == 0)
        tell(hasher, is_done);
    tell(hasher, is_left);
}

struct counted {
    size_t here, near, late; // of the same address, of its network, of all who are late
};

/* Under the lock. */
static struct counted count(const struct hasher *hasher, const struct hasher_job *asked)
{
    struct counted n = { 0 };

    for (size_t i = 0; i < HASHER_WAITING_MAX; i++) {
        const struct job *job = &hasher->jobs[i];

        if (job->state == JOB_FREE)
            continue;
        n.here += job->asked.address == asked->address;
        n.near += job->asked.network == asked->network;
        n.late += job->asked.late;
    }
    return n;
}

/* A free place, unless there are too many from there; NULL then. Under the lock. */
static struct job *find_place(struct hasher *hasher, const struct hasher_job *asked)
{
    struct counted n = count(hasher, asked);
    bool known = asked->address != 0;

    if (n.near >= HASHER_OF_NETWORK_MAX || (known && n.here >= HASHER_OF_ADDRESS_MAX) ||
        (asked->late && (n.late >= HASHER_LATE_MAX || (known && n.here > 0))))
        return NULL;
    for (size_t i = 0; i < HASHER_WAITING_MAX; i++) {
        if (hasher->jobs[i].state == JOB_FREE)
            return &hasher->jobs[i];
    }
    return NULL;
}

bool hasher_ask(struct hasher *hasher, const struct hasher_job *asked)
{
    struct job *place;

    if (strlen(asked->password) > SCRYPT_PASSWORD_MAX)
        return false;
    tell(hasher, is_left);
    pthread_mutex_lock(&hasher->lock);
    place = find_place(hasher, asked);
    if (place != NULL) {
        *place = (struct job){
            .state = JOB_WAITS, .turn = ++hasher->turns, .asked = *asked, .kept = *asked->kept
        };
        strcpy(place->password, asked->password);
        pthread_cond_signal(&hasher->more);
    }
    pthread_mutex_unlock(&hasher->lock);
    return place != NULL;
}

/* ---- begin and end ---- */

static bool start(struct hasher *hasher, struct event_base *base, struct fault *why)
{
    int code = 0;

    hasher->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (hasher->done_fd < 0)
        return fault_set(why, "eventfd: %s", strerror(errno));
    hasher->on_done = event_new(base, hasher->done_fd, EV_READ | EV_PERSIST, on_done, hasher);
    if (hasher->on_done == NULL || event_add(hasher->on_done, NULL) != 0)
        return fault_set(why, FAULT_MEMORY);
    while (hasher->n_threads < HASHER_THREADS && code == 0) {
        code = pthread_create(&hasher->threads[hasher->n_threads], NULL, run, hasher);
        hasher->n_threads += code == 0;
    }
    return code == 0 || fault_set(why, "no thread: %s", strerror(code));
}

struct hasher *hasher_create(struct event_base *base, struct fault *why)
{
    struct hasher *hasher = calloc(1, sizeof *hasher);

    if (hasher == NULL) {
        fault_set(why, FAULT_MEMORY);
        return NULL;
    }
    pthread_mutex_init(&hasher->lock, NULL);
    pthread_cond_init(&hasher->more, NULL);
    if (start(hasher, base, why))
        return hasher;
    hasher_destroy(hasher);
    return NULL;
}

void hasher_destroy(struct hasher *hasher)
{
    if (hasher == NULL)
        return;
    pthread_mutex_lock(&hasher->lock);
    hasher->stopping = true;
    pthread_cond_broadcast(&hasher->more);
    pthread_mutex_unlock(&hasher->lock);
    for (size_t i = 0; i < hasher->n_threads; i++)
        pthread_join(hasher->threads[i], NULL);
    for (size_t i = 0; i < HASHER_WAITING_MAX; i++) {
        if (hasher->jobs[i].state != JOB_FREE)
            hasher->jobs[i].asked.on_done(false, hasher->jobs[i].asked.arg);
    }
    if (hasher->on_done != NULL)
        event_free(hasher->on_done);
    if (hasher->done_fd >= 0)
        close(hasher->done_fd);
    pthread_cond_destroy(&hasher->more);
    pthread_mutex_destroy(&hasher->lock);
    explicit_bzero(hasher, sizeof *hasher);
    free(hasher);
}
