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

static double changed(struct house *house, const char *member)
{
    char path[64];
    json_t *status;
    double value;

    assert_int_equal(house_get(house, "/v1/status"), 200);
    status = house_json(house);
    snprintf(path, sizeof path, "rules.changed.%s", member);
    value = json_number_value(alert_at(status, path));
    json_decref(status);
    return value;
}

/* A moves by 100 m and grows, B ends, C is added. */
static void change_all(struct house *house)
{
    house_order(house, "B", "tag-2", 5000, 200, "");
    ctl_live_open(house, NULL);
    house_order(house, "A", "tag-1", 100, 200, "");
    house_remove(house, "orders.d/B.conf");
    house_order(house, "C", "tag-3", 9000, 200, "");
    house_reload(house);
}

/* The next heartbeat has it. */
static void await_status(struct house *house, const char *text)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (house_ctl(house, "status", NULL) != 0 || strstr(house_ctl_said(house), text) == NULL) {
        if (now_ms() > deadline)
            fail_msg("status says: %s", house_ctl_said(house));
        freeReplyObject(house_redis(house, "XREAD BLOCK 100 STREAMS nothing $"));
    }
}

static void what_changed_is_told_in_the_log_and_the_status(void **state)
{
    struct house *house = *state;

    change_all(house);
    house_await_log(house, "reload: C: added, text ");
    house_await_log(house, "reload: B: ended, text ");
    house_await_log(house, "reload: A: text ");
    house_await_log(house, "reload: A/home: moved by 100.0 m");
    house_await_log(house, "reload: done: 2 orders; 1 added, 1 ended, 1 changed, 1 zones moved");
    assert_false(house_log_has(house, "51.5"));
    assert_true(changed(house, "added") == 1);
    assert_true(changed(house, "ended") == 1);
    assert_true(changed(house, "texts") == 1);
    assert_true(changed(house, "zones_moved") == 1);
    assert_true(fabs(changed(house, "farthest") - 100) < 0.05);
    await_status(house, "by a reload    1 added, 1 ended, 1 changed, 1 zones moved, by 100.0 m at "
                        "most\n");
    assert_non_null(strstr(house_ctl_said(house), "orders         2, loaded 20"));
    house_close(house);
}

static void the_chain_has_the_digest_of_each_text(void **state)
{
    struct house *house = *state;

    change_all(house);
    ctl_live_breach(house); // something that is committed after it
    assert_int_equal(ctl_fixture_number(house, RELOADS), 1);
    assert_int_equal(ctl_fixture_number(house, RELOADS
                                        " AND json_extract(body, '$.added[0].order') = 'C'"
                                        " AND json_extract(body, '$.ended[0].order') = 'B'"
                                        " AND json_extract(body, '$.zones[0].metres') = 100.0"
                                        " AND json_extract(body, '$.orders') = 2"),
                     1);
    // The new texts themselves, by that digest, and no place in the entries.
    assert_int_equal(ctl_fixture_number(
                         house, "SELECT count(*) FROM entry o, entry e WHERE o.kind = 'order' AND "
                                "e.kind = 'reload' AND json_extract(o.body, '$.digest') IN "
                                "(json_extract(" ITS_LIST ", '$.orders.A'), json_extract(" ITS_LIST
                                ", '$.orders.C'))"),
                     2);
    assert_int_equal(ctl_fixture_number(house, RELOADS " AND body LIKE '%51.5%'"), 0);
    assert_int_equal(ctl_fixture_number(house, LISTS " AND body LIKE '%51.5%'"), 0);
    ctl_fixture_agrees(house);
    house_close(house);
}

static void nothing_changed_is_told_too(void **state)
{
    struct house *house = *state;

    ctl_live_open(house, NULL);
    house_reload(house);
    house_await_log(house, "reload: done: 1 order; 0 added, 0 ended, 0 changed, 0 zones moved");
    ctl_live_breach(house);
    assert_int_equal(ctl_fixture_number(house, RELOADS), 1);
    house_close(house);
}

