/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evil.h - one adversary: with which access, and what is done with it. `act` runs on a thread of
 * its own and asserts nothing; the other hooks run on the test's and may.
 */
#ifndef ADVERSARY_EVIL_H
#define ADVERSARY_EVIL_H

#include <stdatomic.h>

#include "support/dice.h"
#include "support/testbed.h"

#define OPERATOR_TOKEN "operator-secret"
#define EVIL_TOKEN     "evil-secret"
#define GATEWAY_TOKEN  "gateway-secret"
#define ROOM_TOKEN     "room-secret"
#define MAP_TOKEN      "map-secret"

enum { EVIL_DEVICES = 3 };

struct evil {
    const struct evil_kind *kind;
    const struct testbed *testbed; /* its paths alone are used on the thread */
    struct dice dice;
    atomic_bool stop;
    atomic_ulong done; /* requests, commands, entries: what the adversary did */
};

struct evil_kind {
    const char *name, *says;
    void (*act)(struct evil *evil);          /* until evil->stop; NULL: nothing on a thread */
    void (*before)(struct testbed *testbed); /* breachd is started; NULL: nothing */
    void (*midway)(struct testbed *testbed, int nth); /* each second, from 1; NULL: nothing */
    bool redis_away;                                  /* at the start: `midway` brings it */
    bool clock;                                       /* breachd's clock is wrong for a while */
    /* Of what it heard itself, while breachd still runs: how much should not be, said on stderr. */
    size_t (*untrue)(struct evil *evil, struct testbed *testbed); /* NULL: nothing */
    long ledger_kib; /* at the end, at most; 0: as all others */
};

/* NULL-ended. */
extern const struct evil_kind *const evil_kinds[];

/* ---- what adversaries share ---- */

/* "evil-N" carried by one respondent each, in zones of their own; after the honest ones. */
void evil_settle(const struct testbed *testbed);
double evil_lat(int nth);

/* A number of a ping as nobody honest would say it, in JSON. */
const char *evil_number(struct dice *dice, char text[40]);

extern const struct evil_kind evil_nobody, evil_extremes, evil_flips, evil_decoys, evil_sprays,
    evil_gateway, evil_stream; /* evil_ping.c, evil_wall.c */
extern const struct evil_kind evil_room, evil_liar, evil_eater, evil_old_words; /* evil_redis.c */
extern const struct evil_kind evil_wall_ahead, evil_wall_and_spray, evil_reloads;
extern const struct evil_kind evil_quota; /* evil_disk.c */
extern const struct evil_kind evil_operator_lists, evil_operator_maps, evil_operator_reloads,
    evil_operator_strangers, evil_operator_asks;            /* evil_operator.c */
extern const struct evil_kind evil_control, evil_neighbour; /* evil_control.c */
extern const struct evil_kind evil_web;                     /* evil_web.c */

#endif
