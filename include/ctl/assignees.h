/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assignees.h - who has which incident, as the record of alerts tells: from `acked` on, until a
 * graver alert wants that somebody looks again.
 */
#ifndef CTL_ASSIGNEES_H
#define CTL_ASSIGNEES_H

#include "adapter/entry_id.h"
#include "ctl/link.h"

#include <jansson.h>

/* How far back is looked, in alerts; who took an incident before that is not known. */
enum { ASSIGNEES_PAGE = 500, ASSIGNEES_PAGES_MAX = 100 };

struct assignees {
    json_t *by;     /* incident: who */
    json_t *wanted; /* incidents of which it is not known yet */
    json_t *newest; /* where that is `acked`, the alert before; null: not found yet */
    json_t *waits;  /* where it is `escalated`, the alert that nobody has taken; null: so */
    size_t unread;  /* of these two */
    char page[ENTRY_ID_MAX]; /* the id before which the next page lies */
    size_t n_page;
};

bool assignees_init(struct assignees *assignees); /* false: no memory */
void assignees_fini(struct assignees *assignees); /* zeroed is fine */

/* What the next alert in sequence changes. */
void assignees_hear(struct assignees *assignees, const json_t *event);

/*
 * Finds out who has the incidents of `events` (by incident) by what stands in the stream up to the
 * entry `id`; "+" for all of it.
 */
bool assignees_read_back(struct assignees *assignees, struct link *link, json_t *events,
                         const char *id, struct fault *why);

/*
 * What is going on: `newest`, or, since whoever took an incident did not end it, the alert before
 * its `acked`, as far as assignees_read_back found it. Borrowed.
 */
const json_t *assignees_newest(const struct assignees *assignees, const json_t *newest);

/* Of which an `escalated` speaks, a breach for one; NULL: not found, or it is none. Borrowed. */
const json_t *assignees_waits(const struct assignees *assignees, const json_t *newest);

/* Borrowed; "" for nobody. */
const char *assignees_of(const struct assignees *assignees, const char *incident);

#endif
