/* SPDX-License-Identifier: Apache-2.0 */
/* roster_seats.c - devices at rest, and those that are open. */
#include "app/roster_parts.h"

#include <stdlib.h>
#include <string.h>

enum { RARE_SIZE = sizeof(struct known_device) - KNOWN_DEVICE_RARE };

static const unsigned char *rare_of(const struct known_device *device)
{
    return (const unsigned char *)device + KNOWN_DEVICE_RARE;
}

static void set_rare(struct known_device *device, const unsigned char *rare)
{
    memcpy((unsigned char *)device + KNOWN_DEVICE_RARE, rare, RARE_SIZE);
}

static void open_at(const struct roster *roster, struct opened *opened, struct seat *seat)
{
    memcpy(&opened->device, seat->common, sizeof seat->common);
    if (seat->rare != NULL)
        set_rare(&opened->device, seat->rare);
    else if (!opened->blank)
        set_rare(&opened->device, rare_of(&roster->blank));
    opened->seat = seat;
}

/* Whether its rare part is a blank one's. */
static bool is_blank(const struct roster *roster, const struct opened *opened)
{
    return memcmp(rare_of(&opened->device), rare_of(&roster->blank), RARE_SIZE) == 0;
}

/* There is room for what is to be kept of it; false when memory is out. */
static bool keep(const struct roster *roster, const struct opened *opened)
{
    struct seat *seat = opened->seat;

    if (seat == NULL || seat->rare != NULL || is_blank(roster, opened))
        return true;
    seat->rare = malloc(RARE_SIZE);
    return seat->rare != NULL;
}

static void close_at(const struct roster *roster, struct opened *opened)
{
    struct seat *seat = opened->seat;

    if (seat == NULL)
        return;
    memcpy(seat->common, &opened->device, sizeof seat->common);
    opened->blank = is_blank(roster, opened);
    if (opened->blank) {
        free(seat->rare);
        seat->rare = NULL;
    } else if (keep(roster, opened)) {
        memcpy(seat->rare, rare_of(&opened->device), RARE_SIZE);
    }
    opened->seat = NULL;
}

size_t roster_rare(const struct roster *roster)
{
    const struct seat *seat;
    const char *name;
    size_t n = 0;

    // A device each turn.
    for (size_t i = 0; (seat = table_nth(&roster->devices, i, &name)) != NULL; i++)
        n += seat->rare != NULL;
    return n;
}

bool roster_keep(struct roster *roster)
{
    bool ok = true;

    for (size_t i = 0; i < OPENED; i++)
        ok = keep(roster, &roster->opened[i]) && ok;
    return roster_incidents_keep(roster) && ok;
}

void roster_close_devices(struct roster *roster)
{
    for (size_t i = 0; i < OPENED; i++)
        close_at(roster, &roster->opened[i]);
    roster_incidents_sleep(roster);
    roster->open = NULL;
    roster->track = (struct track){ 0 };
}

void roster_open_devices(struct roster *roster, struct slot *slot)
{
    if (roster->open == slot)
        return;
    roster_close_devices(roster);
    for (size_t i = 0; i < slot->n_devices; i++)
        open_at(roster, &roster->opened[i], slot->seats[i]);
    roster->open = slot;
    roster->track =
        (struct track){ .devices = roster->views,
                        .incidents = slot->wide != NULL ? slot->wide->incidents : roster->shown,
                        .safety = slot->safety,
                        .rest = slot->wide != NULL ? NULL : &roster->rest };
}

struct known_device *roster_open_device(struct roster *roster, struct seat *seat)
{
    struct opened *by_name = &roster->opened[OPENED_BY_NAME];

    for (size_t i = 0; i < OPENED; i++) {
        if (roster->opened[i].seat == seat)
            return &roster->opened[i].device;
    }
    close_at(roster, by_name);
    open_at(roster, by_name, seat);
    return &by_name->device;
}

struct known_device *roster_find_device(struct roster *roster, const char *id)
{
    struct seat *seat = table_find(&roster->devices, id);
    struct known_device *device = seat != NULL ? roster_open_device(roster, seat) : NULL;

    if (device != NULL)
        corrections_device(&roster->corrections, device);
    return device;
}

bool roster_nth_device(struct roster *roster, size_t nth, const char **out_id,
                       struct known_device **out_device)
{
    struct seat *seat = table_nth(&roster->devices, nth, out_id);

    *out_device = seat != NULL ? roster_open_device(roster, seat) : NULL;
    return seat != NULL;
}

void roster_set_blank(struct roster *roster, const struct known_device *blank)
{
    roster_close_devices(roster);
    roster->blank = *blank;
    for (size_t i = 0; i < OPENED; i++)
        roster->opened[i].blank = false;
}

void roster_seats_blank(struct roster *roster)
{
    struct seat *seat;
    const char *name;

    roster_close_devices(roster);
    // A device each turn, at a start or at the end.
    for (size_t i = 0; (seat = table_nth(&roster->devices, i, &name)) != NULL; i++)
        free(seat->rare);
    table_blank(&roster->devices);
}
