/* SPDX-License-Identifier: Apache-2.0 */
/* A start with bad files goes on by what was last good; with by-file, so does a single bad file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

/* ---- a start ---- */

static void a_start_with_a_bad_order_goes_on_by_what_was_last_good(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    break_order(testbed, "A", "tag-1");
    start_again(testbed);
    ctl_live_breach(testbed);
    assert_string_equal(status_text(testbed, "rules.text.from"), "last-good");
    assert_string_equal(status_text(testbed, "rules.refused.cause"), "last-good");
    assert_has(status_text(testbed, "rules.refused.first"), "A.conf:14: colour: ");
    assert_string_equal(alert_text(newest(testbed), "data.cause"), "last-good");
    assert_string_equal(alert_text(newest(testbed), "data.severity"), "high");
    assert_has(alert_text(newest(testbed), "data.reason"), "the last good rules, ");
    assert_has(alert_text(newest(testbed), "data.reason"), " s old, are in force");
    assert_null(strstr(alert_text(newest(testbed), "data.reason"), "Z, are")); // no clock's time
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo rules/1"), 1);
    assert_has(status_text(testbed, "rules.refused.stays"), " s old, are in force");
    assert_int_equal(testbed_ctl(testbed, "status", NULL), 1);
    testbed_close(testbed);
}

static void it_mends_itself_by_the_next_good_reload(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    break_order(testbed, "A", "tag-1");
    start_again(testbed);
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "refused, 1 complaint: the last good rules, ");
    testbed_order(testbed, "A", "tag-1", 0, 300, "");
    assert_int_equal(reload(testbed), 0);
    assert_string_equal(status_text(testbed, "rules.text.from"), "files");
    assert_string_equal(alert_text(newest(testbed), "data.cause"), "applied");
    testbed_gather(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo rules/1"), 0);
    testbed_close(testbed);
}

static void bad_settings_are_as_they_were_too(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "0s");
    start_again(testbed);
    ctl_live_breach(testbed);
    assert_has(status_text(testbed, "rules.refused.first"), "heartbeat: 0s is outside");
    testbed_close(testbed);
}

static void so_is_a_folder_that_is_empty_at_a_start(void **state)
{
    struct testbed *testbed = *state;
    char digest[13];

    ctl_live_open(testbed, NULL);
    testbed_remove(testbed, "orders.d/A.conf");
    start_again(testbed);
    assert_has(status_text(testbed, "rules.refused.first"),
               "1 of 1 orders that have not ended are gone (if that is meant, ");
    snprintf(digest, sizeof digest, "%s", status_text(testbed, "rules.refused.really"));
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "reload", "-c",
                                 testbed_path(testbed, "breachd.conf").text, "--really", digest,
                                 NULL),
                     0);
    testbed_close(testbed);
}

static void what_a_reload_put_in_force_is_last_good(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_order(testbed, "A", "tag-1", 0, 400, "");
    assert_int_equal(reload(testbed), 0);
    break_order(testbed, "A", "tag-1");
    assert_int_equal(reload(testbed), 1); // and what is refused is not
    start_again(testbed);
    testbed_ping(testbed, "tag-1", 0, 900);
    testbed_ping(testbed, "tag-1", 300, 300); // in the zone of 400 m alone
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

static void a_damaged_copy_comes_into_force_at_no_start(void **state)
{
    struct testbed *testbed = *state;
    char *bytes;

    ctl_live_open(testbed, NULL);
    await_kept(testbed);
    testbed_kill(testbed);
    bytes = testbed_read(testbed, "ledger.db-rules");
    memcpy(strstr(bytes, "radius"), "RADIUS", 6);
    testbed_write(testbed, "ledger.db-rules", bytes, strlen(bytes));
    free(bytes);
    break_order(testbed, "A", "tag-1");
    assert_int_equal(testbed_run(testbed, "-c", testbed_path(testbed, "breachd.conf").text, NULL),
                     1);
    bytes = testbed_read(testbed, "run.err");
    assert_has(bytes, "ledger.db-rules: what was last good cannot be used: is damaged at byte ");
    free(bytes);
    testbed_close(testbed);
}

static void a_start_that_was_never_good_fails(void **state)
{
    struct testbed *testbed = *state;

    break_order(testbed, "A", "tag-1");
    assert_int_equal(testbed_run(testbed, "-c", testbed_path(testbed, "breachd.conf").text, NULL),
                     1);
    testbed_close(testbed);
}

/* ---- whose it is ---- */

static void copy_in_place(struct testbed *testbed, const char *to)
{
    char *bytes = testbed_read(testbed, "ledger.db-rules");
    FILE *file = fopen(testbed_path(testbed, "ledger.db-rules").text, "r");
    struct stat what;

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &what), 0);
    fclose(file);
    testbed_write(testbed, to, bytes, (size_t)what.st_size);
    free(bytes);
}

