/* SPDX-License-Identifier: Apache-2.0 */
#include "core/corrections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "righting"; // its older name, on disk

/* A number that nobody lives to see: farther it is not of ours. */
static const uint32_t number_limit = 1000000000;

static void put(struct corrections *corrections, uint32_t number,
                const struct correction *correction)
{
    corrections->each[number % CORRECTIONS_MAX] = *correction;
    corrections->numbers[number % CORRECTIONS_MAX] = number;
    if (corrections->newest < number)
        corrections->newest = number;
}

void corrections_add(struct corrections *corrections, const struct correction *correction)
{
    put(corrections, corrections->newest + 1, correction);
}

/* The next after *corrected, now its number; NULL: there is none. CORRECTIONS_MAX at most. */
static const struct correction *next(const struct corrections *corrections, uint32_t *corrected)
{
    uint32_t newest = corrections->newest;

    if (*corrected < newest && newest - *corrected > CORRECTIONS_MAX)
        *corrected = newest - CORRECTIONS_MAX;
    while (*corrected < newest) {
        size_t place = ++*corrected % CORRECTIONS_MAX;

        if (corrections->numbers[place] == *corrected) // else its row was spoilt
            return &corrections->each[place];
    }
    *corrected = newest;
    return NULL;
}

bool corrections_device(const struct corrections *corrections, struct known_device *device)
{
    const struct correction *correction;
    bool moved = false;

    // CORRECTIONS_MAX, as next() leaves out what is older.
    while ((correction = next(corrections, &device->corrected)) != NULL)
        moved |= correction_device(correction, device);
    return moved;
}

bool corrections_incident(const struct corrections *corrections, struct incident *incident)
{
    const struct correction *correction;
    bool moved = false;

    // CORRECTIONS_MAX, as next() leaves out what is older.
    while ((correction = next(corrections, &incident->corrected)) != NULL)
        moved |= correction_incident(correction, incident);
    return moved;
}

bool corrections_custody(const struct corrections *corrections, struct custody *custody)
{
    const struct correction *correction;
    bool moved = false;

    // CORRECTIONS_MAX, as next() leaves out what is older.
    while ((correction = next(corrections, &custody->corrected)) != NULL)
        moved |= correction_custody(correction, custody);
    return moved;
}

/* ---- on disk ---- */

struct incident corrections_keep(const struct corrections *corrections,
                                 char name[CORRECTIONS_NAME_MAX])
{
    uint32_t place = corrections->newest % CORRECTIONS_MAX;
    const struct correction *correction = &corrections->each[place];

    snprintf(name, CORRECTIONS_NAME_MAX, "%s%u", prefix, place);
    return (struct incident){ .numbers = corrections->newest,
                              .opened = correction->from,
                              .ended = correction->until,
                              .alerted = correction->now,
                              .run = { correction->by > 0 ? correction->by : 0 },
                              .late.from = { correction->by < 0 ? -correction->by : 0 },
                              .late_at = { correction->late_ms } };
}

bool corrections_recall(struct corrections *corrections, const char *name,
                        const struct incident *kept)
{
    const char *place = name + sizeof prefix - 1;
    struct correction correction = { .from = kept->opened,
                                     .until = kept->ended,
                                     .by = kept->run.ms - kept->late.from.ms,
                                     .late_ms = kept->late_at.ms,
                                     .now = kept->alerted };

    if (strncmp(name, prefix, sizeof prefix - 1) != 0 || strchr(name, '/') != NULL)
        return false;
    if (kept->numbers > 0 && kept->numbers < number_limit && correction.now.ms != 0 &&
        kept->numbers % CORRECTIONS_MAX == strtoul(place, NULL, 10))
        put(corrections, kept->numbers, &correction);
    return true;
}
