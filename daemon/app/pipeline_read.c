/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_read.h"

#include "app/pipeline_parts.h"

#include <stdio.h>
#include <string.h>

void pipeline_keep_read(struct pipeline *pipeline, const char *entry)
{
    if (pipeline->closed != NULL || strcmp(pipeline->read, entry) == 0 ||
        !ledger_put_read(pipeline->ledger, entry))
        return;
    snprintf(pipeline->read, sizeof pipeline->read, "%s", entry);
}

const char *pipeline_read(const struct pipeline *pipeline)
{
    return pipeline->read;
}
