/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/stanford.h"

#include "detect/integrity.h"

#include <math.h>

/* Metres from the edge; between two lies a column. Of what is beyond the ends nothing is shown. */
static const double edges[STANFORD_FAR + 1] = { -200, -150, -100, -70, -50, -35, -25,
                                                -18,  -13,  -10,  -5,  0,   5,   10,
                                                15,   20,   30,   50,  70,  100, 200 };

/* Decades of odds of inside: a quarter each; the two at the ends have what is beyond. */
static const double lowest = -7, decade_part = 4;

static const double misled_at = 0.001, deep = 10; // probability of inside; metres

static const struct part {
    const char *name;
    double part;
} parts[] = { { "99.9 % of pings below", 0.999 },
              { "99 %", 0.99 },
              { "90 %", 0.9 },
              { "half", 0.5 },
              { "10 %", 0.1 },
              { "1 %", 0.01 },
              { "0.1 % of pings below", 0.001 } };

static int column_of(double distance)
{
    for (int i = 0; i < STANFORD_FAR; i++) {
        if (distance >= edges[i] && distance < edges[i + 1])
            return i;
    }
    return -1;
}

static int row_of(double inside)
{
    double decades = log10(inside / (1 - inside)); // infinite at the ends
    double row = floor((decades - lowest) * decade_part);

    return (int)fmin(fmax(row, 0), STANFORD_ODDS - 1);
}

/* The middle of a row, in decades. */
static double decades_of(int row)
{
    return lowest + (row + 0.5) / decade_part;
}

static void add_ping(struct stanford *stanford, struct integrity *of, enum claim claim,
                     double distance, double inside, bool runs[2])
{
    int column = column_of(distance);

    if (claim == CLAIM_RIGHT && column >= 0)
        stanford->cells[column][row_of(inside)]++;
    if (distance <= -deep) {
        bool misled = inside <= misled_at;

        of->deep++;
        of->misled += misled;
        of->passed += inside <= 0;
        runs[0] = true;
        runs[1] |= misled;
    } else if (distance >= deep) {
        of->outside++;
        of->accused += inside >= 1 - misled_at;
    }
}

void stanford_add(struct stanford *stanford, const struct setting *setting, const struct run *run,
                  const struct sayings *sayings)
{
    struct integrity *of = &stanford->of[setting->claim][setting->sky];
    bool runs[2] = { false, false };

    if (setting->behaviour == FAR_AWAY || setting->behaviour == STAY_BUFFERED)
        return;
    for (size_t i = 0; i < sayings->n_inside; i++) {
        if (!isnan(sayings->inside[i]) && !isnan(run->fixes[i].true_distance))
            add_ping(stanford, of, setting->claim, run->fixes[i].true_distance, sayings->inside[i],
                     runs);
    }
    of->deep_runs += runs[0];
    of->misled_runs += runs[1];
}

static size_t pings_of(const size_t column[STANFORD_ODDS])
{
    size_t sum = 0;

    for (int row = 0; row < STANFORD_ODDS; row++)
        sum += column[row];
    return sum;
}

/* The row below or at which `part` of the column's pings lie; NaN: it has none. */
static double quantile(const size_t column[STANFORD_ODDS], double part)
{
    size_t all = pings_of(column), sum = 0;
    int row = 0;

    if (all == 0)
        return NAN;
    while (row < STANFORD_ODDS - 1 && (double)(sum + column[row]) < part * (double)all)
        sum += column[row++];
    return decades_of(row);
}

void stanford_chart(const struct stanford *stanford, struct chart *out)
{
    *out = (struct chart){
        .file = "stanford",
        .title = "Claimed odds of inside, by the true place",
        .note = "Claimed is the probability of inside by which breachd decides, after each ping of "
                "the present; as odds, for what it believes is a mixture, which lies at no one "
                "distance. Decades of odds: 0 is even, -3 is outside at 99.9 %, 3 is inside at "
                "99.9 %; a "
                "column is of the pings truly between it and its neighbours; -6.9 also of pings so "
                "far off that the zone was not looked at. Misled is who lies left of -10 m and "
                "below -3; a false breach comes from right of 10 m and above 0.",
        .x = { "true metres from the edge, negative inside", false, -180, 160 },
        .y = { "decades of claimed odds of inside", false, -7.5, 7.5 },
        .digits = 2,
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct series *series = chart_add(out, parts[i].name);

        for (int column = 0; column < STANFORD_FAR; column++)
            series_add(series, (edges[column] + edges[column + 1]) / 2,
                       quantile(stanford->cells[column], parts[i].part), NULL);
    }
}

void integrity_add(struct integrity *sum, const struct integrity *one)
{
    sum->deep += one->deep;
    sum->misled += one->misled;
    sum->passed += one->passed;
    sum->outside += one->outside;
    sum->accused += one->accused;
    sum->deep_runs += one->deep_runs;
    sum->misled_runs += one->misled_runs;
}

static void shares(const struct stanford *stanford, FILE *out)
{
    integrity_shares_head(out, "sky");
    for (enum claim claim = 0; claim < CLAIMS; claim++) {
        struct integrity sum = { 0 };

        for (enum sky sky = 0; sky < SKIES; sky++) {
            integrity_shares_row(out, claim_name(claim), sky_name(sky), &stanford->of[claim][sky]);
            integrity_add(&sum, &stanford->of[claim][sky]);
        }
        integrity_shares_row(out, claim_name(claim), "all", &sum);
    }
    fprintf(out, "\n");
}

/* The cells, a decade of them as one. */
static void cells(const struct stanford *stanford, FILE *out)
{
    enum { TOGETHER = 4 };

    fprintf(out, "| true metres | pings |");
    for (int at = 0; at < STANFORD_ODDS; at += TOGETHER) {
        double from = lowest + at / decade_part;

        if (at == 0)
            fprintf(out, " below %.0f |", from + 1);
        else if (at + TOGETHER == STANFORD_ODDS)
            fprintf(out, " %.0f and more |", from);
        else
            fprintf(out, " %.0f to %.0f |", from, from + 1);
    }
    fprintf(out, "\n| --- | --- |");
    for (int at = 0; at < STANFORD_ODDS; at += TOGETHER)
        fprintf(out, " --- |");
    for (int column = 0; column < STANFORD_FAR; column++) {
        const size_t *of = stanford->cells[column];

        fprintf(out, "\n| %.0f to %.0f | %zu |", edges[column], edges[column + 1], pings_of(of));
        for (int at = 0; at < STANFORD_ODDS; at += TOGETHER)
            fprintf(out, " %zu |", of[at] + of[at + 1] + of[at + 2] + of[at + 3]);
    }
    fprintf(out, "\n\nPings by true distance and claimed decades of odds; "
                 "accuracy told right.\n\n");
}

void stanford_tables(const struct stanford *stanford, FILE *out)
{
    shares(stanford, out);
    cells(stanford, out);
}
