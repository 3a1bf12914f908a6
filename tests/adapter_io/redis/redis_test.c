/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to a Redis that is well, to one that is not, and to none at all. */
#include "adapter/redis/redis.h"

#include "loop.h"
#include "wire.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct wire));
    wire_setup(*state);
    return 0;
}

static int teardown(void **state)
{
    wire_teardown(*state);
    free(*state);
    return 0;
}

/* ---- the greeting ---- */

static void without_password_and_db_it_only_pings(void **state)
{
    struct wire *wire = *state;

    wire_up(wire);
    assert_int_equal(wire->ups, 1);
    assert_int_equal(fake_redis_heard(wire->fake, "PING"), 1);
    assert_int_equal(fake_redis_heard(wire->fake, ""), 1);
    assert_true(fake_redis_parses(wire->fake));
}

static void it_says_who_it_is_and_chooses_its_db(void **state)
{
    struct wire *wire = *state;
    struct redis_target target = fake_redis_target(wire->fake);

    target.db = 3;
    strcpy(target.user, "ann");
    wire_connect(wire, &target, "se cret", 0);
    loop_until(wire->base, redis_is_up(wire->redis));
    assert_int_equal(fake_redis_heard(wire->fake, "AUTH ann se cret"), 1);
    assert_int_equal(fake_redis_heard(wire->fake, "SELECT 3"), 1);
    assert_int_equal(fake_redis_heard(wire->fake, ""), 3);
}

static void without_a_user_the_password_is_that_of_the_default_one(void **state)
{
    struct wire *wire = *state;
    struct redis_target target = fake_redis_target(wire->fake);

    wire_connect(wire, &target, "secret", 0);
    loop_until(wire->base, redis_is_up(wire->redis));
    assert_int_equal(fake_redis_heard(wire->fake, "AUTH default secret"), 1);
}

static void it_is_up_only_when_each_greeting_is_answered(void **state)
{
    struct wire *wire = *state;
    struct redis_target target = fake_redis_target(wire->fake);

    target.db = 3;
    fake_redis_habit(wire->fake, (struct fake_habit){ "PING", FAKE_SILENT, NULL, 0 });
    wire_connect(wire, &target, "secret", 0);
    loop_until(wire->base, fake_redis_heard(wire->fake, "PING") == 1);
    loop_for(wire->base, 20);
    assert_false(redis_is_up(wire->redis));
    assert_false(wire_send(wire, "GET a"));
    fake_redis_say(wire->fake, "+PONG\r\n");
    loop_until(wire->base, redis_is_up(wire->redis));
}

/* ---- back-off ---- */

/*
 * Asserts that it tries again after `ms`, or down to half of that. A busy machine may have taken
 * some of it already, so only of a long wait it is told that it is no short one.
 */
static void expect_wait(const struct wire *wire, int ms)
{
    int wait = loop_timer_ms(wire->base);

    assert_true(wait <= ms + 20);
    assert_true(ms < 1000 || wait >= ms / 4);
}

static void it_tries_again_ever_later_but_within_ten_seconds(void **state)
{
    struct wire *wire = *state;
    struct redis_target target = fake_redis_target(wire->fake);

    fake_redis_habit(wire->fake, (struct fake_habit){ "", FAKE_SAYS_AND_CLOSES, "", 0 });
    wire_connect(wire, &target, "", 0);
    for (int tries = 0; tries < 12;) {
        loop_until(wire->base, fake_redis_connections(wire->fake) > tries &&
                                   fake_redis_guests(wire->fake) == 0 &&
                                   redis_why_down(wire->redis)[0] != '\0');
        loop_for(wire->base, 5);
        tries = fake_redis_connections(wire->fake); // it may have come by itself, too
        expect_wait(wire, tries <= 7 ? CONNECTOR_BACKOFF_MIN_MS << (tries - 1)
                                     : CONNECTOR_BACKOFF_MAX_MS);
        loop_hurry(wire->base);
    }
    assert_int_equal(wire->ups, 0);
    assert_int_equal(wire->downs, 0); // never up, so never down
}

