/* SPDX-License-Identifier: Apache-2.0 */
#include "core/vicinity_parts.h"

#include <math.h>

bool vicinity_has(const struct vicinity_choice *choice, size_t nth)
{
    return (choice->bits[nth / 64] >> nth % 64 & 1) != 0;
}

void vicinity_add(struct vicinity_choice *choice, size_t nth)
{
    if (vicinity_has(choice, nth) || choice->n == QUESTION_ZONES_MAX)
        return;
    choice->bits[nth / 64] |= UINT64_C(1) << nth % 64;
    choice->n++;
}

void vicinity_nearest_add(struct vicinity_nearest *nearest, size_t nth, double metres)
{
    size_t at = nearest->n;

    if (at == nearest->room && (at == 0 || !(metres < nearest->metres[at - 1]))) {
        nearest->next = fmin(nearest->next, metres);
        return;
    }
    if (at == nearest->room)
        nearest->next = fmin(nearest->next, nearest->metres[--at]);
    // Past those that are farther: QUESTION_ZONES_MAX.
    for (; at > 0 && metres < nearest->metres[at - 1]; at--) {
        nearest->metres[at] = nearest->metres[at - 1];
        nearest->zones[at] = nearest->zones[at - 1];
    }
    nearest->metres[at] = metres;
    nearest->zones[at] = (uint16_t)nth;
    nearest->n += nearest->n < nearest->room;
}

void vicinity_add_nearest(struct vicinity_choice *choice, const struct vicinity_nearest *nearest)
{
    for (size_t i = 0; i < nearest->n; i++)
        vicinity_add(choice, nearest->zones[i]);
}

double vicinity_ring(const struct exclusion *exclusion, struct lonlat at)
{
    return zone_distance(exclusion->zone, at, 0) - exclusion->warn;
}
