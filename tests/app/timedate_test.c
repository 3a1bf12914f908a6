/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever a bus says, or does not, the question is answered once, in time, and without an answer
 * that was not given.
 */
#include "app/timedate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "support/dice.h"
#include "support/fake_bus.h"
#include "support/scratch.h"
#include "support/test.h"

enum { SOON_MS = 200, LATE_MS = 20000, HELLO = 1, GET = 2 };

struct heard {
    int times;
    enum sync_answer answer;
    char why[FAULT_TEXT_MAX];
};

struct world {
    void *scratch;
    struct fake_bus *bus;
    struct event_base *base;
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);

    scratch_setup(&world->scratch);
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=bus", 1);
    world->bus = fake_bus_start("bus");
    world->base = event_base_new();
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    if (world->bus != NULL)
        fake_bus_stop(world->bus);
    event_base_free(world->base);
    scratch_teardown(&world->scratch);
    free(world);
    return 0;
}

static void on_answer(enum sync_answer answer, const char *why, void *arg)
{
    struct heard *heard = arg;

    heard->times++;
    heard->answer = answer;
    snprintf(heard->why, sizeof heard->why, "%s", why);
}

/* The loop ends by itself: after an answer nothing of the question is in it any more. */
static struct heard ask(struct world *world, int limit_ms)
{
    struct heard heard = { 0 };
    struct fault why = { .text = "" };

    if (timedate_ask(world->base, limit_ms, on_answer, &heard, &why) == NULL) {
        assert_string_not_equal(why.text, "");
        assert_int_equal(heard.times, 0);
        on_answer(SYNC_NONE, why.text, &heard);
        return heard;
    }
    assert_int_equal(heard.times, 0); // only from the loop
    event_base_dispatch(world->base);
    assert_int_equal(heard.times, 1);
    assert_true((heard.answer == SYNC_NONE) == (heard.why[0] != '\0'));
    return heard;
}

static struct heard ask_of(struct world *world, const struct fake_bus_bytes *bytes,
                           enum fake_bus_end end, int limit_ms)
{
    fake_bus_say(world->bus, bytes, end);
    return ask(world, limit_ms);
}

/* ---- what it says ---- */

static void yes_and_no_are_told(void **state)
{
    struct world *world = *state;

    for (int yes = 0; yes < 2; yes++) {
        struct fake_bus_bytes bytes = fake_bus_timedated(yes);

        assert_int_equal(ask_of(world, &bytes, FAKE_BUS_HOLDS, LATE_MS).answer,
                         yes ? SYNC_YES : SYNC_NO);
        assert_int_equal(ask_of(world, &bytes, FAKE_BUS_ENDS, LATE_MS).answer,
                         yes ? SYNC_YES : SYNC_NO);
    }
    assert_int_equal(fake_bus_callers(world->bus), 4); // a connection a question
}

static void a_refusal_is_told_in_its_words(void **state)
{
    struct fake_bus_bytes bytes = { 0 };
    struct heard heard;

    fake_bus_auth(&bytes);
    fake_bus_hello(&bytes);
    fake_bus_error(&bytes, GET, "not for you");
    heard = ask_of(*state, &bytes, FAKE_BUS_HOLDS, LATE_MS);
    assert_int_equal(heard.answer, SYNC_NONE);
    assert_string_equal(heard.why, "not for you");
}

static void who_is_not_greeted_has_no_answer(void **state)
{
    struct fake_bus_bytes bytes = { 0 };

    fake_bus_auth(&bytes);
    fake_bus_error(&bytes, HELLO, "full");
    assert_int_equal(ask_of(*state, &bytes, FAKE_BUS_HOLDS, LATE_MS).answer, SYNC_NONE);
}

static void a_text_is_no_yes(void **state)
{
    struct fake_bus_bytes bytes = { 0 };
    struct heard heard;

    fake_bus_auth(&bytes);
    fake_bus_hello(&bytes);
    fake_bus_text(&bytes, "yes");
    heard = ask_of(*state, &bytes, FAKE_BUS_HOLDS, LATE_MS);
    assert_int_equal(heard.answer, SYNC_NONE);
    assert_string_equal(heard.why, "its answer is not understood");
}

