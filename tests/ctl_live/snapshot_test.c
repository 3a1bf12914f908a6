/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl snapshot: a whole copy while breachd writes; and what one does that is put back. */
#include <glob.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

static int snapshot(struct testbed *testbed, const char *to)
{
    return testbed_ctl(testbed, "snapshot", "--ledger", testbed_path(testbed, "ledger.db").text,
                       testbed_path(testbed, to).text, NULL);
}

static void a_copy_of_a_ledger_that_is_written_holds(void **state)
{
    struct testbed *testbed = *state;
    struct path copy = testbed_path(testbed, "copy.db");
    struct stat about;
    char said[160];

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(snapshot(testbed, "copy.db"), 0);
    snprintf(said, sizeof said, "%s\n", copy.text);
    assert_string_equal(testbed_ctl_said(testbed), said);
    assert_int_equal(stat(copy.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_null(testbed_read(testbed, "copy.db-wal"));
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200); // it goes on
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", copy.text, NULL), 0);
    assert_int_equal(testbed_ctl(testbed, "replay", "--ledger", copy.text, NULL), 0);
    assert_int_equal(snapshot(testbed, "copy.db"), 1); // never over another one
    assert_non_null(strstr(testbed_ctl_complained(testbed), "copy.db: File exists"));
    testbed_close(testbed);
}

static size_t count(struct testbed *testbed, const char *pattern)
{
    glob_t found = { 0 };
    size_t n;

    glob(testbed_path(testbed, pattern).text, 0, NULL, &found);
    n = found.gl_pathc;
    globfree(&found);
    return n;
}

static void of_those_in_a_folder_the_newest_stay(void **state)
{
    struct testbed *testbed = *state;
    struct path folder = testbed_path(testbed, "copies");

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(mkdir(folder.text, 0700), 0);
    testbed_print(testbed, "copies/ledger-20200101T000000Z.db", "old\n");
    testbed_print(testbed, "copies/ledger-20200102T000000Z.db", "newer\n");
    testbed_print(testbed, "copies/notes.db", "mine\n");
    assert_int_equal(testbed_ctl(testbed, "snapshot", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--keep", "2",
                                 folder.text, NULL),
                     0);
    assert_int_equal(count(testbed, "copies/ledger-2*.db"), 2);
    assert_int_equal(count(testbed, "copies/ledger-20200102T000000Z.db"), 1);
    assert_int_equal(count(testbed, "copies/notes.db"), 1);
    testbed_close(testbed);
}

static int keep_one(struct testbed *testbed)
{
    return testbed_ctl(testbed, "snapshot", "--ledger", testbed_path(testbed, "ledger.db").text,
                       "--keep", "1", testbed_path(testbed, "copies").text, NULL);
}

/* A name of the future, by a clock that was wrong, and names that only look like ours. */
static void the_copy_that_was_just_made_stays(void **state)
{
    struct testbed *testbed = *state;
    char made[96];

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(mkdir(testbed_path(testbed, "copies").text, 0700), 0);
    testbed_print(testbed, "copies/ledger-20200101T000000Z.db", "old\n");
    testbed_print(testbed, "copies/ledger-20991129T031500Z.db", "of the future\n");
    testbed_print(testbed, "copies/ledger-DO-NOT-DELETE-ME.db", "mine\n");
    assert_int_equal(mkdir(testbed_path(testbed, "copies/ledger-20190101T000000Z.db").text, 0700),
                     0);
    assert_int_equal(keep_one(testbed), 0);
    snprintf(made, sizeof made, "%s", testbed_ctl_said(testbed));
    made[strcspn(made, "\n")] = '\0';
    assert_int_equal(access(made, F_OK), 0);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "is of the future, and not counted"));
    assert_int_equal(count(testbed, "copies/ledger-20991129T031500Z.db"), 1);
    assert_int_equal(count(testbed, "copies/ledger-DO-NOT-DELETE-ME.db"), 1);
    assert_int_equal(count(testbed, "copies/ledger-20190101T000000Z.db"), 1);
    assert_int_equal(count(testbed, "copies/ledger-20200101T000000Z.db"), 0);
    testbed_close(testbed);
}

