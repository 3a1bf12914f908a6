/* SPDX-License-Identifier: Apache-2.0 */
/* What breachctl says of itself, and its exit codes. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl_fixture.h"
#include "support/test.h"

static void help_tells_each_command(void **state)
{
    static const char *const commands[] = { "verify", "replay", "export" };
    struct testbed *testbed = *state;

    assert_int_equal(testbed_ctl(testbed, "help", NULL), 0);
    for (size_t i = 0; i < 3; i++)
        assert_non_null(strstr(testbed_ctl_said(testbed), commands[i]));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(testbed_ctl(testbed, "help", commands[i], NULL), 0);
        assert_non_null(strstr(testbed_ctl_said(testbed), "usage: breachctl "));
        assert_non_null(strstr(testbed_ctl_said(testbed), commands[i]));
    }
    assert_int_equal(testbed_ctl(testbed, "--version", NULL), 0);
    assert_non_null(strstr(testbed_ctl_said(testbed), "breachctl "));
    testbed_close(testbed);
}

static void wrong_usage_is_2_and_tells_how(void **state)
{
    struct testbed *testbed = *state;

    assert_int_equal(testbed_ctl(testbed, NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "dance", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "help", "dance", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "verify", "more", NULL), 2);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "usage: breachctl verify"));
    assert_int_equal(testbed_ctl(testbed, "replay", "--dance", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "export", NULL), 2);
    assert_int_equal(testbed_ctl(testbed, "export", "A/home/1", "B/home/1", NULL), 2);
    testbed_close(testbed);
}

/* Who is shown a usage is told what was wrong with what he typed. */
static const struct misuse {
    const char *arguments[6], *why;
} misuses[] = {
    { { NULL }, "breachctl: COMMAND: must be given\n" },
    { { "dance" }, "breachctl: dance: no such command\n" },
    { { "verify", "more" }, "breachctl: \"more\": one argument too many\n" },
    { { "watch", "x" }, "breachctl: \"x\": one argument too many\n" },
    { { "ack" }, "breachctl: INCIDENT: must be given\n" },
    { { "ack", "A/home/1" }, "breachctl: --by NAME: must be given\n" },
    { { "close", "--by", "PC 42", "A/home/1" }, "breachctl: --reason REASON: must be given\n" },
    { { "export", "A/home/1" }, "breachctl: --reason WHY: must be given\n" },
    { { "explain", "--reason", "x", "A/home/1", "B/home/1" },
      "breachctl: \"B/home/1\": one argument too many\n" },
    { { "report", "--from", "2026-01-01" }, "breachctl: --to DATE: must be given\n" },
    { { "zones", "--reason", "x" }, "breachctl: --geojson: must be given\n" },
    { { "replay", "--against", "other.d" }, "breachctl: --against: PINGS must be given\n" },
    { { "snapshot" }, "breachctl: FILE|FOLDER: must be given\n" },
    { { "archive", "a.gz" }, "breachctl: --before DATE: must be given\n" },
    { { "forget", "--reason", "x" }, "breachctl: RESPONDENT: must be given\n" },
    { { "reload", "--really", "yes" }, "breachctl: --really: yes: not the 12 hex digits" },
    { { "order" }, "breachctl: new, check, import or end must be given\n" },
    { { "order", "dance" }, "breachctl: dance: new, check, import or end must be given\n" },
    { { "order", "check" }, "breachctl: FILE: must be given\n" },
    { { "order", "end", "A" }, "breachctl: --at TIME: must be given\n" },
    { { "order", "new", "A" }, "breachctl: \"A\": one argument too many\n" },
    { { "init", "--ask", "--yes" }, "breachctl: --ask and --yes: one of them\n" },
    { { "token", "gate" },
      "breachctl: --devices A,B, --any, --operator, --room or --map: one of them must" },
    { { "hand", "--by", "PC 42", "A/home/1" }, "breachctl: --to NAME: must be given\n" },
    { { "shelve", "--by", "PC 42", "A/home/1" },
      "breachctl: --until TIME|DURATION: must be given\n" },
    { { "note", "--by", "PC 42", "A/home/1" }, "breachctl: --note TEXT: must be given\n" },
    { { "handover" }, "breachctl: --since TIME|DURATION: must be given\n" },
    { { "incidents", "A/home/1" }, "breachctl: \"A/home/1\": one argument too many\n" },
    { { "token", "--any" }, "breachctl: NAME: must be given\n" },
    // An option of another command would be taken and do nothing.
    { { "status", "--ledger", "x" }, "breachctl: --ledger: no option of status\n" },
    { { "verify", "--redis", "unix:x" }, "breachctl: --redis: no option of verify\n" },
    { { "open", "--geojson" }, "breachctl: --geojson: no option of open\n" },
    { { "watch", "-o", "x" }, "breachctl: -o: no option of watch\n" },
    { { "replay", "--anchor", "1:2" }, "breachctl: --anchor: no option of replay\n" },
    { { "diff", "--dance" }, "diff: unrecognized option '--dance'\n" },
};

