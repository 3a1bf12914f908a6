/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of the ping stream against a Redis that does as it is told, and a door likewise. */
#include "adapter/redis/ping_stream.h"
#include "core/track.h"

#include "loop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/fake_redis.h"
#include "support/rows.h"
#include "support/test.h"

enum { RECEIPTS_MAX = 16, SAID_MAX = 256 * 1024 };

static struct {
    struct event_base *base;
    struct fake_redis *fake;
    struct ping_stream *stream;
    bool ready, full;
    struct ping_receipt *receipts[RECEIPTS_MAX];
    size_t n; // receipts
    int given, refused;
    char why[FAULT_TEXT_MAX]; // of the newest refusal
} door;

static bool ready(void *arg)
{
    (void)arg;
    return door.ready;
}

static bool begin(struct ping_receipt *receipt, void *arg)
{
    (void)arg;
    if (door.full)
        return false;
    assert_in_range(door.n, 0, RECEIPTS_MAX - 1);
    door.receipts[door.n++] = receipt;
    return true;
}

static bool give(const struct ping *ping, struct fault *why, void *arg)
{
    (void)arg;
    if (ping != NULL) {
        door.given++;
        return true;
    }
    door.refused++;
    snprintf(door.why, sizeof door.why, "%s", why->text);
    return false;
}

static void end(void *arg)
{
    (void)arg;
}

static void lost(const char *reason, void *arg)
{
    (void)reason; // see ping_stream_look_test.c
    (void)arg;
}

static int setup(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN); // as in service
    memset(&door, 0, sizeof door);
    door.ready = true;
    door.base = event_base_new();
    door.fake = fake_redis_create(door.base, NULL);
    fake_redis_habit(door.fake, (struct fake_habit){ "XREADGROUP", FAKE_SILENT, NULL, 0 });
    fake_redis_habit(door.fake, (struct fake_habit){ "XAUTOCLAIM", FAKE_SAYS,
                                                     "*3\r\n$3\r\n0-0\r\n*0\r\n*0\r\n", 0 });
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ping_stream_destroy(door.stream);
    for (size_t i = 0; i < door.n; i++)
        ping_stream_settle(door.receipts[i], false); // whom nobody asks for any more
    fake_redis_destroy(door.fake);
    event_base_free(door.base);
    return 0;
}

static void start(void)
{
    struct ping_stream_options options = { .target = fake_redis_target(door.fake),
                                           .password = "",
                                           .prefix = "breachd",
                                           .site = "essex",
                                           .place = "" };
    struct ping_stream_callbacks callbacks = { ready, begin, give, end, lost, NULL };

    door.stream = ping_stream_create(door.base, NULL, &options, &callbacks);
    assert_non_null(door.stream);
}

/* The next one or two answers to XREADGROUP; the newest stands first. */
static void read_says(const char *bytes, int times)
{
    fake_redis_habit(door.fake, (struct fake_habit){ "XREADGROUP", FAKE_SAYS, bytes, times });
}

#define NOTHING  "*1\r\n*2\r\n$13\r\nbreachd:pings\r\n*0\r\n"
#define ASKS     "XREADGROUP GROUP breachd essex COUNT 500 "
#define ASKS_NEW ASKS "BLOCK 1000 STREAMS breachd:pings >"
#define OPENING  "*1\r\n*2\r\n$13\r\nbreachd:pings\r\n"
#define ENTRY(id)                                                                                  \
    "*2\r\n$3\r\n" id "\r\n*8\r\n$6\r\ndevice\r\n$5\r\ntag-1\r\n$4\r\ntime\r\n$1\r\n1\r\n"         \
    "$3\r\nlat\r\n$1\r\n1\r\n$3\r\nlon\r\n$1\r\n1\r\n"

static void settle(size_t nth, bool kept)
{
    ping_stream_settle(door.receipts[nth], kept);
    door.receipts[nth] = door.receipts[--door.n];
}

