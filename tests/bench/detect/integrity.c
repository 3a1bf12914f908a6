/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/integrity.h"

#include "detect/bound.h"

#include <math.h>

static const char *const words =
    "## Integrity\n\n"
    "Of the simulated runs, with Clopper and Pearson's 95 % bounds in brackets. *Missed* is a true "
    "stay that a ping saw 10 m deep and that was never told, or never as `breach`; a rival knows "
    "`breach` alone, and what it told counts as `possible` too. *False* is an alert that speaks "
    "of no time truly inside. False alerts come in clusters, as a receiver errs for minutes: so "
    "the bounds are of the runs with one or more, and a run is a device-day of those who live "
    "beside, a device-hour of those who stand beside or are far away, and minutes of the others. "
    "Time to alert is of those told at all. In brackets behind the semicolon: how many.\n\n";

/* In per cent, with the bounds, and how many: "5.00 (0.13 to 24.87; 1)". */
static void share(FILE *out, size_t k, size_t n, int digits)
{
    struct bound bound = bound_of(k, n);

    if (n == 0)
        fprintf(out, " - |");
    else
        fprintf(out, " %.*f (%.*f to %.*f; %zu) |", digits, 100 * (double)k / (double)n, digits,
                100 * bound.low, digits, 100 * bound.high, k);
}

static void seconds(FILE *out, const double s[2])
{
    if (isnan(s[0]))
        fprintf(out, " - |");
    else
        fprintf(out, " %.0f, %.0f |", s[0], s[1]);
}

static void head(FILE *out, const char *first, const char *second, const char *rest, int columns)
{
    fprintf(out, "| %s | %s%sjudge | %s |\n|", first, second, second[0] ? " | " : "", rest);
    for (int i = 0; i < columns + 2 + (second[0] ? 1 : 0); i++)
        fprintf(out, " --- |");
    fprintf(out, "\n");
}

static void names(FILE *out, const char *first, const char *second, const char *judge)
{
    fprintf(out, "| %s | %s%s%s |", first, second, second[0] ? " | " : "", judge);
}

void integrity_stays_head(FILE *out, const char *second)
{
    head(out, "true stays", second,
         "stays | missed `possible` % | missed `breach` % | to `possible` s p50, p95 | to "
         "`breach` s p50, p95",
         5);
}

void integrity_stays_row(FILE *out, enum tally_stay stay, const char *second, const char *judge,
                         const struct stay_tally *row)
{
    if (row->n == 0)
        return;
    names(out, tally_stays(stay), second, judge);
    fprintf(out, " %zu |", row->n);
    share(out, row->missed_possible, row->n, 2);
    share(out, row->missed_breach, row->n, 2);
    seconds(out, row->possible_s);
    seconds(out, row->breach_s);
    fprintf(out, "\n");
}

void integrity_days_head(FILE *out, const char *second)
{
    fprintf(out, "\n");
    head(out, "who", second,
         "device-days | runs | false `possible` a day | runs with one % | false `breach` a day | "
         "runs with one %",
         6);
}

void integrity_days_row(FILE *out, enum tally_day day, const char *second, const char *judge,
                        const struct day_tally *row)
{
    if (row->runs == 0)
        return;
    names(out, tally_days(day), second, judge);
    fprintf(out, " %.1f | %zu | %.2f |", row->days, row->runs, row->possibles / row->days);
    share(out, row->with_possible, row->runs, 2);
    fprintf(out, " %.2f |", row->breaches / row->days);
    share(out, row->with_breach, row->runs, 2);
    fprintf(out, "\n");
}

void integrity_shares_head(FILE *out, const char *second)
{
    fprintf(out,
            "\n| accuracy told | %s | pings 10 m inside or deeper | misled %% | of these, too far "
            "off to be looked at | runs with such pings | runs with one misled %% | pings 10 m "
            "outside or farther | inside claimed at 99.9 %% of these %% |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
            second);
}

void integrity_shares_row(FILE *out, const char *accuracy, const char *second,
                          const struct integrity *of)
{
    fprintf(out, "| %s | %s | %zu |", accuracy, second, of->deep);
    share(out, of->misled, of->deep, 4);
    fprintf(out, " %zu | %zu |", of->passed, of->deep_runs);
    share(out, of->misled_runs, of->deep_runs, 2);
    fprintf(out, " %zu |", of->outside);
    share(out, of->accused, of->outside, 4);
    fprintf(out, "\n");
}

/* All judges' tallies, and that of before. */
struct chapter {
    struct tally of[JUDGES + 1];
    const char *names[JUDGES + 1];
    char title[TALLY_TITLE_MAX];
    size_t n;
};

static void fill(struct chapter *chapter, const struct results *results, const char *before)
{
    for (enum judge judge = OURS; judge < JUDGES; judge++) {
        if (judge == BELIEF) // breachd decides by it
            continue;
        tally_of(results, judge, &chapter->of[chapter->n]);
        chapter->names[chapter->n++] = judge_name(judge);
        if (judge != OURS || before == NULL)
            continue;
        tally_load(before, chapter->title, &chapter->of[chapter->n]);
        chapter->names[chapter->n++] = "the engine before";
    }
}

void integrity_report(FILE *out, const struct results *results, const char *before)
{
    static struct chapter chapter;

    chapter.n = 0;
    fill(&chapter, results, before);
    fputs(words, out);
    if (before != NULL)
        fprintf(out, "*The engine before* is %s.\n\n", chapter.title);
    integrity_stays_head(out, "");
    for (enum tally_stay stay = 0; stay < TALLY_STAYS; stay++) {
        for (size_t i = 0; i < chapter.n; i++)
            integrity_stays_row(out, stay, "", chapter.names[i], &chapter.of[i].stays[stay]);
    }
    integrity_days_head(out, "");
    for (int day = 0; day < TALLY_DAYS; day++) {
        for (size_t i = 0; i < chapter.n; i++)
            integrity_days_row(out, (enum tally_day)day, "", chapter.names[i],
                               &chapter.of[i].days[day]);
    }
    fprintf(out, "\n");
}
