/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - how well breachd detects: detect [--quick] [--seed N] [--ours] [--bars]
 * [--silences] [--approaches] [--set KEY=VALUE]… [--model KEY=VALUE]… [--sweep KEY=VALUE,VALUE…]…
 * [--data FOLDER] [--out FOLDER] [--before FILE] [--engines N] [--told PERCENT] [--said PERCENT]
 * [--fit].
 * Prints the report, or writes it into the folder as RESULTS.md with its SVGs. --ours leaves out
 * all rivals but the plain test, --bars all but the bars, --silences all but those of phones that
 * lay still, --approaches all but those; --engines prints the bars of both engines alone, with N
 * runs a kind; --before has the tally of the engine before, see tally.h. --fit fits the error
 * model's constants to recordings and prints that alone, see fit.h. Keys are those of [detect] in
 * breachd.conf; --model's those of filter.c. --told 95: devices tell breachd the circle of 95 %;
 * --said 95: its accuracy-percentile says so.
 */
#include "detect/coming.h"
#include "detect/engines.h"
#include "detect/filter.h"
#include "detect/fit.h"
#include "detect/report.h"

#include "core/radius.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 4096, COMMAND_MAX = 512, QUICK_SHARE = 36, SWEEPS_MAX = 8 };

struct choices {
    uint64_t seed;
    unsigned share;
    bool rivals, only_bars, only_silences, only_approaches;
    size_t engines; // runs a kind; 0: not asked for
    const char *data, *out, *before;
    bool fit;
    char lines[LINES_MAX]; // of [detect]
    const char *sweeps[SWEEPS_MAX];
    size_t n_sweeps;
    char command[COMMAND_MAX];
};

static void set(struct choices *choices, const char *text)
{
    size_t n = strlen(choices->lines), length = strlen(text);

    if (n + length + 2 > sizeof choices->lines)
        errx(2, "--set: more than %d characters", LINES_MAX);
    memcpy(choices->lines + n, text, length);
    memcpy(choices->lines + n + length, "\n", 2);
}

static void sweep(struct choices *choices, const char *text)
{
    if (choices->n_sweeps == SWEEPS_MAX || strchr(text, '=') == NULL)
        errx(2, "--sweep %s: KEY=VALUE,VALUE… and at most %d of them", text, SWEEPS_MAX);
    choices->sweeps[choices->n_sweeps++] = text;
}

static double percentile(const char *text)
{
    double value = strtod(text, NULL);

    if (!(value >= RADIUS_PERCENTILE_LEAST && value <= RADIUS_PERCENTILE_MOST))
        errx(2, "%s: no percentile", text);
    return value;
}

static void take_option(struct choices *choices, int option)
{
    switch (option) {
    case 'q':
        choices->share = QUICK_SHARE;
        break;
    case 's':
        choices->seed = strtoull(optarg, NULL, 0);
        break;
    case 'o':
        choices->rivals = false;
        break;
    case 'b':
        choices->only_bars = true;
        break;
    case 'e':
        choices->engines = strtoul(optarg, NULL, 10);
        break;
    case 'n':
        choices->only_silences = true;
        break;
    case 'c':
        choices->only_approaches = true;
        break;
    case 'k':
        set(choices, optarg);
        break;
    case 'm':
        filter_set(optarg);
        break;
    case 'w':
        sweep(choices, optarg);
        break;
    case 'a':
        choices->before = optarg;
        break;
    case 'i':
        choices->fit = true;
        break;
    case 'd':
        choices->data = optarg;
        break;
    case 't':
        judge_percentiles.reported = percentile(optarg);
        break;
    case 'p':
        judge_percentiles.said = percentile(optarg);
        break;
    case 'f':
        choices->out = optarg;
        break;
    default:
        errx(2, "usage: detect [--quick] [--seed N] [--ours] [--bars] [--silences] [--approaches] "
                "[--engines N] [--set KEY=VALUE]… [--model KEY=VALUE]… [--sweep KEY=VALUE,VALUE…]… "
                "[--told "
                "PERCENT] [--said PERCENT] [--data FOLDER] [--out FOLDER] [--before FILE] "
                "[--fit]");
    }
}

