/* SPDX-License-Identifier: Apache-2.0 */
#include "core/skew.h"

#include "support/rows.h"

enum { STRETCHES_MAX = 4, HOUR = 3600 };

/* So many seconds pass, with the wall so far from the truth, and a ping each so many seconds. */
struct stretch {
    int seconds, wall, every, delay; // every: 0: no pings. delay: of a ping when it comes
    enum skew_news news;             // all that comes in it, at its first second or later
    int ours;                        // our time less the true one, at its end
};

static const struct row {
    const char *says;
    int start; // the wall's error at the start, which is believed
    struct stretch stretches[STRETCHES_MAX];
} rows[] = {
    { "a wall that goes right is believed", 0, { { 600, 0, 15, 1, SKEW_QUIET, 0 } } },
    { "a step under 5 s is followed",
      0,
      { { 10, 0, 0, 0, SKEW_QUIET, 0 }, { 10, 4, 0, 0, SKEW_QUIET, 4 } } },
    { "many small steps add up",
      0,
      { { 9, 4, 0, 0, SKEW_QUIET, 4 }, { 9, 8, 0, 0, SKEW_QUIET, 8 } } },
    { "5 s are a jump", 0, { { 10, 0, 0, 0, SKEW_QUIET, 0 }, { 10, 5, 0, 0, SKEW_JUMPED, 0 } } },
    { "two hours ahead: our own count goes on",
      0,
      { { 10, 0, 15, 1, SKEW_QUIET, 0 }, { 86400, 2 * HOUR, 15, 1, SKEW_JUMPED, 0 } } },
    { "two hours back: the same",
      0,
      { { 10, 0, 15, 1, SKEW_QUIET, 0 }, { 86400, -2 * HOUR, 15, 1, SKEW_JUMPED, 0 } } },
    { "without pings nothing is settled",
      0,
      { { 10, 0, 0, 0, SKEW_QUIET, 0 }, { 86400, 2 * HOUR, 0, 0, SKEW_JUMPED, 0 } } },
    { "it jumps back to where we are",
      0,
      { { 10, HOUR, 15, 1, SKEW_JUMPED, 0 }, { 10, 1, 15, 1, SKEW_CAME_BACK, 1 } } },
    { "it jumps on: told again",
      0,
      { { 10, HOUR, 15, 1, SKEW_JUMPED, 0 }, { 10, 2 * HOUR, 15, 1, SKEW_JUMPED, 0 } } },
    { "small steps of a wall that is apart are no news",
      0,
      { { 10, HOUR, 15, 1, SKEW_JUMPED, 0 }, { 10, HOUR + 3, 15, 1, SKEW_QUIET, 0 } } },
    { "wrong at the start and set right: eight pings over a minute follow it",
      -2 * HOUR,
      { { 30, -2 * HOUR, 15, 1, SKEW_QUIET, -2 * HOUR },
        { 100, 0, 15, 1, SKEW_JUMPED, -2 * HOUR },
        { 30, 0, 15, 1, SKEW_WON, 0 } } },
    { "a minute is needed, though pings come each second",
      3 * HOUR,
      { { 60, 0, 1, 1, SKEW_JUMPED, 3 * HOUR }, { 5, 0, 1, 1, SKEW_WON, 0 } } },
    { "eight are needed, though it takes long",
      3 * HOUR,
      { { 420, 0, 60, 1, SKEW_JUMPED, 3 * HOUR }, { 65, 0, 60, 1, SKEW_WON, 0 } } },
    { "pings of long ago that happen to fit a wrong wall: a burst is not a minute",
      0,
      { { 10, 0, 15, 1, SKEW_QUIET, 0 },
        { 50, -HOUR, 1, HOUR, SKEW_JUMPED, 0 },
        { 600, -HOUR, 0, 0, SKEW_QUIET, 0 } } },
    { "far from both they prove nothing",
      0,
      { { 10, 0, 15, 1, SKEW_QUIET, 0 }, { 600, 2 * HOUR, 15, 5 * HOUR, SKEW_JUMPED, 0 } } },
    { "after a jump of 10 s, pings that come 8 s late are for us",
      0,
      { { 10, 0, 15, 1, SKEW_QUIET, 0 }, { 600, 10, 15, 8, SKEW_JUMPED, 0 } } },
};

static const int64_t truth = 1592946845000; // at tick 0

static void live_through(struct skew *skew, const struct stretch *stretch, struct tick *now)
{
    enum skew_news met = SKEW_QUIET;
    int64_t apart;

    for (int i = 0; i < stretch->seconds; i++) {
        struct utc wall = { truth + now->ms + stretch->wall * 1000 };
        enum skew_news news = skew_look(skew, wall, *now, &apart);

        if (news != SKEW_QUIET) {
            assert_int_equal(met, SKEW_QUIET);
            met = news;
        }
        if (stretch->every != 0 && i % stretch->every == 0)
            skew_hear(skew, (struct utc){ truth + now->ms - stretch->delay * 1000 }, *now);
        now->ms += 1000;
    }
    assert_int_equal(met, stretch->news);
    assert_int_equal(skew_utc(skew, *now).ms - truth - now->ms, stretch->ours * 1000);
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct tick now = { 500000 };
    struct skew skew = { 0 };
    int64_t apart;

    skew_look(&skew, (struct utc){ truth + now.ms + row->start * 1000 }, now, &apart);
    for (size_t i = 0; i < STRETCHES_MAX && row->stretches[i].seconds != 0; i++)
        live_through(&skew, &row->stretches[i], &now);
}

int main(void)
{
    return rows_hold("skew", rows, row_holds);
}
