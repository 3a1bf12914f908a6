/* SPDX-License-Identifier: Apache-2.0 */
/* What is his is forgotten and what is another's stays, though the tag went from hand to hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl_fixture.h"
#include "ctl_live/ctl_live.h"
#include "ctl_live/rules.h"
#include "support/test.h"

static int forget(struct testbed *testbed, const char *respondent)
{
    return testbed_ctl(testbed, "forget", "-c", testbed_path(testbed, "breachd.conf").text,
                       "--reason", "quashed on appeal", respondent, NULL);
}

static void out_of_the_orders(struct testbed *testbed, const char *file)
{
    testbed_remove(testbed, file);
    testbed_reload(testbed);
    testbed_gather(testbed);
}

/*
 * What came before he had the tag says nothing of him, so it is of the second after this one: a
 * reload may have given it to him in this one.
 */
static int ping_now(struct testbed *testbed, const char *device, double north)
{
    return testbed_ping(testbed, device, (int)(time(NULL) - testbed->base) + 1, north);
}

/* Taken, over and not closed: until he was forgotten somebody could still close it. */
static void nothing_is_said_of_him_any_more(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    ctl_live_open_three(testbed);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL), 0);
    assert_int_equal(testbed_ping(testbed, "tag-1", 600, 900), 200);
    testbed_gather(testbed);
    out_of_the_orders(testbed, "orders.d/A.conf");
    assert_int_equal(forget(testbed, "R-A"), 0);
    for (int life = 0; life < 2; life++) {
        assert_int_equal(
            testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL),
            1);
        assert_non_null(strstr(testbed_ctl_complained(testbed), "no such incident"));
        testbed_kill(testbed);
        testbed_start(testbed, NULL);
    }
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE incident = 'A/home/1'"), 0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* ---- a tag that is handed on ---- */

/* R-A's tag-1 is on R-B since his order was quashed, and R-B stands where he must not. */
static void hand_on(struct testbed *testbed)
{
    ctl_live_open_three(testbed);
    ctl_live_breach(testbed);
    assert_int_equal(
        testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "A/home/1", NULL), 0);
    testbed_gather(testbed);
    testbed_order(testbed, "B", "tag-2, tag-1", 5000, 200, "");
    out_of_the_orders(testbed, "orders.d/A.conf");
    assert_int_equal(ping_now(testbed, "tag-1", 5010), 200);
    assert_int_equal(ping_now(testbed, "tag-1", 5012), 200);
    testbed_gather(testbed);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE type = 'breach' "
                                                 "AND incident = 'B/home/1'"),
                     1);
}

static void the_next_man_is_not_lost_with_him(void **state)
{
    struct testbed *testbed = *state;

    testbed_long_ago(testbed);
    hand_on(testbed);
    assert_int_equal(forget(testbed, "R-A"), 0);
    testbed_kill(testbed);
    testbed_start(testbed, NULL);
    testbed_order(testbed, "B", "tag-2, tag-1", 5000, 201, "");
    testbed_reload(testbed);
    testbed_gather(testbed);
    assert_int_equal(ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE type = 'cleared'"
                                                 " AND incident = 'B/home/1'"),
                     0);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:open B/home/1"), 1);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* The same order's id, given to somebody else: his notes are not the other's. */
static void notes_of_who_has_his_orders_id_now_stay(void **state)
{
    struct testbed *testbed = *state;
    char *text;

    testbed_long_ago(testbed);
    testbed_order(testbed, "B", "tag-2", 5000, 200, "");
    ctl_live_open(testbed, NULL);
    ctl_live_breach(testbed);
    assert_int_equal(testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "--note",
                                 "his mother is ill", "A/home/1", NULL),
                     0);
    text = testbed_read(testbed, "orders.d/A.conf");
    memcpy(strstr(text, "R-A"), "R-Z", 3);
    memcpy(strstr(text, "tag-1"), "tag-9", 5);
    testbed_replace(testbed, "orders.d/A.conf", "%s", text);
    free(text);
    testbed_reload(testbed);
    assert_int_equal(ping_now(testbed, "tag-9", 10), 200);
    assert_int_equal(ping_now(testbed, "tag-9", 12), 200);
    testbed_gather(testbed);
    assert_int_equal(testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "--note",
                                 "the other is at work", "A/home/2", NULL),
                     0);
    testbed_gather(testbed);
    assert_int_equal(forget(testbed, "R-A"), 0);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM custody WHERE known LIKE '%mother%'"), 0);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM custody WHERE known LIKE '%at work%'"),
        1);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* ---- a saved place, and nothing else ---- */

