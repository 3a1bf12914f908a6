/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger_fixture.h"

#include "disk.h"
#include "loop.h"
#include "rows.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

struct promise {
    struct ledger_fixture *fixture;
    int nth;
};

static struct promise promises[100];

static void tell(struct ledger_fixture *fixture, const char *word)
{
    size_t have = strlen(fixture->story);

    assert_true(have + strlen(word) < sizeof fixture->story);
    strcpy(fixture->story + have, word);
    if (fixture->on_report != NULL)
        fixture->on_report(fixture, fixture->story + have);
}

static void tell_rows(struct ledger_fixture *fixture, const char *what, const struct row *rows)
{
    const struct row *last = rows;
    char word[64];

    while (last != NULL && last->next != NULL) {
        assert_true(last->next->alert.sequence > last->alert.sequence);
        last = last->next;
    }
    snprintf(word, sizeof word, rows ? "%s:%d..%d " : "%s:none ", what,
             rows ? (int)rows->alert.sequence : 0, rows ? (int)last->alert.sequence : 0);
    tell(fixture, word);
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

void ledger_fixture_fetch(struct ledger_fixture *fixture, uint64_t after, unsigned limit)
{
    ledger_fetch(fixture->ledger, &(struct fetch){ .after = after, .limit = limit });
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

void ledger_fixture_open(struct ledger_fixture *fixture, struct testbed *testbed)
{
    struct ledger_callbacks callbacks = { on_alerts,      on_fetched, on_committed, on_blind,
                                          on_reserve_put, on_probed,  fixture };
    struct fault why;

    *fixture = (struct ledger_fixture){ .testbed = testbed,
                                        .base = event_base_new(),
                                        .path = testbed_path(testbed, "ledger.db") };
    assert_non_null(fixture->base);
    if (!ledger_open(fixture->base, fixture->path.text, &callbacks, &fixture->ledger, &why))
        fail_msg("%s", why.text);
}

void ledger_fixture_close(struct ledger_fixture *fixture)
{
    if (fixture->holder != NULL)
        ledger_fixture_release(fixture);
    ledger_close(fixture->ledger);
    event_base_free(fixture->base);
}

void ledger_fixture_reopen(struct ledger_fixture *fixture)
{
    struct testbed *testbed = fixture->testbed;

    ledger_fixture_close(fixture);
    ledger_fixture_open(fixture, testbed);
}

bool ledger_fixture_put(struct ledger_fixture *fixture, int nth)
{
    struct kept_alert alert = some_alert(nth);

    return ledger_put_alert(fixture->ledger, &alert);
}

static void on_done(bool ok, void *arg)
{
    const struct promise *promise = arg;
    char word[32];

    snprintf(word, sizeof word, "%s:%d ", ok ? "done" : "given-up", promise->nth);
    tell(promise->fixture, word);
}

bool ledger_fixture_wait(struct ledger_fixture *fixture, int nth)
{
    promises[nth] = (struct promise){ fixture, nth };
    return ledger_wait(fixture->ledger, on_done, &promises[nth]);
}

void ledger_fixture_until(struct ledger_fixture *fixture, const char *words)
{
    loop_until(fixture->base, strstr(fixture->story, words) != NULL);
}

void ledger_fixture_expect(struct ledger_fixture *fixture, const char *story)
{
    loop_until(fixture->base, ledger_idle(fixture->ledger));
    assert_string_equal(fixture->story, story);
    *fixture->story = '\0';
}

void ledger_fixture_hold(struct ledger_fixture *fixture)
{
    fixture->holder = sql_open(fixture->path.text);
    assert_int_equal(sqlite3_exec(fixture->holder, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
}

void ledger_fixture_release(struct ledger_fixture *fixture)
{
    sqlite3_close(fixture->holder);
    fixture->holder = NULL;
}

int64_t ledger_fixture_number(const struct ledger_fixture *fixture, const char *sql)
{
    return sql_number(fixture->path.text, sql);
}

void ledger_fixture_commit(struct ledger_fixture *fixture, int first, int last)
{
    char want[64];

    for (int nth = first; nth <= last; nth++)
        assert_true(ledger_fixture_put(fixture, nth));
    ledger_flush(fixture->ledger);
    snprintf(want, sizeof want, "committed alerts:%d..%d ", first, last);
    ledger_fixture_expect(fixture, want);
}

void ledger_fixture_blind(struct ledger_fixture *fixture)
{
    disk_fill();
    assert_true(ledger_fixture_put(fixture, 99) && ledger_fixture_wait(fixture, 99));
    ledger_flush(fixture->ledger);
    ledger_fixture_until(fixture, "blind ");
    disk_clear();
    ledger_fixture_expect(fixture, "given-up:99 blind ");
}
