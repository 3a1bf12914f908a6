/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roster_estimates.c - where each device is believed to be, for as long as somebody must know: room
 * of its own, which whoever is far has not.
 */
#include "app/roster_parts.h"
#include "core/estimate.h"

#include <stdlib.h>

static const struct estimate none;

static bool is_empty(const struct estimate *estimate)
{
    return estimate->belief.n == 0;
}

bool roster_estimates_init(struct roster *roster)
{
    roster->spare = calloc(1, sizeof *roster->spare);
    return roster->spare != NULL;
}

static void drop(struct roster *roster, struct known_device *device)
{
    if (device->estimate != NULL && device->estimate != roster->spare) {
        free(device->estimate);
        roster->estimates--;
    }
    device->estimate = NULL;
}

void roster_estimates_drop(struct roster *roster)
{
    struct known_device *device;
    const char *name;

    // A device each turn, at a start or at the end.
    for (size_t i = 0; roster_nth_device(roster, i, &name, &device); i++)
        drop(roster, device);
}

void roster_estimates_fini(struct roster *roster)
{
    roster_estimates_drop(roster);
    free(roster->spare);
}

void roster_lend(struct roster *roster, struct known_device *device)
{
    if (device->estimate != NULL)
        return;
    *roster->spare = none;
    device->estimate = roster->spare;
}

bool roster_keep_lent(struct roster *roster, const struct known_device *device)
{
    struct estimate *fresh;

    if (device->estimate != roster->spare || is_empty(roster->spare))
        return true;
    fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL)
        return false;
    roster->spare = fresh;
    roster->estimates++;
    return true;
}

void roster_take_back(struct roster *roster, const struct respondent *who,
                      const struct track *track)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        struct known_device *device = track->devices[i];

        if (device->estimate == roster->spare ||
            (device->estimate != NULL && is_empty(device->estimate)))
            drop(roster, device);
    }
}

bool roster_believe(struct roster *roster, struct known_device *device,
                    const struct estimate *estimate)
{
    struct estimate kept = *estimate;

    device->estimate = &kept;
    estimate_let_go(device);
    device->estimate = NULL;
    if (is_empty(&kept))
        return true;
    device->estimate = malloc(sizeof kept);
    if (device->estimate == NULL)
        return false;
    *device->estimate = kept;
    roster->estimates++;
    return true;
}

size_t roster_estimates(const struct roster *roster)
{
    return roster->estimates;
}
