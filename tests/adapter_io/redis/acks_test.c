/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whoever may write to the stream of acks may write anything there. What is no ack is answered
 * and skipped, and the next ack is read; nothing stays in the stream that was read.
 */
#include "adapter/redis/acks.h"

#include "loop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/rows.h"
#include "support/test.h"
#include "support/testbed.h"

static struct room {
    struct testbed *testbed;
    struct event_base *base;
    struct acks *acks;
    struct acks_options options;
    char story[8192];         // "by PC 1; skipped: why; "
    char heard[ENTRY_ID_MAX]; // the newest, on disk as soon as `commits`
    char kept[ENTRY_ID_MAX];
    bool commits;
    int later; // so often it is "not now"
} room;

static void tell(const char *what, const char *text)
{
    size_t have = strlen(room.story);

    snprintf(room.story + have, sizeof room.story - have, "%s %s; ", what, text);
}

static void hear(const char *id)
{
    snprintf(room.heard, sizeof room.heard, "%s", id);
}

static enum acks_answer on_ack(const struct ack *ack, struct fault *why, void *arg)
{
    (void)arg;
    if (room.later > 0) {
        room.later--;
        return ACKS_LATER;
    }
    hear(ack->id);
    tell("by", ack->by);
    if (strcmp(ack->by, "nobody") != 0)
        return ACKS_TAKEN;
    fault_set(why, "by nobody");
    return ACKS_REFUSED;
}

static bool on_skipped(const char *id, const char *why, void *arg)
{
    (void)arg;
    hear(id);
    tell("skipped:", why);
    return true;
}

static const char *kept(void *arg)
{
    (void)arg;
    if (room.commits)
        strcpy(room.kept, room.heard);
    return room.kept;
}

static int setup(void **state)
{
    void *testbed = NULL;

    (void)state; // the row
    testbed_setup(&testbed);
    signal(SIGPIPE, SIG_IGN);
    room = (struct room){ .testbed = testbed, .base = event_base_new(), .commits = true };
    testbed_redis_start(testbed, "");
    room.options = (struct acks_options){ .target = { .text = "the real one" },
                                          .password = "",
                                          .prefix = "breachd",
                                          .after = "",
                                          .on_ack = on_ack,
                                          .on_skipped = on_skipped,
                                          .kept = kept };
    snprintf(room.options.target.path, sizeof room.options.target.path, "%s",
             testbed_path(testbed, "redis.sock").text);
    assert_non_null(room.base);
    return 0;
}

static int teardown(void **state)
{
    void *testbed = room.testbed;

    (void)state;
    acks_destroy(room.acks);
    event_base_free(room.base);
    return testbed_teardown(&testbed);
}

static void start(void)
{
    room.acks = acks_create(room.base, NULL, &room.options);
    assert_non_null(room.acks);
}

static void say(const char *by)
{
    freeReplyObject(testbed_redis(room.testbed,
                                  "XADD {breachd}:acks * incident A/home/1 action ack by %s", by));
}

static bool was_refused(const char *part)
{
    return strstr(room.story, part) != NULL;
}

/* ---- what is no ack ---- */

static const struct poison {
    const char *says;
    const char *script; // with the stream as `s`
    const char *why;    // NULL: it is an ack all the same
} poisons[] = {
    { "a note of 5 MiB", "call('XADD', s, '*', 'by', 'x', 'note', ('n'):rep(5242880))",
      "longer than 16384 bytes" },
    { "a name of 5 MiB", "call('XADD', s, '*', ('n'):rep(5242880), 'x')",
      "longer than 16384 bytes" },
    { "many texts that are too long together",
      "call('XADD', s, '*', 'a', ('n'):rep(9000), 'b', ('n'):rep(9000))",
      "longer than 16384 bytes" },
    { "3,500 fields",
      "local a = {} for i = 1, 10002 do a[i] = 'f' .. i end call('XADD', s, '*', unpack(a, 1, "
      "7000))",
      "more than 50 fields" },
    { "51 fields", "local a = {} for i = 1, 102 do a[i] = 'f' end call('XADD', s, '*', unpack(a))",
      "more than 50 fields" },
    { "a zero byte", "call('XADD', s, '*', 'by', 'PC\\0 1')", "zero byte" },
    { "a hundred of 100 kB", "for i = 1, 100 do call('XADD', s, '*', 'n', ('n'):rep(100000)) end",
      "longer than 16384 bytes" },
    { "50 fields",
      "local a = {'by', 'a'} for i = 3, 100 do a[i] = 'f' end call('XADD', s, '*', unpack(a))",
      NULL },
    { "the largest id", "call('XADD', s, ('9'):rep(19) .. '-' .. ('9'):rep(19), 'by', 'a')", NULL },
    { "an id in the year 5138", "call('XADD', s, '99999999999999-5', 'by', 'a')", NULL },
};

