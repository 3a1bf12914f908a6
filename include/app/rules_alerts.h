/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_alerts.h - what came of a reload, and that no order is in force, as alerts `rules`: those
 * that somebody must see to are incidents of breachd's own (rules/N, no-orders/N), which stand in
 * `todo` until good rules, or an order, are in force again.
 */
#ifndef APP_RULES_ALERTS_H
#define APP_RULES_ALERTS_H

#include "core/alert.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rulebook;
struct ledger;
struct pipeline;

struct rules_alerts {
    struct pipeline *pipeline;
    struct ledger *ledger;
    /* What came of the newest reload, while it could not be told: */
    bool owed, refused;
    const char *cause; /* "applied", "refused" */
    uint32_t count;    /* of complaints */
    char reason[ALERT_REASON_MAX];
    /* Whether any order is in force, as far as that was looked: */
    size_t at, passed; /* the order to look at first; how many after it are not */
    bool none;
};

/* What came of a reload: told at once, or, while breachd is blind, once it sees; the newest. */
void rules_alerts_result(struct rules_alerts *alerts, bool refused, const char *cause,
                         size_t complaints, const char *reason);

/* At a start by good files: ends what is still said of files that were refused. */
void rules_alerts_begin(struct rules_alerts *alerts, const char *reason);

/* Other rules are in force: whether an order is in force by them is known at once. */
void rules_alerts_adopt(struct rules_alerts *alerts, const struct rulebook *rules);

/* Each second: tells what is owed; looks on whether any order is in force, by so many orders. */
enum { RULES_ALERTS_SCAN_MAX = 20000 };
void rules_alerts_tick(struct rules_alerts *alerts, const struct rulebook *rules);

#endif
