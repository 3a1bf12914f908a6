/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever dies between the ping stream and the disk: nothing is lost, and nothing is told twice. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"
#include "support/rows.h"
#include "support/test.h"
#include "support/testbed.h"

/* The disk is full, so what was delivered is not kept; and then the power goes. */
static void killed_before_the_commit_it_comes_again(void **state)
{
    struct testbed *testbed = *state;

    testbed_disk_fit(testbed);
    stream_open(testbed);
    stream_start(testbed);
    stream_flat(testbed, "tag-1", 0, 500);
    stream_await_acknowledged(testbed);
    testbed_disk_fill(testbed);
    stream_flat(testbed, "tag-1", 300, 10);
    testbed_await_metric(testbed, "breachd_blind", 1);
    testbed_kill(testbed);
    assert_int_equal(stream_pending(testbed), 1);
    testbed_disk_drain(testbed);
    stream_start(testbed);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    stream_await_acknowledged(testbed);
    assert_non_null(strstr(testbed_story(testbed), "breach A/home/1/1\n"));
    testbed_close(testbed);
}

/* Redis takes no XACK, so it is on disk and not acknowledged when the power goes. */
static void killed_before_the_acknowledgement_it_comes_again_and_says_nothing_twice(void **state)
{
    struct testbed *testbed = *state;

    stream_open(testbed);
    stream_start(testbed);
    freeReplyObject(testbed_redis(testbed, "ACL SETUSER default -xack"));
    stream_flat(testbed, "tag-1", 0, 10);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    testbed_await_log(testbed, "no permissions to run the 'xack'");
    testbed_kill(testbed);
    assert_int_equal(stream_pending(testbed), 1);
    freeReplyObject(testbed_redis(testbed, "ACL SETUSER default +xack"));
    stream_start(testbed);
    stream_await_acknowledged(testbed);
    assert_true(testbed_metric(testbed, PINGS("again")) == 1);
    testbed_expect(testbed, "breach A/home/1/1\n");
    testbed_close(testbed);
}

/* Over the edge and back, so that each ping matters: of A by the stream, of B by HTTP. */
static double over_the_edge(int i)
{
    return (i % 8 < 4 ? 150 : 260) + i % 4 * 3;
}

enum { STEPS = 160, APART_S = 15, BEGIN_S = -1800 };

static void post_the_same(struct testbed *testbed, const char *device)
{
    char *lines = NULL, ping[TESTBED_PING_MAX];
    size_t n;
    FILE *out = open_memstream(&lines, &n);

    for (int i = 0; i < STEPS; i++)
        fprintf(out, "%s\n",
                testbed_ping_print(testbed, device, BEGIN_S + i * APART_S, over_the_edge(i), ping));
    fclose(out);
    assert_int_equal(testbed_post_lines(testbed, lines), 200);
    free(lines);
}

/* The lines of a story that are of one order, without its name. The caller frees. */
static char *story_of(const char *story, const char *order)
{
    char *copy = strdup(story), *rest = copy, *line, *out = calloc(1, strlen(story) + 1);
    char mark[16];

    snprintf(mark, sizeof mark, " %s/", order);
    while ((line = strsep(&rest, "\n")) != NULL) {
        char *at = strstr(line, mark);

        if (at == NULL)
            continue;
        at[1] = '_';
        strcat(strcat(out, line), "\n");
    }
    free(copy);
    return out;
}

