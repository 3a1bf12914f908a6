/* SPDX-License-Identifier: Apache-2.0 */
#include "core/numbering.h"

uint32_t numbering_start(bool used, struct utc now, uint32_t seen, uint32_t chance)
{
    int64_t seconds = now.ms > NUMBERING_EPOCH.ms ? (now.ms - NUMBERING_EPOCH.ms) / 1000 : 0;

    if (!used)
        return 0;
    if (seconds == 0 || seconds > INT32_MAX)
        return (uint32_t)INT32_MAX + 1 + chance % ((uint32_t)INT32_MAX - NUMBERING_AHEAD_MAX);
    if (seen > seconds && seen <= seconds + NUMBERING_AHEAD_MAX)
        return seen;
    return (uint32_t)seconds;
}
