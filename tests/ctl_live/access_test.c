/* SPDX-License-Identifier: Apache-2.0 */
/* Who looks at evidence is a link of the chain first: by breachd, or in its place by breachctl. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define INCIDENT "A/home/1"
#define ACCESSES "SELECT count(*) FROM entry WHERE kind = 'access'"
#define BODY     "SELECT body FROM entry WHERE kind = 'access' ORDER BY number DESC LIMIT 1"

static void play_visit(struct testbed *testbed)
{
    testbed_visit(testbed);
    testbed_gather(testbed);
}

static int explain(struct testbed *testbed, const char *ledger)
{
    return testbed_ctl(testbed, "explain", "--ledger", testbed_path(testbed, ledger).text,
                       "--reason", "review", "--by", "Sgt 1234", INCIDENT, NULL);
}

static int verify(struct testbed *testbed, const char *ledger)
{
    return testbed_ctl(testbed, "verify", "--ledger", testbed_path(testbed, ledger).text, NULL);
}

/* Whole, with what stands in its log. */
static void copy_ledger(struct testbed *testbed, const char *name)
{
    char sql[160];

    snprintf(sql, sizeof sql, "VACUUM INTO '%s'", testbed_path(testbed, name).text);
    ctl_fixture_run(testbed, sql);
}

static void while_breachd_runs_it_writes_them(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger;
    char body[256];

    play_visit(testbed);
    ledger = testbed_path(testbed, "ledger.db");
    assert_int_equal(explain(testbed, "ledger.db"), 0);
    ctl_fixture_text(testbed, BODY, body, sizeof body);
    assert_non_null(strstr(body, "{\"command\":\"explain\",\"of\":\"A/home/1\",\"user\":"));
    assert_non_null(strstr(body, "\"by\":\"Sgt 1234\",\"reason\":\"review\"}"));
    assert_int_equal(testbed_ctl(testbed, "export", "--ledger", ledger.text, "--reason",
                                 "for court", INCIDENT, NULL),
                     0);
    assert_int_equal(testbed_ctl(testbed, "export", "--ledger", ledger.text, INCIDENT, NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "zones", "--geojson", "--reason", "a map", "-c",
                                 testbed_path(testbed, "breachd.conf").text, NULL),
                     0);
    assert_int_equal(ctl_fixture_number(testbed, ACCESSES), 3);
    ctl_fixture_text(testbed, BODY, body, sizeof body);
    assert_null(strstr(body, "51.5"));
    assert_null(testbed_read(testbed, "ledger.db-access"));
    assert_int_equal(verify(testbed, "ledger.db"), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "3 looks at it are noted\n"));
    assert_int_equal(explain(testbed, "ledger.db"), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "Sgt 1234 looked at it (explain): review"));
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void while_it_does_not_run_breachctl_does_and_it_goes_on(void **state)
{
    struct testbed *testbed = *state;

    play_visit(testbed);
    testbed_kill(testbed);
    assert_int_equal(explain(testbed, "ledger.db"), 0);
    assert_int_equal(ctl_fixture_number(testbed, ACCESSES), 1);
    assert_int_equal(verify(testbed, "ledger.db"), 0);
    testbed_start(testbed, "--rehearse", NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 1200, 10), 200);
    testbed_gather(testbed);
    assert_int_equal(explain(testbed, "ledger.db"), 0);
    assert_int_equal(ctl_fixture_number(testbed, ACCESSES), 2);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* The lock's time is when breachd last watched, and a lock that was lost is made anew by a look. */
static void a_look_says_nothing_of_when_somebody_watched(void **state)
{
    struct testbed *testbed = *state;
    struct path lock = testbed_path(testbed, "ledger.db-lock");
    struct stat about;
    long long last;

    play_visit(testbed); // of 2020
    testbed_kill(testbed);
    last = ctl_fixture_number(testbed, "SELECT at FROM entry ORDER BY number DESC LIMIT 1");
    for (int i = 0; i < 2; i++) { // the second finds the first one's link as the newest
        testbed_remove(testbed, "ledger.db-lock");
        assert_int_equal(explain(testbed, "ledger.db"), 0);
        assert_int_equal(stat(lock.text, &about), 0);
        assert_int_equal(about.st_mtim.tv_sec, last / 1000);
    }
    testbed_close(testbed);
}

