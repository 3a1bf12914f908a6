/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frozen.h - a device that tells one place again and again, to the last bit, under new times: no
 * receiver measures the same twice, so a fix of before was kept, and nobody knows where it is.
 * Phones do it (a cached place with the time of now), and so does who leaves the app at home.
 */
#ifndef CORE_FROZEN_H
#define CORE_FROZEN_H

#include "core/track.h"

/*
 * So many in a row, over so long by our clock, are no fix any more. Of 26,147 fixes of phones that
 * lay still four runs in 122 over five minutes had ten, and the longest 23 (tracks-mobilitynet).
 * Nearly the same is no sign: of the same fixes, 537 in 15 of 36 recordings ended ten pings and
 * ten minutes within a metre of one place, which is what a liar's metre of noise looks like.
 */
enum { FROZEN_PINGS = 10, FROZEN_MS = 10 * 60 * 1000 };

/* A ping of the present, with a place: counts it. Whether that place is frozen. */
bool frozen_hear(struct known_device *device, struct lonlat at, struct utc now);

#endif
