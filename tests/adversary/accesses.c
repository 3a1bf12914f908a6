/* SPDX-License-Identifier: Apache-2.0 */
#include "looks.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUSY_MS = 2000 };

struct looks {
    sqlite3 *db;
};

static const char newest[] =
    "SELECT body FROM entry WHERE number > (SELECT max(number) FROM entry)"
    " - 20000 AND kind = 'access' AND (instr(body, ?1) > 0 OR instr(body, ?2) > 0) LIMIT 1",
                  all[] = "SELECT body FROM entry WHERE kind = 'access'",
                  first[] = "SELECT lower(hex(digest)) FROM entry ORDER BY number LIMIT 1";

struct looks *looks_open(const char *path)
{
    struct looks *looks = calloc(1, sizeof *looks);

    if (looks != NULL &&
        sqlite3_open_v2(path, &looks->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(looks->db, BUSY_MS);
        return looks;
    }
    looks_close(looks);
    return NULL;
}

void looks_close(struct looks *looks)
{
    if (looks == NULL)
        return;
    sqlite3_close(looks->db);
    free(looks);
}

void looks_first(struct looks *looks, char digest[LOOKS_DIGEST])
{
    sqlite3_stmt *statement = NULL;

    digest[0] = '\0';
    if (sqlite3_prepare_v2(looks->db, first, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        snprintf(digest, LOOKS_DIGEST, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
}

bool looks_hold(struct looks *looks, unsigned long nth)
{
    sqlite3_stmt *statement = NULL;
    char more[64], alone[64];
    bool ok;

    snprintf(more, sizeof more, "\"reason\":\"look %lu ", nth);
    snprintf(alone, sizeof alone, "\"reason\":\"look %lu\"", nth);
    ok = sqlite3_prepare_v2(looks->db, newest, -1, &statement, NULL) == SQLITE_OK &&
         sqlite3_bind_text(statement, 1, more, -1, SQLITE_STATIC) == SQLITE_OK &&
         sqlite3_bind_text(statement, 2, alone, -1, SQLITE_STATIC) == SQLITE_OK &&
         sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return ok;
}

unsigned long looks_find(struct looks *looks, unsigned char *found, unsigned long most)
{
    sqlite3_stmt *statement = NULL;
    unsigned long n = 0, nth;

    if (sqlite3_prepare_v2(looks->db, all, -1, &statement, NULL) != SQLITE_OK)
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
