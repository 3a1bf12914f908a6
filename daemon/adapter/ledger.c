/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger.h"

#include "adapter/ledger_turn.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { IDLE_NS = 20 * 1000 * 1000 }; // no turn for so long: time to tidy up

struct ledger {
    struct store *store; // the thread's while a turn is away
    struct ledger_calls calls;
    struct event *on_done;
    int done; // eventfd
    bool blind;
    uint64_t committed, sequence, published;
    // The next turn, as it gathers:
    struct changes gathering;
    uint64_t number;
    bool mark, words, probe;
    uint64_t renumber_after, renumber_from, fetch_after;
    unsigned fetch_limit;
    bool away; // a turn is with the thread, or comes back
    struct turn turn;
    // Between the two threads:
    pthread_t thread;
    bool threaded;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool has_work, stop;
};

/* ---- the thread's side ---- */

/* Waits for a turn to do, under the lock; tidies up when none has come for a moment. */
static void wait_for_work(struct ledger *ledger, bool may_tidy)
{
    struct timespec until;

    while (!ledger->has_work && !ledger->stop) {
        if (!may_tidy || store_wants_checkpoint(ledger->store) == STORE_FINE) {
            pthread_cond_wait(&ledger->wake, &ledger->lock);
            continue;
        }
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += IDLE_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&ledger->wake, &ledger->lock, &until) != ETIMEDOUT)
            continue;
        pthread_mutex_unlock(&ledger->lock);
        store_checkpoint(ledger->store);
        pthread_mutex_lock(&ledger->lock);
    }
}

static void *work(void *arg)
{
    struct ledger *ledger = arg;
    uint64_t one = 1;
    bool may_tidy = false;

    pthread_mutex_lock(&ledger->lock);
    for (;;) {
        wait_for_work(ledger, may_tidy);
        if (!ledger->has_work)
            break;
        ledger->has_work = false;
        pthread_mutex_unlock(&ledger->lock);
        turn_run(ledger->store, &ledger->turn);
        // After a probe the loop itself reads the store, so it is left alone then.
        may_tidy = ledger->turn.task == TASK_COMMIT && ledger->turn.ok;
        while (write(ledger->done, &one, sizeof one) < 0 && errno == EINTR)
            ;
        if (may_tidy && store_wants_checkpoint(ledger->store) == STORE_NOW)
            store_checkpoint(ledger->store);
        pthread_mutex_lock(&ledger->lock);
    }
    pthread_mutex_unlock(&ledger->lock);
    return NULL;
}

/* ---- the loop's side ---- */

/* Alerts whose numbers are about to change must not be told under the old ones. */
static bool numbers_wait(const struct ledger *ledger)
{
    return ledger->renumber_from != 0;
}

static void turn_succeeded(struct ledger *ledger, struct turn *turn)
{
    struct row *alerts = changes_alerts(turn->changes.rows);

    ledger->committed = turn->number;
    ledger->sequence = turn->sequence;
    if (turn->published > ledger->published)
        ledger->published = turn->published;
    changes_tell(&turn->changes, true);
    if (turn->task != TASK_PROBE && turn->wrote)
        ledger->calls.on_committed(alerts, ledger->calls.arg);
    if (alerts != NULL && !numbers_wait(ledger))
        ledger->calls.on_alerts(alerts, ledger->calls.arg);
}

/* Nothing that was gathered on top of what failed can stand either. */
void ledger_give_up(struct ledger *ledger, const char *why)
{
    struct changes given_up = ledger->gathering;

    ledger->blind = true;
    changes_init(&ledger->gathering);
    changes_tell(&given_up, false);
    arena_fini(&given_up.arena);
    ledger->calls.on_blind(why, ledger->calls.arg);
}

static void hand_over(struct ledger *ledger);

static bool wants_a_turn(const struct ledger *ledger)
{
    return ledger->gathering.rows != NULL || ledger->gathering.waiters != NULL || ledger->words ||
           ledger->probe || ledger->fetch_limit != 0 ||
           (ledger->renumber_from != 0 && !ledger->blind);
}

static void turn_failed(struct ledger *ledger, struct turn *turn)
{
    // A stream that is ahead stays ahead: without new numbers it would never take ours.
    if (turn->renumber_from != 0) {
        ledger->renumber_after = turn->renumber_after;
        if (ledger->renumber_from == 0)
            ledger->renumber_from = turn->renumber_from;
    }
    if (turn->task != TASK_COMMIT)
        return;
    changes_tell(&turn->changes, false);
    if (!ledger->blind)
        ledger_give_up(ledger, turn->why.text);
}

static void on_done(evutil_socket_t fd, short what, void *arg)
{
    struct ledger *ledger = arg;
    struct turn turn;
    uint64_t count;

    (void)what;
    if (read(fd, &count, sizeof count) != sizeof count)
        return;
    pthread_mutex_lock(&ledger->lock); // pairs with the thread's, for what it wrote
    turn = ledger->turn;
    pthread_mutex_unlock(&ledger->lock);
    ledger->away = false;
    if (turn.task == TASK_PROBE) {
        // First, while the store is surely the loop's: whoever is told below may ask for a turn.
        ledger->blind = !turn.ok;
        ledger->calls.on_probed(turn.ok, ledger->calls.arg);
    }
    if (turn.ok)
        turn_succeeded(ledger, &turn);
    else
        turn_failed(ledger, &turn);
    if (turn.task == TASK_LAST_WORDS)
        ledger->calls.on_words(turn.ok, ledger->calls.arg);
    if (turn.fetch_limit != 0)
        ledger->calls.on_fetched(turn.ok && !numbers_wait(ledger) ? turn.fetched : NULL,
                                 ledger->calls.arg);
    arena_fini(&turn.changes.arena);
    if (!ledger->away && wants_a_turn(ledger))
        hand_over(ledger);
}