/* He was never near a zone: where he was is in the row of his device alone. */
static void whose_place_alone_was_saved_is_forgotten(void **state)
{
    struct testbed *testbed = *state;
    static const char placed[] = "SELECT count(*) FROM device WHERE id = 'tag-1' AND "
                                 "json_extract(known, '$.lat') IS NOT NULL";

    ctl_live_open_three(testbed);
    assert_int_equal(ping_now(testbed, "tag-1", 1500), 200);
    testbed_close(testbed); // the stop saves it
    assert_int_equal(ctl_fixture_number(testbed, placed), 1);
    testbed_start(testbed, NULL);
    out_of_the_orders(testbed, "orders.d/A.conf");
    assert_int_equal(forget(testbed, "R-A"), 0);
    assert_int_equal(ctl_fixture_number(testbed, placed), 0);
    assert_int_equal(forget(testbed, "R-A"), 1);
    assert_non_null(strstr(testbed_ctl_complained(testbed), "nothing of this respondent"));
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* ---- words ---- */

/* A note for no incident, one for what was closed already, one after the order went. */
static void words_that_were_refused_go_too(void **state)
{
    struct testbed *testbed = *state;
    static const char words[] =
        "SELECT count(*) FROM entry WHERE kind = 'ack' AND body LIKE '%%%s%%'";
    static const char *const said[] = { "he beat her", "again", "late word", "of his tag" };
    char sql[128];

    ctl_live_open_three(testbed);
    ctl_live_breach(testbed);
    testbed_ctl(testbed, "ack", "--by", "PC 1", "--note", said[0], "A/home/9", NULL);
    testbed_ctl(testbed, "close", "--by", "PC 1", "--reason", "drift", "A/home/1", NULL);
    testbed_ctl(testbed, "close", "--by", "PC 1", "--reason", "other", "--note", said[1],
                "A/home/1", NULL);
    out_of_the_orders(testbed, "orders.d/A.conf");
    testbed_ctl(testbed, "ack", "--by", "PC 1", "--note", said[2], "A/home/8", NULL);
    testbed_ctl(testbed, "ack", "--by", "PC 1", "--note", said[3], "device/tag-1/silent/9", NULL);
    testbed_ctl(testbed, "ack", "--by", "PC 1", "--note", "of another", "B/home/9", NULL);
    testbed_gather(testbed);
    // Whose it is is known while his order is in the rules.
    assert_int_equal(ctl_fixture_number(testbed,
                                        "SELECT count(*) FROM entry WHERE kind = 'ack' AND "
                                        "respondent = 'R-A'"),
                     3);
    assert_int_equal(forget(testbed, "R-A"), 0);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        snprintf(sql, sizeof sql, words, said[i]);
        assert_int_equal(ctl_fixture_number(testbed, sql), 0);
    }
    snprintf(sql, sizeof sql, words, "of another");
    assert_int_equal(ctl_fixture_number(testbed, sql), 1);
    assert_int_equal(
        testbed_ctl(testbed, "verify", "-c", testbed_path(testbed, "breachd.conf").text, NULL), 0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* Closed by the control room only after his order had gone: that alert has no respondent. */
static void what_was_told_after_his_order_went_goes_too(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open_three(testbed);
    ctl_live_breach(testbed);
    out_of_the_orders(testbed, "orders.d/A.conf");
    assert_int_equal(forget(testbed, "R-A"), 1);
    assert_int_equal(testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "--note",
                                 "his mother is ill", "A/home/1", NULL),
                     0);
    testbed_gather(testbed);
    assert_int_equal(forget(testbed, "R-A"), 0);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE incident LIKE 'A/%'"), 0);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM entry WHERE body LIKE '%mother%'"), 0);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

/* ---- in memory ---- */

/* His order comes back: nothing is known of where he was before. */
static void what_is_forgotten_is_not_told_again(void **state)
{
    struct testbed *testbed = *state;

    ctl_live_open_three(testbed);
    assert_int_equal(ping_now(testbed, "tag-1", 10), 200);
    testbed_gather(testbed);
    assert_int_equal(testbed_ctl(testbed, "close", "--by", "PC 42", "--reason", "drift", "--note",
                                 "his mother is ill", "A/home/1", NULL),
                     0);
    out_of_the_orders(testbed, "orders.d/A.conf");
    assert_int_equal(forget(testbed, "R-A"), 0);
    testbed_order(testbed, "A", "tag-1", 0, 200, "");
    testbed_reload(testbed);
    testbed_gather(testbed);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM alert WHERE incident LIKE 'A/%'"), 0);
    // A word about the old incident does not bring its note back.
    testbed_ctl(testbed, "ack", "--by", "PC 42", "A/home/1", NULL);
    testbed_gather(testbed);
    assert_int_equal(
        ctl_fixture_number(testbed, "SELECT count(*) FROM custody WHERE known LIKE '%mother%'"), 0);
    assert_int_equal(ping_now(testbed, "tag-1", 20), 200);
    testbed_gather(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HLEN {breachd}:open"), 1);
    ctl_fixture_agrees(testbed);
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(the_next_man_is_not_lost_with_him),
        testbed_test(notes_of_who_has_his_orders_id_now_stay),
        testbed_test(whose_place_alone_was_saved_is_forgotten),
        testbed_test(words_that_were_refused_go_too),
        testbed_test(what_was_told_after_his_order_went_goes_too),
        testbed_test(nothing_is_said_of_him_any_more),
        testbed_test(what_is_forgotten_is_not_told_again),
    };

    return cmocka_run_group_tests_name("forget_his", tests, NULL, NULL);
}