static int heard(const char *words)
{
    return fake_redis_heard(door.fake, words);
}

static void ours_comes_first_then_the_dead_ones_then_what_is_new(void **state)
{
    (void)state;
    read_says(OPENING "*1\r\n" ENTRY("2-1"), 1);
    read_says(NOTHING, 1);
    read_says(OPENING "*1\r\n" ENTRY("1-1"), 1);
    start();
    loop_until(door.base, door.given == 2 && heard(ASKS_NEW) == 2);
    loop_for(door.base, 20);
    assert_int_equal(heard(ASKS_NEW), 2); // without a backlog one at a time: two would block
    assert_int_equal(heard("XGROUP CREATE breachd:pings breachd 0 MKSTREAM"), 1);
    assert_int_equal(heard(ASKS "STREAMS breachd:pings 0-0"), 1);
    assert_int_equal(heard(ASKS "STREAMS breachd:pings 1-1"), 1);
    assert_int_equal(heard("XAUTOCLAIM breachd:pings breachd essex 60000 0-0 COUNT 500"), 1);
    assert_true(ping_stream_is_up(door.stream));
}

static void a_batch_is_acknowledged_when_it_is_kept_and_not_before(void **state)
{
    (void)state;
    read_says(OPENING "*2\r\n" ENTRY("1-1") ENTRY("1-2"), 1);
    start();
    loop_until(door.base, door.given == 2);
    loop_for(door.base, 20);
    assert_int_equal(heard("XACK"), 0);
    assert_false(ping_stream_idle(door.stream));
    settle(0, true);
    loop_until(door.base, heard("XACK breachd:pings breachd 1-1 1-2") == 1);
    loop_until(door.base, ping_stream_idle(door.stream));
}

static void what_is_not_kept_is_read_again_from_the_beginning(void **state)
{
    (void)state;
    read_says(OPENING "*1\r\n" ENTRY("1-1"), 2);
    start();
    loop_until(door.base, door.given == 2); // the second page of ours
    settle(0, false);
    ping_stream_pump(door.stream);
    loop_for(door.base, 20);
    assert_int_equal(heard("XGROUP"), 1); // while another one is in hand, it would come twice
    settle(0, true);
    loop_until(door.base, heard("XACK") == 1);
    fake_redis_hang_up(door.fake); // the question under way is still without an answer
    loop_until(door.base, heard("XGROUP") == 2);
}

static void what_is_refused_is_moved_at_once(void **state)
{
    (void)state;
    read_says(OPENING "*2\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$3\r\nlat\r\n$1\r\nx\r\n" ENTRY("1-2"), 1);
    start();
    loop_until(door.base, heard("EVAL") == 1);
    assert_string_equal(door.why, "device: missing");
    assert_int_equal(door.given, 1);
    settle(0, true);
    loop_until(door.base, heard("XACK breachd:pings breachd 1-2") == 1);
}

/* An answer with so many entries, of as many devices. The caller frees. */
static char *long_answer(int entries, int devices)
{
    char *said = malloc(SAID_MAX);
    size_t used = (size_t)snprintf(said, SAID_MAX, OPENING "*%d\r\n", entries);

    for (int i = 0; i < entries; i++)
        used += (size_t)snprintf(said + used, SAID_MAX - used,
                                 "*2\r\n$5\r\n1-%03d\r\n*8\r\n$6\r\ndevice\r\n$7\r\ntag-%03d\r\n"
                                 "$4\r\ntime\r\n$1\r\n1\r\n$3\r\nlat\r\n$1\r\n1\r\n"
                                 "$3\r\nlon\r\n$1\r\n1\r\n",
                                 i, i % devices);
    return said;
}