static void fails_for(struct testbed *testbed, const char *why)
{
    char *bytes;

    assert_int_equal(testbed_run(testbed, "-c", testbed_path(testbed, "breachd.conf").text, NULL),
                     1);
    bytes = testbed_read(testbed, "run.err");
    assert_has(bytes, why);
    free(bytes);
}

static void what_was_last_good_of_others_comes_into_force_at_no_start(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    await_kept(testbed);
    testbed_kill(testbed);
    break_order(testbed, "A", "tag-1");
    testbed_set(testbed, "breachd.conf", "site", "name", "kent");
    fails_for(testbed, "ledger.db-rules: is of the site essex, not of kent\n");
    testbed_set(testbed, "breachd.conf", "site", "name", "essex");
    copy_in_place(testbed, "other.db-rules");
    testbed_set(testbed, "breachd.conf", "ledger", "path", "other.db");
    fails_for(testbed, "other.db-rules: is of the ledger ");
    testbed_close(testbed);
}

/* From the folder itself, as `./breachd.conf`, whatever it was called when it was good. */
static void a_path_that_is_spelled_otherwise_is_the_same(void **state)
{
    struct testbed *testbed = *state;
    char here[4096];

    assert_non_null(getcwd(here, sizeof here));
    ctl_live_open(testbed, NULL);
    await_kept(testbed);
    testbed_kill(testbed);
    break_order(testbed, "A", "tag-1");
    assert_int_equal(chdir(testbed_path(testbed, ".").text), 0);
    testbed_start(testbed, "-c", "./breachd.conf", NULL);
    assert_string_equal(status_text(testbed, "rules.text.from"), "last-good");
    testbed_order(testbed, "A", "tag-1", 0, 300, "");
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    testbed_set(testbed, "breachd.conf", "site", "reload", "by-file");
    assert_int_equal(reload(testbed), 0);
    await_kept(testbed);
    break_order(testbed, "A", "tag-1"); // held under the name that it has here
    assert_int_equal(reload(testbed), 1);
    assert_string_equal(status_text(testbed, "rules.text.from"), "by-file");
    assert_int_equal(chdir(here), 0);
    start_again(testbed);
    assert_string_equal(status_text(testbed, "rules.text.from"), "by-file");
    ctl_live_breach(testbed);
    testbed_close(testbed);
}

/* ---- a copy that is not the newest ---- */

/* B comes into force, its copy does not come into its place, and somebody is in B/home. */
static void open_unkept(struct testbed *testbed)
{
    ctl_live_open(testbed, NULL);
    await_kept(testbed);
    assert_int_equal(mkdir(testbed_path(testbed, "ledger.db-rules.new").text, 0700), 0);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    testbed_ping(testbed, "tag-2", 0, 900);
    testbed_ping(testbed, "tag-2", 300, 10);
    testbed_expect(testbed, "breach B/home/1/1\n");
    break_order(testbed, "A", "tag-1");
}

static void kill_and_start(struct testbed *testbed)
{
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
}

