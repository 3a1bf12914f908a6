/* SPDX-License-Identifier: Apache-2.0 */
/*
 * removals.h - what was taken out of a ledger: who was forgotten, what went into an archive, and by
 * whom; and the evidence whose time was over.
 */
#ifndef CTL_REMOVALS_H
#define CTL_REMOVALS_H

#include "adapter/ledger/ledger_reader.h"

#include <jansson.h>

enum removal_cause {
    REMOVED_BY_RETENTION, /* its time was over */
    REMOVED_FORGOTTEN,    /* its respondent is */
    REMOVED_ARCHIVED,     /* it is in an archive */
    REMOVED_LEFT_OUT      /* this is an archive, and it came after what that holds */
};

/* By what the link of kind `retention`, `forgotten` or `archived` says. */
enum removal_cause removal_cause(const struct read_entry *link, const json_t *body);

/*
 * A list of objects: `entry`, `at`, `by`, `reason`, `bodies`; of who was forgotten `respondent`, of
 * an archive `before`, and one for all links of the same archive. Zeroed is none of either.
 */
struct removals {
    json_t *forgotten, *archived;
    /* By `evidence-retention`: how many, and of before when at the newest; 0: it took nothing. */
    json_int_t expired_bodies, expired_alerts;
    struct utc expired_before;
};

/* False when memory is out; links of other kinds are nothing. */
bool removals_take(struct removals *gone, const struct read_entry *link, const json_t *body);
void removals_fini(struct removals *gone); /* zeroed is fine */

/* A line for each. */
void removals_print(const struct removals *gone);

#endif
