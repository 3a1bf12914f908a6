/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rehearsal.h"

#include "core/lag.h"

#include <stdlib.h>

/* Counts those in a row that agree; true when they are enough. */
static bool believed(struct rehearsal *rehearsal, struct utc ping)
{
    if (llabs(ping.ms - rehearsal->doubted.ms) > REHEARSAL_STEP_MS)
        rehearsal->doubts = 0;
    rehearsal->doubted = ping;
    return ++rehearsal->doubts >= REHEARSAL_AGREE;
}

bool rehearsal_hear(struct rehearsal *rehearsal, struct utc ping)
{
    bool set = rehearsal->now.ms != 0;

    if (!lag_clock_was_set(ping))
        return false;
    if (set && ping.ms > rehearsal->now.ms + REHEARSAL_STEP_MS && !believed(rehearsal, ping))
        return false;
    rehearsal->doubts = 0;
    if (set && ping.ms <= rehearsal->now.ms)
        return false;
    rehearsal->now = ping;
    return true;
}
