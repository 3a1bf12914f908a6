/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/pace.h"

int pace_wait(struct pace *pace, double rate, double burst_s, struct tick now)
{
    double back = (double)(now.ms - pace->since.ms) / 1000 * rate, burst = rate * burst_s;

    if (rate <= 0)
        return 0;
    pace->spent = pace->spent > back ? pace->spent - back : 0;
    pace->since = now;
    return pace->spent < burst ? 0 : (int)((pace->spent - burst) / rate) + 1;
}

void pace_charge(struct pace *pace, double pings)
{
    pace->spent += pings;
}
