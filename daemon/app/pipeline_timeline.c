/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_timeline.h"

#include "adapter/log.h"
#include "app/pipeline_ask.h"
#include "app/pipeline_parts.h"

static bool ask(const struct question *question, struct outcome *out, void *arg)
{
    const struct asked *asked = arg;
    struct pipeline *pipeline = asked->pipeline;
    bool kept = pipeline_ask(pipeline, asked->nth, question, out);

    if (question->cause != CAUSE_TIME)
        return kept;
    pipeline->stats->time_questions++;
    if (!kept) // by the rules in force: at another instant nothing begins or ends any more
        unjudged_owe_rules(pipeline, asked->nth);
    return kept && pipeline->closed == NULL; // when closed no further boundary is asked about
}

/* A mistake in core; it may cost its respondent a question a minute, and nobody else anything. */
static void on_past(void *arg)
{
    const struct asked *asked = arg;
    struct unjudged *unjudged = roster_unjudged(asked->pipeline->roster, asked->nth);

    if (!unjudged->past)
        log_error("%s: what is due next lies in the past: judged again a minute after it; this is "
                  "logged once",
                  rulebook_respondent(asked->pipeline->config->rules, asked->nth)->id);
    unjudged->past = true;
}

struct timeline pipeline_timeline(struct asked *asked)
{
    struct pipeline *pipeline = asked->pipeline;

    vicinity_begin(rulebook_respondent(pipeline->config->rules, asked->nth),
                   roster_track(pipeline->roster, asked->nth), &pipeline->view);
    return (struct timeline){ .watch = &pipeline->watch,
                              .who = &pipeline->view.who,
                              .track = &pipeline->view.track,
                              .ask = ask,
                              .room = &pipeline->outcome,
                              .on_past = on_past,
                              .arg = asked };
}
