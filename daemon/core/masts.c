/* SPDX-License-Identifier: Apache-2.0 */
#include "core/masts.h"

#include "core/motion.h"

#include <math.h>

/* Whether who is where the one says can be where the other does. */
static bool agree(const struct position *before, const struct position *now)
{
    double sure = MASTS_SURE_RADII * (before->accuracy + now->accuracy);

    return now->time.ms - before->time.ms <= MASTS_GAP_MS &&
           motion_reaches(before, lonlat_distance(before->at, now->at) - sure, now->time);
}

void masts_hear(struct masts *masts, const struct position *now)
{
    if (masts->fixes == 0 || !agree(&masts->at, now))
        *masts = (struct masts){ .since = now->time };
    masts->fixes += masts->fixes < MASTS_ENOUGH;
    masts->at = *now;
}

void masts_let_go(struct masts *masts)
{
    // Those that were overruled begin no new row where they are.
    if (!masts->overruled)
        masts->fixes = 0;
}

void masts_overrule(struct masts *masts)
{
    masts->overruled = masts->fixes > 0;
}

bool masts_deny(const struct masts *masts, const struct position *now)
{
    double accuracy = masts->at.accuracy, away;

    if (masts->fixes < MASTS_ENOUGH || masts->overruled ||
        masts->at.time.ms - masts->since.ms < MASTS_MS)
        return false;
    away = lonlat_distance(masts->at.at, now->at);
    return away >= fmax(MASTS_FAR_M, MASTS_RADII * accuracy) &&
           !motion_reaches(&masts->at, away - MASTS_SURE_RADII * accuracy, now->time);
}