/* What one that was killed left is no copy, pushes out none, and is removed; nothing else is. */
static void what_is_half_made_counts_for_nothing(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(mkdir(testbed_path(testbed, "copies").text, 0700), 0);
    testbed_print(testbed, "copies/ledger-20200101T000000Z.db", "good\n");
    testbed_print(testbed, "copies/ledger-20200102T000000Z.db", "%s", "");
    testbed_print(testbed, "copies/ledger-20200103T000000Z.db", "half\n");
    testbed_print(testbed, "copies/ledger-20200103T000000Z.db-journal", "half\n");
    assert_int_equal(mkdir(testbed_path(testbed, "copies/ledger.part").text, 0700), 0);
    testbed_print(testbed, "copies/ledger.part/ledger.db", "half\n");
    testbed_print(testbed, "copies/ledger.part/ledger.db-journal", "half\n");
    assert_int_equal(testbed_ctl(testbed, "snapshot", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--keep", "2",
                                 testbed_path(testbed, "copies").text, NULL),
                     0);
    assert_int_equal(count(testbed, "copies/ledger-20200101T000000Z.db"), 1);
    assert_int_equal(count(testbed, "copies/ledger.part"), 0);
    assert_int_equal(mkdir(testbed_path(testbed, "other.db.part").text, 0700), 0);
    testbed_print(testbed, "other.db.part/mine", "mine\n");
    assert_int_equal(snapshot(testbed, "other.db"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "that breachctl did not make"));
    assert_int_equal(count(testbed, "other.db.part/mine"), 1);
    testbed_print(testbed, "third.db.part", "mine\n");
    assert_int_equal(snapshot(testbed, "third.db"), 1);
    assert_int_equal(count(testbed, "third.db.part"), 1);
    assert_int_equal(count(testbed, "third.db"), 0);
    testbed_close(testbed);
}

static void what_can_never_be_right_is_2(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(testbed_ctl(testbed, "snapshot", "--group", "no-such-group", "x.db", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "snapshot", "--keep", "2", "x.db", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "snapshot", "--keep", "none", testbed->dir, NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "snapshot", NULL), 2);
    testbed_close(testbed);
}

/* As somebody of the group alone; the exit code. */
static int run_as_member(struct testbed *testbed, gid_t group, const char *door,
                         const char *const *arguments)
{
    struct path said = testbed_path(testbed, "said"), complained = testbed_path(testbed, "err");
    char regid[32], groups[32], variable[160];
    const char *argv[20] = { "setpriv", "--reuid=65534", regid, groups, BREACHCTL_PROGRAM };
    const char *environment[] = { variable, NULL };
    struct child child;
    int status;

    snprintf(regid, sizeof regid, "--regid=65534");
    snprintf(groups, sizeof groups, "--groups=%d", (int)group);
    snprintf(variable, sizeof variable, "BREACHCTL_DOOR=%s", door);
    for (size_t i = 0; arguments[i] != NULL; i++)
        argv[5 + i] = arguments[i];
    child = child_start(&(struct command){
        .argv = argv, .out = said.text, .err = complained.text, .environment = environment });
    assert_true(child_ends(&child, PATIENCE_MS, &status));
    return WEXITSTATUS(status);
}

/* Without root, and without the right to see where people live in the orders. */
static void a_supervisor_explains_and_exports_from_it_and_each_look_is_kept(void **state)
{
    struct testbed *testbed = *state;
    struct path folder = testbed_path(testbed, "copies"), copy = testbed_path(testbed, "copies/c"),
                door = testbed_path(testbed, "door");
    const char *const explain[] = { "explain", "--ledger", copy.text, "--reason",
                                    "review",  "A/home/1", NULL };
    const char *const export[] = { "export", "--ledger", copy.text, "--reason",
                                   "court",  "A/home/1", NULL };
    const struct group *group = getgrnam("users");
    char runtime[160], *said;

    if (geteuid() != 0 || group == NULL)
        skip(); // whoever is not root cannot be somebody else
    snprintf(runtime, sizeof runtime, "RUNTIME_DIRECTORY=%s", testbed->dir);
    testbed_environment(testbed, runtime);
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(mkdir(folder.text, 0755), 0);
    assert_int_equal(chmod(testbed->dir, 0711), 0);
    assert_int_equal(testbed_ctl(testbed, "snapshot", "--ledger",
                                 testbed_path(testbed, "ledger.db").text, "--group", "users",
                                 copy.text, NULL),
                     0);
    assert_int_equal(run_as_member(testbed, 65534, door.text, explain), 1); // of another group
    assert_int_equal(run_as_member(testbed, group->gr_gid, door.text, explain), 0);
    said = testbed_read(testbed, "said");
    assert_non_null(strstr(said, "> breach, critical, by rule"));
    free(said);
    assert_int_equal(run_as_member(testbed, group->gr_gid, door.text, export), 0);
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM entry WHERE kind = 'access' AND "
                                        "json_extract(body, '$.uid') = 65534"),
                     2);
    testbed_close(testbed);
}

