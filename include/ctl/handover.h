/* SPDX-License-Identifier: Apache-2.0 */
/* handover.h - what the next desk is told: which incidents under which heading, and the numbers. */
#ifndef CTL_HANDOVER_H
#define CTL_HANDOVER_H

#include "ctl/incident_log.h"
#include "ctl/line.h"
#include "ctl/shift_load.h"

#include <stdio.h>

enum { HANDOVER_SECTIONS = 5 };

struct handover {
    const char *ledger; /* whose it is */
    struct incident_log log;
    struct shift_load load;
};

const char *handover_title(size_t section); /* "Nobody has it" */
const char *handover_name(size_t section);  /* "untaken", as JSON has it */

/* Whether the incident stands in that section: each stands in one at most. */
bool handover_has(const struct handover *handover, size_t section,
                  const struct logged_incident *one);

/* "Tue 2020-06-23 21:19", local time. Returns `out`. */
const char *handover_time(struct utc at, char out[LINE_TIME_MAX]);

/* A page of its own, with two plots, without script and without anything from elsewhere. */
bool handover_draw(FILE *out, const struct handover *handover, struct fault *why);

#endif