static void a_usage_stands_behind_what_was_wrong(void **state)
{
    struct testbed *testbed = *state;

    for (size_t i = 0; i < sizeof misuses / sizeof *misuses; i++) {
        const char *const *a = misuses[i].arguments, *said, *usage;

        assert_int_equal(testbed_ctl(testbed, a[0], a[1], a[2], a[3], a[4], a[5], NULL), 2);
        said = testbed_ctl_complained(testbed);
        usage = strstr(said, "\nusage: breachctl ");
        if (strncmp(said, misuses[i].why, strlen(misuses[i].why)) != 0 || usage == NULL)
            fail_msg("%s, wanted: %s", said, misuses[i].why);
        if (a[0] != NULL && strcmp(a[0], "dance") != 0)
            assert_int_equal(strncmp(usage + strlen("\nusage: breachctl "), a[0], strlen(a[0])), 0);
    }
    testbed_close(testbed);
}

/* Else a slip in its name would ask the breachd of the usual ledger to reload. */
static void a_reload_by_a_file_that_is_no_settings_asks_nobody(void **state)
{
    struct testbed *testbed = *state;
    struct path gone = testbed_path(testbed, "breachd.cnof"),
                orders = testbed_path(testbed, "orders.d/A.conf");

    assert_int_equal(testbed_ctl(testbed, "reload", "-c", gone.text, NULL), 2);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "/breachd.cnof: No such file"));
    testbed_print(testbed, "orders.d/A.conf", "[order A]\nkind = bail\n");
    assert_int_equal(testbed_ctl(testbed, "reload", "-c", orders.text, NULL), 2);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "/orders.d/A.conf:1: "));
    testbed_close(testbed);
}

static void help_is_told_however_one_asks(void **state)
{
    static const char *const ways[][4] = { { "--help" },          { "-h" },
                                           { "watch", "--help" }, { "ack", "--by", "PC 42", "-h" },
                                           { "token", "--help" }, { "verify", "-h", "more" },
                                           { "order", "-h" },     { "order", "new", "--help" } };
    struct testbed *testbed = *state;

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        assert_int_equal(testbed_ctl(testbed, ways[i][0], ways[i][1], ways[i][2], ways[i][3], NULL),
                         0);
        assert_non_null(strstr(testbed_ctl_said(testbed), "usage: breachctl "));
        assert_non_null(strstr(testbed_ctl_said(testbed), i < 2 ? "verify" : ways[i][0]));
        assert_string_equal(testbed_ctl_complained(testbed), "");
    }
    testbed_close(testbed);
}

