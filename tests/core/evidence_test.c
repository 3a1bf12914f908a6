/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence.h"

#include "support/dice.h"
#include "support/near.h"
#include "support/rows.h"

static void on_the_edge_it_is_even(void **state)
{
    (void)state;
    assert_near(evidence_inside(0, 8), 0.5, 1e-12);
    assert_near(evidence_inside(0, 500), 0.5, 1e-12);
}

static void without_a_distance_nothing_is_known(void **state)
{
    (void)state;
    assert_near(evidence_inside(NAN, 8), 0.5, 0);
}

static void deeper_is_surer_and_a_worse_fix_less_so(void **state)
{
    (void)state;
    assert_true(evidence_inside(-20, 8) > evidence_inside(-10, 8));
    assert_true(evidence_inside(10, 8) > evidence_inside(20, 8));
    assert_true(evidence_inside(-20, 8) > evidence_inside(-20, 30));
    assert_true(evidence_inside(20, 8) < evidence_inside(20, 30));
}

static void in_and_out_make_one(void **state)
{
    (void)state;
    for (double metres = 0; metres < 100; metres += 0.5)
        assert_near(evidence_inside(-metres, 20) + evidence_inside(metres, 20), 1, 1e-12);
}

static void far_off_it_is_certain_and_still_a_number(void **state)
{
    (void)state;
    assert_near(evidence_inside(-1e7, 5), 1, 0);
    assert_near(evidence_inside(1e7, 5), 0, 0);
    assert_near(evidence_inside(INFINITY, 5), 0, 0);
}

/* One in twenty thrown four times as far: count how many cross the edge. */
static void it_is_what_a_thrown_mixture_gives(void **state)
{
    enum { THROWS = 400000 };
    struct dice dice = dice_begin();
    const double accuracy = 10, distance = 4, sigma = accuracy / sqrt(-2 * log(0.32));
    int inside = 0;

    (void)state;
    for (int i = 0; i < THROWS; i++) {
        double wide = dice_between(&dice, 0, 1) < 0.05 ? 4 : 1;
        double r = wide * sigma * sqrt(-2 * log(1 - dice_between(&dice, 0, 1)));
        double angle = dice_between(&dice, 0, 6.283185307179586);

        inside += distance + r * cos(angle) <= 0;
    }
    assert_near(evidence_inside(distance, accuracy), (double)inside / THROWS, 0.005);
}

/* Of an AR(1) sample the mean's information grows by (1 - r) / (1 + r) of an independent one's. */
static void a_ping_is_news_as_time_goes_by(void **state)
{
    (void)state;
    assert_near(evidence_weight(0, 0, 120000), 0, 1e-12);
    for (int64_t ms = 1000; ms < 600000; ms += 7000) {
        double r = exp(-(double)ms / 120000);

        assert_near(evidence_weight(ms, 0, 120000), (1 - r) / (1 + r), 1e-9);
    }
    assert_near(evidence_weight(3600000, 0, 120000), 1, 1e-9);
}

static void or_as_the_device_moves(void **state)
{
    (void)state;
    assert_true(evidence_weight(1000, 10, 120000) > evidence_weight(1000, 0, 120000));
    assert_near(evidence_weight(0, EVIDENCE_APART_M, 120000), 1 - exp(-1), 1e-12);
    assert_near(evidence_weight(-5000, 0, 120000), 0, 1e-12);
}

static void odds_and_probability_are_one_thing(void **state)
{
    (void)state;
    assert_near(evidence_score(0.5), 0, 1e-12);
    assert_near(evidence_score(0.95), 2.944439, 1e-6);
    for (double p = 0.001; p < 1; p += 0.05)
        assert_near(evidence_probability(evidence_score(p)), p, 1e-12);
}

static void no_ping_proves_more_than_the_most(void **state)
{
    (void)state;
    assert_near(evidence_odds(-1e6, 1), EVIDENCE_SURE, 1e-9);
    assert_near(evidence_odds(1e6, 1), -EVIDENCE_SURE, 1e-9);
    assert_near(evidence_odds(NAN, 8), 0, 1e-12);
}

static const struct sum {
    const char *says;
    double score, odds, weight, floor, want;
} sums[] = {
    { "one good ping deep inside suffices", 0, 7, 0.01, 0, 7 },
    { "a poor one counts for what it is", 0, 1, 0.1, 0, 1 },
    { "the same a second later adds nearly nothing", 1, 1, 0.01, 0, 1.01 },
    { "an independent one adds all of it", 1, 1, 1, 0, 2 },
    { "no number of them is more than sure", 6.9, 1, 1, 0, 7 },
    { "one far outside takes all of it", 7, -7, 0.01, 0, 0 },
    { "one a little outside leaves him near the top", 7, -1, 0.01, 0, 6 },
    { "and then it goes slowly", 6, -1, 0.1, 0, 5.9 },
    { "outside is 0, and no less", 0, -7, 1, 0, 0 },
    { "who was inside has farther to go", 0, -2, 0.5, -4, -1 },
    { "though not by one that is far outside", 7, -7, 0.01, -4, -4 },
    { "no odds, no change", 3, 0, 1, 0, 3 },
};

static void it_adds_up_so(void **state)
{
    const struct sum *sum = *state;

    assert_near(evidence_add(sum->score, sum->odds, sum->weight, sum->floor), sum->want, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_the_edge_it_is_even),
        cmocka_unit_test(without_a_distance_nothing_is_known),
        cmocka_unit_test(deeper_is_surer_and_a_worse_fix_less_so),
        cmocka_unit_test(in_and_out_make_one),
        cmocka_unit_test(far_off_it_is_certain_and_still_a_number),
        cmocka_unit_test(it_is_what_a_thrown_mixture_gives),
        cmocka_unit_test(a_ping_is_news_as_time_goes_by),
        cmocka_unit_test(or_as_the_device_moves),
        cmocka_unit_test(odds_and_probability_are_one_thing),
        cmocka_unit_test(no_ping_proves_more_than_the_most),
    };

    return rows_hold("sums", sums, it_adds_up_so) +
           cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
