/* SPDX-License-Identifier: Apache-2.0 */
#include "core/civil.h"

/* Index of the newest change at or before `at`. */
static size_t civil_find(const struct civil *civil, struct utc at)
{
    size_t low = 0, high = civil->n;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;

        if (civil->change[middle].at.ms <= at.ms)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int32_t civil_offset(const struct civil *civil, struct utc at)
{
    return civil->change[civil_find(civil, at)].offset;
}

struct utc civil_next(const struct civil *civil, struct utc at)
{
    size_t next = civil_find(civil, at) + 1;

    return next < civil->n ? civil->change[next].at : UTC_NEVER;
}
