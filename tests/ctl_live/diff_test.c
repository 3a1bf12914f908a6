/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl diff: before a reload what it will do, by the ledger of a breachd that runs. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

static int diff(struct testbed *testbed, const char *option, const char *value)
{
    return testbed_ctl(testbed, "diff", "-c", testbed_path(testbed, "breachd.conf").text, option,
                       value, NULL);
}

/* The newest one ended well and said just this. */
static void assert_said(struct testbed *testbed, int code, const char *want)
{
    if (code != 0 || strcmp(testbed_ctl_said(testbed), want) != 0)
        fail_msg("ended with %d\n-- wanted:\n%s-- said:\n%s-- complained:\n%s", code, want,
                 testbed_ctl_said(testbed), testbed_ctl_complained(testbed));
}

static void assert_tells(struct testbed *testbed, const char *want)
{
    if (strstr(testbed_ctl_said(testbed), want) == NULL)
        fail_msg("-- wanted:\n%s-- said:\n%s-- complained:\n%s", want, testbed_ctl_said(testbed),
                 testbed_ctl_complained(testbed));
}

static void assert_diff_tells(struct testbed *testbed, const char *want)
{
    assert_int_equal(diff(testbed, NULL, NULL), 0);
    assert_tells(testbed, want);
}

static void assert_complained(struct testbed *testbed, const char *want)
{
    if (strstr(testbed_ctl_complained(testbed), want) == NULL)
        fail_msg("-- wanted:\n%s-- complained:\n%s", want, testbed_ctl_complained(testbed));
}

#define NOTHING "0 added, 0 ended, 0 changed, 0 zones moved\n"
#define NOBODY  "nobody is inside, before or then, as far as the ledger knows\n"

/* tag-1 was inside A/home, so the ledger has the text of A, and is 900 m away. */
static void judge_once(struct testbed *testbed)
{
    assert_int_equal(testbed_ping(testbed, "tag-1", 100, 0), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 800, 900), 200);
    testbed_settle(testbed);
}

/* A moves by 100 m, B ends, C is added: told before; after the reload nothing is left to tell. */
static void what_a_reload_would_change_is_told_before(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_order(testbed, "D", "tag-4", 7000, 200, "");
    testbed_order(testbed, "E", "tag-5", 8000, 200, "");
    ctl_live_open(testbed, NULL);
    judge_once(testbed);
    assert_said(testbed, diff(testbed, NULL, NULL), NOTHING NOBODY);
    testbed_order(testbed, "A", "tag-1", 100, 200, "");
    testbed_remove(testbed, "orders.d/B.conf");
    testbed_order(testbed, "C", "tag-3", 9000, 200, "");
    assert_diff_tells(testbed, "C: added\n");
    assert_tells(testbed, "B: ended\n");
    assert_tells(testbed, "A: changed: text ");
    assert_tells(testbed, "A/home: moved by 100.0 m\n");
    assert_tells(testbed, "1 added, 1 ended, 1 changed, 1 zone moved\n");
    testbed_reload(testbed);
    testbed_settle(testbed);
    assert_said(testbed, diff(testbed, NULL, NULL), NOTHING NOBODY);
    testbed_close(testbed);
}

/* The ledger has a text once somebody was judged by it; of the others it has the digests. */
static void of_a_text_that_nobody_was_judged_by_it_is_told_that_it_changed(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    ctl_live_open(testbed, NULL);
    testbed_settle(testbed);
    testbed_remove(testbed, "ledger.db-rules"); // as before they were kept
    assert_said(testbed, diff(testbed, NULL, NULL), NOTHING NOBODY);
    testbed_order(testbed, "A", "tag-1", 100, 200, "");
    testbed_remove(testbed, "orders.d/B.conf");
    assert_said(testbed, diff(testbed, NULL, NULL),
                "A: changed: nobody was judged by its old text, so how far its zones move is not "
                "known\nB: ended\n0 added, 1 ended, 1 changed, 0 zones moved\n" NOBODY);
    testbed_close(testbed);
}

/* The texts in force are kept beside the ledger, so nobody need have been judged by them. */
static void what_is_kept_beside_the_ledger_is_what_is_in_force(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    ctl_live_open(testbed, NULL);
    testbed_settle(testbed);
    testbed_order(testbed, "B", "tag-2", 5100, 200, "");
    assert_diff_tells(testbed,
                      "B/home: moved by 100.0 m\n0 added, 0 ended, 1 changed, 1 zone moved\n");
    testbed_close(testbed);
}

