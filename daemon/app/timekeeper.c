/* SPDX-License-Identifier: Apache-2.0 */
#include "app/timekeeper.h"

#include "adapter/clock.h"
#include "adapter/ledger/ledger.h"
#include "adapter/log.h"
#include "app/pipeline_clock.h"
#include "app/pipeline_put.h"
#include "app/pipeline_round.h"
#include "app/pipeline_state.h"
#include "app/stats.h"
#include "core/alert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- words ---- */

static const char *way(int64_t ms)
{
    return ms > 0 ? "ahead" : "back";
}

static void say_doubt(const struct skew *skew, char out[ALERT_REASON_MAX])
{
    const struct tally *tally = &skew->tally;
    char by[DURATION_TEXT_MAX];

    switch (skew->doubt) {
    case SKEW_SURE:
        out[0] = '\0';
        return;
    case SKEW_BEFORE_LEDGER:
        snprintf(
            out, ALERT_REASON_MAX,
            "the clock on the wall is %s before what the ledger has lived through, or 2025: not "
            "followed until it is set",
            duration_print(llabs(skew->apart), by));
        return;
    case SKEW_WAS_SET:
        snprintf(out, ALERT_REASON_MAX,
                 "the clock on the wall was set, and nothing says that it is right now");
        return;
    case SKEW_DISPUTED:
        snprintf(out, ALERT_REASON_MAX,
                 "the kernel's clock is not synchronised, and the devices of %u of %u respondents "
                 "heard lately are against it",
                 tally->against + tally->ahead, tally->heard);
        return;
    case SKEW_CONTRADICTED:
        duration_print(llabs(tally->median - skew->base), by);
        snprintf(out, ALERT_REASON_MAX,
                 "the kernel says that its clock is synchronised, the devices of %u of %u "
                 "respondents heard lately that they are %s %s",
                 tally->agreed, tally->heard, by, way(tally->median - skew->base));
        return;
    }
}

static void explain(const struct skew_news *news, char out[ALERT_REASON_MAX])
{
    const struct skew *skew = clock_skew();
    char by[DURATION_TEXT_MAX], doubt[ALERT_REASON_MAX];
    const char *to = way(news->ms);

    duration_print(llabs(news->ms), by);
    say_doubt(skew, doubt);
    switch (news->what) {
    case SKEW_QUIET:
        out[0] = '\0';
        return;
    case SKEW_JUMPED:
        snprintf(out, ALERT_REASON_MAX,
                 "the clock on the wall has jumped, it is %s %s: not followed, the time of alerts "
                 "is counted on from before",
                 by, to);
        return;
    case SKEW_CAME_BACK:
        snprintf(out, ALERT_REASON_MAX, "the clock on the wall is right again");
        return;
    case SKEW_FOLLOWED:
        snprintf(out, ALERT_REASON_MAX,
                 "our time has moved %s %s with the clock on the wall: in doubt until the kernel "
                 "or three respondents' devices say that it is right",
                 by, to);
        return;
    case SKEW_RIGHTED:
        snprintf(out, ALERT_REASON_MAX,
                 "our time has moved %s %s: the kernel says that its clock is synchronised", by,
                 to);
        return;
    case SKEW_OUTVOTED:
        snprintf(out, ALERT_REASON_MAX,
                 "our time has moved %s %s: so say the devices of %u of %u respondents heard "
                 "lately",
                 by, to, skew->tally.agreed, skew->tally.heard);
        return;
    case SKEW_DOUBTED:
        snprintf(out, ALERT_REASON_MAX, "our time is in doubt: %.180s", doubt);
        return;
    case SKEW_SETTLED:
        snprintf(out, ALERT_REASON_MAX, "our time is not in doubt any more");
        return;
    }
}

void timekeeper_say(char out[FAULT_TEXT_MAX])
{
    static const char *const faiths[] = { "unproven", "counted", "agreed", "synchronised" };
    _Static_assert(sizeof faiths / sizeof *faiths == SKEW_FAITHS, "a word for each faith");
    const struct skew *skew = clock_skew();
    char doubt[ALERT_REASON_MAX];

    say_doubt(skew, doubt);
    if (skew->doubt == SKEW_SURE)
        snprintf(out, FAULT_TEXT_MAX, "%s", faiths[skew->faith]);
    else
        snprintf(out, FAULT_TEXT_MAX, "in doubt: %.200s", doubt);
}

/* ---- one look ---- */

static bool is_move(enum skew_what what)
{
    return what == SKEW_FOLLOWED || what == SKEW_RIGHTED || what == SKEW_OUTVOTED;
}

static bool is_bad(enum skew_what what)
{
    return what == SKEW_JUMPED || what == SKEW_FOLLOWED || what == SKEW_DOUBTED;
}

