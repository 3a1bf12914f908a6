/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_fixture.h - a pipeline with a ledger of its own and two respondents of a testbed: R-A by
 * tag-1, R-B by tag-2. An exercise, so that pings say what time it is; its disk never fails.
 */
#ifndef APP_PIPELINE_FIXTURE_H
#define APP_PIPELINE_FIXTURE_H

#include "app/http_pings.h"
#include "app/pipeline_parts.h"
#include "support/testbed.h"

struct pipeline_fixture {
    struct testbed *testbed;
    struct event_base *base;
    struct config *config, *leaving;
    struct ledger *ledger;
    struct stats stats;
    struct pipeline *pipeline;
    struct http_pings pings;
    int64_t now; /* ms after the testbed's base */
    int code;    /* of the newest answer */
    char why[FAULT_TEXT_MAX];
    bool answered, adopted;
};

/* With testbed and `answered` set; then everybody is judged by the testbed's orders. */
void pipeline_fixture_open(struct pipeline_fixture *fixture);
void pipeline_fixture_close(struct pipeline_fixture *fixture);

/* The testbed's settings and orders as they are now. */
struct prepared pipeline_fixture_load(const struct pipeline_fixture *fixture);

/* Everybody is judged by the rules in force; and all of it is on disk. */
void pipeline_fixture_end_round(struct pipeline_fixture *fixture);
void pipeline_fixture_settle(struct pipeline_fixture *fixture);

/* A ping of so many metres north of the middle of home; and until it is answered. */
void pipeline_fixture_take(struct pipeline_fixture *fixture, const char *device, int64_t second,
                           double north);
void pipeline_fixture_await(struct pipeline_fixture *fixture);

/* R-A is in his zone, and that is kept. */
void pipeline_fixture_is_inside(struct pipeline_fixture *fixture);

/* A second of our clock, which in an exercise only pings move. */
void pipeline_fixture_tick(struct pipeline_fixture *fixture);

/* Alerts of that type on disk, of incidents LIKE that. */
int64_t pipeline_fixture_count(const struct pipeline_fixture *fixture, const char *type,
                               const char *incident);

#endif
