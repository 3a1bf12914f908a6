/* SPDX-License-Identifier: Apache-2.0 */
#include "web/record.h"

#include "adapter/clock.h"
#include "adapter/log.h"
#include "adapter/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENT_MAX = 64, AGAIN_MS = 1000, TRIES_MAX = 30 };

struct row {
    bool report;
    unsigned tries; // that Redis has refused
    char what[RECORD_WORD_MAX], at[UTC_TEXT_MAX];
    char who[RECORD_TEXT_MAX], from[RECORD_TEXT_MAX], about[RECORD_TEXT_MAX];
};

struct record {
    struct redis *talk;
    char audit[WEB_KEY_MAX], reports[WEB_KEY_MAX];
    struct row rows[RECORD_WAITING_MAX]; // a ring
    struct row spilt;                    // the newest that had no room there
    size_t first, n;
    size_t sent;         // of the first of them, that have no reply yet
    bool refused;        // the newest one that has a reply
    struct event *again; // while it does, nothing is sent but by this
};

static void say_lost(const struct row *row, const char *why)
{
    log_error("audit: %s, so this is in no stream: %s %s %s %s %s", why, row->at, row->what,
              row->who, row->from, row->about);
}

static struct row *row_at(struct record *record, size_t nth)
{
    return &record->rows[(record->first + nth) % RECORD_WAITING_MAX];
}

/* It goes behind those that wait, until it was refused too often. */
static void put_back(struct record *record, struct row *row, const char *why)
{
    char says[RECORD_TEXT_MAX];

    if (!record->refused)
        log_error("audit: Redis refuses what is written down, which is tried again: %s", why);
    if (++row->tries < TRIES_MAX) {
        *row_at(record, record->n++) = *row;
        return;
    }
    snprintf(says, sizeof says, "Redis refuses it: %.200s", why);
    say_lost(row, says);
}

/* Redis has it, or will not have it. */
static void on_written(const struct redis_reply *reply, void *arg)
{
    const struct timeval later = { AGAIN_MS / 1000, 0 };
    struct record *record = arg;
    struct row row = *row_at(record, 0);
    bool refused = reply->kind == REDIS_ERROR;

    record->first = (record->first + 1) % RECORD_WAITING_MAX;
    record->n--;
    record->sent--;
    if (refused) {
        put_back(record, &row, reply->text);
        event_add(record->again, &later);
    }
    record->refused = refused;
    if (!refused)
        record_go_on(record);
}

static bool send_row(struct record *record, const struct row *row)
{
    char keep[16];
    const char *const of_audit[] = { "XADD",    record->audit, "MAXLEN",      "~",      keep,
                                     "*",       "program",     "breachd-web", "what",   row->what,
                                     "at",      row->at,       "who",         row->who, "from",
                                     row->from, "incident",    row->about };
    const char *const of_report[] = { "XADD", record->reports, "MAXLEN",      "~",       keep,
                                      "*",    "program",       "breachd-web", "what",    row->what,
                                      "at",   row->at,         "of",          row->about };

    snprintf(keep, sizeof keep, "%d", row->report ? RECORD_REPORTS_KEEP : RECORD_AUDIT_KEEP);
    return row->report ? redis_send(record->talk, sizeof of_report / sizeof *of_report, of_report,
                                    NULL, on_written, record)
                       : redis_send(record->talk, sizeof of_audit / sizeof *of_audit, of_audit,
                                    NULL, on_written, record);
}

/* By one connection: they stand there in the order in which it happened, but what was refused. */
static void send_on(struct record *record)
{
    while (record->sent < record->n && record->sent < SENT_MAX &&
           send_row(record, row_at(record, record->sent)))
        record->sent++;
}

void record_go_on(struct record *record)
{
    if (!evtimer_pending(record->again, NULL))
        send_on(record);
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    send_on(arg);
}

void record_down(struct record *record)
{
    record->sent = 0;
}

bool record_is_idle(const struct record *record)
{
    return record->n == 0;
}

static struct row *add(struct record *record, const char *what, const char *about, struct utc at)
{
    bool full = record->n == RECORD_WAITING_MAX;
    struct row *row = full ? &record->spilt : row_at(record, record->n);

    memset(row, 0, sizeof *row);
    snprintf(row->what, sizeof row->what, "%s", what);
    utc_print(at, row->at);
    text_fit(about, row->about, sizeof row->about);
    record->n += !full;
    return row;
}

/* It waits, or there is no room for it: then it stands in the log alone. */
static void close_row(struct record *record, const struct row *row)
{
    if (row == &record->spilt)
        say_lost(row, "too much waits for Redis");
    record_go_on(record);
}

void record_audit(struct record *record, const char *what, const char *who, const char *from,
                  const char *about, struct utc at)
{
    struct row *row = add(record, what, about, at);

    text_fit(who, row->who, sizeof row->who);
    text_fit(from, row->from, sizeof row->from);
    close_row(record, row);
}

void record_report(struct record *record, const char *what, const char *about, struct utc at)
{
    struct row *row = add(record, what, about, at);

    row->report = true;
    close_row(record, row);
}

struct record *record_create(const struct web_redis *redis, struct redis *talk)
{
    struct record *record = calloc(1, sizeof *record);

    if (record == NULL)
        return NULL;
    record->talk = talk;
    record->again = evtimer_new(redis->base, on_again, record);
    web_redis_key(redis, "audit", record->audit);
    web_redis_key(redis, "reports", record->reports);
    if (record->again != NULL)
        return record;
    free(record);
    return NULL;
}

void record_destroy(struct record *record)
{
    if (record == NULL)
        return;
    for (size_t i = 0; i < record->n; i++)
        say_lost(row_at(record, i), "breachd-web ends");
    event_free(record->again);
    free(record);
}
