/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notes.h - who has incidents now, and what the control room noted of them, as the hash `todo` has
 * it: no alert carries a note. Of a Redis whose user may not ask there (HMGET), there is neither.
 */
#ifndef CTL_NOTES_H
#define CTL_NOTES_H

#include "ctl/link.h"

#include <jansson.h>

/* Incidents asked of at once; what is asked of more is left out. */
enum { NOTES_ASKED_MAX = 500, NOTES_ARGS_MAX = NOTES_ASKED_MAX + 2 };

/* The command that asks for those incidents, which are the keys of `incidents`: its arguments. */
size_t notes_command(const char *key, const json_t *incidents, const char *argv[NOTES_ARGS_MAX]);

/* The reply to that command: incident → {by, note}, of those that stand there; the caller's. */
json_t *notes_take(const struct redis_reply *reply, const json_t *incidents);

enum { NOTES_HOLDER_MAX = 640 };

/* "Sgt 1234: car 12 is on its way", or one of both alone; "" for neither. Returns `text`. */
char *notes_print(const char *by, const char *note, char text[NOTES_HOLDER_MAX]);

/* The same of an incident, as `todo` has it; `by` is who has one that does not stand there. */
char *notes_holder(const json_t *notes, const char *incident, const char *by,
                   char text[NOTES_HOLDER_MAX]);

#endif
