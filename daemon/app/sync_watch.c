/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sync_watch.h"

#include "adapter/clock.h"
#include "adapter/log.h"

static void say(struct sync_watch *sync, enum sync_answer answer, const char *why)
{
    if (answer != SYNC_NONE && sync->complained)
        log_info("clock: systemd-timedated answers now");
    else if (answer == SYNC_NONE && !sync->complained)
        log_warning("clock: systemd-timedated does not tell whether the clock is synchronised: %s",
                    why);
    sync->complained = answer == SYNC_NONE;
}

static void take(struct sync_watch *sync, enum sync_answer answer, const char *why)
{
    sync_poll_hear(&sync->poll, answer, clock_tick());
    clock_set_synchronised(answer == SYNC_YES, sync->sets);
    say(sync, answer, why);
}

static void on_answer(enum sync_answer answer, const char *why, void *arg)
{
    struct sync_watch *sync = arg;

    sync->question = NULL;
    take(sync, answer, why);
    if (sync->on_status != NULL)
        sync->on_status(sync->arg);
}

static void ask(struct sync_watch *sync, struct event_base *base, int limit_ms)
{
    struct fault why;

    sync->sets = clock_sets();
    sync_poll_ask(&sync->poll, clock_tick());
    sync->question = timedate_ask(base, limit_ms, on_answer, sync, &why);
    if (sync->question == NULL)
        take(sync, SYNC_NONE, why.text);
}

/* In a loop of its own: at this point of a start nothing else may happen yet. */
static void ask_and_wait(struct sync_watch *sync)
{
    struct event_base *base = event_base_new();

    if (base == NULL)
        return; // it is asked when the service's loop runs
    ask(sync, base, SYNC_WATCH_WAIT_MS);
    // SYNC_WATCH_WAIT_MS at the most.
    while (sync->question != NULL && event_base_loop(base, EVLOOP_ONCE) == 0)
        continue;
    timedate_cancel(sync->question);
    sync->question = NULL;
    event_base_free(base);
}

void sync_watch_begin(struct sync_watch *sync)
{
    struct fault why;

    *sync = (struct sync_watch){ .refused = !clock_kernel_tells(&why) };
    if (!sync->refused)
        return;
    log_info("clock: adjtimex is refused, %s: systemd-timedated is asked whether the clock is "
             "synchronised",
             why.text);
    ask_and_wait(sync);
}

void sync_watch_listen(struct sync_watch *sync, struct event_base *base, void (*on_status)(void *),
                       void *arg)
{
    sync->base = base;
    sync->on_status = on_status;
    sync->arg = arg;
}

void sync_watch_end(struct sync_watch *sync)
{
    timedate_cancel(sync->question);
    sync->question = NULL;
    sync->base = NULL;
}

void sync_watch_tick(struct sync_watch *sync)
{
    if (!sync->refused || sync->base == NULL)
        return;
    if (clock_sets() != sync->sets) { // what was asked is of a clock that was another
        timedate_cancel(sync->question);
        sync->question = NULL;
        sync_poll_set(&sync->poll);
    }
    if (sync->question == NULL && sync_poll_due(&sync->poll, clock_tick()))
        ask(sync, sync->base, SYNC_WATCH_LIMIT_MS);
}

bool sync_watch_waits(const struct sync_watch *sync, struct tick sampled)
{
    return sync->refused && !clock_told_stands() &&
           clock_tick().ms - sampled.ms < SYNC_WATCH_WAIT_MS;
}
