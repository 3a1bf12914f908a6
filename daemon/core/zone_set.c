/* SPDX-License-Identifier: Apache-2.0 */
#include "core/zone_set.h"

void zone_set_add(struct zone_set *set, size_t nth)
{
    set->words[nth / 64] |= UINT64_C(1) << nth % 64;
}

bool zone_set_has(const struct zone_set *set, size_t nth)
{
    return (set->words[nth / 64] >> nth % 64 & 1) != 0;
}

bool zone_set_any(const struct zone_set *set)
{
    uint64_t any = 0;

    for (size_t i = 0; i < QUESTION_ZONES_MAX / 64; i++)
        any |= set->words[i];
    return any != 0;
}
