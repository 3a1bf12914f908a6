/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever dies between the ping stream and the disk: nothing is lost, and nothing is told twice. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"
#include "support/house.h"
#include "support/rows.h"
#include "support/test.h"

/* The disk is full, so what was delivered is not kept; and then the power goes. */
static void killed_before_the_commit_it_comes_again(void **state)
{
    struct house *house = *state;

    house_disk_fit(house);
    stream_open(house);
    stream_start(house);
    stream_flat(house, "tag-1", 0, 500);
    stream_await_acknowledged(house);
    house_disk_fill(house);
    stream_flat(house, "tag-1", 300, 10);
    house_await_metric(house, "breachd_blind", 1);
    house_kill(house);
    assert_int_equal(stream_pending(house), 1);
    house_disk_drain(house);
    stream_start(house);
    house_await_metric(house, TOLD_BREACH, 1);
    stream_await_acknowledged(house);
    assert_non_null(strstr(house_story(house), "breach A/home/1/1\n"));
    house_close(house);
}

/* Redis takes no XACK, so it is on disk and not acknowledged when the power goes. */
static void killed_before_the_acknowledgement_it_comes_again_and_says_nothing_twice(void **state)
{
    struct house *house = *state;

    stream_open(house);
    stream_start(house);
    freeReplyObject(house_redis(house, "ACL SETUSER default -xack"));
    stream_flat(house, "tag-1", 0, 10);
    house_await_metric(house, TOLD_BREACH, 1);
    house_await_log(house, "no permissions to run the 'xack'");
    house_kill(house);
    assert_int_equal(stream_pending(house), 1);
    freeReplyObject(house_redis(house, "ACL SETUSER default +xack"));
    stream_start(house);
    stream_await_acknowledged(house);
    assert_true(house_metric(house, PINGS("again")) == 1);
    house_expect(house, "breach A/home/1/1\n");
    house_close(house);
}

/* Over the edge and back, so that each ping matters: of A by the stream, of B by HTTP. */
static double over_the_edge(int i)
{
    return i % 2 == 0 ? 10 : 400;
}

enum { STEPS = 160, APART_S = 15, BEGIN_S = -1800 };

static void post_the_same(struct house *house, const char *device)
{
    char *lines = NULL, ping[HOUSE_PING_MAX];
    size_t n;
    FILE *out = open_memstream(&lines, &n);

    for (int i = 0; i < STEPS; i++)
        fprintf(out, "%s\n",
                house_ping_print(house, device, BEGIN_S + i * APART_S, over_the_edge(i), ping));
    fclose(out);
    assert_int_equal(house_post_lines(house, lines), 200);
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
    struct house *house = *state;
    char *by_stream, *by_http;

    stream_open(house);
    house_order(house, "B", "tag-2", 0, 200, "");
    stream_start(house);
    post_the_same(house, "tag-2");
    house_kill(house);
    for (int i = 0; i < STEPS; i++) {
        stream_flat(house, "tag-1", BEGIN_S + i * APART_S, over_the_edge(i));
        if (i % 40 != 39)
            continue;
        house_start(house, NULL); // it reads, and dies at any moment of it
        stream_await_read(house);
        house_kill(house);
    }
    stream_start(house);
    stream_await_acknowledged(house);
    by_stream = story_of(house_story(house), "A");
    by_http = story_of(house_story(house), "B");
    assert_non_null(strstr(by_stream, "cleared _/home/50/2\n"));
    assert_string_equal(by_stream, by_http);
    free(by_stream);
    free(by_http);
    house_close(house);
}

static void what_cannot_be_moved_holds_nobody_up(void **state)
{
    struct house *house = *state;
    char text[256];

    stream_open(house);
    stream_start(house);
    freeReplyObject(house_redis(house, "SET breachd:pings:refused text"));
    stream_flat(house, "tag-9", 0, 10);
    stream_flat(house, "tag-1", 0, 10);
    house_await_metric(house, TOLD_BREACH, 1);
    house_await_log(house, "cannot be moved to breachd:pings:refused");
    assert_int_equal(stream_pending(house), 1);
    freeReplyObject(house_redis(house, "DEL breachd:pings:refused"));
    house_kill(house);
    stream_start(house);
    stream_await_acknowledged(house);
    stream_refused(house, 0, text, sizeof text);
    assert_non_null(strstr(text, "device: tag-9: under no order here; "));
    house_close(house);
}

