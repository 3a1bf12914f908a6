/* SPDX-License-Identifier: Apache-2.0 */
/*
 * population.h - a pipeline with a real ledger and orders in files, without doors. The loop runs
 * only where a test says so.
 */
#ifndef TESTS_APP_POPULATION_H
#define TESTS_APP_POPULATION_H

#include "app/pipeline_parts.h"
#include "app/pipeline_rules.h"
#include "support/testbed.h"

enum { POPULATION_ALERTS_MAX = 8192, POPULATION_LEAVING_MAX = PIPELINE_OLD_MAX + 1 };
enum { POPULATION_STEP_MOST = 2500 }; /* units: what one step may cost */

struct population {
    struct testbed *testbed;
    struct event_base *base;
    struct ledger *ledger;
    struct stats stats;
    struct pipeline *pipeline;
    struct config *config, *leaving[POPULATION_LEAVING_MAX];
    char alerts[POPULATION_ALERTS_MAX]; /* "TYPE ID RESPONDENT\n" of each alert on disk */
};

int population_setup(void **state);
int population_teardown(void **state);

/* Person NTH's zones are so many half thousandths of a degree east of the first's. */
void population_write_orders(const struct population *population, int people, const char *person,
                             int zones, double radius);

/* Starts by the orders written, and judges everybody; to end it as kill -9 does. */
void population_begin(struct population *population);
void population_end(struct population *population);

/* Puts the orders written in force, as app/reload.c does. */
struct prepared population_build(const struct population *population);
void population_swap(struct population *population);

void population_run_once(struct population *population);
void population_settle(struct population *population); /* everybody is judged and all is on disk */

/* From person NTH's tag, so many degrees north of the zones' centre. */
void population_ping(struct population *population, int nth, double north, int64_t ago_ms);

#endif
