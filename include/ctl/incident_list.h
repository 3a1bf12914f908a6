/* SPDX-License-Identifier: Apache-2.0 */
/* incident_list.h - one incident of a ledger, as a line for people or as JSON; no place. */
#ifndef CTL_INCIDENT_LIST_H
#define CTL_INCIDENT_LIST_H

#include "ctl/incident_log.h"

#include <jansson.h>

/* On stdout; times of before the day of `now` have their date. */
void incident_list_print(const struct logged_incident *one, struct utc now);

/* The caller's; NULL when memory is out. */
json_t *incident_list_json(const struct logged_incident *one);

#endif
