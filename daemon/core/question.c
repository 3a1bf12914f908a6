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
