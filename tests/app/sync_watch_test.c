/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel refuses, so the bus is asked: what its word is worth, for which clock, and that no
 * trouble with it is more than that. The wall and our count are the test's.
 */
#include "app/sync_watch.h"

#include "adapter/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#include "support/fake_bus.h"
#include "support/scratch.h"
#include "support/test.h"

enum { HOUR = 3600 };

static int64_t wall_s, later_ms; // the wall is ahead, and time has passed
static int warnings, words;
static char said[FAULT_TEXT_MAX];

int __real_clock_gettime(clockid_t which, struct timespec *out);
int __wrap_clock_gettime(clockid_t which, struct timespec *out);
int __wrap_clock_gettime(clockid_t which, struct timespec *out)
{
    int rc = __real_clock_gettime(which, out);

    out->tv_sec += later_ms / 1000 + (which == CLOCK_REALTIME ? wall_s : 0);
    return rc;
}

int __wrap_adjtimex(struct timex *timex);
int __wrap_adjtimex(struct timex *timex)
{
    (void)timex;
    errno = EPERM;
    return -1;
}

void __wrap_log_warning(const char *format, ...);
void __wrap_log_warning(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(said, sizeof said, format, args);
    va_end(args);
    warnings++;
}

struct world {
    void *scratch;
    struct fake_bus *bus;
    struct event_base *base;
    struct sync_watch sync;
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);

    scratch_setup(&world->scratch);
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=bus", 1);
    world->bus = fake_bus_start("bus");
    world->base = event_base_new();
    warnings = words = 0;
    wall_s = later_ms = 0;
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    sync_watch_end(&world->sync);
    if (world->bus != NULL)
        fake_bus_stop(world->bus);
    event_base_free(world->base);
    scratch_teardown(&world->scratch);
    free(world);
    return 0;
}

static void bus_says(struct world *world, bool yes)
{
    struct fake_bus_bytes bytes = fake_bus_timedated(yes);

    fake_bus_say(world->bus, &bytes, FAKE_BUS_HOLDS);
}

static void bus_hangs(struct world *world)
{
    fake_bus_say(world->bus, &(struct fake_bus_bytes){ 0 }, FAKE_BUS_HOLDS);
}

static void on_status(void *arg)
{
    (void)arg;
    words++;
}

/* As timekeeper_begin and timekeeper_listen do. */
static struct skew_news begin(struct world *world)
{
    struct skew_news news;

    sync_watch_begin(&world->sync);
    clock_set_floor(UTC_ALWAYS);
    news = clock_check();
    sync_watch_listen(&world->sync, world->base, on_status, NULL);
    return news;
}

/* So many seconds later; an answer that is on its way is waited for. */
static void tick_after(struct world *world, int seconds)
{
    later_ms += (int64_t)seconds * 1000;
    sync_watch_tick(&world->sync);
    while (world->sync.question != NULL)
        event_base_loop(world->base, EVLOOP_ONCE);
}

/* ---- the start ---- */

static void its_word_is_there_at_the_first_look(void **state)
{
    struct world *world = *state;

    for (int yes = 0; yes < 2; yes++) {
        bus_says(world, yes);
        begin(world);
        assert_int_equal(clock_skew()->faith, yes ? SKEW_KERNEL : SKEW_UNPROVEN);
        assert_int_equal(clock_skew()->doubt, SKEW_SURE);
    }
    assert_int_equal(warnings, 0);
}

static void a_start_waits_for_two_seconds_and_no_longer(void **state)
{
    struct world *world = *state;
    struct tick before = clock_tick();

    bus_hangs(world);
    begin(world);
    assert_in_range(clock_tick().ms - before.ms, SYNC_WATCH_WAIT_MS - 10,
                    SYNC_WATCH_WAIT_MS + 3000);
    assert_int_equal(clock_skew()->faith, SKEW_UNPROVEN);
    assert_int_equal(warnings, 1);
    assert_non_null(strstr(said, "no answer in time"));
    bus_says(world, true);
    tick_after(world, 5);
    assert_int_equal(words, 1);
    clock_check();
    assert_int_equal(clock_skew()->faith, SKEW_KERNEL);
}

/* ---- a clock that is set ---- */

static void a_word_is_of_the_clock_as_it_was(void **state)
{
    struct world *world = *state;
    struct skew_news news;

    bus_says(world, true);
    begin(world);
    wall_s = HOUR;
    news = clock_check(); // nobody was asked since
    assert_int_equal(news.what, SKEW_JUMPED);
    assert_int_equal(clock_skew()->faith, SKEW_COUNTED);
    assert_false(clock_told_stands());
}

