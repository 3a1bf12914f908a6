/* SPDX-License-Identifier: Apache-2.0 */
/*
 * masts.h - coarse fixes in a row that say that a device is elsewhere than its newest position: as
 * of masts, or of a network's guess. One outweighs no good fix, and they are wrong by miles where
 * nothing is amiss. But who was told for a quarter of an hour to be far off, and is then told by a
 * good fix to be where nobody comes to from there, is not believed at once.
 */
#ifndef CORE_MASTS_H
#define CORE_MASTS_H

#include "core/track.h"

/*
 * So many over so long have a say, of places that one can go between, each no longer after the one
 * before than the gap: some tags send each half an hour. No mast is heard 35 km away (GSM's timing
 * advance), and what places it wrongly does so by a few; so they speak of nothing nearer than this,
 * or than ten of their radii of 68 %.
 */
enum { MASTS_ENOUGH = 5, MASTS_MS = 15 * 60 * 1000, MASTS_GAP_MS = 35 * 60 * 1000 };
#define MASTS_FAR_M 20000.0
#define MASTS_RADII 10.0

/* Radii of a mast's fix, of 68 %, in which who is told to be there surely is. */
#define MASTS_SURE_RADII 3.0

/* A coarse fix, of known accuracy, that is not where the newest position may be. */
void masts_hear(struct masts *masts, const struct position *now);

/* A position that is believed without them: the row is over. */
void masts_let_go(struct masts *masts);

/* A place is believed against them: these, as long as they go on there, have no say any more. */
void masts_overrule(struct masts *masts);

/* Whether nobody can be there who was where they say. */
bool masts_deny(const struct masts *masts, const struct position *now);

#endif
