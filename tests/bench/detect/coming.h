/* SPDX-License-Identifier: Apache-2.0 */
/* coming.h - how soon, and how often in vain, breachd tells that somebody comes. */
#ifndef DETECT_COMING_H
#define DETECT_COMING_H

#include "detect/sim.h"
#include "detect/still.h"

#include <stdio.h>

/* A part of a full run: those who come, go by, stand and live beside; and the recorded tracks. */
void coming_run(struct sim *sim, const char *shared_data, struct results *out);

void coming_report(FILE *out, const struct results *results, const struct stills *stills);

#endif