static void a_polygon_with_a_buffer_has_not_moved_by_0_0_m(void **state)
{
    struct testbed *testbed = *state;
    static const char *const shapes[] = {
        "POLYGON ((0.46 51.57, 0.47 51.57, 0.47 51.58, 0.46 51.58, 0.46 51.57))",
        "POLYGON ((0.47 51.58, 0.46 51.58, 0.46 51.57, 0.47 51.57, 0.47 51.58))"
    };
    char zone[256];

    for (int i = 0; i < 2; i++) {
        snprintf(zone, sizeof zone, "[zone A/school]\nwkt = %s\nbuffer = 50 m\n", shapes[i]);
        if (i == 0) {
            testbed_open(testbed, zone, NULL);
            assert_int_equal(testbed_ping(testbed, "tag-1", 800, 0), 200);
            testbed_settle(testbed);
        } else {
            testbed_order(testbed, "A", "tag-1", 0, 200, zone);
        }
    }
    assert_diff_tells(testbed, "0 added, 0 ended, 1 changed, 0 zones moved\n");
    assert_null(strstr(testbed_ctl_said(testbed), "moved by"));
    testbed_reload(testbed);
    testbed_await_log(testbed, "reload: done: 1 order; 0 added, 0 ended, 1 changed, 0 zones moved");
    assert_false(testbed_log_has(testbed, "moved by"));
    // What has moved by two centimetres has not moved by 0.0 m.
    assert_int_equal(testbed_ping(testbed, "tag-1", 850, 0), 200); // the ledger gets the text
    testbed_settle(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200,
                  "[zone A/school]\nwkt = POLYGON ((0.46 51.57, 0.47 51.57, 0.47 51.5800002, 0.46 "
                  "51.5800002, 0.46 51.57))\nbuffer = 50 m\n");
    assert_diff_tells(testbed, "A/school: moved by 0.022 m\n");
    testbed_close(testbed);
}

/* tag-1 stands 300 m away from a zone of 200 m, tag-2 in the middle of its own. */
static void who_would_be_inside_is_told_without_a_place(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 800, 300), 200);
    assert_int_equal(testbed_ping(testbed, "tag-2", 800, 0), 200);
    testbed_settle(testbed);
    assert_diff_tells(testbed, NOTHING "R-B is inside B/home, as before: tag-2, 200 m inside, ");
    assert_null(strstr(testbed_ctl_said(testbed), "R-A"));
    testbed_order(testbed, "A", "tag-1", 0, 400, "");
    testbed_order(testbed, "B", "tag-2", 500, 200, "");
    assert_diff_tells(testbed, "R-A is inside A/home, by the reload: tag-1, 100 m inside, ");
    assert_tells(testbed, "R-B comes out of B/home: tag-2, 200 m inside, ");
    assert_null(strstr(testbed_ctl_said(testbed), "51.5"));
    assert_null(strstr(testbed_ctl_said(testbed), "0.45"));
    testbed_close(testbed);
}

/* As the ids of their devices are: not as those were first heard, by which the ledger has them. */
static void those_inside_are_told_in_order(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-2", 800, 0), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 800, 0), 200);
    testbed_settle(testbed);
    assert_diff_tells(testbed, NOTHING "R-A is inside A/home, as before: tag-1, ");
    assert_tells(testbed, "R-B is inside B/home, as before: tag-2, ");
    testbed_close(testbed);
}

static void a_permit_and_the_age_of_a_position_are_told(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "detect", "last-known", "1m");
    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 0), 200);
    testbed_settle(testbed);
    assert_diff_tells(testbed, " ago; too old to open anything by itself\n");
    testbed_order(testbed, "A", "tag-1", 0, 200,
                  "[permit A/court]\nfrom = 2020-01-01T00:00:00Z\nuntil = 2199-01-01T00:00:00Z\n");
    assert_diff_tells(testbed, " ago; permitted\n");
    testbed_close(testbed);
}

/* With the ledger named, its pings are judged by both: a larger zone is entered earlier. */
static void what_last_month_would_have_been_is_told(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");

    ctl_live_open(testbed, NULL);
    assert_int_equal(testbed_ping(testbed, "tag-1", 0, 900), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 300, 390), 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 10), 200);
    testbed_settle(testbed);
    assert_int_equal(diff(testbed, "--ledger", ledger.text), 0);
    assert_tells(testbed, " that the ledger has of the last 30 days:\n"
                          "0 gained, 0 lost, 0 earlier, 0 later, ");
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_order(testbed, "N", "tag-1", 0, 200, "");
    assert_int_equal(diff(testbed, "--ledger", ledger.text), 1); // too much goes
    assert_tells(testbed, "gained   ");
    assert_tells(testbed, "N/home: ");
    assert_tells(testbed, "lost     ");
    assert_tells(testbed, "A/home: ");
    testbed_close(testbed);
}

