/* SPDX-License-Identifier: Apache-2.0 */
/* told.h - an alert in the form in which the ledger keeps it. */
#ifndef APP_TOLD_H
#define APP_TOLD_H

#include "adapter/json/event.h"
#include "adapter/ledger/kept.h"
#include "core/custody.h"

struct told {
    char id[EVENT_ID_MAX], incident[EVENT_ID_MAX];
    char *event;
    struct kept_alert kept; /* borrows from the above and from the alert */
};

/*
 * `custody` is that of the alert's incident, borrowed; NULL: nobody has a word in it. False when
 * memory is out; told_fini either way.
 */
bool told_make(const struct alert *alert, const struct event_source *source,
               const struct custody *custody, struct told *out);
void told_fini(struct told *told);

#endif