static void with_room_on_the_disk_again_it_reads_on_by_itself(void **state)
{
    struct house *house = *state;

    house_disk_fit(house);
    stream_open(house);
    stream_start(house);
    house_disk_fill(house);
    stream_flat(house, "tag-1", 300, 10);
    house_await_metric(house, "breachd_blind", 1);
    stream_flat(house, "tag-1", 600, 900);
    assert_int_equal(house_get(house, "/v1/status"), 200);
    assert_non_null(strstr(house->body, "\"pings\":\"waits: the ledger cannot commit"));
    assert_true(stream_pending(house) >= 1);
    assert_true(house_metric(house, PINGS("new")) <= 2);
    house_disk_drain(house);
    stream_await_acknowledged(house);
    house_expect(house, "blind blind/1/1\nsighted blind/1/2\nbreach A/home/1/1\n"
                        "cleared A/home/1/2\n");
    house_close(house);
}

/* Another breachd had read them, and will never say a word again: Redis thinks so for an hour. */
static void what_a_dead_consumer_left_is_claimed(void **state)
{
    struct house *house = *state;
    redisReply *left;

    stream_open(house);
    stream_flat(house, "tag-1", 0, 500);
    stream_flat(house, "tag-1", 300, 10);
    freeReplyObject(house_redis(house, "XGROUP CREATE breachd:pings breachd 0"));
    left = house_redis(house, "XREADGROUP GROUP breachd kent STREAMS breachd:pings >");
    for (size_t i = 0; i < 2; i++)
        freeReplyObject(house_redis(house, "XCLAIM breachd:pings breachd kent 0 %s IDLE 3600000",
                                    left->element[0]->element[1]->element[i]->element[0]->str));
    freeReplyObject(left);
    stream_flat(house, "tag-1", 600, 900);
    stream_start(house);
    stream_await_acknowledged(house);
    assert_true(house_metric(house, PINGS("new")) == 3);
    house_expect(house, "breach A/home/1/1\ncleared A/home/1/2\n");
    house_close(house);
}

/* Not dead: it read a moment ago. */
static void what_another_holds_is_left_to_it(void **state)
{
    struct house *house = *state;

    stream_open(house);
    stream_flat(house, "tag-1", 0, 10);
    freeReplyObject(house_redis(house, "XGROUP CREATE breachd:pings breachd 0"));
    freeReplyObject(house_redis(house, "XREADGROUP GROUP breachd kent STREAMS breachd:pings >"));
    stream_flat(house, "tag-1", 300, 900);
    stream_start(house);
    house_await_metric(house, PINGS("new"), 1);
    house_expect(house, "");
    assert_int_equal(stream_pending(house), 1);
    house_close(house);
}

/* In the log, as a metric, as an alert, and in what needs somebody. */
static void expect_told_as_lost(struct house *house, const char *how)
{
    house_await_log(house, how);
    house_await_metric(house, "breachd_alerts_total{type=\"trouble\"}", 1);
    assert_true(house_metric(house, "breachd_stream_losses_total") == 1);
    assert_non_null(strstr(house_story(house), "trouble pings-lost/1/1\n"));
    assert_int_equal(house_redis_number(house, "HEXISTS {breachd}:todo pings-lost/1"), 1);
}

static void a_group_that_is_gone_is_made_again(void **state)
{
    struct house *house = *state;

    stream_open(house);
    stream_start(house);
    stream_flat(house, "tag-1", 0, 10);
    stream_await_acknowledged(house);
    freeReplyObject(house_redis(house, "XGROUP DESTROY breachd:pings breachd"));
    stream_flat(house, "tag-1", 300, 900);
    house_await_metric(house, "breachd_alerts_total{type=\"cleared\"}", 1);
    stream_await_acknowledged(house);
    assert_true(house_metric(house, PINGS("again")) == 1); // it began from the first
    expect_told_as_lost(house, "has lost its group");
    assert_non_null(strstr(house_story(house), "breach A/home/1/1\ncleared A/home/1/2\n"));
    // It has happened: once somebody has seen to it, nobody is needed any more.
    assert_int_equal(house_ctl(house, "ack", "--by", "PC 42", "pings-lost/1", NULL), 0);
    assert_int_equal(house_redis_number(house, "HEXISTS {breachd}:todo pings-lost/1"), 0);
    house_close(house);
}

