/* SPDX-License-Identifier: Apache-2.0 */
/* reload = by-file: a single bad file stays as it was last good, and the others come into force. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

static void open_by_file(struct testbed *testbed)
{
    testbed_set(testbed, "breachd.conf", "site", "reload", "by-file");
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    testbed_order(testbed, "C", "tag-3", 9000, 200, "");
    ctl_live_open(testbed, NULL);
    await_kept(testbed);
}

static void one_bad_file_stays_as_it_was_and_the_others_change(void **state)
{
    struct testbed *testbed = *state;

    open_by_file(testbed);
    break_order(testbed, "A", "tag-1");
    testbed_order(testbed, "B", "tag-2", 0, 400, "");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_said(testbed), "reloaded: 3 orders; 0 added, 0 ended, 1 changed,");
    assert_has(testbed_ctl_complained(testbed),
               "refused, 1 complaint: 1 file as last good; first: ");
    assert_has(testbed_ctl_complained(testbed), "A.conf:14: colour: ");
    assert_string_equal(status_text(testbed, "rules.text.from"), "by-file");
    assert_string_equal(alert_text(newest(testbed), "data.cause"), "held");
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_ping(testbed, "tag-2", 0, 300);
    testbed_expect(testbed, "breach A/home/1/1\nbreach B/home/1/1\n");
    // Nobody waits for a report because of another town's slip.
    assert_int_equal(testbed_ctl(testbed, "report", "-c",
                                 testbed_path(testbed, "breachd.conf").text, "--from", "2020-01-01",
                                 "--to", "2099-01-01", NULL),
                     0);
    assert_has(testbed_ctl_complained(testbed), "is refused by itself, 1 complaint, and does not");
    assert_has(testbed_ctl_said(testbed), "breaches");
    testbed_close(testbed);
}

static void so_it_is_at_a_start(void **state)
{
    struct testbed *testbed = *state;

    open_by_file(testbed);
    break_order(testbed, "A", "tag-1");
    testbed_order(testbed, "B", "tag-2", 0, 400, "");
    start_again(testbed);
    assert_string_equal(status_text(testbed, "rules.text.from"), "by-file");
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_ping(testbed, "tag-2", 0, 300);
    testbed_expect(testbed, "breach A/home/1/1\nbreach B/home/1/1\n");
    start_again(testbed); // what was composed is the last good text, and holds as well
    assert_string_equal(status_text(testbed, "rules.text.from"), "by-file");
    testbed_close(testbed);
}

static void a_bad_file_that_never_was_good_is_left_out(void **state)
{
    struct testbed *testbed = *state;

    open_by_file(testbed);
    break_order(testbed, "D", "tag-4");
    testbed_order(testbed, "B", "tag-2", 0, 400, "");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_said(testbed), "reloaded: 3 orders; 0 added, 0 ended, 1 changed,");
    assert_int_equal(testbed_ping(testbed, "tag-4", 0, 10), 400);
    testbed_close(testbed);
}

/* It is moved from a good file into a bad one: it must not go by that. */
static void an_order_that_moves_into_a_bad_file_stays_where_it_was(void **state)
{
    struct testbed *testbed = *state;
    char *a, *b;

    open_by_file(testbed);
    a = testbed_read(testbed, "orders.d/A.conf");
    b = testbed_read(testbed, "orders.d/B.conf");
    testbed_print(testbed, "orders.d/A.conf", "; moved\n");
    testbed_print(testbed, "orders.d/B.conf", "%s%scolour = red\n", b, a);
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "2 complaints: 2 files as last good");
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    free(a);
    free(b);
    testbed_close(testbed);
}

static void a_zone_that_goes_from_a_good_file_stays_while_another_is_bad(void **state)
{
    struct testbed *testbed = *state;

    open_by_file(testbed);
    testbed_print(testbed, "orders.d/Z.conf",
                  "[zone A/work]\ncentre = 51.6, 0.5\nradius = 200 m\n");
    assert_int_equal(reload(testbed), 0);
    break_order(testbed, "B", "tag-2");
    testbed_print(testbed, "orders.d/Z.conf", "; it goes\n");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "2 files as last good");
    testbed_await_log(testbed, "Z.conf: zone A/work would go while another file is refused");
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    assert_int_equal(reload(testbed), 0); // it goes now
    assert_has(testbed_ctl_said(testbed), "3 orders; 0 added, 0 ended, 1 changed");
    testbed_close(testbed);
}

