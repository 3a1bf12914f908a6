/* SPDX-License-Identifier: Apache-2.0 */
#include "core/growth.h"

#include <math.h>

enum { HOUR_MS = 60 * 60 * 1000, DAY_MS = 24 * HOUR_MS };

void growth_note(struct growth *growth, struct tick now, double bytes)
{
    unsigned newest = (growth->next + GROWTH_SAMPLES - 1) % GROWTH_SAMPLES;

    if (growth->n > 0 && now.ms - growth->samples[newest].at.ms < HOUR_MS)
        return;
    growth->samples[growth->next].at = now;
    growth->samples[growth->next].bytes = bytes;
    growth->next = (growth->next + 1) % GROWTH_SAMPLES;
    growth->n += growth->n < GROWTH_SAMPLES;
}

double growth_a_day(const struct growth *growth, struct tick now, double bytes)
{
    unsigned oldest = (growth->next + GROWTH_SAMPLES - growth->n) % GROWTH_SAMPLES;
    int64_t ms = growth->n > 0 ? now.ms - growth->samples[oldest].at.ms : 0;

    if (ms < HOUR_MS)
        return NAN;
    return (bytes - growth->samples[oldest].bytes) * DAY_MS / (double)ms;
}
