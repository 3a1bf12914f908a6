/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_retain.c - bodies that are taken away in time, and the link that says which. */
#include "adapter/ledger_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { RANGE_MAX_CHARS = 44, BODY_MAX_CHARS = 96 + STORE_RETAIN_MOST * RANGE_MAX_CHARS };

static int by_number(const void *a, const void *b)
{
    const uint64_t *one = a, *other = b;

    return *one < *other ? -1 : *one > *other;
}

/* Which may go, in order of their numbers. */
static size_t choose(struct store *store, struct utc before, size_t limit, uint64_t *out)
{
    sqlite3_stmt *which = store->statements[TO_RETAIN];
    size_t n = 0;

    sqlite3_bind_int64(which, 1, before.ms);
    sqlite3_bind_int64(which, 2, (sqlite3_int64)limit);
    while (n < limit && sqlite3_step(which) == SQLITE_ROW)
        out[n++] = (uint64_t)sqlite3_column_int64(which, 0);
    sqlite3_reset(which);
    qsort(out, n, sizeof *out, by_number);
    return n;
}

/* {"before":…,"keep":…,"entries":[[FIRST,LAST],…]} */
static void print_body(char *body, const struct retention *by, struct utc before,
                       const uint64_t *numbers, size_t n)
{
    int at =
        snprintf(body, BODY_MAX_CHARS, "{\"before\":%" PRId64 ",\"keep\":%" PRId64 ",\"entries\":[",
                 before.ms, by->keep_ms);
    size_t last;

    for (size_t first = 0; first < n; first = last + 1) {
        for (last = first; last + 1 < n && numbers[last + 1] == numbers[last] + 1; last++)
            ;
        at += snprintf(body + at, (size_t)(BODY_MAX_CHARS - at), "%s[%" PRIu64 ",%" PRIu64 "]",
                       first > 0 ? "," : "", numbers[first], numbers[last]);
    }
    snprintf(body + at, (size_t)(BODY_MAX_CHARS - at), "]}");
}

static bool take(struct store *store, const uint64_t *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sqlite3_bind_int64(store->statements[RETAIN], 1, (sqlite3_int64)numbers[i]);
        if (!store_step(store, RETAIN))
            return false;
    }
    return true;
}

bool store_retain(struct store *store, const struct retention *by, unsigned limit)
{
    size_t most = limit < STORE_RETAIN_MOST ? limit : STORE_RETAIN_MOST, n;
    struct progress progress = store_progress(store);
    struct utc before = utc_plus(by->now, -by->keep_ms);
    uint64_t numbers[STORE_RETAIN_MOST];
    char body[BODY_MAX_CHARS];
    struct kept_entry entry = {
        .kind = "retention", .at = by->now, .respondent = "", .evidence = true, .body = body
    };
    struct fault why;

    n = choose(store, before, most, numbers);
    print_body(body, by, before, numbers, n);
    // What fails here fails again in a commit, where it is told.
    if (n > 0 && !store_settle(store,
                               store_step(store, BEGIN_COMMIT) && take(store, numbers, n) &&
                                   store_append(store, &progress.head, &entry, NULL),
                               &progress, &why))
        n = 0;
    store->taken |= n > 0;
    store->scrub = store->taken && n < most;
    return n >= most;
}