/* The gap that is told begins where breachd died. */
static void a_look_while_nobody_watches_shortens_no_gap(void **state)
{
    struct testbed *testbed = *state;
    struct path lock = testbed_path(testbed, "ledger.db-lock");
    struct stat before, after;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_kill(testbed);
    assert_int_equal(stat(lock.text, &before), 0);
    assert_int_equal(explain(testbed, "ledger.db"), 0);
    assert_int_equal(stat(lock.text, &after), 0);
    assert_true(before.st_mtim.tv_sec == after.st_mtim.tv_sec);
    testbed_start(testbed, NULL);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void whoever_takes_one_out_breaks_the_chain(void **state)
{
    struct testbed *testbed = *state;

    play_visit(testbed);
    assert_int_equal(explain(testbed, "ledger.db"), 0);
    assert_int_equal(testbed_ping(testbed, "tag-1", 1200, 10), 200);
    ctl_fixture_doctor(testbed, "DELETE FROM entry WHERE kind = 'access'");
    assert_int_equal(verify(testbed, "ledger.db"), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "the 1 before it are missing\n"));
    testbed_close(testbed);
}

static void and_so_does_who_changes_a_reason(void **state)
{
    struct testbed *testbed = *state;

    play_visit(testbed);
    assert_int_equal(explain(testbed, "ledger.db"), 0);
    ctl_fixture_doctor(testbed, "UPDATE entry SET body = replace(body, 'review', 'a reason') WHERE "
                                "kind = 'access'");
    assert_int_equal(verify(testbed, "ledger.db"), 1);
    assert_non_null(strstr(testbed_ctl_said(testbed), "its body was changed\n"));
    testbed_close(testbed);
}

/* Whoever looks first, breachd or a person, makes the ledger; its owner stays its folder's. */
static void the_first_to_run_may_be_breachctl(void **state)
{
    struct testbed *testbed = *state;
    struct path conf = testbed_path(testbed, "breachd.conf"), deep = testbed_path(testbed, "deep");
    struct stat about;

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_set(testbed, "breachd.conf", "ledger", "path", "deep/ledger.db");
    assert_int_equal(mkdir(deep.text, 0700), 0);
    assert_int_equal(chmod(testbed->dir, 0711), 0);
    if (geteuid() == 0)
        assert_int_equal(chown(deep.text, 65534, 65534), 0);
    assert_int_equal(
        testbed_ctl(testbed, "zones", "--geojson", "--reason", "a map", "-c", conf.text, NULL), 0);
    assert_int_equal(stat(testbed_path(testbed, "deep/ledger.db").text, &about), 0);
    assert_int_equal(about.st_uid, geteuid() == 0 ? 65534 : geteuid());
    assert_int_equal(about.st_mode & 0777, 0600);
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 10), 200);
    testbed_expect(testbed, "breach A/home/1/1\n"); // and no `blind` since the look
    assert_int_equal(verify(testbed, "deep/ledger.db"), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "1 looks at it are noted\n"));
    testbed_close(testbed);
}

/* ---- copies ---- */

static void a_copy_elsewhere_keeps_its_own(void **state)
{
    struct testbed *testbed = *state;

    play_visit(testbed);
    copy_ledger(testbed, "copy.db");
    assert_int_equal(setenv("BREACHCTL_DOOR", "/nowhere", 1), 0);
    assert_int_equal(explain(testbed, "copy.db"), 0);
    assert_int_equal(ctl_fixture_number(testbed, ACCESSES), 0);
    assert_int_equal(verify(testbed, "copy.db"), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "1 looks at it are noted\n"));
    assert_null(testbed_read(testbed, "copy.db-reserve"));
    unsetenv("BREACHCTL_DOOR");
    testbed_close(testbed);
}

