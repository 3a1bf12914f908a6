/* SPDX-License-Identifier: Apache-2.0 */
#include "core/skew.h"

#include <stdlib.h>

struct utc skew_utc(const struct skew *skew, struct tick now)
{
    return (struct utc){ now.ms + skew->base };
}

static void believe(struct skew *skew, struct utc wall, struct tick now)
{
    skew->set = true;
    skew->base = wall.ms - now.ms;
    skew->apart = 0;
    skew->votes = 0;
}

static bool won(const struct skew *skew)
{
    return skew->votes >= SKEW_VOTES && skew->last_vote.ms - skew->first_vote.ms >= SKEW_SPAN_MS;
}

enum skew_news skew_look(struct skew *skew, struct utc wall, struct tick now, int64_t *out_ms)
{
    int64_t apart = skew->set ? wall.ms - skew_utc(skew, now).ms : 0;
    int64_t before = skew->apart;

    *out_ms = apart;
    // 1. At first, and while nothing has jumped, the wall is right; so it is when it comes back.
    if (llabs(apart) < SKEW_STEP_MS) {
        believe(skew, wall, now);
        return before != 0 ? SKEW_CAME_BACK : SKEW_QUIET;
    }
    // 2. A jump begins a new dispute; small steps meanwhile do not.
    if (before == 0 || llabs(apart - before) >= SKEW_STEP_MS) {
        skew->apart = apart;
        skew->votes = 0;
        return SKEW_JUMPED;
    }
    skew->apart = apart;
    // 3. The pings have the last word.
    if (!won(skew))
        return SKEW_QUIET;
    believe(skew, wall, now);
    return SKEW_WON;
}

void skew_hear(struct skew *skew, struct utc said, struct tick now)
{
    int64_t from_us = llabs(said.ms - skew_utc(skew, now).ms);
    int64_t from_wall = llabs(said.ms - skew_utc(skew, now).ms - skew->apart);

    if (skew->apart == 0 || (from_us > SKEW_NEAR_MS && from_wall > SKEW_NEAR_MS))
        return;
    if (from_us <= from_wall) {
        skew->votes = 0;
        return;
    }
    if (skew->votes++ == 0)
        skew->first_vote = now;
    skew->last_vote = now;
}
