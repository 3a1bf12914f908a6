/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - who is logged in. In memory alone: a start logs everybody out. Only digests of ids
 * are kept, so an id is found without telling how far a wrong one is right.
 */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "adapter/http/users.h"
#include "adapter/secret.h"
#include "core/instant.h"

#include <stdint.h>

enum {
    SESSIONS_MAX = 4096,
    SESSIONS_OF_ONE_MAX = 16 /* of one person; the one that idles for longest goes for the next */
};

struct session {
    uint64_t number; /* no two have the same; 0: this place is free */
    struct user user;
    unsigned char id[SECRET_BYTES]; /* SHA-256 of it */
    char csrf[SECRET_HEX];
    struct tick begun, used;
    unsigned streams; /* of events, that are open: meanwhile it does not idle */
    bool by_proxy;
};

struct session_limits {
    int64_t idle_ms, absolute_ms;
};

struct sessions;

struct sessions *sessions_create(const struct session_limits *limits); /* NULL: memory is out */
void sessions_destroy(struct sessions *sessions);                      /* NULL is fine */

/*
 * A session of this user, and its id for the cookie. NULL when there is no randomness, or there are
 * SESSIONS_MAX of others. Of who has SESSIONS_OF_ONE_MAX already one ends for it: the longest idle
 * of those without a stream, or where all have one, of all; then *out_ended is true, and its
 * streams are to be ended too.
 */
struct session *session_begin(struct sessions *sessions, const struct user *user, struct tick now,
                              char out_id[SECRET_HEX], bool *out_ended);

/* NULL: there is none of that id, or its time is over. It is used now. */
struct session *session_find(struct sessions *sessions, const char *id, struct tick now);

/* NULL: it has ended. */
struct session *session_numbered(struct sessions *sessions, uint64_t number);
void session_end(struct session *session);

/* Ends those whose time is over; true when one was. */
bool sessions_expire(struct sessions *sessions, struct tick now);

/* Ends those of who is not there any more, or is there otherwise; true when one was. */
bool sessions_check(struct sessions *sessions, const struct users *users);

unsigned sessions_streams_of(const struct sessions *sessions, const char *name); /* in all of his */
size_t sessions_count(const struct sessions *sessions);

#endif
