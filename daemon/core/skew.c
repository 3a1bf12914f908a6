/* SPDX-License-Identifier: Apache-2.0 */
/*
 * skew.c - the rules by which our time is found, in the order they are tried. What happens to her:
 * a clock that is ahead makes each ping look late, one that is behind keeps an order out of force.
 *
 * 1. The kernel says that the wall is synchronised: it is right, at once, whatever we thought. A
 *    clock that is set by hand is not synchronised; only a time daemon says so.
 * 2. Else the time of most respondents heard lately, three at least, is right: that of our own
 *    count or the wall, whichever is nearer to them and within a minute, or else theirs.
 * 3. Else what kernel or respondents once stood for is counted on, and no wall moves it.
 * 4. Else the wall is believed, as somebody sets a clock because it was wrong: a step is followed,
 *    even to before what the ledger has lived through; that may have been written by a wrong clock.
 * 5. Else a wall before the ledger's last life is not believed: we count on from there, or from
 *    what we believed, until it has passed that. So a ledger that was written by a clock ahead is
 *    outlived in as much time.
 *
 * Never is a time before 2025 believed.
 *
 * A doubt is told, and pings that look old by our time are then of now:
 * 6. while nobody stands for it: by rule 5, after a step by rule 4, and when more respondents are
 *    steadily against it than for it (two who speak from the future suffice: that is no delay);
 * 7. when the kernel stands for it and most respondents, three at least, are against it, by more
 *    than pings may be on their way.
 * 8. It ends when somebody stands for our time, or after a quarter of an hour without a reason.
 */
#include "core/skew.h"

#include <stdlib.h>

struct utc skew_utc(const struct skew *skew, struct tick now)
{
    return (struct utc){ now.ms + skew->base };
}

void skew_set_floor(struct skew *skew, struct utc floor)
{
    *skew = (struct skew){ .floor = floor, .ballot = skew->ballot };
}

/* What the rules say. */
struct choice {
    int rule;
    int64_t base;
    enum skew_source source;
    enum skew_faith faith;
};

static bool close_to(int64_t a, int64_t b)
{
    return llabs(a - b) <= BALLOT_NEAR_MS;
}

/*
 * Rule 2. What began with the wall is as fine as the wall; the median is as coarse as its delays.
 */
static struct choice by_respondents(const struct skew *skew, int64_t wall, int64_t median)
{
    struct choice own = { 2, skew->base, skew->source, SKEW_AGREED };

    if (skew->set && skew->source == SKEW_OF_WALL && close_to(skew->base, median) &&
        llabs(skew->base - median) <= llabs(wall - median))
        return own;
    if (close_to(wall, median))
        return (struct choice){ 2, wall, SKEW_OF_WALL, SKEW_AGREED };
    if (skew->set && close_to(skew->base, median))
        return own;
    return (struct choice){ 2, median, SKEW_OF_PINGS, SKEW_AGREED };
}

static int64_t earliest(const struct skew *skew)
{
    return skew->floor.ms > BALLOT_EPOCH.ms ? skew->floor.ms : BALLOT_EPOCH.ms;
}

static struct choice choose(const struct skew *skew, const struct skew_wall *wall, bool stepped,
                            struct tick now)
{
    int64_t base = wall->time.ms - now.ms;
    bool early = wall->time.ms < BALLOT_EPOCH.ms;

    if (wall->synchronised && !early)
        return (struct choice){ 1, base, SKEW_OF_WALL, SKEW_KERNEL };
    if (ballot_won(&skew->tally))
        return by_respondents(skew, base, skew->tally.median);
    if (skew->faith != SKEW_UNPROVEN)
        return (struct choice){ 3, skew->base, skew->source, SKEW_COUNTED };
    if (stepped && !early)
        return (struct choice){ 4, base, SKEW_OF_WALL, SKEW_UNPROVEN };
    if (wall->time.ms + SKEW_STEP_MS > earliest(skew))
        return (struct choice){ 5, base, SKEW_OF_WALL, SKEW_UNPROVEN };
    return (struct choice){ 5, skew->set ? skew->base : earliest(skew) - now.ms, SKEW_OF_LEDGER,
                            SKEW_UNPROVEN };
}

/* Rule 6, what the respondents have to say. */
static bool disputed(const struct tally *tally)
{
    return tally->against + tally->ahead > tally->with && (tally->against > 0 || tally->ahead >= 2);
}

/* Rule 7: less is how long pings are on their way, and makes none late. */
static bool is_grave(int64_t apart)
{
    return apart < -SKEW_DELAY_MS || apart > BALLOT_AHEAD_MS;
}

