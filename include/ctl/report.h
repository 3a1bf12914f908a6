/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - what a force tells the public of its orders, and what came of breaches. */
#ifndef CTL_REPORT_H
#define CTL_REPORT_H

#include "core/rulebook.h"
#include "ctl/report_ledgers.h"

#include <jansson.h>

/* From `from` until just before `to`. */
struct period {
    struct utc from, to;
};

/*
 * An object with `orders` {in_force, new, expired}, `towns` and `kinds` (lists of the same, most
 * new ones first), `youngest` and `oldest` {age, town} or null, and `protected`. An order is in
 * force when it was at any moment of the period, new when it began in it, expired when it ended in
 * it. NULL: no memory.
 */
json_t *report_orders(const struct rulebook *rules, struct period period);

/*
 * An object with `total`, `outcomes` {outcome: n}, `alerts_per_breach` and `minutes_to_ack`
 * (median, ping to ack; null for none), `not_taken`, and `permitted`. A breach is an incident with
 * a breach alert in the period; a stay that a permit allowed is none, and is counted as `permitted`
 * alone. Exercises are left out, or with `exercise` nothing else is counted. NULL with the
 * reason when the ledger cannot be read.
 */
json_t *report_breaches(const struct report_ledgers *ledgers, struct period period, bool exercise,
                        struct fault *why);

/*
 * An object with `forgotten`, how many respondents were in the period, and `archived`, into how
 * many archives something was let go; and, of archives that may hold breaches of the period and are
 * not among `ledgers`, how many those are, `missing`, and before when that is, `missing_before`.
 * How many bodies and alerts `evidence-retention` let go in the period, `expired_bodies` and
 * `expired_alerts`, and of before when it ever did, `expired_before`, where that is in the period.
 * How many alerts of the period may be that Redis had and the ledger never, as it was lost or is an
 * older copy, `lost_alerts`, and of before when, `lost_before`.
 * NULL with the reason when the ledger cannot be read.
 */
json_t *report_removals(const struct report_ledgers *ledgers, struct period period,
                        struct fault *why);

#endif
