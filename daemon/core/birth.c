/* SPDX-License-Identifier: Apache-2.0 */
#include "core/birth.h"

uint32_t birth_number(bool lived, struct utc now, uint32_t seen, uint32_t chance)
{
    int64_t seconds = now.ms > BIRTH_EPOCH.ms ? (now.ms - BIRTH_EPOCH.ms) / 1000 : 0;

    if (!lived)
        return 0;
    if (seconds == 0 || seconds > INT32_MAX)
        return (uint32_t)INT32_MAX + 1 + chance % ((uint32_t)INT32_MAX - BIRTH_AHEAD_MOST);
    if (seen > seconds && seen <= seconds + BIRTH_AHEAD_MOST)
        return seen;
    return (uint32_t)seconds;
}