/* The next ones run forty days later, or today again. */
static void go_forty_days(bool on)
{
    const char *options = getenv("ASAN_OPTIONS");
    char late[512];

    snprintf(late, sizeof late, "%s:verify_asan_link_order=0", options != NULL ? options : "");
    setenv("ASAN_OPTIONS", late, 1);
    setenv("FAKETIME", "+40d", 1);
    if (on)
        setenv("LD_PRELOAD", FAKETIME_LIBRARY, 1);
    else
        unsetenv("LD_PRELOAD");
}

/* Forty days later none of them is of the last thirty. */
static void what_is_older_than_a_month_is_not_judged(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");

    ctl_live_open(testbed, NULL);
    judge_once(testbed);
    assert_int_equal(diff(testbed, "--ledger", ledger.text), 0);
    assert_null(strstr(testbed_ctl_said(testbed), "of the 0 pings"));
    go_forty_days(true);
    assert_int_equal(diff(testbed, "--ledger", ledger.text), 0);
    go_forty_days(false);
    assert_tells(testbed, "of the 0 pings that the ledger has of the last 30 days:\n"
                          "0 gained, 0 lost, 0 earlier, 0 later, 0 the same\n");
    testbed_close(testbed);
}

static void each_fact_is_json_by_json(void **state)
{
    struct testbed *testbed = *state;
    json_t *one;

    ctl_live_open(testbed, NULL);
    judge_once(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 1000, "");
    assert_int_equal(diff(testbed, "--json", NULL), 0);
    assert_tells(testbed, "{\"change\":\"moved\",\"zone\":\"A/home\",\"metres\":800.0}\n");
    one = json_loads(strstr(testbed_ctl_said(testbed), "{\"respondent\""), JSON_DISABLE_EOF_CHECK,
                     NULL);
    assert_non_null(one);
    assert_true(json_is_true(json_object_get(one, "then")));
    assert_true(json_is_false(json_object_get(one, "before")));
    json_decref(one);
    testbed_close(testbed);
}

static void a_reload_that_would_be_refused_is_1_with_its_complaints(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_settle(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 0, "");
    assert_int_equal(diff(testbed, NULL, NULL), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "radius: 0 m is outside"));
    assert_complained(testbed, "breachctl: a reload would be refused, 1 complaint: the old rules "
                               "stay; first: ");
    assert_string_equal(testbed_ctl_said(testbed), "");
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_set(testbed, "breachd.conf", "site", "name", "kent"); // which needs a restart
    assert_int_equal(diff(testbed, NULL, NULL), 1);
    assert_complained(testbed, "name: cannot change without a restart: \"essex\" is in force");
    assert_tells(testbed, NOTHING NOBODY); // of the orders it is told all the same
    testbed_close(testbed);
}

/* It says what reload says, and by which digest that can be asked for: the same. */
static void a_landslide_is_1_with_the_digest_that_reload_takes(void **state)
{
    struct testbed *testbed = *state;
    struct path conf = testbed_path(testbed, "breachd.conf");
    char digest[13], *at;

    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    ctl_live_open(testbed, NULL);
    testbed_settle(testbed);
    testbed_remove(testbed, "orders.d/B.conf");
    assert_int_equal(diff(testbed, NULL, NULL), 1);
    assert_tells(testbed, "B: ended\n0 added, 1 ended, 0 changed, 0 zones moved\n" NOBODY);
    assert_complained(testbed, "orders.d: 1 of 2 orders that have not ended are gone (if that is");
    assert_complained(testbed, "a reload would be refused, 1 complaint: the old rules stay; first");
    at = strstr(testbed_ctl_complained(testbed), "--really ");
    assert_non_null(at);
    snprintf(digest, sizeof digest, "%.12s", at + strlen("--really "));
    assert_complained(testbed, "/breachd.conf`"); // else another breachd would be asked
    assert_int_equal(diff(testbed, "--json", NULL), 1);
    assert_tells(testbed,
                 "{\"reload\":\"refused\",\"complaints\":1,\"stays\":\"the old rules stay\",");
    assert_tells(testbed, digest);
    assert_int_equal(testbed_ctl(testbed, "reload", "-c", conf.text, NULL), 1);
    assert_complained(testbed, digest);
    assert_int_equal(testbed_ctl(testbed, "reload", "-c", conf.text, "--really", digest, NULL), 0);
    testbed_settle(testbed);
    assert_said(testbed, diff(testbed, NULL, NULL), NOTHING NOBODY);
    testbed_close(testbed);
}

