/* SPDX-License-Identifier: Apache-2.0 */
/* ping_names.h - which of several names of a sender is its device's. Pure. */
#ifndef ADAPTER_PING_PING_NAMES_H
#define ADAPTER_PING_PING_NAMES_H

#include "adapter/ping/ping_reader.h"

/*
 * Names are tried one after the other: the first that body->known says is kept for good, else the
 * first that could be a device's id.
 */
struct ping_names {
    const struct ping_body *body;
    char *name; /* room for NAME_MAX_CHARS and a NUL; "": none yet */
    bool known;
};

/* `name` is borrowed, and set to "". */
struct ping_names ping_names_begin(const struct ping_body *body, char name[NAME_MAX_CHARS + 1]);
void ping_names_try(struct ping_names *names, const char *name); /* NULL is fine */
void ping_names_try_door(struct ping_names *names);              /* all of body->names */

struct json_t;

/*
 * A device as the message's `device_id` names it, or else that of the object around it, where that
 * is there and no empty text (member_said_device); else the door's. NULL is no object. False, with
 * the reason: nobody does, or no id of a device.
 */
bool ping_names_said(const struct ping_body *body, const struct json_t *own,
                     const struct json_t *around, char out[NAME_MAX_CHARS + 1], struct fault *why);

#endif