/* A supervisor's: the copy cannot be written, but breachd holds the ledger that it is of. */
static void one_that_cannot_be_written_is_noted_at_the_open_door(void **state)
{
    struct testbed *testbed = *state;
    struct path copy = testbed_path(testbed, "copy.db"), door = testbed_path(testbed, "door");
    char runtime[160];

    snprintf(runtime, sizeof runtime, "RUNTIME_DIRECTORY=%s", testbed->dir);
    testbed_environment(testbed, runtime);
    play_visit(testbed);
    copy_ledger(testbed, "copy.db");
    assert_int_equal(setenv("BREACHCTL_DOOR", door.text, 1), 0);
    assert_int_equal(explain(testbed, "copy.db"), 0);
    assert_int_equal(ctl_fixture_number(testbed, ACCESSES), 1);
    assert_int_equal(testbed_ctl(testbed, "verify", "--tell", "--ledger", copy.text, NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "only at the ledger's own door"));
    assert_int_equal(verify(testbed, "copy.db"), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "0 looks at it are noted\n"));
    unsetenv("BREACHCTL_DOOR");
    testbed_close(testbed);
}

/* Else a look at one site's copy would stand in another site's chain. */
static void another_ledgers_door_is_not_asked(void **state)
{
    struct testbed *testbed = *state;
    struct path door = testbed_path(testbed, "ledger.db-door");

    play_visit(testbed);
    copy_ledger(testbed, "copy.db");
    testbed_kill(testbed);
    testbed_remove(testbed, "ledger.db");
    testbed_remove(testbed, "ledger.db-wal");
    testbed_start(testbed, "--rehearse", NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 1200, 10), 200);
    assert_int_equal(setenv("BREACHCTL_DOOR", door.text, 1), 0);
    assert_int_equal(explain(testbed, "copy.db"), 0);
    assert_int_equal(ctl_fixture_number(testbed, ACCESSES), 0);
    verify(testbed, "copy.db");
    assert_non_null(strstr(testbed_ctl_said(testbed), "1 looks at it are noted\n"));
    unsetenv("BREACHCTL_DOOR");
    testbed_close(testbed);
}

/* As nobody; its exit code. What it says is in the file "said". */
static int run_as_nobody(struct testbed *testbed, const char *const *arguments)
{
    const char *argv[16] = { "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                             BREACHCTL_PROGRAM };
    struct path said = testbed_path(testbed, "said"), complained = testbed_path(testbed, "err");
    struct child child;
    int status;

    for (size_t i = 0; arguments[i] != NULL; i++)
        argv[5 + i] = arguments[i];
    child =
        child_start(&(struct command){ .argv = argv, .out = said.text, .err = complained.text });
    assert_true(child_ends(&child, PATIENCE_MS, &status));
    return WEXITSTATUS(status);
}

/* A disc for the court: nothing beside it can be written, and nothing need be. */
static void a_read_only_copy_can_be_verified_and_not_looked_at(void **state)
{
    struct testbed *testbed = *state;
    struct path disc = testbed_path(testbed, "disc"), copy = testbed_path(testbed, "disc/copy.db");
    const char *const check[] = { "verify", "--ledger", copy.text, NULL };
    const char *const look[] = {
        "explain", "--ledger", copy.text, "--reason", "x", INCIDENT, NULL
    };
    char *said;

    if (geteuid() != 0)
        skip(); // to whom everything is writable nothing is read-only
    play_visit(testbed);
    testbed_kill(testbed);
    ctl_fixture_number(testbed, "PRAGMA wal_checkpoint(TRUNCATE)");
    assert_int_equal(mkdir(disc.text, 0755), 0);
    testbed_copy(testbed, testbed_path(testbed, "ledger.db").text, "disc/copy.db"); // in WAL mode
    assert_int_equal(chmod(copy.text, 0444), 0);
    assert_int_equal(chmod(testbed->dir, 0711), 0);
    assert_int_equal(run_as_nobody(testbed, check), 0);
    said = testbed_read(testbed, "said");
    assert_non_null(strstr(said, "the chain holds\n"));
    free(said);
    assert_int_equal(run_as_nobody(testbed, look), 1);
    said = testbed_read(testbed, "err");
    assert_non_null(strstr(said, "the look cannot be kept, so nothing is shown"));
    free(said);
    said = testbed_read(testbed, "said");
    assert_string_equal(said, "");
    free(said);
    testbed_close(testbed);
}

/* ---- told outside ---- */

static void whether_it_was_told_outside_is_said_and_it_is_told_on_request(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(verify(testbed, "ledger.db"), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "no link of it was told outside yet"));
    assert_int_equal(testbed_ctl(testbed, "verify", "--tell", "--ledger", ledger.text, NULL), 0);
    ctl_live_await(testbed, "{breachd}:alerts", 2);
    testbed_await_log(testbed, "chain: newest link ");
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE type = 'chain'"),
                     1);
    assert_int_equal(verify(testbed, "ledger.db"), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "last told outside in entry "));
    testbed_close(testbed);
}

