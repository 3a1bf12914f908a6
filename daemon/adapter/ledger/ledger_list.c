/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_list.c - what people want to see of the ledger: one list a job, the oldest wish first. */
#include "adapter/ledger/ledger_parts.h"

#include <stdio.h>
#include <stdlib.h>

bool ledger_list(struct ledger *ledger, const struct listing *what, ledger_listed *done, void *arg)
{
    struct listing_request *request, **last = &ledger->to_list;

    if (ledger->n_to_list == LEDGER_LISTINGS_MAX)
        return false;
    request = calloc(1, sizeof *request);
    if (request == NULL)
        return false;
    request->what = *what;
    snprintf(request->incident, sizeof request->incident, "%s",
             what->incident != NULL ? what->incident : "");
    request->what.incident = request->incident;
    request->done = done;
    request->arg = arg;
    while (*last != NULL) // LEDGER_LISTINGS_MAX
        last = &(*last)->next;
    *last = request;
    ledger->n_to_list++;
    return true;
}

const struct listing *ledger_next_listing(struct ledger *ledger)
{
    ledger->listing = ledger->to_list;
    if (ledger->listing == NULL)
        return NULL;
    ledger->to_list = ledger->listing->next;
    ledger->n_to_list--;
    return &ledger->listing->what;
}

void ledger_answer_listing(struct listing_request *request, const struct job *job)
{
    request->done(job->ok && job->is_listed ? &job->listed : NULL, request->arg);
    free(request);
}

void ledger_forget_listings(struct ledger *ledger)
{
    free(ledger->listing);
    while (ledger->to_list != NULL) { // LEDGER_LISTINGS_MAX
        struct listing_request *request = ledger->to_list;

        ledger->to_list = request->next;
        free(request);
    }
}
