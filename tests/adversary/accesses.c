/* SPDX-License-Identifier: Apache-2.0 */
#include "accesses.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUSY_MS = 2000 };

struct accesses {
    sqlite3 *db;
};

static const char newest[] =
    "SELECT body FROM entry WHERE number > (SELECT max(number) FROM entry)"
    " - 20000 AND kind = 'access' AND (instr(body, ?1) > 0 OR instr(body, ?2) > 0) LIMIT 1",
                  all[] = "SELECT body FROM entry WHERE kind = 'access'",
                  first[] = "SELECT lower(hex(digest)) FROM entry ORDER BY number LIMIT 1";

struct accesses *accesses_open(const char *path)
{
    struct accesses *accesses = calloc(1, sizeof *accesses);

    if (accesses != NULL &&
        sqlite3_open_v2(path, &accesses->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(accesses->db, BUSY_MS);
        return accesses;
    }
    accesses_close(accesses);
    return NULL;
}

void accesses_close(struct accesses *accesses)
{
    if (accesses == NULL)
        return;
    sqlite3_close(accesses->db);
    free(accesses);
}

void accesses_first(struct accesses *accesses, char digest[ACCESSES_DIGEST])
{
    sqlite3_stmt *statement = NULL;

    digest[0] = '\0';
    if (sqlite3_prepare_v2(accesses->db, first, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        snprintf(digest, ACCESSES_DIGEST, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
}

bool accesses_hold(struct accesses *accesses, unsigned long nth)
{
    sqlite3_stmt *statement = NULL;
    char more[64], alone[64];
    bool ok;

    snprintf(more, sizeof more, "\"reason\":\"look %lu ", nth);
    snprintf(alone, sizeof alone, "\"reason\":\"look %lu\"", nth);
    ok = sqlite3_prepare_v2(accesses->db, newest, -1, &statement, NULL) == SQLITE_OK &&
         sqlite3_bind_text(statement, 1, more, -1, SQLITE_STATIC) == SQLITE_OK &&
         sqlite3_bind_text(statement, 2, alone, -1, SQLITE_STATIC) == SQLITE_OK &&
         sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return ok;
}

unsigned long accesses_find(struct accesses *accesses, unsigned char *found, unsigned long most)
{
    sqlite3_stmt *statement = NULL;
    unsigned long n = 0, nth;

    if (sqlite3_prepare_v2(accesses->db, all, -1, &statement, NULL) != SQLITE_OK)
        return 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *body = (const char *)sqlite3_column_text(statement, 0);
        const char *reason = body != NULL ? strstr(body, "\"reason\":\"look ") : NULL;

        n++;
        if (reason != NULL && sscanf(reason, "\"reason\":\"look %lu", &nth) == 1 && nth < most)
            found[nth / 8] |= (unsigned char)(1 << nth % 8);
    }
    sqlite3_finalize(statement);
    return n;
}