static void killed_again_and_again_it_tells_what_it_would_have_told(void **state)
{
    struct testbed *testbed = *state;
    char *by_stream, *by_http;

    stream_open(testbed);
    testbed_order(testbed, "B", "tag-2", 0, 200, "");
    stream_start(testbed);
    post_the_same(testbed, "tag-2");
    testbed_kill(testbed);
    for (int i = 0; i < STEPS; i++) {
        stream_flat(testbed, "tag-1", BEGIN_S + i * APART_S, over_the_edge(i));
        if (i % 40 != 39)
            continue;
        testbed_start(testbed, NULL); // it reads, and dies at any moment of it
        stream_await_read(testbed);
        testbed_kill(testbed);
    }
    stream_start(testbed);
    stream_await_acknowledged(testbed);
    by_stream = story_of(testbed_story(testbed), "A");
    by_http = story_of(testbed_story(testbed), "B");
    // In and out, and in again, which holds him while he comes and goes: places.h, oscillation.h.
    assert_non_null(strstr(by_stream, "cleared _/home/1/"));
    assert_non_null(strstr(by_stream, "breach _/home/2/"));
    assert_string_equal(by_stream, by_http);
    free(by_stream);
    free(by_http);
    testbed_close(testbed);
}

static void what_cannot_be_moved_holds_nobody_up(void **state)
{
    struct testbed *testbed = *state;
    char text[256];

    stream_open(testbed);
    stream_start(testbed);
    freeReplyObject(testbed_redis(testbed, "SET breachd:pings:refused text"));
    stream_flat(testbed, "tag-9", 0, 10);
    stream_flat(testbed, "tag-1", 0, 10);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    testbed_await_log(testbed, "cannot be moved to breachd:pings:refused");
    assert_int_equal(stream_pending(testbed), 1);
    freeReplyObject(testbed_redis(testbed, "DEL breachd:pings:refused"));
    testbed_kill(testbed);
    stream_start(testbed);
    stream_await_acknowledged(testbed);
    stream_refused(testbed, 0, text, sizeof text);
    assert_non_null(strstr(text, "device: tag-9: under no order here; "));
    testbed_close(testbed);
}

static void with_room_on_the_disk_again_it_reads_on_by_itself(void **state)
{
    struct testbed *testbed = *state;

    testbed_disk_fit(testbed);
    stream_open(testbed);
    stream_start(testbed);
    testbed_disk_fill(testbed);
    stream_flat(testbed, "tag-1", 300, 10);
    testbed_await_metric(testbed, "breachd_blind", 1);
    stream_flat(testbed, "tag-1", 900, 900);
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    assert_non_null(strstr(testbed->body, "\"pings\":\"waits: the ledger cannot commit"));
    assert_true(stream_pending(testbed) >= 1);
    assert_true(testbed_metric(testbed, PINGS("new")) <= 2);
    testbed_disk_drain(testbed);
    stream_await_acknowledged(testbed);
    testbed_expect(testbed, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n"
                            "cleared A/home/1/2\n");
    testbed_close(testbed);
}

/* Another breachd had read them, and will never say a word again: Redis thinks so for an hour. */
static void what_a_dead_consumer_left_is_claimed(void **state)
{
    struct testbed *testbed = *state;
    redisReply *left;

    stream_open(testbed);
    stream_flat(testbed, "tag-1", 0, 500);
    stream_flat(testbed, "tag-1", 300, 10);
    freeReplyObject(testbed_redis(testbed, "XGROUP CREATE breachd:pings breachd 0"));
    left = testbed_redis(testbed, "XREADGROUP GROUP breachd kent STREAMS breachd:pings >");
    for (size_t i = 0; i < 2; i++)
        freeReplyObject(testbed_redis(testbed,
                                      "XCLAIM breachd:pings breachd kent 0 %s IDLE 3600000",
                                      left->element[0]->element[1]->element[i]->element[0]->str));
    freeReplyObject(left);
    stream_flat(testbed, "tag-1", 900, 900);
    stream_start(testbed);
    stream_await_acknowledged(testbed);
    assert_true(testbed_metric(testbed, PINGS("new")) == 3);
    testbed_expect(testbed, "breach A/home/1/1\ncleared A/home/1/2\n");
    testbed_close(testbed);
}

