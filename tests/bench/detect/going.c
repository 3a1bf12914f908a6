/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/going.h"

#include "detect/integrity.h"

/* Multiples of 180, as in sim.c, over the share of a full run. */
static const struct {
    enum behaviour behaviour;
    size_t runs;
} some[] = { { STAY_LONG, 1440 }, { STAY_SHORT, 1440 }, { WALK_THROUGH, 720 }, { PASS_BY, 1440 } };

const char *going_name(enum going going)
{
    static const char *const names[GOINGS] = { "as at rest", "2.3 times, and told",
                                               "2.3 times, untold" };

    return names[going];
}

static void one(struct sim *sim, enum going going, bool rivals, struct goings *out)
{
    struct results results = { 0 };

    sim->moving = going == GOING_AS_AT_REST ? 1 : GOING_TIMES;
    sim->moving_reported = going == GOING_REPORTED;
    sim->stanford = (struct stanford){ 0 };
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        sim_some(sim, some[i].behaviour, some[i].runs / sim->share, rivals, &results);
    for (enum judge judge = OURS; judge < JUDGES; judge++)
        tally_of(&results, judge, &out->tallies[going][judge]);
    for (enum sky sky = 0; sky < SKIES; sky++)
        integrity_add(&out->integrity[going], &sim->stanford.of[CLAIM_RIGHT][sky]);
    results_fini(&results);
}

void going_run(struct sim *sim, bool rivals, struct goings *out)
{
    static struct stanford kept;

    *out = (struct goings){ 0 };
    kept = sim->stanford;
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        out->runs += some[i].runs / sim->share;
    for (enum going going = 0; going < GOINGS; going++)
        one(sim, going, rivals, out);
    sim->stanford = kept;
    sim->moving = 1;
    sim->moving_reported = false;
}

/* breachd decides by BELIEF, whose own thresholds are no rival. */
static void stays_rows(FILE *out, const struct goings *goings, enum going going,
                       enum tally_stay stay)
{
    for (enum judge judge = OURS; judge < JUDGES; judge++) {
        if (judge != BELIEF)
            integrity_stays_row(out, stay, going_name(going), judge_name(judge),
                                &goings->tallies[going][judge].stays[stay]);
    }
}

static void days_rows(FILE *out, const struct goings *goings, enum going going, enum tally_day day)
{
    for (enum judge judge = OURS; judge < JUDGES; judge++) {
        if (judge != BELIEF)
            integrity_days_row(out, day, going_name(going), judge_name(judge),
                               &goings->tallies[going][judge].days[day]);
    }
}

void going_report(FILE *out, const struct goings *goings)
{
    fprintf(out,
            "### Receivers that err more in motion\n\n"
            "The same %zu visits, dashes, walks through and passers-by three times: with the "
            "error that the receiver has at rest; with %.1f times it while he goes faster than "
            "0.3 m/s, and an accuracy that says so; and with an accuracy that stays as at rest. "
            "Collars' errors were 4.6 m at rest and 10.8 m in motion. Who stays errs in motion "
            "on his way in and out.\n\n",
            goings->runs, GOING_TIMES);
    integrity_stays_head(out, "error in motion");
    for (enum tally_stay stay = STAYS_RIGHT; stay <= STAYS_FINE; stay++) {
        for (enum going going = 0; going < GOINGS; going++)
            stays_rows(out, goings, going, stay);
    }
    integrity_days_head(out, "error in motion");
    for (enum tally_day day = DAYS_PASS; day <= DAYS_VISIT; day++) {
        for (enum going going = 0; day != DAYS_FAR && going < GOINGS; going++)
            days_rows(out, goings, going, day);
    }
    integrity_shares_head(out, "error in motion");
    for (enum going going = 0; going < GOINGS; going++)
        integrity_shares_row(out, "right at rest", going_name(going), &goings->integrity[going]);
    fprintf(out, "\n");
}
