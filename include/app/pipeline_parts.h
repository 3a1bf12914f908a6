/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_parts.h - what the pipeline is made of; for pipeline.c and pipeline_rules.c alone. */
#ifndef APP_PIPELINE_PARTS_H
#define APP_PIPELINE_PARTS_H

#include "app/pipeline.h"

struct pipeline {
    const struct config *config;
    struct ledger *ledger;
    struct roster *roster;
    struct stats *stats;
    struct watch watch;
    struct event_source source;
    bool rehearse;
    struct utc rehearsed; // the rehearsal's clock
    struct utc since;     // we listen; 0: the rehearsal has not begun
    const char *closed;
    size_t open;
};

/*
 * Puts what came of a look at respondent number `nth` into the commit that gathers. What cannot be
 * put there must not stay in memory either: then the ledger gives up.
 */
void pipeline_keep(struct pipeline *pipeline, size_t nth, const struct respondent *who,
                   const struct outcome *outcome);

/* From now on, if not before, who is not heard is silent. */
void pipeline_listen(struct pipeline *pipeline);

#endif
