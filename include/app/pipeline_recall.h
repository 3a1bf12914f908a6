/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_recall.h - what the ledger has of everybody is recalled, or forgotten. */
#ifndef APP_PIPELINE_RECALL_H
#define APP_PIPELINE_RECALL_H

#include <stdbool.h>

struct fault;
struct pipeline;
struct row;

/* Forgets what was not committed and recalls the rest: after blindness. */
bool pipeline_recall(struct pipeline *pipeline, struct fault *why);

/*
 * The ledger has forgotten this respondent, whom no order binds: so does memory, by which he would
 * be told from his last place if he came again. `rows`: see struct forgotten.
 */
void pipeline_forget(struct pipeline *pipeline, const char *respondent, const struct row *rows);

#endif
