/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

#include "adapter/chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

struct store *store_fixture_open(const struct testbed *testbed)
{
    struct store *store = NULL;
    struct fault why;

    if (!store_open(testbed_path(testbed, "ledger.db").text, &store, &why))
        fail_msg("%s", why.text);
    return store;
}

/* Kept as long as the program: there are few, and an entry borrows them. */
struct kept_entry store_fixture_ping(const char *respondent, int64_t at, const char *word)
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

bool store_fixture_put(struct store *store, const struct kept_entry *entries, size_t n)
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

bool store_fixture_mark(struct store *store, const char *respondent, int64_t since)
{
    struct row row = {
        .kind = ROW_EVIDENCE, .name = respondent, .since = { since }, .now = { since }
    };
    struct fault why;

    return store_commit(store, &row, store_published(store), &why);
}

bool store_fixture_retain(struct store *store, int64_t before, unsigned limit)
{
    return store_retain(store, &(struct retention){ { before }, 0, 0 }, limit);
}

bool store_fixture_retain_alerts(struct store *store, int64_t before, unsigned limit)
{
    return store_retain_alerts(store, &(struct retention){ { before }, 0, 0 }, limit);
}

/* The columns of the question below. */
enum {
    NUMBER,
    KIND,
    AT,
    RESPONDENT,
    EVIDENCE,
    START,
    ONCE,
    SALT,
    BODY,
    BODY_DIGEST,
    LINK,
    ROW_DIGEST,
    ID
};

static const char *text(sqlite3_stmt *row, int column)
{
    return (const char *)sqlite3_column_text(row, column);
}

static void check_body(sqlite3_stmt *row, int64_t number)
{
    unsigned char digest[CHAIN_DIGEST];

    if (text(row, BODY) == NULL) {
        assert_true(strcmp(text(row, KIND), "ping") == 0 || strcmp(text(row, KIND), "alert") == 0);
        if (sqlite3_column_int(row, EVIDENCE) != 0)
            fail_msg("entry %" PRId64 ": evidence without a body", number);
        return;
    }
    assert_true(chain_digest(text(row, BODY), (size_t)sqlite3_column_bytes(row, BODY), digest));
    assert_memory_equal(digest, sqlite3_column_blob(row, BODY_DIGEST), CHAIN_DIGEST);
}

static void read_link(sqlite3_stmt *row, struct chain_link *out)
{
    *out = (struct chain_link){ .kind = text(row, KIND),
                                .at = { sqlite3_column_int64(row, AT) },
                                .respondent = text(row, RESPONDENT),
                                .evidence = sqlite3_column_int(row, EVIDENCE) == 1,
                                .start = sqlite3_column_int(row, START) != 0,
                                .once = sqlite3_column_int(row, ONCE) != 0,
                                .has_row = sqlite3_column_bytes(row, ROW_DIGEST) > 0 };
    memcpy(out->salt, sqlite3_column_blob(row, SALT), CHAIN_SALT);
    memcpy(out->body, sqlite3_column_blob(row, BODY_DIGEST), CHAIN_DIGEST);
    if (out->has_row)
        memcpy(out->row, sqlite3_column_blob(row, ROW_DIGEST), CHAIN_DIGEST);
    if (text(row, ID) != NULL) { // not taken away
        struct chain_row of = { text(row, ID),
                                text(row, ID + 1),
                                text(row, ID + 2),
                                text(row, ID + 3),
                                text(row, ID + 4),
                                sqlite3_column_int(row, ID + 5),
                                sqlite3_column_int(row, ID + 6),
                                text(row, ID + 7),
                                text(row, ID + 8) };

        assert_true(chain_row_digest(&of, out->row));
    }
}

/* What the store itself has to say. */
static bool is_its_own(const char *kind)
{
    static const char *const kinds[] = { "evidence", "retention", "renumbered", "state",
                                         "migrated" };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    }
    return false;
}

uint64_t store_fixture_verify(const struct testbed *testbed)
{
    static const char sql[] =
        "SELECT number, kind, e.at, respondent, evidence, start, once, salt, ifnull(body, event),"
        " body_digest, digest, row_digest, id, type, area, severity, incident, effect, todo, by, "
        "note"
        " FROM entry e LEFT JOIN alert a ON a.entry = e.number ORDER BY number";
    sqlite3 *db = sql_open(testbed_path(testbed, "ledger.db").text);
    struct chain chain = { 0 };
    uint64_t put = 0;
    sqlite3_stmt *all;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &all, NULL), SQLITE_OK);
    while (sqlite3_step(all) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(all, NUMBER);
        struct chain_link link;

        check_body(all, number);
        if (sqlite3_column_bytes(all, SALT) == 0) {
            assert_true(chain_extend_1(&chain, text(all, KIND),
                                       (struct utc){ sqlite3_column_int64(all, AT) },
                                       sqlite3_column_blob(all, BODY_DIGEST)));
        } else {
            read_link(all, &link);
            assert_true(chain_extend(&chain, &link));
        }
        put += !is_its_own(text(all, KIND));
        assert_int_equal(number, chain.number);
        assert_memory_equal(chain.digest, sqlite3_column_blob(all, LINK), CHAIN_DIGEST);
    }
    sqlite3_finalize(all);
    sqlite3_close(db);
    return put;
}

bool store_fixture_holds(const struct testbed *testbed, const char *name, const char *word)
{
    FILE *file = fopen(testbed_path(testbed, name).text, "rbe");
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