/* What can never be right is the caller's mistake, and nobody is asked about it. */
static const struct value {
    const char *arguments[6], *why;
} values[] = {
    { { "watch", "--severity", "loud" }, "--severity: loud is none of info warning high critical" },
    { { "watch", "--since", "yesterday" }, "--since: yesterday is no duration (2h), time" },
    { { "open", "--redis", "http://h" }, "--redis: \"http://h\" is not redis://" },
    { { "open", "--prefix", "a b" }, "--prefix: a b: not 1..64 letters, digits, - _ ." },
    { { "verify", "--anchor", "12" }, "--anchor: 12: not NUMBER:DIGEST" },
    { { "replay", "pings", "--device", "a b" }, "--device: a b: not 1..64 letters" },
    { { "close", "--by", "PC 42", "--reason", "boredom", "A/home/1" },
      "reason: \"boredom\" is none of drift" },
    { { "shelve", "--by", "PC 42", "--until", "soon", "A/home/1" },
      "soon is neither a duration (2h) nor a time" },
    { { "shelve", "--by", "PC 42", "--until", "9h", "A/home/1" }, "--until: 9h is outside" },
    { { "incidents", "--state", "gone" }, "--state: gone is none of open ended taken" },
    { { "handover", "--since", "2h", "--operators", "0" }, "--operators: 0 is outside 1..99" },
    { { "ack", "--by", "", "A/home/1" }, "--by: 1..64 characters are wanted" },
    { { "explain", "--reason", " ", "A/home/1" }, "--reason: it says nothing" },
    { { "token", "a b", "--any" }, "a b: not 1..64 letters, digits, - _ ." },
    { { "token", "gate", "--devices", "a,,b" }, "a,,b: not ids of devices, parted by commas" },
};

static void a_value_that_can_never_be_right_is_2_with_the_reason(void **state)
{
    struct testbed *testbed = *state;

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const char *const *a = values[i].arguments;

        assert_int_equal(testbed_ctl(testbed, a[0], a[1], a[2], a[3], a[4], a[5], NULL), 2);
        if (strstr(testbed_ctl_complained(testbed), values[i].why) == NULL)
            fail_msg("%s %s %s: %s", a[0], a[1], a[2], testbed_ctl_complained(testbed));
    }
    testbed_close(testbed);
}

static void what_is_no_ledger_is_1_with_its_name(void **state)
{
    static const char *const commands[] = { "verify", "replay" };
    struct testbed *testbed = *state;
    struct path text = testbed_path(testbed, "text"), gone = testbed_path(testbed, "gone.db");

    testbed_print(testbed, "text", "this is no database, however long it may be\n");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(testbed_ctl(testbed, commands[i], "--ledger", text.text, NULL), 1);
        assert_non_null(strstr(testbed_ctl_complained(testbed), text.text));
        assert_int_equal(testbed_ctl(testbed, commands[i], "--ledger", gone.text, NULL), 1);
        assert_non_null(strstr(testbed_ctl_complained(testbed), gone.text));
    }
    assert_int_equal(testbed_ctl(testbed, "verify", "-c", text.text, NULL), 1);
    assert_null(testbed_read(testbed, "gone.db")); // asking makes no file
    testbed_close(testbed);
}

/* It would hang before it has asked Redis anything. */
static void a_password_out_of_a_fifo_is_refused_and_not_waited_for(void **state)
{
    struct testbed *testbed = *state;
    struct path fifo = testbed_path(testbed, "fifo");

    assert_int_equal(mkfifo(fifo.text, 0600), 0);
    alarm(10);
    assert_int_equal(testbed_ctl(testbed, "status", "--redis", "redis://127.0.0.1",
                                 "--password-file", fifo.text, NULL),
                     1);
    alarm(0);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "/fifo: is no regular file\n"));
    testbed_close(testbed);
}

static void an_empty_ledger_proves_nothing(void **state)
{
    struct testbed *testbed = *state;
    struct path settings = testbed_path(testbed, "breachd.conf");

    testbed_open(testbed, "",
                 "--rehearse"); // it does not know the time yet, so it has said nothing
    assert_int_equal(testbed_ctl(testbed, "verify", "-c", settings.text, NULL), 1);
    assert_string_equal(testbed_ctl_said(testbed),
                        "no entries, so nothing is proven: a copy made without its log (-wal) "
                        "lacks what is in that\n0 looks at it are noted\nnewest link 0 "
                        "0000000000000000000000000000000000000000000000000000000000000000\n");
    assert_int_equal(ctl_fixture_replayed(testbed, "questions"), 0);
    testbed_close(testbed);
}

