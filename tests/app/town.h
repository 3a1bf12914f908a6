/* SPDX-License-Identifier: Apache-2.0 */
/*
 * town.h - a pipeline with a real ledger and orders in files, without doors. The loop runs only
 * where a test says so.
 */
#ifndef TESTS_APP_TOWN_H
#define TESTS_APP_TOWN_H

#include "app/pipeline_parts.h"
#include "support/house.h"

enum { TOWN_TOLD_MAX = 8192, TOWN_LEAVING_MAX = PIPELINE_OLD_MAX + 1 };
enum { TOWN_STEP_MOST = 2500 }; /* units: what one step may cost */

struct town {
    struct house *house;
    struct event_base *base;
    struct ledger *ledger;
    struct stats stats;
    struct pipeline *pipeline;
    struct config *config, *leaving[TOWN_LEAVING_MAX];
    char told[TOWN_TOLD_MAX]; /* "TYPE ID RESPONDENT\n" of each alert on disk */
};

int town_setup(void **state);
int town_teardown(void **state);

/* Person NTH's zones are so many half thousandths of a degree east of the first's. */
void town_write_orders(const struct town *town, int people, const char *person, int zones,
                       double radius);

/* Starts by the orders written, and judges everybody; to end it as kill -9 does. */
void town_begin(struct town *town);
void town_end(struct town *town);

/* Puts the orders written in force, as app/reload.c does. */
struct prepared town_build(const struct town *town);
void town_swap(struct town *town);

void town_run_once(struct town *town);
void town_settle(struct town *town); /* everybody is judged and all is on disk */

/* From person NTH's tag, so many degrees north of the zones' centre. */
void town_ping(struct town *town, int nth, double north, int64_t ago_ms);

#endif
