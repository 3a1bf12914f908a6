/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web.h - breachd-web that runs: its parts, wired to each other, started in order and stopped
 * backwards.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "adapter/http/http.h"
#include "adapter/http/users.h"
#include "adapter/signals.h"
#include "adapter/tls.h"
#include "web/board.h"
#include "web/feed.h"
#include "web/hasher.h"
#include "web/listeners.h"
#include "web/login_guard.h"
#include "web/page.h"
#include "web/pending.h"
#include "web/record.h"
#include "web/session.h"
#include "web/web_settings.h"

#include <sys/queue.h>
#include <sys/stat.h>

enum {
    WEB_EVENTS_OF_SESSION_MAX = 32, /* streams of events of one log-in, */
    WEB_EVENTS_OF_ONE_MAX = 64,     /* and of one person; */
    WEB_EVENTS_FEW = 4,             /* who has fewer may have one of those kept for others: */
    WEB_EVENTS_KEPT = 16,           /* each so many-th of max-events */
    WEB_COMMENT_S = 15,             /* a stream says something so often */
    WEB_IDLE_MS = 60 * 1000,        /* a connection that says nothing, or takes nothing */
    WEB_REQUEST_MS = 10 * 1000,
    WEB_DRAIN_MS = 2000,                    /* at a stop, for what is on its way */
    WEB_DOOR_REQUESTS_MAX = 16,             /* answers of the door that are waited for at once, */
    WEB_DOOR_REQUESTS_OF_MAPS = 4,          /* of them kept for maps, */
    WEB_DOOR_REQUESTS_OF_ONE_MAX = 4,       /* and so many of one person */
    WEB_TILES_OF_ADDRESS = 8 * 1024 * 1024, /* of tiles none are read for an address, */
    WEB_TILES_UNTAKEN = 64 * 1024 * 1024    /* or anybody, that takes not what was sent */
};

TAILQ_HEAD(door_requests, door_request);

struct web {
    struct web_settings settings;
    bool secure; /* cookies go by TLS alone */
    struct event_base *base;
    struct evdns_base *dns;
    struct tls *http_tls, *redis_tls, *door_tls;
    struct users *users;
    struct stat users_seen; /* the file as it was read */
    struct page *page;
    struct sessions *sessions;
    struct hasher *hasher;
    struct scrypt nobody; /* whom nobody's password is tried against */
    struct login_guard login_guard;
    struct connector_voice redis_voice, door_voice;
    struct web_redis redis;
    struct redis *talk, *past; /* what is now, what was: neither waits for the other */
    struct pending *talk_pending, *past_pending;
    struct record *record;
    struct board *board;
    struct feed *feed;
    struct listeners *listeners;
    struct http_door *door;
    struct door_requests requests;
    size_t n_requests, n_requests_past; /* all, and those that are for no map */
    struct event *signals[SIGNALS], *second, *drain, *watchdog;
    int until_comment;    /* seconds */
    bool lost;            /* as it was last reported */
    struct tick stopping; /* since when; 0: not */
};

/* Starts everything and runs until it is told to stop. The exit code. */
int web_run(const char *path);

/*
 * -n: reads what a start would read, and prints every complaint, or a summary, and as which `user`
 * that was (NULL: as who we are). The exit code.
 */
int web_check(const char *path, const char *user);

/* Reads users, page and certificate into an empty one; complaints tell all that is wrong. */
bool web_load(struct web *web, struct complaints *complaints);
void web_unload(struct web *web);

#endif
