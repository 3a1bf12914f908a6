/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger that somebody changed afterwards: what was done, which command finds it, and where. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clerk.h"
#include "support/rows.h"
#include "support/test.h"

/*
 * In the evening of house_scene.c the entries 1 to 4 are texts and the start. `entry` is asked of
 * the ledger as it was; 0 in `says` stands for its number.
 */
static const struct row {
    const char *says;
    const char *sql;   // what is done
    const char *entry; // SELECT: the entry that must be named
    const char *finder, *finding;
} rows[] = {
    { "a question's body",
      "UPDATE entry SET body = replace(body, '\"accuracy\":8', '\"accuracy\":9')"
      " WHERE number = 9",
      "SELECT 9", "verify", "its body was changed" },
    { "bytes behind a body's end",
      "UPDATE entry SET body = CAST(body || x'0041' AS TEXT)"
      " WHERE number = 9",
      "SELECT 9", "verify", "its body was changed" },
    { "an alert's event",
      "UPDATE alert SET event = replace(event, 'critical', 'info')"
      " WHERE type = 'breach'",
      "SELECT entry FROM alert WHERE type = 'breach'", "verify", "its body was changed" },
    { "an alert's row", "UPDATE alert SET severity = 'info' WHERE type = 'breach'",
      "SELECT entry FROM alert WHERE type = 'breach'", "verify",
      "the alert's row does not say what its event says" },
    { "the order of two alerts",
      "UPDATE alert SET sequence = -sequence WHERE sequence IN (2, 3);"
      "UPDATE alert SET sequence = 5 + sequence WHERE sequence < 0",
      "SELECT entry FROM alert WHERE sequence = 2", "verify",
      "the alert's row does not say what its event says" },
    { "an order's text",
      "UPDATE entry SET body = replace(body, '200 m', '100 m')"
      " WHERE kind = 'order'",
      "SELECT number FROM entry WHERE kind = 'order'", "verify", "its body was changed" },
    { "by which texts it was started",
      "UPDATE entry SET body = replace(body, '\"A\"', '\"B\"') WHERE kind = 'texts'",
      "SELECT number FROM entry WHERE kind = 'texts'", "verify", "its body was changed" },
    { "an entry taken out", "DELETE FROM entry WHERE number = 9", "SELECT 10", "verify",
      "the 1 before it are missing" },
    { "the first entries taken out", "DELETE FROM entry WHERE number < 5", "SELECT 5", "verify",
      "the 4 before it are missing" },
    { "two entries swapped",
      "UPDATE entry SET number = -10 WHERE number = 9;"
      "UPDATE entry SET number = 9 WHERE number = 10;"
      "UPDATE entry SET number = 10 WHERE number = -10",
      "SELECT 9", "verify", "does not follow from the one before" },
    { "an instant", "UPDATE entry SET at = at + 1 WHERE number = 9", "SELECT 9", "verify",
      "does not follow from the one before" },
    { "a kind", "UPDATE entry SET kind = 'time' WHERE number = 9", "SELECT 9", "verify",
      "does not follow from the one before" },
    { "a link", "UPDATE entry SET digest = x'00' WHERE number = 9", "SELECT 9", "verify",
      "does not follow from the one before" },
    { "a body taken from evidence", "UPDATE entry SET body = NULL WHERE number = 9", "SELECT 9",
      "verify", "evidence: its body is missing" },
    { "a text taken and called no evidence",
      "UPDATE entry SET body = NULL, evidence = 0 WHERE kind = 'order'",
      "SELECT number FROM entry WHERE kind = 'order'", "verify", "evidence: its body is missing" },
    { "an alert taken out", "DELETE FROM alert WHERE type = 'breach'",
      "SELECT entry FROM alert WHERE type = 'breach'", "verify", "evidence: its body is missing" },
    { "an alert put in",
      "INSERT INTO alert SELECT 1000, id, type, area, severity, incident, effect, event, 0, todo, "
      "by, note"
      " FROM alert WHERE type = 'breach'",
      "SELECT 0", "verify", "alerts stand in no entry" },
    { "an alert told twice",
      "INSERT INTO alert SELECT 1000, id, type, area, severity, incident, effect, event, entry, "
      "todo, by, note"
      " FROM alert WHERE type = 'breach'",
      "SELECT entry FROM alert WHERE type = 'breach'", "verify", "two alerts claim it" },
    { "a question taken and called no evidence, so that its alert stands alone",
      "UPDATE entry SET body = NULL, evidence = 0 WHERE number ="
      " (SELECT entry - 1 FROM alert WHERE type = 'breach')",
      "SELECT entry FROM alert WHERE type = 'breach'", "replay", "cannot be judged again" },
    { "a question put under somebody else", "UPDATE entry SET respondent = 'R-2' WHERE number = 9",
      "SELECT 9", "replay", "another respondent" },
    { "an alert put under nobody",
      "UPDATE entry SET respondent = '' WHERE number ="
      " (SELECT entry FROM alert WHERE type = 'breach')",
      "SELECT entry - 1 FROM alert WHERE type = 'breach'", "replay", "breachd.breach" },
};

