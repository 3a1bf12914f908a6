/* SPDX-License-Identifier: Apache-2.0 */
#include "app/roster_parts.h"

static void raise_devices(struct roster *roster)
{
    struct known_device *device, blank = roster->blank;
    const char *name;

    roster_raise_device(roster, &blank);
    roster_set_blank(roster, &blank);
    // A device each turn, once at a start or where numbers start.
    for (size_t i = 0; roster_nth_device(roster, i, &name, &device); i++)
        roster_raise_device(roster, device);
}

static bool raise_incidents(struct roster *roster)
{
    struct incident *incident;
    const char *name;
    bool ok = true;

    // An incident each turn, once at a start or where numbers start.
    for (size_t i = 0; ok && roster_nth_incident(roster, i, &name, &incident); i++) {
        roster_raise_incident(roster, name, incident);
        ok = roster_incidents_keep(roster);
    }
    return ok;
}

/* False when memory is out: then numbers start where they did. */
static bool raise_all(struct roster *roster, uint32_t numbered_after, uint32_t epoch)
{
    uint32_t before = roster->numbered_after, epoch_before = roster->epoch;

    roster->numbered_after = numbered_after;
    roster->epoch = epoch;
    if (!raise_incidents(roster)) { // what was raised may well stay so
        roster->numbered_after = before;
        roster->epoch = epoch_before;
        return false;
    }
    raise_devices(roster);
    return true;
}

bool roster_start_numbering(struct roster *roster, uint32_t numbered_after)
{
    if (!raise_all(roster, numbered_after, roster->epoch))
        return false;
    roster->has_numbering = true;
    return true;
}

bool roster_begin_epoch(struct roster *roster, uint32_t epoch)
{
    return raise_all(roster, roster->numbered_after, epoch);
}

uint32_t roster_epoch(const struct roster *roster)
{
    return roster->epoch;
}

uint32_t roster_numbered_after(const struct roster *roster)
{
    return roster->numbered_after;
}

bool roster_has_numbering(const struct roster *roster)
{
    return roster->has_numbering;
}
