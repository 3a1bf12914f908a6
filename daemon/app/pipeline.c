/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline.h"

#include "app/pipeline_acks.h"
#include "app/pipeline_parts.h"

#include <stdlib.h>

struct pipeline *pipeline_create(struct stats *stats, bool rehearse)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);

    if (pipeline == NULL)
        return NULL;
    pipeline->stats = stats;
    pipeline->rehearse = rehearse;
    pipeline->roster = roster_create();
    if (pipeline->roster == NULL) {
        free(pipeline);
        return NULL;
    }
    pipeline_acks_init(&pipeline->acks, roster_corrections(pipeline->roster));
    return pipeline;
}

void pipeline_destroy(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    roster_destroy(pipeline->roster);
    pipeline_acks_fini(&pipeline->acks);
    journal_fini(&pipeline->journal);
    free(pipeline);
}