static enum task next_task(const struct ledger *ledger)
{
    return ledger->words   ? TASK_LAST_WORDS
           : ledger->probe ? TASK_PROBE
           : ledger->blind ? TASK_FETCH
                           : TASK_COMMIT;
}

static void hand_over(struct ledger *ledger)
{
    enum task task = next_task(ledger);
    bool writes = task == TASK_COMMIT || task == TASK_PROBE;

    ledger->turn = (struct turn){ .task = task,
                                  .changes = ledger->gathering,
                                  .number = ledger->number++,
                                  .published = ledger->published,
                                  .renumber_after = ledger->renumber_after,
                                  .renumber_from = writes ? ledger->renumber_from : 0,
                                  .fetch_after = ledger->fetch_after,
                                  .fetch_limit = ledger->fetch_limit };
    changes_init(&ledger->gathering);
    ledger->mark = false;
    ledger->fetch_limit = 0;
    if (writes)
        ledger->renumber_from = 0;
    ledger->probe = ledger->probe && ledger->words; // one thing at a time
    ledger->words = false;
    ledger->away = true;
    pthread_mutex_lock(&ledger->lock);
    ledger->has_work = true;
    pthread_cond_signal(&ledger->wake);
    pthread_mutex_unlock(&ledger->lock);
}

void ledger_flush(struct ledger *ledger)
{
    if (!ledger->away && (wants_a_turn(ledger) || (ledger->mark && !ledger->blind)))
        hand_over(ledger);
}

bool ledger_open(struct event_base *base, const char *path, const struct ledger_calls *calls,
                 struct ledger **out_ledger, struct fault *why)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    pthread_condattr_t monotonic;

    if (ledger == NULL)
        return fault_set(why, "out of memory");
    ledger->calls = *calls;
    ledger->number = 1;
    changes_init(&ledger->gathering);
    pthread_mutex_init(&ledger->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&ledger->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    ledger->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!store_open(path, &ledger->store, why))
        goto fail;
    ledger->sequence = store_sequence(ledger->store);
    ledger->published = store_published(ledger->store);
    ledger->on_done = event_new(base, ledger->done, EV_READ | EV_PERSIST, on_done, ledger);
    if (ledger->done < 0 || ledger->on_done == NULL || event_add(ledger->on_done, NULL) != 0 ||
        pthread_create(&ledger->thread, NULL, work, ledger) != 0) {
        fault_set(why, "ledger: its thread cannot start: %s", strerror(errno));
        goto fail;
    }
    ledger->threaded = true;
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
    if (ledger->threaded) {
        pthread_mutex_lock(&ledger->lock);
        ledger->stop = true;
        pthread_cond_signal(&ledger->wake);
        pthread_mutex_unlock(&ledger->lock);
        pthread_join(ledger->thread, NULL);
    }
    if (ledger->away)
        arena_fini(&ledger->turn.changes.arena);
    arena_fini(&ledger->gathering.arena);
    if (ledger->on_done != NULL)
        event_free(ledger->on_done);
    if (ledger->done >= 0)
        close(ledger->done);
    store_close(ledger->store);
    pthread_cond_destroy(&ledger->wake);
    pthread_mutex_destroy(&ledger->lock);
    free(ledger);
}

bool ledger_full(const struct ledger *ledger)
{
    return ledger->gathering.n >= LEDGER_GATHER_MAX;
}

bool ledger_put_device(struct ledger *ledger, const char *id, const struct known_device *device)
{
    struct row *row = ledger->blind ? NULL : changes_add_row(&ledger->gathering, ROW_DEVICE, id);

    if (row != NULL)
        row->device = *device;
    return row != NULL;
}

bool ledger_put_incident(struct ledger *ledger, const char *subject,
                         const struct incident *incident)
{
    struct row *row =
        ledger->blind ? NULL : changes_add_row(&ledger->gathering, ROW_INCIDENT, subject);

    if (row != NULL)
        row->incident = *incident;
    return row != NULL;
}

bool ledger_put_alert(struct ledger *ledger, const struct kept_alert *alert)
{
    return !ledger->blind && changes_add_alert(&ledger->gathering, alert);
}

bool ledger_wait(struct ledger *ledger, void (*done)(bool ok, void *arg), void *arg)
{
    return !ledger->blind && changes_add_waiter(&ledger->gathering, done, arg);
}

void ledger_last_words(struct ledger *ledger, const char *subject, const struct incident *incident,
                       const struct kept_alert *alert)
{
    struct row *row = changes_add_row(&ledger->gathering, ROW_INCIDENT, subject);

    if (row != NULL)
        row->incident = *incident;
    ledger->words = row != NULL && changes_add_alert(&ledger->gathering, alert);
    ledger_flush(ledger);
}

void ledger_probe(struct ledger *ledger)
{
    ledger->probe = ledger->blind;
    ledger_flush(ledger);
}

void ledger_fetch(struct ledger *ledger, uint64_t after, unsigned limit)
{
    ledger->fetch_after = after;
    ledger->fetch_limit = limit;
    ledger_flush(ledger);
}

void ledger_mark_published(struct ledger *ledger, uint64_t sequence)
{
    ledger->mark |= sequence > ledger->published;
    if (sequence > ledger->published)
        ledger->published = sequence;
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
    return !ledger->away && !wants_a_turn(ledger);
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
