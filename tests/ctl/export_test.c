/* SPDX-License-Identifier: Apache-2.0 */
/* An incident as one file: checked by other hands and tools, and about nobody else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl_fixture.h"
#include "store_fixture.h"
#include "support/test.h"
#include "version_2.h"

static int run_tool(struct testbed *testbed, const char *const *argv)
{
    struct path out = testbed_path(testbed, "tool.out");
    struct child child =
        child_start(&(struct command){ .argv = argv, .out = out.text, .err = out.text });
    int status;

    assert_true(child_ends(&child, 3 * PATIENCE_MS, &status));
    return status;
}

static void make_key(struct testbed *testbed)
{
    struct path key = testbed_path(testbed, "key.pem"),
                public = testbed_path(testbed, "public.pem");
    const char *make[] = { "openssl", "genpkey", "-algorithm", "ed25519", "-out", key.text, NULL };
    const char *show[] = {
        "openssl", "pkey", "-in", key.text, "-pubout", "-out", public.text, NULL
    };

    assert_int_equal(run_tool(testbed, make), 0);
    assert_int_equal(run_tool(testbed, show), 0);
    testbed_set(testbed, "breachd.conf", "ledger", "signing-key", "key.pem");
}

/* Two respondents, side by side and of the same minutes; and a key to sign with. */
static void play_two(struct testbed *testbed)
{
    make_key(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "warn = 800 m\n");
    testbed_order(testbed, "SECRET", "hidden-tag", 300, 222, "warn = 777 m\n");
    testbed_redis_start(testbed, "");
    testbed_start(testbed, NULL);
    for (int i = 0; i < 6; i++) {
        testbed_ping(testbed, "hidden-tag", 60 * i, 900 - 150 * i);
        testbed_ping(testbed, "tag-1", 60 * i + 5, 900 - 150 * i);
    }
    testbed_gather(testbed);
}

/* The group's testbed: one evening for all who only read its ledger. */
static int visit_setup(void **state)
{
    struct testbed *testbed;

    if (testbed_setup(state) != 0)
        return -1;
    testbed = *state;
    play_two(testbed);
    testbed_close(testbed);
    return 0;
}

static int export(struct testbed *testbed, const char *incident)
{
    testbed_remove(testbed, "evidence");
    return testbed_ctl(testbed, "export", "-c", testbed_path(testbed, "breachd.conf").text, "-o",
                       testbed_path(testbed, "evidence").text, "--by", "DC 4711", "--reason",
                       "for court", incident, NULL);
}

/* The manual's own commands, taken out of its page; "" when they find nothing. */
static const char *check_by_hand(struct testbed *testbed, const char *name)
{
    static char *said;
    const char *argv[] = {
        "sh", BY_HAND_SCRIPT, MANUAL_PAGE, testbed->dir, name, "public.pem", NULL
    };

    run_tool(testbed, argv);
    free(said);
    said = testbed_read(testbed, "tool.out");
    return said;
}

static void other_tools_find_it_whole(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(export(testbed, "A/home/1"), 0);
    assert_string_equal(check_by_hand(testbed, "evidence"), "Signature Verified Successfully\n");
}

static void nobody_else_is_in_it(void **state)
{
    static const char *const words[] = { "SECRET", "hidden-tag", "222", "777" };
    struct testbed *testbed = *state;
    char *text;

    assert_int_equal(export(testbed, "A/home/1"), 0);
    text = testbed_read(testbed, "evidence");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        // Not as a digit of some digest: bodies hold quotation marks.
        char quoted[32];

        snprintf(quoted, sizeof quoted, i < 2 ? "%s" : " %s m", words[i]);
        if (strstr(text, quoted) != NULL)
            fail_msg("the export tells of %s", words[i]);
    }
    assert_non_null(strstr(text, "tag-1"));
    assert_non_null(strstr(text, "[zone A/home]"));
    assert_non_null(strstr(text, "breachd.breach"));
    assert_non_null(strstr(text, "DC 4711"));
    free(text);
}

static void blindness_shows_nobody_at_all(void **state)
{
    struct testbed *testbed = *state;
    char *text;

    play_two(testbed);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_gather(testbed);
    assert_int_equal(export(testbed, "blind/1"), 0);
    text = testbed_read(testbed, "evidence");
    assert_non_null(strstr(text, "breachd.blind"));
    assert_non_null(strstr(text, "breachd.sighted"));
    assert_null(strstr(text, "tag"));
    assert_null(strstr(text, "R-"));
    assert_null(strstr(text, "[zone"));
    free(text);
    assert_string_equal(check_by_hand(testbed, "evidence"), "Signature Verified Successfully\n");
    testbed_close(testbed);
}