static void a_reload_while_blind_is_kept_when_it_sees_again(void **state)
{
    struct house *house = *state;

    house_disk_fit(house);
    ctl_live_open(house, NULL);
    ctl_live_breach(house);
    house_disk_fill(house);
    assert_int_equal(house_ping(house, "tag-1", 600, 900), 503);
    house_await_code(house, "/readyz", 503);
    house_order(house, "A", "tag-1", 50, 200, "");
    house_reload(house);
    house_disk_drain(house);
    house_await_code(house, "/readyz", 200);
    assert_int_equal(house_ping(house, "tag-1", 600, 900), 200);
    house_gather(house);
    assert_int_equal(ctl_fixture_number(house, RELOADS), 1);
    house_close(house);
}

static void a_start_says_by_which_texts_too(void **state)
{
    struct house *house = *state;

    house_order(house, "B", "tag-2", 5000, 200, "");
    ctl_live_open(house, NULL);
    assert_int_equal(ctl_fixture_number(house, STARTS), 1); // before it was ready
    assert_int_equal(ctl_fixture_number(house,
                                        "SELECT length(json_extract(" ITS_LIST ", '$.orders.B')) "
                                        "FROM entry e WHERE e.kind = 'started'"),
                     12);
    ctl_fixture_agrees(house);
    house_close(house);
}

/* 100,000 orders are some 4 MB: only what is otherwise is written again. */
static void the_same_texts_are_listed_once(void **state)
{
    struct house *house = *state;

    ctl_live_open(house, NULL);
    house_kill(house);
    house_start(house, NULL);
    house_reload(house);
    house_kill(house);
    house_order(house, "A", "tag-1", 0, 100, "");
    house_start(house, NULL);
    house_kill(house);
    house_order(house, "A", "tag-1", 0, 200, "");
    house_start(house, NULL);
    assert_int_equal(ctl_fixture_number(house, STARTS), 4);
    assert_int_equal(ctl_fixture_number(house, LISTS), 2);
    assert_int_equal(ctl_fixture_number(house,
                                        "SELECT count(DISTINCT json_extract(body, '$.texts')) FROM "
                                        "entry WHERE kind = 'started'"),
                     2);
    assert_int_equal(ctl_fixture_number(house,
                                        "SELECT count(*) FROM entry e WHERE e.kind IN ('started', "
                                        "'reload') AND " ITS_LIST " IS NULL"),
                     0);
    ctl_fixture_agrees(house);
    house_close(house);
}

static void an_exercise_says_so_at_its_first_ping(void **state)
{
    struct house *house = *state;

    ctl_live_open(house, "--rehearse");
    assert_int_equal(ctl_fixture_number(house, STARTS), 0); // its clock does not run yet
    ctl_live_breach(house);
    assert_int_equal(ctl_fixture_number(house, STARTS " AND at > 0"), 1);
    ctl_fixture_agrees(house);
    house_close(house);
}

static void a_refused_reload_changes_and_tells_nothing(void **state)
{
    struct house *house = *state;

    ctl_live_open(house, NULL);
    house_order(house, "C", "tag-3", 9000, 200, "colour = red\n");
    house_reload(house);
    house_await_log(house, "reload: refused");
    assert_false(house_log_has(house, "reload: C"));
    ctl_live_breach(house);
    assert_int_equal(ctl_fixture_number(house, RELOADS), 0);
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(what_changed_is_told_in_the_log_and_the_status),
        house_test(the_chain_has_the_digest_of_each_text),
        house_test(nothing_changed_is_told_too),
        house_test(a_reload_while_blind_is_kept_when_it_sees_again),
        house_test(a_start_says_by_which_texts_too),
        house_test(the_same_texts_are_listed_once),
        house_test(an_exercise_says_so_at_its_first_ping),
        house_test(a_refused_reload_changes_and_tells_nothing),
    };

    return cmocka_run_group_tests_name("revision", tests, NULL, NULL);
}
