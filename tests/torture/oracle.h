/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oracle.h - what the stream must hold: core's judgement alone, on what was acknowledged, in the
 * order in which each resident's reports were sent. No ledger, no Redis, no restart is in it.
 */
#ifndef TORTURE_ORACLE_H
#define TORTURE_ORACLE_H

#include "app/config.h"
#include "population.h"

enum { WANTED_ID_MAX = 160 };

/* One alert that must stand in the stream. */
struct wanted {
    char id[WANTED_ID_MAX], incident[WANTED_ID_MAX]; /* incident "": of the device */
    enum alert_type type;
    const char *severity;
    const char *device; /* the resident's */
    struct utc time;
    double depth, probability;
    int rule;
    char reason[ALERT_REASON_MAX];
    struct lonlat at;
    size_t report; /* of the resident's journal, the one that caused it */
};

/* All of one resident's, in order. */
struct foretold {
    struct wanted *alerts;
    size_t n, room;
};

struct oracle {
    size_t n; /* one for each of the population's residents */
    struct foretold *of;
};

/*
 * Judges the whole population; the rules and thresholds are those of `config`, and what is told is
 * numbered after `numbered_after`: see numbered.h. NULL: memory is out.
 */
struct oracle *oracle_ask(const struct population *population, const struct config *config,
                          uint32_t numbered_after);
void oracle_destroy(struct oracle *oracle); /* NULL is fine */

#endif
