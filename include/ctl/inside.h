/* SPDX-License-Identifier: Apache-2.0 */
/* inside.h - who is inside which zone by two rules, by where devices were last seen. */
#ifndef CTL_INSIDE_H
#define CTL_INSIDE_H

#include "adapter/ledger/ledger_rules.h"
#include "ctl/offline_config.h"

/* A respondent in a zone that binds now. No place stands in it: by how deep, and how long ago. */
struct inside {
    const struct exclusion *zone; /* of the fresh rules; of who comes out by them, of the old */
    const char *device;           /* until the call is over */
    double depth;                 /* metres; 0 on the edge */
    int64_t age_ms;               /* of the position */
    bool before, then;            /* inside by the old rules, by the fresh ones */
    bool permitted;
    bool stale; /* older than `last-known`: a reload opens nothing by it */
};

/* Hands over everybody who is inside a zone by either. */
bool inside_each(struct ledger_reader *reader, const struct rulebook *old,
                 const struct offline_config *fresh, struct utc now,
                 void (*on_one)(const struct inside *one, void *arg), void *arg, struct fault *why);

#endif
