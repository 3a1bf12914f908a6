/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/ledger_parts.h"

#include <stdlib.h>
#include <string.h>

/* Alerts whose numbers are about to change must not be told under the old ones. */
static bool numbers_wait(const struct ledger *ledger)
{
    return ledger->renumber_from != 0;
}

static void job_succeeded(struct ledger *ledger, struct job *job)
{
    struct row *alerts = changes_alerts(&job->changes);

    // Any other job comes after one that failed, whose number it would pass.
    if (job->task == TASK_COMMIT)
        ledger->committed = job->number;
    ledger->sequence = job->sequence;
    ledger->head = job->head;
    ledger->first = job->first;
    if (ledger->anchored.ms != job->anchored.ms)
        ledger->removed[0] = '\0'; // that alert says it
    ledger->anchored = job->anchored;
    if (job->published > ledger->published)
        ledger->published = job->published;
    changes_tell(&job->changes, job->task != TASK_FETCH); // a read keeps nothing
    if (job->task != TASK_PROBE && job->wrote)
        ledger->callbacks.on_committed(alerts, ledger->callbacks.arg);
    if (alerts != NULL && !numbers_wait(ledger))
        ledger->callbacks.on_alerts(alerts, ledger->callbacks.arg);
}

/* Nothing that was gathered on top of what failed can stand either. */
void ledger_give_up(struct ledger *ledger, const char *why)
{
    struct changes given_up = ledger->gathering;

    ledger->blind = true;
    changes_init(&ledger->gathering);
    changes_tell(&given_up, false);
    arena_fini(&given_up.arena);
    ledger->callbacks.on_blind(why, ledger->callbacks.arg);
}

static void hand_over(struct ledger *ledger);

static bool wants_a_job(const struct ledger *ledger)
{
    return ledger->gathering.rows != NULL || ledger->gathering.waiters != NULL ||
           ledger->by_reserve || ledger->probe || ledger->fetch.limit != 0 ||
           (ledger->forget != NULL && !ledger->blind) || ledger->to_list != NULL ||
           (ledger->renumber_from != 0 && !ledger->blind);
}

static void job_failed(struct ledger *ledger, struct job *job)
{
    // A stream that is ahead stays ahead: without new numbers it would never take ours.
    if (job->renumber_from != 0) {
        ledger->renumber_after = job->renumber_after;
        if (ledger->renumber_from == 0)
            ledger->renumber_from = job->renumber_from;
    }
    if (job->task != TASK_COMMIT)
        return;
    changes_tell(&job->changes, false);
    if (!ledger->blind)
        ledger_give_up(ledger, job->why.text);
}

static void answer_fetch(struct ledger *ledger, const struct job *job)
{
    bool ok = job->ok && !numbers_wait(ledger);

    ledger->callbacks.on_fetched(&job->fetch, ok, ok ? job->fetched : NULL, ledger->callbacks.arg);
}

/* What gathers next has this memory: the system's own is empty pages, each a fault. */
static void take_idle(struct ledger *ledger, struct changes *done)
{
    arena_fini(&ledger->idle.arena);
    ledger->idle = *done;
    changes_clear(&ledger->idle);
}

/* Nothing gathers. */
static void gather_anew(struct ledger *ledger)
{
    ledger->gathering = ledger->idle;
    changes_clear(&ledger->gathering);
    changes_init(&ledger->idle);
}