/* Puts the alert; false when it must be tried again. */
static bool tell(struct timekeeper *timekeeper)
{
    struct incident *site = pipeline_clock_incident(timekeeper->pipeline);
    struct utc now = pipeline_now(timekeeper->pipeline);
    struct changes_place begin = ledger_begin(timekeeper->ledger);
    struct alert alert = alert_make(ALERT_CLOCK, now, now);

    if (site == NULL)
        return false;
    if (!is_bad(timekeeper->news.what))
        alert.severity = SEVERITY_INFO;
    alert.nth = ++site->alerts;
    explain(&timekeeper->news, alert.reason);
    if (pipeline_tell(timekeeper->pipeline, &alert) &&
        ledger_put_incident(timekeeper->ledger, "clock", site))
        return true;
    ledger_drop(timekeeper->ledger, &begin);
    site->alerts--;
    return false;
}

static void check(struct timekeeper *timekeeper)
{
    struct skew_news news = clock_check();
    struct utc now = clock_utc();
    char reason[ALERT_REASON_MAX];

    timekeeper->sampled = clock_tick();
    if (news.what == SKEW_QUIET)
        return;
    timekeeper->news = news;
    timekeeper->reported_in = 0;
    timekeeper->correction = (struct correction){ .from = UTC_NEVER, .until = UTC_ALWAYS };
    timekeeper->stats->clock_jumps += news.what == SKEW_JUMPED;
    if (is_move(news.what)) {
        timekeeper->correction = (struct correction){ .from = timekeeper->since,
                                                      .until = utc_plus(now, -news.ms),
                                                      .by = news.ms };
        timekeeper->since = now;
        timekeeper->stats->clock_moves++;
        stats_correct_clock(timekeeper->stats, news.ms);
    }
    explain(&news, reason);
    log_warning("clock: %s", reason);
    timekeeper->on_change(is_move(news.what) ? news.ms : 0, timekeeper->arg);
}

/* With what is known moved first, and everybody judged by the right time after it. */
static void act(struct timekeeper *timekeeper)
{
    bool moved = timekeeper->correction.by != 0;

    if ((moved && !pipeline_correct_clock(timekeeper->pipeline, timekeeper->correction)) ||
        !tell(timekeeper)) {
        ledger_give_up(timekeeper->ledger, "a change does not fit into memory");
        return;
    }
    timekeeper->reported_in = ledger_gathering(timekeeper->ledger);
    if (moved)
        pipeline_judge_all(timekeeper->pipeline);
    ledger_flush(timekeeper->ledger);
}

void timekeeper_tick(struct timekeeper *timekeeper)
{
    sync_watch_tick(&timekeeper->sync);
    if (timekeeper->reported_in != 0 &&
        ledger_committed(timekeeper->ledger) >= timekeeper->reported_in)
        timekeeper->news.what = SKEW_QUIET;
    if (pipeline_closed(timekeeper->pipeline) != NULL) {
        timekeeper->reported_in = 0; // what was not committed is given up, and recalled as it was
        return;
    }
    if (timekeeper->news.what == SKEW_QUIET) {
        timekeeper->reported_in = 0;
        if (!sync_watch_waits(&timekeeper->sync, timekeeper->sampled))
            check(timekeeper);
    }
    if (timekeeper->news.what != SKEW_QUIET && timekeeper->reported_in == 0)
        act(timekeeper);
}

void timekeeper_begin(struct timekeeper *timekeeper, struct utc lived)
{
    timekeeper->watch = -1;
    sync_watch_begin(&timekeeper->sync);
    clock_set_floor(lived);
    check(timekeeper);
    timekeeper->since = clock_utc();
    timekeeper->correction.by = 0; // nothing was counted yet
}

static void on_set(evutil_socket_t watch, short what, void *arg)
{
    (void)what;
    clock_was_set(watch);
    timekeeper_tick(arg);
}

static void on_status(void *arg)
{
    timekeeper_tick(arg);
}

void timekeeper_listen(struct timekeeper *timekeeper, struct event_base *base)
{
    sync_watch_listen(&timekeeper->sync, base, on_status, timekeeper);
    timekeeper->watch = clock_watch();
    if (timekeeper->watch < 0)
        return;
    timekeeper->on_set =
        event_new(base, timekeeper->watch, EV_READ | EV_PERSIST, on_set, timekeeper);
    if (timekeeper->on_set != NULL)
        event_add(timekeeper->on_set, NULL);
}

void timekeeper_end(struct timekeeper *timekeeper)
{
    sync_watch_end(&timekeeper->sync);
    if (timekeeper->on_set != NULL)
        event_free(timekeeper->on_set);
    if (timekeeper->watch > 0)
        close(timekeeper->watch);
}
