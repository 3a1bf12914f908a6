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

struct wish {
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

static void set(struct wish *wish, const char *text)
{
    size_t n = strlen(wish->lines), length = strlen(text);

    if (n + length + 2 > sizeof wish->lines)
        errx(2, "--set: more than %d characters", LINES_MAX);
    memcpy(wish->lines + n, text, length);
    memcpy(wish->lines + n + length, "\n", 2);
}

static void sweep(struct wish *wish, const char *text)
{
    if (wish->n_sweeps == SWEEPS_MAX || strchr(text, '=') == NULL)
        errx(2, "--sweep %s: KEY=VALUE,VALUE… and at most %d of them", text, SWEEPS_MAX);
    wish->sweeps[wish->n_sweeps++] = text;
}

static double percentile(const char *text)
{
    double value = strtod(text, NULL);

    if (!(value >= RADIUS_PERCENTILE_LEAST && value <= RADIUS_PERCENTILE_MOST))
        errx(2, "%s: no percentile", text);
    return value;
}

static void take_option(struct wish *wish, int option)
{
    switch (option) {
    case 'q':
        wish->share = QUICK_SHARE;
        break;
    case 's':
        wish->seed = strtoull(optarg, NULL, 0);
        break;
    case 'o':
        wish->rivals = false;
        break;
    case 'b':
        wish->only_bars = true;
        break;
    case 'e':
        wish->engines = strtoul(optarg, NULL, 10);
        break;
    case 'n':
        wish->only_silences = true;
        break;
    case 'c':
        wish->only_approaches = true;
        break;
    case 'k':
        set(wish, optarg);
        break;
    case 'm':
        filter_set(optarg);
        break;
    case 'w':
        sweep(wish, optarg);
        break;
    case 'a':
        wish->before = optarg;
        break;
    case 'i':
        wish->fit = true;
        break;
    case 'd':
        wish->data = optarg;
        break;
    case 't':
        judge_percentiles.told = percentile(optarg);
        break;
    case 'p':
        judge_percentiles.said = percentile(optarg);
        break;
    case 'f':
        wish->out = optarg;
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
static void note_command(struct wish *wish, int argc, char **argv)
{
    FILE *out = fmemopen(wish->command, sizeof wish->command, "w");

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

static struct wish read_options(int argc, char **argv)
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
    struct wish wish = { .seed = 1, .share = 1, .rivals = true, .data = SHARED_DATA };
    int option;

    note_command(&wish, argc, argv);
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        take_option(&wish, option);
    return wish;
}

int main(int argc, char **argv)
{
    struct wish wish = read_options(argc, argv);
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

    if (wish.fit)
        return fit_report(stdout, wish.data) ? 0 : 1;
    if (wish.engines > 0) {
        sim_init(&sim, wish.seed, 1, wish.data);
        sim.detect = judge_detect(wish.lines);
        engines_report(stdout, &sim, wish.engines, wish.data);
        sim_fini(&sim);
        return 0;
    }
    if (wish.only_silences) {
        sim.detect = judge_detect(wish.lines);
        quiet_run(wish.data, &sim.detect, &quiets);
        quiet_report(stdout, &quiets);
        return 0;
    }
    sim_init(&sim, wish.seed, wish.share, wish.data);
    sim.detect = judge_detect(wish.lines);
    if (wish.only_approaches) {
        coming_run(&sim, wish.data, &results);
        still_run(wish.data, &sim.detect, false, &stills);
        coming_report(stdout, &results, &stills);
        results_fini(&results);
        sim_fini(&sim);
        return 0;
    }
    sim_all(&sim, wish.rivals, &results);
    travel_run(&sim, wish.data, wish.rivals, &results, &travel);
    stanford = sim.stanford;
    found = (struct findings){ .command = wish.command,
                               .seed = wish.seed,
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
                               .before = wish.before,
                               .sweeps = sweeps,
                               .n_sweeps = wish.n_sweeps };
    still_run(wish.data, &sim.detect, wish.rivals, &stills);
    dilution_run(wish.data, &sim.detect, &dilutions);
    quiet_run(wish.data, &sim.detect, &quiets);
    trips_run(wish.data, &sim.detect, wish.rivals, &trips);
    if (wish.only_bars) {
        report_bars(stdout, &found);
    } else {
        going_run(&sim, wish.rivals, &goings);
        for (size_t i = 0; i < wish.n_sweeps; i++)
            sweep_run(&sim, wish.sweeps[i], wish.lines, &sweeps[i]);
        ok = report_write(&found, wish.out);
    }
    if (!ok)
        warn("%s", wish.out ? wish.out : "stdout");
    results_fini(&results);
    sim_fini(&sim);
    return ok ? 0 : 1;
}