static void when_too_much_is_in_hand_nothing_is_read(void **state)
{
    enum { BATCHES = PING_STREAM_HAND_MAX / PING_STREAM_COUNT };
    char *said = long_answer(PING_STREAM_COUNT, PING_STREAM_COUNT);

    (void)state;
    read_says(said, 0);
    start();
    loop_until(door.base, door.n == BATCHES);
    loop_for(door.base, 20);
    assert_int_equal(heard("XREADGROUP"), BATCHES);
    ping_stream_pump(door.stream);
    loop_for(door.base, 20);
    assert_int_equal(door.n, BATCHES);
    settle(0, true);
    loop_until(door.base, door.n == BATCHES); // one more
    assert_int_equal(heard("XACK"), 1);
    free(said);
}

static void while_the_door_is_shut_nothing_is_read(void **state)
{
    (void)state;
    door.ready = false;
    start();
    loop_until(door.base, ping_stream_is_up(door.stream));
    loop_for(door.base, 20);
    assert_int_equal(heard("XGROUP") + heard("XREADGROUP"), 0);
    door.ready = true;
    ping_stream_pump(door.stream);
    loop_until(door.base, heard("XREADGROUP") > 0);
}

/* It shut while the answer was under way: what came is ours, and comes again. */
static void what_finds_the_door_full_is_read_again(void **state)
{
    (void)state;
    door.full = true;
    read_says(OPENING "*1\r\n" ENTRY("1-1"), 2);
    start();
    loop_until(door.base, heard("XREADGROUP") > 0);
    loop_for(door.base, 20);
    assert_int_equal(heard("XREADGROUP"), 1); // not before it is asked to
    door.full = false;
    ping_stream_pump(door.stream);
    loop_until(door.base, door.given == 1);
    assert_int_equal(heard("XGROUP"), 2);
}

static void a_group_that_is_gone_is_made_again(void **state)
{
    static const char *const said[] = {
        "-NOGROUP No such key 'breachd:pings' or consumer group\r\n",
        "-UNBLOCKED the stream key no longer exists\r\n",
    };

    (void)state;
    read_says(said[1], 1);
    read_says(said[0], 1);
    fake_redis_habit(door.fake, (struct fake_habit){ "XGROUP", FAKE_SAYS,
                                                     "-BUSYGROUP Consumer Group name already "
                                                     "exists\r\n",
                                                     1 });
    start();
    loop_until(door.base, heard("XGROUP") == 3);
    assert_int_equal(fake_redis_connections(door.fake), 2);
}

static void once_stopped_nothing_is_read_and_what_was_is_acknowledged(void **state)
{
    (void)state;
    read_says(OPENING "*1\r\n" ENTRY("1-1"), 1);
    start();
    loop_until(door.base, door.given == 1);
    ping_stream_stop(door.stream);
    ping_stream_pump(door.stream);
    settle(0, true);
    loop_until(door.base, heard("XACK breachd:pings breachd 1-1") == 1);
    loop_until(door.base, ping_stream_idle(door.stream));
}

static void receipts_outlive_the_reader(void **state)
{
    (void)state;
    read_says(OPENING "*1\r\n" ENTRY("1-1"), 1);
    start();
    loop_until(door.base, door.given == 1);
    ping_stream_destroy(door.stream);
    door.stream = NULL;
    settle(0, true);
}

static void how_much_there_is_is_told_when_redis_knows(void **state)
{
    (void)state;
    start();
    loop_until(door.base, heard("XGROUP") == 1); // of the stream itself it was asked before
    fake_redis_habit(door.fake,
                     (struct fake_habit){ "XINFO", FAKE_SAYS,
                                          "*2\r\n*2\r\n$4\r\nname\r\n$5\r\nother\r\n*6\r\n"
                                          "$4\r\nname\r\n$7\r\nbreachd\r\n$7\r\npending\r\n:3\r\n"
                                          "$3\r\nlag\r\n:12\r\n",
                                          1 });
    ping_stream_pump(door.stream);
    loop_until(door.base, ping_stream_lag(door.stream) == 12);
    assert_true(ping_stream_pending(door.stream) == 3);
    fake_redis_habit(door.fake, (struct fake_habit){ "XINFO", FAKE_SAYS, "-NOPERM no\r\n", 0 });
    ping_stream_pump(door.stream);
    loop_until(door.base, ping_stream_lag(door.stream) != ping_stream_lag(door.stream));
    assert_true(ping_stream_is_up(door.stream));
}

