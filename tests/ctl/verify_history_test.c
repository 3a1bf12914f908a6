/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What breachd itself does to a ledger holds to breachctl verify, and no more of the kind does: one
 * of before is brought over, retention takes, numbers move.
 */
#include "life.h"
#include "store_fixture.h"
#include "verify_found.h"
#include "version_2.h"

#include "support/test.h"

/* ---- brought over ---- */

static void a_ledger_from_before_goes_on_to_hold(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");
    struct store *store;

    version_2_make(path.text);
    store_close(store_fixture_open(*state));
    assert_whole(*state);
    assert_int_equal(sql_number(path.text, "SELECT max(number) FROM entry"), VERSION_2_ENTRIES + 1);
    assert_int_equal(sql_number(path.text, "SELECT json_extract(body, '$.number') FROM entry"
                                           " WHERE kind = 'migrated'"),
                     VERSION_2_ENTRIES);
    assert_int_equal(sql_number(path.text, "SELECT count(*) FROM todo"), 1);
    store = store_fixture_open(*state);
    life_live(store);
    store_close(store);
    assert_whole(*state);
    testbed_close(*state);
}

static void what_was_closed_is_named_by_the_link_that_closed_it(void **state)
{
    static const char *const doctorings[] = {
        "UPDATE entry SET respondent = '' WHERE number = 4",
        "UPDATE entry SET evidence = 0, body = NULL WHERE number = 6",
        "UPDATE entry SET body = NULL WHERE number = 5",
        "UPDATE entry SET start = 0 WHERE number = 5",
        "UPDATE entry SET once = 0 WHERE number = 1",
        "UPDATE alert SET effect = 0 WHERE sequence = 1",
        "UPDATE alert SET by = 'Sgt 1' WHERE sequence = 2",
        "DELETE FROM alert WHERE sequence = 3",
        "INSERT INTO alert SELECT -5, id, type, area, severity, incident, effect, event, 0, todo,"
        " by, note FROM alert WHERE sequence = 1",
    };
    struct path path = testbed_path(*state, "ledger.db");
    struct found found;

    version_2_make(path.text);
    store_close(store_fixture_open(*state));
    testbed_copy(*state, path.text, "whole.db");
    for (size_t i = 0; i < sizeof doctorings / sizeof *doctorings; i++) {
        put_back(*state);
        sql_run(path.text, doctorings[i]);
        found = verify_found(*state);
        if (found.n == 0)
            fail_msg("%s: is not found", doctorings[i]);
        if (i < 7)
            assert_in_range(found.entry, 1, VERSION_2_ENTRIES + 1);
    }
    testbed_close(*state);
}

/* ---- what retention may take ---- */

static void a_body_that_retention_took_before_it_was_evidence_may_be_gone(void **state)
{
    struct store *store = store_fixture_open(*state);
    struct kept_entry pings[4];

    for (int i = 0; i < 4; i++)
        pings[i] = store_fixture_ping("R-1", 1000 * i, "a");
    assert_true(store_fixture_put(store, pings, 4));
    store_fixture_retain(store, 2000, 100);             // 1 and 2
    assert_true(store_fixture_mark(store, "R-1", 500)); // 2 to 4
    assert_whole(*state);
    sql_run(testbed_path(*state, "ledger.db").text,
            "UPDATE entry SET body = NULL WHERE number = 4");
    assert_int_equal(verify_found(*state).entry, 4);
    store_close(store);
    testbed_close(*state);
}

/* Of a device nine alerts, all published but the last two; all that are of no use may go. */
static struct store *put_device_alerts(struct testbed *testbed)
{
    struct store *store = store_fixture_open(testbed);

    life_of_device(store, 9);
    store_fixture_retain_alerts(store, INT64_MAX, 100);
    assert_int_equal(
        sql_number(testbed_path(testbed, "ledger.db").text, "SELECT count(*) FROM alert"), 3);
    return store;
}

static void an_alert_that_retention_took_may_be_gone_and_no_other(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");
    struct store *store = put_device_alerts(*state);
    struct found found;

    assert_whole(*state);
    sql_run(path.text,
            "DELETE FROM alert WHERE sequence = 7"); // published, and the newest of those
    found = verify_found(*state);
    assert_int_equal(found.entry, 7);
    assert_string_equal(found.why, "evidence: its body is missing");
    store_close(store);
    testbed_close(*state);
}

/* Whoever renumbers what is left hides no alert that is gone. */
static void an_alert_that_retention_took_has_its_number_still(void **state)
{
    struct path path = testbed_path(*state, "ledger.db");
    struct store *store = put_device_alerts(*state);

    sql_run(path.text, "UPDATE alert SET sequence = sequence - 6");
    assert_int_equal(verify_found(*state).entry, 7);
    store_close(store);
    testbed_close(*state);
}

/* Redis may have confirmed more than was noted yet when it turns out to be ahead; never less. */
static void what_is_renumbered_was_not_confirmed(void **state)
{
    struct store *store = put_device_alerts(*state); // 7 are noted
    struct fault why;

    assert_true(store_renumber(store, 8, 20, &why));
    assert_whole(*state);
    assert_true(store_renumber(store, 19, 30, &why));
    assert_string_equal(verify_found(*state).why, "renumbers alerts that Redis had confirmed");
    store_close(store);
    testbed_close(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(a_ledger_from_before_goes_on_to_hold),
        testbed_test(what_was_closed_is_named_by_the_link_that_closed_it),
        testbed_test(a_body_that_retention_took_before_it_was_evidence_may_be_gone),
        testbed_test(an_alert_that_retention_took_may_be_gone_and_no_other),
        testbed_test(an_alert_that_retention_took_has_its_number_still),
        testbed_test(what_is_renumbered_was_not_confirmed),
    };

    return cmocka_run_group_tests_name("verify_history", tests, NULL, NULL);
}
