/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oracle.h - one area, and GEOS's own word on it: nothing here is the daemon's. The
 * area lies in the flat frame of its centre; the text of its zone, for an order
 * file, is made from the same numbers.
 */
#ifndef LIVE_ORACLE_H
#define LIVE_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

#include "live/earth.h"

struct oracle;

/* A circle of `radius` metres. */
struct oracle *oracle_circle(struct place centre, double radius);
/* A polygon of `n` corners in metres around the centre, not closed; grown by `buffer` metres. */
struct oracle *oracle_polygon(struct place centre, const struct flat *corners, size_t n,
                              double buffer);
void oracle_destroy(struct oracle *oracle); /* NULL is fine */

/* The lines of the zone as an order file has them, without the [zone …] line. */
const char *oracle_lines(const struct oracle *oracle);

bool oracle_inside(const struct oracle *oracle, struct place place);
double oracle_to_edge(const struct oracle *oracle, struct place place); /* metres, never negative */

#endif
