/* SPDX-License-Identifier: Apache-2.0 */
/* ping_stream_parts.h - what the reader of the ping stream is made of; for ping_stream*.c alone. */
#ifndef ADAPTER_REDIS_PING_STREAM_PARTS_H
#define ADAPTER_REDIS_PING_STREAM_PARTS_H

#include "adapter/redis/ping_stream.h"

#include "core/track.h"

#include <sys/queue.h>

/*
 * Places to count what is held of a device, by its name's hash: who share one wait for each other.
 */
enum { PING_STREAM_PLACES = 65536 };

/* What is read next: in this order, and CLAIM again now and then. */
enum ping_step { STEP_INFO, STEP_GROUP, STEP_OWN, STEP_CLAIM, STEP_NEW };

/* Entries taken, by their ids: to be acknowledged together. */
struct ping_receipt {
    struct ping_stream *stream; /* NULL: it is gone */
    LIST_ENTRY(ping_receipt) next;
    size_t n;
    char ids[][ENTRY_ID_MAX];
};

struct ping_stream {
    struct redis *reader, *writer; /* two connections: one reads, one acknowledges and moves */
    struct ping_stream_callbacks callbacks;
    char key[PING_STREAM_KEY_MAX], refused[PING_STREAM_KEY_MAX], consumer[NAME_MAX_CHARS + 1];

    enum ping_step step;
    char after[ENTRY_ID_MAX]; /* where the next page of OWN or CLAIM begins */
    unsigned asked;           /* questions under way */
    bool afresh;              /* what is not acknowledged must be read again, from STEP_INFO */
    bool backlog;             /* the last answer was full: there is more */
    bool claim;               /* it is time to look for a dead consumer's */
    bool later;               /* a batch could not be taken: not before the next pump */
    bool taking;              /* an answer is being taken: nothing is asked meanwhile */
    bool stopped;
    bool looking; /* asks how much there is */
    struct event *sweep;

    LIST_HEAD(ping_receipts, ping_receipt) receipts;
    size_t in_hand;                   /* their entries */
    uint8_t held[PING_STREAM_PLACES]; /* entries taken since nothing was, up to DEVICE_RECENT */
    bool holds;                       /* one of them is not 0 */
    char unmoved[REDIS_WHY_MAX];      /* why an entry could last not be moved */
    char newest[ENTRY_ID_MAX];        /* that was ever read; "": none */
    char end[ENTRY_ID_MAX];           /* of the stream, at the last look; "": not known */
    bool info_denied;                 /* that it cannot be known was said */
    double lag, pending;
};

/* Takes the entries of a reply; `out_last`, if there are any, becomes the last one's id. */
void ping_stream_take(struct ping_stream *stream, const struct redis_reply *entries,
                      char out_last[ENTRY_ID_MAX]);

/* Of ids whose entries were taken away before anybody read them. */
void ping_stream_take_gone(struct ping_stream *stream, const struct redis_reply *ids);

/*
 * ping_stream_loss.c: how far the stream is, as Redis says before the group is made; and what that
 * means once it is known whether there was none. The newest entry read is noted as it is.
 */
void ping_stream_take_info(struct ping_stream *stream, const struct redis_reply *reply);
void ping_stream_check_loss(struct ping_stream *stream, bool made);
void ping_stream_note_newest(struct ping_stream *stream, const char *id);
void ping_stream_remember(struct ping_stream *stream, const char *place);

/* Reads on, as far as there is room. */
void ping_stream_read(struct ping_stream *stream);

#endif
