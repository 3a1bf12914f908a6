/* SPDX-License-Identifier: Apache-2.0 */
#include "app/builder.h"

#include "adapter/log.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct junk {
    struct prepared prepared;
    struct junk *next;
};

struct builder {
    pthread_t thread;
    int done;         // an eventfd
    bool busy;        // the loop's alone
    atomic_bool stop; // looked at in the middle of a build
    pthread_mutex_t lock;
    pthread_cond_t wake;
    // Under the lock:
    bool asked;
    struct prepare_options wanted;
    struct prepared built;
    struct junk *junk;
    struct last_good_copy *copy; // to be put in its place; NULL: none
    enum builder_kept kept;
};

/* Under the lock, which it leaves meanwhile. */
static void throw_away(struct builder *builder)
{
    struct junk *junk = builder->junk;

    builder->junk = junk->next;
    pthread_mutex_unlock(&builder->lock);
    prepared_fini(&junk->prepared);
    free(junk);
    malloc_trim(0); // what old rules took goes back to the system, not to a list of malloc's
    pthread_mutex_lock(&builder->lock);
}

/* The same. */
static void build(struct builder *builder)
{
    struct prepare_options wanted = builder->wanted;
    struct prepared built;

    builder->asked = false;
    pthread_mutex_unlock(&builder->lock);
    prepare(&wanted, &builder->stop, &built);
    pthread_mutex_lock(&builder->lock);
    builder->built = built;
    while (eventfd_write(builder->done, 1) != 0 && errno == EINTR) // a signal comes now and then
        ;
}

/* The same. */
static void keep(struct builder *builder)
{
    struct last_good_copy *copy = builder->copy;
    struct fault why;
    bool ok;

    builder->copy = NULL;
    pthread_mutex_unlock(&builder->lock);
    ok = last_good_copy_commit(copy, &why);
    if (!ok)
        log_error("rules: what is in force cannot be kept for a start with bad files: %s",
                  why.text);
    last_good_copy_destroy(copy);
    pthread_mutex_lock(&builder->lock);
    if (builder->copy == NULL) // else a newer one waits
        builder->kept = ok ? BUILDER_KEPT : BUILDER_KEPT_NOT;
}

static void *work(void *arg)
{
    struct builder *builder = arg;

    pthread_mutex_lock(&builder->lock);
    while (!atomic_load(&builder->stop)) { // a build each turn, to the end of the program
        if (builder->copy != NULL)
            keep(builder);
        else if (builder->junk != NULL) // first: then the next build finds its memory free
            throw_away(builder);
        else if (builder->asked)
            build(builder);
        else
            pthread_cond_wait(&builder->wake, &builder->lock);
    }
    if (builder->copy != NULL) // what came into force just before a stop is last good too
        keep(builder);
    pthread_mutex_unlock(&builder->lock);
    return NULL;
}

bool builder_start(const char *path, struct builder **out_builder, struct fault *why)
{
    struct builder *builder = calloc(1, sizeof *builder);

    if (builder == NULL)
        return fault_set(why, "out of memory");
    builder->wanted.path = path;
    builder->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&builder->lock, NULL);
    pthread_cond_init(&builder->wake, NULL);
    if (builder->done >= 0)
        errno = pthread_create(&builder->thread, NULL, work, builder);
    if (builder->done >= 0 && errno == 0) {
        *out_builder = builder;
        return true;
    }
    fault_set(why, "the thread that builds rules cannot start: %s", strerror(errno));
    if (builder->done >= 0)
        close(builder->done);
    pthread_cond_destroy(&builder->wake);
    pthread_mutex_destroy(&builder->lock);
    free(builder);
    return false;
}

void builder_cancel(struct builder *builder)
{
    pthread_mutex_lock(&builder->lock);
    atomic_store(&builder->stop, true);
    pthread_cond_signal(&builder->wake);
    pthread_mutex_unlock(&builder->lock);
}

bool builder_stop(struct builder *builder)
{
    struct timespec until;

    if (builder == NULL)
        return true;
    builder_cancel(builder);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += BUILDER_PATIENCE_S;
    if (pthread_clockjoin_np(builder->thread, NULL, CLOCK_MONOTONIC, &until) != 0)
        return false;
    pthread_mutex_lock(&builder->lock);
    while (builder->junk != NULL) // each is thrown away
        throw_away(builder);
    pthread_mutex_unlock(&builder->lock);
    prepared_fini(&builder->built);
    pthread_cond_destroy(&builder->wake);
    pthread_mutex_destroy(&builder->lock);
    close(builder->done);
    free(builder);
    return true;
}

void builder_ask(struct builder *builder, const struct prepare_options *wanted)
{
    const char *path = builder->wanted.path;

    builder->busy = true;
    pthread_mutex_lock(&builder->lock);
    builder->asked = true;
    builder->wanted = *wanted;
    builder->wanted.path = path;
    pthread_cond_signal(&builder->wake);
    pthread_mutex_unlock(&builder->lock);
}

bool builder_busy(const struct builder *builder)
{
    return builder->busy;
}

evutil_socket_t builder_fd(const struct builder *builder)
{
    return builder->done;
}

bool builder_take(struct builder *builder, struct prepared *out)
{
    uint64_t count;

    if (read(builder->done, &count, sizeof count) != sizeof count)
        return false;
    pthread_mutex_lock(&builder->lock); // pairs with the thread's, for all that it wrote
    *out = builder->built;
    builder->built = (struct prepared){ 0 };
    pthread_mutex_unlock(&builder->lock);
    builder->busy = false;
    return true;
}

bool builder_await(struct builder *builder, int give_up, struct prepared *out)
{
    struct pollfd either[] = { { builder->done, POLLIN, 0 }, { give_up, POLLIN, 0 } };

    while (!builder_take(builder, out)) { // a wait, which the build or `give_up` ends
        if (poll(either, 2, -1) > 0 && either[1].revents != 0)
            return false;
    }
    return true;
}

void builder_keep(struct builder *builder, struct last_good_copy **copy, bool well)
{
    struct last_good_copy *older;

    pthread_mutex_lock(&builder->lock);
    older = builder->copy;
    builder->copy = *copy;
    builder->kept = *copy != NULL ? BUILDER_KEEPING : well ? BUILDER_KEPT : BUILDER_KEPT_NOT;
    pthread_cond_signal(&builder->wake);
    pthread_mutex_unlock(&builder->lock);
    last_good_copy_destroy(older);
    *copy = NULL;
}

enum builder_kept builder_kept(struct builder *builder)
{
    enum builder_kept kept;

    pthread_mutex_lock(&builder->lock);
    kept = builder->kept;
    pthread_mutex_unlock(&builder->lock);
    return kept;
}

void builder_discard(struct builder *builder, struct prepared *prepared)
{
    struct junk *junk = malloc(sizeof *junk);

    if (junk == NULL) {
        prepared_fini(prepared);
        return;
    }
    pthread_mutex_lock(&builder->lock);
    *junk = (struct junk){ *prepared, builder->junk };
    builder->junk = junk;
    pthread_cond_signal(&builder->wake);
    pthread_mutex_unlock(&builder->lock);
    *prepared = (struct prepared){ 0 };
}
