/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl archive: what is over is in a file that can be checked, and then not in the ledger. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

enum { DAY_S = 24 * 3600 };

#define PINGS_OF_A                                                                                 \
    "SELECT count(*) FROM entry WHERE respondent = 'R-A' AND kind = 'ping' AND evidence <> 0 AND " \
    "body IS NOT NULL"
#define BREACHES "SELECT count(*) FROM alert WHERE type = 'breach' AND incident LIKE "

/* A breach that is over, and ten days later one of somebody else; the instant between them. */
static void live(struct testbed *testbed, char between[24])
{
    testbed->base = time(NULL) - 20 * DAY_S; // an exercise, whose clock is that of its pings
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_open(testbed, "", "--rehearse");
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 10), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    testbed_gather(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    assert_int_equal(testbed_ping(testbed, "tag-2", 5 * DAY_S, 9000), 200);
    assert_int_equal(testbed_ping(testbed, "tag-2", 10 * DAY_S, 5010), 200);
    testbed_gather(testbed);
    ctl_fixture_text(testbed,
                     "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT at FROM entry WHERE number = "
                     "(SELECT entry FROM alert WHERE incident = 'B/home/1' LIMIT 1)) / 1000 - "
                     "86400, 'unixepoch')",
                     between, 24);
}

static int archive(struct testbed *testbed, const char *before)
{
    return testbed_ctl(testbed, "archive", "-c", testbed_path(testbed, "breachd.conf").text,
                       "--before", before, testbed_path(testbed, "old.gz").text, NULL);
}

static void assert_archived(struct testbed *testbed)
{
    struct path file = testbed_path(testbed, "old.gz");

    assert_int_equal(ctl_fixture_number(testbed, PINGS_OF_A), 0);
    assert_int_equal(ctl_fixture_number(testbed, BREACHES "'A/%'"), 0);
    assert_int_equal(ctl_fixture_number(testbed, BREACHES "'B/%'"), 1);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) > 0 FROM entry WHERE kind = "
                                                 "'retention' AND json_extract(body, '$.reason') "
                                                 "LIKE 'archived, sha256 %'"),
                     1);
    // It names the copy's newest link, after which nothing went.
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE kind = "
                                                 "'retention' AND json_extract(body, '$.reason') "
                                                 "LIKE 'archived%' AND ifnull(json_extract(body, "
                                                 "'$.newest'), 0) NOT BETWEEN 1 AND number - 1"),
                     0);
    ctl_fixture_agrees(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "verify", "--ledger", testbed_path(testbed, "ledger.db").text, NULL),
        0);
    assert_non_null(strstr(testbed_ctl_said(testbed), " bodies let go into an archive\nbefore "));
    assert_non_null(strstr(testbed_ctl_said(testbed), ": archived, sha256 "));
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", file.text, NULL), 0);
    assert_non_null(
        strstr(testbed_ctl_said(testbed), " bodies of later, left out of this archive\n"));
    assert_non_null(strstr(testbed_ctl_said(testbed), "the chain holds\n"));
    assert_int_equal(testbed_ctl(testbed, "replay", "--ledger", file.text, NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), " 0 differences\n"));
    assert_null(testbed_read(testbed, "old.gz.part"));
}

static void by_breachd_it_is_in_the_file_and_no_more_in_the_ledger(void **state)
{
    struct testbed *testbed = *state;
    char before[24];

    live(testbed, before);
    assert_true(ctl_fixture_number(testbed, PINGS_OF_A) > 0);
    assert_int_equal(archive(testbed, before), 0);
    assert_archived(testbed);
    assert_int_equal(archive(testbed, before), 1); // never over another one
    testbed_close(testbed);
}

static void without_breachd_the_same(void **state)
{
    struct testbed *testbed = *state;
    char before[24];

    live(testbed, before);
    testbed_kill(testbed);
    assert_int_equal(archive(testbed, before), 0);
    assert_archived(testbed);
    testbed_close(testbed);
}

/* A report of the exercise's whole time, as JSON, with this archive beside the ledger. */
static json_t *report(struct testbed *testbed, const char *file)
{
    struct path conf = testbed_path(testbed, "breachd.conf");

    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", "2020-01-01", "--to",
                                 "2199-01-01", "--exercise", "--json", file, NULL),
                     0);
    return json_loads(testbed_ctl_said(testbed), 0, NULL);
}

