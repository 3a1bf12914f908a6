/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_parts.h - what the pipeline is made of; for pipeline*.c, unjudged*.c and strangers.c.
 * Each asks those before it alone, and tests/circles.sh holds that there is no circle:
 * pipeline_acks, put, clock, unjudged, ask, timeline, meet, unjudged_again, round, rules, leftover,
 * time, pipeline, batch.
 */
#ifndef APP_PIPELINE_PARTS_H
#define APP_PIPELINE_PARTS_H

#include "app/journal.h"
#include "app/pipeline.h"
#include "app/pipeline_acks.h"
#include "app/sender.h"
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
    struct vicinity view; /* the respondent who was asked about last: see pipeline_timeline */
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

/* By subject, of these rules or else a stub of it. */
const struct exclusion *pipeline_exclusion(const struct rulebook *rules, const char *subject,
                                           struct stub *stub);

/*
 * Puts one alert with the changes that gather, and whoever must take it; `evidence`: it stays for
 * good, also where it is of no zone. What does not fit is the caller's to drop, and what it means
 * for who has the incident is said by pipeline_acks_alarm once all is put.
 */
bool pipeline_put_alert(struct pipeline *pipeline, const struct alert *alert, bool evidence);

/*
 * The bulkhead: asks core about respondent number `nth`, and puts question and answer into the
 * commit that gathers. What cannot be put there does not stay in memory either: then all that is
 * known and put of this respondent is as before, what others have put stays, it is told by
 * `unjudged`, and false is returned. When closed nothing of anybody will stay: true.
 */
bool pipeline_ask(struct pipeline *pipeline, size_t nth, const struct question *question,
                  struct outcome *out);

/*
 * The same by the rules in force, and when time is next to be asked; with the end of what was
 * withdrawn of him. False when memory is out for even that, or when closed.
 */
bool pipeline_ask_rules(struct pipeline *pipeline, size_t nth);

/* Ends what is open and stands in no order any more; what cannot be kept is tried each second. */
void pipeline_withdraw(struct pipeline *pipeline, const char *subject, struct incident *incident);

/* Begins to look through all incidents again, if the end of one could not be kept. */
void pipeline_withdraw_again(struct pipeline *pipeline);

/*
 * Respondent number `nth`, who is loaded, as core/timeline wants them: what comes of a question
 * goes through the bulkhead. A boundary that could not be kept owes the respondent a judgement by
 * the rules. *asked is borrowed.
 */
struct asked {
    struct pipeline *pipeline;
    size_t nth;
};
struct timeline pipeline_timeline(struct asked *asked);

/* In a rehearsal a newer ping moves the clock, and with it everybody's time. */
void pipeline_rehearse_until(struct pipeline *pipeline, struct utc when);

/* How fast the pings of a batch come. */
struct pacing {
    uint64_t turn; /* of the sender: this batch, or a ping of it; never 0, nor another's */
    size_t paced;  /* pings that their devices pay for, */
    int retry_s;   /* and how long to wait for those that could not */
};

/* Whether the ping is one too many of its device: then why, and it is told and counted. */
bool pipeline_throttle(struct pipeline *pipeline, const struct sender *sender,
                       struct pacing *pacing, size_t respondent, size_t device, struct fault *why);

/*
 * Judges a ping of that device, and raises *wait_for to the commit that must be on disk
 * before it is acknowledged. False, counted and with a reason, when it could not be
 * kept: then nothing of it stands.
 */
bool pipeline_judge(struct pipeline *pipeline, size_t respondent, size_t device,
                    const struct ping *ping, uint64_t *wait_for, enum arrival *out_class,
                    struct fault *why);

/*
 * Lets the ping vote on what time it is; whether our clock is in doubt, so that the ping is not
 * late by it. Not in a rehearsal, whose clock is the pings'.
 */
bool pipeline_doubts(const struct pipeline *pipeline, const struct respondent *who,
                     const struct ping *ping);

/* Puts what is known of the device with the changes that gather, or nothing. */
bool pipeline_put_device(struct pipeline *pipeline, const char *id,
                         const struct known_device *device);

/*
 * Right what is known of one who is loaded, of an incident, by the moves of our clock that it has
 * not gone through, and put what has moved. To be called before any time of it is looked at or
 * changed; it costs nothing when there is none.
 */
void pipeline_correct_respondent(struct pipeline *pipeline, size_t nth);
void pipeline_correct_incident(struct pipeline *pipeline, const char *subject,
                               struct incident *incident);

/*
 * What was recalled goes through the moves of our clock too; and what then lies ahead of us was
 * given by a clock that was ahead: see correction.h.
 */
void pipeline_correct_recalled(struct pipeline *pipeline);

/*
 * Judges one respondent again, if the round has not come to him yet: before anything else is asked
 * of him. False when not even that can be asked just now, for want of memory, or when closed.
 */
bool pipeline_meet(struct pipeline *pipeline, size_t nth);

/* Everybody is to be judged again, as at this moment. */
void pipeline_begin_round(struct pipeline *pipeline);

/* An exercise knows its time by the first ping, and goes on in time with nobody left behind. */
void pipeline_end_round(struct pipeline *pipeline);

#endif
