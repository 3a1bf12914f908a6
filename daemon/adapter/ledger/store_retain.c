/* SPDX-License-Identifier: Apache-2.0 */
/* store_retain.c - what is taken away in time, and the link that says which. */
#include "adapter/ledger/store_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { RANGE_MAX_CHARS = 44, BODY_MAX_CHARS = 96 + STORE_RETAIN_MOST * RANGE_MAX_CHARS };

/* A body by its entry; an alert by its sequence, and the entry that is its link. */
struct doomed {
    uint64_t row, entry;
};

/* What is taken in one way, and what the link calls it. */
struct taking {
    const char *name;
    enum statement choose, take;
    const struct retention *by;
    struct utc before;
    size_t most, n;
    struct doomed doomed[STORE_RETAIN_MOST];
};

static int by_entry(const void *a, const void *b)
{
    const struct doomed *one = a, *other = b;

    return one->entry < other->entry ? -1 : one->entry > other->entry;
}

/* Which may go, in order of their entries. */
static void choose(struct store *store, struct taking *taking)
{
    sqlite3_stmt *which = store->statements[taking->choose];

    sqlite3_bind_int64(which, 1, taking->before.ms);
    sqlite3_bind_int64(which, 2, (sqlite3_int64)taking->most);
    sqlite3_bind_int64(which, 3, (sqlite3_int64)store->published); // of alerts only
    while (taking->n < taking->most && sqlite3_step(which) == SQLITE_ROW)
        taking->doomed[taking->n++] = (struct doomed){ (uint64_t)sqlite3_column_int64(which, 0),
                                                       (uint64_t)sqlite3_column_int64(which, 1) };
    sqlite3_reset(which);
    qsort(taking->doomed, taking->n, sizeof *taking->doomed, by_entry);
}

/* {"before":…,"keep":…,"entries":[[FIRST,LAST],…]} */
static void print_body(char *body, const struct taking *taking)
{
    const struct doomed *doomed = taking->doomed;
    int at = snprintf(body, BODY_MAX_CHARS, "{\"before\":%" PRId64 ",\"keep\":%" PRId64 ",\"%s\":[",
                      taking->before.ms, taking->by->keep_ms, taking->name);
    size_t last;

    for (size_t first = 0; first < taking->n; first = last + 1) {
        for (last = first; last + 1 < taking->n && doomed[last + 1].entry == doomed[last].entry + 1;
             last++)
            ;
        at += snprintf(body + at, (size_t)(BODY_MAX_CHARS - at), "%s[%" PRIu64 ",%" PRIu64 "]",
                       first > 0 ? "," : "", doomed[first].entry, doomed[last].entry);
    }
    snprintf(body + at, (size_t)(BODY_MAX_CHARS - at), "]}");
}

static bool take(struct store *store, const struct taking *taking)
{
    for (size_t i = 0; i < taking->n; i++) {
        sqlite3_bind_int64(store->statements[taking->take], 1,
                           (sqlite3_int64)taking->doomed[i].row);
        if (!store_step(store, taking->take))
            return false;
    }
    return true;
}

/* How many were taken, on disk. */
static size_t run(struct store *store, struct taking *taking)
{
    struct progress progress = store_progress(store);
    char body[BODY_MAX_CHARS];
    struct kept_entry entry = {
        .kind = "retention", .at = taking->by->now, .respondent = "", .evidence = true, .body = body
    };
    struct fault why;

    taking->before = utc_plus(taking->by->now, -taking->by->keep_ms);
    choose(store, taking);
    print_body(body, taking);
    // What fails here fails again in a commit, where it is told.
    if (taking->n > 0 && !store_settle(store,
                                       store_step(store, BEGIN_COMMIT) && take(store, taking) &&
                                           store_append(store, &progress.head, &entry, NULL),
                                       &progress, &why))
        taking->n = 0;
    store->bodies_removed |= taking->n > 0;
    return taking->n;
}

static size_t at_most(unsigned limit)
{
    return limit < STORE_RETAIN_MOST ? limit : STORE_RETAIN_MOST;
}

bool store_retain(struct store *store, const struct retention *by, unsigned limit)
{
    struct taking bodies = {
        .name = "entries", .choose = TO_RETAIN, .take = RETAIN, .by = by, .most = at_most(limit)
    };
    size_t n = run(store, &bodies);

    store->truncate_wal = store->bodies_removed && n < bodies.most;
    return n >= bodies.most;
}

bool store_retain_alerts(struct store *store, const struct retention *by, unsigned limit)
{
    struct taking alerts = { .name = "alerts",
                             .choose = TO_RETAIN_ALERTS,
                             .take = RETAIN_ALERT,
                             .by = by,
                             .most = at_most(limit) };

    return run(store, &alerts) >= alerts.most;
}
