/* SPDX-License-Identifier: Apache-2.0 */
#include "desk.h"

#include "loop.h"
#include "rows.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

struct promise {
    struct desk *desk;
    int nth;
};

static struct promise promises[100];

static void tell(struct desk *desk, const char *word)
{
    size_t have = strlen(desk->story);

    assert_true(have + strlen(word) < sizeof desk->story);
    strcpy(desk->story + have, word);
    if (desk->on_word != NULL)
        desk->on_word(desk, desk->story + have);
}

static void tell_rows(struct desk *desk, const char *what, const struct row *rows)
{
    const struct row *last = rows;
    char word[64];

    while (last != NULL && last->next != NULL) {
        assert_true(last->next->alert.sequence > last->alert.sequence);
        last = last->next;
    }
    snprintf(word, sizeof word, rows ? "%s:%d..%d " : "%s:none ", what,
             rows ? (int)rows->alert.sequence : 0, rows ? (int)last->alert.sequence : 0);
    tell(desk, word);
}

static void on_alerts(const struct row *alerts, void *arg)
{
    tell_rows(arg, "alerts", alerts);
}

static void on_fetched(const struct fetch *asked, bool ok, const struct row *alerts, void *arg)
{
    assert_true(ok || alerts == NULL);
    tell_rows(arg, !ok ? "unread" : asked->of != FETCH_ALERTS ? "open" : "fetched", alerts);
}

void desk_fetch(struct desk *desk, uint64_t after, unsigned limit)
{
    ledger_fetch(desk->ledger, &(struct fetch){ .after = after, .limit = limit });
}

static void on_committed(const struct row *alerts, void *arg)
{
    (void)alerts; // on_alerts tells those
    tell(arg, "committed ");
}

static void on_blind(const char *why, void *arg)
{
    tell(arg, why[0] != '\0' ? "blind " : "blind-without-why ");
}

static void on_reserve_put(bool ok, void *arg)
{
    tell(arg, ok ? "words-kept " : "words-lost ");
}

static void on_probed(bool ok, void *arg)
{
    tell(arg, ok ? "sees " : "sees-not ");
}

void desk_open(struct desk *desk, struct house *house)
{
    struct ledger_callbacks callbacks = { on_alerts,      on_fetched, on_committed, on_blind,
                                          on_reserve_put, on_probed,  desk };
    struct fault why;

    *desk = (struct desk){ .house = house,
                           .base = event_base_new(),
                           .path = house_path(house, "ledger.db") };
    assert_non_null(desk->base);
    if (!ledger_open(desk->base, desk->path.text, &callbacks, &desk->ledger, &why))
        fail_msg("%s", why.text);
}

void desk_close(struct desk *desk)
{
    if (desk->holder != NULL)
        desk_release(desk);
    ledger_close(desk->ledger);
    event_base_free(desk->base);
}

void desk_reopen(struct desk *desk)
{
    struct house *house = desk->house;

    desk_close(desk);
    desk_open(desk, house);
}

bool desk_put(struct desk *desk, int nth)
{
    struct kept_alert alert = some_alert(nth);

    return ledger_put_alert(desk->ledger, &alert);
}

static void on_done(bool ok, void *arg)
{
    const struct promise *promise = arg;
    char word[32];

    snprintf(word, sizeof word, "%s:%d ", ok ? "done" : "given-up", promise->nth);
    tell(promise->desk, word);
}

bool desk_wait(struct desk *desk, int nth)
{
    promises[nth] = (struct promise){ desk, nth };
    return ledger_wait(desk->ledger, on_done, &promises[nth]);
}

void desk_until(struct desk *desk, const char *words)
{
    loop_until(desk->base, strstr(desk->story, words) != NULL);
}

void desk_expect(struct desk *desk, const char *story)
{
    loop_until(desk->base, ledger_idle(desk->ledger));
    assert_string_equal(desk->story, story);
    *desk->story = '\0';
}

void desk_hold(struct desk *desk)
{
    desk->holder = sql_open(desk->path.text);
    assert_int_equal(sqlite3_exec(desk->holder, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
}

void desk_release(struct desk *desk)
{
    sqlite3_close(desk->holder);
    desk->holder = NULL;
}

int64_t desk_number(const struct desk *desk, const char *sql)
{
    return sql_number(desk->path.text, sql);
}
