/* SPDX-License-Identifier: Apache-2.0 */
/* publisher_parts.h - what the publisher is made of; for publisher*.c alone. */
#ifndef ADAPTER_REDIS_PUBLISHER_PARTS_H
#define ADAPTER_REDIS_PUBLISHER_PARTS_H

#include "adapter/json/event.h"
#include "adapter/redis/publisher.h"
#include "adapter/redis/publisher_belief.h"

enum { PUBLISHER_KEY_MAX = NAME_MAX_CHARS + 16, PUBLISHER_NUMBER_MAX = 24 };

/* Incidents that wait to be annotated; of more, `todo` is made anew as a whole. */
enum { PUBLISHER_NOTED_MAX = 64 };

/* How far we are with a Redis that has come up, or has lost data. */
enum stage {
    STAGE_ASKING,    /* what it holds */
    STAGE_COMPARING, /* what it says with the ledger's alerts of the same numbers */
    STAGE_RESCUING,  /* what it knows and the ledger does not */
    STAGE_NOTING,    /* which alerts stand there though its reply was lost */
    STAGE_OPENING,   /* telling it what is open, and what needs somebody */
    STAGE_SENDING
};

/* A hash that is kept beside the stream, and made anew from the ledger when Redis comes up. */
struct kept_hash {
    char key[PUBLISHER_KEY_MAX], fresh[PUBLISHER_KEY_MAX]; /* `fresh`: while it is being made */
    int64_t staged;                                        /* incidents, into `fresh` */
};

struct publisher {
    struct redis *redis;
    struct publisher_callbacks callbacks;
    struct event *heartbeat_timer;
    int heartbeats; /* replies to a heartbeat between two that are still to come */
    bool exercise;
    char site[NAME_MAX_CHARS + 1];
    char stream[PUBLISHER_KEY_MAX], last[PUBLISHER_KEY_MAX], heartbeat[PUBLISHER_KEY_MAX],
        acks[PUBLISHER_KEY_MAX];
    struct kept_hash open, todo;
    const char *rescuing;              /* the key of that one whose entries are read */
    char cursor[PUBLISHER_NUMBER_MAX]; /* from where on */
    int64_t alerts_keep;
    char keep[PUBLISHER_NUMBER_MAX], heartbeat_ttl[PUBLISHER_NUMBER_MAX];
    char sha[48]; /* of script_send, as this Redis knows it */
    enum stage stage;
    bool confirmed_since_resume; /* Redis has confirmed a command since publisher_resume */
    struct redis_state where;
    struct ledger_view view;
    size_t comparing; /* which of its alerts is asked for */
    struct publisher_belief belief;
    char epoch[PUBLISHER_NUMBER_MAX];
    char entry[ENTRY_ID_MAX], added[PUBLISHER_NUMBER_MAX]; /* of the newest alert it confirmed */
    struct fetch asked; /* of the ledger, and not answered yet; limit 0: nothing */
    uint64_t marked;    /* the highest number that was ever confirmed */
    uint64_t confirmed, sent;
    uint64_t skipped; /* up to here nothing is worth sending again */
    uint64_t opened;  /* up to here `open` and `todo` know already */
    char noted[PUBLISHER_NOTED_MAX][EVENT_ID_MAX];
    size_t n_noted;
    bool noted_more;   /* than there was room for */
    bool xinfo_denied; /* that XINFO is not allowed was said */
    bool unasked;      /* and that INFO is not */
    struct redis_memory memory;
};

void publisher_text(char text[PUBLISHER_NUMBER_MAX], int64_t number);

/* In an exercise UTC_ALWAYS, so that no alert has an age. */
struct utc publisher_now(const struct publisher *publisher);

/* Asks the ledger; an answer to anything asked before is not waited for any more. */
void publisher_ask(struct publisher *publisher, enum fetch_of of, uint64_t after, unsigned limit);

/* The reply to a command that was not given would be waited for in vain: then it is left. */
bool publisher_say(struct publisher *publisher, size_t argc, const char *const *argv,
                   redis_handler *handler);

/* publisher_resume.c: asks Redis where it is, and goes on from there. */
void publisher_resume(struct publisher *publisher);
/* All that another ledger had open is kept by ours: gives way to its numbers. */
void publisher_give_way(struct publisher *publisher);
void publisher_resume_fetched(struct publisher *publisher, bool ok, const struct row *alerts);

/* Redis is not as we left it, or has forgotten the function: asks anew. */
void publisher_resume_after(struct publisher *publisher, const char *why);

/*
 * publisher_rescue.c: tells of each entry of `todo` and `open`, page by page, before these are made
 * anew by a ledger that may not know it; then publisher_give_way.
 */
void publisher_rescue(struct publisher *publisher);

/*
 * publisher_rebuild.c: stages `open` and `todo` in their `fresh` keys, page by page from the
 * ledger; then, in one step, these replace what Redis has, and sending begins.
 */
void publisher_rebuild(struct publisher *publisher);
void publisher_rebuild_fetched(struct publisher *publisher, const struct row *alerts);

/* What stands in `todo` of that alert, beside its event, which may be NULL: see event_need. */
char *publisher_need(const struct publisher *publisher, const struct kept_alert *alert,
                     const char *event);

/* publisher_note.c: sends what waits to be annotated. */
void publisher_note(struct publisher *publisher);

/* publisher_memory.c */
void publisher_ask_memory(struct publisher *publisher);

/* publisher_send.c */
void publisher_send_fetched(struct publisher *publisher, bool ok, const struct row *alerts);
/* Asks whether Redis is as we left it. */
void publisher_check(struct publisher *publisher);

#endif
