/* SPDX-License-Identifier: Apache-2.0 */
/* load.h - the connections that send what the tags of a population say. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "bench/population.h"
#include "core/instant.h"

#include <event2/event.h>
#include <stdbool.h>

/* What to send. Numbers of the command line, hence double. */
struct plan {
    double port, connections, batch; /* pings a request */
    double rate;                     /* pings a second, sent when due; 0: as fast as answered */
    double near;                     /* share of people whose every ping crosses an edge */
    double visitors;                 /* people who step inside once, each at a moment of his own */
    double seconds, warm;            /* so long, after so long that is not counted */
    double people, seed;
};

#define PLAN_DEFAULT                                                                               \
    {                                                                                              \
        .port = 8751, .connections = 100, .batch = 1, .seconds = 10, .warm = 3, .people = 100000,  \
        .seed = 1                                                                                  \
    }

enum { PLAN_KNOBS = 10 };

/* The knobs that turn `plan`. */
void plan_knobs(struct plan *plan, struct knob knobs[PLAN_KNOBS]);

struct line;
struct wearer;

/* Zeroed but for plan, base and, if wanted, the two of the hook; load_run does the rest. */
struct load {
    struct plan plan;
    struct event_base *base;
    /* Told of a visitor's first ping inside, just before it is sent, and when it was due. */
    void (*on_visit)(void *arg, unsigned who, const char *time, int64_t due);
    void *arg;

    /* What came of it, of the requests due after the warm-up: */
    uint64_t accepted, rejected; /* pings, by answers of 200 */
    uint64_t turned_away;        /* requests, by other answers */
    struct samples waits;        /* from when a request was due to its whole answer */
    char complaint[256];         /* the first answer that took less than all, or "" */

    struct line *lines, **idle; /* idle: a ring */
    struct wearer *wearers;
    struct event *pace;
    char *body;
    size_t idle_first, n_idle;
    unsigned next; /* whose turn it is */
    uint64_t sent;
    int64_t begun, counted, over; /* when: the first request, the first counted, no more */
};

/* Sends for plan.warm + plan.seconds and waits for the last answer. Exits with 1 if it cannot. */
void load_run(struct load *load);
void load_fini(struct load *load);

/* Whether what was due then is counted. */
static inline bool load_counts(const struct load *load, int64_t due)
{
    return due >= load->counted;
}

/* A base whose timers are right to the microsecond. Exits with 1 when there is none. */
struct event_base *load_base(void);

#endif
