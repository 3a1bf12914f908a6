/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/store_taking.h"

#include "adapter/ledger/archive.h"
#include "adapter/ledger/store_taking_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEP = STORE_RETAIN_MOST,  // taken at once: some 2 ms
    WINDOW = 5000,             // links looked at in a step, that commits may come between
    PAUSE_MS = 60 * 60 * 1000, // from a pass to the next
    DAY_MS = 24 * 60 * 60 * 1000
};

/* A device that is silent for good keeps no evidence of what was over before. */
#define BUSY_IN_ZONES BUSY("substr(alert.incident, 1, 7) <> 'device/'")

/* A link of before breachd-evidence/2 is closed with its alert: that stays. */
static const char old_alerts[] =
    "SELECT a.sequence, a.entry FROM alert a JOIN entry e ON e.number = a.entry"
    " WHERE a.sequence > ?1 AND a.sequence <= ?2 AND a.sequence < ?4 AND e.evidence <> 0"
    " AND e.number <= ?5"
    " AND e.at < ?3 AND e.salt <> x'' AND e.respondent <> ''"
    " AND e.respondent NOT IN " BUSY_IN_ZONES " AND a.incident NOT IN (SELECT incident FROM open)"
    " AND a.incident NOT IN (SELECT incident FROM todo) ORDER BY a.sequence LIMIT 100";
static const char old_bodies[] =
    "SELECT number, number FROM entry WHERE number > ?1 AND number <= ?2 AND evidence <> 0"
    " AND number <= ?5 AND at < ?3 AND body IS NOT NULL AND ?4 > 0 AND respondent <> ''"
    " AND kind IN ('ping', 'time', 'rules', 'withdrawn', 'ack') AND respondent NOT "
    "IN " BUSY_IN_ZONES " ORDER BY number LIMIT 100";
_Static_assert(STEP == 100, "the statements say the same number");

void taking_add(struct taking *taking, struct doomed_list *list, struct doomed one)
{
    struct doomed *larger = list->all;

    if (list->n == list->room) {
        larger = reallocarray(list->all, 2 * list->room + STEP, sizeof *larger);
        taking->broken = taking->broken || larger == NULL;
        if (larger == NULL)
            return;
        list->all = larger;
        list->room = 2 * list->room + STEP;
    }
    larger[list->n++] = one;
}

void taking_fini(struct taking *taking)
{
    free(taking->bodies.all);
    free(taking->alerts.all);
}

static int by_entry(const void *a, const void *b)
{
    const struct doomed *one = a, *other = b;

    return one->entry < other->entry ? -1 : one->entry > other->entry;
}

/* ,"NAME":[[FIRST,LAST],…] */
static void print_ranges(FILE *out, const char *name, const struct doomed_list *list)
{
    size_t last;

    fprintf(out, ",\"%s\":[", name);
    for (size_t first = 0; first < list->n; first = last + 1) {
        for (last = first;
             last + 1 < list->n && list->all[last + 1].entry == list->all[last].entry + 1; last++)
            ;
        fprintf(out, "%s[%" PRIu64 ",%" PRIu64 "]", first > 0 ? "," : "", list->all[first].entry,
                list->all[last].entry);
    }
    fputc(']', out);
}

static bool take_rows(struct store *store, enum statement how, const struct doomed_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        sqlite3_bind_int64(store->statements[how], 1, (sqlite3_int64)list->all[i].row);
        if (!store_step(store, how))
            return false;
    }
    return true;
}

/* The object `why`, with "entries" and "alerts" in it; the caller frees. NULL: no memory. */
static char *print_body(struct taking *taking, const char *why)
{
    char *body = NULL;
    size_t size;
    FILE *out = open_memstream(&body, &size);

    if (out == NULL)
        return NULL;
    if (taking->bodies.n > 0)
        qsort(taking->bodies.all, taking->bodies.n, sizeof *taking->bodies.all, by_entry);
    if (taking->alerts.n > 0)
        qsort(taking->alerts.all, taking->alerts.n, sizeof *taking->alerts.all, by_entry);
    fprintf(out, "%.*s", (int)strlen(why) - 1, why);
    print_ranges(out, "entries", &taking->bodies);
    print_ranges(out, "alerts", &taking->alerts);
    fputc('}', out);
    if (fclose(out) == 0)
        return body;
    free(body);
    return NULL;
}

bool taking_take(struct store *store, struct progress *progress, struct taking *taking,
                 struct kept_entry *entry, const char *why)
{
    char *body = taking->broken ? NULL : print_body(taking, why);
    bool ok;

    entry->body = body;
    ok = body != NULL && take_rows(store, RETAIN_ALERT, &taking->alerts) &&
         take_rows(store, RETAIN, &taking->bodies) &&
         store_append(store, &progress->head, entry, NULL);
    free(body);
    return ok;
}

/* ---- in time ---- */

