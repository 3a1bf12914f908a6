/* SPDX-License-Identifier: Apache-2.0 */
#include "arrival.h"

#include <sqlite3.h>

#include "support/test.h"

enum { CLOCKS_APART_MS = 1000 };

static const char sql[] =
    "SELECT number, at FROM entry WHERE respondent = ?1 AND kind = 'ping' AND number > ?2"
    " AND body ->> '$.ping.device' = ?3 AND body ->> '$.ping.time' = ?4"
    " AND abs((body ->> '$.ping.lon') - ?5) < 1e-8 AND abs((body ->> '$.ping.lat') - ?6) < 1e-8"
    " ORDER BY number LIMIT 1";

/* The first one that came after *number; false when there is none. */
static bool find(sqlite3_stmt *ask, const struct resident *who, const struct report *report,
                 int64_t *number, struct utc *out)
{
    bool found;

    sqlite3_bind_text(ask, 1, who->respondent, -1, SQLITE_STATIC);
    sqlite3_bind_int64(ask, 2, *number);
    sqlite3_bind_text(ask, 3, report->ping.device, -1, SQLITE_STATIC);
    sqlite3_bind_int64(ask, 4, report->ping.time.ms);
    sqlite3_bind_double(ask, 5, report->ping.at.lon);
    sqlite3_bind_double(ask, 6, report->ping.at.lat);
    found = sqlite3_step(ask) == SQLITE_ROW;
    if (found) {
        *number = sqlite3_column_int64(ask, 0);
        out->ms = sqlite3_column_int64(ask, 1);
    }
    sqlite3_reset(ask);
    return found;
}

/* Not before it was made, and not after the next one was. */
static void check(const struct resident *who, size_t nth, struct utc arrived, struct tally *tally)
{
    int64_t made = who->journal[nth].made.ms;
    int64_t next = nth + 1 < who->n ? who->journal[nth + 1].made.ms : INT64_MAX - CLOCKS_APART_MS;

    if (arrived.ms < made - CLOCKS_APART_MS || arrived.ms > next + CLOCKS_APART_MS)
        tally_note(tally, DIFFERENCE_TEXT, who->respondent,
                   "ping %zu of %zu was judged %.1f s after it was made", nth + 1, who->n,
                   (double)(arrived.ms - made) / 1000);
}

static void read_one(sqlite3_stmt *ask, struct resident *who, struct tally *tally)
{
    int64_t number = 0;
    struct utc arrived;

    for (size_t i = 0; i < who->n; i++) {
        if (!find(ask, who, &who->journal[i], &number, &arrived)) {
            if (!who->journal[i].restless)
                tally_note(tally, DIFFERENCE_LOST, who->respondent,
                           "ping %zu of %zu was acknowledged and is not in the ledger", i + 1,
                           who->n);
            continue;
        }
        if (!who->journal[i].by_arrival)
            continue;
        check(who, i, arrived, tally);
        who->journal[i].made = arrived;
    }
}

void arrival_read(struct population *population, const char *ledger, struct tally *tally)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *ask = NULL;

    assert_int_equal(sqlite3_open_v2(ledger, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &ask, NULL), SQLITE_OK);
    for (size_t i = 0; i < population->n; i++)
        read_one(ask, &population->residents[i], tally);
    sqlite3_finalize(ask);
    sqlite3_close(db);
}
