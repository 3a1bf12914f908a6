/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/score.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>

enum { PINGS_BEFORE = 3, FIXES_BEFORE = 16 };

#define SLACK_S 30.0 // seconds: an alert so early, or so late, is not false

#define PATIENCE_S 600.0 // an approach so long before is of this stay; so are pings after it

static const struct alerted never = { NAN, NAN, NAN };

bool stay_counts(enum behaviour behaviour, const struct stay *stay)
{
    if (behaviour == STAY_LONG || behaviour == STAY_SHORT || behaviour == STAY_BUFFERED)
        return stay->deep >= 30;
    return stay->depth >= TRUTH_DEEP_M;
}

/*
 * The instant of the third ping before the one that an alert is about, or half a minute before it:
 * the alert may speak of anything since then.
 */
static double since(const struct run *run, const struct saying *saying)
{
    double at = saying->about;
    size_t first = saying->fix > FIXES_BEFORE ? saying->fix - FIXES_BEFORE : 0;

    for (int i = 0; i < PINGS_BEFORE; i++) {
        double before = -INFINITY;

        for (size_t k = first; k <= saying->fix && k < run->n; k++) {
            if (run->fixes[k].t < at)
                before = fmax(before, run->fixes[k].t);
        }
        if (isinf(before))
            break;
        at = before;
    }
    return fmin(at, saying->about - SLACK_S);
}

static bool speaks_of(const struct run *run, const struct saying *saying, const struct stay *stay)
{
    return stay->enter <= saying->about + SLACK_S && stay->leave >= since(run, saying);
}

static bool is_true(const struct run *run, const struct saying *saying)
{
    for (size_t i = 0; i < run->truth.n; i++) {
        if (speaks_of(run, saying, &run->truth.stays[i]))
            return true;
    }
    return false;
}

/* Seconds of a span that were truly outside. */
static double outside_of(const struct truth *truth, double from, double until)
{
    double sum = fmax(until - from, 0);

    for (size_t i = 0; i < truth->n; i++)
        sum -= fmax(fmin(until, truth->stays[i].leave) - fmax(from, truth->stays[i].enter), 0);
    return sum;
}

/* Whether it warned of no stay: he was not inside then, and did not go in soon. */
static bool warns_of_none(const struct run *run, double alerted)
{
    for (size_t i = 0; i < run->truth.n; i++) {
        if (run->truth.stays[i].enter <= alerted + PATIENCE_S &&
            run->truth.stays[i].leave >= alerted - SLACK_S)
            return false;
    }
    return true;
}

static void count(const struct run *run, const struct sayings *sayings, struct result *result)
{
    double open_since = NAN;

    for (size_t i = 0; i < sayings->n; i++) {
        const struct saying *saying = &sayings->list[i];
        bool wrong = (saying->word == SAYS_POSSIBLE || saying->word == SAYS_BREACH ||
                      saying->word == SAYS_PAST) &&
                     !is_true(run, saying);
        bool opens = saying->word == SAYS_POSSIBLE || saying->word == SAYS_BREACH;

        result->approaches += saying->word == SAYS_APPROACH;
        result->false_approaches += saying->word == SAYS_APPROACH && warns_of_none(run, saying->at);
        result->possibles += saying->word == SAYS_POSSIBLE;
        result->breaches += saying->word == SAYS_BREACH;
        result->pasts += saying->word == SAYS_PAST;
        result->false_possibles += wrong && saying->word == SAYS_POSSIBLE;
        result->false_breaches += wrong && saying->word == SAYS_BREACH;
        result->false_pasts += wrong && saying->word == SAYS_PAST;
        if (opens && isnan(open_since))
            open_since = saying->at;
        if (saying->word == SAYS_CLEARED && !isnan(open_since)) {
            result->open_outside += outside_of(&run->truth, open_since, saying->at);
            open_since = NAN;
        }
    }
    if (!isnan(open_since))
        result->open_outside += outside_of(&run->truth, open_since, run->end);
}

/* What the words so far amount to, for one stay. */
struct scorer {
    const struct run *run;
    const struct stay *stay;
    size_t first, first_deep; // ping inside, 10 m deep; SIZE_MAX: none
    bool open;                // an incident at least `possible`
    struct sample *sample;
};

