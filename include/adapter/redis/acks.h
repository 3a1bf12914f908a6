/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acks.h - the control room's acks, from the stream {PREFIX}:acks: `incident action by reason
 * note to until`. Read in order, each once; how far is the ledger's to keep. One that is refused is
 * answered in {PREFIX}:acks:refused before the next one is read. Whoever may write to the stream
 * may write anything: what is too large is left out on its way in and answered, and reading goes
 * on. Acks are trimmed from the stream once they are on disk; a stream to which nothing can be
 * added any more (an entry of the largest id) begins anew.
 */
#ifndef ADAPTER_REDIS_ACKS_H
#define ADAPTER_REDIS_ACKS_H

#include "adapter/entry_id.h"
#include "adapter/redis/redis.h"
#include "core/custody.h"
#include "core/index.h"

enum {
    ACKS_COUNT = 100,       /* acks asked for at once */
    ACKS_MEMBERS_MAX = 100, /* names and values of an ack; with more it is skipped */
    ACKS_TEXTS_MAX = 16384, /* bytes of all of them; a longer one is skipped */
    ACKS_REFUSED_KEEP = 10000,
    ACKS_SAID_MAX = 282,         /* bytes of an ack's incident that stand in its refusal */
    ACKS_TEND_MS = 30000,        /* the stream is looked after so often, when nothing is said */
    ACKS_AHEAD_MS = 24 * 3600000 /* an id so far ahead of our clock was not given by Redis */
};

enum acks_answer { ACKS_TAKEN, ACKS_REFUSED, ACKS_LATER /* not now: it comes again */ };

struct acks_options {
    struct redis_target target;
    const char *password, *prefix;
    const char *after; /* the id read last, "" for none */
    enum acks_answer (*on_ack)(const struct ack *ack, struct fault *why, void *arg);
    /* An entry that is no ack, for this reason: it is skipped. False: not now. */
    bool (*on_skipped)(const char *id, const char *why, void *arg);
    const char *(*kept)(void *arg); /* read, and on disk, up to this id; "" for nothing */
    void *arg;
};

struct acks;

struct acks *acks_create(struct event_base *base, struct evdns_base *dns,
                         const struct acks_options *options); /* NULL when memory is out */
void acks_destroy(struct acks *acks);                         /* NULL is fine */

/* Goes on after this id: what was read since was not committed. */
void acks_rewind(struct acks *acks, const char *after);

/* Reads an ack again that was put off. Call now and then. */
void acks_pump(struct acks *acks);

const char *acks_why_deaf(const struct acks *acks);      /* "" while acks are read */
const char *acks_why_untrimmed(const struct acks *acks); /* "" while acks on disk are trimmed */

#endif
