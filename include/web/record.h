/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h - what is written down of people, in {PREFIX}:audit, and of this program, in
 * {PREFIX}:reports; no place, no password. While Redis is away it waits here, and what Redis
 * refuses is tried again each second, 30 times; what has no room any more, is refused for longer or
 * is left at the end goes to the log, each by itself.
 */
#ifndef WEB_RECORD_H
#define WEB_RECORD_H

#include "core/instant.h"
#include "web/web_redis.h"

enum {
    RECORD_WAITING_MAX = 512,
    RECORD_AUDIT_KEEP = 100000, /* entries, about */
    RECORD_REPORTS_KEEP = 1000,
    RECORD_WORD_MAX = 32,
    RECORD_TEXT_MAX = 300 /* bytes of who, from, about with the zero; longer ones are cut */
};

struct record;

struct record *record_create(const struct web_redis *redis, struct redis *talk);
void record_destroy(struct record *record); /* NULL is fine; before the base is freed */

/*
 * `what`: login, login-refused, logout, ack, close, hand, shelve, note, look. `who` as logged in,
 * or "-"; `from`: the address; `about`: an incident, or "".
 */
void record_audit(struct record *record, const char *what, const char *who, const char *from,
                  const char *about, struct utc at);

/* `what`: started, stopped, lost, found. `about`: breachd, alerts, or "". */
void record_report(struct record *record, const char *what, const char *about, struct utc at);

void record_go_on(struct record *record); /* Redis is there, or there is something new */
void record_down(struct record *record);  /* it has gone: what has no reply is sent again */
bool record_is_idle(const struct record *record);

#endif
