/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory runs out where a library takes it for a connection of ours: it is closed, says so, and is
 * up again after the next try. None waits for an answer to what was never sent.
 */
#include "broker.h"
#include "loop.h"
#include "wire.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <hiredis/hiredis.h>
#include <string.h>

#include "support/test.h"

static int commands_left; // until one cannot be written; 0: none
static struct evbuffer *spared;
static bool starved; // the next look into a buffer but `spared` finds no memory

int __real_redisFormatCommandArgv(char **out, int argc, const char **argv, const size_t *lengths);
int __wrap_redisFormatCommandArgv(char **out, int argc, const char **argv, const size_t *lengths);
unsigned char *__real_evbuffer_pullup(struct evbuffer *buffer, ev_ssize_t n);
unsigned char *__wrap_evbuffer_pullup(struct evbuffer *buffer, ev_ssize_t n);

int __wrap_redisFormatCommandArgv(char **out, int argc, const char **argv, const size_t *lengths)
{
    return commands_left > 0 && --commands_left == 0
               ? -1
               : __real_redisFormatCommandArgv(out, argc, argv, lengths);
}

unsigned char *__wrap_evbuffer_pullup(struct evbuffer *buffer, ev_ssize_t n)
{
    if (!starved || buffer == spared)
        return __real_evbuffer_pullup(buffer, n);
    starved = false;
    return NULL;
}

static void a_greeting_that_cannot_be_said_whole_is_said_again(void **state)
{
    (void)state;
    for (int nth = 1; nth <= 3; nth++) { // AUTH, SELECT, PING
        struct wire wire = { 0 };
        struct redis_target target;

        wire_setup(&wire);
        target = fake_redis_target(wire.fake);
        target.db = 3;
        commands_left = nth;
        wire_connect(&wire, &target, "secret", 0);
        loop_until(wire.base, strcmp(redis_why_down(wire.redis), "out of memory") == 0);
        assert_int_equal(wire.ups, 0);
        loop_hurry(wire.base);
        loop_until(wire.base, redis_is_up(wire.redis));
        assert_int_equal(wire.ups, 1);
        wire_teardown(&wire);
    }
}

static void a_message_that_cannot_be_read_just_now_comes_again(void **state)
{
    struct broker broker = { 0 };

    (void)state;
    broker_setup(&broker);
    broker_up(&broker);
    spared = bufferevent_get_input(broker.guest);
    starved = true;
    broker_publish(&broker, "owntracks/jane/tag-1", 7, "{}", 2);
    broker_until_down(&broker, "out of memory");
    assert_false(starved);
    assert_int_equal(broker.taken, 0);
    loop_hurry(broker.base);
    loop_until(broker.base, mqtt_is_up(broker.mqtt));
    broker_publish(&broker, "owntracks/jane/tag-1", 7, "{}", 2);
    loop_until(broker.base, broker.taken == 1);
    broker_settle(&broker, 0, true);
    broker_teardown(&broker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_greeting_that_cannot_be_said_whole_is_said_again),
        cmocka_unit_test(a_message_that_cannot_be_read_just_now_comes_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