/* ---- the open door ---- */

enum { ANSWER_MAX = 512 };

/* As another user, with a program of his own; what the door says to it. */
static void ask_as(struct testbed *testbed, unsigned user, const char *chain, char *answer)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char line[512];
    ssize_t n;

    snprintf(line, sizeof line,
             "{\"errand\":\"access\",\"chain\":\"%s\",\"body\":\"{\\\"command\\\":\\\"explain\\\","
             "\\\"of\\\":\\\"A/home/1\\\",\\\"user\\\":\\\"root\\\",\\\"uid\\\":0,"
             "\\\"by\\\":\\\"Chief\\\",\\\"reason\\\":\\\"x\\\"}\"}\n",
             chain);
    strcpy(at.sun_path, testbed_path(testbed, "door").text);
    assert_int_equal(seteuid(user), 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(send(fd, line, strlen(line), MSG_NOSIGNAL), strlen(line));
    n = recv(fd, answer, ANSWER_MAX - 1, MSG_WAITALL); // until it hangs up
    assert_true(n > 0);
    answer[n] = '\0';
    close(fd);
}

#define FIRST  "SELECT lower(hex(digest)) FROM entry WHERE number = 1"
#define NEWEST "SELECT body FROM entry WHERE kind = 'access' ORDER BY number DESC LIMIT 1"

