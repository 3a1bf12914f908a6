/* SPDX-License-Identifier: Apache-2.0 */
/* SIGHUP answers with what changed: in the log, in the status, and in the chain of evidence. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "support/test.h"

#define RELOADS "SELECT count(*) FROM entry WHERE kind = 'reload'"
#define STARTS  "SELECT count(*) FROM entry WHERE kind = 'started'"
#define LISTS   "SELECT count(*) FROM entry WHERE kind = 'texts'"
/* Behind an entry `e` of a start or a reload: the list that it names. */
#define ITS_LIST                                                                                   \
    "(SELECT l.body FROM entry l WHERE l.kind = 'texts' AND lower(hex(l.body_digest)) = "          \
    "json_extract(e.body, '$.texts'))"

static double changed(struct testbed *testbed, const char *member)
{
    char path[64];
    json_t *status;
    double value;

    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    status = testbed_json(testbed);
    snprintf(path, sizeof path, "rules.changed.%s", member);
    value = json_number_value(alert_at(status, path));
    json_decref(status);
    return value;
}

/* A moves by 100 m and grows, B ends, C is added. */
static void change_all(struct testbed *testbed)
{
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    ctl_live_open(testbed, NULL);
    testbed_order(testbed, "A", "tag-1", 100, 200, "");
    testbed_remove(testbed, "orders.d/B.conf");
    testbed_order(testbed, "C", "tag-3", 9000, 200, "");
    testbed_reload_really(testbed);
}

/* The next heartbeat has it. */
static void await_status(struct testbed *testbed, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (testbed_ctl(testbed, "status", NULL) != 0 ||
           strstr(testbed_ctl_said(testbed), text) == NULL) {
        if (now_ms() > deadline)
            fail_msg("status says: %s", testbed_ctl_said(testbed));
        freeReplyObject(testbed_redis(testbed, "XREAD BLOCK 100 STREAMS nothing $"));
    }
}

static void what_changed_is_told_in_the_log_and_the_status(void **state)
{
    struct testbed *testbed = *state;

    change_all(testbed);
    testbed_await_log(testbed, "reload: C: added, text ");
    testbed_await_log(testbed, "reload: B: ended, text ");
    testbed_await_log(testbed, "reload: A: text ");
    testbed_await_log(testbed, "reload: A/home: moved by 100.0 m");
    testbed_await_log(testbed,
                      "reload: done: 2 orders; 1 added, 1 ended, 1 changed, 1 zones moved");
    assert_false(testbed_log_has(testbed, "51.5"));
    assert_true(changed(testbed, "added") == 1);
    assert_true(changed(testbed, "ended") == 1);
    assert_true(changed(testbed, "texts") == 1);
    assert_true(changed(testbed, "zones_moved") == 1);
    assert_true(fabs(changed(testbed, "farthest") - 100) < 0.05);
    await_status(testbed,
                 "by a reload    1 added, 1 ended, 1 changed, 1 zones moved, by 100.0 m at "
                 "most\n");
    assert_non_null(strstr(testbed_ctl_said(testbed), "orders         2, loaded 20"));
    testbed_close(testbed);
}

