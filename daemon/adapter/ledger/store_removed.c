/* SPDX-License-Identifier: Apache-2.0 */
/* store_removed.c - what somebody had taken away since the chain was last told outside. */
#include "adapter/ledger/store_parts.h"

#include <stdio.h>
#include <string.h>

/* By the newest alert that told a link: from there back it is a day of them. */
#define SINCE                                                                                      \
    "ifnull((SELECT entry FROM alert WHERE type = 'chain' ORDER BY sequence DESC LIMIT 1), 0)"

static const char forgotten[] =
    "SELECT DISTINCT json_extract(body, '$.of') FROM entry WHERE number > " SINCE
    " AND kind = 'forgotten' AND json_valid(body) LIMIT 4";
static const char archived[] =
    "SELECT DISTINCT json_extract(body, '$.of') FROM entry WHERE number > " SINCE
    " AND kind = 'retention' AND json_valid(body) AND json_extract(body, '$.command') = 'archive'"
    " LIMIT 2";

enum { FORGOTTEN_NAMED = 3, ARCHIVES_NAMED = 1 }; // and of more only that there are

static size_t put(char *out, size_t at, const char *word)
{
    int n = at < STORE_REMOVED_MAX ? snprintf(out + at, STORE_REMOVED_MAX - at, "%s", word) : 0;

    return at + (size_t)(n > 0 ? n : 0);
}

static size_t name(struct store *store, const char *sql, const char *what, size_t most, char *out,
                   size_t at)
{
    sqlite3_stmt *all = NULL;
    size_t n = 0;

    if (sqlite3_prepare_v2(store->db, sql, -1, &all, NULL) != SQLITE_OK)
        return at;
    while (sqlite3_step(all) == SQLITE_ROW && n++ < most) {
        const char *of = (const char *)sqlite3_column_text(all, 0);

        at = put(out, at, n > 1 ? ", " : at > 0 ? "; " : "");
        at = put(out, at, n > 1 ? "" : what);
        at = put(out, at, of != NULL ? of : "?");
    }
    if (n > most)
        at = put(out, at, " and more");
    sqlite3_finalize(all);
    return at;
}

void store_removed(struct store *store, char out[STORE_REMOVED_MAX])
{
    size_t at;

    out[0] = '\0';
    at = name(store, forgotten, "forgotten: ", FORGOTTEN_NAMED, out, 0);
    name(store, archived, "let go into an archive: before ", ARCHIVES_NAMED, out, at);
}
