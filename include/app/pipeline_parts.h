/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_parts.h - what the pipeline is made of; for pipeline*.c, unjudged*.c and strangers.c.
 * What each of them does stands in the header of its name. Each asks those before it alone, and
 * tests/circles.sh holds that there is no circle: state, acks, put, clock, unjudged, ask, timeline,
 * meet, acks_find, acks_apply, acks_time, unjudged_again, round, recall, rules, leftover, time,
 * pipeline, pace, judge, batch.
 */
#ifndef APP_PIPELINE_PARTS_H
#define APP_PIPELINE_PARTS_H

#include "adapter/json/event.h"
#include "app/journal.h"
#include "app/pipeline_acks.h"
#include "app/pipeline_read.h"
#include "app/pipeline_rules.h"
#include "app/prepare.h"
#include "app/stats.h"
#include "app/strangers.h"
#include "core/rehearsal.h"
#include "core/timeline.h"

/* Everybody is judged again, some at a time: whose turn it is. */
struct round {
    bool going;
    bool fresh;                  /* not everybody has been judged by the rules in force */
    struct utc at;               /* the instant at which everybody is judged */
    size_t incident, respondent; /* of the roster, of the rules: the next */
};

struct pipeline {
    const struct config *config;
    struct ledger *ledger;
    struct roster *roster;
    struct stats *stats;
    struct watch watch;
    struct journal journal;
    struct outcome outcome; /* of the newest question */
    struct vicinity view;   /* the respondent who was asked about last: see pipeline_timeline */
    struct pipeline_acks acks;
    struct event_source source;
    bool rehearse;
    struct rehearsal rehearsal;
    size_t save_next, save_owed;  /* whose turn it is to be saved, and of how many from there on */
    struct utc ticked;            /* when time was last seen to pass */
    void (*on_behind)(void *arg); /* NULL: the next second will do */
    void *on_behind_arg;
    void (*on_noted)(const char *incident, void *arg); /* NULL: nobody wants to know */
    void *on_noted_arg;
    struct round round;
    /* By which some were judged before, the newest last; by these a withdrawn order is told of. */
    const struct rulebook *old[PIPELINE_OLD_MAX];
    size_t n_old;
    bool listening; /* every device in force has been marked as listened to, or is on its turn */
    const char *closed;
    bool troubled;         /* somebody may be owed an `unjudged`, or be tried again; */
    bool troubled_goes_on; /* everybody is being looked at for that, */
    size_t troubled_next;  /* this respondent is the next */
    struct strangers strangers;
    bool gone_stays; /* a zone that is in no order any more could not be ended: tried again */
    uint64_t turns;  /* of senders, ever */
    struct tick throttle_logged; /* when a ping held back was last logged; 0: never */
    size_t open;
    size_t recalled;              /* rows of the ledger, ever */
    char read[PIPELINE_READ_MAX]; /* of the ping stream, as it is on disk or about to be */
};

/* An exclusion of which only the name may be known: it was withdrawn before we started. */
struct stub {
    struct exclusion exclusion;
    struct order order;
    char id[NAME_MAX_CHARS + 1];
};

#endif