/* Not dead: it read a moment ago. */
static void what_another_holds_is_left_to_it(void **state)
{
    struct testbed *testbed = *state;

    stream_open(testbed);
    stream_flat(testbed, "tag-1", 0, 10);
    freeReplyObject(testbed_redis(testbed, "XGROUP CREATE breachd:pings breachd 0"));
    freeReplyObject(
        testbed_redis(testbed, "XREADGROUP GROUP breachd kent STREAMS breachd:pings >"));
    stream_flat(testbed, "tag-1", 300, 900);
    stream_start(testbed);
    testbed_await_metric(testbed, PINGS("new"), 1);
    testbed_expect(testbed, "");
    assert_int_equal(stream_pending(testbed), 1);
    testbed_close(testbed);
}

/* In the log, as a metric, as an alert, and in what needs somebody (jaseci-labs/jac#7492). */
static void expect_told_as_lost(struct testbed *testbed, const char *how)
{
    testbed_await_log(testbed, how);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 1);
    assert_true(testbed_metric(testbed, "breachd_stream_losses_total") == 1);
    assert_non_null(strstr(testbed_story(testbed), "trouble pings-lost/1/1\n"));
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo pings-lost/1"), 1);
}

static void a_group_that_is_gone_is_made_again(void **state)
{
    struct testbed *testbed = *state;

    stream_open(testbed);
    stream_start(testbed);
    stream_flat(testbed, "tag-1", 0, 10);
    stream_await_acknowledged(testbed);
    freeReplyObject(testbed_redis(testbed, "XGROUP DESTROY breachd:pings breachd"));
    stream_flat(testbed, "tag-1", 300, 900);
    testbed_await_metric(testbed, "breachd_alerts_total{type=\"cleared\"}", 1);
    stream_await_acknowledged(testbed);
    assert_true(testbed_metric(testbed, PINGS("again")) == 1); // it began from the first
    expect_told_as_lost(testbed, "has lost its group");
    assert_non_null(strstr(testbed_story(testbed), "breach A/home/1/1\ncleared A/home/1/2\n"));
    // It has happened: once somebody has seen to it, nobody is needed any more.
    assert_int_equal(testbed_ctl(testbed, "ack", "--by", "PC 42", "pings-lost/1", NULL), 0);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo pings-lost/1"), 0);
    // And what happens after that, within the hour too, needs somebody again; once.
    for (int i = 0; i < 2; i++) {
        freeReplyObject(testbed_redis(testbed, "XGROUP DESTROY breachd:pings breachd"));
        testbed_await_metric(testbed, "breachd_stream_losses_total", 2 + i);
        testbed_await_metric(testbed, "breachd_alerts_total{type=\"trouble\"}", 2);
    }
    testbed_settle(testbed);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo pings-lost/2"), 1);
    assert_int_equal(testbed_redis_number(testbed, "HEXISTS {breachd}:todo pings-lost/3"), 0);
    testbed_close(testbed);
}

static void a_redis_that_was_emptied_is_read_on(void **state)
{
    struct testbed *testbed = *state;

    stream_open(testbed);
    stream_start(testbed);
    stream_flat(testbed, "tag-1", 0, 900);
    stream_await_acknowledged(testbed);
    freeReplyObject(testbed_redis(testbed, "FLUSHALL"));
    stream_flat(testbed, "tag-1", 300, 10);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    stream_await_acknowledged(testbed);
    expect_told_as_lost(testbed, "was deleted");
    assert_non_null(strstr(testbed_story(testbed), "breach A/home/1/1\n"));
    testbed_close(testbed);
}

