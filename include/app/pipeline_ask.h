/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_ask.h - the bulkhead: one question about one respondent, and everything that comes of it
 * as rows of the commit that gathers, or nothing of it.
 */
#ifndef APP_PIPELINE_ASK_H
#define APP_PIPELINE_ASK_H

#include <stdbool.h>
#include <stddef.h>

struct outcome;
struct pipeline;
struct question;

/*
 * Asks core about respondent number `nth`, and puts question and answer into the
 * commit that gathers. What cannot be put there does not stay in memory either: then all that is
 * known and put of this respondent is as before, what others have put stays, it is told by
 * `unjudged`, and false is returned. When closed nothing of anybody will stay: true.
 */
bool pipeline_ask(struct pipeline *pipeline, size_t nth, const struct question *question,
                  struct outcome *out);

#endif
