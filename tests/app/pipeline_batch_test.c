/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_batch_test.c - who hands pings in is a parameter: nobody speaks for a
 * device but by a sender that says so, and what becomes of one sender's batch is no
 * matter of another's.
 */
#include "app/pipeline_state.h"
#include "app/population.h"

#include <math.h>
#include <string.h>

#include "adapter/clock.h"
#include "app/pipeline_batch.h"
#include "support/test.h"

enum { PEOPLE = 2, FAR_M = 90000 };

static const struct sender nobody; // zeroed

static int setup(void **state)
{
    struct population *population;

    if (population_setup(state) != 0)
        return -1;
    population = *state;
    population_write_orders(population, PEOPLE, "R", 1, 200);
    population_begin(population);
    return 0;
}

/* ---- what a sender does ---- */

static bool is_named(const char *device, void *name)
{
    return strcmp(device, name) == 0;
}

static struct sender speaker_for(char *device)
{
    return (struct sender){ .covers = is_named, .arg = device };
}

static struct sender paced(uintptr_t id, bool ping_by_ping)
{
    return (struct sender){
        .covers = sender_covers_all, .id = id, .rate = 1, .burst_s = 2, .ping_by_ping = ping_by_ping
    };
}

static void on_done(bool kept, void *arg)
{
    *(int *)arg = kept ? 1 : -1;
}

/* From far away, so that nothing of it must be on disk. */
static enum batch_gave give(struct batch *batch, const struct population *population,
                            const char *device, struct fault *why)
{
    static int64_t ago_ms = 3600 * 1000; // each newer than the one before
    struct ping one = { .time = utc_plus(pipeline_now(population->pipeline), -(ago_ms -= 10)),
                        .at = { 0.1, 51.6 + FAR_M / 111262.0 },
                        .accuracy = 8,
                        .speed = NAN,
                        .course = NAN,
                        .battery = NAN };
    enum arrival class;

    strcpy(one.device, device);
    return batch_give(batch, &one, &class, why);
}

/* So many pings of tag-0 in one batch of the sender; how many are TAKEN, the rest HELD. */
static int taken_of(struct population *population, const struct sender *sender, int pings)
{
    int done = 0, taken = 0;
    struct batch *batch = batch_begin(population->pipeline, sender, on_done, &done);
    struct fault why;

    for (int i = 0; i < pings; i++) {
        enum batch_gave gave = give(batch, population, "tag-0", &why);

        assert_true(gave == BATCH_TAKEN || gave == BATCH_THROTTLED);
        taken += gave == BATCH_TAKEN;
    }
    batch_end(batch);
    return taken;
}

/* ---- who may speak ---- */

static void a_zeroed_sender_speaks_for_no_device(void **state)
{
    struct population *population = *state;
    int done = 0;
    struct batch *batch = batch_begin(population->pipeline, &nobody, on_done, &done);
    struct fault why;

    assert_false(sender_covers(&nobody, "tag-0"));
    assert_false(batch_knows("tag-0", batch));
    assert_int_equal(give(batch, population, "tag-0", &why), BATCH_FORBIDDEN);
    assert_int_equal(population->stats.pings[ARRIVED_REFUSED], 1);
    assert_int_equal(population->stats.pings[ARRIVED_NEW], 0);
    batch_end(batch);
    assert_int_equal(done, 1); // nothing of it waits for the disk
}

/* Nor is it told as a stranger that the sender's word made known. */
static void of_a_device_under_no_order_it_learns_no_more(void **state)
{
    struct population *population = *state;
    int done = 0;
    struct batch *batch = batch_begin(population->pipeline, &nobody, on_done, &done);
    struct fault known, unknown;

    assert_int_equal(give(batch, population, "tag-0", &known), BATCH_FORBIDDEN);
    assert_int_equal(give(batch, population, "tag-9", &unknown), BATCH_FORBIDDEN);
    assert_int_equal(population->pipeline->strangers.n, 0);
    memcpy(strstr(unknown.text, "tag-9"), "tag-0", 5);
    assert_string_equal(known.text, unknown.text);
    batch_end(batch);
}

static void a_device_of_another_is_like_any_other_name(void **state)
{
    struct population *population = *state;
    int done = 0;
    struct sender sender = speaker_for("tag-1");
    struct batch *batch = batch_begin(population->pipeline, &sender, on_done, &done);

    assert_true(batch_knows("tag-1", batch));
    assert_false(batch_knows("tag-0", batch));
    assert_false(batch_knows("tag-9", batch));
    batch_end(batch);
}

static void a_batch_refused_for_one_sender_leaves_the_next_untouched(void **state)
{
    struct population *population = *state;
    struct sender all = { .covers = sender_covers_all };
    int first = 0, second = 0;
    struct batch *batch = batch_begin(population->pipeline, &nobody, on_done, &first);
    struct fault why;

    assert_int_equal(give(batch, population, "tag-0", &why), BATCH_FORBIDDEN);
    batch_end(batch);
    batch = batch_begin(population->pipeline, &all, on_done, &second);
    assert_int_equal(give(batch, population, "tag-0", &why), BATCH_TAKEN);
    batch_end(batch);
    population_settle(population);
    assert_int_equal(first, 1);
    assert_int_equal(second, 1);
}

