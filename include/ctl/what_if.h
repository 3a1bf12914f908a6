/* SPDX-License-Identifier: Apache-2.0 */
/*
 * what_if.h - recorded pings judged by some rules, as a rehearsal of breachd would: what is told.
 */
#ifndef CTL_WHAT_IF_H
#define CTL_WHAT_IF_H

#include "ctl/offline_config.h"
#include "ctl/recording.h"

/* An alert as it would have been told. Texts are borrowed from the configuration. */
struct what_if_alert {
    enum alert_type type;
    enum severity severity;
    const char *subject; /* of the zone; the device of an alert about one */
    uint32_t incident;
    struct utc time;
    char reason[ALERT_REASON_MAX];
};

struct what_if {
    struct what_if_alert *alerts; /* in the order of telling */
    size_t n, room;
    size_t unknown; /* pings of no device here */
    size_t late;    /* held up on their way, by the order of a file that tells no arrivals */
    bool broken;    /* out of memory */
};

/* False when memory is out. */
bool what_if_run(const struct offline_config *config, const struct recording *recording,
                 struct what_if *out, struct fault *why);
void what_if_fini(struct what_if *what_if); /* zeroed is fine */

#endif
