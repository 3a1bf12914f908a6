/* SPDX-License-Identifier: Apache-2.0 */
#include "support/starve.h"

static _Thread_local struct {
    enum starve how;
    int nth, asked; // nth 0: nothing fails
    bool paused;
} starving;

void starve_begin(enum starve how, int nth)
{
    starving.how = how;
    starving.nth = nth;
    starving.asked = 0;
}

int starve_end(void)
{
    starving.nth = 0;
    return starving.asked;
}

void starve_pause(bool paused)
{
    starving.paused = paused;
}

static bool hits(bool other)
{
    if (starving.nth == 0 || starving.paused || other != (starving.how == STARVE_ONE_OTHER))
        return false;
    starving.asked++;
    return starving.how == STARVE_ALL_FROM_THERE ? starving.asked >= starving.nth
                                                 : starving.asked == starving.nth;
}

bool starve_allocation(void)
{
    return hits(false);
}

bool starve_other(void)
{
    return hits(true);
}