/* As of a door that waits for the rest of a body while another is served. */
static void two_batches_at_once_keep_their_senders(void **state)
{
    struct population *population = *state;
    struct sender zero = speaker_for("tag-0"), one = speaker_for("tag-1");
    int done[2] = { 0 };
    struct batch *of_zero = batch_begin(population->pipeline, &zero, on_done, &done[0]);
    struct batch *of_one = batch_begin(population->pipeline, &one, on_done, &done[1]);
    struct fault why;

    assert_int_equal(give(of_zero, population, "tag-1", &why), BATCH_FORBIDDEN);
    assert_int_equal(give(of_one, population, "tag-1", &why), BATCH_TAKEN);
    assert_int_equal(give(of_zero, population, "tag-0", &why), BATCH_TAKEN);
    assert_int_equal(give(of_one, population, "tag-0", &why), BATCH_FORBIDDEN);
    batch_end(of_one);
    batch_end(of_zero);
}

/* ---- how fast ---- */

static void what_was_within_the_rate_at_its_begin_is_taken_whole(void **state)
{
    struct population *population = *state;
    struct sender sender = paced(7, false);

    assert_int_equal(taken_of(population, &sender, 50), 50);
    assert_int_equal(taken_of(population, &sender, 50), 0);
}

static void ping_by_ping_the_batch_ends_in_the_midst(void **state)
{
    struct population *population = *state;
    struct sender sender = paced(7, true);

    assert_in_range(taken_of(population, &sender, 50), 1, 10);
}

static void who_sets_no_rate_is_never_held(void **state)
{
    struct population *population = *state;
    struct sender sender = { .covers = sender_covers_all };

    for (int i = 0; i < 3; i++)
        assert_int_equal(taken_of(population, &sender, 50), 50);
}

static void a_batch_held_for_one_sender_leaves_the_others_untouched(void **state)
{
    struct population *population = *state;
    struct sender fast = paced(7, false), slow = paced(8, false);
    int done[2] = { 0 };
    struct batch *of_fast, *of_slow;
    struct fault why;

    taken_of(population, &fast, 50);
    of_fast = batch_begin(population->pipeline, &fast, on_done, &done[0]);
    assert_int_equal(give(of_fast, population, "tag-0", &why), BATCH_THROTTLED);
    of_slow = batch_begin(population->pipeline, &slow, on_done, &done[1]);
    assert_int_equal(give(of_slow, population, "tag-0", &why), BATCH_TAKEN);
    assert_int_equal(give(of_fast, population, "tag-0", &why), BATCH_THROTTLED);
    assert_int_equal(batch_retry_seconds(of_slow), 0);
    assert_int_equal(batch_paced(of_slow), 1);
    assert_in_range(batch_retry_seconds(of_fast), 40, 60);
    assert_int_equal(batch_paced(of_fast), 2);
    batch_end(of_slow);
    batch_end(of_fast);
}

/* ---- when it is answered ---- */

static int done_after(struct population *population, bool with_commit, const char *device)
{
    struct sender sender = speaker_for("tag-0");
    int done = 0;
    struct batch *batch;
    struct fault why;

    sender.with_commit = with_commit;
    batch = batch_begin(population->pipeline, &sender, on_done, &done);
    give(batch, population, device, &why);
    batch_end(batch);
    if (done != 0)
        return 0;
    population_settle(population);
    assert_int_equal(done, 1);
    return 1;
}

/* By the time that it takes nobody learns whether something had to be kept. */
static void with_commit_also_what_changed_nothing_waits_for_one(void **state)
{
    struct population *population = *state;

    done_after(population, false, "tag-0"); // first heard of: that is a change
    population_settle(population);
    assert_int_equal(done_after(population, false, "tag-0"), 0);
    assert_int_equal(done_after(population, true, "tag-0"), 1);
    assert_int_equal(done_after(population, true, "tag-1"), 0); // forbidden, so nothing was judged
}

#define populated_test(test) cmocka_unit_test_setup_teardown(test, setup, population_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        populated_test(a_zeroed_sender_speaks_for_no_device),
        populated_test(of_a_device_under_no_order_it_learns_no_more),
        populated_test(a_device_of_another_is_like_any_other_name),
        populated_test(a_batch_refused_for_one_sender_leaves_the_next_untouched),
        populated_test(two_batches_at_once_keep_their_senders),
        populated_test(what_was_within_the_rate_at_its_begin_is_taken_whole),
        populated_test(ping_by_ping_the_batch_ends_in_the_midst),
        populated_test(who_sets_no_rate_is_never_held),
        populated_test(a_batch_held_for_one_sender_leaves_the_others_untouched),
        populated_test(with_commit_also_what_changed_nothing_waits_for_one),
    };

    return cmocka_run_group_tests_name("pipeline_batch", tests, NULL, NULL);
}
