/* SPDX-License-Identifier: Apache-2.0 */
#include "core/question.h"

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

void memory_take(struct memory *memory, const struct respondent *who, const struct track *track)
{
    for (size_t i = 0; i < who->n_devices; i++)
        memory->devices[i] = *track->devices[i];
    for (size_t i = 0; i < who->n_exclusions; i++)
        memory->incidents[i] = *track->incidents[i];
}

void memory_give(const struct memory *memory, const struct respondent *who, struct track *track)
{
    for (size_t i = 0; i < who->n_devices; i++)
        *track->devices[i] = memory->devices[i];
    for (size_t i = 0; i < who->n_exclusions; i++)
        *track->incidents[i] = memory->incidents[i];
}
