/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ping_stream.h - pings from the stream PREFIX:pings, by its consumer group `breachd` (CONTRACT
 * 6). What was delivered to us and not acknowledged comes first, then what a dead consumer
 * left, then what is new; an entry is acknowledged when all that it changed is on disk. An entry
 * that is no ping is moved to PREFIX:pings:refused. At most DEVICE_RECENT entries of a device are
 * in flight, so redelivered ones are recognised and tell nothing twice. Entries are read on a
 * connection of their own, as Redis holds it while there is nothing new; commands go by another.
 */
#ifndef ADAPTER_REDIS_PING_STREAM_H
#define ADAPTER_REDIS_PING_STREAM_H

#include "adapter/entry_id.h"
#include "adapter/redis/redis.h"
#include "core/ping.h"

enum {
    PING_STREAM_COUNT = 500,     /* entries asked for at once, and acknowledged by one command */
    PING_STREAM_ASKED_MAX = 2,   /* such questions under way: Redis reads while we judge */
    PING_STREAM_HAND_MAX = 4000, /* entries taken and not yet on disk: then nothing is read */
    PING_STREAM_TEXTS_MAX =
        16384, /* bytes of an entry, names and values; a longer one is refused */
    PING_STREAM_MEMBERS_MAX = 512,    /* names and values of an entry; with more it is refused */
    PING_STREAM_DEAD_MS = 60000,      /* unacknowledged for so long: its consumer is dead */
    PING_STREAM_REFUSED_KEEP = 10000, /* entries kept, about, in PREFIX:pings:refused */
    PING_STREAM_BLOCK_MS = 1000,
    PING_STREAM_KEY_MAX = NAME_MAX_CHARS + 32,
    PING_STREAM_PLACE_MAX = ENTRY_ID_MAX + PING_STREAM_KEY_MAX
};

struct ping_stream_options {
    struct redis_target target;
    const char *password, *prefix, *site; /* copied; the site is the consumer */
    const char *place;                    /* of ping_stream_place, kept from before; "": none */
};

struct ping_receipt;

/* Who takes the pings. */
struct ping_stream_callbacks {
    bool (*ready)(void *arg); /* asked before reading: whether a ping could be taken */

    /*
     * A batch begins. False: not now; it comes again, after the next pump. Else
     * settle the receipt once, after `end`.
     */
    bool (*begin)(struct ping_receipt *receipt, void *arg);

    /* The next one. False: it is refused, for *why. */
    bool (*give)(const struct ping *ping, struct fault *why, void *arg);

    /* The next one is no ping, and why; of that device, as far as it was read: "" is none. */
    void (*refuse)(const char *device, const char *why, void *arg);
    void (*end)(void *arg);

    /*
     * The stream is not as it was left: its group is gone, or it ends before what was read
     * last. `reason` is what may follow its name.
     */
    void (*lost)(const char *reason, void *arg);
    void *arg;
};

struct ping_stream;

/* NULL when memory is out. Starts to connect at once. */
struct ping_stream *ping_stream_create(struct event_base *base, struct evdns_base *dns,
                                       const struct ping_stream_options *options,
                                       const struct ping_stream_callbacks *callbacks);
void ping_stream_destroy(struct ping_stream *stream); /* NULL is fine; receipts may be settled */

/*
 * Kept: acknowledged. Not kept: all of it is read again, after the next pump. The receipt is gone.
 */
void ping_stream_settle(struct ping_receipt *receipt, bool kept);

/* Goes on where it had to wait, and looks how much there is to read. Call now and then. */
void ping_stream_pump(struct ping_stream *stream);

/* Reads nothing more; what was taken is still acknowledged. */
void ping_stream_stop(struct ping_stream *stream);
bool ping_stream_idle(
    const struct ping_stream *stream); /* nothing is in hand or on its way there */

/* The newest entry that was read, and of which stream: to be kept for the next start; "": none. */
void ping_stream_place(const struct ping_stream *stream, char out[PING_STREAM_PLACE_MAX]);

bool ping_stream_is_up(const struct ping_stream *stream);           /* it reads */
const char *ping_stream_why_down(const struct ping_stream *stream); /* "" while up */

/* Entries not yet delivered to anybody, as Redis last said; NaN when it does not know. */
double ping_stream_lag(const struct ping_stream *stream);
/* Delivered, to us or anybody of the group, and not yet acknowledged. */
double ping_stream_pending(const struct ping_stream *stream);

#endif
