/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_time.h"

#include "app/pipeline_acks_time.h"
#include "app/pipeline_meet.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_round.h"
#include "app/pipeline_state.h"
#include "app/pipeline_timeline.h"

enum { BACK_MS = 60 * 1000 /* less is no step back, and boundaries come so much later */ };

/* One boundary of one respondent, who is due. The units that it cost. */
static size_t judge_boundary(struct pipeline *pipeline, size_t nth, struct utc now)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);
    struct utc due = roster_due(pipeline->roster, nth);
    struct asked asked = { pipeline, nth };
    struct timeline timeline;

    if (!roster_judged(pipeline->roster, nth)) { // it was due by other rules, or before blindness
        pipeline_meet(pipeline, nth);
        if (roster_due(pipeline->roster, nth).ms == due.ms)
            roster_set_due(pipeline->roster, nth, utc_plus(now, TIMELINE_AGAIN_MS));
        return 1 + who->n_exclusions;
    }
    timeline = pipeline_timeline(&asked);
    roster_set_due(pipeline->roster, nth, timeline_boundary(&timeline, due, now));
    return 1 + who->n_exclusions;
}

static bool is_due(const struct pipeline *pipeline, struct utc now, size_t *out_nth)
{
    struct utc due;

    return roster_first_due(pipeline->roster, out_nth, &due) && due.ms <= now.ms;
}

/* Our clock was set back: boundaries are before us again, and what was heard lies ahead. */
static bool went_back(struct pipeline *pipeline, struct utc now)
{
    bool back = now.ms < pipeline->ticked.ms - BACK_MS;

    pipeline->ticked = now;
    return back;
}

/* What is owed, and everybody's boundaries up to `now` by world time, as far as a turn goes. */
static void pass(struct pipeline *pipeline, struct utc now)
{
    size_t units = unjudged_go_on(pipeline), nth;

    while (units < PIPELINE_TURN_UNITS && pipeline->closed == NULL &&
           !ledger_full(pipeline->ledger) && is_due(pipeline, now, &nth))
        units += judge_boundary(pipeline, nth, now);
    if (pipeline->closed == NULL)
        pipeline_acks_tick(pipeline, now);
    if (units > pipeline->stats->turn_units)
        pipeline->stats->turn_units = units;
}

bool pipeline_is_behind(const struct pipeline *pipeline)
{
    struct utc now = pipeline_now(pipeline);
    size_t nth;

    return pipeline->closed == NULL && pipeline->config != NULL &&
           (pipeline->troubled_goes_on || is_due(pipeline, now, &nth) ||
            pipeline_acks_is_behind(pipeline, now));
}

double pipeline_behind_seconds(const struct pipeline *pipeline)
{
    struct utc now = pipeline_now(pipeline), due;
    size_t nth;

    if (!roster_first_due(pipeline->roster, &nth, &due) || due.ms >= now.ms)
        return 0;
    return (double)(now.ms - due.ms) / 1000;
}

void pipeline_tick(struct pipeline *pipeline)
{
    if (pipeline->closed != NULL)
        return;
    pipeline_withdraw_again(pipeline);
    unjudged_begin(pipeline);
    strangers_tick(pipeline);
    pipeline_go_on(pipeline);
}

void pipeline_go_on(struct pipeline *pipeline)
{
    struct utc now = pipeline_now(pipeline);

    if (pipeline->closed != NULL)
        return;
    // An exercise knows only now when it was started; or it did not fit before.
    journal_put_revision(&pipeline->journal, now);
    if (went_back(pipeline, now))
        pipeline_judge_all(pipeline);
    pass(pipeline, now);
    ledger_flush(pipeline->ledger);
    if (pipeline->on_behind != NULL && !ledger_full(pipeline->ledger) &&
        pipeline_is_behind(pipeline))
        pipeline->on_behind(pipeline->on_behind_arg);
}

void pipeline_call_when_behind(struct pipeline *pipeline, void (*on_behind)(void *arg), void *arg)
{
    pipeline->on_behind = on_behind;
    pipeline->on_behind_arg = arg;
}

void pipeline_rehearse_until(struct pipeline *pipeline, struct utc when)
{
    if (!pipeline->rehearse || !rehearsal_hear(&pipeline->rehearsal, when))
        return;
    if (!pipeline->listening)
        pipeline_judge_all(pipeline);
    pipeline_end_round(pipeline);
    pipeline_go_on(pipeline);
}
