/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake_redis.h - a small Redis inside the test's own event loop: it knows what the publisher needs,
 * and misbehaves as it is told. A helper that cannot do its part fails the test on the spot.
 */
#ifndef SUPPORT_FAKE_REDIS_H
#define SUPPORT_FAKE_REDIS_H

#include "adapter/redis_target.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

/* What it does about one command. */
enum fake_manner {
    FAKE_ANSWERS,         /* as a Redis would */
    FAKE_SAYS,            /* these bytes in place of the reply */
    FAKE_SAYS_AND_CLOSES, /* these bytes, none for "", and hangs up */
    FAKE_DOES_AND_CLOSES, /* does what it was asked, and closes without an answer */
    FAKE_SILENT,          /* never a word to this command */
    FAKE_DRIBBLES,        /* the right reply, a byte a turn of the loop */
    FAKE_FLOODS           /* these bytes, over and over, as fast as they are taken */
};

struct fake_habit {
    const char *command; /* "EVALSHA"; "" is the moment of connecting; NULL: whatever comes */
    enum fake_manner manner;
    const char *bytes; /* borrowed; FAKE_FLOODS says the first line once, the rest for ever */
    int times;         /* 0: from now on */
};

enum { FAKE_HABITS_MAX = 8, FAKE_HEARD_MAX = 1024, FAKE_SEQUENCE_MAX = 8192 };

struct fake_redis;

/* Listens at the unix socket `path`, or for NULL at a free port of loopback. */
struct fake_redis *fake_redis_create(struct event_base *base, const char *path);
void fake_redis_destroy(struct fake_redis *fake); /* hangs up on everybody; NULL is fine */
struct redis_target fake_redis_target(const struct fake_redis *fake);

/* The newest habit that fits a command, and is not used up, decides. */
void fake_redis_habit(struct fake_redis *fake, struct fake_habit habit);
void fake_redis_behave(struct fake_redis *fake); /* forgets all habits */
void fake_redis_hang_up(struct fake_redis *fake);
void fake_redis_say(struct fake_redis *fake, const char *bytes); /* to everybody, unasked */

int fake_redis_connections(const struct fake_redis *fake);               /* ever accepted */
int fake_redis_guests(const struct fake_redis *fake);                    /* here now */
int fake_redis_heard(const struct fake_redis *fake, const char *prefix); /* commands "AUTH ann" */
bool fake_redis_parses(const struct fake_redis *fake);                   /* all it heard was RESP */

/* What the publisher's function has done here. */
uint64_t fake_redis_last(const struct fake_redis *fake);
void fake_redis_set_last(struct fake_redis *fake, uint64_t last);
int fake_redis_times(const struct fake_redis *fake, uint64_t sequence); /* in the stream */

#endif
