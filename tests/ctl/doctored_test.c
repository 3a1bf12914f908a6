/* SPDX-License-Identifier: Apache-2.0 */
/* A ledger that somebody changed afterwards: what was done, which command finds it, and where. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_fixture.h"
#include "support/rows.h"
#include "support/test.h"

/*
 * In the evening of testbed_scene.c entries 1 to 4 are texts and the start, 5 and 7 pings, 6 says
 * that 5 became evidence, 8 is an alert. `entry` is asked of the ledger as it was.
 */
static const struct row {
    const char *says;
    const char *sql;   // what is done
    const char *entry; // SELECT: the entry that must be named
    const char *finder, *finding;
} rows[] = {
    { "a question's body",
      "UPDATE entry SET body = replace(body, '\"accuracy\":8', '\"accuracy\":9')"
      " WHERE number = 7",
      "SELECT 7", "verify", "its body was changed" },
    { "bytes behind a body's end",
      "UPDATE entry SET body = CAST(body || x'0041' AS TEXT)"
      " WHERE number = 7",
      "SELECT 7", "verify", "its body was changed" },
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
      "its alert has the sequence 3, not 2" },
    { "an order's text",
      "UPDATE entry SET body = replace(body, '200 m', '100 m')"
      " WHERE kind = 'order'",
      "SELECT number FROM entry WHERE kind = 'order'", "verify", "its body was changed" },
    { "by which texts it was started",
      "UPDATE entry SET body = replace(body, '\"A\"', '\"B\"') WHERE kind = 'texts'",
      "SELECT number FROM entry WHERE kind = 'texts'", "verify", "its body was changed" },
    { "an entry taken out", "DELETE FROM entry WHERE number = 7", "SELECT 8", "verify",
      "the 1 before it are missing" },
    { "the first entries taken out", "DELETE FROM entry WHERE number < 5", "SELECT 5", "verify",
      "the 4 before it are missing" },
    { "two entries swapped",
      "UPDATE entry SET number = -8 WHERE number = 7;"
      "UPDATE entry SET number = 7 WHERE number = 8;"
      "UPDATE entry SET number = 8 WHERE number = -8",
      "SELECT 7", "verify", "does not follow from the one before" },
    { "an instant", "UPDATE entry SET at = at + 1 WHERE number = 7", "SELECT 7", "verify",
      "does not follow from the one before" },
    { "a kind", "UPDATE entry SET kind = 'time' WHERE number = 7", "SELECT 7", "verify",
      "does not follow from the one before" },
    { "a link", "UPDATE entry SET digest = x'00' WHERE number = 7", "SELECT 7", "verify",
      "does not follow from the one before" },
    { "a body taken from evidence", "UPDATE entry SET body = NULL WHERE number = 7", "SELECT 7",
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
    { "a question put under somebody else", "UPDATE entry SET respondent = 'R-2' WHERE number = 7",
      "SELECT 7", "replay", "another respondent" },
    { "whose a question is", "UPDATE entry SET respondent = '' WHERE number = 7", "SELECT 7",
      "verify", "does not follow from the one before" },
    { "a byte behind whose it is",
      "UPDATE entry SET respondent = respondent || x'0041'"
      " WHERE number = 7",
      "SELECT 7", "verify", "a column is of another type" },
    { "all questions taken and called no evidence",
      "UPDATE entry SET evidence = 0, body = NULL WHERE kind = 'ping'", "SELECT 7", "verify",
      "evidence: its body is missing" },
    { "one that became evidence called none", "UPDATE entry SET evidence = 0 WHERE evidence = 2",
      "SELECT 5", "verify", "was made evidence, and calls itself none" },
    { "one that became evidence called so from the beginning",
      "UPDATE entry SET evidence = 1 WHERE evidence = 2", "SELECT 5", "verify",
      "does not follow from the one before" },
    { "a start", "UPDATE entry SET start = 1 - start WHERE number = 5", "SELECT 5", "verify",
      "does not follow from the one before" },
    { "a text that is kept once", "UPDATE entry SET once = 0 WHERE number = 4", "SELECT 4",
      "verify", "does not follow from the one before" },
    { "a salt", "UPDATE entry SET salt = randomblob(16) WHERE number = 7", "SELECT 7", "verify",
      "does not follow from the one before" },
    { "a salt taken away, as if it were of the old rule",
      "UPDATE entry SET salt = x'' WHERE number = 7", "SELECT 7", "verify",
      "does not follow from the one before" },
    { "a partition", "UPDATE entry SET partition = 1 WHERE number = 7", "SELECT 7", "verify",
      "does not follow from the one before" },
    { "what an alert does", "UPDATE alert SET effect = 0 WHERE type = 'breach'",
      "SELECT entry FROM alert WHERE type = 'breach'", "verify",
      "does not follow from the one before" },
    { "who has it", "UPDATE alert SET by = 'Sgt 1234' WHERE type = 'breach'",
      "SELECT entry FROM alert WHERE type = 'breach'", "verify",
      "does not follow from the one before" },
    { "a hole in the sequences", "UPDATE alert SET sequence = sequence + 1 WHERE sequence = 8",
      "SELECT entry FROM alert WHERE sequence = 8", "verify",
      "its alert has the sequence 9, not 8" },
    { "an alert of before there was a chain, put in",
      "INSERT INTO alert SELECT -5, 'essex/A/home/9/1', type, area, severity, 'A/home/9', effect,"
      " replace(event, 'home/1', 'home/9'), 0, todo, by, note FROM alert WHERE type = 'breach'",
      "SELECT 0", "verify", "alerts stand in no entry" },
    { "what is published", "UPDATE mark SET value = 9999 WHERE name = 'published'", "SELECT 0",
      "verify", "the mark published says 9999, the chain 8" },
    { "the newest sequence", "UPDATE mark SET value = 7 WHERE name = 'sequence'", "SELECT 0",
      "verify", "the mark sequence says 7, the chain 8" },
    { "when the chain was told", "UPDATE mark SET value = 5 WHERE name = 'anchored'", "SELECT 0",
      "verify", "the mark anchored says 5" },
    { "what is known of a zone", "DELETE FROM incident", "SELECT 0", "verify",
      "what is known of devices, incidents, custodies, or was heard, was changed" },
    { "what is known of a device", "UPDATE device SET known = replace(known, '\"near\":true', '')",
      "SELECT 0", "verify",
      "what is known of devices, incidents, custodies, or was heard, was changed" },
    { "who has an incident", "UPDATE custody SET known = '{}'", "SELECT 0", "verify",
      "what is known of devices, incidents, custodies, or was heard, was changed" },
    { "a word that was heard", "INSERT INTO heard VALUES (1, '9-9')", "SELECT 0", "verify",
      "what is known of devices, incidents, custodies, or was heard, was changed" },
    { "an incident called open", "INSERT INTO open VALUES ('A/home/1', 4)", "SELECT 0", "verify",
      "the table open does not say of A/home/1 what its alerts say" },
    { "an incident that needs somebody, called done",
      "DELETE FROM todo WHERE incident = 'A/home/1'", "SELECT 0", "verify",
      "the table todo does not say of A/home/1 what its alerts say" },
    { "the digest of an alert's row",
      "UPDATE entry SET row_digest = zeroblob(32) WHERE number ="
      " (SELECT entry FROM alert WHERE type = 'breach')",
      "SELECT entry FROM alert WHERE type = 'breach'", "verify", "a column is of another type" },
    { "an alert put under nobody",
      "UPDATE entry SET respondent = '' WHERE number ="
      " (SELECT entry FROM alert WHERE type = 'breach')",
      "SELECT entry - 1 FROM alert WHERE type = 'breach'", "replay", "breachd.breach" },
};

