/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_rules.c - the rules are swapped, or what was known is recalled. */
#include "adapter/supervise.h"
#include "app/pipeline_parts.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "core/numbering.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECALLED_ALIVE = 10000 };

static void put_in_force(struct pipeline *pipeline, struct prepared *fresh)
{
    const struct config *config = fresh->config;

    fresh->slots = roster_swap(pipeline->roster, fresh->slots);
    journal_adopt(&pipeline->journal, config, fresh->texts, pipeline->rehearse);
    fresh->texts = NULL;
    pipeline->listening = false;
    pipeline->config = config;
    pipeline_acks_adopt(&pipeline->acks, config->settings.remind_ms);
    pipeline->watch = (struct watch){ .civil = rulebook_civil(config->rules),
                                      .detect = &config->settings.detect,
                                      .kinds = &config->settings.kinds,
                                      .stepped = config->settings.stepped };
    pipeline->source = (struct event_source){ config->settings.site, pipeline->rehearse,
                                              config->settings.no_position };
}

/* Drops the oldest rules when there are PIPELINE_OLD_MAX. */
static void keep_old(struct pipeline *pipeline)
{
    if (pipeline->n_old == PIPELINE_OLD_MAX)
        memmove(pipeline->old, pipeline->old + 1, --pipeline->n_old * sizeof *pipeline->old);
    pipeline->old[pipeline->n_old++] = pipeline->config->rules;
}

bool pipeline_needs(const struct pipeline *pipeline, const struct rulebook *rules)
{
    for (size_t i = 0; i < pipeline->n_old; i++) {
        if (pipeline->old[i] == rules)
            return true;
    }
    return false;
}

void pipeline_adopt(struct pipeline *pipeline, struct prepared *fresh)
{
    // Of several while nobody can be judged, the first were those by which they were.
    if (!pipeline->round.fresh)
        keep_old(pipeline);
    put_in_force(pipeline, fresh);
    pipeline->save_next = 0;
    pipeline->round.going = pipeline->round.fresh = true;
    if (pipeline->closed == NULL) // else when it sees again
        pipeline_begin_round(pipeline);
}

void pipeline_judge_all(struct pipeline *pipeline)
{
    pipeline_begin_round(pipeline);
}

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
    if (++pipeline->recalled % RECALLED_ALIVE == 0)
        supervise_alive();
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
    if (roster_has_numbering(pipeline->roster))
        roster_start_numbering(pipeline->roster, roster_numbered_after(pipeline->roster));
    if (roster_epoch(pipeline->roster) > 0)
        roster_begin_epoch(pipeline->roster, roster_epoch(pipeline->roster));
    pipeline->open = roster_open(pipeline->roster);
    return true;
}

bool pipeline_lacks_numbering(const struct pipeline *pipeline)
{
    return !roster_has_numbering(pipeline->roster) && ledger_sequence(pipeline->ledger) == 0;
}

bool pipeline_start_numbering(struct pipeline *pipeline, uint32_t after)
{
    struct incident row = { .numbers = after };

    roster_start_numbering(pipeline->roster, after);
    return ledger_put_incident(pipeline->ledger, "birth", &row);
}

uint32_t pipeline_epoch(const struct pipeline *pipeline)
{
    return roster_epoch(pipeline->roster);
}

uint32_t pipeline_numbered_after(const struct pipeline *pipeline)
{
    return roster_numbered_after(pipeline->roster);
}

bool pipeline_begin_epoch(struct pipeline *pipeline, uint32_t seen)
{
    // One more than what was seen: by that one itself leftovers are told.
    struct incident row = { .numbers = numbering_start(true, clock_utc(), seen, arc4random()) + 1 };
    uint32_t before = roster_epoch(pipeline->roster),
             start = roster_numbered_after(pipeline->roster);

    if (row.numbers <= before || row.numbers <= start)
        row.numbers = (before > start ? before : start) + 1;
    if (!ledger_put_incident(pipeline->ledger, "epoch", &row))
        return false;
    roster_begin_epoch(pipeline->roster, row.numbers);
    return true;
}

bool pipeline_start(struct pipeline *pipeline, struct ledger *ledger, struct prepared *fresh,
                    struct fault *why)
{
    pipeline->ledger = pipeline->journal.ledger = ledger;
    put_in_force(pipeline, fresh);
    return pipeline_recall(pipeline, why);
}