static void on_done(evutil_socket_t fd, short what, void *arg)
{
    struct ledger *ledger = arg;
    struct listing_request *listed = ledger->listing;
    struct job job;

    (void)fd;
    (void)what;
    if (!worker_take_back(&ledger->worker, &job))
        return;
    ledger->listing = NULL; // the callbacks below may start a job, which has a listing of its own
    ledger->away = false;
    ledger->room = job.room;
    ledger->size = job.size;
    if (job.task == TASK_PROBE) {
        // Before the callbacks below, which may start a job: until then the store is the loop's.
        ledger->blind = !job.ok;
        ledger->probe = ledger->probe && ledger->blind; // asked meanwhile: that is answered too
        ledger->callbacks.on_probed(job.ok, ledger->callbacks.arg);
    }
    if (job.ok)
        job_succeeded(ledger, &job);
    else
        job_failed(ledger, &job);
    if (job.task == TASK_BY_RESERVE)
        ledger->callbacks.on_reserve_put(job.ok, ledger->callbacks.arg);
    if (job.fetch.limit != 0)
        answer_fetch(ledger, &job);
    if (job.forget != NULL || job.let_go != NULL)
        ledger_answer_forget(ledger, &job);
    if (job.listing != NULL)
        ledger_answer_listing(listed, &job);
    take_idle(ledger, &job.changes);
    if (!ledger->away && wants_a_job(ledger))
        hand_over(ledger);
}

static enum task next_task(const struct ledger *ledger)
{
    return ledger->by_reserve ? TASK_BY_RESERVE
           : ledger->probe    ? TASK_PROBE
           : ledger->blind    ? TASK_FETCH
                              : TASK_COMMIT;
}

static void hand_over(struct ledger *ledger)
{
    enum task task = next_task(ledger);
    bool writes = task == TASK_COMMIT || task == TASK_PROBE;
    struct job job = { .task = task,
                       .changes = ledger->gathering,
                       .number = ledger->number++,
                       .published = ledger->published,
                       .published_at = ledger->published_at,
                       .renumber_after = ledger->renumber_after,
                       .renumber_from = writes ? ledger->renumber_from : 0,
                       .spare = ledger->spare,
                       .fetch = ledger->fetch };

    if (task == TASK_COMMIT && ledger->forget != NULL) {
        ledger->forgetting = ledger->forget;
        ledger->forget = NULL;
        if (ledger->forgetting->what.respondent != NULL)
            job.forget = &ledger->forgetting->what;
        else
            job.let_go = &ledger->forgetting->let_go;
    }
    job.listing = ledger_next_listing(ledger);
    gather_anew(ledger);
    ledger->mark = false;
    ledger->fetch.limit = 0;
    if (writes)
        ledger->renumber_from = 0;
    ledger->probe = ledger->probe && ledger->by_reserve; // one thing at a time
    ledger->by_reserve = false;
    ledger->away = true;
    worker_hand_over(&ledger->worker, &job);
}

void ledger_flush(struct ledger *ledger)
{
    if (!ledger->away && (wants_a_job(ledger) || (ledger->mark && !ledger->blind)))
        hand_over(ledger);
}

bool ledger_open(struct event_base *base, const char *path,
                 const struct ledger_callbacks *callbacks, struct ledger **out_ledger,
                 struct fault *why)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);

    if (ledger == NULL)
        return fault_set(why, "out of memory");
    ledger->callbacks = *callbacks;
    ledger->number = 1;
    changes_init(&ledger->gathering);
    changes_init(&ledger->idle);
    if (!store_open(path, &ledger->store, why) ||
        !worker_start(&ledger->worker, ledger->store, why))
        goto fail;
    ledger->sequence = store_sequence(ledger->store);
    ledger->published = store_published(ledger->store);
    ledger->head = store_head(ledger->store);
    ledger->first = store_first(ledger->store);
    ledger->size = store_size(ledger->store);
    ledger->anchored = store_anchored(ledger->store);
    store_removed(ledger->store, ledger->removed);
    ledger->on_done = event_new(base, ledger->worker.done, EV_READ | EV_PERSIST, on_done, ledger);
    if (ledger->on_done == NULL || event_add(ledger->on_done, NULL) != 0) {
        fault_set(why, "out of memory");
        goto fail;
    }
    *out_ledger = ledger;
    return true;