static void a_redis_that_was_emptied_is_read_on(void **state)
{
    struct house *house = *state;

    stream_open(house);
    stream_start(house);
    stream_flat(house, "tag-1", 0, 900);
    stream_await_acknowledged(house);
    freeReplyObject(house_redis(house, "FLUSHALL"));
    stream_flat(house, "tag-1", 300, 10);
    house_await_metric(house, TOLD_BREACH, 1);
    stream_await_acknowledged(house);
    expect_told_as_lost(house, "was deleted");
    assert_non_null(strstr(house_story(house), "breach A/home/1/1\n"));
    house_close(house);
}

static void a_redis_that_was_killed_is_found_again(void **state)
{
    struct house *house = *state;

    stream_open(house);
    stream_start(house);
    stream_flat(house, "tag-1", 0, 900);
    stream_await_acknowledged(house);
    house_redis_kill(house);
    house_await_metric(house, STREAM_UP, 0);
    assert_int_equal(house_get(house, "/readyz"), 200); // the other doors stand open
    assert_int_equal(house_get(house, "/v1/status"), 200);
    assert_non_null(strstr(house->body, "\"pings\":\"away: "));
    house_redis_start(house, "");
    house_await_metric(house, STREAM_UP, 1);
    stream_flat(house, "tag-1", 300, 10);
    house_await_metric(house, TOLD_BREACH, 1);
    stream_await_acknowledged(house);
    expect_told_as_lost(house, "was deleted"); // it kept nothing on its disk
    assert_non_null(strstr(house_story(house), "breach A/home/1/1\n"));
    house_close(house);
}

/* breachd 8: what is done to the stream while breachd is down, and what is said of it. */
static const struct row {
    const char *says, *done[3];
    const char *told; // NULL: nothing
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
    return house_setup(state);
}

static void row_holds(void **state)
{
    struct house *house = *state;
    int status;

    stream_open(house);
    stream_start(house);
    stream_flat(house, "tag-1", 0, 900);
    stream_await_acknowledged(house);
    assert_int_equal(kill(house->breachd.pid, SIGTERM), 0); // and so what was read is kept at once
    assert_true(child_ends(&house->breachd, PATIENCE_MS, &status));
    for (size_t i = 0; i < 3 && row->done[i] != NULL; i++)
        freeReplyObject(house_redis(house, row->done[i]));
    stream_start(house);
    if (row->told != NULL)
        expect_told_as_lost(house, row->told);
    stream_await_acknowledged(house);
    stream_flat(house, "tag-1", 300, 10);
    house_await_metric(house, TOLD_BREACH, 1);
    assert_true(house_metric(house, "breachd_stream_losses_total") == (row->told != NULL));
    house_close(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        house_test(killed_before_the_commit_it_comes_again),
        house_test(killed_before_the_acknowledgement_it_comes_again_and_says_nothing_twice),
        house_test(killed_again_and_again_it_tells_what_it_would_have_told),
        house_test(what_cannot_be_moved_holds_nobody_up),
        house_test(with_room_on_the_disk_again_it_reads_on_by_itself),
        house_test(what_a_dead_consumer_left_is_claimed),
        house_test(what_another_holds_is_left_to_it),
        house_test(a_group_that_is_gone_is_made_again),
        house_test(a_redis_that_was_emptied_is_read_on),
        house_test(a_redis_that_was_killed_is_found_again),
    };

    return rows_hold_in("stream_loss_rows", rows, row_holds, row_setup, house_teardown) +
           cmocka_run_group_tests_name("stream_loss", tests, NULL, NULL);
}