static void the_chain_has_the_digest_of_each_text(void **state)
{
    struct testbed *testbed = *state;

    change_all(testbed);
    ctl_live_breach(testbed); // something that is committed after it
    assert_int_equal(ctl_fixture_number(testbed, RELOADS), 1);
    assert_int_equal(ctl_fixture_number(testbed, RELOADS
                                        " AND json_extract(body, '$.added[0].order') = 'C'"
                                        " AND json_extract(body, '$.ended[0].order') = 'B'"
                                        " AND json_extract(body, '$.zones[0].metres') = 100.0"
                                        " AND json_extract(body, '$.orders') = 2"),
                     1);
    // The new texts themselves, by that digest, and no place in the entries.
    assert_int_equal(
        ctl_fixture_number(testbed,
                           "SELECT count(*) FROM entry o, entry e WHERE o.kind = 'order' AND "
                           "e.kind = 'reload' AND json_extract(o.body, '$.digest') IN "
                           "(json_extract(" ITS_LIST ", '$.orders.A'), json_extract(" ITS_LIST
                           ", '$.orders.C'))"),
        2);
    assert_int_equal(ctl_fixture_number(testbed, RELOADS " AND body LIKE '%51.5%'"), 0);
    assert_int_equal(ctl_fixture_number(testbed, LISTS " AND body LIKE '%51.5%'"), 0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void nothing_changed_is_told_too(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_reload(testbed);
    testbed_await_log(testbed, "reload: done: 1 order; 0 added, 0 ended, 0 changed, 0 zones moved");
    ctl_live_breach(testbed);
    assert_int_equal(ctl_fixture_number(testbed, RELOADS), 1);
    testbed_close(testbed);
}

static void a_reload_while_blind_is_kept_when_it_sees_again(void **state)
{
    struct testbed *testbed = *state;

    testbed_disk_fit(testbed);
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    testbed_disk_fill(testbed);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 503);
    testbed_await_code(testbed, "/readyz", 503);
    testbed_order(testbed, "A", "tag-1", 50, 200, "");
    testbed_reload(testbed);
    testbed_disk_drain(testbed);
    testbed_await_code(testbed, "/readyz", 200);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    testbed_gather(testbed);
    assert_int_equal(ctl_fixture_number(testbed, RELOADS), 1);
    testbed_close(testbed);
}

static void a_start_says_by_which_texts_too(void **state)
{
    struct testbed *testbed = *state;

    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    ctl_live_open(testbed, NULL);
    assert_int_equal(ctl_fixture_number(testbed, STARTS), 1); // before it was ready
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT length(json_extract(" ITS_LIST ", '$.orders.B')) "
                                        "FROM entry e WHERE e.kind = 'started'"),
                     12);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* 100,000 orders are some 4 MB: only what is otherwise is written again. */
static void the_same_texts_are_listed_once(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_reload(testbed);
    testbed_kill(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 100, "");
    testbed_start(testbed, NULL);
    testbed_kill(testbed);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_start(testbed, NULL);
    assert_int_equal(ctl_fixture_number(testbed, STARTS), 4);
    assert_int_equal(ctl_fixture_number(testbed, LISTS), 2);
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(DISTINCT json_extract(body, '$.texts')) FROM "
                                        "entry WHERE kind = 'started'"),
                     2);
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM entry e WHERE e.kind IN ('started', "
                                        "'reload') AND " ITS_LIST " IS NULL"),
                     0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void an_exercise_says_so_at_its_first_ping(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, "--rehearse");
    assert_int_equal(ctl_fixture_number(testbed, STARTS), 0); // its clock does not run yet
    ctl_live_breach(testbed);
    assert_int_equal(ctl_fixture_number(testbed, STARTS " AND at > 0"), 1);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

static void a_refused_reload_changes_and_tells_nothing(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open(testbed, NULL);
    testbed_order(testbed, "C", "tag-3", 9000, 200, "colour = red\n");
    testbed_reload(testbed);
    testbed_await_log(testbed, "reload: refused");
    assert_false(testbed_log_has(testbed, "reload: C"));
    ctl_live_breach(testbed);
    assert_int_equal(ctl_fixture_number(testbed, RELOADS), 0);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(what_changed_is_told_in_the_log_and_the_status),
        testbed_test(the_chain_has_the_digest_of_each_text),
        testbed_test(nothing_changed_is_told_too),
        testbed_test(a_reload_while_blind_is_kept_when_it_sees_again),
        testbed_test(a_start_says_by_which_texts_too),
        testbed_test(the_same_texts_are_listed_once),
        testbed_test(an_exercise_says_so_at_its_first_ping),
        testbed_test(a_refused_reload_changes_and_tells_nothing),
    };

    return cmocka_run_group_tests_name("revision", tests, NULL, NULL);
}
