/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_leftover.h"

#include "adapter/json/leftover.h"
#include "app/pipeline_acks.h"
#include "app/pipeline_acks_find.h"
#include "app/pipeline_numbering.h"
#include "app/pipeline_parts.h"
#include "app/pipeline_put.h"
#include "app/pipeline_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLDS "Redis holds "

/* As the ledger has it, for a zone; of all else the gravity does not rise within an incident. */
static bool is_graver(const struct leftover *leftover, const struct named *named)
{
    return named->exclusion != NULL &&
           leftover->severity >
               alert_severity(ALERT_UPDATE, named->newest->phase, named->newest->authorised);
}

/*
 * "Redis holds breach (critical) of 2020-06-23T20:14:05.000Z: inside by 42 m", as far as it is
 * told; where such words stand there already, as after two restores, those.
 */
static void describe(const struct leftover *leftover, const char *head, struct alert *alert)
{
    const char *held = strstr(leftover->reason, HOLDS);
    char words[2 * ALERT_REASON_MAX];

    if (leftover->type[0] == '\0')
        snprintf(words, sizeof words, "%s; what Redis holds of it cannot be read", head);
    else if (held != NULL)
        snprintf(words, sizeof words, "%s; %s", head, held);
    else
        snprintf(words, sizeof words, "%s; " HOLDS "%s (%s) of %s: %s", head, leftover->type,
                 severity_name(leftover->severity), leftover->time, leftover->reason);
    alert->cause = "ledger-old";
    snprintf(alert->reason, sizeof alert->reason, "%.*s", ALERT_REASON_MAX - 1, words);
}

/* Or was, before it was told by such words. */
static bool is_critical(const struct leftover *leftover)
{
    return leftover->severity == SEVERITY_CRITICAL ||
           strstr(leftover->reason, "(critical)") != NULL;
}

/* All of it, or nothing. */
static bool tell(struct pipeline *pipeline, const char *incident, const struct custody *custody,
                 const struct alert *alert)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);
    struct custody *kept = pipeline_acks_take(&pipeline->acks, incident), before;

    if (kept == NULL)
        return false;
    before = *kept;
    *kept = *custody;
    if (ledger_put_custody(pipeline->ledger, incident, kept) && pipeline_tell(pipeline, alert)) {
        pipeline_acks_settle(&pipeline->acks, incident);
        return true;
    }
    *kept = before;
    ledger_drop(pipeline->ledger, &begin);
    return false;
}

/* It goes on by the ledger too, which does not know how grave it had become: called for at once. */
static bool raise_known(struct pipeline *pipeline, const struct leftover *leftover,
                        const struct named *named)
{
    const struct custody *known = pipeline_acks_known(&pipeline->acks, leftover->incident);
    struct custody custody = known ? *known : (struct custody){ 0 };
    struct alert alert;

    pipeline_acks_number(pipeline, named, &custody);
    custody.alerts++;
    alert = pipeline_acks_make_alert(ALERT_ESCALATED, named, &custody, pipeline_now(pipeline));
    describe(leftover, "the ledger is an older copy", &alert);
    return tell(pipeline, leftover->incident, &custody, &alert);
}

static bool keep_lost(struct pipeline *pipeline, const struct leftover *leftover, uint32_t number)
{
    uint32_t epoch = pipeline_epoch(pipeline), numbered_after = pipeline_numbered_after(pipeline);
    struct utc now = pipeline_now(pipeline);
    const struct custody *known = pipeline_acks_known(&pipeline->acks, leftover->incident);
    // Its alerts were counted up to here at the most, by the ledger that is gone; and what was said
    // of it by then is about no other one.
    struct custody custody = { .lost = true,
                               .alerts = epoch > numbered_after ? epoch : numbered_after };
    struct alert alert = alert_make(ALERT_TROUBLE, now, now);
    const char *slash = strrchr(leftover->incident, '/');
    char subject[LEFTOVER_INCIDENT_MAX];

    snprintf(subject, sizeof subject, "%.*s", (int)(slash - leftover->incident),
             leftover->incident);
    snprintf(custody.by, sizeof custody.by, "%s", leftover->by);
    snprintf(custody.note, sizeof custody.note, "%s", leftover->note);
    custody.taken = leftover->by[0] != '\0';
    if (is_critical(leftover) && !custody.taken)
        custody_alarm(&custody, now);
    alert.by = custody.taken ? custody.by : NULL;
    alert.own = subject;
    alert.incident = number;
    alert.nth = custody.alerts;
    // Words may have been told of it by this ledger already: theirs are not numbered anew.
    if (known != NULL && known->alerts > custody.alerts)
        custody.alerts = known->alerts;
    alert.area = leftover->area[0] != '\0' ? leftover->area : NULL;
    // By the rules, or else by what was said then: who is forgotten is so here too.
    alert.respondent = pipeline_acks_whose(pipeline, leftover->incident);
    if (alert.respondent == NULL && leftover->respondent[0] != '\0')
        alert.respondent = leftover->respondent;
    describe(leftover,
             epoch > 0 ? "the ledger is an older copy and does not know it"
                       : "the ledger is new and does not know it",
             &alert);
    return tell(pipeline, leftover->incident, &custody, &alert);
}

bool pipeline_take_leftover(struct pipeline *pipeline, const struct leftover *leftover,
                            uint64_t after)
{
    const struct custody *known = pipeline_acks_known(&pipeline->acks, leftover->incident);
    struct named named = { 0 };
    bool found;

    if (pipeline->closed != NULL || ledger_full(pipeline->ledger))
        return false;
    // What the ledger told itself it has ended itself; and what was kept already stays.
    if ((leftover->sequence > 0 && leftover->sequence <= after) || (known != NULL && known->lost))
        return true;
    found = pipeline_acks_find(pipeline, leftover->incident, &named);
    // Over, and seen to by nobody: it stands in `todo` by the ledger too.
    if (found && !named.open && known != NULL && !known->taken && !known->closed)
        return true;
    if (found && named.open)
        return !is_graver(leftover, &named) || raise_known(pipeline, leftover, &named);
    return keep_lost(pipeline, leftover,
                     (uint32_t)strtoul(strrchr(leftover->incident, '/') + 1, NULL, 10));
}
