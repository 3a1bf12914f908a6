/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_forget.c - who is forgotten, and what is let go to an archive: one request at a time. */
#include "adapter/ledger/ledger_parts.h"

#include <stdlib.h>
#include <string.h>

static void forget_request_free(struct forget_request *request)
{
    if (request == NULL)
        return;
    free((char *)request->what.respondent);
    free((char *)request->what.record);
    free(request);
}

void ledger_answer_forget(struct ledger *ledger, const struct job *job)
{
    struct forget_request *request = ledger->forgetting;

    if (job->forgot && (!job->more || job->forget != NULL))
        memcpy(ledger->removed, job->removed, sizeof ledger->removed);
    ledger->forgetting = NULL;
    request->done(job->forgot ? NULL
                  : job->ok   ? job->forget_why.text
                              : "breachd is blind",
                  job->more, job->forgotten, request->arg);
    forget_request_free(request);
}

void ledger_forget_requests(struct ledger *ledger)
{
    forget_request_free(ledger->forget);
    forget_request_free(ledger->forgetting);
}

/* `respondent` may be NULL. */
static bool ask_for(struct ledger *ledger, const char *respondent, const char *record,
                    const struct forget_request *given)
{
    struct forget_request *request;

    if (ledger->blind || ledger->forget != NULL || ledger->forgetting != NULL)
        return false;
    request = calloc(1, sizeof *request);
    if (request == NULL)
        return false;
    *request = *given;
    request->what.respondent = respondent != NULL ? strdup(respondent) : NULL;
    request->let_go.record = request->what.record = strdup(record);
    if (request->what.record == NULL || (respondent != NULL && request->what.respondent == NULL)) {
        forget_request_free(request);
        return false;
    }
    ledger->forget = request;
    return true;
}

bool ledger_note_forgetting(struct ledger *ledger, const struct forgetting *what, ledger_gone *done,
                            void *arg)
{
    return ask_for(ledger, what->respondent, what->record,
                   &(struct forget_request){ .what.now = what->now, .done = done, .arg = arg });
}

bool ledger_note_letting_go(struct ledger *ledger, const struct letting_go *what, ledger_gone *done,
                            void *arg)
{
    return ask_for(ledger, NULL, what->record,
                   &(struct forget_request){ .let_go = *what, .done = done, .arg = arg });
}
