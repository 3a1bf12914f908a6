/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_pings.h - a body of pings that came by HTTP: a batch of the pipeline, and an answer in JSON
 * that is given when the batch is on disk.
 */
#ifndef APP_HTTP_PINGS_H
#define APP_HTTP_PINGS_H

#include "adapter/ping/ping_reader.h"
#include "app/pipeline_batch.h"
#include "core/instant.h"

#include <stdbool.h>
#include <stddef.h>

/* In the service. */
struct http_pings {
    struct pipeline *pipeline;
    struct stats *stats;
    struct tick refused_logged, forbidden_logged; /* when each was last logged; 0: never */
};

/* What is answered to a body; borrowed for the call. */
struct http_pings_answer {
    int code;
    const char *json;
    const char *why; /* the first ping that was refused was; NULL: none was */
    int wait_s;      /* with 429: so many seconds, then it may come again */
};

typedef void http_pings_done(const struct http_pings_answer *answer, void *arg);

/* Messages of a body, whatever became of them, and those of them that their devices pay for. */
struct http_pings_cost {
    size_t messages, paced;
};

/*
 * Takes a body of that sender, whose `known` is ours to say; what it cost. `done` is called once,
 * now or when all that its pings changed is on disk. 503 when nothing may be taken now, when memory
 * is out or what was taken could not be kept: then all of it must be sent again.
 */
struct http_pings_cost http_pings_take(struct http_pings *pings, const struct sender *sender,
                                       ping_reader *reader, const struct ping_body *body,
                                       http_pings_done *done, void *arg);

#endif
