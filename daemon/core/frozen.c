/* SPDX-License-Identifier: Apache-2.0 */
#include "core/frozen.h"

bool frozen_hear(struct known_device *device, struct lonlat at, struct utc now)
{
    struct frozen *frozen = &device->frozen;
    bool same = frozen->pings > 0 && frozen->at.lon == at.lon && frozen->at.lat == at.lat;

    if (!same || frozen->since.ms > now.ms) // our clock may have been set back
        *frozen = (struct frozen){ .at = at, .since = now };
    frozen->pings += frozen->pings < FROZEN_PINGS;
    return frozen->pings >= FROZEN_PINGS && now.ms - frozen->since.ms >= FROZEN_MS;
}
