/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pipeline_recall.h"

#include "adapter/log.h"
#include "adapter/supervise.h"
#include "app/pipeline_acks.h"
#include "app/pipeline_clock.h"
#include "app/pipeline_parts.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { RECALLED_ALIVE = 10000 };

/*
 * Whose trouble it is, as far as the rules know; it is told when the ledger takes something again.
 * Where an incident was forgotten in part, judging by the rules makes it anew.
 */
static void note_spoilt(struct pipeline *pipeline, const struct row *row)
{
    const struct rulebook *rules = pipeline->config->rules;
    char subject[2 * NAME_MAX_CHARS + 2];
    const char *end = row->kind == ROW_CUSTODY ? strrchr(row->name, '/') : NULL;
    size_t exclusion, nth, device = 0;

    log_error("%.200s: what was known cannot be read: it is forgotten in part", row->name);
    snprintf(subject, sizeof subject, "%.*s",
             (int)(end ? end - row->name : (ptrdiff_t)strlen(row->name)), row->name);
    if (row->kind == ROW_DEVICE
            ? rulebook_find_device(rules, row->name, &nth, &device)
            : rulebook_find_exclusion(rules, subject, &exclusion) &&
                  rulebook_find_respondent(
                      rules, rulebook_exclusion(rules, exclusion)->order->respondent, &nth))
        unjudged_note(pipeline, nth, device, UNJUDGED_RECALLED);
}

/* As it is gone on with, so that the next start finds nothing spoilt. */
static void keep_spoilt(struct pipeline *pipeline, const struct row *row)
{
    struct changes_place begin = ledger_begin(pipeline->ledger);

    if (row->kind == ROW_DEVICE ? !ledger_put_device(pipeline->ledger, row->name, &row->device)
        : row->kind == ROW_INCIDENT
            ? !ledger_put_incident(pipeline->ledger, row->name, &row->incident)
            : !ledger_put_custody(pipeline->ledger, row->name, &row->custody))
        ledger_drop(pipeline->ledger, &begin); // then that start says so again
}

static void recall_row(const struct row *row, void *arg)
{
    struct pipeline *pipeline = arg;
    bool whole;

    // All rows that the ledger has, 30 us each, and the doors are shut until then.
    if (++pipeline->recalled % RECALLED_ALIVE == 0) {
        supervise_starting();
        supervise_alive();
    }
    whole = roster_recall_row(pipeline->roster, row);
    whole = pipeline_acks_recall_row(&pipeline->acks, row) && whole;
    if (row->kind == ROW_READ)
        snprintf(pipeline->read, sizeof pipeline->read, "%s", row->name);
    if (row->spoilt) {
        keep_spoilt(pipeline, row);
        note_spoilt(pipeline, row);
    } else if (!whole) {
        note_spoilt(pipeline, row); // the ledger has it: the next start may have the memory
    }
    // A rehearsal goes on from where it was.
    if (row->kind == ROW_DEVICE && row->device.newest.time.ms > pipeline->rehearsal.now.ms)
        pipeline->rehearsal.now = row->device.newest.time;
}

void pipeline_forget(struct pipeline *pipeline, const char *respondent, const struct row *rows)
{
    uint32_t carrier = name_mark(respondent);
    struct known_device *device;
    const char *id;
    size_t nth, whose;

    // A device of the roster each turn, and a comparison of numbers.
    for (size_t i = 0; roster_nth_device(pipeline->roster, i, &id, &device); i++) {
        // What an order names by now is its respondent's, or will be when that one is judged.
        if (device->carrier == carrier &&
            !rulebook_find_device(pipeline->config->rules, id, &whose, &nth))
            known_device_blank(device);
    }
    // What was forgotten of one respondent.
    for (const struct row *row = rows; row != NULL; row = row->next)
        pipeline_acks_end(&pipeline->acks, row);
}

bool pipeline_recall(struct pipeline *pipeline, struct fault *why)
{
    roster_forget(pipeline->roster);
    pipeline->listening = false;
    pipeline->read[0] = '\0';
    journal_forget(&pipeline->journal);
    pipeline_acks_forget(&pipeline->acks);
    strangers_recall(pipeline);
    if (!ledger_restore(pipeline->ledger, recall_row, pipeline, why))
        return false;
    pipeline_correct_recalled(pipeline);
    // What is not in the ledger yet is numbered after that too.
    if ((roster_has_numbering(pipeline->roster) &&
         !roster_start_numbering(pipeline->roster, roster_numbered_after(pipeline->roster))) ||
        (roster_epoch(pipeline->roster) > 0 &&
         !roster_begin_epoch(pipeline->roster, roster_epoch(pipeline->roster))))
        return fault_set(why, "out of memory");
    pipeline->open = roster_open(pipeline->roster);
    return true;
}
