/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publisher.h - alerts from the ledger into Redis: each once, in sequence, whatever
 * was killed on the way. Redis's own last sequence, kept by one Lua function, decides;
 * so sending again is always safe.
 */
#ifndef ADAPTER_REDIS_PUBLISHER_H
#define ADAPTER_REDIS_PUBLISHER_H

#include "adapter/json/event.h"
#include "adapter/json/leftover.h"
#include "adapter/ledger/kept.h"
#include "adapter/redis/redis.h"
#include "adapter/redis_memory.h"
#include "core/index.h"

enum {
    PUBLISHER_WINDOW = 2048,   /* alerts under way: some 6 MiB with all copies */
    PUBLISHER_ALERTS_MAX = 64, /* of them in one command */
    PUBLISHER_PAGE = 256,      /* open incidents in one command */
    PUBLISHER_HEARTBEAT_MAX = 4096
};

struct publisher_options {
    struct redis_target target;
    const char *password;
    const char *prefix, *site; /* copied */
    bool exercise;             /* alerts have no age */
    int64_t alerts_keep, heartbeat_ms;
};

/* The ledger, as the publisher sees it. */
struct publisher_callbacks {
    uint64_t (*newest)(void *arg);                       /* sequence on disk */
    void (*fetch)(const struct fetch *asked, void *arg); /* answered by publisher_fetched */
    void (*confirmed)(uint64_t sequence, void *arg);     /* Redis holds all up to this one */
    /* An alert of the incident stands in the stream: an ack after this id may be about it. */
    void (*on_published)(const char *incident, const char *since, void *arg);
    void (*lost)(void *arg);        /* Redis lacked what it had had: it was logged */
    void (*disbelieved)(void *arg); /* it said what is not true: it was logged, and is put right */
    /*
     * The stream is farther than the ledger, up to `from`: before it renumbers, each entry of
     * `todo` and `open`; `after` is the last alert that was ever confirmed. False: that cannot be
     * kept just now, and all is compared again.
     */
    bool (*leftover)(const struct leftover *leftover, uint64_t after, uint64_t from, void *arg);
    void (*renumber)(uint64_t from, void *arg); /* the stream is farther than the ledger */
    struct utc (*now)(void *arg);               /* the clock of data.received */
    void (*heartbeat)(char text[PUBLISHER_HEARTBEAT_MAX],
                      void *arg); /* fills in the heartbeat's JSON */
    /*
     * Who has the incident now, and what was noted: what stands in `todo`, where it is not as the
     * alert's row has it. Texts are borrowed until the next call.
     */
    void (*holder)(const char *incident, struct event_holder *holder, void *arg);
    void *arg;
};

struct publisher;

/* `confirmed` is what the ledger has marked as published. */
struct publisher *publisher_create(struct event_base *base, struct evdns_base *dns,
                                   const struct publisher_options *options,
                                   const struct publisher_callbacks *callbacks, uint64_t confirmed);
void publisher_destroy(struct publisher *publisher); /* NULL is fine */

/*
 * Alerts just committed: sent at once if they are the next ones,
 * else fetched when their turn comes.
 */
void publisher_offer(struct publisher *publisher, const struct row *alerts);
void publisher_fetched(struct publisher *publisher, const struct fetch *asked, bool ok,
                       const struct row *alerts);

/*
 * Who has that incident, or what was noted of it, has changed without an alert: where it stands in
 * `todo`, it is told there once all alerts are.
 */
void publisher_annotate(struct publisher *publisher, const char *incident);

/* Looks whether there is more to send. Call now and then. */
void publisher_pump(struct publisher *publisher);

/* A heartbeat now, beside those of each interval; and whether Redis has answered all such. */
void publisher_heartbeat(struct publisher *publisher);
bool publisher_heartbeat_answered(const struct publisher *publisher);

bool publisher_connected(const struct publisher *publisher);
const char *publisher_why_away(const struct publisher *publisher);
/* As Redis said when it came up or at a heartbeat; zeroed where it may not be asked. Borrowed. */
const struct redis_memory *publisher_memory(const struct publisher *publisher);
/* Whether our user in Redis lacks a right; which one was logged. */
bool publisher_lacks_rights(const struct publisher *publisher);
/* What Redis holds, and what is not worth sending or not there any more. */
uint64_t publisher_confirmed(const struct publisher *publisher);
/* Whether what it holds was compared with the ledger since it last came up. */
bool publisher_has_compared(const struct publisher *publisher);
bool publisher_caught_up(const struct publisher *publisher); /* everything on disk is in Redis */

#endif
