/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_timeline.h - what core/timeline asks about a respondent goes through the bulkhead. */
#ifndef APP_PIPELINE_TIMELINE_H
#define APP_PIPELINE_TIMELINE_H

#include "core/timeline.h"

#include <stddef.h>

struct pipeline;

/*
 * Respondent number `nth`, who is loaded, as core/timeline wants them: what comes of a question
 * goes through the bulkhead. A boundary that could not be kept owes the respondent a judgement by
 * the rules. *asked is borrowed.
 */
struct asked {
    struct pipeline *pipeline;
    size_t nth;
};
struct timeline pipeline_timeline(struct asked *asked);

#endif
