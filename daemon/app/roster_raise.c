/* SPDX-License-Identifier: Apache-2.0 */
/* roster_raise.c - what is known counts on from where the ledger's numbers start. */
#include "app/roster_parts.h"

#include <string.h>

static void raise(uint32_t *number, uint32_t least)
{
    if (*number < least)
        *number = least;
}

void roster_raise_incident(const struct roster *roster, const char *subject,
                           struct incident *incident)
{
    uint32_t least =
        roster->numbered_after > roster->epoch ? roster->numbered_after : roster->epoch;

    raise(&incident->numbers, least);
    if (incident->number > 0 && incident->number <= roster->epoch)
        raise(&incident->alerts, roster->epoch);
    // Of breachd's clock there are no incidents: its alerts are counted.
    if (strcmp(subject, "clock") == 0)
        raise(&incident->alerts, least);
}

void roster_raise_device(const struct roster *roster, struct known_device *device)
{
    raise(&device->alerts,
          roster->numbered_after > roster->epoch ? roster->numbered_after : roster->epoch);
    for (size_t i = 0; i < TROUBLES; i++) {
        trouble_number_after(&device->troubles[i], roster->numbered_after);
        trouble_number_after(&device->troubles[i], roster->epoch);
    }
}