static void json_is_one_object(void **state)
{
    struct testbed *testbed = *state;
    struct path ledger = testbed_path(testbed, "ledger.db");
    json_t *json;

    testbed_visit(testbed);
    testbed_gather(testbed);
    assert_int_equal(testbed_ctl(testbed, "verify", "--json", "--ledger", ledger.text, NULL), 0);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_true(json_is_true(json_object_get(json, "holds")));
    assert_int_equal(json_array_size(json_object_get(json, "breaks")), 0);
    json_decref(json);
    ctl_fixture_doctor(testbed, "UPDATE entry SET at = 1 WHERE number = 7");
    assert_int_equal(testbed_ctl(testbed, "verify", "--json", "--ledger", ledger.text, NULL), 1);
    json = json_loads(testbed_ctl_said(testbed), 0, NULL);
    assert_true(json_is_false(json_object_get(json, "holds")));
    assert_int_equal(json_integer_value(json_object_get(
                         json_array_get(json_object_get(json, "breaks"), 0), "entry")),
                     7);
    json_decref(json);
    testbed_close(testbed);
}

/* ---- what is no file ---- */

static const struct questions {
    const char *argv[8]; // %s: the FIFO; %c: breachd.conf
} questions[] = {
    { { "verify", "--ledger", "%s", NULL } },
    { { "replay", "--ledger", "%s", NULL } },
    { { "replay", "-c", "%c", "%s", NULL } },
    { { "explain", "--ledger", "%s", "--reason", "x", "A/home/1", NULL } },
    { { "export", "--ledger", "%s", "--reason", "x", "A/home/1", NULL } },
    { { "snapshot", "--ledger", "%s", "copy.db", NULL } },
    { { "archive", "--ledger", "%s", "--before", "2020-01-01", "a.gz", NULL } },
    { { "forget", "--ledger", "%s", "--reason", "x", "R-A", NULL } },
    { { "verify", "--ledger", "ledger.db", "--anchors", "%s", NULL } },
};

/* Nobody writes into it: who opens it and waits would wait for ever. */
static void a_fifo_is_no_evidence(void **state)
{
    struct testbed *testbed = *state;
    struct path fifo = testbed_path(testbed, "fifo"), conf = testbed_path(testbed, "breachd.conf");

    assert_int_equal(mkdir(testbed_path(testbed, "orders.d").text, 0700) == 0 || errno == EEXIST,
                     1);
    assert_int_equal(mkfifo(fifo.text, 0600), 0);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        const char *argv[8] = { NULL };

        for (size_t k = 0; questions[i].argv[k] != NULL; k++)
            argv[k] = strcmp(questions[i].argv[k], "%s") == 0   ? fifo.text
                      : strcmp(questions[i].argv[k], "%c") == 0 ? conf.text
                                                                : questions[i].argv[k];
        assert_int_equal(testbed_ctl(testbed, argv[0], argv[1], argv[2], argv[3], argv[4], argv[5],
                                     argv[6], argv[7], NULL),
                         1);
        if (strstr(testbed_ctl_complained(testbed), "is no regular file") == NULL)
            fail_msg("%s: %s", argv[0], testbed_ctl_complained(testbed));
    }
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(help_tells_each_command),
        testbed_test(wrong_usage_is_2_and_tells_how),
        testbed_test(a_usage_stands_behind_what_was_wrong),
        testbed_test(a_reload_by_a_file_that_is_no_settings_asks_nobody),
        testbed_test(help_is_told_however_one_asks),
        testbed_test(a_value_that_can_never_be_right_is_2_with_the_reason),
        testbed_test(what_is_no_ledger_is_1_with_its_name),
        testbed_test(a_password_out_of_a_fifo_is_refused_and_not_waited_for),
        testbed_test(an_empty_ledger_proves_nothing),
        testbed_test(json_is_one_object),
        testbed_test(a_fifo_is_no_evidence),
    };

    return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