static void poison(const char *script)
{
    char text[512];
    redisReply *done;

    snprintf(text, sizeof text, "local s, call = KEYS[1], redis.call %s", script);
    done = testbed_redis(room.testbed, "EVAL %s 1 {breachd}:acks", text);
    if (done->type == REDIS_REPLY_ERROR)
        fail_msg("%s: %s", script, done->str);
    freeReplyObject(done);
}

static void the_next_word_is_heard(void **state)
{
    const struct poison *row = *state;

    say("PC 1");
    start();
    loop_until(room.base, was_refused("by PC 1"));
    poison(row->script);
    loop_until(room.base, was_refused(row->why ? row->why : "by a;"));
    if (row->why == NULL) // a stream that was made anew takes it
        loop_poll(room.base, testbed_redis_number(room.testbed, "XLEN {breachd}:acks") <= 1);
    say("PC 2");
    loop_until(room.base, was_refused("by PC 2"));
    loop_poll(room.base, testbed_redis_number(room.testbed, "XLEN {breachd}:acks") == 1);
    assert_string_equal(acks_why_deaf(room.acks), "");
    assert_string_equal(acks_why_untrimmed(room.acks), "");
    assert_true(testbed_redis_number(room.testbed, "EXISTS {breachd}:acks:refused") ==
                (row->why != NULL));
    testbed_close(room.testbed);
}

/* More than a list of hiredis may have, which ended the connection, each time anew. */
static void more_fields_than_any_list_may_have_are_skipped(void **state)
{
    enum { WORDS = 3 + 2 * 5001 };
    static const char *argv[WORDS] = { "XADD", "{breachd}:acks", "*" };
    redisContext *other = testbed_redis_connect(room.testbed);

    (void)state;
    for (int i = 3; i < WORDS; i++)
        argv[i] = "f";
    start();
    freeReplyObject(redisCommandArgv(other, WORDS, argv, NULL));
    say("PC 2");
    loop_until(room.base, was_refused("by PC 2"));
    assert_string_equal(room.story, "skipped: more than 50 fields; by PC 2; ");
    redisFree(other);
    testbed_close(room.testbed);
}

/* Nothing can be added behind that; and an id that is not the largest must not stay either. */
static void behind_the_largest_id_a_new_stream_begins(void **state)
{
    (void)state;
    say("PC 1");
    start();
    loop_until(room.base, was_refused("by PC 1"));
    room.commits = false;
    freeReplyObject(testbed_redis(
        room.testbed, "XADD {breachd}:acks 18446744073709551615-18446744073709551615 by a"));
    loop_until(room.base, was_refused("by a;"));
    loop_for(room.base, 50);
    assert_int_equal(testbed_redis_number(room.testbed, "XLEN {breachd}:acks"), 2); // not on disk
    room.commits = true;
    loop_poll(room.base, testbed_redis_number(room.testbed, "EXISTS {breachd}:acks") == 0);
    say("PC 2");
    loop_until(room.base, was_refused("by PC 2"));
    testbed_close(room.testbed);
}

/* breachd was killed when it had heard that entry: the new stream's ids are all before it. */
static void a_stream_that_begins_anew_is_read_from_its_beginning(void **state)
{
    (void)state;
    room.options.after = "18446744073709551615-18446744073709551615";
    strcpy(room.heard, room.options.after);
    say("PC 1");
    start();
    loop_until(room.base, was_refused("by PC 1"));
    freeReplyObject(testbed_redis(room.testbed, "DEL {breachd}:acks"));
    freeReplyObject(testbed_redis(room.testbed, "XADD {breachd}:acks 5-1 by b"));
    loop_hurry(room.base);
    acks_destroy(room.acks); // it is looked after when a connection begins
    start();
    loop_until(room.base, was_refused("by b;"));
    testbed_close(room.testbed);
}

static void a_key_of_another_type_is_moved_aside(void **state)
{
    (void)state;
    freeReplyObject(testbed_redis(room.testbed, "SET {breachd}:acks theirs"));
    start();
    loop_poll(room.base,
              testbed_redis_number(room.testbed, "EXISTS {breachd}:acks:displaced") == 1);
    say("PC 1");
    loop_until(room.base, was_refused("by PC 1"));
    testbed_close(room.testbed);
}