static json_int_t figure(const json_t *report, const char *path)
{
    return json_integer_value(alert_at(report, path));
}

/* What was let go is told to be missing, and with the file all is as it was before. */
static void a_report_counts_what_the_file_has_when_it_is_given(void **state)
{
    struct testbed *testbed = *state;
    struct path conf = testbed_path(testbed, "breachd.conf"),
                file = testbed_path(testbed, "old.gz"), other = testbed_path(testbed, "other.gz");
    json_t *whole, *less, *again;
    char before[24];

    live(testbed, before);
    whole = report(testbed, NULL);
    assert_int_equal(figure(whole, "breaches.total"), 2);
    assert_int_equal(figure(whole, "breaches.outcomes.drift"), 1);
    assert_int_equal(figure(whole, "evidence.missing"), 0);
    assert_int_equal(archive(testbed, before), 0);
    less = report(testbed, NULL);
    assert_int_equal(figure(less, "breaches.total"), 1);
    assert_int_equal(figure(less, "evidence.missing"), 1);
    assert_int_equal(strncmp(alert_text(less, "evidence.missing_before"), before, 19), 0);
    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", "2020-01-01", "--to",
                                 "2199-01-01", "--exercise", NULL),
                     0);
    assert_non_null(strstr(testbed_ctl_said(testbed), " that are in 1 archive alone: name the "));
    again = report(testbed, file.text);
    assert_true(json_equal(json_object_get(again, "breaches"), json_object_get(whole, "breaches")));
    assert_int_equal(figure(again, "evidence.missing"), 0);
    json_decref(less);
    json_decref(again);
    // One that holds what stands in the ledger too counts nothing twice.
    assert_int_equal(
        testbed_ctl(testbed, "archive", "-c", conf.text, "--before", before, other.text, NULL), 0);
    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", "2020-01-01", "--to",
                                 "2199-01-01", "--exercise", "--json", other.text, file.text, NULL),
                     0);
    again = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_true(json_equal(json_object_get(again, "breaches"), json_object_get(whole, "breaches")));
    json_decref(again);
    json_decref(whole);
    // Of a time after it nothing can be missing.
    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", before, "--to",
                                 "2199-01-01", "--exercise", NULL),
                     0);
    assert_null(strstr(testbed_ctl_said(testbed), "NOT COUNTED"));
    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", before, "--to",
                                 "2199-01-01", conf.text, NULL),
                     1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "is no archive of breachctl"));
    assert_int_equal(testbed_ctl(testbed, "report", "-c", conf.text, "--from", before, "--to",
                                 "2199-01-01", "nowhere.gz", NULL),
                     1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "nowhere.gz: No such file"));
    testbed_close(testbed);
}

/* Of who is watched now nothing is in it, but the links. */
static void it_holds_nothing_of_later(void **state)
{
    struct testbed *testbed = *state;
    char before[24], *found;
    struct path file = testbed_path(testbed, "old.gz"), plain = testbed_path(testbed, "old");
    char line[512];
    const char *const argv[] = { "sh", "-c", line, NULL };

    live(testbed, before);
    assert_int_equal(archive(testbed, before), 0);
    snprintf(line, sizeof line,
             "gunzip -c %s > %s; grep -c 'respondent = R-B' %s > %s.n || :", file.text, plain.text,
             plain.text, plain.text);
    testbed_command(testbed, argv);
    found = testbed_read(testbed, "old.n");
    assert_string_equal(found, "0\n");
    free(found);
    testbed_close(testbed);
}

/* A look at it could not be kept in it: how to look all the same is said. */
static void who_looks_into_it_is_told_to_unpack_it(void **state)
{
    static const char *const looks[] = { "explain", "export" };
    struct testbed *testbed = *state;
    char before[24];

    live(testbed, before);
    assert_int_equal(archive(testbed, before), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(testbed_ctl(testbed, looks[i], "--ledger",
                                     testbed_path(testbed, "old.gz").text, "--reason", "appeal",
                                     "A/home/1", NULL),
                         1);
        assert_non_null(strstr(testbed_ctl_complained(testbed), "is an archive: unpack it"));
    }
    testbed_close(testbed);
}

