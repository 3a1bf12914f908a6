/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reports.h - what programs beside breachd say of themselves, from the stream {PREFIX}:reports:
 * `program what at of why`. Read from its beginning, so that nothing of it is the ledger's to keep,
 * and then as it comes. Whoever may write there may write anything: an entry that is too large, or
 * is none, is left out, and reading goes on.
 */
#ifndef ADAPTER_REDIS_REPORTS_H
#define ADAPTER_REDIS_REPORTS_H

#include "adapter/redis/redis.h"

enum {
    REPORTS_COUNT = 100,            /* entries asked for at once */
    REPORTS_MEMBERS_MAX = 100,      /* names and values of one; with more it is left out */
    REPORTS_TEXTS_MAX = 16384,      /* bytes of all of them; a longer one is left out */
    REPORTS_AHEAD_MS = 24 * 3600000 /* an id so far ahead of our clock was not given by Redis */
};

/* Texts are "" where a field is missing, and borrowed for the call; nothing of them is checked. */
struct report {
    const char *program, *what, *of, *why;
};

struct reports_options {
    struct redis_target target;
    const char *password, *prefix;
    void (*on_report)(const struct report *report, void *arg);
    void (*on_read)(void *arg); /* all that stands there has been read: each time that is so */
    void *arg;
};

struct reports;

struct reports *reports_create(struct event_base *base, struct evdns_base *dns,
                               const struct reports_options *options); /* NULL: no memory */
void reports_destroy(struct reports *reports);                         /* NULL is fine */

/* From the beginning again. */
void reports_rewind(struct reports *reports);

#endif