static void a_clock_that_was_set_is_looked_at_with_the_word_about_it(void **state)
{
    struct world *world = *state;
    struct skew_news news;
    struct tick looked;

    bus_says(world, true);
    begin(world);
    looked = clock_tick();
    wall_s = -HOUR;
    sync_watch_tick(&world->sync);
    assert_null(world->sync.question); // within a second of the one before, and waited for too
    assert_true(sync_watch_waits(&world->sync, looked));
    later_ms += 1000;
    sync_watch_tick(&world->sync);
    assert_true(sync_watch_waits(&world->sync, looked));
    while (words == 0)
        event_base_loop(world->base, EVLOOP_ONCE);
    assert_false(sync_watch_waits(&world->sync, looked));
    news = clock_check();
    assert_int_equal(news.what, SKEW_RIGHTED);
    assert_in_range(-news.ms, HOUR * 1000 - 1000, HOUR * 1000 + 1000);
}

static void but_no_look_is_put_off_for_more_than_two_seconds(void **state)
{
    struct world *world = *state;
    struct tick looked;

    bus_says(world, true);
    begin(world);
    looked = clock_tick();
    bus_hangs(world);
    for (int second = 1; second <= 3; second++) {
        wall_s += HOUR; // again and again
        later_ms += 1000;
        sync_watch_tick(&world->sync);
        assert_true(sync_watch_waits(&world->sync, looked) == (second < 2));
    }
    assert_int_equal(clock_check().what, SKEW_JUMPED);
}

/* What was asked before it was set is answered for nobody. */
static void a_question_of_before_is_asked_anew(void **state)
{
    struct world *world = *state;

    bus_says(world, false);
    begin(world);
    bus_hangs(world);
    later_ms += 60 * 1000;
    sync_watch_tick(&world->sync);
    assert_non_null(world->sync.question);
    wall_s = HOUR;
    bus_says(world, true);
    tick_after(world, 1);
    assert_int_equal(words, 1);
    assert_int_equal(clock_check().what, SKEW_RIGHTED);
}

/* ---- how often, and what is said ---- */

static int asked_within(struct world *world, int seconds)
{
    int before = fake_bus_callers(world->bus);

    for (int i = 0; i < seconds; i++)
        tick_after(world, 1);
    return fake_bus_callers(world->bus) - before;
}

static void it_is_asked_no_oftener_than_is_needed(void **state)
{
    struct world *world = *state;

    bus_says(world, false);
    begin(world);
    assert_in_range(asked_within(world, 600), 9, 10);
    bus_says(world, true);
    tick_after(world, 60);
    assert_in_range(asked_within(world, 1800), 2, 3);
}

static void trouble_is_told_once(void **state)
{
    struct world *world = *state;

    fake_bus_stop(world->bus);
    world->bus = NULL;
    begin(world);
    for (int i = 0; i < 3600; i++)
        tick_after(world, 1);
    assert_int_equal(warnings, 1);
    assert_non_null(strstr(said, "unix:path=bus: No such file or directory"));
    assert_int_equal(clock_skew()->faith, SKEW_UNPROVEN);

    world->bus = fake_bus_start("bus");
    bus_says(world, true);
    tick_after(world, 600);
    clock_check();
    assert_int_equal(clock_skew()->faith, SKEW_KERNEL);

    // What it said does not outlive it.
    fake_bus_stop(world->bus);
    world->bus = NULL;
    tick_after(world, 600);
    clock_check();
    assert_int_equal(clock_skew()->faith, SKEW_COUNTED);
    assert_int_equal(clock_skew()->doubt, SKEW_SURE);
    assert_int_equal(warnings, 2);
}

#define watch_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        watch_test(its_word_is_there_at_the_first_look),
        watch_test(a_start_waits_for_two_seconds_and_no_longer),
        watch_test(a_word_is_of_the_clock_as_it_was),
        watch_test(a_clock_that_was_set_is_looked_at_with_the_word_about_it),
        watch_test(but_no_look_is_put_off_for_more_than_two_seconds),
        watch_test(a_question_of_before_is_asked_anew),
        watch_test(it_is_asked_no_oftener_than_is_needed),
        watch_test(trouble_is_told_once),
    };

    return cmocka_run_group_tests_name("sync_watch", tests, NULL, NULL);
}