static void a_device_that_moves_into_a_bad_file_stays_under_its_order(void **state)
{
    struct testbed *testbed = *state;

    open_by_file(testbed);
    testbed_order(testbed, "A", "tag-9", 0, 200, "");
    break_order(testbed, "B", "tag-1");
    assert_int_equal(reload(testbed), 1);
    testbed_ping(testbed, "tag-1", 0, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

/* A new file that takes another's id: the other says what it always said, and is not at fault. */
static void files_that_do_not_fit_together_refuse_all(void **state)
{
    struct testbed *testbed = *state;
    char *c;

    open_by_file(testbed);
    c = testbed_read(testbed, "orders.d/C.conf");
    testbed_print(testbed, "orders.d/0.conf", "%s", c); // read before C.conf
    testbed_order(testbed, "B", "tag-2", 0, 400, "");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed),
               "C.conf:1: order C: there is another one of that id");
    assert_has(testbed_ctl_complained(testbed),
               "refused, 2 complaints: the old rules stay; first: ");
    assert_string_equal(testbed_ctl_said(testbed), "");
    free(c);
    testbed_close(testbed);
}

/* Its file is bad under another name, and a new file has the same order: which is meant? */
static void an_order_that_stands_in_a_bad_file_and_a_new_one_refuses_all(void **state)
{
    struct testbed *testbed = *state;
    char *a;

    open_by_file(testbed);
    testbed_ping(testbed, "tag-1", 0, 900);
    testbed_ping(testbed, "tag-1", 300, 10);
    testbed_expect(testbed, "breach A/home/1/1\n");
    a = testbed_read(testbed, "orders.d/A.conf");
    testbed_remove(testbed, "orders.d/A.conf");
    testbed_print(testbed, "orders.d/Z.conf", "%scolour = red\n", a);
    testbed_order(testbed, "A", "tag-1", 9000, 200, ""); // elsewhere, and read before Z.conf
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), ": the old rules stay; first: ");
    testbed_gather(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:open A/home/1"), 1);
    free(a);
    testbed_close(testbed);
}

/* Nothing else is wrong: neither file is left out by itself. */
static void a_zone_that_stands_in_two_files_refuses_all(void **state)
{
    struct testbed *testbed = *state;

    open_by_file(testbed);
    testbed_print(testbed, "orders.d/Z.conf",
                  "[zone A/home]\ncentre = 51.6, 0.5\nradius = 200 m\n");
    testbed_order(testbed, "B", "tag-2", 0, 400, "");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), "1 complaint: the old rules stay; first: ");
    assert_has(testbed_ctl_complained(testbed), "Z.conf:1: zone A/home: there is another one");
    testbed_close(testbed);
}

/* A good file by which an order would be enforced no more, while another is bad. */
static void an_order_that_is_no_longer_served_stays_so_while_another_is_bad(void **state)
{
    struct testbed *testbed = *state;
    char *b, *served;

    open_by_file(testbed);
    break_order(testbed, "A", "tag-1");
    b = testbed_read(testbed, "orders.d/B.conf");
    served = strstr(b, "served");
    assert_non_null(served);
    *served = ';'; // a comment
    testbed_print(testbed, "orders.d/B.conf", "%s", b);
    assert_int_equal(reload(testbed), 1);
    testbed_await_log(testbed, "B.conf: service of order B would go while another file is refused");
    free(b);
    testbed_close(testbed);
}

static void bad_settings_refuse_all(void **state)
{
    struct testbed *testbed = *state;

    open_by_file(testbed);
    testbed_set(testbed, "breachd.conf", "redis", "heartbeat", "0s");
    testbed_order(testbed, "B", "tag-2", 0, 400, "");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed), ": the old rules stay; first: ");
    testbed_close(testbed);
}