/* What a Redis that is none says to the first XREADGROUP, and how that is complained of. */
static const struct row {
    const char *says, *said, *why;
} rows[] = {
    { "an error", "-NOPERM this user has no permissions\r\n", "NOPERM" },
    { "an entry that is a text", OPENING "*1\r\n$3\r\n1-1\r\n", "no entries" },
    { "an entry that is a number", OPENING "*1\r\n:1\r\n", "no entries" },
    { "an entry without an id", OPENING "*1\r\n*2\r\n:1\r\n*0\r\n", "no entries" },
    { "an entry of nothing", OPENING "*1\r\n*0\r\n", "no entries" },
    { "an id that is very long",
      OPENING "*1\r\n*2\r\n$60\r\n012345678901234567890123456789012345678901234567890123456789"
              "\r\n*0\r\n",
      "no entries" },
    { "texts all the way", "*1\r\n*2\r\n$1\r\na\r\n$2\r\nbc\r\n", "no entries" },
    { "no RESP", "HTTP/1.1 400 Bad Request\r\n", "is no Redis" },
    { "no length", "*1\r\n*x\r\n", "is no Redis" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;

    read_says(row->said, 1);
    start();
    loop_until(door.base, strstr(ping_stream_why_down(door.stream), row->why) != NULL);
    assert_false(ping_stream_is_up(door.stream));
    assert_int_equal(door.given, 0);
    loop_until(door.base, heard("XGROUP") == 2); // it tries again
    loop_until(door.base, ping_stream_is_up(door.stream));
}

static void more_entries_than_were_asked_for_are_no_answer(void **state)
{
    char *said = long_answer(PING_STREAM_COUNT + 1, 1);

    (void)state;
    read_says(said, 1);
    start();
    loop_until(door.base, strstr(ping_stream_why_down(door.stream), "no entries") != NULL);
    assert_int_equal(door.given, 0);
    free(said);
}

/*
 * If we died now, all of them would come again, and of a device so many are known as such. The
 * rest is asked for anew when what was taken is acknowledged.
 */
static void of_a_device_no_more_is_taken_than_is_known_again(void **state)
{
    char *said = long_answer(30, 2);

    (void)state;
    read_says(said, 2);
    start();
    loop_until(door.base, door.given == 2 * DEVICE_RECENT);
    ping_stream_pump(door.stream);
    loop_for(door.base, 20);
    assert_int_equal(heard("XREADGROUP"), 1);
    settle(0, true);
    loop_until(door.base, door.given == 4 * DEVICE_RECENT);
    assert_int_equal(heard("XACK"), 1);
    free(said);
}

#define io_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        io_test(ours_comes_first_then_the_dead_ones_then_what_is_new),
        io_test(a_batch_is_acknowledged_when_it_is_kept_and_not_before),
        io_test(what_is_not_kept_is_read_again_from_the_beginning),
        io_test(what_is_refused_is_moved_at_once),
        io_test(when_too_much_is_in_hand_nothing_is_read),
        io_test(while_the_door_is_shut_nothing_is_read),
        io_test(what_finds_the_door_full_is_read_again),
        io_test(a_group_that_is_gone_is_made_again),
        io_test(once_stopped_nothing_is_read_and_what_was_is_acknowledged),
        io_test(receipts_outlive_the_reader),
        io_test(how_much_there_is_is_told_when_redis_knows),
        io_test(more_entries_than_were_asked_for_are_no_answer),
        io_test(of_a_device_no_more_is_taken_than_is_known_again),
    };

    return rows_hold_in("ping_stream_rows", rows, row_holds, setup, teardown) +
           cmocka_run_group_tests_name("ping_stream", tests, NULL, NULL);
}
