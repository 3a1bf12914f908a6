/* SPDX-License-Identifier: Apache-2.0 */
/* What gathers for the next job. */
#include "adapter/ledger/ledger_parts.h"

struct changes_place ledger_begin(const struct ledger *ledger)
{
    return changes_here(&ledger->gathering);
}

void ledger_drop(struct ledger *ledger, const struct changes_place *begin)
{
    if (!ledger->blind) // else all was given up, the place too
        changes_back(&ledger->gathering, begin);
}

bool ledger_full(const struct ledger *ledger)
{
    return ledger->gathering.n >= LEDGER_GATHER_MAX;
}

size_t ledger_rows(const struct ledger *ledger)
{
    return ledger->gathering.n;
}

/* While blind nothing gathers. */
static struct row *gather(struct ledger *ledger, enum row_kind kind, const char *name)
{
    return ledger->blind ? NULL : changes_add_row(&ledger->gathering, kind, name);
}

bool ledger_put_device(struct ledger *ledger, const char *id, const struct known_device *device)
{
    struct row *row = gather(ledger, ROW_DEVICE, id);

    if (row == NULL)
        return false;
    row->device = *device;
    row->device.estimate = NULL;
    if (device->estimate != NULL)
        row->estimate = *device->estimate;
    return true;
}

bool ledger_put_incident(struct ledger *ledger, const char *subject,
                         const struct incident *incident)
{
    struct row *row = gather(ledger, ROW_INCIDENT, subject);

    if (row != NULL)
        row->incident = *incident;
    return row != NULL;
}

bool ledger_put_custody(struct ledger *ledger, const char *incident, const struct custody *custody)
{
    struct row *row = gather(ledger, ROW_CUSTODY, incident);

    if (row != NULL)
        row->custody = *custody;
    return row != NULL;
}

bool ledger_put_last_ack(struct ledger *ledger, const char *id)
{
    return gather(ledger, ROW_LAST_ACK, id) != NULL;
}

bool ledger_put_read(struct ledger *ledger, const char *entry)
{
    return gather(ledger, ROW_READ, entry) != NULL;
}

bool ledger_put_alert(struct ledger *ledger, const struct kept_alert *alert)
{
    return !ledger->blind && changes_add_alert(&ledger->gathering, alert);
}

bool ledger_put_entry(struct ledger *ledger, const struct kept_entry *entry)
{
    return !ledger->blind && changes_add_entry(&ledger->gathering, entry);
}

bool ledger_put_evidence(struct ledger *ledger, const char *respondent, struct utc since,
                         struct utc now)
{
    struct row *row = gather(ledger, ROW_EVIDENCE, respondent);

    if (row != NULL) {
        row->since = since;
        row->now = now;
    }
    return row != NULL;
}

bool ledger_put_state(struct ledger *ledger, struct utc now, bool check_rows)
{
    struct row *row = gather(ledger, ROW_STATE, "");

    if (row != NULL) {
        row->now = now;
        row->check_rows = check_rows;
    }
    return row != NULL;
}

void ledger_sync(struct ledger *ledger)
{
    ledger->gathering.sync = true;
}

bool ledger_wait(struct ledger *ledger, void (*done)(bool ok, void *arg), void *arg)
{
    return !ledger->blind && changes_add_waiter(&ledger->gathering, done, arg);
}
