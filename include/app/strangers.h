/* SPDX-License-Identifier: Apache-2.0 */
/*
 * strangers.h - devices that send and are under no order: one letter wrong in an order, and nobody
 * is watched. All of them are one incident (senders/N) in `todo`, told at the first sign and then
 * as ids are added or get an order; it ends when every one of them has an order or was not heard
 * for a day. Of who may not speak for a device nothing comes here.
 */
#ifndef APP_STRANGERS_H
#define APP_STRANGERS_H

#include "core/index.h"
#include "core/instant.h"

#include <stdbool.h>
#include <stddef.h>

struct pipeline;
struct incident;

#define STRANGERS_SUBJECT "senders"

enum {
    STRANGERS_MAX = 32,                 /* ids that are remembered; of more only that there are */
    STRANGERS_AGAIN_MS = 60 * 1000,     /* between two alerts; the end does not wait */
    STRANGERS_DAY_MS = 24 * 3600 * 1000 /* unheard for so long, one is forgotten */
};

struct stranger {
    char id[NAME_MAX_CHARS + 1];
    struct utc heard;
};

/* In the pipeline; zeroed is none. Of those of before a restart only the incident is known. */
struct strangers {
    struct stranger of[STRANGERS_MAX];
    size_t n;
    bool more;           /* some found no room */
    bool owed;           /* the list is not as it was told */
    bool ever;           /* there was one since the start */
    struct utc since;    /* when time was first seen to pass; 0: not yet */
    struct utc reported; /* 0: not since the start */
};

/* A ping of a device under no order came, by somebody who may speak for it. */
void strangers_note(struct pipeline *pipeline, const char *device);

/* Once a second: what is owed, who has an order now, who was not heard for long, the end. */
void strangers_tick(struct pipeline *pipeline);

/* What was not on disk was forgotten: the list is told again. */
void strangers_recall(struct pipeline *pipeline);

/*
 * Whether the incident goes on; and the control room closes it: the next
 * new id opens another. False: not now.
 */
bool strangers_go_on(const struct incident *incident);
bool strangers_close(struct pipeline *pipeline, struct incident *incident, struct utc now);

#endif
