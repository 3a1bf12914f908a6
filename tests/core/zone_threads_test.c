/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_threads_test.c - a zone is built by one thread, asked by another, and compared with its
 * successor by the first meanwhile. Run it under helgrind to see what a run alone cannot show: in
 * GEOS 3.11 that is one count that all geometries of all contexts share, and that nothing reads.
 */
#include "core/zone.h"

#include <math.h>
#include <pthread.h>

#include "support/test.h"

enum { ROUNDS = 300 };

static const char *const shapes[] = {
    "POLYGON((0.4 51.5,0.5 51.5,0.5 51.6,0.4 51.6,0.4 51.5),(0.44 51.54,0.46 51.54,0.46 51.56,0.44 "
    "51.56,0.44 51.54))",
    "MULTIPOLYGON(((0.4 51.5,0.5 51.5,0.5 51.6,0.4 51.5)),((0.6 51.5,0.7 51.5,0.7 51.6,0.6 51.5)))",
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

struct build {
    struct zone_maker *maker;
    struct zone *zones[SHAPES];
    const struct build *old; // in use by another thread
    double moved;
};

static void *build(void *arg)
{
    struct build *made = arg;
    struct fault why;

    made->maker = zone_maker_create();
    for (size_t i = 0; i < SHAPES; i++) {
        if (!zone_from_text(made->maker, ZONE_WKT, shapes[i], 50.0 * (double)i, &made->zones[i],
                            &why))
            return NULL;
    }
    for (int i = 0; made->old != NULL && i < ROUNDS / 10; i++)
        made->moved = fmax(zone_moved(made->old->zones[0], made->zones[0]),
                           zone_moved(made->old->zones[1], made->zones[1]));
    return made;
}

static void throw_away(struct build *made)
{
    for (size_t i = 0; i < SHAPES; i++)
        zone_destroy(made->zones[i]);
    zone_maker_destroy(made->maker);
}

static void *throw_away_too(void *arg)
{
    throw_away(arg);
    return arg;
}

static double ask(const struct build *made, int nth)
{
    struct lonlat at = { 0.35 + 0.4 * (nth % 17) / 17, 51.45 + 0.2 * (nth % 13) / 13 };

    return zone_distance(made->zones[nth % SHAPES], at, INFINITY);
}

static void *in_a_thread(void *(*work)(void *arg), struct build *made)
{
    pthread_t thread;
    void *result;

    assert_int_equal(pthread_create(&thread, NULL, work, made), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    return result;
}

static void asking_and_comparing_do_not_disturb_each_other(void **state)
{
    struct build first = { 0 }, second = { .old = &first, .moved = -1 };
    double want[ROUNDS];
    pthread_t thread;
    void *result;

    (void)state;
    assert_non_null(in_a_thread(build, &first));
    for (int i = 0; i < ROUNDS; i++)
        want[i] = ask(&first, i);
    assert_int_equal(pthread_create(&thread, NULL, build, &second), 0);
    for (int i = 0; i < ROUNDS; i++)
        assert_true(ask(&first, i) == want[i]);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_non_null(result);
    assert_true(second.moved == fmax(zone_moved(first.zones[0], second.zones[0]),
                                     zone_moved(first.zones[1], second.zones[1])));
    for (int i = 0; i < ROUNDS; i++)
        assert_true(ask(&second, i) == want[i]);
    assert_non_null(in_a_thread(throw_away_too, &first)); // as old rules are
    throw_away(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asking_and_comparing_do_not_disturb_each_other),
    };

    return cmocka_run_group_tests_name("zone_threads", tests, NULL, NULL);
}