/* The kernel says who it is, and lines about no ledger of ours use up nobody's looks. */
static void who_looks_is_not_who_he_says_and_nobody_uses_up_the_looks_of_others(void **state)
{
    struct testbed *testbed = *state;
    char runtime[160], chain[80], body[256], answer[ANSWER_MAX];

    if (geteuid() != 0)
        skip(); // whoever is not root cannot be somebody else
    snprintf(runtime, sizeof runtime, "RUNTIME_DIRECTORY=%s", testbed->dir);
    testbed_environment(testbed, runtime);
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(chmod(testbed->dir, 0711), 0);
    ctl_fixture_text(testbed, FIRST, chain, sizeof chain);
    ask_as(testbed, 65534, chain, answer);
    assert_non_null(strstr(answer, "\"done\":true"));
    ctl_fixture_text(testbed, NEWEST, body, sizeof body);
    assert_non_null(strstr(body, "\"uid\":65534,"));
    assert_non_null(strstr(body, "\"by\":\"Chief\",\"reason\":\"x\","
                                 "\"said\":{\"user\":\"root\",\"uid\":0}}"));
    for (int i = 0; i < 601; i++)
        ask_as(testbed, 65534, "0000", answer);
    assert_non_null(strstr(answer, "breachd holds another ledger"));
    for (int i = 0; i < 600; i++)
        ask_as(testbed, 65534, chain, answer);
    assert_non_null(strstr(answer, "too many looks in this hour"));
    ask_as(testbed, 65533, chain, answer);
    assert_non_null(strstr(answer, "\"done\":true"));
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* ---- an older copy put back ---- */

static void put_back(struct testbed *testbed)
{
    testbed_remove(testbed, "ledger.db");
    testbed_remove(testbed, "ledger.db-wal");
    testbed_remove(testbed, "ledger.db-shm");
    testbed_copy(testbed, testbed_path(testbed, "copy.db").text, "ledger.db");
}

/* A ping of now, so many seconds after the base. */
static void ping(struct testbed *testbed, int second, double north)
{
    testbed_replace(testbed, "ahead", "%d\n", second);
    assert_int_equal(testbed_ping(testbed, "tag-1", second, north), 200);
}

/* The ids of the stream are all different. */
static void assert_each_id_once(struct testbed *testbed)
{
    size_t n = testbed_gather(testbed);
    const json_t *one, *other;
    size_t i;

    json_array_foreach(testbed->alerts, i, one)
    {
        for (size_t k = i + 1; k < n; k++) {
            other = json_array_get(testbed->alerts, k);
            if (strcmp(alert_text(one, "id"), alert_text(other, "id")) == 0)
                fail_msg("twice: %s", alert_text(one, "id"));
        }
    }
}

/* What was told since is in the stream alone: an incident that ended, and two that began. */
static void live_on_after_the_copy(struct testbed *testbed)
{
    testbed_shift_fit(testbed);
    testbed->base = time(NULL);
    ctl_live_open(testbed, NULL);
    ping(testbed, 0, 900);
    ping(testbed, 300, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    assert_int_equal(snapshot(testbed, "copy.db"), 0);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    ping(testbed, 600, 500);
    ping(testbed, 900, 100);
    ping(testbed, 1200, -500);
    ping(testbed, 1500, -100);
    testbed_expect(testbed, "breach A/home/1/1\nacked A/home/1/desk/1\ncleared A/home/1/2\n"
                            "breach A/home/2/1\ncleared A/home/2/2\nbreach A/home/3/1\n");
    testbed_kill(testbed);
    put_back(testbed);
}

static void an_older_copy_gives_no_number_again_and_says_so(void **state)
{
    struct testbed *testbed = *state;
    long long epoch;

    live_on_after_the_copy(testbed);
    testbed_start(testbed, NULL);
    testbed_await_log(testbed, "the ledger is an older copy: it ends with alert ");
    epoch = ctl_fixture_number(testbed, "SELECT json_extract(known, '$.numbers') FROM incident "
                                        "WHERE subject = 'epoch'");
    assert_true(epoch > 3);
    // He was inside by the copy, and so he is: the same incident goes on, ends, and is closed.
    ping(testbed, 1800, -98);
    ping(testbed, 2100, 500);
    ping(testbed, 2400, 10);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 43", "--reason", "drift", "A/home/1", NULL), 0);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 1);
    testbed_settle(testbed);
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM alert WHERE type = 'trouble' "
                                        "AND incident LIKE 'ledger-old/%'"),
                     1);
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM alert WHERE type = 'breach' AND "
                                        "CAST(substr(incident, 8) AS INT) > 3"),
                     1);
    assert_each_id_once(testbed);
    assert_true(testbed_redis_number(testbed, "HLEN {breachd}:todo") >= 2);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void a_start_after_that_begins_no_other_epoch(void **state)
{
    static const char sql[] =
        "SELECT json_extract(known, '$.numbers') FROM incident WHERE subject = 'epoch'";
    struct testbed *testbed = *state;
    long long epoch;

    live_on_after_the_copy(testbed);
    testbed_start(testbed, NULL);
    testbed_gather(testbed);
    epoch = ctl_fixture_number(testbed, sql);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    ping(testbed, 1800, 500);
    ping(testbed, 2100, 10);
    assert_each_id_once(testbed);
    assert_int_equal(ctl_fixture_number(testbed, sql), epoch);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* Whoever starts while Redis is away learns it when Redis is back. */
static void with_redis_away_it_is_found_when_that_is_back(void **state)
{
    struct testbed *testbed = *state;

    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    live_on_after_the_copy(testbed);
    testbed_redis_kill(testbed);
    testbed_start(testbed, NULL);
    assert_false(testbed_log_has(testbed, "the ledger is an older copy"));
    testbed_redis_start(testbed, "appendonly yes\nappendfsync always\n");
    testbed_await_log(testbed, "the ledger is an older copy: it ends with alert ");
    ping(testbed, 1800, 500);
    ping(testbed, 2100, 10);
    testbed_settle(testbed);
    assert_each_id_once(testbed);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_copy_of_a_ledger_that_is_written_holds),
        testbed_test(of_those_in_a_folder_the_newest_stay),
        testbed_test(the_copy_that_was_just_made_stays),
        testbed_test(what_is_half_made_counts_for_nothing),
        testbed_test(what_can_never_be_right_is_2),
        testbed_test(a_supervisor_explains_and_exports_from_it_and_each_look_is_kept),
        testbed_test(who_looks_is_not_who_he_says_and_nobody_uses_up_the_looks_of_others),
        testbed_test(an_older_copy_gives_no_number_again_and_says_so),
        testbed_test(a_start_after_that_begins_no_other_epoch),
        testbed_test(with_redis_away_it_is_found_when_that_is_back),
    };

    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
