/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c - the rivals: what others do with the same pings. */
#include "detect/judge.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>

const char *judge_name(enum judge judge)
{
    static const char *const names[JUDGES] = { "breachd",          "belief", "plain inside",
                                               "circle contained", "3 of 5", "30 s dwell" };

    return names[judge];
}

void sayings_add(struct sayings *sayings, const struct saying *saying)
{
    if (sayings->n == sayings->room) {
        sayings->room = sayings->room == 0 ? 256 : 2 * sayings->room;
        sayings->list = reallocarray(sayings->list, sayings->room, sizeof *sayings->list);
        if (sayings->list == NULL)
            err(1, "sayings");
    }
    sayings->list[sayings->n++] = *saying;
}

void sayings_add_inside(struct sayings *sayings, double inside)
{
    if (sayings->n_inside == sayings->inside_room) {
        sayings->inside_room = sayings->inside_room == 0 ? 4096 : 2 * sayings->inside_room;
        sayings->inside =
            reallocarray(sayings->inside, sayings->inside_room, sizeof *sayings->inside);
        if (sayings->inside == NULL)
            err(1, "sayings");
    }
    sayings->inside[sayings->n_inside++] = inside;
}

void sayings_fini(struct sayings *sayings)
{
    free(sayings->list);
    free(sayings->inside);
    *sayings = (struct sayings){ 0 };
}

/* What a rival remembers of one device and zone. */
struct rival {
    bool in;
    double newest;       // seconds: of the newest fix
    unsigned sides;      // bit 0: the newest fix was inside
    double inside_since; // seconds; NaN: the newest fix was outside
};

/* An absent accuracy is 0, as it is to those who ship this test. */
static bool contained(const struct rival *rival, const struct fix *fix)
{
    double accuracy = isnan(fix->seen.accuracy) ? 0 : fix->seen.accuracy;

    return rival->in ? fix->distance <= 0 : fix->distance <= -accuracy;
}

static bool says_in(enum judge judge, const struct rival *rival, const struct fix *fix)
{
    switch (judge) {
    case CONTAINED:
        return contained(rival, fix);
    case THREE_OF_FIVE:
        return __builtin_popcount(rival->sides & 31) >= 3;
    case DWELL_30S:
        return !isnan(rival->inside_since) && (rival->in || fix->t - rival->inside_since >= 30);
    case OURS:   // see judge_ours
    case BELIEF: // and judge_belief
    case PLAIN:
    case JUDGES:
        break;
    }
    return fix->distance <= 0;
}

static void take(enum judge judge, struct rival *rival, const struct fix *fix, size_t nth,
                 struct sayings *out)
{
    bool in;

    if (fix->t <= rival->newest)
        return; // late, or twice
    rival->newest = fix->t;
    rival->sides = rival->sides << 1 | (fix->distance <= 0);
    if (fix->distance > 0)
        rival->inside_since = NAN;
    else if (isnan(rival->inside_since))
        rival->inside_since = fix->t;
    in = says_in(judge, rival, fix);
    if (in != rival->in)
        sayings_add(out, &(struct saying){ .word = in ? SAYS_BREACH : SAYS_CLEARED,
                                           .at = fix->arrival,
                                           .about = fix->t,
                                           .fix = nth });
    rival->in = in;
}

void judge_run(enum judge judge, const struct detect *detect, const struct site *site,
               const struct run *run, struct sayings *out)
{
    struct rival rival = { .newest = -INFINITY, .inside_since = NAN };

    out->n = out->n_inside = 0;
    if (judge == OURS) {
        judge_ours(detect, site, run, out);
        return;
    }
    if (judge == BELIEF) {
        judge_belief(site, run, out);
        return;
    }
    for (size_t i = 0; i < run->n; i++)
        take(judge, &rival, &run->fixes[i], i, out);
}