/* Fills what the pings show of the stay. */
static void check_pings(struct scorer *scorer)
{
    const struct run *run = scorer->run;
    const struct stay *stay = scorer->stay;
    struct sample *sample = scorer->sample;
    size_t inside = 0;

    scorer->first = scorer->first_deep = SIZE_MAX;
    for (size_t i = 0; i < run->n && run->fixes[i].arrival < stay->leave + PATIENCE_S; i++) {
        const struct fix *fix = &run->fixes[i];

        if (fix->t < stay->enter || fix->t > stay->leave)
            continue;
        if (scorer->first == SIZE_MAX)
            scorer->first = i;
        if (scorer->first_deep == SIZE_MAX && fix->true_distance <= -TRUTH_DEEP_M)
            scorer->first_deep = i;
        if (inside++ < 4)
            sample->accuracy =
                isnan(fix->seen.accuracy) ? NAN : fmax(sample->accuracy, fix->seen.accuracy);
    }
    sample->coverage = scorer->first_deep != SIZE_MAX ? SEEN_DEEP
                       : scorer->first != SIZE_MAX    ? SEEN_SHALLOW
                                                      : UNSEEN;
}

/* 0: that very ping, or before it. */
static double pings_after(size_t first, const struct saying *saying)
{
    if (first == SIZE_MAX)
        return NAN;
    return saying->fix > first ? (double)(saying->fix - first) : 0;
}

/* Once told is told; what was told before he stepped in and still stands has no delay. */
static void tell(const struct scorer *scorer, const struct saying *saying, struct alerted *alerted)
{
    if (isnan(alerted->s))
        *alerted = (struct alerted){ fmax(saying->at - scorer->stay->enter, 0),
                                     pings_after(scorer->first, saying),
                                     pings_after(scorer->first_deep, saying) };
}

static void hear_cleared(struct scorer *scorer, const struct saying *saying)
{
    struct sample *sample = scorer->sample;

    if (saying->about < scorer->stay->enter)
        sample->possible = sample->breach = sample->past = never;
    else if (scorer->open && isnan(sample->cleared_s) && saying->at >= scorer->stay->leave)
        sample->cleared_s = saying->at - scorer->stay->leave;
    scorer->open = false;
}

static void hear(struct scorer *scorer, const struct saying *saying)
{
    struct sample *sample = scorer->sample;
    bool before = saying->about < scorer->stay->enter;
    bool opens = saying->word == SAYS_POSSIBLE || saying->word == SAYS_BREACH;
    double lead = scorer->stay->enter - saying->at;

    if (saying->word == SAYS_CLEARED)
        hear_cleared(scorer, saying);
    if (saying->word == SAYS_APPROACH && lead > 0 && lead <= PATIENCE_S && isnan(sample->warned_s))
        sample->warned_s = lead;
    if ((!opens && (saying->word != SAYS_PAST || before)) ||
        (!before && !speaks_of(scorer->run, saying, scorer->stay)))
        return;
    scorer->open |= opens;
    tell(scorer, saying, &sample->possible);
    if (saying->word == SAYS_BREACH)
        tell(scorer, saying, &sample->breach);
    if (saying->word == SAYS_PAST && saying->high)
        tell(scorer, saying, &sample->past);
}

static void measure(const struct run *run, const struct sayings *sayings, const struct stay *stay,
                    struct sample *sample)
{
    struct scorer scorer = { .run = run, .stay = stay, .sample = sample };

    check_pings(&scorer);
    sample->possible = sample->breach = sample->past = never;
    sample->cleared_s = sample->warned_s = NAN;
    for (size_t i = 0; i < sayings->n; i++)
        hear(&scorer, &sayings->list[i]);
}

static void *grown(void *list, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return list;
    *room = *room == 0 ? 1024 : 2 * *room;
    list = reallocarray(list, *room, size);
    if (list == NULL)
        err(1, "results");
    return list;
}

void score_run(const struct setting *setting, enum judge judge, const struct run *run,
               const struct sayings *sayings, struct results *out)
{
    struct result *result;

    out->list = grown(out->list, out->n, &out->room, sizeof *out->list);
    result = &out->list[out->n++];
    *result = (struct result){ .setting = *setting,
                               .judge = judge,
                               .alerts = (unsigned)sayings->n,
                               .outside = run->truth.outside };
    count(run, sayings, result);
    for (size_t i = 0; i < run->truth.n; i++) {
        const struct stay *stay = &run->truth.stays[i];
        struct sample *sample;

        if (!stay_counts(setting->behaviour, stay))
            continue;
        result->stays++;
        out->samples = grown(out->samples, out->n_samples, &out->sample_room, sizeof *sample);
        sample = &out->samples[out->n_samples++];
        *sample = (struct sample){ .setting = *setting, .judge = judge, .depth = stay->depth };
        measure(run, sayings, stay, sample);
    }
}

void results_fini(struct results *results)
{
    free(results->list);
    free(results->samples);
    *results = (struct results){ 0 };
}
