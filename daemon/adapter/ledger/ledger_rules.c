/* SPDX-License-Identifier: Apache-2.0 */
#include "adapter/ledger/ledger_rules.h"

#include "adapter/json/known.h"
#include "adapter/ledger/ledger_reader_parts.h"

#include <stdlib.h>
#include <string.h>

/* The first row's text, as a copy; NULL and why. */
static char *first_text(struct ledger_reader *reader, sqlite3_stmt *find, const char *absent,
                        struct fault *why)
{
    int rc = find != NULL ? sqlite3_step(find) : SQLITE_ERROR;
    const char *text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(find, 0) : NULL;
    char *copy = text != NULL ? strdup(text) : NULL;

    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        ledger_reader_say(reader, why);
    else if (copy == NULL)
        fault_set(why, "ledger: %s", text == NULL ? absent : FAULT_MEMORY);
    sqlite3_finalize(find);
    return copy;
}

char *ledger_rules_newest(struct ledger_reader *reader, struct fault *why)
{
    static const char sql[] =
        "SELECT body FROM entry WHERE respondent = '' AND kind IN ('started', 'reload')"
        " AND body IS NOT NULL ORDER BY number DESC LIMIT 1";
    sqlite3_stmt *find = NULL;

    sqlite3_prepare_v2(reader->db, sql, -1, &find, NULL);
    return first_text(reader, find, "says nowhere which orders are in force", why);
}

char *ledger_rules_list(struct ledger_reader *reader, const char *hex, struct fault *why)
{
    static const char sql[] = "SELECT body FROM entry WHERE once = 1 AND kind = 'texts'"
                              " AND lower(hex(body_digest)) = ?1";
    sqlite3_stmt *find = NULL;

    if (sqlite3_prepare_v2(reader->db, sql, -1, &find, NULL) == SQLITE_OK)
        sqlite3_bind_text(find, 1, hex, -1, SQLITE_STATIC);
    return first_text(reader, find, "the list of orders in force is not in it", why);
}

bool ledger_rules_texts(struct ledger_reader *reader, void (*on_body)(const char *body, void *arg),
                        void *arg, struct fault *why)
{
    static const char sql[] = "SELECT body FROM entry WHERE once = 1 AND kind = 'order'"
                              " AND body IS NOT NULL";
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(reader->db, sql, -1, &all, NULL);

    while (all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) // a row each turn, in breachctl
        on_body((const char *)sqlite3_column_text(all, 0), arg);
    sqlite3_finalize(all);
    return rc == SQLITE_DONE || ledger_reader_say(reader, why);
}

bool ledger_rules_devices(struct ledger_reader *reader,
                          void (*on_device)(const char *id, const struct known_device *known,
                                            void *arg),
                          void *arg, struct fault *why)
{
    struct known_device *known = malloc(sizeof *known);
    sqlite3_stmt *all = NULL;
    int rc =
        sqlite3_prepare_v2(reader->db, "SELECT id, known FROM device ORDER BY id", -1, &all, NULL);
    struct estimate believed;
    bool odd = false;

    if (known == NULL) {
        sqlite3_finalize(all);
        return fault_set(why, FAULT_MEMORY);
    }
    while (all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) { // a row each turn, in breachctl
        const char *id = ledger_reader_text(all, 0, &odd);

        if (known_device_recall(ledger_reader_text(all, 1, &odd), known, &believed) !=
            RECALL_LACKING)
            on_device(id, known, arg);
    }
    sqlite3_finalize(all);
    free(known);
    return rc == SQLITE_DONE || ledger_reader_say(reader, why);
}
