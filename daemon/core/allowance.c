/* SPDX-License-Identifier: Apache-2.0 */
#include "core/allowance.h"

static const double day_ms = 24 * 60 * 60 * 1000.0;

double allowance_spent(const struct allowance *allowance, struct allowance_limit limit,
                       struct utc now)
{
    double back = (double)(now.ms - allowance->since.ms) / day_ms * limit.day;
    double spent = now.ms > allowance->since.ms ? allowance->spent - back : allowance->spent;

    return spent > 0 ? spent : 0; // also when what was kept is no number
}

bool allowance_has(const struct allowance *allowance, struct allowance_limit limit, double cost,
                   struct utc now)
{
    return allowance_spent(allowance, limit, now) + cost <= limit.burst;
}

bool allowance_take(struct allowance *allowance, struct allowance_limit limit, double cost,
                    struct utc now)
{
    double spent = allowance_spent(allowance, limit, now);

    bool ok = spent + cost <= limit.burst;

    *allowance = (struct allowance){ ok ? spent + cost : spent, now };
    return ok;
}

void allowance_spend(struct allowance *allowance, struct allowance_limit limit, double cost,
                     struct utc now)
{
    *allowance = (struct allowance){ allowance_spent(allowance, limit, now) + cost, now };
}

void allowance_refresh(struct allowance *allowance, struct utc now)
{
    allowance->since = now;
}
