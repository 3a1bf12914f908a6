/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.h - what needs somebody, and whether breachd is heard of: {PREFIX}:todo, {PREFIX}:open and
 * the heartbeat, looked at each second over a connection that others use too.
 */
#ifndef WEB_BOARD_H
#define WEB_BOARD_H

#include "web/web_redis.h"

enum { BOARD_ROUNDS_MAX = 2000 /* steps of one scan; more are none of a Redis */ };

/* Both get whole events of text/event-stream, borrowed for the call. */
struct board_callbacks {
    /* An entry came, changed or went; or some are left out that no browser can be told, or none. */
    void (*on_todo)(const char *event, void *arg);
    void (*on_status)(const char *event, void *arg); /* a heartbeat, or that something is lost */
    void *arg;
};

struct board;

/* `talk` is borrowed, and takes lists. NULL when memory is out. */
struct board *board_create(const struct web_redis *redis, struct redis *talk,
                           const struct board_callbacks *callbacks);
void board_destroy(struct board *board); /* NULL is fine */

void board_tick(struct board *board);    /* call each second, */
void board_refresh(struct board *board); /* and at an alert: what needs somebody may be new */
void board_down(struct board *board);    /* `talk` is down: what was asked is not answered */
void board_hear(struct board *board, bool feed); /* alerts are heard, or are not: see feed.h */

/*
 * The event that tells how things are now, of a heartbeat also its `age`, seconds since it was
 * first seen; "" before anything is known. The caller frees. NULL when memory is out.
 */
char *board_status(const struct board *board);
bool board_is_lost(const struct board *board);

/* The site by the newest heartbeat; "": it was not heard. */
const char *board_site(const struct board *board);

/*
 * {"items":[{"incident":…,"entry":…,"open":…},…],"left_out":…}, true where some cannot be told; the
 * caller frees. NULL: Redis is away, or was not read yet, or memory is out.
 */
char *board_print(const struct board *board, size_t *out_n);

#endif
