/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line_door.h - a unix socket at which each caller says one line, is answered one, and is gone. Who
 * may come the socket's permissions say.
 */
#ifndef ADAPTER_LINE_DOOR_H
#define ADAPTER_LINE_DOOR_H

#include "core/fault.h"

#include <event2/event.h>
#include <stddef.h>

enum {
    LINE_DOOR_MAX = 8 * 1024, /* bytes of a line, with its end */
    LINE_DOOR_CALLS_MAX = 32, /* callers at once: see below */
    LINE_DOOR_PATIENCE_S = 10 /* for a line to be whole, and for its answer to be taken */
};

/*
 * When all places are taken, who is let in next takes that of the caller who has been silent
 * longest, of the user who has most; so nobody's silence keeps others out. Where all have said
 * something, the next waits until one has gone.
 */
struct line_door;

/* A caller who waits for an answer; stays valid until line_door_answer, also when he has gone. */
struct line_call;

/* A whole line, without its end, borrowed for the call. */
typedef void line_handler(struct line_call *call, const char *line, void *arg);

/*
 * Listens at `path`; a socket that is left there by a dead process is replaced, what else is there
 * is not. `mode` is of the socket.
 */
bool line_door_open(struct event_base *base, const char *path, unsigned mode, line_handler *handler,
                    void *arg, struct line_door **out_door, struct fault *why);

/* Open calls go unanswered, and are gone. NULL is fine. */
void line_door_close(struct line_door *door);

/* The user who called, as the kernel has it of the moment of connecting; -1: it does not say. */
long line_door_uid(const struct line_call *call);

/* Says the line, hangs up, and forgets the call. */
void line_door_answer(struct line_call *call, const char *line);

/* ---- the other side: a program that waits ---- */

/*
 * Says `line` at the door and reads the answer into `answer`. False when nobody is there (*out_none
 * is then true), or does not answer within LINE_DOOR_PATIENCE_S.
 */
bool line_door_ask(const char *path, const char *line, char answer[LINE_DOOR_MAX], bool *out_none,
                   struct fault *why);

#endif
