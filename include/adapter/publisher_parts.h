/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publisher_parts.h - what the publisher is made of; for publisher.c, publisher_resume.c and
 * publisher_send.c alone.
 */
#ifndef ADAPTER_PUBLISHER_PARTS_H
#define ADAPTER_PUBLISHER_PARTS_H

#include "adapter/event_json.h"
#include "adapter/publisher.h"

enum { PUBLISHER_KEY_MAX = NAME_MAX_CHARS + 16, PUBLISHER_NUMBER_MAX = 24 };

/* How far we are with a Redis that has come up, or has lost data. */
enum stage {
    STAGE_ASKING,    /* what it holds */
    STAGE_COMPARING, /* its last alert with the ledger's of the same number */
    STAGE_OPENING,   /* telling it what is open */
    STAGE_SENDING
};

/* What it answered: see script_where. */
struct whereabouts {
    uint64_t at, held;
    bool whole;
    char entry[48], id[EVENT_ID_MAX], at_id[EVENT_ID_MAX];
};

struct publisher {
    struct redis *redis;
    struct publisher_calls calls;
    struct event *beat;
    bool exercise;
    char site[NAME_MAX_CHARS + 1];
    char stream[PUBLISHER_KEY_MAX], open[PUBLISHER_KEY_MAX], fresh[PUBLISHER_KEY_MAX],
        last[PUBLISHER_KEY_MAX], heartbeat[PUBLISHER_KEY_MAX];
    int64_t alerts_keep;
    char keep[PUBLISHER_NUMBER_MAX], beat_ttl[PUBLISHER_NUMBER_MAX];
    char sha[48]; // of script_send, as this Redis knows it
    enum stage stage;
    bool proven; // it has done what it was asked since it was last asked where it is
    struct whereabouts where;
    char epoch[PUBLISHER_NUMBER_MAX];
    struct fetch asked; // of the ledger, and not answered yet; limit 0: nothing
    uint64_t marked;    // the highest number that was ever confirmed
    uint64_t confirmed, sent;
    uint64_t skipped; // up to here nothing is worth sending again
    int64_t laid;     // incidents, into what will be `open`
    uint64_t opened;  // up to here `open` knows already
};

void publisher_text(char text[PUBLISHER_NUMBER_MAX], int64_t number);

/* In an exercise UTC_ALWAYS, so that no alert has an age. */
struct utc publisher_now(const struct publisher *publisher);

/* Asks the ledger; an answer to anything asked before is not waited for any more. */
void publisher_ask(struct publisher *publisher, enum fetch_of of, uint64_t after, unsigned limit);

/* publisher_resume.c: asks Redis where it is, and goes on from there. */
void publisher_resume(struct publisher *publisher);
void publisher_resume_fetched(struct publisher *publisher, bool ok, const struct row *alerts);

/* Redis is not as we left it, or has forgotten the function: asks anew. */
void publisher_resume_after(struct publisher *publisher, const char *why);

/* publisher_send.c */
void publisher_send_fetched(struct publisher *publisher, bool ok, const struct row *alerts);
/* Asks whether Redis is as we left it. */
void publisher_check(struct publisher *publisher);

#endif