/* ---- what it does not say ---- */

static void who_hangs_has_its_time(void **state)
{
    struct fake_bus_bytes bytes = { 0 };

    for (int said = 0; said < 3; said++) {
        struct heard heard = ask_of(*state, &bytes, FAKE_BUS_HOLDS, SOON_MS);

        assert_int_equal(heard.answer, SYNC_NONE);
        assert_string_equal(heard.why, "no answer in time");
        if (said == 0)
            fake_bus_auth(&bytes);
        else
            fake_bus_hello(&bytes);
    }
}

/* A bus that takes nobody: its backlog is full. */
static void who_lets_nobody_in_is_not_waited_for(void **state)
{
    struct world *world = *state;
    struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "full" };
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), waits[8];
    struct heard heard;

    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 0), 0);
    for (int i = 0; i < 8; i++) {
        waits[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)connect(waits[i], (struct sockaddr *)&at, sizeof at);
    }
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=full", 1);
    heard = ask(world, SOON_MS);
    assert_int_equal(heard.answer, SYNC_NONE);
    assert_string_equal(heard.why, "unix:path=full: Resource temporarily unavailable");
    for (int i = 0; i < 8; i++)
        close(waits[i]);
    close(listener);
}

static void no_bus_is_no_answer_until_there_is_one(void **state)
{
    struct world *world = *state;
    struct fake_bus_bytes bytes = fake_bus_timedated(true);
    struct heard heard;

    fake_bus_stop(world->bus);
    world->bus = NULL;
    heard = ask(world, LATE_MS);
    assert_string_equal(heard.why, "unix:path=bus: No such file or directory");
    world->bus = fake_bus_start("bus");
    assert_int_equal(ask_of(world, &bytes, FAKE_BUS_HOLDS, LATE_MS).answer, SYNC_YES);
}

/* A name would be looked up, a program be started. */
static void only_a_socket_of_this_machine_is_called(void **state)
{
    static const char *const others[] = { "tcp:host=127.0.0.1,port=1", "unixexec:path=/bin/true",
                                          "unix:path=none;tcp:host=127.0.0.1,port=1" };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        setenv("DBUS_SYSTEM_BUS_ADDRESS", others[i], 1);
        assert_string_equal(ask(*state, LATE_MS).why, "DBUS_SYSTEM_BUS_ADDRESS is no unix socket");
    }
}

/* ---- what breaks ---- */

static void it_may_die_after_any_byte(void **state)
{
    const struct fake_bus_bytes whole = fake_bus_timedated(true);

    for (size_t n = 0; n < whole.n; n++) {
        struct fake_bus_bytes part = whole;

        part.n = n;
        if (ask_of(*state, &part, FAKE_BUS_ENDS, LATE_MS).answer != SYNC_NONE)
            fail_msg("an answer of %zu of %zu bytes", n, whole.n);
        assert_int_equal(ask_of(*state, &part, FAKE_BUS_TEARS, LATE_MS).answer, SYNC_NONE);
    }
}

/* In the last byte but three stands the answer, and elsewhere nothing makes a no of a yes. */
static void any_byte_may_be_another(void **state)
{
    static const uint8_t flips[] = { 0x01, 0x20, 0x80, 0xff };
    const struct fake_bus_bytes whole = fake_bus_timedated(true);
    int none = 0;

    for (size_t i = 0; i < whole.n * 4; i++) {
        struct fake_bus_bytes bytes = whole;
        enum sync_answer answer;

        bytes.at[i / 4] ^= flips[i % 4];
        answer = ask_of(*state, &bytes, FAKE_BUS_ENDS, LATE_MS).answer;
        none += answer == SYNC_NONE;
        if (answer == SYNC_NO && i / 4 < whole.n - 4)
            fail_msg("byte %zu ^ 0x%02x of a yes makes a no", i / 4, flips[i % 4]);
    }
    assert_true(none > (int)whole.n);
}

