/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allowance.h - how much of something one device, or one zone, may use in a day: a token bucket. It
 * limits what is told again and what is kept beside it, and how soon an incident of too many ends;
 * nothing that opens or makes graver asks it.
 */
#ifndef CORE_ALLOWANCE_H
#define CORE_ALLOWANCE_H

#include "core/instant.h"

#include <stdbool.h>

/* Zeroed is all there. */
struct allowance {
    double spent; /* at `since`, our clock */
    struct utc since;
};

struct allowance_limit {
    double burst, day; /* at once, and what comes back in a day */
};

/*
 * Whether `cost` may be used at `now`, and uses it. In any span of d days never more than burst + d
 * days' worth. A clock that was set back gives nothing back; one that was set ahead at most all.
 * _has only looks.
 */
bool allowance_has(const struct allowance *allowance, struct allowance_limit limit, double cost,
                   struct utc now);
bool allowance_take(struct allowance *allowance, struct allowance_limit limit, double cost,
                    struct utc now);

/* Uses `cost` though there is less: then it takes longer to come back. */
void allowance_spend(struct allowance *allowance, struct allowance_limit limit, double cost,
                     struct utc now);

/* What has not come back of it by `now`, as _has sees it. */
double allowance_spent(const struct allowance *allowance, struct allowance_limit limit,
                       struct utc now);

/* What was noted as spent is all spent at `now`: nothing of it has come back yet. */
void allowance_refresh(struct allowance *allowance, struct utc now);

#endif
