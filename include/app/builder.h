/* SPDX-License-Identifier: Apache-2.0 */
/*
 * builder.h - the thread beside the loop that reads and builds rules, and throws them away: a
 * million orders take it half a minute, and the loop none. Whatever it makes lies in an own part of
 * malloc's, so that neither building nor freeing it holds up the loop's.
 */
#ifndef APP_BUILDER_H
#define APP_BUILDER_H

#include "app/prepare.h"

#include <event2/event.h>

struct builder;

/* `path`, of breachd.conf, is borrowed. */
bool builder_start(const char *path, struct builder **out_builder, struct fault *why);

/* Wakes a build up to come back soon; nothing may be asked after it. */
void builder_cancel(struct builder *builder);

/*
 * Waits for what the thread has in hand, which comes back soon; but not for a file
 * system that does not answer: false after some seconds, and the thread still looks at
 * what it was given. NULL is fine.
 */
enum { BUILDER_PATIENCE_S = 5 };
bool builder_stop(struct builder *builder);

/*
 * Begins to build; wanted->running (NULL: none) must stay until that is taken, the path is that of
 * the start. Not while it is busy.
 */
void builder_ask(struct builder *builder, const struct prepare_options *wanted);
bool builder_busy(const struct builder *builder); /* asked, and not yet taken */

/* Readable when what was asked for can be taken. */
evutil_socket_t builder_fd(const struct builder *builder);

/* What was asked for, the caller's from now on; false: it is not built yet. */
bool builder_take(struct builder *builder, struct prepared *out);

/* The same, waiting for it, at start; false once the descriptor `give_up` is readable. */
bool builder_await(struct builder *builder, int give_up, struct prepared *out);

/*
 * Has the copy of what is in force put in its place by the thread, so that the loop waits for no
 * disk; takes *copy. NULL: it is there already (`well`), or there is none. And what came of it.
 */
enum builder_kept { BUILDER_KEPT, BUILDER_KEEPING, BUILDER_KEPT_NOT };
void builder_keep(struct builder *builder, struct last_good_copy **copy, bool well);
enum builder_kept builder_kept(struct builder *builder);

/* Has *junk freed by the thread and zeroes it; by the caller where memory is out. */
void builder_discard(struct builder *builder, struct prepared *junk);

#endif
