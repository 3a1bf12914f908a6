/* SPDX-License-Identifier: Apache-2.0 */
/* trial.h - recorded pings judged by some rules, as a rehearsal of breachd would: what is told. */
#ifndef CTL_TRIAL_H
#define CTL_TRIAL_H

#include "ctl/lawbook.h"
#include "ctl/recording.h"

/* An alert as it would have been told. Texts are borrowed from the lawbook. */
struct verdict_told {
    enum alert_type type;
    enum severity severity;
    const char *subject; /* of the zone; the device of an alert about one */
    uint32_t incident;
    struct utc time;
    char reason[ALERT_REASON_MAX];
};

struct trial {
    struct verdict_told *told; /* in the order of telling */
    size_t n, room;
    size_t unknown; /* pings of no device here */
    bool broken;    /* out of memory */
};

/* False when memory is out. */
bool trial_run(const struct lawbook *book, const struct recording *recording, struct trial *out,
               struct fault *why);
void trial_fini(struct trial *trial); /* zeroed is fine */

#endif
