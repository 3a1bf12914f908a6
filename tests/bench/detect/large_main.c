/* SPDX-License-Identifier: Apache-2.0 */
/*
 * large_main.c - what is seldom, of this tree's engine: detect_large WHO DATA SHARE HOURS LINES
 * SEED… before.sh builds it in an older tree. LINES are those of [detect] in breachd.conf; the
 * HOURS of standing beside are over all settings, in multiples of 900.
 */
#include "detect/large.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static struct sim sim;
    static struct large large;

    if (argc < 7)
        errx(2, "usage: detect_large WHO DATA SHARE HOURS LINES SEED...");
    for (int i = 6; i < argc; i++) {
        sim_init(&sim, strtoull(argv[i], NULL, 10), (unsigned)strtoul(argv[3], NULL, 10), argv[2]);
        sim.detect = judge_detect(argv[5]);
        large_add(&sim, strtoul(argv[4], NULL, 10), &large);
        sim_fini(&sim);
    }
    large_report(stdout, argv[1], &large);
    return ferror(stdout) || fflush(stdout) != 0;
}
