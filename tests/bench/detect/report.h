/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - everything measured, as Markdown. */
#ifndef DETECT_REPORT_H
#define DETECT_REPORT_H

#include "detect/sim.h"
#include "detect/still.h"

#include <stdio.h>

struct findings {
    const struct sim *sim;
    const struct results *results;
    const struct stills *stills;
};

void report_bars(FILE *out, const struct findings *found);
void report_tables(FILE *out, const struct findings *found);

#endif
