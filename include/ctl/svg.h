/* SPDX-License-Identifier: Apache-2.0 */
/* svg.h - an incident as a drawing: the zone, the way, how sure each ping is, where alerts came. */
#ifndef CTL_SVG_H
#define CTL_SVG_H

#include "ctl/incident_history.h"

#include <stdio.h>

/*
 * North is up; a bar tells the scale. It shows the zone, so it is for whoever may see that. False
 * when the incident has neither a zone nor a ping, or the map gave no answer; `out` may then hold a
 * part of it.
 */
bool svg_draw(FILE *out, const struct incident_history *history, struct fault *why);

#endif