/* Nobody knows whose the order was; its end belongs to the incident all the same. */
static void an_order_withdrawn_while_it_was_down_has_its_end(void **state)
{
    struct testbed *testbed = *state;
    char *text;

    play_two(testbed);
    testbed_kill(testbed);
    testbed_remove(testbed, "ledger.db-rules"); // else what was last good would stay
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_start(testbed, NULL);
    testbed_gather(testbed);
    assert_int_equal(export(testbed, "A/home/1"), 0);
    text = testbed_read(testbed, "evidence");
    assert_non_null(strstr(text, "order or zone withdrawn"));
    assert_null(strstr(text, "SECRET"));
    free(text);
    assert_string_equal(check_by_hand(testbed, "evidence"), "Signature Verified Successfully\n");
    testbed_close(testbed);
}

/* Links of both rules in one file, over the one that closed the older chain. */
static void of_a_ledger_from_before_other_tools_find_it_whole(void **state)
{
    static const char *const doctorings[][2] = {
        { "\"kind\":\"alert\"", "\"kind\":\"ping\"" },
        { "\"kind\":\"migrated\"", "\"kind\":\"migrate\"" },
        { "breachd-evidence/1", "breachd-evidence/0" },
    };
    struct testbed *testbed = *state;
    struct kept_entry ping;
    struct store *store;
    char *text, *at;

    make_key(testbed);
    version_2_make(testbed_path(testbed, "ledger.db").text);
    store = store_fixture_open(testbed);
    ping = store_fixture_ping("R-2", 1592943245100, "later");
    assert_true(store_fixture_put(store, &ping, 1));
    store_close(store);
    assert_int_equal(export(testbed, "B/home/1"), 0);
    text = testbed_read(testbed, "evidence");
    assert_non_null(strstr(text, "later"));
    assert_null(strstr(text, "R-1"));
    assert_string_equal(check_by_hand(testbed, "evidence"), "Signature Verified Successfully\n");
    for (size_t i = 0; i < sizeof doctorings / sizeof *doctorings; i++) {
        at = strstr(text, doctorings[i][0]);
        assert_non_null(at);
        testbed_print(testbed, "doctored", "%.*s%s%s", (int)(at - text), text, doctorings[i][1],
                      at + strlen(doctorings[i][0]));
        assert_non_null(strstr(check_by_hand(testbed, "doctored"),
                               i < 2 ? "does not follow" : "its body was changed"));
    }
    free(text);
    testbed_close(testbed);
}

/* Who looked at it is in it, and who looked at another is not. */
static void who_looked_is_shown_of_this_incident(void **state)
{
    static const char *const bodies[] = {
        "{\"command\":\"map\",\"of\":\"B/home/1\",\"by\":\"PC 1\",\"reason\":\"to find him\"}",
        "{\"command\":\"map\",\"of\":\"X/home/1\",\"by\":\"PC 2\",\"reason\":\"curious\"}",
    };
    struct testbed *testbed = *state;
    struct store *store;
    char *text;

    make_key(testbed);
    version_2_make(testbed_path(testbed, "ledger.db").text);
    store = store_fixture_open(testbed);
    for (int i = 0; i < 3; i++) {
        struct kept_entry one = store_fixture_ping("R-2", 1592943245100 + i, "later");

        if (i < 2)
            one = (struct kept_entry){ .kind = "access",
                                       .at = { 1592943245100 + i },
                                       .respondent = "",
                                       .evidence = true,
                                       .body = bodies[i] };
        assert_true(store_fixture_put(store, &one, 1));
    }
    store_close(store);
    assert_int_equal(export(testbed, "B/home/1"), 0);
    text = testbed_read(testbed, "evidence");
    assert_non_null(strstr(text, "to find him"));
    assert_null(strstr(text, "curious"));
    free(text);
    assert_string_equal(check_by_hand(testbed, "evidence"), "Signature Verified Successfully\n");
    testbed_ctl(testbed, "explain", "--ledger", testbed_path(testbed, "ledger.db").text, "--reason",
                "x", "B/home/1", NULL);
    assert_non_null(strstr(testbed_ctl_said(testbed), "PC 1 looked at it (map): to find him"));
    assert_null(strstr(testbed_ctl_said(testbed), "curious"));
    assert_int_equal(
        testbed_ctl(testbed, "verify", "--ledger", testbed_path(testbed, "ledger.db").text, NULL),
        0);
    testbed_close(testbed);
}

/* ---- a file that somebody changed ---- */

struct doctoring {
    const char *from, *to; // the first of the file
    const char *finding;
};

static void replace(struct testbed *testbed, const struct doctoring *one)
{
    char *text = testbed_read(testbed, "evidence"), *at = strstr(text, one->from);

    if (at == NULL)
        fail_msg("the export lacks %s", one->from);
    testbed_print(testbed, "doctored", "%.*s%s%s", (int)(at - text), text, one->to,
                  at + strlen(one->from));
    free(text);
}

