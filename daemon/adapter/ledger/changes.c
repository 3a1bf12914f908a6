/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/changes.h"

#include <stddef.h>

#define UP_TO(member) (offsetof(struct row, member) + sizeof((struct row *)0)->member)

static void begin(struct changes *changes, struct arena arena)
{
    *changes = (struct changes){ .arena = arena };
    changes->last_row = &changes->rows;
    changes->last_alert = &changes->alerts;
    changes->last_waiter = &changes->waiters;
}

void changes_init(struct changes *changes)
{
    begin(changes, (struct arena){ 0 });
}

void changes_clear(struct changes *changes)
{
    struct arena arena = changes->arena;

    arena_clear(&arena);
    begin(changes, arena);
}

/* A device is thirty times as long as an entry, and there is one of each a near ping. */
static size_t size_of(enum row_kind kind)
{
    switch (kind) {
    case ROW_DEVICE:
        break;
    case ROW_INCIDENT:
        return UP_TO(incident);
    case ROW_CUSTODY:
        return UP_TO(custody);
    case ROW_ALERT:
        return UP_TO(alert);
    case ROW_ENTRY:
        return UP_TO(entry);
    case ROW_LAST_ACK:
    case ROW_READ:
    case ROW_EVIDENCE:
    case ROW_STATE:
        return UP_TO(check_rows);
    }
    return sizeof(struct row);
}

struct row *changes_add_row(struct changes *changes, enum row_kind kind, const char *name)
{
    struct row *row = arena_take(&changes->arena, size_of(kind));
    const char *kept = arena_text(&changes->arena, name);

    if (row == NULL || kept == NULL)
        return NULL;
    row->kind = kind;
    row->name = kept;
    *changes->last_row = row;
    changes->last_row = &row->next;
    if (kind == ROW_ALERT) {
        *changes->last_alert = row;
        changes->last_alert = &row->next_alert;
    }
    changes->n++;
    return row;
}

bool changes_add_alert(struct changes *changes, const struct kept_alert *alert)
{
    struct kept_alert kept = *alert;
    const char **const texts[] = { &kept.respondent, &kept.id,       &kept.type,
                                   &kept.area,       &kept.severity, &kept.incident,
                                   &kept.event,      &kept.by,       &kept.note };
    struct row *row;

    kept.by = kept.by ? kept.by : "";
    kept.note = kept.note ? kept.note : "";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_text(&changes->arena, *texts[i]);
        if (*texts[i] == NULL)
            return false;
    }
    row = changes_add_row(changes, ROW_ALERT, kept.id);
    if (row != NULL)
        row->alert = kept;
    return row != NULL;
}

bool changes_add_entry(struct changes *changes, const struct kept_entry *entry)
{
    struct kept_entry kept = *entry;
    struct row *row;

    kept.respondent = arena_text(&changes->arena, entry->respondent);
    kept.body = entry->lasts ? entry->body : arena_text(&changes->arena, entry->body);
    if (kept.respondent == NULL || kept.body == NULL)
        return false;
    row = changes_add_row(changes, ROW_ENTRY, kept.respondent);
    if (row != NULL)
        row->entry = kept; // its kind is a constant's name
    return row != NULL;
}

bool changes_add_waiter(struct changes *changes, void (*done)(bool ok, void *arg), void *arg)
{
    struct waiter *waiter = arena_take(&changes->arena, sizeof *waiter);

    if (waiter == NULL)
        return false;
    waiter->done = done;
    waiter->arg = arg;
    *changes->last_waiter = waiter;
    changes->last_waiter = &waiter->next;
    return true;
}

struct changes_place changes_here(const struct changes *changes)
{
    return (struct changes_place){ arena_here(&changes->arena), changes->last_row,
                                   changes->last_alert, changes->n };
}

void changes_back(struct changes *changes, const struct changes_place *place)
{
    *place->last_row = NULL;
    changes->last_row = place->last_row;
    *place->last_alert = NULL;
    changes->last_alert = place->last_alert;
    changes->n = place->n;
    arena_back(&changes->arena, place->arena);
}

void changes_tell(const struct changes *changes, bool ok)
{
    // A waiter for each sender: one a connection, and the messages taken from stream and broker.
    for (const struct waiter *waiter = changes->waiters; waiter != NULL; waiter = waiter->next)
        waiter->done(ok, waiter->arg);
}

struct row *changes_alerts(struct changes *changes)
{
    // At most LEDGER_GATHER_MAX, and what the body or turn that filled it has added.
    for (struct row *row = changes->alerts; row != NULL; row = row->next)
        row->next = row->next_alert;
    return changes->alerts;
}
