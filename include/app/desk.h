/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk.h - the control room's side of incidents: who has which, who closed it, and whom nobody
 * has taken in time. Part of the pipeline, as it changes what is known and tells alerts.
 */
#ifndef APP_DESK_H
#define APP_DESK_H

#include "adapter/acks.h"
#include "app/book.h"
#include "core/alert.h"
#include "core/custody.h"

struct pipeline;
struct row;

struct desk {
    struct book custodies;   /* by incident */
    char heard[ACKS_ID_MAX]; /* the newest word, as it is on disk or about to be */
    char later[ACKS_ID_MAX]; /* one that could not be kept, */
    unsigned tries;          /* so often */
};

void desk_init(struct desk *desk);
void desk_fini(struct desk *desk);

/* Forgets everything, to be told again row by row as the ledger has it. */
void desk_forget(struct desk *desk);
void desk_recall_row(struct desk *desk, const struct row *row);

/*
 * An alert that is being told: that a critical one waits for somebody is put with it (false when
 * memory is out); and once all of the change is put, it does.
 */
bool desk_put_alarm(struct pipeline *pipeline, const struct alert *alert, const char *incident);
void desk_alarm(struct pipeline *pipeline, const struct alert *alert);

/* Time has passed: escalates what nobody has taken. */
void desk_tick(struct pipeline *pipeline, struct utc now);

#endif