fail:
    ledger_close(ledger);
    return false;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL)
        return;
    if (ledger->on_done != NULL)
        event_free(ledger->on_done);
    worker_stop(&ledger->worker);
    if (ledger->away)
        arena_fini(&ledger->worker.job.changes.arena);
    arena_fini(&ledger->gathering.arena);
    arena_fini(&ledger->idle.arena);
    ledger_forget_requests(ledger);
    ledger_forget_listings(ledger);
    store_close(ledger->store);
    free(ledger);
}

enum room ledger_room(const struct ledger *ledger)
{
    return ledger->room;
}

struct ledger_size ledger_size(const struct ledger *ledger)
{
    return ledger->size;
}

void ledger_set_spare(struct ledger *ledger, uint64_t spare)
{
    ledger->spare = spare;
}

void ledger_put_by_reserve(struct ledger *ledger, const char *subject,
                           const struct incident *incident, const struct kept_alert *alert)
{
    struct row *row = changes_add_row(&ledger->gathering, ROW_INCIDENT, subject);

    if (row != NULL)
        row->incident = *incident;
    ledger->by_reserve = row != NULL && changes_add_alert(&ledger->gathering, alert);
    ledger_flush(ledger);
}

void ledger_probe(struct ledger *ledger)
{
    ledger->probe = ledger->blind;
    ledger_flush(ledger);
}

void ledger_fetch(struct ledger *ledger, const struct fetch *fetch)
{
    ledger->fetch = *fetch;
    ledger_flush(ledger);
}

void ledger_mark_published(struct ledger *ledger, uint64_t sequence, struct utc at)
{
    if (sequence <= ledger->published)
        return;
    ledger->mark = true;
    ledger->published = sequence;
    ledger->published_at = at;
}

bool ledger_forget(struct ledger *ledger, const struct forgetting *what, ledger_gone *done,
                   void *arg)
{
    bool noted = ledger_note_forgetting(ledger, what, done, arg);

    if (noted)
        ledger_flush(ledger);
    return noted;
}

bool ledger_let_go(struct ledger *ledger, const struct letting_go *what, ledger_gone *done,
                   void *arg)
{
    bool noted = ledger_note_letting_go(ledger, what, done, arg);

    if (noted)
        ledger_flush(ledger);
    return noted;
}

void ledger_retain(struct ledger *ledger, const struct retention *by)
{
    worker_retain(&ledger->worker, by);
}

struct chain ledger_head(const struct ledger *ledger)
{
    return ledger->head;
}

struct chain ledger_first(const struct ledger *ledger)
{
    return ledger->first;
}

const char *ledger_removed(const struct ledger *ledger)
{
    return ledger->removed;
}

struct utc ledger_anchored(const struct ledger *ledger)
{
    return ledger->anchored;
}

struct utc ledger_alive(const struct ledger *ledger)
{
    return store_alive(ledger->store);
}

void ledger_touch(const struct ledger *ledger, struct utc now)
{
    store_touch(ledger->store, now);
}

void ledger_renumber(struct ledger *ledger, uint64_t from)
{
    // By what is confirmed when first asked: the mark is about to move to where the stream is.
    if (ledger->renumber_from == 0)
        ledger->renumber_after = ledger->published;
    ledger->renumber_from = from;
    ledger_flush(ledger);
}

uint64_t ledger_gathering(const struct ledger *ledger)
{
    return ledger->number;
}

uint64_t ledger_committed(const struct ledger *ledger)
{
    return ledger->committed;
}

bool ledger_idle(const struct ledger *ledger)
{
    return !ledger->away && !wants_a_job(ledger);
}

uint64_t ledger_sequence(const struct ledger *ledger)
{
    return ledger->sequence;
}

uint64_t ledger_published(const struct ledger *ledger)
{
    return ledger->published;
}

bool ledger_restore(struct ledger *ledger, void (*on_row)(const struct row *row, void *arg),
                    void *arg, struct fault *why)
{
    return store_restore(ledger->store, on_row, arg, why);
}
