/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/filter.h"

#include "detect/judge.h"

#include <err.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct filter filter;

static const double likelier = 0.5; // inside than not

static const struct filter shipped = {
    .possible = 0.25, .breach = 0.7, .way = 0.35, .before = 0.2, .cleared = 0.05
};

static const struct key {
    const char *name;
    size_t offset;
} keys[] = {
#define OF_FILTER(field)                                                                           \
    {                                                                                              \
#field, offsetof(struct filter, field)                                                     \
    }
#define OF_MODEL(field)                                                                            \
    {                                                                                              \
#field, offsetof(struct filter, model.field)                                               \
    }
    OF_FILTER(possible),     OF_FILTER(breach),       OF_FILTER(way),
    OF_FILTER(before),       OF_FILTER(cleared),      OF_MODEL(scale),
    OF_MODEL(floor),         OF_MODEL(rho),           OF_MODEL(error_still_s),
    OF_MODEL(error_going_s), OF_MODEL(wild),          OF_MODEL(to_wild),
    OF_MODEL(to_usual),      OF_MODEL(lost),          OF_MODEL(lost_mast),
    OF_MODEL(moved),         OF_MODEL(moved_s),       OF_MODEL(unknown),
    OF_MODEL(unknown_times), OF_MODEL(unknown_share), OF_MODEL(learn_reported),
    OF_MODEL(learn_unknown), OF_MODEL(least_unknown), OF_MODEL(most_unknown),
    OF_MODEL(most_reported), OF_MODEL(learn_gap_s),   OF_MODEL(creep),
    OF_MODEL(speed[1]),      OF_MODEL(speed[2]),      OF_MODEL(tau[1]),
    OF_MODEL(tau[2]),        OF_MODEL(stay_s[0]),     OF_MODEL(stay_s[1]),
    OF_MODEL(stay_s[2]),     OF_MODEL(homing),        OF_MODEL(still_to_drive),
    OF_MODEL(walk_to_drive), OF_MODEL(drive_to_walk), OF_MODEL(come_s),
    OF_MODEL(settle_s),      OF_MODEL(lean),          OF_MODEL(error_wild_s),
};

static void settle(void)
{
    if (filter.breach > 0)
        return;
    filter = shipped;
    filter.model = belief_usual;
}

void filter_set(const char *text)
{
    const char *value = strchr(text, '=');
    size_t n = value == NULL ? 0 : (size_t)(value - text);

    settle();
    for (size_t i = 0; n > 0 && i < sizeof keys / sizeof *keys; i++) {
        if (strncmp(keys[i].name, text, n) == 0 && keys[i].name[n] == '\0') {
            *(double *)(void *)((char *)&filter + keys[i].offset) = strtod(value + 1, NULL);
            return;
        }
    }
    errx(2, "--model %s: no such number", text);
}

struct hearing {
    const struct site *site;
    struct belief_zone zone;
    struct belief belief;
    struct belief_step step;
    enum { NOTHING, POSSIBLE, BREACH } phase;
    struct sayings *out;
};

static double distance(const void *area, struct metres at, double horizon)
{
    const struct site *site = area;

    return zone_distance(site->who->exclusions[0]->zone, site_lonlat(site, at), horizon);
}

static void say(struct hearing *hearing, enum word word, const struct fix *fix, size_t nth)
{
    sayings_add(hearing->out,
                &(struct saying){ .word = word, .at = fix->arrival, .about = fix->t, .fix = nth });
}

/* Whether it looks as if he is inside, or was since the fix before. */
static bool looks_possible(const struct hearing *hearing, double inside)
{
    return inside >= filter.possible ||
           belief_way(&filter.model, &hearing->belief, &hearing->step, &hearing->zone) >=
               filter.way ||
           belief_way_before(&filter.model, &hearing->belief, &hearing->step, &hearing->zone) >=
               filter.before;
}

static void decide_by(struct hearing *hearing, const struct fix *fix, size_t nth)
{
    struct belief_view view =
        belief_evaluate(&filter.model, &hearing->belief, &hearing->step, &hearing->zone);
    bool mast = fix->seen.accuracy > BELIEF_MAST_M; // opens nothing

    if (hearing->phase < BREACH && view.proven >= filter.breach && !mast) {
        hearing->phase = BREACH;
        say(hearing, SAYS_BREACH, fix, nth);
    } else if (hearing->phase == NOTHING && !mast && looks_possible(hearing, view.inside)) {
        hearing->phase = POSSIBLE;
        say(hearing, SAYS_POSSIBLE, fix, nth);
    } else if (hearing->phase != NOTHING && view.inside <= filter.cleared) {
        hearing->phase = NOTHING;
        say(hearing, SAYS_CLEARED, fix, nth);
    }
}

/* Out of order: the belief of then is not kept, so the fix is told as past, by itself. */
static void hear_late(struct hearing *hearing, const struct belief_fix *heard,
                      const struct fix *fix, size_t nth)
{
    struct belief alone = { .n = 0 };
    struct belief_step step;

    if (hearing->phase == NOTHING && !(fix->seen.accuracy > BELIEF_MAST_M) &&
        belief_hear(&filter.model, &alone, heard, &step) &&
        belief_inside(&alone, &hearing->zone) >= likelier)
        say(hearing, SAYS_PAST, fix, nth);
}

void judge_belief(const struct site *site, const struct run *run, struct sayings *out)
{
    struct hearing hearing = { .site = site,
                               .zone = { distance, site,
                                         site->area.n == 0 ? site->area.radius : NAN },
                               .out = out };

    settle();
    for (size_t i = 0; i < run->n; i++) {
        const struct fix *fix = &run->fixes[i];
        struct belief_fix heard = { { llround(fix->t * 1000) + 1 },
                                    fix->seen.at,
                                    fix->seen.accuracy };

        if (fix->seen.null || fix->seen.lost || fix->seen.accuracy > PING_ACCURACY_MAX)
            continue;
        if (!belief_hear(&filter.model, &hearing.belief, &heard, &hearing.step)) {
            if (heard.when.ms < hearing.belief.when.ms)
                hear_late(&hearing, &heard, fix, i);
            continue;
        }
        if (hearing.belief.frozen > 0)
            continue;
        decide_by(&hearing, fix, i);
    }
}
