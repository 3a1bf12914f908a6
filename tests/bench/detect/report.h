/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - everything measured, as Markdown. */
#ifndef DETECT_REPORT_H
#define DETECT_REPORT_H

#include "detect/dilution.h"
#include "detect/going.h"
#include "detect/quiet.h"
#include "detect/sim.h"
#include "detect/still.h"
#include "detect/sweep.h"
#include "detect/travel.h"
#include "detect/trips.h"

#include <stdio.h>

struct findings {
    const char *command; /* that made it */
    uint64_t seed;
    size_t runs, pings;
    const struct sim *sim;
    const struct results *results;
    const struct stills *stills;
    const struct dilutions *dilutions;
    const struct quiets *quiets;
    const struct trips *trips;
    const struct travel *travel;
    const struct stanford *stanford;
    const struct goings *goings;
    const char *before; /* the tally of the engine before, or NULL */
    const struct sweep *sweeps;
    size_t n_sweeps;
};

/*
 * Writes RESULTS.md and an SVG a curve into `folder`; NULL: the Markdown to stdout, and no SVG.
 * False, with errno, when it cannot.
 */
bool report_write(const struct findings *found, const char *folder);

/* Its parts: definitions.c, tables.c, real.c. */
void report_definitions(FILE *out);
void report_tables(FILE *out, const struct findings *found);
void report_real(FILE *out, const struct findings *found);
void report_bars(FILE *out, const struct findings *found);

#endif