/* By the commands that the manual gives. */
static void its_signature_can_be_checked_by_hand(void **state)
{
    struct testbed *testbed = *state;
    char before[24], line[1024], *said;
    const char *const argv[] = { "sh", "-c", line, NULL };

    live(testbed, before);
    snprintf(line, sizeof line,
             "cd %s && openssl genpkey -algorithm ed25519 -out key.pem && openssl pkey -in key.pem "
             "-pubout -out key.pub",
             testbed->dir);
    testbed_command(testbed, argv);
    testbed_set(testbed, "breachd.conf", "ledger", "signing-key", "key.pem");
    assert_int_equal(archive(testbed, before), 0);
    snprintf(
        line, sizeof line,
        "cd %s && F=old.gz KEY=key.pub && jq -r '\"\\(.sha256) \\(.before)\"' $F.sig >signed &&"
        " jq -r .signature $F.sig | base64 -d >signature &&"
        " openssl pkeyutl -verify -pubin -inkey \"$KEY\" -rawin -in signed -sigfile signature"
        " >checked &&"
        " echo \"$(jq -r .sha256 $F.sig)  $F\" | sha256sum -c >>checked",
        testbed->dir);
    testbed_command(testbed, argv);
    said = testbed_read(testbed, "checked");
    assert_string_equal(said, "Signature Verified Successfully\nold.gz: OK\n");
    free(said);
    testbed_close(testbed);
}

/* A file that was cut off or changed is no archive, whatever it says. */
static void a_file_that_was_changed_is_refused(void **state)
{
    struct testbed *testbed = *state;
    struct path file = testbed_path(testbed, "old.gz");
    char before[24];

    live(testbed, before);
    assert_int_equal(archive(testbed, before), 0);
    assert_int_equal(truncate(file.text, 2000), 0);
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", file.text, NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "cannot be unpacked"));
    testbed_close(testbed);
}

static void a_ledger_that_is_broken_is_not_archived(void **state)
{
    struct testbed *testbed = *state;
    char before[24];

    live(testbed, before);
    ctl_fixture_doctor(testbed, "UPDATE entry SET at = at + 1 WHERE number = 3");
    assert_int_equal(archive(testbed, before), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "the chain is broken"));
    assert_null(testbed_read(testbed, "old.gz"));
    assert_true(ctl_fixture_number(testbed, PINGS_OF_A) > 0);
    assert_int_equal(archive(testbed, "tomorrow"), 2);
    testbed_close(testbed);
}

/* Files that are somebody else's are left, and told; what a killed one left is removed. */
static void it_touches_nothing_that_it_did_not_make(void **state)
{
    struct testbed *testbed = *state;
    struct path part = testbed_path(testbed, "old.gz.part");
    char before[24], *kept;

    live(testbed, before);
    testbed_print(testbed, "old.gz.sig", "precious");
    assert_int_equal(archive(testbed, before), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "old.gz.sig: File exists"));
    assert_int_not_equal(access(testbed_path(testbed, "old.gz").text, F_OK), 0);
    kept = testbed_read(testbed, "old.gz.sig");
    assert_string_equal(kept, "precious");
    free(kept);
    testbed_remove(testbed, "old.gz.sig");
    testbed_print(testbed, "old.gz.part", "precious");
    assert_int_equal(archive(testbed, before), 1);
    kept = testbed_read(testbed, "old.gz.part");
    assert_string_equal(kept, "precious");
    free(kept);
    assert_true(ctl_fixture_number(testbed, PINGS_OF_A) > 0);
    testbed_remove(testbed, "old.gz.part");
    assert_int_equal(mkdir(part.text, 0700), 0);
    testbed_print(testbed, "old.gz.part/ledger.db", "where he was");
    testbed_print(testbed, "old.gz.part/ledger.db-wal", "where he was");
    assert_int_equal(archive(testbed, before), 0);
    assert_int_not_equal(access(part.text, F_OK), 0);
    assert_archived(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(by_breachd_it_is_in_the_file_and_no_more_in_the_ledger),
        testbed_test(without_breachd_the_same),
        testbed_test(a_report_counts_what_the_file_has_when_it_is_given),
        testbed_test(it_holds_nothing_of_later),
        testbed_test(who_looks_into_it_is_told_to_unpack_it),
        testbed_test(its_signature_can_be_checked_by_hand),
        testbed_test(a_file_that_was_changed_is_refused),
        testbed_test(a_ledger_that_is_broken_is_not_archived),
        testbed_test(it_touches_nothing_that_it_did_not_make),
    };

    return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
