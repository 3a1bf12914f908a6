/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h - what is known of one respondent, as values: a track that outlives a question. */
#ifndef CORE_MEMORY_H
#define CORE_MEMORY_H

#include "core/rulebook.h"
#include "core/track.h"

/* A device here shows no estimate: that stands beside it, zeroed for who has none. */
struct memory {
    struct known_device devices[RESPONDENT_DEVICES_MAX];
    struct estimate estimates[RESPONDENT_DEVICES_MAX];
    struct incident incidents[QUESTION_ZONES_MAX];
    bool lacks_incidents; /* none of them has changed since, and they are still to be taken */
};

/*
 * *memory was taken before, or is zeroed. Incidents that a safe region says will mostly not be
 * looked at are taken when the first of them is about to change, if the track says that *memory is
 * to have them: `before`; see safe_region.h.
 */
void memory_take(struct memory *memory, const struct respondent *who, const struct track *track);

/* Those too, if that was not done: nothing of them has changed. */
void memory_take_incidents(struct memory *memory, const struct respondent *who,
                           const struct track *track);

/* Who believed something then shows an estimate in the track: nobody took it away since. */
void memory_give(const struct memory *memory, const struct respondent *who, struct track *track);

#endif
