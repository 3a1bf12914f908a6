/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shift_load.h - how busy a desk was, in the numbers of EEMUA Publication 191 (Alarm systems, 3rd
 * edition 2013) and ISA-18.2-2016: alerts an hour and operator, floods, minutes until somebody took
 * what called.
 */
#ifndef CTL_SHIFT_LOAD_H
#define CTL_SHIFT_LOAD_H

#include "ctl/incident_log.h"

/*
 * EEMUA 191: one in ten minutes is likely to be acceptable, one in five is manageable, and more
 * than one in two minutes is over-demanding. A flood begins with ten in ten minutes, and is over
 * with fewer than five (ISA-18.2, 5.3 and table 6).
 */
enum {
    LOAD_ACCEPTABLE = 6, /* an hour and operator */
    LOAD_MANAGEABLE = 12,
    LOAD_DEMANDING = 30,
    LOAD_FLOOD_MS = 10 * 60 * 1000,
    LOAD_FLOOD_BEGINS = 10,
    LOAD_FLOOD_ENDS = 5,
    LOAD_HOURS_MAX = 24 * 31
};

struct shift_load {
    struct utc since, now;
    unsigned operators;
    unsigned alerts, floods, worst; /* `worst`: in any ten minutes, of one operator */
    double an_hour;                 /* alerts of one operator */
    size_t hours;                   /* from `since` on, whole or begun; LOAD_HOURS_MAX of them */
    unsigned of_hour[LOAD_HOURS_MAX];
    double *minutes; /* to the ack, of what called since then and was taken, rising */
    size_t n_minutes;
    unsigned untaken; /* of what called, by nobody yet */
};

/* `operators` is 1 at least. False when memory is out. */
bool shift_load_count(const struct incident_log *log, struct utc since, struct utc now,
                      unsigned operators, struct shift_load *out);
void shift_load_fini(struct shift_load *load); /* zeroed is fine */

double shift_load_median(const struct shift_load *load);      /* minutes; NaN: nothing was taken */
const char *shift_load_rating(const struct shift_load *load); /* "likely to be acceptable" … */

#endif
