/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rightings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "righting";

/* A number that nobody lives to see: farther it is not of ours. */
static const uint32_t number_limit = 1000000000;

static void put(struct rightings *rightings, uint32_t number, const struct righting *righting)
{
    rightings->each[number % RIGHTINGS_MAX] = *righting;
    rightings->numbers[number % RIGHTINGS_MAX] = number;
    if (rightings->newest < number)
        rightings->newest = number;
}

void rightings_add(struct rightings *rightings, const struct righting *righting)
{
    put(rightings, rightings->newest + 1, righting);
}

/* The next after *righted, which becomes its number; NULL: there is none. RIGHTINGS_MAX at most. */
static const struct righting *next(const struct rightings *rightings, uint32_t *righted)
{
    uint32_t newest = rightings->newest;

    if (*righted < newest && newest - *righted > RIGHTINGS_MAX)
        *righted = newest - RIGHTINGS_MAX;
    while (*righted < newest) {
        size_t place = ++*righted % RIGHTINGS_MAX;

        if (rightings->numbers[place] == *righted) // else its row was spoilt
            return &rightings->each[place];
    }
    *righted = newest;
    return NULL;
}

bool rightings_device(const struct rightings *rightings, struct known_device *device)
{
    const struct righting *righting;
    bool moved = false;

    // RIGHTINGS_MAX, as next() leaves out what is older.
    while ((righting = next(rightings, &device->righted)) != NULL)
        moved |= righting_device(righting, device);
    return moved;
}

bool rightings_incident(const struct rightings *rightings, struct incident *incident)
{
    const struct righting *righting;
    bool moved = false;

    // RIGHTINGS_MAX, as next() leaves out what is older.
    while ((righting = next(rightings, &incident->righted)) != NULL)
        moved |= righting_incident(righting, incident);
    return moved;
}

bool rightings_custody(const struct rightings *rightings, struct custody *custody)
{
    const struct righting *righting;
    bool moved = false;

    // RIGHTINGS_MAX, as next() leaves out what is older.
    while ((righting = next(rightings, &custody->righted)) != NULL)
        moved |= righting_custody(righting, custody);
    return moved;
}

/* ---- on disk ---- */

struct incident rightings_keep(const struct rightings *rightings, char name[RIGHTINGS_NAME_MAX])
{
    uint32_t place = rightings->newest % RIGHTINGS_MAX;
    const struct righting *righting = &rightings->each[place];

    snprintf(name, RIGHTINGS_NAME_MAX, "%s%u", prefix, place);
    return (struct incident){ .numbers = rightings->newest,
                              .opened = righting->from,
                              .ended = righting->until,
                              .told = righting->now,
                              .run = { righting->by > 0 ? righting->by : 0 },
                              .late_from = { righting->by < 0 ? -righting->by : 0 },
                              .late_at = { righting->late_ms } };
}

bool rightings_recall(struct rightings *rightings, const char *name, const struct incident *kept)
{
    const char *place = name + sizeof prefix - 1;
    struct righting righting = { .from = kept->opened,
                                 .until = kept->ended,
                                 .by = kept->run.ms - kept->late_from.ms,
                                 .late_ms = kept->late_at.ms,
                                 .now = kept->told };

    if (strncmp(name, prefix, sizeof prefix - 1) != 0 || strchr(name, '/') != NULL)
        return false;
    if (kept->numbers > 0 && kept->numbers < number_limit && righting.now.ms != 0 &&
        kept->numbers % RIGHTINGS_MAX == strtoul(place, NULL, 10))
        put(rightings, kept->numbers, &righting);
    return true;
}