/* Of the next window what may go; false when there is nothing so old from there on. */
static bool choose(struct store *store, const char *sql, uint64_t *cursor, uint64_t end,
                   const struct expiry *expiry, struct taking *taking, struct doomed_list *list)
{
    sqlite3_stmt *which = NULL;
    uint64_t until = *cursor + WINDOW;

    if (*cursor >= end || sqlite3_prepare_v2(store->db, sql, -1, &which, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_int64(which, 1, (sqlite3_int64)*cursor);
    sqlite3_bind_int64(which, 2, (sqlite3_int64)until);
    sqlite3_bind_int64(which, 3, expiry->before.ms);
    sqlite3_bind_int64(which, 4, (sqlite3_int64)store->published);
    sqlite3_bind_int64(which, 5, expiry->newest > 0 ? (sqlite3_int64)expiry->newest : INT64_MAX);
    while (sqlite3_step(which) == SQLITE_ROW) // rows up to `until`
        taking_add(taking, list,
                   (struct doomed){ (uint64_t)sqlite3_column_int64(which, 0),
                                    (uint64_t)sqlite3_column_int64(which, 1) });
    sqlite3_finalize(which);
    *cursor = list->n == STEP ? list->all[list->n - 1].row : until;
    return true;
}

/* Some of what is older than `before`; `why` is the link's body. False: there is no more. */
static bool expire_step(struct store *store, struct expiry *expiry, struct utc now, const char *why,
                        bool *out_ok, struct fault *fault)
{
    struct progress progress = store_progress(store);
    struct kept_entry entry = {
        .kind = "retention", .at = now, .respondent = "", .evidence = true
    };
    struct taking taking = { 0 };
    bool more;

    *out_ok = true;
    // An alert goes before the question that it came of: judged again alone it would be missed.
    more = choose(store, old_alerts, &expiry->alert, store->sequence, expiry, &taking,
                  &taking.alerts) ||
           choose(store, old_bodies, &expiry->body, store->head.number, expiry, &taking,
                  &taking.bodies);
    if (taking.alerts.n + taking.bodies.n > 0)
        *out_ok = store_settle(store,
                               store_step(store, BEGIN_COMMIT) &&
                                   taking_take(store, &progress, &taking, &entry, why),
                               &progress, fault);
    store->bodies_removed |= *out_ok && taking.alerts.n + taking.bodies.n > 0;
    taking_fini(&taking);
    return more && *out_ok;
}

/* When Redis held what is by the clock on the wall, which is not that of an exercise. */
static const char kept_at[] = "SELECT at FROM entry WHERE number <= ?1 AND kind <> 'published'"
                              " ORDER BY number DESC LIMIT 1";

static int64_t at_of(sqlite3_stmt *get, uint64_t number)
{
    int64_t at = INT64_MIN; // before the first

    sqlite3_bind_int64(get, 1, (sqlite3_int64)number);
    if (sqlite3_step(get) == SQLITE_ROW)
        at = sqlite3_column_int64(get, 0);
    sqlite3_reset(get);
    return at;
}

/*
 * Whether our clock has run a day as it runs now: a link was kept between one and three days ago,
 * as one is each day. After a step ahead, or a start by another clock, there is none yet, so that
 * nothing goes for good by a clock that is mended meanwhile.
 */
static bool has_run_a_day(struct store *store, struct utc now)
{
    struct utc most = utc_plus(now, -DAY_MS), least = utc_plus(now, -3 * DAY_MS);
    uint64_t low = 0, high = store->head.number;
    sqlite3_stmt *get = NULL;
    bool ran;

    if (sqlite3_prepare_v2(store->db, kept_at, -1, &get, NULL) != SQLITE_OK)
        return false;
    while (low < high) { // the newest that is a day old; 0: none is
        uint64_t middle = high - (high - low) / 2;

        if (at_of(get, middle) <= most.ms)
            low = middle;
        else
            high = middle - 1;
    }
    ran = low > 0 && at_of(get, low) >= least.ms;
    sqlite3_finalize(get);
    return ran;
}

bool store_retain_evidence(struct store *store, const struct retention *by)
{
    struct expiry *expiry = &store->expiry;
    char why[128];
    struct fault unheard;
    bool ok;

    if (expiry->done.ms != 0 && by->now.ms - expiry->done.ms < PAUSE_MS &&
        by->now.ms >= expiry->done.ms)
        return false;
    if (!has_run_a_day(store, by->now)) {
        *expiry = (struct expiry){ 0 };
        return false;
    }
    expiry->before = utc_plus(by->now, -by->evidence_ms);
    snprintf(why, sizeof why, "{\"before\":%" PRId64 ",\"keep\":%" PRId64 ",\"evidence\":true}",
             expiry->before.ms, by->evidence_ms);
    // What fails here fails again in a commit, where it is told.
    if (expire_step(store, expiry, by->now, why, &ok, &unheard))
        return true;
    // What waited for Redis may go a minute later.
    *expiry = (struct expiry){ .done = store->published >= store->sequence ? by->now
                                                                           : (struct utc){ 0 } };
    store->truncate_wal = store->bodies_removed;
    return false;
}

bool store_let_go(struct store *store, const struct letting_go *what, bool *out_more,
                  struct fault *why)
{
    struct expiry *expiry = &store->archiving;
    size_t n = strlen(what->record);
    char *body = NULL;
    bool ok = true;

    if (asprintf(&body, "%.*s,\"before\":%" PRId64 ",\"newest\":%" PRIu64 ",\"evidence\":true}",
                 (int)n - 1, what->record, what->before.ms, what->newest) < 0)
        return fault_set(why, "out of memory");
    if (expiry->before.ms != what->before.ms || expiry->newest != what->newest)
        *expiry = (struct expiry){ .before = what->before, .newest = what->newest };
    *out_more = true;
    for (int i = 0; i < ARCHIVE_STEPS && *out_more && ok; i++)
        *out_more = expire_step(store, expiry, what->now, body, &ok, why);
    free(body);
    if (!*out_more)
        *expiry = (struct expiry){ 0 };
    store->truncate_wal = store->bodies_removed;
    return ok;
}
