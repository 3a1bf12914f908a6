/* SPDX-License-Identifier: Apache-2.0 */
#include "core/memory.h"

#include "core/safe_region.h"

#include <assert.h>

static bool is_quiet(const struct track *track)
{
    return track->safety != NULL && track->safety->quiet;
}

/* A zeroed one is not written once more: most devices are far. */
static void take(struct estimate *to, const struct estimate *from)
{
    if (from != NULL && from->belief.n > 0)
        *to = *from;
    else if (to->belief.n > 0)
        *to = (struct estimate){ .origin = { 0 } };
}

void memory_take(struct memory *memory, const struct respondent *who, const struct track *track)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        memory->devices[i] = *track->devices[i];
        memory->devices[i].estimate = NULL;
        take(&memory->estimates[i], track->devices[i]->estimate);
    }
    memory->lacks_incidents = true;
    if (!is_quiet(track) || track->before != memory)
        memory_take_incidents(memory, who, track);
}

void memory_take_incidents(struct memory *memory, const struct respondent *who,
                           const struct track *track)
{
    track_wake(track);
    for (size_t i = 0; memory->lacks_incidents && i < who->n_exclusions; i++)
        memory->incidents[i] = *track->incidents[i];
    memory->lacks_incidents = false;
}

void memory_give(const struct memory *memory, const struct respondent *who, struct track *track)
{
    for (size_t i = 0; i < who->n_devices; i++) {
        struct estimate *estimate = track->devices[i]->estimate;

        assert(estimate != NULL || memory->estimates[i].belief.n == 0);
        *track->devices[i] = memory->devices[i];
        track->devices[i]->estimate = estimate;
        if (estimate != NULL)
            take(estimate, &memory->estimates[i]);
    }
    if (memory->lacks_incidents)
        return;
    track_wake(track);
    for (size_t i = 0; i < who->n_exclusions; i++)
        *track->incidents[i] = memory->incidents[i];
    if (track->safety != NULL)
        track->safety->quiet = false;
}