static void what_was_changed_is_found_by_hand(void **state)
{
    static const struct doctoring doctorings[] = {
        { "breachd.breach", "breachd.update", "its body was changed" },
        { "radius = 200 m", "radius = 100 m", "its body was changed" },
        { "\"kind\":\"alert\"", "\"kind\":\"ping\"", "does not follow" },
        { "\"before\":{\"number\":", "\"before\":{\"number\":1", "does not follow" },
        { "\"respondent\":\"R-A\",\"evidence\":1", "\"respondent\":\"R-B\",\"evidence\":1",
          "whose it is, or a flag, was changed" },
        { "\"evidence\":1", "\"evidence\":0", "whose it is, or a flag, was changed" },
        { "\"content\":\"", "\"content\":\"0", "whose it is, or a flag, was changed" },
        { "DC 4711", "DC 4712", "Signature Verification Failure" },
    };
    struct testbed *testbed = *state;

    assert_int_equal(export(testbed, "A/home/1"), 0);
    for (size_t i = 0; i < sizeof doctorings / sizeof *doctorings; i++) {
        const char *said;

        replace(testbed, &doctorings[i]);
        said = check_by_hand(testbed, "doctored");
        if (strstr(said, doctorings[i].finding) == NULL ||
            strstr(said, "Signature Verification Failure") == NULL)
            fail_msg("%s: \"%s\" does not tell it", doctorings[i].to, said);
    }
}

static void a_line_taken_out_is_found_by_hand(void **state)
{
    struct testbed *testbed = *state;
    char *text, *line, *next;

    assert_int_equal(export(testbed, "A/home/1"), 0);
    text = testbed_read(testbed, "evidence");
    line = strstr(strstr(text, "{\"link\":") + 1, "{\"link\":");
    next = strchr(line, '\n') + 1;
    testbed_print(testbed, "doctored", "%.*s%s", (int)(line - text), text, next);
    assert_non_null(strstr(check_by_hand(testbed, "doctored"), "does not follow"));
    free(text);
}

/* ---- what is refused ---- */

static void an_export_is_refused_with_the_reason(void **state)
{
    struct testbed *testbed = *state;
    struct path settings = testbed_path(testbed, "breachd.conf"),
                out = testbed_path(testbed, "evidence");
    struct path ledger = testbed_path(testbed, "ledger.db");
    struct stat about;

    play_two(testbed);
    assert_int_equal(export(testbed, "A/home/9"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "A/home/9: no such incident"));
    assert_int_equal(stat(out.text, &about), -1);
    assert_int_equal(testbed_ctl(testbed, "export", "--ledger", ledger.text, "--by", "\xff",
                                 "--reason", "x", "-o", out.text, "A/home/1", NULL),
                     1);
    assert_int_equal(stat(out.text, &about), -1);
    testbed_set(testbed, "breachd.conf", "ledger", "signing-key", "gone.pem");
    assert_int_equal(export(testbed, "A/home/1"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "gone.pem: No such file"));
    assert_int_equal(stat(out.text, &about), -1);
    testbed_set(testbed, "breachd.conf", "ledger", "signing-keys", "key.pem");
    assert_int_equal(testbed_ctl(testbed, "export", "-c", settings.text, "--ledger", ledger.text,
                                 "-o", out.text, "--reason", "x", "A/home/1", NULL),
                     1); // never silently without a signature
    assert_int_equal(stat(out.text, &about), -1);
    testbed_close(testbed);
}

static void a_file_that_is_there_is_not_overwritten(void **state)
{
    struct testbed *testbed = *state;
    struct path out = testbed_path(testbed, "evidence");
    struct stat about;
    char *text;

    assert_int_equal(export(testbed, "A/home/1"), 0);
    assert_int_equal(stat(out.text, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    testbed_print(testbed, "evidence", "mine\n");
    assert_int_equal(testbed_ctl(testbed, "export", "-c",
                                 testbed_path(testbed, "breachd.conf").text, "--reason", "x", "-o",
                                 out.text, "A/home/1", NULL),
                     1);
    text = testbed_read(testbed, "evidence");
    assert_string_equal(text, "mine\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_tools_find_it_whole),
        cmocka_unit_test(nobody_else_is_in_it),
        testbed_test(blindness_shows_nobody_at_all),
        testbed_test(an_order_withdrawn_while_it_was_down_has_its_end),
        testbed_test(of_a_ledger_from_before_other_tools_find_it_whole),
        testbed_test(who_looked_is_shown_of_this_incident),
        cmocka_unit_test(what_was_changed_is_found_by_hand),
        cmocka_unit_test(a_line_taken_out_is_found_by_hand),
        testbed_test(an_export_is_refused_with_the_reason),
        cmocka_unit_test(a_file_that_is_there_is_not_overwritten),
    };

    return cmocka_run_group_tests_name("export", tests, visit_setup, testbed_teardown);
}
