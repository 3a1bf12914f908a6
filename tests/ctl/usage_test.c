/* SPDX-License-Identifier: Apache-2.0 */
/* What breachctl says of itself, and its exit codes. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl_fixture.h"
#include "support/test.h"

static void help_tells_each_command(void **state)
{
    static const char *const commands[] = { "verify", "replay", "export" };
    struct house *house = *state;

    assert_int_equal(house_ctl(house, "help", NULL), 0);
    for (size_t i = 0; i < 3; i++)
        assert_non_null(strstr(house_ctl_said(house), commands[i]));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(house_ctl(house, "help", commands[i], NULL), 0);
        assert_non_null(strstr(house_ctl_said(house), "usage: breachctl "));
        assert_non_null(strstr(house_ctl_said(house), commands[i]));
    }
    assert_int_equal(house_ctl(house, "--version", NULL), 0);
    assert_non_null(strstr(house_ctl_said(house), "breachctl "));
    house_close(house);
}

static void wrong_usage_is_2_and_tells_how(void **state)
{
    struct house *house = *state;

    assert_int_equal(house_ctl(house, NULL), 2);
    assert_int_equal(house_ctl(house, "dance", NULL), 2);
    assert_int_equal(house_ctl(house, "help", "dance", NULL), 2);
    assert_int_equal(house_ctl(house, "verify", "more", NULL), 2);
    assert_non_null(strstr(house_ctl_complained(house), "usage: breachctl verify"));
    assert_int_equal(house_ctl(house, "replay", "--dance", NULL), 2);
    assert_int_equal(house_ctl(house, "export", NULL), 2);
    assert_int_equal(house_ctl(house, "export", "A/home/1", "B/home/1", NULL), 2);
    house_close(house);
}

static void what_is_no_ledger_is_1_with_its_name(void **state)
{
    static const char *const commands[] = { "verify", "replay" };
    struct house *house = *state;
    struct path text = house_path(house, "text"), gone = house_path(house, "gone.db");

    house_print(house, "text", "this is no database, however long it may be\n");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(house_ctl(house, commands[i], "--ledger", text.text, NULL), 1);
        assert_non_null(strstr(house_ctl_complained(house), text.text));
        assert_int_equal(house_ctl(house, commands[i], "--ledger", gone.text, NULL), 1);
        assert_non_null(strstr(house_ctl_complained(house), gone.text));
    }
    assert_int_equal(house_ctl(house, "verify", "-c", text.text, NULL), 1);
    assert_null(house_read(house, "gone.db")); // asking makes no file
    house_close(house);
}

/* It would hang before it has asked Redis anything. */
static void a_password_out_of_a_fifo_is_refused_and_not_waited_for(void **state)
{
    struct house *house = *state;
    struct path fifo = house_path(house, "fifo");

    assert_int_equal(mkfifo(fifo.text, 0600), 0);
    alarm(10);
    assert_int_equal(house_ctl(house, "status", "--redis", "redis://127.0.0.1", "--password-file",
                               fifo.text, NULL),
                     1);
    alarm(0);
    assert_non_null(strstr(house_ctl_complained(house), "/fifo: is no regular file\n"));
    house_close(house);
}

static void an_empty_ledger_proves_nothing(void **state)
{
    struct house *house = *state;
    struct path settings = house_path(house, "breachd.conf");

    house_open(house, "", "--rehearse"); // it does not know the time yet, so it has said nothing
    assert_int_equal(house_ctl(house, "verify", "-c", settings.text, NULL), 1);
    assert_string_equal(house_ctl_said(house),
                        "no entries, so nothing is proven: a copy made without its log (-wal) "
                        "lacks what is in that\n0 looks at it are noted\nnewest link 0 "
                        "0000000000000000000000000000000000000000000000000000000000000000\n");
    assert_int_equal(ctl_fixture_replayed(house, "questions"), 0);
    house_close(house);
}

static void json_is_one_object(void **state)
{
    struct house *house = *state;
    struct path ledger = house_path(house, "ledger.db");
    json_t *json;

    house_evening(house);
    house_gather(house);
    assert_int_equal(house_ctl(house, "verify", "--json", "--ledger", ledger.text, NULL), 0);
    json = json_loads(house_ctl_said(house), 0, NULL);
    assert_true(json_is_true(json_object_get(json, "holds")));
    assert_int_equal(json_array_size(json_object_get(json, "breaks")), 0);
    json_decref(json);
    ctl_fixture_doctor(house, "UPDATE entry SET at = 1 WHERE number = 7");
    assert_int_equal(house_ctl(house, "verify", "--json", "--ledger", ledger.text, NULL), 1);
    json = json_loads(house_ctl_said(house), 0, NULL);
    assert_true(json_is_false(json_object_get(json, "holds")));
    assert_int_equal(json_integer_value(json_object_get(
                         json_array_get(json_object_get(json, "breaks"), 0), "entry")),
                     7);
    json_decref(json);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(help_tells_each_command),
        house_test(wrong_usage_is_2_and_tells_how),
        house_test(what_is_no_ledger_is_1_with_its_name),
        house_test(a_password_out_of_a_fifo_is_refused_and_not_waited_for),
        house_test(an_empty_ledger_proves_nothing),
        house_test(json_is_one_object),
    };

    return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
