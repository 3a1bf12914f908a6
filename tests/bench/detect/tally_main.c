/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally_main.c - the tally of this tree's engine, as text: detect_tally TITLE [SEED [SHARE
 * [DATA]]]. before.sh builds it in an older tree, so that RESULTS.md has the engine before on the
 * same visits.
 */
#include "detect/sim.h"
#include "detect/tally.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static struct sim sim;
    static struct tally tally;
    struct results results = { 0 };

    if (argc < 2)
        errx(2, "usage: detect_tally TITLE [SEED [SHARE [DATA]]]");
    sim_init(&sim, argc > 2 ? strtoull(argv[2], NULL, 10) : 1,
             argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1, argc > 4 ? argv[4] : SHARED_DATA);
    sim.detect = judge_detect("");
    sim_all(&sim, false, &results);
    tally_of(&results, OURS, &tally);
    results_fini(&results);
    sim_fini(&sim);
    return tally_save(&tally, argv[1], stdout) ? 0 : 1;
}
