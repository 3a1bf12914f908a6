/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook_crowded.c - how many zones of one respondent reach over one place. */
#include "core/plane.h"
#include "core/rulebook.h"

#include <math.h>
#include <stdlib.h>

/* The box of a zone with its ring. */
static struct lonlat_box ring_box(const struct exclusion *exclusion)
{
    struct lonlat_box box = zone_box(exclusion->zone);
    double far = fmax(fabs(box.sw.lat), fabs(box.ne.lat));
    struct plane plane = plane_at((struct lonlat){ box.sw.lon, far });
    double east = exclusion->warn / plane.east, north = exclusion->warn / plane.north;

    return (struct lonlat_box){ { box.sw.lon - east, box.sw.lat - north },
                                { box.ne.lon + east, box.ne.lat + north } };
}

static size_t count_over(const struct lonlat_box *boxes, size_t n, struct lonlat place)
{
    size_t over = 0;

    for (size_t i = 0; i < n; i++)
        over += lonlat_box_holds(&boxes[i], place);
    return over;
}

/*
 * Where most boxes lie one over the other, one of them begins in the west, and one, perhaps
 * another, in the south: it is enough to look there, and only where enough go through that side.
 */
static bool is_crowded_at(const struct lonlat_box *boxes, size_t n, size_t nth)
{
    const struct lonlat_box *of = &boxes[nth];
    size_t through = 0;

    for (size_t i = 0; i < n; i++)
        through += boxes[i].sw.lon <= of->sw.lon && boxes[i].ne.lon >= of->sw.lon &&
                   boxes[i].sw.lat <= of->ne.lat && boxes[i].ne.lat >= of->sw.lat;
    if (through <= ZONES_OVER_ONE_PLACE_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct lonlat place = { of->sw.lon, boxes[i].sw.lat };

        if (lonlat_box_holds(of, place) && lonlat_box_holds(&boxes[i], place) &&
            count_over(boxes, n, place) > ZONES_OVER_ONE_PLACE_MAX)
            return true;
    }
    return false;
}

bool rulebook_crowded(const struct rulebook *rulebook, size_t nth, struct fault *why)
{
    const struct respondent *who = rulebook_respondent(rulebook, nth);
    size_t n = who->n_exclusions > ZONES_OVER_ONE_PLACE_MAX ? who->n_exclusions : 0, at = 0;
    struct lonlat_box *boxes = n > 0 ? calloc(n, sizeof *boxes) : NULL;

    if (n > 0 && boxes == NULL)
        return !fault_set(why, "respondent %s: out of memory", who->id);
    for (size_t i = 0; i < n; i++)
        boxes[i] = ring_box(who->exclusions[i]);
    while (at < n && !is_crowded_at(boxes, n, at)) // RESPONDENT_ZONES_MAX
        at++;
    free(boxes);
    if (at < n)
        fault_set(why,
                  "respondent %s: more than %d zones reach over one place, with their rings: "
                  "at zone %s",
                  who->id, ZONES_OVER_ONE_PLACE_MAX, who->exclusions[at]->subject);
    return at < n;
}