static void play(struct house *house)
{
    house_evening(house);
    house_gather(house);
    house_close(house);
    house->well = false;
}

/* One evening for all rows; each doctors a copy of its ledger. */
static struct house *one_evening(void)
{
    static void *home;

    if (home == NULL) {
        assert_int_equal(house_setup(&home), 0);
        play(home);
        clerk_agrees(home);
        house_copy(home, house_path(home, "ledger.db").text, "whole.db");
    }
    return home;
}

static void it_is_found(void **state)
{
    const struct row *row = *state;
    struct house *house = one_evening();
    struct path ledger = house_path(house, "ledger.db"), whole = house_path(house, "whole.db");
    char named[64];

    house_remove(house, "ledger.db-wal");
    house_remove(house, "ledger.db-shm");
    house_copy(house, whole.text, "ledger.db");
    snprintf(named, sizeof named, "entry %lld", clerk_number(house, row->entry));
    clerk_doctor(house, row->sql);
    assert_int_equal(house_ctl(house, row->finder, "--ledger", ledger.text, NULL), 1);
    if (strstr(house_ctl_said(house), named) == NULL ||
        strstr(house_ctl_said(house), row->finding) == NULL)
        fail_msg("%s: \"%s\" lacks \"%s\" or \"%s\"", row->finder, house_ctl_said(house), named,
                 row->finding);
}

/* ---- a link forged so that it fits ---- */

static void digest_of(const char *text, char hex[65])
{
    unsigned char digest[32];

    assert_int_equal(EVP_Digest(text, strlen(text), digest, NULL, EVP_sha256(), NULL), 1);
    for (size_t i = 0; i < sizeof digest; i++)
        sprintf(hex + 2 * i, "%02x", digest[i]);
}

/* Body, its digest and the link of entry 9 are made anew: then entry 10 does not follow. */
static void a_forged_link_is_found_at_the_next(void **state)
{
    struct house *house = *state;
    struct path ledger = house_path(house, "ledger.db");
    char body[65], link[65], line[300], sql[512];

    play(house);
    digest_of("{}", body);
    house_ctl(house, "export", "--ledger", ledger.text, "A/home/1", NULL);
    {
        const char *eight = strstr(house_ctl_said(house), "{\"number\":8,");
        const char *before = eight ? strstr(eight, "\"digest\":\"") : NULL;

        assert_non_null(before);
        snprintf(line, sizeof line, "%.64s 9 ping %lld %s\n", before + strlen("\"digest\":\""),
                 clerk_number(house, "SELECT at FROM entry WHERE number = 9"), body);
    }
    digest_of(line, link);
    snprintf(sql, sizeof sql,
             "UPDATE entry SET body = '{}', body_digest = x'%s', digest = x'%s' WHERE number = 9",
             body, link);
    clerk_doctor(house, sql);
    assert_int_equal(house_ctl(house, "verify", "--ledger", ledger.text, NULL), 1);
    assert_non_null(strstr(house_ctl_said(house), "entry 10: does not follow from the one before"));
    assert_null(strstr(house_ctl_said(house), "entry 9:"));
    assert_int_equal(house_ctl(house, "replay", "--ledger", ledger.text, NULL), 1);
    assert_non_null(strstr(house_ctl_said(house), "entry 9"));
    house_close(house);
}

/* Whoever takes the end away leaves a chain that holds, but not the newest link noted elsewhere. */
static void an_end_taken_away_shows_by_the_newest_link(void **state)
{
    struct house *house = *state;
    struct path ledger = house_path(house, "ledger.db");
    char newest[128], *at;

    play(house);
    house_ctl(house, "verify", "--ledger", ledger.text, NULL);
    at = strstr(house_ctl_said(house), "newest link ");
    assert_non_null(at);
    snprintf(newest, sizeof newest, "%.90s", at);
    clerk_doctor(house, "DELETE FROM alert WHERE entry = (SELECT max(number) FROM entry);"
                        "DELETE FROM entry WHERE number = (SELECT max(number) FROM entry)");
    assert_int_equal(house_ctl(house, "verify", "--ledger", ledger.text, NULL), 0);
    assert_null(strstr(house_ctl_said(house), newest));
    house_close(house);
}

static void the_evening_is_over(void **state)
{
    void *home = one_evening();

    (void)state;
    house_close(home);
    house_teardown(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_evening_is_over),
        house_test(a_forged_link_is_found_at_the_next),
        house_test(an_end_taken_away_shows_by_the_newest_link),
    };

    return rows_hold("doctored", rows, it_is_found) +
           cmocka_run_group_tests_name("doctored", tests, NULL, NULL);
}
