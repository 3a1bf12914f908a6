/* SPDX-License-Identifier: Apache-2.0 */
#include "core/question.h"

#include <assert.h>

void question_ask(const struct watch *watch, const struct respondent *who, struct track *track,
                  const struct question *question, struct outcome *out)
{
    struct watch asked = *watch;

    asked.frugal = question->frugal;
    if (question->cause == CAUSE_PING)
        watch_ping(&asked, who, track, question->device, &question->ping, question->now, out);
    else
        watch_again(&asked, who, track, question->cause, question->at, question->now, out);
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
    for (size_t i = 0; i < who->n_exclusions; i++)
        memory->incidents[i] = *track->incidents[i];
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
    for (size_t i = 0; i < who->n_exclusions; i++)
        *track->incidents[i] = memory->incidents[i];
}
