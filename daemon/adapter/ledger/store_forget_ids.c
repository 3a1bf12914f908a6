/* SPDX-License-Identifier: Apache-2.0 */
/* store_forget_ids.c - which orders and devices were his alone, by the texts that were kept. */
#include "adapter/json/input.h"
#include "adapter/ledger/store_forget_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lists ---- */

static void add(struct forget_ids *ids, struct id_list *list, const char *id, size_t n)
{
    char(*larger)[NAME_MAX_CHARS + 1] = list->all;

    if (n == 0 || n > NAME_MAX_CHARS)
        return;
    if (list->n == list->room) {
        larger = reallocarray(list->all, 2 * list->room + 8, sizeof *larger);
        ids->broken = ids->broken || larger == NULL;
        if (larger == NULL)
            return;
        list->all = larger;
        list->room = 2 * list->room + 8;
    }
    memcpy(larger[list->n], id, n);
    larger[list->n++][n] = '\0';
}

static void strike(struct id_list *list, const char *id, size_t n)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strlen(list->all[i]) == n && memcmp(list->all[i], id, n) == 0)
            memcpy(list->all[i--], list->all[--list->n], sizeof list->all[i]);
    }
}

void forget_ids_fini(struct forget_ids *ids)
{
    free(ids->orders.all);
    free(ids->devices.all);
}

static bool has(const struct id_list *list, const char *id, size_t n)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strlen(list->all[i]) == n && memcmp(list->all[i], id, n) == 0)
            return true;
    }
    return false;
}

bool forget_ids_have(const struct forget_ids *ids, const char *incident)
{
    static const char device[] = "device/";
    bool of_device = strncmp(incident, device, sizeof device - 1) == 0;
    const char *id = of_device ? incident + sizeof device - 1 : incident;
    size_t n = strcspn(id, "/");

    return id[n] == '/' && has(of_device ? &ids->devices : &ids->orders, id, n);
}

/* ---- a text ---- */

/* "KEY = VALUE" of an order's text, to the line's end; empty when there is none. */
static const char *value_of(const char *text, const char *key, size_t *out_n)
{
    char begins[64];
    const char *at;

    snprintf(begins, sizeof begins, "\n%s = ", key);
    at = strstr(text, begins);
    at = at != NULL ? at + strlen(begins) : "";
    *out_n = strcspn(at, "\n");
    return at;
}

static bool is_his(const char *text, const char *respondent)
{
    size_t n;
    const char *whose = value_of(text, "respondent", &n);

    return n == strlen(respondent) && memcmp(whose, respondent, n) == 0;
}

/* The ids that it names: his are listed, those of others struck out. */
static void take_text(struct forget_ids *ids, const char *text, bool his)
{
    const char *id = text + strcspn(text, " "), *end; // "[order ID]"
    size_t n;

    id += *id == ' ';
    n = strcspn(id, "]");
    if (his)
        add(ids, &ids->orders, id, n);
    else
        strike(&ids->orders, id, n);
    id = value_of(text, "devices", &n);
    for (end = id + n; id < end; id += n + strspn(id + n, ", \t")) {
        n = strcspn(id, ", \t\n");
        if (his)
            add(ids, &ids->devices, id, n);
        else
            strike(&ids->devices, id, n);
    }
}

/* ---- all of them ---- */

/* Texts are kept once and few: all are looked at, his first. */
static bool search(struct store *store, const char *respondent, struct forget_ids *ids, bool his,
                   struct taking *taking)
{
    static const char sql[] = "SELECT number, body FROM entry WHERE kind = 'order' AND once = 1"
                              " AND body IS NOT NULL";
    sqlite3_stmt *all = NULL;
    int rc = sqlite3_prepare_v2(store->db, sql, -1, &all, NULL);

    // A row each turn, on the ledger's thread.
    while (all != NULL && (rc = sqlite3_step(all)) == SQLITE_ROW) {
        uint64_t number = (uint64_t)sqlite3_column_int64(all, 0);
        const char *body = (const char *)sqlite3_column_text(all, 1);
        char digest[CHAIN_HEX], *text = body != NULL ? input_read_order(body, digest) : NULL;

        if (text != NULL && is_his(text, respondent) == his) {
            take_text(ids, text, his);
            if (his)
                taking_add(taking, &taking->bodies, (struct doomed){ number, number });
        }
        free(text);
    }
    sqlite3_finalize(all);
    return rc == SQLITE_DONE;
}

bool forget_ids_read(struct store *store, const char *respondent, struct forget_ids *out,
                     struct taking *taking)
{
    return search(store, respondent, out, true, taking) &&
           search(store, respondent, out, false, taking) && !out->broken;
}