static void only_who_calls_it_healthy_lets_it_hurry_again(void **state)
{
    struct wire *wire = *state;

    wire_up(wire);
    for (int i = 0; i < 3; i++) { // up, and down again: as bad as no connection
        fake_redis_hang_up(wire->fake);
        loop_until(wire->base, wire->downs == i + 1);
        expect_wait(wire, CONNECTOR_BACKOFF_MIN_MS << i);
        wire_comes_back(wire);
    }
    redis_healthy(wire->redis);
    redis_reset(wire->redis, "a whim");
    expect_wait(wire, CONNECTOR_BACKOFF_MIN_MS);
    assert_int_equal(wire->downs, 4);
    assert_string_equal(wire->why, "a whim");
    wire_comes_back(wire);
}

static void two_that_wait_do_not_come_at_the_same_moment(void **state)
{
    struct wire *wire = *state;
    int first = -1, differ = 0;

    wire_up(wire);
    for (int i = 0; i < 20; i++) {
        redis_healthy(wire->redis);
        redis_reset(wire->redis, "a whim");
        first = i == 0 ? loop_timer_ms(wire->base) : first;
        differ += abs(loop_timer_ms(wire->base) - first) > 2;
        wire_comes_back(wire);
    }
    assert_true(differ > 0);
}

/* ---- time-outs ---- */

static void a_peer_that_lets_nobody_in_is_given_three_seconds(void **state)
{
    struct wire *wire = *state;
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct redis_target target = { .host = "127.0.0.1", .text = "full" };
    socklen_t size = sizeof at;
    int full = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), waiting[4];

    assert_int_equal(bind(full, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(full, 0), 0);
    assert_int_equal(getsockname(full, (struct sockaddr *)&at, &size), 0);
    for (int i = 0; i < 4; i++) { // fill its queue
        waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connect(waiting[i], (struct sockaddr *)&at, size);
    }
    target.port = ntohs(at.sin_port);
    wire_connect(wire, &target, "", 0);
    loop_hurry(wire->base); // the first try
    loop_for(wire->base, 50);
    assert_in_range(loop_timer_ms(wire->base), REDIS_CONNECT_MS - 500, REDIS_CONNECT_MS);
    loop_hurry(wire->base);
    wire_until_down(wire, "no connection in time");
    for (int i = 0; i < 4; i++)
        close(waiting[i]);
    close(full);
}

static void a_reply_is_waited_for_five_seconds_unless_told_otherwise(void **state)
{
    struct wire *wire = *state;

    wire_up(wire);
    assert_int_equal(loop_timer_ms(wire->base), -1); // nothing is asked
    fake_redis_habit(wire->fake, (struct fake_habit){ "GET", FAKE_SILENT, NULL, 0 });
    assert_true(wire_send(wire, "GET a"));
    assert_in_range(loop_timer_ms(wire->base), REDIS_REPLY_MS - 500, REDIS_REPLY_MS);
    loop_hurry(wire->base);
    wire_until_down(wire, "no reply in time");
    assert_int_equal(wire->replies, 0);
    wire_comes_back(wire);
}

static void many_slow_answers_are_no_silence(void **state)
{
    struct wire *wire = *state;
    struct redis_target target = fake_redis_target(wire->fake);

    wire_connect(wire, &target, "", 200);
    loop_until(wire->base, redis_is_up(wire->redis));
    fake_redis_habit(wire->fake, (struct fake_habit){ "GET", FAKE_SILENT, NULL, 0 });
    for (int i = 0; i < 5; i++)
        assert_true(wire_send(wire, "GET a"));
    for (int i = 0; i < 5; i++) { // a quarter of a second in all
        loop_for(wire->base, 50);
        fake_redis_say(wire->fake, ":1\r\n");
    }
    loop_until(wire->base, wire->replies == 5);
    assert_int_equal(wire->downs, 0);
    assert_true(wire_send(wire, "GET a"));
    wire_until_down(wire, "no reply in time");
}

/* ---- nobody there ---- */

