/* SPDX-License-Identifier: Apache-2.0 */
/* alert_row.h - an alert in the form in which the ledger keeps it. */
#ifndef APP_ALERT_ROW_H
#define APP_ALERT_ROW_H

#include "adapter/json/event.h"
#include "adapter/ledger/kept.h"
#include "core/custody.h"

struct alert_row {
    char id[EVENT_ID_MAX], incident[EVENT_ID_MAX];
    char *event;
    struct kept_alert kept; /* borrows from the above and from the alert */
};

/*
 * `custody` is that of the alert's incident, borrowed; NULL: no ack of it was kept. False when
 * memory is out; alert_row_fini either way.
 */
bool alert_row_make(const struct alert *alert, const struct event_source *source,
                    const struct custody *custody, struct alert_row *out);
void alert_row_fini(struct alert_row *row);

#endif
