/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/pace.h"

double pace_spent(const struct pace *pace, double rate, struct tick now)
{
    double back = (double)(now.ms - pace->since.ms) / 1000 * rate;

    return pace->spent > back ? pace->spent - back : 0;
}

int pace_wait(struct pace *pace, double rate, double burst_s, struct tick now)
{
    double burst = rate * burst_s;

    if (rate <= 0)
        return 0;
    pace->spent = pace_spent(pace, rate, now);
    pace->since = now;
    return pace->spent < burst ? 0 : (int)((pace->spent - burst) / rate) + 1;
}

void pace_charge(struct pace *pace, double pings)
{
    pace->spent += pings;
}