/* As a person would type it again, but for where the report goes and the engine before lies. */
static void note_command(struct choices *choices, int argc, char **argv)
{
    FILE *out = fmemopen(choices->command, sizeof choices->command, "w");

    if (out == NULL)
        err(1, "command");
    fprintf(out, "sh tests/bench/run.sh detect");
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--out") == 0 || strcmp(argv[i], "--before") == 0)
            i++;
        else
            fprintf(out, strchr(argv[i], ' ') != NULL ? " '%s'" : " %s", argv[i]);
    }
    fclose(out);
}

static struct choices read_options(int argc, char **argv)
{
    static const struct option options[] = { { "model", required_argument, NULL, 'm' },
                                             { "quick", no_argument, NULL, 'q' },
                                             { "seed", required_argument, NULL, 's' },
                                             { "ours", no_argument, NULL, 'o' },
                                             { "bars", no_argument, NULL, 'b' },
                                             { "silences", no_argument, NULL, 'n' },
                                             { "engines", required_argument, NULL, 'e' },
                                             { "set", required_argument, NULL, 'k' },
                                             { "sweep", required_argument, NULL, 'w' },
                                             { "data", required_argument, NULL, 'd' },
                                             { "told", required_argument, NULL, 't' },
                                             { "said", required_argument, NULL, 'p' },
                                             { "out", required_argument, NULL, 'f' },
                                             { "before", required_argument, NULL, 'a' },
                                             { "fit", no_argument, NULL, 'i' },
                                             { "approaches", no_argument, NULL, 'c' },
                                             { NULL, 0, NULL, 0 } };
    struct choices choices = { .seed = 1, .share = 1, .rivals = true, .data = SHARED_DATA };
    int option;

    note_command(&choices, argc, argv);
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        take_option(&choices, option);
    return choices;
}

int main(int argc, char **argv)
{
    struct choices choices = read_options(argc, argv);
    static struct sim sim;
    static struct stills stills;
    static struct dilutions dilutions;
    struct travel travel;
    struct trips trips;
    struct quiets quiets;
    static struct stanford stanford;
    static struct goings goings;
    static struct sweep sweeps[SWEEPS_MAX];
    struct results results = { 0 };
    struct findings found;
    bool ok = true;

    if (choices.fit)
        return fit_report(stdout, choices.data) ? 0 : 1;
    if (choices.engines > 0) {
        sim_init(&sim, choices.seed, 1, choices.data);
        sim.detect = judge_detect(choices.lines);
        engines_report(stdout, &sim, choices.engines, choices.data);
        sim_fini(&sim);
        return 0;
    }
    if (choices.only_silences) {
        sim.detect = judge_detect(choices.lines);
        quiet_run(choices.data, &sim.detect, &quiets);
        quiet_report(stdout, &quiets);
        return 0;
    }
    sim_init(&sim, choices.seed, choices.share, choices.data);
    sim.detect = judge_detect(choices.lines);
    if (choices.only_approaches) {
        coming_run(&sim, choices.data, &results);
        still_run(choices.data, &sim.detect, false, &stills);
        coming_report(stdout, &results, &stills);
        results_fini(&results);
        sim_fini(&sim);
        return 0;
    }
    sim_all(&sim, choices.rivals, &results);
    travel_run(&sim, choices.data, choices.rivals, &results, &travel);
    stanford = sim.stanford;
    found = (struct findings){ .command = choices.command,
                               .seed = choices.seed,
                               .runs = sim.runs,
                               .pings = sim.pings,
                               .sim = &sim,
                               .results = &results,
                               .stills = &stills,
                               .dilutions = &dilutions,
                               .quiets = &quiets,
                               .trips = &trips,
                               .travel = &travel,
                               .stanford = &stanford,
                               .goings = &goings,
                               .before = choices.before,
                               .sweeps = sweeps,
                               .n_sweeps = choices.n_sweeps };
    still_run(choices.data, &sim.detect, choices.rivals, &stills);
    dilution_run(choices.data, &sim.detect, &dilutions);
    quiet_run(choices.data, &sim.detect, &quiets);
    trips_run(choices.data, &sim.detect, choices.rivals, &trips);
    if (choices.only_bars) {
        report_bars(stdout, &found);
    } else {
        going_run(&sim, choices.rivals, &goings);
        for (size_t i = 0; i < choices.n_sweeps; i++)
            sweep_run(&sim, choices.sweeps[i], choices.lines, &sweeps[i]);
        ok = report_write(&found, choices.out);
    }
    if (!ok)
        warn("%s", choices.out ? choices.out : "stdout");
    results_fini(&results);
    sim_fini(&sim);
    return ok ? 0 : 1;
}
