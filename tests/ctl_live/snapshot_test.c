/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl snapshot: a whole copy while breachd writes, and how many of them stay. */
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl_live/ctl_live.h"
#include "support/test.h"

static void a_copy_of_a_ledger_that_is_written_holds(void **state)
{
    struct testbed *testbed = *state;
    struct path copy = testbed_path(testbed, "copy.db");
    struct stat about;
    char said[160];

    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(ctl_live_snapshot(testbed, "copy.db"), 0);
    snprintf(said, sizeof said, "%s\n", copy.text);
    assert_string_equal(testbed_ctl_said(testbed), said);
    assert_int_equal(stat(copy.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_null(testbed_read(testbed, "copy.db-wal"));
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200); // it goes on
    assert_int_equal(testbed_ctl(testbed, "verify", "--ledger", copy.text, NULL), 0);
    assert_int_equal(testbed_ctl(testbed, "replay", "--ledger", copy.text, NULL), 0);
    assert_int_equal(ctl_live_snapshot(testbed, "copy.db"), 1); // never over another one
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
    assert_int_equal(ctl_live_snapshot(testbed, "other.db"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "that breachctl did not make"));
    assert_int_equal(count(testbed, "other.db.part/mine"), 1);
    testbed_print(testbed, "third.db.part", "mine\n");
    assert_int_equal(ctl_live_snapshot(testbed, "third.db"), 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_copy_of_a_ledger_that_is_written_holds),
        testbed_test(of_those_in_a_folder_the_newest_stay),
        testbed_test(the_copy_that_was_just_made_stays),
        testbed_test(what_is_half_made_counts_for_nothing),
        testbed_test(what_can_never_be_right_is_2),
    };

    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
