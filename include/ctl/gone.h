/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gone.h - what was taken out of a ledger: who was forgotten, what went into an archive, and by
 * whom; and the evidence whose time was over.
 */
#ifndef CTL_GONE_H
#define CTL_GONE_H

#include "adapter/ledger/ledger_reader.h"

#include <jansson.h>

enum gone_why {
    GONE_BY_RETENTION, /* its time was over */
    GONE_FORGOTTEN,    /* its respondent is */
    GONE_ARCHIVED,     /* it is in an archive */
    GONE_LEFT_OUT      /* this is an archive, and it came after what that holds */
};

/* By what the link of kind `retention`, `forgotten` or `archived` says. */
enum gone_why gone_why(const struct read_entry *link, const json_t *body);

/*
 * A list of objects: `entry`, `at`, `by`, `reason`, `bodies`; of who was forgotten `respondent`, of
 * an archive `before`, and one for all links of the same archive. Zeroed is none of either.
 */
struct gone {
    json_t *forgotten, *archived;
    /* By `evidence-retention`: how many, and of before when at the newest; 0: it took nothing. */
    json_int_t expired_bodies, expired_alerts;
    struct utc expired_before;
};

/* False when memory is out; links of other kinds are nothing. */
bool gone_take(struct gone *gone, const struct read_entry *link, const json_t *body);
void gone_fini(struct gone *gone); /* zeroed is fine */

/* A line for each. */
void gone_print(const struct gone *gone);

#endif
