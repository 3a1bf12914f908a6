/* SPDX-License-Identifier: Apache-2.0 */
/*
 * incident_page.h - incidents as the control room reads them over HTTP: the newest alert, who has
 * it, what was noted. No place: those of pings are taken out.
 */
#ifndef ADAPTER_JSON_INCIDENT_PAGE_H
#define ADAPTER_JSON_INCIDENT_PAGE_H

#include "adapter/json/event.h"

#include <stdbool.h>
#include <stddef.h>

/* How an incident stands now. Borrowed for the call. */
struct incident_now {
    const char *incident, *state; /* "open", "ended", "closed" */
    struct event_holder holder;
};

struct incident_page;

struct incident_page *incident_page_create(void);       /* NULL when memory is out */
void incident_page_destroy(struct incident_page *page); /* NULL is fine */

/*
 * An incident with its newest alert (`now` NULL: an alert alone), unless that was received before
 * `since`. What is no event is left out. False when memory is out.
 */
bool incident_page_add(struct incident_page *page, const struct incident_now *now,
                       const char *event, uint64_t sequence, struct utc since);
bool incident_page_is_before(const struct incident_page *page); /* the last one was too old */

/* {"incidents":[…],"next":"412"}. The caller frees; NULL when memory is out, as below. */
char *incident_page_print(const struct incident_page *page, const char *next);

/* {"incident":…,"state":…,"by":…,"note":…,"shelved":…,"alerts":[…],"next":…}: the newest first. */
char *incident_page_print_one(const struct incident_page *page, const struct incident_now *now,
                              const char *next);

#endif
