/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_batch.h"

#include "app/pipeline_parts.h"

#include <stdlib.h>

struct batch {
    struct pipeline *pipeline;
    uint64_t wait_for; // a commit; 0: none
    void (*done)(bool kept, void *arg);
    void *arg;
};

struct batch *batch_begin(struct pipeline *pipeline, void (*done)(bool kept, void *arg), void *arg)
{
    struct batch *batch = pipeline_shut(pipeline) == NULL ? malloc(sizeof *batch) : NULL;

    if (batch != NULL)
        *batch = (struct batch){ pipeline, 0, done, arg };
    return batch;
}

bool batch_give(struct batch *batch, const struct ping *ping, struct fault *why)
{
    enum arrival class;
    bool held;

    return pipeline_judge(batch->pipeline, ping, &batch->wait_for, &held, &class, why);
}

void batch_end(struct batch *batch)
{
    struct batch ended = *batch;

    free(batch);
    pipeline_settle(ended.pipeline, ended.wait_for, ended.done, ended.arg);
}
