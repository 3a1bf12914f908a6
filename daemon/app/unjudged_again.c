/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unjudged_again.c - each second, until it works: who was not judged by the rules in force is, and
 * what is owed is told.
 */
#include "app/pipeline_meet.h"
#include "app/pipeline_parts.h"
#include "app/unjudged_parts.h"

/* For one; the units that it cost. */
static size_t go_on(struct pipeline *pipeline, size_t nth)
{
    struct unjudged *unjudged = roster_unjudged(pipeline->roster, nth);
    size_t rows = ledger_rows(pipeline->ledger), units = 0, more;

    if (unjudged->over && roster_is_loaded(pipeline->roster, nth))
        unjudged_let_rest(pipeline, nth);
    if (unjudged->rules) {
        unjudged->rules = false;
        if (!pipeline_ask_rules(pipeline, nth)) // a question that fails says so by itself
            unjudged->rules = true;
        units = 1 + rulebook_respondent(pipeline->config->rules, nth)->n_exclusions;
    }
    unjudged_tell(pipeline, nth, unjudged);
    pipeline->troubled |= unjudged->owed || unjudged->rules || unjudged->over;
    more = ledger_rows(pipeline->ledger);
    return units + (more > rows ? more - rows : 0); // fewer: all of them were given up
}

void unjudged_begin(struct pipeline *pipeline)
{
    if (!pipeline->troubled || pipeline->troubled_goes_on)
        return;
    pipeline->troubled = false; // but for whom is found so, or comes to it meanwhile
    pipeline->troubled_goes_on = true;
    pipeline->troubled_next = 0;
}

size_t unjudged_go_on(struct pipeline *pipeline)
{
    size_t n = rulebook_counts(pipeline->config->rules).respondents, units = 0;

    for (int steps = 0; pipeline->troubled_goes_on; steps++) {
        if (steps == UNJUDGED_STEPS || units >= UNJUDGED_UNITS || pipeline->closed != NULL ||
            ledger_full(pipeline->ledger))
            break; // the rest in the next turn
        pipeline->troubled_goes_on = pipeline->troubled_next < n;
        if (pipeline->troubled_goes_on)
            units += go_on(pipeline, pipeline->troubled_next++);
    }
    return units;
}
