/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hamlet.h - a pipeline with a ledger of its own and two respondents of a house: R-A by tag-1, R-B
 * by tag-2. An exercise, so that pings say what time it is; its disk never fails.
 */
#ifndef APP_HAMLET_H
#define APP_HAMLET_H

#include "app/http_pings.h"
#include "app/pipeline_parts.h"
#include "support/house.h"

struct hamlet {
    struct house *house;
    struct event_base *base;
    struct config *config, *leaving;
    struct ledger *ledger;
    struct stats stats;
    struct pipeline *pipeline;
    struct http_pings pings;
    int64_t now; /* ms after the house's base */
    int code;    /* of the newest answer */
    char why[FAULT_TEXT_MAX];
    bool answered, adopted;
};

/* With house and `answered` set; then everybody is judged by the house's orders. */
void hamlet_open(struct hamlet *hamlet);
void hamlet_close(struct hamlet *hamlet);

/* The house's settings and orders as they are now. */
struct prepared hamlet_load(const struct hamlet *hamlet);

/* Everybody is judged by the rules in force; and all of it is on disk. */
void hamlet_end_round(struct hamlet *hamlet);
void hamlet_settle(struct hamlet *hamlet);

/* A ping of so many metres north of the middle of home; and until it is answered. */
void hamlet_take(struct hamlet *hamlet, const char *device, int64_t second, double north);
void hamlet_await(struct hamlet *hamlet);

/* R-A is in his zone, and that is kept. */
void hamlet_is_inside(struct hamlet *hamlet);

/* A second of our clock, which in an exercise only pings move. */
void hamlet_tick(struct hamlet *hamlet);

/* Alerts of that type on disk, of incidents LIKE that. */
int64_t hamlet_count(const struct hamlet *hamlet, const char *type, const char *incident);

#endif
