/* SPDX-License-Identifier: Apache-2.0 */
#include "vault.h"

#include "adapter/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

struct store *vault_open(const struct house *house)
{
    struct store *store = NULL;
    struct fault why;

    if (!store_open(house_path(house, "ledger.db").text, &store, &why))
        fail_msg("%s", why.text);
    return store;
}

/* Kept as long as the program: there are few, and an entry borrows them. */
struct kept_entry vault_ping(const char *respondent, int64_t at, const char *word)
{
    static char bodies[1024][160];
    static size_t n;
    char *body = bodies[n++ % 1024];

    snprintf(body, sizeof bodies[0],
             "{\"respondent\":\"%s\",\"now\":%" PRId64 ",\"word\":\"%s\",\"n\":%zu}", respondent,
             at, word, n);
    return (
        struct kept_entry){ .kind = "ping", .at = { at }, .respondent = respondent, .body = body };
}

bool vault_put(struct store *store, const struct kept_entry *entries, size_t n)
{
    struct changes changes;
    struct fault why;
    bool ok;

    changes_init(&changes);
    for (size_t i = 0; i < n; i++)
        assert_true(changes_add_entry(&changes, &entries[i]));
    ok = store_commit(store, changes.rows, store_published(store), &why);
    arena_fini(&changes.arena);
    return ok;
}

bool vault_mark(struct store *store, const char *respondent, int64_t since)
{
    struct row row = { .kind = ROW_EVIDENCE, .name = respondent, .since = { since } };
    struct fault why;

    return store_commit(store, &row, store_published(store), &why);
}

static void check_body(sqlite3_stmt *row, int64_t number)
{
    const void *body = sqlite3_column_text(row, 3);
    unsigned char digest[CHAIN_DIGEST];

    if (body == NULL) {
        const char *kind = (const char *)sqlite3_column_text(row, 1);

        assert_true(strcmp(kind, "ping") == 0 || strcmp(kind, "alert") == 0);
        if (sqlite3_column_int(row, 6) != 0)
            fail_msg("entry %" PRId64 ": evidence without a body", number);
        return;
    }
    assert_true(chain_digest(body, (size_t)sqlite3_column_bytes(row, 3), digest));
    assert_memory_equal(digest, sqlite3_column_blob(row, 4), CHAIN_DIGEST);
}

uint64_t vault_verify(const struct house *house)
{
    static const char sql[] =
        "SELECT number, kind, e.at, ifnull(body, event), body_digest, digest, evidence FROM entry e"
        " LEFT JOIN alert a ON a.entry = e.number ORDER BY number";
    sqlite3 *db = sql_open(house_path(house, "ledger.db").text);
    struct chain chain = { 0 };
    sqlite3_stmt *all;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &all, NULL), SQLITE_OK);
    while (sqlite3_step(all) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(all, 0);

        check_body(all, number);
        assert_true(chain_extend(&chain, (const char *)sqlite3_column_text(all, 1),
                                 (struct utc){ sqlite3_column_int64(all, 2) },
                                 sqlite3_column_blob(all, 4)));
        assert_int_equal(number, chain.number);
        assert_memory_equal(chain.digest, sqlite3_column_blob(all, 5), CHAIN_DIGEST);
    }
    sqlite3_finalize(all);
    sqlite3_close(db);
    return chain.number;
}

bool vault_holds(const struct house *house, const char *name, const char *word)
{
    FILE *file = fopen(house_path(house, name).text, "rbe");
    size_t have, length = strlen(word);
    char *bytes = NULL;
    long size;
    bool holds = false;

    if (file == NULL)
        return false;
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    rewind(file);
    bytes = malloc((size_t)size + 1);
    have = fread(bytes, 1, (size_t)size, file);
    fclose(file);
    holds = memmem(bytes, have, word, length) != NULL;
    free(bytes);
    return holds;
}