/* ---- what was heard ---- */

static void what_is_on_disk_is_taken_out_and_nothing_else(void **state)
{
    (void)state;
    room.commits = false;
    start();
    for (int i = 0; i < 5; i++)
        say("PC 1");
    say("PC 2");
    loop_until(room.base, was_refused("by PC 2"));
    loop_for(room.base, 50);
    assert_int_equal(testbed_redis_number(room.testbed, "XLEN {breachd}:acks"), 6);
    room.commits = true;
    say("PC 3");
    loop_until(room.base, was_refused("by PC 3"));
    loop_poll(room.base, testbed_redis_number(room.testbed, "XLEN {breachd}:acks") == 1);
    testbed_close(room.testbed);
}

static void what_is_put_off_holds_and_comes_again(void **state)
{
    (void)state;
    room.later = 2;
    say("PC 1");
    start();
    loop_until(room.base, room.later == 1);
    loop_for(room.base, 30);
    assert_string_equal(room.story, "");
    acks_pump(room.acks);
    loop_until(room.base, room.later == 0);
    acks_pump(room.acks);
    loop_until(room.base, was_refused("by PC 1"));
    assert_string_equal(room.story, "by PC 1; ");
    testbed_close(room.testbed);
}

static const struct right {
    const char *without;
    const char *says; // part of what is said of it; "": nothing
} rights[] = {
    { "xtrim", "can't run this command" },
    { "xinfo", "" },
};

/* A user of before: acks are read, and what it lacks is said. */
static void without_a_right_words_are_heard(void **state)
{
    const struct right *row = *state;

    freeReplyObject(
        testbed_redis(room.testbed, "ACL SETUSER ann on >secret ~* &* +@all -%s", row->without));
    strcpy(room.options.target.user, "ann");
    room.options.password = "secret";
    say("PC 1");
    start();
    loop_until(room.base, was_refused("by PC 1"));
    say("PC 2");
    loop_until(room.base, was_refused("by PC 2"));
    loop_until(room.base, strstr(acks_why_untrimmed(room.acks), row->says) != NULL);
    assert_string_equal(room.story, "by PC 1; by PC 2; ");
    testbed_close(room.testbed);
}

static void a_refusal_that_cannot_be_answered_holds_up_nobody(void **state)
{
    (void)state;
    freeReplyObject(testbed_redis(room.testbed, "SET {breachd}:acks:refused theirs"));
    say("nobody");
    say("nobody");
    say("PC 2");
    start();
    loop_until(room.base, was_refused("by PC 2"));
    assert_string_equal(room.story, "by nobody; by nobody; by PC 2; ");
    testbed_close(room.testbed);
}

static void a_refusal_repeats_no_more_than_a_line_of_it(void **state)
{
    redisReply *answered;

    (void)state;
    freeReplyObject(testbed_redis(
        room.testbed, "EVAL %s 1 {breachd}:acks",
        "redis.call('XADD', KEYS[1], '*', 'by', 'nobody', 'incident', ('i'):rep(10000))"));
    start();
    loop_until(room.base, was_refused("by nobody"));
    loop_poll(room.base, testbed_redis_number(room.testbed, "XLEN {breachd}:acks:refused") == 1);
    answered = testbed_redis(room.testbed, "XRANGE {breachd}:acks:refused - +");
    assert_int_equal(answered->element[0]->element[1]->element[3]->len, ACKS_SAID_MAX);
    freeReplyObject(answered);
    testbed_close(room.testbed);
}

#define room_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        room_test(more_fields_than_any_list_may_have_are_skipped),
        room_test(behind_the_largest_id_a_new_stream_begins),
        room_test(a_stream_that_begins_anew_is_read_from_its_beginning),
        room_test(a_key_of_another_type_is_moved_aside),
        room_test(what_is_on_disk_is_taken_out_and_nothing_else),
        room_test(what_is_put_off_holds_and_comes_again),
        room_test(a_refusal_that_cannot_be_answered_holds_up_nobody),
        room_test(a_refusal_repeats_no_more_than_a_line_of_it),
    };

    return rows_hold_in("acks_poisons", poisons, the_next_word_is_heard, setup, teardown) +
           rows_hold_in("acks_rights", rights, without_a_right_words_are_heard, setup, teardown) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