static void a_redis_that_was_killed_is_found_again(void **state)
{
    struct testbed *testbed = *state;

    stream_open(testbed);
    stream_start(testbed);
    stream_flat(testbed, "tag-1", 0, 900);
    stream_await_acknowledged(testbed);
    testbed_redis_kill(testbed);
    testbed_await_metric(testbed, STREAM_UP, 0);
    assert_int_equal(testbed_get(testbed, "/readyz"), 200); // the other doors stand open
    assert_int_equal(testbed_get(testbed, "/v1/status"), 200);
    assert_non_null(strstr(testbed->body, "\"pings\":\"away: "));
    testbed_redis_start(testbed, "");
    testbed_await_metric(testbed, STREAM_UP, 1);
    stream_flat(testbed, "tag-1", 300, 10);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    stream_await_acknowledged(testbed);
    expect_told_as_lost(testbed, "was deleted"); // it kept nothing on its disk
    assert_non_null(strstr(testbed_story(testbed), "breach A/home/1/1\n"));
    testbed_close(testbed);
}

/* breachd 8: what is done to the stream while breachd is down, and what is said of it. */
static const struct row {
    const char *says, *done[3];
    const char *alerted; // NULL: nothing
} rows[] = {
    { "as it was left", { NULL }, NULL },
    { "trimmed of what was read", { "XTRIM breachd:pings MAXLEN 0" }, NULL },
    { "deleted", { "DEL breachd:pings" }, "was deleted" },
    { "deleted with pings in it, and others came",
      { "XADD breachd:pings * device tag-9 time 1 lat 1 lon 1", "DEL breachd:pings",
        "XADD breachd:pings * device tag-9 time 1 lat 1 lon 1" },
      "has lost its group" },
    { "its group destroyed", { "XGROUP DESTROY breachd:pings breachd" }, "has lost its group" },
    { "all of Redis emptied", { "FLUSHALL" }, "was deleted" },
    { "moved away", { "RENAME breachd:pings other" }, "was deleted" },
    { "begun anew, with a group, behind what was read",
      { "DEL breachd:pings", "XADD breachd:pings 1-1 device tag-9 time 1 lat 1 lon 1",
        "XGROUP CREATE breachd:pings breachd 0" },
      "ends before the entry that was read last" },
};

static const struct row *row;

static int row_setup(void **state)
{
    row = *state;
    return testbed_setup(state);
}

static void row_holds(void **state)
{
    struct testbed *testbed = *state;
    int status;

    stream_open(testbed);
    stream_start(testbed);
    stream_flat(testbed, "tag-1", 0, 900);
    stream_await_acknowledged(testbed);
    assert_int_equal(kill(testbed->breachd.pid, SIGTERM),
                     0); // and so what was read is kept at once
    assert_true(child_ends(&testbed->breachd, PATIENCE_MS, &status));
    for (size_t i = 0; i < 3 && row->done[i] != NULL; i++)
        freeReplyObject(testbed_redis(testbed, row->done[i]));
    stream_start(testbed);
    if (row->alerted != NULL)
        expect_told_as_lost(testbed, row->alerted);
    stream_await_acknowledged(testbed);
    stream_flat(testbed, "tag-1", 300, 10);
    testbed_await_metric(testbed, ALERTS_BREACH, 1);
    assert_true(testbed_metric(testbed, "breachd_stream_losses_total") == (row->alerted != NULL));
    testbed_close(testbed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        testbed_test(killed_before_the_commit_it_comes_again),
        testbed_test(killed_before_the_acknowledgement_it_comes_again_and_says_nothing_twice),
        testbed_test(killed_again_and_again_it_tells_what_it_would_have_told),
        testbed_test(what_cannot_be_moved_holds_nobody_up),
        testbed_test(with_room_on_the_disk_again_it_reads_on_by_itself),
        testbed_test(what_a_dead_consumer_left_is_claimed),
        testbed_test(what_another_holds_is_left_to_it),
        testbed_test(a_group_that_is_gone_is_made_again),
        testbed_test(a_redis_that_was_emptied_is_read_on),
        testbed_test(a_redis_that_was_killed_is_found_again),
    };

    return rows_hold_in("stream_loss_rows", rows, row_holds, row_setup, testbed_teardown) +
           cmocka_run_group_tests_name("stream_loss", tests, NULL, NULL);
}