static enum skew_doubt reason_to_doubt(const struct skew *skew, const struct choice *choice,
                                       bool moved)
{
    if (choice->rule == 1)
        return ballot_won(&skew->tally) && is_grave(skew->tally.median - choice->base)
                   ? SKEW_CONTRADICTED
                   : SKEW_SURE;
    if (choice->faith != SKEW_UNPROVEN)
        return SKEW_SURE;
    if (choice->source == SKEW_OF_LEDGER)
        return SKEW_BEFORE_LEDGER;
    if (moved)
        return SKEW_WAS_SET;
    return disputed(&skew->tally) ? SKEW_DISPUTED : SKEW_SURE;
}

/* True when a doubt began or ended. */
static bool doubt(struct skew *skew, enum skew_doubt reason, int rule, struct tick now)
{
    bool before = skew->doubt != SKEW_SURE && !skew->unreported;
    bool stood_for = skew->faith != SKEW_UNPROVEN && skew->doubt != SKEW_CONTRADICTED;

    skew->unreported = false;
    if (reason != SKEW_SURE) {
        skew->doubt = reason;
        skew->doubted = now;
    } else if (stood_for || rule == 2 || now.ms - skew->doubted.ms >= BALLOT_LATELY_MS) {
        skew->doubt = SKEW_SURE;
    }
    return before != (skew->doubt != SKEW_SURE);
}

/* Of the wall, while our time is another. */
static enum skew_what note_apart(struct skew *skew)
{
    int64_t before = skew->apart, apart = skew->wall - skew->base;

    // Followed while it is near: setting a clock right, and our drift, look like that.
    if (llabs(apart) < SKEW_STEP_MS) {
        skew->base = skew->wall;
        skew->source = SKEW_OF_WALL;
        skew->apart = 0;
        return before != 0 ? SKEW_CAME_BACK : SKEW_QUIET;
    }
    skew->apart = apart;
    // Small steps of a wall that is apart are no news.
    return before == 0 || llabs(apart - before) >= SKEW_STEP_MS ? SKEW_JUMPED : SKEW_QUIET;
}

/* How far the first look is from the ledger's last life, where that must give way. */
static int64_t moved_by(const struct skew *skew, const struct choice *choice, struct tick now)
{
    int64_t lived = earliest(skew) - now.ms;

    if (skew->set)
        return choice->base - skew->base;
    return choice->rule <= 2 && choice->base + SKEW_STEP_MS < lived ? choice->base - lived : 0;
}

struct skew_news skew_check(struct skew *skew, const struct skew_wall *wall, struct tick now)
{
    static const enum skew_what moves[] = { SKEW_QUIET,    SKEW_RIGHTED,  SKEW_OUTVOTED,
                                            SKEW_FOLLOWED, SKEW_FOLLOWED, SKEW_FOLLOWED };
    int64_t base = wall->time.ms - now.ms, by;
    bool stepped = skew->set && (wall->set || llabs(base - skew->wall) >= SKEW_STEP_MS);
    struct choice choice;
    enum skew_what what;
    bool moved, turned;

    skew->tally = ballot_count(&skew->ballot, skew->base, now);
    choice = choose(skew, wall, stepped, now);
    by = moved_by(skew, &choice, now);
    moved = llabs(by) >= SKEW_STEP_MS;
    if (choice.rule == 4)
        skew->floor.ms = 0;
    skew->set = true;
    skew->base = choice.base;
    skew->source = choice.source;
    skew->faith = choice.faith;
    skew->wall = base;
    skew->tally = ballot_count(&skew->ballot, skew->base, now);
    turned = doubt(skew, reason_to_doubt(skew, &choice, moved), choice.rule, now);
    what = note_apart(skew);
    if (moved)
        return (struct skew_news){ moves[choice.rule], by };
    if (turned && skew->doubt == SKEW_SURE)
        return (struct skew_news){ SKEW_SETTLED, skew->apart };
    if (turned)
        return (struct skew_news){ SKEW_DOUBTED, skew->doubt == SKEW_BEFORE_LEDGER
                                                     ? skew->apart
                                                     : skew->tally.median - skew->base };
    return (struct skew_news){ choice.faith != SKEW_UNPROVEN ? what : SKEW_QUIET, skew->apart };
}

void skew_hear(struct skew *skew, uint64_t respondent, struct utc said, struct tick now)
{
    struct tally tally;

    if (!ballot_hear(&skew->ballot, respondent, said, now))
        return; // nobody counts otherwise for it
    if (!skew->set || skew->faith != SKEW_UNPROVEN || skew->doubt != SKEW_SURE ||
        close_to(said.ms, skew_utc(skew, now).ms))
        return;
    // Not only at the next look: a thousand may be heard until then.
    tally = ballot_count(&skew->ballot, skew->base, now);
    if (!disputed(&tally))
        return;
    skew->doubt = SKEW_DISPUTED;
    skew->doubted = now;
    skew->unreported = true;
}

bool skew_doubts(const struct skew *skew, uint64_t respondent, struct tick now)
{
    return skew->doubt != SKEW_SURE ||
           (skew->faith == SKEW_UNPROVEN &&
            ballot_is_against(&skew->ballot, respondent, skew->base, now));
}
