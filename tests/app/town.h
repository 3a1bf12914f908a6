/* SPDX-License-Identifier: Apache-2.0 */
/*
 * town.h - a pipeline with a ledger of its own and two respondents of a house: R-A by tag-1, R-B by
 * tag-2. An exercise, so that pings say what time it is; its disk never fails.
 */
#ifndef APP_TOWN_H
#define APP_TOWN_H

#include "app/pipeline_parts.h"
#include "support/house.h"

struct town {
    struct house *house;
    struct event_base *base;
    struct config *config, *leaving;
    struct ledger *ledger;
    struct stats stats;
    struct pipeline *pipeline;
    int64_t now; // ms after the house's base
    int code;    // of the newest answer
    char why[FAULT_TEXT_MAX];
    bool answered, adopted;
};

/* With house and `answered` set; then everybody is judged by the house's orders. */
void town_open(struct town *town);
void town_close(struct town *town);

/* The house's settings and orders as they are now. */
struct prepared town_load(const struct town *town);

/* Everybody is judged by the rules in force; and all of it is on disk. */
void town_end_round(struct town *town);
void town_settle(struct town *town);

/* A ping of so many metres north of the middle of home; and until it is answered. */
void town_take(struct town *town, const char *device, int64_t second, double north);
void town_await(struct town *town);

/* R-A is in his zone, and that is kept. */
void town_is_inside(struct town *town);

/* A second of our clock, which in an exercise only pings move. */
void town_tick(struct town *town);

/* Alerts of that type on disk, of incidents LIKE that. */
int64_t town_count(const struct town *town, const char *type, const char *incident);

#endif