static void nobody_at_the_path_is_named(void **state)
{
    struct wire *wire = *state;
    struct redis_target target = { .path = "/nowhere/redis.sock", .text = "unix:nowhere" };

    wire_connect(wire, &target, "", 0);
    wire_until_down(wire, "No such file");
    expect_wait(wire, CONNECTOR_BACKOFF_MIN_MS);
}

static void nobody_at_the_port_is_named_and_found_when_he_comes(void **state)
{
    struct wire *wire = *state;
    struct redis_target target = { .host = "127.0.0.1", .port = testbed_free_port(), .text = "" };

    wire_connect(wire, &target, "", 0);
    wire_until_down(wire, "Connection refused");
    redis_destroy(wire->redis);
    wire_up(wire);
}

static int destroyed_in(struct wire *wire, const char *silent_to, int reply_ms)
{
    struct redis_target target = fake_redis_target(wire->fake);

    if (silent_to != NULL)
        fake_redis_habit(wire->fake, (struct fake_habit){ silent_to, FAKE_DRIBBLES, NULL, 0 });
    wire_connect(wire, &target, "secret", reply_ms);
    for (int turns = 0; turns < 40; turns++) {
        bool up = redis_is_up(wire->redis);

        for (int turn = 0; turn < turns; turn++)
            event_base_loop(wire->base, EVLOOP_NONBLOCK);
        if (up)
            wire_send(wire, "GET a");
        redis_destroy(wire->redis);
        wire_connect(wire, &target, "secret", reply_ms);
    }
    return wire->downs;
}

static void it_may_be_destroyed_at_any_moment_and_calls_nobody(void **state)
{
    struct wire *wire = *state;

    redis_destroy(NULL);
    assert_int_equal(destroyed_in(wire, NULL, 0), 0);
    redis_destroy(wire->redis);
    assert_int_equal(destroyed_in(wire, "PING", 0), 0);
    fake_redis_hang_up(wire->fake);
    redis_destroy(wire->redis);
    wire->redis = NULL;
    loop_for(wire->base, 20);
    assert_int_equal(wire->downs, 0);
}

/* What takes no command more is not waited for: whoever insists has it connect anew. */
static void who_insists_ends_a_connection_that_takes_nothing(void **state)
{
    static const char *const get[] = { "GET", "a" };
    struct wire *wire = *state;

    wire_up(wire);
    fake_redis_habit(wire->fake, (struct fake_habit){ "GET", FAKE_SILENT, NULL, 0 });
    assert_true(redis_insist(wire->redis, 2, get, NULL, NULL));
    for (int i = 1; i < REDIS_PENDING_MAX; i++)
        assert_true(redis_send(wire->redis, 2, get, NULL, NULL, NULL));
    assert_false(redis_send(wire->redis, 2, get, NULL, NULL, NULL));
    assert_true(redis_is_up(wire->redis)); // and would be for ever
    assert_false(redis_insist(wire->redis, 2, get, NULL, NULL));
    assert_false(redis_is_up(wire->redis));
    assert_false(redis_insist(wire->redis, 2, get, NULL, NULL));
}

#define wire_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(without_password_and_db_it_only_pings),
        wire_test(it_says_who_it_is_and_chooses_its_db),
        wire_test(without_a_user_the_password_is_that_of_the_default_one),
        wire_test(it_is_up_only_when_each_greeting_is_answered),
        wire_test(it_tries_again_ever_later_but_within_ten_seconds),
        wire_test(only_who_calls_it_healthy_lets_it_hurry_again),
        wire_test(two_that_wait_do_not_come_at_the_same_moment),
        wire_test(a_peer_that_lets_nobody_in_is_given_three_seconds),
        wire_test(a_reply_is_waited_for_five_seconds_unless_told_otherwise),
        wire_test(many_slow_answers_are_no_silence),
        wire_test(nobody_at_the_path_is_named),
        wire_test(nobody_at_the_port_is_named_and_found_when_he_comes),
        wire_test(who_insists_ends_a_connection_that_takes_nothing),
        wire_test(it_may_be_destroyed_at_any_moment_and_calls_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
