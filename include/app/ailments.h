/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ailments.h - what is wrong around breachd, though it watches: each kind is an incident of its own
 * (redis-evicts/1), told by a `trouble` and standing in `todo` until it is mended, which is told
 * too; or, where it has happened and is over, until somebody has seen to it. What an older copy of
 * the ledger, or a new one, has lost is done with when somebody closes it.
 */
#ifndef APP_AILMENTS_H
#define APP_AILMENTS_H

#include "core/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger;
struct pipeline;

enum ailment {
    AILMENT_REDIS_EVICTS, /* Redis may throw away what it holds: goes on until that is mended */
    AILMENT_PINGS_LOST,   /* the ping stream is not as it was left: happens */
    AILMENT_RULES,        /* what files say was refused: told by `rules`, as is the next */
    AILMENT_NO_ORDERS,    /* no order is in force */
    AILMENT_LEDGER_OLD,   /* an older copy of the ledger was put back: happens */
    AILMENT_OUTPUTS,      /* outputs of breachd-relay are down: goes on until each is up */
    AILMENT_MQTT_AWAY,    /* the MQTT broker is away: goes on until we are subscribed again */
    AILMENTS
};

enum { AILMENT_AGAIN_MS = 60 * 60 * 1000 };

/* What has happened and is still to be told: a reason, "" for none. */
struct ailing {
    char owed[AILMENTS][FAULT_TEXT_MAX];
};

/* Constant, when it is one of ours; else NULL. */
const char *ailment_named(const char *subject);

/* Whether what has happened needs somebody until it is closed, and not only until it is taken. */
bool ailment_stays(const char *subject);

/*
 * The trouble has happened: told at the next tick, with what comes of the same within an hour, for
 * as long as nobody has taken or closed that; of AILMENT_LEDGER_OLD each time.
 */
void ailment_happened(struct ailing *ailing, enum ailment ailment, const char *reason);

/* Tells what is owed, as far as it can be kept; call each second. */
void ailments_tick(struct ailing *ailing, struct pipeline *pipeline, struct ledger *ledger);

/* Whether it goes on now: tells where that has changed, or has not been told yet. */
void ailment_is(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment, bool is,
                const char *reason);

/*
 * Tells that it is so, as often as it is called, or that it is so no more. What the control room
 * has closed begins anew. False when it cannot be kept now.
 */
bool ailment_tell(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment, bool is,
                  const char *reason);

/* What an alert `rules` has beside its type. */
struct ailment_text {
    const char *cause; /* a constant */
    uint32_t count;
    const char *reason;
};

/*
 * Tells of AILMENT_RULES or AILMENT_NO_ORDERS that it is so, each time, or that it is not so or no
 * more, as an information. False when it cannot be kept now.
 */
bool ailment_tell_rules(struct pipeline *pipeline, struct ledger *ledger, enum ailment ailment,
                        bool is, const struct ailment_text *words);

/* As it was told last, also before a restart. */
bool ailment_goes_on(struct pipeline *pipeline, enum ailment ailment);

#endif
