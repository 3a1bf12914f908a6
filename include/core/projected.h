/* SPDX-License-Identifier: Apache-2.0 */
/* projected.h - numbers that are metres of a map projection where degrees are wanted. */
#ifndef CORE_PROJECTED_H
#define CORE_PROJECTED_H

#include "core/fault.h"
#include "core/lonlat.h"

#define PROJECTED_GRID     "these are National Grid metres"
#define PROJECTED_MERCATOR "these are Web Mercator metres"
#define PROJECTED_OTHER    "these are metres of a map projection (Web Mercator, UTM?)"
#define PROJECTED_WANTED   "degrees of WGS84 are wanted"

/*
 * Whether the numbers can be degrees. Numbers over 1000 are metres: of the British National
 * Grid where all lie in its 700 by 1300 km, either way round, else of some other
 * projection: the ranges of Web Mercator and UTM overlap, so neither is told for sure. False
 * with that in *why, the numbers in its secret. What is merely off the map, or no number, is for
 * others to tell.
 */
bool projected_not(const struct lonlat_box *box, struct fault *why);

#endif