/* ---- LEDGER-access, of before ---- */

#define FIRST                                                                                      \
    "{\"number\":1,\"at\":1592943245000,\"body\":\"{\\\"command\\\":\\\"explain\\\",\\\"of\\\":"   \
    "\\\"A/home/1\\\",\\\"user\\\":\\\"root\\\",\\\"uid\\\":0,\\\"reason\\\":\\\"review\\\"}\","   \
    "\"digest\":\"bb258a4da077b58f7f4275a5aca01bc5705322f4d8be47e342f06ce1aafc8e24\"}\n"
#define SECOND                                                                                     \
    "{\"number\":2,\"at\":1592943246000,\"body\":\"{\\\"command\\\":\\\"zones\\\",\\\"of\\\":"     \
    "\\\"\\\",\\\"user\\\":\\\"root\\\",\\\"uid\\\":0,\\\"reason\\\":\\\"a map\\\"}\","            \
    "\"digest\":\"36a503ffb73540bbe81ca577d263d3cef52a180ee2dce97526d23bac5c2eb30d\"}\n"

static const struct old {
    const char *says, *file;
    int code;
    const char *want;
} olds[] = {
    { "two looks", FIRST SECOND, 0, "2 looks at it are noted\n" },
    { "the first is gone", SECOND, 1, "line 1 does not follow from the one before" },
    { "cut off by a kill", FIRST "{\"number\":2,\"at\":15929\n" SECOND, 0,
      "2 looks at it are noted\n1 torn lines" },
    { "of another kind", "\n", 1, "line 1 does not follow" },
};

static void the_file_of_before_is_walked_still(void **state)
{
    struct testbed *testbed = *state;

    play_visit(testbed);
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++) {
        testbed_print(testbed, "ledger.db-access", "%s", olds[i].file);
        if (verify(testbed, "ledger.db") != olds[i].code ||
            strstr(testbed_ctl_said(testbed), olds[i].want) == NULL)
            fail_msg("%s: %s", olds[i].says, testbed_ctl_said(testbed));
    }
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(while_breachd_runs_it_writes_them),
        testbed_test(while_it_does_not_run_breachctl_does_and_it_goes_on),
        testbed_test(a_look_says_nothing_of_when_somebody_watched),
        testbed_test(a_look_while_nobody_watches_shortens_no_gap),
        testbed_test(whoever_takes_one_out_breaks_the_chain),
        testbed_test(and_so_does_who_changes_a_reason),
        testbed_test(the_first_to_run_may_be_breachctl),
        testbed_test(a_copy_elsewhere_keeps_its_own),
        testbed_test(one_that_cannot_be_written_is_noted_at_the_open_door),
        testbed_test(another_ledgers_door_is_not_asked),
        testbed_test(a_read_only_copy_can_be_verified_and_not_looked_at),
        testbed_test(whether_it_was_told_outside_is_said_and_it_is_told_on_request),
        testbed_test(the_file_of_before_is_walked_still),
    };

    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
