/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publisher_belief.h - what is true of that which a Redis says of itself: others can write to it.
 * Believed is what our own ledger or the stream bears out; a number that nothing bears out moves
 * nothing, or, where the ledger may be the one that is behind, not by more than a bound. Pure.
 */
#ifndef ADAPTER_REDIS_PUBLISHER_BELIEF_H
#define ADAPTER_REDIS_PUBLISHER_BELIEF_H

#include "adapter/entry_id.h"
#include "adapter/json/event.h"
#include "adapter/ledger/kept.h"

/*
 * So many alerts another ledger of the site may be ahead of ours (a thousand million: ten a second
 * for three years). What claims more is not followed.
 */
#define BELIEF_LEAP_MAX UINT64_C(1000000000)

enum witness {
    WITNESS_STANDS,
    WITNESS_OTHER,
    WITNESS_GONE,
    WITNESS_NEVER,
    WITNESS_DENIED,
    WITNESSES
};

/* What Redis holds of ours, as script_where answers it. */
struct redis_state {
    uint64_t at, held;
    bool whole, past, garbled, denied;
    int moved;
    enum witness witness;
    char id[EVENT_ID_MAX], entry[ENTRY_ID_MAX];       /* of `held` */
    char at_id[EVENT_ID_MAX], at_entry[ENTRY_ID_MAX]; /* of `at` */
};

/* False when the text is not what script_where answers; *out is then undefined. */
bool redis_state_read(const char *text, struct redis_state *out);

struct publisher_belief {
    bool give_way;          /* `number` is another ledger's: ours go on after it */
    uint64_t number;        /* this Redis holds all of ours up to here */
    const char *id, *entry; /* of that alert, "-": not known; borrowed from the redis_state */
    uint64_t had;           /* it did hold all up to here */
    bool lie;               /* something that it says is not true: `lied` is the number */
    uint64_t lied;
};

/* An alert of the ledger; 0: it has no such one. */
struct numbered {
    uint64_t number;
    char id[EVENT_ID_MAX];
};

/*
 * The ledger, as far as it is asked: the highest number ever confirmed, the one
 * confirmed last (lower than `marked` while what was lost is sent again) and its entry,
 * borrowed ("-": not known), its newest one, and the alerts of three numbers: what Redis
 * says as `at` and as `held`, and `marked`.
 */
struct ledger_view {
    uint64_t marked, confirmed, newest;
    const char *entry;
    struct numbered at, held, last;
};

/* Whether those three are needed to judge it. */
bool belief_needs_alerts(const struct redis_state *where, uint64_t marked);

/* An alert that Redis holds is known by its id; its number is the one that the ledger gave it. */
struct publisher_belief publisher_believe(const struct redis_state *where,
                                          const struct ledger_view *ledger);

#endif
