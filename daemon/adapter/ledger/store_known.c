/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/store_known.h"

#include "adapter/ledger/store_parts.h"
#include "adapter/ledger/store_rows.h"
#include "adapter/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct table {
    const char *name, *all;
    enum statement get, make, put;
} tables[] = {
    [ROW_DEVICE] = { "device", "SELECT id, known FROM device", GET_DEVICE, NEW_DEVICE, PUT_DEVICE },
    [ROW_INCIDENT] = { "incident", "SELECT subject, known FROM incident", GET_INCIDENT,
                       NEW_INCIDENT, PUT_INCIDENT },
    [ROW_CUSTODY] = { "custody", "SELECT incident, known FROM custody", GET_CUSTODY, NEW_CUSTODY,
                      PUT_CUSTODY },
    [ROW_LAST_ACK] = { "heard", "SELECT one, id FROM heard", GET_LAST_ACK, NEW_LAST_ACK,
                       PUT_LAST_ACK },
};

/* The ids last read of the streams of acks and of pings stand in one table, under numbers. */
static const struct table *table_of(enum row_kind kind)
{
    return &tables[kind == ROW_READ ? ROW_LAST_ACK : kind];
}

static const char *key_of(const struct row *row)
{
    return row->kind == ROW_LAST_ACK ? "1" : row->kind == ROW_READ ? "2" : row->name;
}

/* ---- the sum ---- */

static void add(struct store_known_sum *sum, const unsigned char digest[DIGEST_BYTES])
{
    unsigned carry = 0;

    for (int i = 0; i < DIGEST_BYTES; i++) {
        carry += (unsigned)sum->bytes[i] + digest[i];
        sum->bytes[i] = (unsigned char)carry;
        carry >>= 8;
    }
}

static void take_off(struct store_known_sum *sum, const unsigned char digest[DIGEST_BYTES])
{
    unsigned char less[DIGEST_BYTES], one[DIGEST_BYTES] = { 1 };

    for (int i = 0; i < DIGEST_BYTES; i++)
        less[i] = (unsigned char)~digest[i];
    add(sum, less); // the two's complement
    add(sum, one);
}

struct bytes {
    const void *of;
    size_t n;
};

/* False when memory is out: an empty text in its place would spoil the sum. */
static bool column(sqlite3_stmt *row, int nth, struct bytes *out)
{
    bool none = sqlite3_column_type(row, nth) == SQLITE_NULL;
    const char *text = none ? "" : (const char *)sqlite3_column_text(row, nth);

    *out = (struct bytes){ text, (size_t)sqlite3_column_bytes(row, nth) };
    return text != NULL;
}

static struct bytes text(const char *text)
{
    return (struct bytes){ text, strlen(text) };
}

static bool row_digest(const struct table *table, struct bytes key, struct bytes value,
                       unsigned char out[DIGEST_BYTES])
{
    struct digest digest;

    digest_begin(&digest);
    digest_text(&digest, table->name);
    digest_bytes(&digest, key.of, key.n);
    digest_bytes(&digest, value.of, value.n);
    return digest_end(&digest, out);
}

static bool sum_table(sqlite3 *db, const struct table *table, struct store_known_sum *sum)
{
    unsigned char digest[DIGEST_BYTES];
    struct bytes key, value;
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(db, table->all, -1, &all, NULL);

    while (all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) { // a row each turn
        if (!column(all, 0, &key) || !column(all, 1, &value) ||
            !row_digest(table, key, value, digest))
            break;
        add(sum, digest);
    }
    sqlite3_finalize(all);
    return rc == SQLITE_DONE;
}

bool store_known_sum(sqlite3 *db, struct store_known_sum *out)
{
    *out = (struct store_known_sum){ 0 };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (!sum_table(db, &tables[i], out))
            return false;
    }
    return true;
}

/* ---- a row ---- */

/* What stood there goes off the sum; *out is its number in the table, 0: nothing did. */
static bool take_old(struct store *store, const struct table *table, const char *key,
                     struct store_known_sum *sum, int64_t *out)
{
    sqlite3_stmt *get = store->statements[table->get];
    unsigned char digest[DIGEST_BYTES];
    struct bytes value;
    bool ok = true;
    int rc;

    sqlite3_bind_text(get, 1, key, -1, SQLITE_STATIC);
    rc = sqlite3_step(get);
    *out = rc == SQLITE_ROW ? sqlite3_column_int64(get, 0) : 0;
    if (rc == SQLITE_ROW)
        ok = column(get, 1, &value) && row_digest(table, text(key), value, digest);
    if (rc == SQLITE_ROW && ok)
        take_off(sum, digest);
    sqlite3_reset(get);
    return ok && (rc == SQLITE_ROW || rc == SQLITE_DONE);
}

static bool put_new(struct store *store, const struct table *table, const char *key,
                    const char *value, int64_t number, struct store_known_sum *sum)
{
    enum statement which = number == 0 ? table->make : table->put;
    sqlite3_stmt *put = store->statements[which];
    unsigned char made[DIGEST_BYTES];

    if (!row_digest(table, text(key), text(value), made))
        return false;
    add(sum, made);
    if (number == 0)
        sqlite3_bind_text(put, 1, key, -1, SQLITE_STATIC);
    else
        sqlite3_bind_int64(put, 1, number);
    sqlite3_bind_text(put, 2, value, -1, SQLITE_STATIC);
    return store_step(store, which);
}

bool store_known_put(struct store *store, struct progress *progress, const struct row *row)
{
    const struct table *table = table_of(row->kind);
    const char *key = key_of(row);
    char text[KNOWN_TEXT_MAX];
    int64_t number;

    return take_old(store, table, key, &progress->known, &number) &&
           put_new(store, table, key, store_row_print(row, text), number, &progress->known);
}

/* ---- its link ---- */

bool store_known_link(struct store *store, struct progress *progress, const struct row *row)
{
    char sum[DIGEST_HEX], rows[DIGEST_HEX], body[256];
    struct store_known_sum found = progress->known;
    struct kept_entry entry = {
        .kind = "state", .at = row->now, .respondent = "", .evidence = true, .body = body
    };

    digest_print(progress->known.bytes, DIGEST_BYTES, sum);
    snprintf(body, sizeof body, "{\"sum\":\"%s\"}", sum);
    if (row->check_rows) {
        if (!store_known_sum(store->db, &found))
            return false;
        digest_print(found.bytes, DIGEST_BYTES, rows);
        snprintf(body, sizeof body,
                 "{\"sum\":\"%s\",\"found\":\"%s\",\"newest\":%" PRIu64 ",\"opened\":%" PRIu64 "}",
                 sum, rows, store->marked, store->opened);
    }
    if (row->check_rows && store->marked != store->opened)
        log_error("ledger: its newest link was %" PRIu64 ", and is %" PRIu64
                  ": somebody took its end away: breachctl verify",
                  store->marked, store->opened);
    if (memcmp(&found, &progress->known, sizeof found) != 0)
        log_error("ledger: what was known of devices, incidents or custodies was changed by "
                  "somebody else: breachctl verify");
    progress->known = found;
    return store_append(store, &progress->head, &entry, NULL);
}