static void a_start_by_an_older_copy_ends_nothing_and_says_what_it_lacks(void **state)
{
    struct testbed *testbed = *state;

    open_unkept(testbed);
    for (int starts = 0; starts < 2; starts++) { // the second finds what the first has left
        kill_and_start(testbed);
        assert_has(status_text(testbed, "rules.refused.first"),
                   "ledger.db-rules: is older than what was in force: B not watched, ");
        assert_has(status_text(testbed, "rules.refused.stays"), "are in force, less 1 order");
        assert_has(alert_text(newest(testbed), "data.reason"), "B not watched");
        testbed_gather(testbed);
        assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:open B/home/1"), 1);
    }
    testbed_remove(testbed, "ledger.db-rules.new");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    testbed_gather(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:open B/home/1"), 1);
    testbed_remove(testbed, "orders.d/B.conf");
    testbed_reload_really(testbed); // now it is withdrawn
    testbed_gather(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:open B/home/1"), 0);
    testbed_close(testbed);
}

/* Its zone may be another in the older text: what is open in the newer one stays open too. */
static void an_older_text_of_an_order_ends_nothing_either(void **state)
{
    struct testbed *testbed = *state;

    open_unkept(testbed);
    testbed_remove(testbed, "ledger.db-rules.new");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    assert_int_equal(reload(testbed), 0);
    await_kept(testbed);
    assert_int_equal(mkdir(testbed_path(testbed, "ledger.db-rules.new").text, 0700), 0);
    testbed_order(testbed, "A", "tag-1", 0, 250, "");
    assert_int_equal(reload(testbed), 0);
    testbed_settle(testbed); // the text that is in force stands in the ledger
    break_order(testbed, "A", "tag-1");
    kill_and_start(testbed);
    assert_has(status_text(testbed, "rules.refused.first"), "is older than what was in force: A ");
    testbed_close(testbed);
}

/* ---- breachd -n ---- */

static void the_check_says_which_text_is_in_force(void **state)
{
    struct testbed *testbed = *state;
    char line[64], *out, *err;

    ctl_live_open(testbed, NULL);
    snprintf(line, sizeof line, "last good: text %s of 20",
             status_text(testbed, "rules.text.digest"));
    assert_int_equal(check(testbed, &out, &err), 0);
    assert_has(out, line);
    assert_has(out, "Z, which is what these files say\n");
    free(out);
    free(err);
    testbed_order(testbed, "A", "tag-1", 0, 400, "");
    assert_int_equal(check(testbed, &out, &err), 0);
    assert_has(out, "Z, until a reload or a start takes these files\n");
    free(out);
    free(err);
    break_order(testbed, "A", "tag-1");
    assert_int_equal(check(testbed, &out, &err), 1);
    assert_has(err, line);
    assert_has(err, "Z, goes on in force, also after a start\n");
    free(out);
    free(err);
    assert_int_equal(mkdir(testbed_path(testbed, "ledger.db-rules.new").text, 0700), 0);
    testbed_order(testbed, "A", "tag-1", 0, 300, "");
    assert_int_equal(reload(testbed), 0);
    break_order(testbed, "A", "tag-1");
    assert_int_equal(check(testbed, &out, &err), 1);
    assert_has(err, "Z is older than what is in force: after a start A would not be watched, or ");
    free(out);
    free(err);
    testbed_set(testbed, "breachd.conf", "site", "reload", "by-file");
    assert_int_equal(check(testbed, &out, &err), 1);
    assert_has(err, "Z, of which the refused files stay in force, also after a start\n");
    free(out);
    free(err);
    testbed_close(testbed);
}

static void the_check_promises_no_start_that_fails(void **state)
{
    struct testbed *testbed = *state;
    char *out, *err;

    testbed_replace(testbed, "tokens", "%s", "");
    ctl_live_open(testbed, NULL);
    testbed_set(testbed, "breachd.conf", "http", "tokens", "tokens");
    kill_and_start(testbed);
    testbed_remove(testbed, "tokens");
    assert_int_equal(check(testbed, &out, &err), 1);
    assert_has(strstr(err, " goes on in force, and NO START comes up by it: "), "tokens: No such");
    free(out);
    free(err);
    testbed_close(testbed);
}

/* By-file, one bad file keeps another as it was: a reload complains of both, and so does -n. */
static void the_check_has_every_complaint_of_a_reload_by_file(void **state)
{
    struct testbed *testbed = *state;
    char *out, *err, *b;

    testbed_set(testbed, "breachd.conf", "site", "reload", "by-file");
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_print(testbed, "orders.d/Z.conf",
                  "[zone A/work]\ncentre = 51.6, 0.5\nradius = 200 m\n");
    ctl_live_open(testbed, NULL);
    await_kept(testbed);
    break_order(testbed, "B", "tag-2");
    testbed_print(testbed, "orders.d/Z.conf", "; it goes\n");
    assert_int_equal(check(testbed, &out, &err), 1);
    assert_has(err, "B.conf:14: colour: ");
    assert_has(err, "Z.conf: zone A/work would go while another file is refused: what was last "
                    "good stays in force here too\n");
    assert_has(err, "Z, of which the refused files stay in force, also after a start\n");
    free(out);
    free(err);
    // By one spelling of each path, as it was given.
    assert_int_equal(
        testbed_run(testbed, "-n", "-c", testbed_path(testbed, "./breachd.conf").text, NULL), 1);
    err = testbed_read(testbed, "run.err");
    assert_has(err, "/./orders.d/B.conf:14: colour: ");
    assert_has(err, "/./orders.d/Z.conf: zone A/work would go");
    free(err);
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "2 complaints: 2 files as last good");
    // Files that clash refuse all of it, and nothing is held.
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    b = testbed_read(testbed, "orders.d/B.conf");
    testbed_print(testbed, "orders.d/0.conf", "%s", b);
    free(b);
    assert_int_equal(check(testbed, &out, &err), 1);
    assert_has(err, "Z, goes on in force, also after a start\n");
    free(out);
    free(err);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_start_with_a_bad_order_goes_on_by_what_was_last_good),
        testbed_test(it_mends_itself_by_the_next_good_reload),
        testbed_test(bad_settings_are_as_they_were_too),
        testbed_test(so_is_a_folder_that_is_empty_at_a_start),
        testbed_test(what_a_reload_put_in_force_is_last_good),
        testbed_test(a_damaged_copy_comes_into_force_at_no_start),
        testbed_test(a_start_that_was_never_good_fails),
        testbed_test(what_was_last_good_of_others_comes_into_force_at_no_start),
        testbed_test(a_path_that_is_spelled_otherwise_is_the_same),
        testbed_test(a_start_by_an_older_copy_ends_nothing_and_says_what_it_lacks),
        testbed_test(an_older_text_of_an_order_ends_nothing_either),
        testbed_test(the_check_says_which_text_is_in_force),
        testbed_test(the_check_promises_no_start_that_fails),
        testbed_test(the_check_has_every_complaint_of_a_reload_by_file),
    };

    return cmocka_run_group_tests_name("last_good", tests, NULL, NULL);
}
