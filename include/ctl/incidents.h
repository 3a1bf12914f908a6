/* SPDX-License-Identifier: Apache-2.0 */
/*
 * incidents.h - what goes on now, and what needs somebody, as the hashes `open` and `todo` have
 * it.
 */
#ifndef CTL_INCIDENTS_H
#define CTL_INCIDENTS_H

#include "ctl/link.h"

#include <jansson.h>

/*
 * Incident → its newest alert, of one area and of none, or (NULL) of all; the
 * caller's; and how many entries are added to *unreadable, as they are no alerts, of whichever area
 * they may be. NULL when Redis does not tell.
 */
json_t *incidents_open(struct link *link, const char *area, size_t *unreadable, struct fault *why);

/* Incident → {"alert", "by", "note"} of breachd-alerts(7), What needs somebody; likewise. */
json_t *incidents_todo(struct link *link, const char *area, size_t *unreadable, struct fault *why);

#endif
