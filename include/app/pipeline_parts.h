/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_parts.h - what the pipeline is made of; for pipeline*.c alone. */
#ifndef APP_PIPELINE_PARTS_H
#define APP_PIPELINE_PARTS_H

#include "app/desk.h"
#include "app/journal.h"
#include "app/pipeline.h"
#include "core/rehearsal.h"

/* Everybody is judged again, some at a time: whose turn it is. */
struct round {
    bool going;
    const struct rulebook *old;  // by which some were judged before; NULL: by those in force
    struct utc at;               // the instant at which everybody is judged
    size_t incident, respondent; // of the roster, of the rules: the next
};

struct pipeline {
    const struct config *config;
    struct ledger *ledger;
    struct roster *roster;
    struct stats *stats;
    struct watch watch;
    struct journal journal;
    struct desk desk;
    struct event_source source;
    bool rehearse;
    struct rehearsal rehearsal;
    size_t save_next; // whose turn it is to be saved
    struct round round;
    bool listening; // every device of the rules in force has been marked as listened to, or is on
                    // its turn
    const char *closed;
    bool (*covers)(const char *device, void *arg); // NULL: every device
    void *covers_arg;
    size_t messages; // of all bodies: pings, refused or not, and what is none
    size_t open;
};

/* An exclusion of which only the name may be known: it was withdrawn before we started. */
struct stub {
    struct exclusion exclusion;
    struct order order;
    char id[NAME_MAX_CHARS + 1];
};

/* By subject, of these rules or else a stub of it. */
const struct exclusion *pipeline_exclusion(const struct rulebook *rules, const char *subject,
                                           struct stub *stub);

/*
 * Asks core about respondent number `nth`, and puts question and answer into the commit that
 * gathers. What cannot be put there must not stay in memory either: then the ledger gives up.
 */
void pipeline_ask(struct pipeline *pipeline, size_t nth, const struct question *question,
                  struct outcome *out);

/*
 * Judges a ping, and raises *wait_for to the commit that must be on disk before it is acknowledged.
 * False, counted and with a reason, when its device is under no order here.
 */
bool pipeline_judge(struct pipeline *pipeline, const struct ping *ping, uint64_t *wait_for,
                    struct fault *why);

/*
 * Says by `done` whether all of the pings judged is on disk: at once, or when commit number
 * `wait_for` is.
 */
void pipeline_settle(struct pipeline *pipeline, uint64_t wait_for, void (*done)(bool ok, void *arg),
                     void *arg);

/* Judges him again, if the round has not come to him yet: before anything else is asked of him. */
void pipeline_meet(struct pipeline *pipeline, size_t nth);

/* Everybody is to be judged again, as at this moment. */
void pipeline_begin_round(struct pipeline *pipeline);

/* An exercise knows its time by the first ping, and goes on in time with nobody left behind. */
void pipeline_end_round(struct pipeline *pipeline);

#endif
