/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acks.h - the control room's words, from the stream {PREFIX}:acks: `incident action by reason
 * note`. Read in order, each once; how far is the ledger's to keep. A word that is refused is
 * answered in {PREFIX}:acks:refused before it is put behind.
 */
#ifndef ADAPTER_ACKS_H
#define ADAPTER_ACKS_H

#include "adapter/redis.h"
#include "core/index.h"

enum { ACKS_ID_MAX = 48, ACKS_REFUSED_KEEP = 10000 };

/* One word; texts are "" where a field is missing, and borrowed for the call. */
struct ack {
    const char *id, *incident, *action, *by, *reason, *note;
};

enum acks_answer { ACKS_TAKEN, ACKS_REFUSED, ACKS_LATER /* not now: it comes again */ };

struct acks_wish {
    struct redis_target target;
    const char *password, *prefix;
    const char *after; /* the id heard last, "" for none */
    enum acks_answer (*on_ack)(const struct ack *ack, struct fault *why, void *arg);
    void *arg;
};

struct acks;

struct acks *acks_create(struct event_base *base, struct evdns_base *dns,
                         const struct acks_wish *wish); /* NULL when memory is out */
void acks_destroy(struct acks *acks);                   /* NULL is fine */

/* Goes on after this id: what was heard since did not last. */
void acks_rewind(struct acks *acks, const char *after);

/* Asks again where a word was put off. Call now and then. */
void acks_pump(struct acks *acks);

#endif
