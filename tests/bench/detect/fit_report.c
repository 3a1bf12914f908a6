/* SPDX-License-Identifier: Apache-2.0 */
/* fit_report.c - what a fit says: the recordings, the constants a fold, and the gain held out. */
#include "detect/fit.h"
#include "detect/fit_truth.h"

#include <math.h>
#include <stdlib.h>

/* Where each shipped value is from; in the order of fit_constants. */
static const char *const origins[FIT_CONSTANTS] = {
    "an accuracy taken at its word; by truth below, not by this fit",
    "by hand, on the bench's curves, seeds 1 and 3",
    "by hand: that of the bench's receivers; only truth tells it",
    "the bench's false breaches, seed 5",
    "by hand, on the bench's curves",
    "by hand, on the bench's curves",
    "by hand, on the bench's curves",
    "by hand, on the bench's curves",
    "by hand, on the bench's curves",
    "by hand, on the bench's curves",
    "the bench's lone leaps, seed 5",
    "by hand, on the bench's curves",
    "by hand, on the bench's curves",
    "by hand, on the bench's curves",
    "the bench's large runs, seed 5",
};

static const char *const words =
    "A fix is foretold by the fixes before it: the logarithm of the density that core/belief gave "
    "it beforehand, in nat, 1/m2. The fit changes one constant after the other, up and down by "
    "factors of 2, 1.4 and 1.15, as long as the mean over all fixes grows. Each device in turn is "
    "left out with all of its recordings, the constants are fitted to the others, and the gain is "
    "counted on the one left out, against the shipped constants.\n\n"
    "Nothing that is shipped comes of this run, and not all of it should. Likelihood asks how well "
    "the next fix is foretold, not how far it is from the truth: phones smooth, so it calls an "
    "error that lasts the truth and takes accuracies for too modest (scale runs to its least, rho "
    "to its greatest); an alert needs the error against the truth, below. What leaps are worth "
    "(lost, moved, "
    "wild) is a price too: of a false alert against a missed one, and the bench asks for that. So "
    "each constant's origin stands in the table; speed, tau, stay_s and the jumps between modes "
    "are from an earlier fit of this kind to 18,492 fixes of mobilitynet, emission and geolife, "
    "with a walk kept at 2 m/s and 200 s; lean, come_s, settle_s and what is learnt of a device's "
    "own errors were chosen by hand on the bench's curves.\n\n";

static void recordings(FILE *out, const struct fit_set *set)
{
    fprintf(out, "| device | stretches | fixes heard | of a device that lay still | accuracy |\n"
                 "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < set->n; i++) {
        const struct fit_device *device = &set->devices[i];
        size_t still = 0;

        for (size_t k = 0; k < device->n; k++)
            still += device->fixes[k].still;
        fprintf(out, "| %s | %zu | %zu | %zu | %s |\n", device->name, device->stretches, device->n,
                still, isnan(device->fixes[0].heard.accuracy) ? "absent" : "told");
    }
    fprintf(out, "\n");
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* One search with each device left out, and one with all: models[set->n]. */
static void search(const struct fit_set *set, uint32_t which, struct belief_model *models)
{
    for (size_t i = 0; i < set->n; i++)
        models[i] = fit_search(set, i, which);
    models[set->n] = fit_search(set, FIT_NONE, which);
}

static void constants(FILE *out, const struct fit_set *set, uint32_t which,
                      const struct belief_model *models)
{
    double values[FIT_DEVICES_MAX];

    fprintf(out, "| constant | shipped | fitted to all | least of the folds | median | greatest | "
                 "the shipped value is from |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for (size_t c = 0; c < FIT_CONSTANTS; c++) {
        if ((which >> c & 1) == 0)
            continue;
        for (size_t i = 0; i < set->n; i++)
            values[i] = fit_value(&models[i], c);
        qsort(values, set->n, sizeof *values, ascending);
        fprintf(out, "| %s | %.3g | %.3g | %.3g | %.3g | %.3g | %s |\n", fit_constants[c].name,
                fit_value(&belief_usual, c), fit_value(&models[set->n], c), values[0],
                values[(set->n - 1) / 2], values[set->n - 1], origins[c]);
    }
    fprintf(out, "\n");
}

/* Nat a fix of a kind; NaN: there was none. */
static double gain_of(const struct fit_score *fitted, const struct fit_score *shipped, int still)
{
    return (fitted->sum[still] - shipped->sum[still]) / (double)shipped->n[still];
}

static void cell(FILE *out, double value)
{
    if (isnan(value))
        fprintf(out, " - |");
    else
        fprintf(out, " %.3f |", value);
}

static void held_out(FILE *out, const struct fit_set *set, const struct belief_model *models)
{
    double sum = 0, squares = 0, n = (double)set->n;
    size_t better = 0;

    fprintf(out, "| left out | fixes foretold | shipped, nat a fix | fitted to the others | gain | "
                 "in motion | at rest |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < set->n; i++) {
        struct fit_score shipped = fit_score(&belief_usual, &set->devices[i]);
        struct fit_score fitted = fit_score(&models[i], &set->devices[i]);
        double gain = fit_mean(&fitted) - fit_mean(&shipped);

        fprintf(out, "| %s | %zu |", set->devices[i].name, shipped.n[0] + shipped.n[1]);
        cell(out, fit_mean(&shipped));
        cell(out, fit_mean(&fitted));
        cell(out, gain);
        cell(out, gain_of(&fitted, &shipped, 0));
        cell(out, gain_of(&fitted, &shipped, 1));
        fprintf(out, "\n");
        sum += gain;
        squares += gain * gain;
        better += gain > 0;
    }
    fprintf(out,
            "\nOver the %zu devices the gain held out is %.3f nat a fix, sd %.3f; %zu are foretold "
            "better.\n\n",
            set->n, sum / n, sqrt(fmax(squares / n - sum / n * sum / n, 0)), better);
}

static void folds(FILE *out, const struct fit_set *set, const char *title, uint32_t which)
{
    static struct belief_model models[FIT_DEVICES_MAX + 1];

    search(set, which, models);
    fprintf(out, "## %s\n\n", title);
    constants(out, set, which, models);
    held_out(out, set, models);
}

bool fit_report(FILE *out, const char *shared_data)
{
    static struct fit_set set;

    fprintf(out, "# The error model's constants, beside recordings\n\n"
                 "Made by `sh tests/bench/run.sh fit`.\n\n");
    fit_read(shared_data, &set);
    if (set.n == 0) {
        fprintf(out, "skipped: no ../shared/data here\n");
        return fflush(out) == 0 && !ferror(out);
    }
    fputs(words, out);
    fprintf(out, "## The recordings\n\n");
    recordings(out, &set);
    folds(out, &set, "All constants of the error", fit_all);
    folds(out, &set, "Without those that only truth can tell: scale, floor and rho as shipped",
          fit_all & ~fit_of_truth);
    fit_fini(&set);
    fit_truth(out, shared_data);
    return fflush(out) == 0 && !ferror(out);
}
