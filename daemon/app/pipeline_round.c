/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_round.h"

#include "app/pipeline_acks.h"
#include "app/pipeline_meet.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_state.h"

/*
 * A row for the ledger costs as much as so many assessments. Rows that may gather,
 * so that no ping's commit waits for more.
 */
enum { ROW_UNITS = 8, STEP_ROWS = 2000 };

/* All incidents once more, for those whose end could not be kept. */
void pipeline_withdraw_again(struct pipeline *pipeline)
{
    if (!pipeline->gone_stays || pipeline->round.going)
        return;
    pipeline->gone_stays = false;
    pipeline->round =
        (struct round){ .going = true,
                        .at = pipeline_now(pipeline),
                        .respondent = rulebook_counts(pipeline->config->rules).respondents };
}

void pipeline_judge_all(struct pipeline *pipeline)
{
    struct utc now = pipeline_now(pipeline);

    pipeline->round.going = true;
    pipeline->round.at = now;
    pipeline->round.incident = pipeline->round.respondent = 0;
    pipeline->listening = now.ms != 0;
    roster_begin_round(pipeline->roster);
    // Before the first judgement by them; what does not fit is put a second later.
    journal_put_revision(&pipeline->journal, now);
}

/* Of one respondent; whose memory is out now is judged when he pings, or a second later. */
static size_t judge_next(struct pipeline *pipeline, size_t nth)
{
    const struct respondent *who = rulebook_respondent(pipeline->config->rules, nth);

    if (roster_judged(pipeline->roster, nth))
        return 1;
    if (!pipeline_meet(pipeline, nth))
        unjudged_owe_rules(pipeline, nth);
    return 1 + who->n_devices * who->n_exclusions;
}

/* Judges one incident or one respondent of the round; the units that it cost. */
static size_t go_on(struct pipeline *pipeline)
{
    struct round *round = &pipeline->round;
    size_t rows = ledger_rows(pipeline->ledger), units = 1;
    struct incident *incident;
    const char *subject;

    if (roster_nth_incident(pipeline->roster, round->incident, &subject, &incident)) {
        round->incident++;
        pipeline_withdraw(pipeline, subject, incident);
    } else if (round->respondent < rulebook_counts(pipeline->config->rules).respondents) {
        units = judge_next(pipeline, round->respondent++);
    } else if (pipeline_acks_scan_next(pipeline)) {
        units = 1;
    } else {
        *round = (struct round){ 0 };
        if (!pipeline->gone_stays)
            pipeline->n_old = 0;
        unjudged_begin(pipeline); // what is owed of the round is told with it
        units += unjudged_go_on(pipeline);
    }
    if (ledger_rows(pipeline->ledger) > rows)
        units += ROW_UNITS * (ledger_rows(pipeline->ledger) - rows);
    return units;
}

size_t pipeline_step(struct pipeline *pipeline)
{
    size_t units = 0;

    while (pipeline->round.going && pipeline->closed == NULL && units < PIPELINE_STEP_UNITS &&
           ledger_rows(pipeline->ledger) < STEP_ROWS)
        units += go_on(pipeline);
    ledger_flush(pipeline->ledger);
    return units;
}

void pipeline_end_round(struct pipeline *pipeline)
{
    // All that is left of the round of an exercise, whose sender waits for it.
    while (pipeline->round.going && pipeline->closed == NULL)
        go_on(pipeline);
}

bool pipeline_judging(const struct pipeline *pipeline)
{
    return pipeline->round.going;
}
