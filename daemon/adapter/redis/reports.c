/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/redis/reports.h"

#include "adapter/clock.h"
#include "adapter/entry_id.h"
#include "adapter/log.h"
#include "core/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MS = 1000, KEY_MAX = NAME_MAX_CHARS + 32 };

_Static_assert(REPORTS_COUNT <= REPORTS_MEMBERS_MAX, "the filter lets a whole answer through");

struct reports {
    struct redis *redis;
    struct reports_options options; // its texts are not kept
    char stream[KEY_MAX];
    char after[ENTRY_ID_MAX];
    bool rewound; // since the read that is under way was asked for
};

static void ask(struct reports *reports);

/* False: what came is no stream's, and the connection is given up. */
static bool take(struct reports *reports, const struct redis_reply *entry)
{
    struct redis_reply id = redis_item(entry, 0), fields = redis_item(entry, 1);
    struct entry_id number;

    if (id.n >= ENTRY_ID_MAX || !entry_id_read(id.text, &number)) {
        redis_reset(reports->redis, "answers with what are no entries");
        return false;
    }
    snprintf(reports->after, sizeof reports->after, "%s", id.text);
    reports->options.on_report(&(struct report){ .program = redis_field_text(&fields, "program"),
                                                 .what = redis_field_text(&fields, "what"),
                                                 .of = redis_field_text(&fields, "of"),
                                                 .why = redis_field_text(&fields, "why") },
                               reports->options.arg);
    return true;
}

/* After an entry whose id is ahead of every clock nobody's can follow for long. */
static bool is_ahead(const struct reports *reports)
{
    struct entry_id id;

    return entry_id_read(reports->after, &id) &&
           id.ms > (uint64_t)clock_utc().ms + REPORTS_AHEAD_MS;
}

static void on_deleted(const struct redis_reply *reply, void *arg)
{
    struct reports *reports = arg;

    if (reply->kind == REDIS_ERROR)
        log_error("redis: %s: cannot be begun anew: %s", reports->stream, reply->text);
    strcpy(reports->after, "0-0");
    ask(reports);
}

static void begin_anew(struct reports *reports)
{
    log_warning("redis: %s: %s is ahead of every clock: the stream begins anew", reports->stream,
                reports->after);
    redis_insist(reports->redis, 2, (const char *[]){ "DEL", reports->stream }, on_deleted,
                 reports);
}

/* [[stream, [entry, …]]], nil when none came in time. */
static void on_entries(const struct redis_reply *reply, void *arg)
{
    struct reports *reports = arg;
    struct redis_reply stream = redis_item(reply, 0), entries = redis_item(&stream, 1);

    if (reply->kind == REDIS_ERROR) {
        redis_reset(reports->redis, reply->text);
        return;
    }
    redis_healthy(reports->redis);
    for (size_t i = 0; !reports->rewound && i < entries.n; i++) { // REPORTS_COUNT
        struct redis_reply entry = redis_item(&entries, i);

        if (!take(reports, &entry))
            return;
    }
    if (!reports->rewound && entries.n < REPORTS_COUNT)
        reports->options.on_read(reports->options.arg);
    if (!reports->rewound && is_ahead(reports))
        begin_anew(reports);
    else
        ask(reports);
}

static void ask(struct reports *reports)
{
    char block[16], count[16];

    snprintf(block, sizeof block, "%d", BLOCK_MS);
    snprintf(count, sizeof count, "%d", REPORTS_COUNT);
    reports->rewound = false;
    redis_insist(reports->redis, 8,
                 (const char *[]){ "XREAD", "BLOCK", block, "COUNT", count, "STREAMS",
                                   reports->stream, reports->after },
                 on_entries, reports);
}

void reports_rewind(struct reports *reports)
{
    strcpy(reports->after, "0-0");
    reports->rewound = true;
}

static void on_up(void *arg)
{
    ask(arg);
}

static void on_down(const char *why, void *arg)
{
    (void)why; // redis.c has logged it, and on_up asks again
    (void)arg;
}

struct reports *reports_create(struct event_base *base, struct evdns_base *dns,
                               const struct reports_options *options)
{
    const struct resp_filter_limits limits = { REPORTS_TEXTS_MAX, REPORTS_MEMBERS_MAX };
    struct reports *reports = calloc(1, sizeof *reports);
    struct redis_callbacks callbacks = { on_up, on_down, reports };

    if (reports == NULL)
        return NULL;
    reports->options = *options;
    snprintf(reports->stream, KEY_MAX, "{%s}:reports", options->prefix);
    strcpy(reports->after, "0-0");
    reports->redis = redis_create(base, dns, &options->target, options->password, &callbacks,
                                  BLOCK_MS + REDIS_REPLY_MS);
    if (reports->redis == NULL) {
        free(reports);
        return NULL;
    }
    redis_take_lists(reports->redis, &limits);
    return reports;
}

void reports_destroy(struct reports *reports)
{
    if (reports == NULL)
        return;
    redis_destroy(reports->redis);
    free(reports);
}