static const char shape[] = "{\"type\":\"Polygon\",\"coordinates\":[[[0.450,51.566],[0.466,51.566],"
                            "[0.466,51.571],[0.450,51.571],[0.450,51.566]]]}\n";

static void a_shape_that_went_bad_stays_with_its_file(void **state)
{
    struct testbed *testbed = *state;

    testbed_set(testbed, "breachd.conf", "site", "reload", "by-file");
    testbed_print(testbed, "orders.d/home.geojson", "%s", shape);
    testbed_print(testbed, "orders.d/G.conf",
                  "[order G]\nkind = other\nrespondent = R-G\ndevices = tag-g\nmonitoring = bail\n"
                  "from = 2020-06-09T12:00:00Z\nserved = 2020-06-09T12:00:00Z\n"
                  "[zone G/home]\ngeojson = home.geojson\n");
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    ctl_live_open(testbed, NULL);
    testbed_print(testbed, "orders.d/home.geojson", "{\"type\":\n");
    testbed_order(testbed, "B", "tag-2", 0, 400, "");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_said(testbed), "3 orders; 0 added, 0 ended, 1 changed,");
    assert_has(testbed_ctl_complained(testbed), "1 file as last good; first: ");
    testbed_ping(testbed, "tag-g", 0, 10);
    testbed_expect(testbed, "breach G/home/1/1\n");
    testbed_close(testbed);
}

/* ---- it cannot be kept ---- */

static void what_cannot_be_kept_is_told_and_all_else_goes_on(void **state)
{
    struct testbed *testbed = *state;
    json_t *status;

    ctl_live_open(testbed, NULL);
    assert_int_equal(mkdir(testbed_path(testbed, "ledger.db-rules.new").text, 0700), 0);
    testbed_order(testbed, "A", "tag-1", 0, 400, "");
    assert_int_equal(reload(testbed), 0);
    testbed_await_log(testbed,
                      "rules: what is in force cannot be kept for a start with bad files: ");
    testbed_get(testbed, "/v1/status");
    status = testbed_json(testbed);
    assert_string_equal(json_string_value(json_array_get(alert_at(status, "troubles"), 0)),
                        "rules-not-kept");
    json_decref(status);
    testbed_close(testbed);
}

/* What is kept is older than what is in force: no file may fall back to it. */
static void by_file_needs_what_is_in_force_to_be_kept(void **state)
{
    struct testbed *testbed = *state;

    open_by_file(testbed);
    assert_int_equal(mkdir(testbed_path(testbed, "ledger.db-rules.new").text, 0700), 0);
    testbed_order(testbed, "A", "tag-1", 0, 400, "");
    assert_int_equal(reload(testbed), 0);
    testbed_remove(testbed, "ledger.db-rules.new");
    break_order(testbed, "A", "tag-1");
    assert_int_equal(reload(testbed), 1);
    assert_has(testbed_ctl_complained(testbed),
               "refused, 1 complaint: the old rules stay; first: ");
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(one_bad_file_stays_as_it_was_and_the_others_change),
        testbed_test(so_it_is_at_a_start),
        testbed_test(a_bad_file_that_never_was_good_is_left_out),
        testbed_test(an_order_that_moves_into_a_bad_file_stays_where_it_was),
        testbed_test(a_zone_that_goes_from_a_good_file_stays_while_another_is_bad),
        testbed_test(a_device_that_moves_into_a_bad_file_stays_under_its_order),
        testbed_test(files_that_do_not_fit_together_refuse_all),
        testbed_test(an_order_that_stands_in_a_bad_file_and_a_new_one_refuses_all),
        testbed_test(a_zone_that_stands_in_two_files_refuses_all),
        testbed_test(an_order_that_is_no_longer_served_stays_so_while_another_is_bad),
        testbed_test(bad_settings_refuse_all),
        testbed_test(a_shape_that_went_bad_stays_with_its_file),
        testbed_test(what_cannot_be_kept_is_told_and_all_else_goes_on),
        testbed_test(by_file_needs_what_is_in_force_to_be_kept),
    };

    return cmocka_run_group_tests_name("by_file", tests, NULL, NULL);
}