static void garbage_is_no_answer(void **state)
{
    struct dice dice = dice_begin();

    for (int i = 0; i < 200; i++) {
        struct fake_bus_bytes bytes = { 0 };

        if (i % 2 == 1)
            fake_bus_auth(&bytes);
        for (unsigned n = dice_below(&dice, 400); n > 0; n--)
            bytes.at[bytes.n++] = (uint8_t)dice_throw(&dice);
        assert_int_equal(ask_of(*state, &bytes, FAKE_BUS_ENDS, LATE_MS).answer, SYNC_NONE);
    }
}

/* Half a gigabyte, if it could; what of it comes in SOON_MS. */
static void who_talks_for_ever_has_its_end(void **state)
{
    struct world *world = *state;
    struct fake_bus_bytes bytes = { .n = FAKE_BUS_BYTES };

    memset(bytes.at, 'A', bytes.n);
    fake_bus_say(world->bus, &bytes, FAKE_BUS_HOLDS);
    fake_bus_add(world->bus, &bytes, 1 << 20);
    assert_int_equal(ask(world, SOON_MS).answer, SYNC_NONE);
}

/* Signals that nobody asked for: some before the answer are none the worse, more are an end. */
static void signals_without_end_are_not_listened_to(void **state)
{
    struct world *world = *state;
    struct fake_bus_bytes bytes = { 0 };

    fake_bus_auth(&bytes);
    fake_bus_hello(&bytes);
    fake_bus_signal(&bytes);
    fake_bus_bool(&bytes, true);
    assert_int_equal(ask_of(world, &bytes, FAKE_BUS_HOLDS, LATE_MS).answer, SYNC_YES);

    bytes.n = 0;
    fake_bus_auth(&bytes);
    fake_bus_hello(&bytes);
    fake_bus_say(world->bus, &bytes, FAKE_BUS_HOLDS);
    bytes.n = 0;
    fake_bus_signal(&bytes);
    fake_bus_add(world->bus, &bytes, TIMEDATE_STEPS_MAX + 1);
    assert_string_equal(ask(world, LATE_MS).why, "too much else was sent before an answer");
}

/* The loop has nothing of it left, so it ends. */
static void who_takes_the_question_back_hears_nothing(void **state)
{
    struct world *world = *state;
    struct fake_bus_bytes bytes = { 0 };
    struct heard heard = { 0 };
    struct fault why;
    struct timedate *question;

    fake_bus_auth(&bytes);
    fake_bus_say(world->bus, &bytes, FAKE_BUS_HOLDS);
    question = timedate_ask(world->base, LATE_MS, on_answer, &heard, &why);
    assert_non_null(question);
    event_base_loop(world->base, EVLOOP_ONCE);
    assert_int_equal(heard.times, 0);
    timedate_cancel(question);
    assert_int_equal(event_base_dispatch(world->base), 1);
    assert_int_equal(heard.times, 0);
    timedate_cancel(NULL);
}

#define bus_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        bus_test(yes_and_no_are_told),
        bus_test(a_refusal_is_told_in_its_words),
        bus_test(who_is_not_greeted_has_no_answer),
        bus_test(a_text_is_no_yes),
        bus_test(who_hangs_has_its_time),
        bus_test(who_lets_nobody_in_is_not_waited_for),
        bus_test(no_bus_is_no_answer_until_there_is_one),
        bus_test(only_a_socket_of_this_machine_is_called),
        bus_test(it_may_die_after_any_byte),
        bus_test(any_byte_may_be_another),
        bus_test(garbage_is_no_answer),
        bus_test(who_talks_for_ever_has_its_end),
        bus_test(signals_without_end_are_not_listened_to),
        bus_test(who_takes_the_question_back_hears_nothing),
    };

    return cmocka_run_group_tests_name("timedate", tests, NULL, NULL);
}
