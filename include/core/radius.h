/* SPDX-License-Identifier: Apache-2.0 */
/*
 * radius.h - the radius of the circle that holds the truth so often: the same accuracy at another
 * percentile. Of a round Gaussian error with the sd s an axis the distance from the truth has the
 * Rayleigh distribution, P(r <= R) = 1 - exp(-R^2 / 2 s^2), so the radius at a percentile p is
 *
 *     R(p) = s sqrt(-2 ln(1 - p / 100))
 *
 * (F. van Diggelen, GPS Accuracy: Lies, Damn Lies, and Statistics, GPS World 9 (1998), January).
 * R(68) is 1.5096 s, R(95) 2.4477 s: 8 m at 95 % are 4.93 m at 68 %. What a receiver's errors have
 * beyond a Gaussian, slow drift and wild fixes, the model has for itself: belief.h.
 */
#ifndef CORE_RADIUS_H
#define CORE_RADIUS_H

/* At which every accuracy in breachd is, unless a name says otherwise. */
#define RADIUS_PERCENTILE 68.0

/* Per cent that a device may tell its accuracy at. */
#define RADIUS_PERCENTILE_LEAST 10.0
#define RADIUS_PERCENTILE_MOST  99.9

/*
 * Metres at 68 % of what was told at `percentile`, and back. A percentile of 0 is 68: at either the
 * very same bits come out. NaN, an accuracy that is not told, stays NaN.
 */
double radius_usual(double reported, double percentile);
double radius_reported(double usual, double percentile);

#endif
