/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - how well breachd detects: detect [--quick] [--seed N] [--ours] [--bars]
 * [--set KEY=VALUE]… [--data FOLDER] prints RESULTS.md.
 */
#include "detect/report.h"

#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 4096, QUICK_SHARE = 36 };

struct wish {
    uint64_t seed;
    unsigned share;
    bool rivals, tables;
    const char *data;
    char lines[LINES_MAX]; // of [detect]
};

static void set(struct wish *wish, const char *text)
{
    size_t n = strlen(wish->lines), length = strlen(text);

    if (n + length + 2 > sizeof wish->lines)
        errx(2, "--set: more than %d characters", LINES_MAX);
    memcpy(wish->lines + n, text, length);
    memcpy(wish->lines + n + length, "\n", 2);
}

static struct wish read_options(int argc, char **argv)
{
    static const struct option options[] = { { "quick", no_argument, NULL, 'q' },
                                             { "seed", required_argument, NULL, 's' },
                                             { "ours", no_argument, NULL, 'o' },
                                             { "bars", no_argument, NULL, 'b' },
                                             { "set", required_argument, NULL, 'k' },
                                             { "data", required_argument, NULL, 'd' },
                                             { NULL, 0, NULL, 0 } };
    struct wish wish = {
        .seed = 1, .share = 1, .rivals = true, .tables = true, .data = SHARED_DATA
    };
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'q':
            wish.share = QUICK_SHARE;
            break;
        case 's':
            wish.seed = strtoull(optarg, NULL, 0);
            break;
        case 'o':
            wish.rivals = false;
            break;
        case 'b':
            wish.tables = false;
            break;
        case 'k':
            set(&wish, optarg);
            break;
        case 'd':
            wish.data = optarg;
            break;
        default:
            errx(2, "usage: detect [--quick] [--seed N] [--ours] [--bars] [--set KEY=VALUE]… "
                    "[--data FOLDER]");
        }
    }
    return wish;
}

int main(int argc, char **argv)
{
    struct wish wish = read_options(argc, argv);
    static struct sim sim;
    struct results results = { 0 };
    static struct stills stills;

    sim_init(&sim, wish.seed, wish.share, wish.data);
    sim.detect = judge_detect(wish.lines);
    sim_all(&sim, wish.rivals, &results);
    still_run(wish.data, &sim.detect, wish.rivals, &stills);
    printf("# How well breachd detects\n\n%zu runs, %zu pings, seed %llu\n\n", sim.runs, sim.pings,
           (unsigned long long)sim.seed);
    report_bars(stdout, &(struct findings){ &sim, &results, &stills });
    if (wish.tables)
        report_tables(stdout, &(struct findings){ &sim, &results, &stills });
    results_fini(&results);
    sim_fini(&sim);
    return ferror(stdout) ? 1 : 0;
}
