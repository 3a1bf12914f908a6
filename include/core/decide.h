/* SPDX-License-Identifier: Apache-2.0 */
/* decide.h - what is known about one zone means for its incident: the numbered rules. */
#ifndef CORE_DECIDE_H
#define CORE_DECIDE_H

#include "core/arrival.h"
#include "core/order.h"

/* What made us look. */
enum cause { CAUSE_PING, CAUSE_TIME, CAUSE_RULES, CAUSES };

/* How sure the evidence of all devices is that the surest of them is inside. */
enum zone_side {
    ZONE_OUTSIDE,  /* nothing speaks for it */
    ZONE_DOUBTFUL, /* something does: opens nothing and ends nothing */
    ZONE_PROBABLE, /* beyond the threshold `possible` */
    ZONE_INSIDE,   /* beyond that of proof, `breach` */
    ZONE_UNSURE    /* the map gave no answer */
};

/* What the pings of late say of a way through, outside as they are. */
enum way {
    WAY_CLEAR,
    WAY_SINCE,  /* that since the ping before probably led through */
    WAY_BEFORE, /* so did that before it, seeing where he turned */
    WAY_WAS     /* the ping before was truly inside: he went on from there */
};

struct situation {
    enum cause cause;
    enum arrival arrival;   /* of the ping, for CAUSE_PING */
    enum standing standing; /* of the zone, at the instant judged */
    bool permitted;         /* a permit is in force */
    enum zone_side side;    /* of any of the respondent's devices; of this ping when it is late */
    enum way way;           /* of the device that pinged, outside */
    bool stale;             /* the position inside is too old to open anything */
    bool unturned;          /* no ping, and neither order, schedule, permit nor zone turns now */
    bool coming;            /* within the warning distance outside the edge, or on the way there */
    bool closing;           /* and coming nearer */
    bool update_due;        /* nothing was told of this incident for an interval */
    bool covered;           /* late: an incident that was told holds that instant already */
    const struct incident *incident;
};

enum verdict {
    VERDICT_QUIET,
    VERDICT_APPROACHES,
    VERDICT_POSSIBLE,
    VERDICT_BREACHES,
    VERDICT_GOES_ON,
    VERDICT_ENDS,
    VERDICT_WAS_INSIDE
};

struct decision {
    enum verdict verdict;
    int rule;
};

/* The first rule that applies settles it; its number goes into the alert. */
struct decision decide(const struct situation *given);

#endif
