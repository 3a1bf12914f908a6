/* SPDX-License-Identifier: Apache-2.0 */
/* engines.h - breachd's engine and core/belief by its bars: detect --engines N. */
#ifndef DETECT_ENGINES_H
#define DETECT_ENGINES_H

#include "detect/sim.h"

#include <stdio.h>

/* Prints one table. `n` is how many runs each kind of visit has, in turn over all settings. */
void engines_report(FILE *out, struct sim *sim, size_t n, const char *shared_data);

#endif
