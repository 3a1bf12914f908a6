/* SPDX-License-Identifier: Apache-2.0 */
/* prepare.h - all that new rules need, made beside the loop, so that it only swaps pointers. */
#ifndef APP_PREPARE_H
#define APP_PREPARE_H

#include "adapter/complaints.h"
#include "app/config.h"
#include "app/journal.h"
#include "app/roster.h"
#include "core/revision.h"

struct prepared {
    struct config *config; /* NULL: refused, as the complaints say */
    struct complaints complaints;
    struct revision_counts revised; /* since the rules that run */
    struct journal_texts *texts;
    struct slots *slots;
};

/*
 * Reads and builds what the file at `path` names. `running` is what is in force, NULL at start: it
 * is only looked at, and must stay meanwhile. Logs complaints, and what would change. Comes back
 * soon, with nothing, once `stop` is true.
 */
void prepare(const char *path, const struct config *running, const atomic_bool *stop,
             struct prepared *out);

/* Zeroed is fine, and so is what it becomes. */
void prepared_fini(struct prepared *prepared);

#endif
