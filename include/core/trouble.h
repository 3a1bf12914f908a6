/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trouble.h - what is wrong with one device: each kind is one incident (device/ID/KIND/N) for as
 * long as it goes on, told at its first sign and then at most once an interval, whatever the device
 * says how often. Times are our clock's: what a device says of the time moves nothing here.
 */
#ifndef CORE_TROUBLE_H
#define CORE_TROUBLE_H

#include "core/instant.h"

#include <stdint.h>

enum trouble_kind {
    TROUBLE_SILENT,
    TROUBLE_TAMPER,
    TROUBLE_BATTERY,
    TROUBLE_CLOCK,
    TROUBLE_DOUBT,
    TROUBLE_UNJUDGED,
    TROUBLE_PLACES,
    TROUBLE_SWAPPED,
    TROUBLE_ACCURACY,
    TROUBLE_REFUSED,
    TROUBLES
};

/* "silent", "tamper", … as the incident's id names it. */
const char *trouble_name(enum trouble_kind trouble);
bool trouble_of_name(const char *name, enum trouble_kind *out);

/* The newest incident of one kind. Zeroed is none ever. */
struct trouble_course {
    uint32_t number;            /* of this incident; 0: none ever */
    uint32_t after;             /* the next one's lies above it too: see core/numbering.h */
    uint32_t count;             /* how often it has happened in it, */
    uint32_t alerted_count;     /* and how often that was when it was told last; 0: not told yet */
    struct utc opened, alerted; /* alerted 0: not yet */
    struct utc well;            /* since when nothing speaks for it; 0: something does */
    bool over;                  /* it has ended: the next sign opens another */
    bool closed;                /* somebody closed it: no more is told, until it has been well */
};

/* None that is over, but that its numbers go on. */
struct trouble_course trouble_over(const struct trouble_course *course);

/* From now on its incidents are numbered above `after`; one that goes on keeps its number. */
void trouble_number_after(struct trouble_course *course, uint32_t after);

/* Whether the trouble goes on at `now`: it ends when the device has been well for `rest_ms`. */
bool trouble_goes_on(const struct trouble_course *course, struct utc now, int64_t rest_ms);

/* The trouble is shown once more: counts it, in a new incident when the last does not go on. */
void trouble_happens(struct trouble_course *course, struct utc now, int64_t rest_ms);

/* From now on nothing shows the trouble any more; or it is over at once. */
void trouble_rests(struct trouble_course *course, struct utc now);
void trouble_ends(struct trouble_course *course);

/*
 * Whether it is to be told: the first sign at once; then what has happened since, once `every_ms`
 * and a tenth of the incident's age have passed. Of 426 signs a second for an hour 12 are told, at
 * an interval of five minutes.
 */
bool trouble_due(const struct trouble_course *course, struct utc now, int64_t every_ms);
/* It is worse than what was told: that is told at once when it happens next, closed or not. */
void trouble_worsens(struct trouble_course *course);
void trouble_tell(struct trouble_course *course, struct utc now); /* it is being told */

#endif
