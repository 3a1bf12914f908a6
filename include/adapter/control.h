/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control.h - a unix socket by which who may write the ledger asks breachd for something and waits
 * for what comes of it: a line is asked, a line is answered, and that is all of the connection.
 */
#ifndef ADAPTER_CONTROL_H
#define ADAPTER_CONTROL_H

#include "core/fault.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

enum {
    CONTROL_LINE_MAX = 256,          /* of a question */
    CONTROL_ANSWER_MAX = 256 * 1024, /* of an answer: a page of devices */
    CONTROL_CALLS_MAX = 16,          /* at once: see control_open */
    CONTROL_PATIENCE_S = 5,          /* for a question to come, and for an answer to be taken */
    CONTROL_PATH_MAX = 1024 + 16
};

struct control;

/* The question of call `call`, without its line end: to be answered by its number, now or later. */
typedef void control_on_ask(uint64_t call, const char *line, void *arg);

/* LEDGER-control, the socket beside a ledger. Returns `out`. */
const char *control_path(const char *ledger, char out[CONTROL_PATH_MAX]);

/* False where the path does not fit into a socket's address. */
bool control_address(const char *path, struct sockaddr_un *out, struct fault *why);

/*
 * Listens at `path`, for its owner and root alone. A socket that lies there is taken away: whoever
 * has the ledger's lock is the only one to listen. False: nobody can ask, and all else goes on.
 *
 * When all places are taken, who comes next takes that of whoever has asked nothing for longest;
 * where all wait for an answer he is told nothing, and closed.
 */
bool control_open(struct event_base *base, const char *path, control_on_ask *on_ask, void *arg,
                  struct control **out_control, struct fault *why);
void control_close(struct control *control); /* NULL is fine; who waits reads an end and no line */

/* Answers the call with a line, if whoever asked is still there. */
void control_answer(struct control *control, uint64_t call, const char *answer);

#endif
