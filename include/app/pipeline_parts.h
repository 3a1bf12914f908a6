/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_parts.h - what the pipeline is made of; for pipeline*.c alone. */
#ifndef APP_PIPELINE_PARTS_H
#define APP_PIPELINE_PARTS_H

#include "app/desk.h"
#include "app/journal.h"
#include "app/pipeline.h"
#include "core/rehearsal.h"

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
    bool listening;   // every device of the rules in force has been marked as listened to
    const char *closed;
    bool (*covers)(const char *device, void *arg); // NULL: every device
    void *covers_arg;
    uintptr_t sender;
    double rate, burst_s;  // of one device by that sender; rate 0: any number
    uint64_t turn;         // of a sender
    size_t paced;          // pings in it that their devices paid for,
    int hold_s;            // and how long to wait for those that could not
    struct tick hold_told; // when that was last logged; 0: never
    size_t messages;       // of all bodies: pings, refused or not, and what is none
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

/* Whether the ping is one too many of its device: then why, and it is told and counted. */
bool pipeline_hold(struct pipeline *pipeline, size_t respondent, size_t device, struct fault *why);

/*
 * Judges a ping, and raises *wait_for to the commit that must be on disk before it is acknowledged.
 * False, counted and with a reason, when its device is under no order here, or sends too fast:
 * *held.
 */
bool pipeline_judge(struct pipeline *pipeline, const struct ping *ping, uint64_t *wait_for,
                    bool *held, struct fault *why);

/*
 * Says by `done` whether all of the pings judged is on disk: at once, or when commit number
 * `wait_for` is.
 */
void pipeline_settle(struct pipeline *pipeline, uint64_t wait_for, void (*done)(bool ok, void *arg),
                     void *arg);

/* From now on, if not before, who is not heard is silent. In a rehearsal its first ping begins it.
 */
void pipeline_listen(struct pipeline *pipeline);

#endif