/* By-file the others change, and what is bad stays: both are told, with what else that holds. */
static void with_a_bad_file_by_file_the_good_ones_are_told(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "site", "reload", "by-file");
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_print(testbed, "orders.d/Z.conf",
                  "[zone A/work]\ncentre = 51.6, 0.5\nradius = 200 m\n");
    ctl_live_open(testbed, NULL);
    testbed_settle(testbed);
    await_kept(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 0, "");
    testbed_order(testbed, "B", "tag-2", 5100, 200, "");
    testbed_order(testbed, "C", "tag-3", 9000, 200, "");
    testbed_print(testbed, "orders.d/Z.conf", "; it goes\n");
    assert_int_equal(diff(testbed, NULL, NULL), 1);
    assert_tells(testbed, "B/home: moved by 100.0 m\n1 added, 0 ended, 1 changed, 1 zone moved\n");
    assert_complained(testbed, "radius: 0 m is outside");
    assert_complained(testbed, "Z.conf: zone A/work would go while another file is refused");
    assert_complained(testbed, "breachctl: a reload would be taken in part, 2 complaints: what is "
                               "told above comes into force, 2 files as last good; first: ");
    assert_tells(testbed, "orders.d/A.conf: stays as it was last good\n");
    assert_tells(testbed, "orders.d/Z.conf: stays as it was last good\n");
    assert_int_equal(diff(testbed, "--json", NULL), 1);
    assert_tells(testbed, "orders.d/A.conf\",\"last-good\":true}\n");
    assert_tells(testbed, "{\"reload\":\"partly\",\"complaints\":2,");
    testbed_print(testbed, "orders.d/D.conf", "[order D]\ncolour = red\n");
    assert_int_equal(diff(testbed, NULL, NULL), 1);
    assert_tells(testbed, "orders.d/D.conf: is left out: it never was good\n");
    assert_complained(testbed, "2 files as last good, 1 file left out, which never was good;");
    assert_int_equal(reload(testbed), 1);
    assert_complained(testbed, ": 2 files as last good, 1 file left out, which never was good;");
    testbed_remove(testbed, "orders.d/D.conf");
    assert_int_equal(reload(testbed), 1); // which says the same
    assert_complained(testbed, "refused, 2 complaints: 2 files as last good; first: ");
    testbed_close(testbed);
}

/* Two folders are compared without any ledger. */
static void a_folder_is_compared_with_another(void **state)
{
    struct testbed *testbed = *state;
    struct path other = testbed_path(testbed, "other");

    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    assert_int_equal(diff(testbed, NULL, NULL), 1); // there is none
    testbed_copy(testbed, testbed_path(testbed, "orders.d").text, "other");
    assert_said(testbed, diff(testbed, "--against", other.text), NOTHING);
    testbed_order(testbed, "A", "tag-1", 0, 250, "");
    assert_int_equal(diff(testbed, "--against", other.text), 0);
    assert_tells(testbed, "A/home: moved by 50.0 m\n");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(what_a_reload_would_change_is_told_before),
        testbed_test(of_a_text_that_nobody_was_judged_by_it_is_told_that_it_changed),
        testbed_test(what_is_kept_beside_the_ledger_is_what_is_in_force),
        testbed_test(a_polygon_with_a_buffer_has_not_moved_by_0_0_m),
        testbed_test(who_would_be_inside_is_told_without_a_place),
        testbed_test(those_inside_are_told_in_order),
        testbed_test(a_permit_and_the_age_of_a_position_are_told),
        testbed_test(what_last_month_would_have_been_is_told),
        testbed_test(what_is_older_than_a_month_is_not_judged),
        testbed_test(each_fact_is_json_by_json),
        testbed_test(a_reload_that_would_be_refused_is_1_with_its_complaints),
        testbed_test(a_landslide_is_1_with_the_digest_that_reload_takes),
        testbed_test(with_a_bad_file_by_file_the_good_ones_are_told),
        testbed_test(a_folder_is_compared_with_another),
    };

    return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