static void play(struct testbed *testbed)
{
    testbed_visit(testbed);
    testbed_gather(testbed);
    testbed_close(testbed);
    testbed->well = false;
}

/* One evening for all rows; each doctors a copy of its ledger. */
static struct testbed *one_evening(void)
{
    static void *home;

    if (home == NULL) {
        assert_int_equal(testbed_setup(&home), 0);
        play(home);
        ctl_fixture_agrees(home);
        testbed_copy(home, testbed_path(home, "ledger.db").text, "whole.db");
    }
    return home;
}

static void it_is_found(void **state)
{
    const struct row *row = *state;
    struct testbed *testbed = one_evening();
    struct path ledger = testbed_path(testbed, "ledger.db"),
                whole = testbed_path(testbed, "whole.db");
    char named[64];

    testbed_remove(testbed, "ledger.db-wal");
    testbed_remove(testbed, "ledger.db-shm");
    testbed_copy(testbed, whole.text, "ledger.db");
    snprintf(named, sizeof named, "entry %lld", ctl_fixture_number(testbed, row->entry));
    ctl_fixture_doctor(testbed, row->sql);
    assert_int_equal(testbed_ctl(testbed, row->finder, "--ledger", ledger.text, NULL), 1);
    if (strstr(testbed_ctl_said(testbed), named) == NULL ||
        strstr(testbed_ctl_said(testbed), row->finding) == NULL)
        fail_msg("%s: \"%s\" lacks \"%s\" or \"%s\"", row->finder, testbed_ctl_said(testbed), named,
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

/* NUMBER:BYTES, of each. */
static void netstrings(char *out, size_t room, const char *const *fields, size_t n)
{
    size_t at = 0;

    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(out + at, room - at, "%zu:%s,", strlen(fields[i]), fields[i]);
}

/* Body, its digest and the link of entry 7 are made anew: then entry 8 does not follow. */
static void a_forged_link_is_found_at_the_next(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");
    char body[65], content[65], link[65], text[600], at[24], salt[33], before[65], sql[512];

    play(testbed);
    digest_of("{}", body);
    ctl_fixture_text(testbed, "SELECT lower(hex(salt)) FROM entry WHERE number = 7", salt,
                     sizeof salt);
    ctl_fixture_text(testbed, "SELECT lower(hex(digest)) FROM entry WHERE number = 6", before,
                     sizeof before);
    ctl_fixture_text(testbed, "SELECT at FROM entry WHERE number = 7", at, sizeof at);
    netstrings(text, sizeof text, (const char *[]){ salt, "R-A", "1", "0", "0", body, "" }, 7);
    digest_of(text, content);
    netstrings(text, sizeof text,
               (const char *[]){ "breachd-evidence/2", before, "0", "7", "ping", at, content }, 7);
    digest_of(text, link);
    snprintf(sql, sizeof sql,
             "UPDATE entry SET body = '{}', body_digest = x'%s', digest = x'%s' WHERE number = 7",
             body, link);
    ctl_fixture_doctor(testbed, sql);
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", ledger.text, NULL), 1);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), "entry 8: does not follow from the one before"));
    assert_null(strstr(testbed_ctl_said(testbed), "entry 7:"));
    assert_int_equal(testbed_ctl(testbed, "replay", "--ledger", ledger.text, NULL), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "entry 7"));
    testbed_close(testbed);
}

/*
 * Who takes the end away, and knows the marks, leaves a chain that holds; but not the newest link
 * told elsewhere.
 */
static void an_end_taken_away_shows_by_the_newest_link(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");
    char newest[160], *at;

    play(testbed);
    testbed_ctl(testbed, "verify", "--ledger", ledger.text, NULL);
    at = strstr(testbed_ctl_said(testbed), "newest link ");
    assert_non_null(at);
    testbed_print(testbed, "kept", "%s", at);
    snprintf(newest, sizeof newest, "%s", at + strlen("newest link "));
    *strchr(newest, ' ') = ':';
    newest[strcspn(newest, "\n")] = '\0';
    assert_int_equal(
        testbed_ctl(testbed, "verify", "--ledger", ledger.text, "--anchor", newest, NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "1 of 1 links told outside are in it\n"));
    ctl_fixture_doctor(testbed, "DELETE FROM entry WHERE number = (SELECT max(number) FROM entry)");
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", ledger.text, NULL), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "the mark newest says"));
    ctl_fixture_doctor(testbed, "UPDATE mark SET value = value - 1 WHERE name = 'newest'");
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", ledger.text, NULL), 0);
    assert_int_equal(
        testbed_ctl(testbed, "verify", "--ledger", ledger.text, "--anchor", newest, NULL), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "the end was taken away"));
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", ledger.text, "--anchors",
                                 testbed_path(testbed, "kept").text, NULL),
                     1);
    testbed_close(testbed);
}

static void an_anchor_that_is_none_is_refused(void **state)
{
    static const char *const words[] = { "", "7", "7:", "0:", "7:zz", "-7:00", "7 00" };
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");

    play(testbed);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(
            testbed_ctl(testbed, "verify", "--ledger", ledger.text, "--anchor", words[i], NULL), 2);
    testbed_print(testbed, "kept",
                  "{\"type\":\"breachd.closed\",\"data\":{\"reason\":"
                  "\"newest link 1 %064d\"}}\n",
                  0);
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", ledger.text, "--anchors",
                                 testbed_path(testbed, "kept").text, NULL),
                     1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "nothing can be compared"));
    testbed_close(testbed);
}

static void the_evening_is_over(void **state)
{
    void *home = one_evening();

    (void)state;
    testbed_close(home);
    testbed_teardown(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_evening_is_over),
        testbed_test(a_forged_link_is_found_at_the_next),
        testbed_test(an_end_taken_away_shows_by_the_newest_link),
        testbed_test(an_anchor_that_is_none_is_refused),
    };

    return rows_hold("doctored", rows, it_is_found) +
           cmocka_run_group_tests_name("doctored", tests, NULL, NULL);
}
