/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook_overlap.c - how many zones of one respondent reach over one place. */
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

/* Where boxes begin and end on one meridian. */
struct spans {
    size_t n;
    double *from, *to; // degrees of latitude
};

static int by_degrees(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;

    return (one > other) - (one < other);
}

/* Most of the spans that lie over one another; each has its end, so one rises with the other. */
static size_t most_over(struct spans *spans)
{
    size_t most = 0, ended = 0;

    qsort(spans->from, spans->n, sizeof *spans->from, by_degrees);
    qsort(spans->to, spans->n, sizeof *spans->to, by_degrees);
    for (size_t begun = 1; begun <= spans->n; begun++) {
        // Those that end before the next begins: each once.
        while (spans->to[ended] < spans->from[begun - 1])
            ended++;
        most = begun - ended > most ? begun - ended : most;
    }
    return most;
}

/*
 * Where most boxes lie one over the other, one of them begins in the west: it is enough to look
 * along that side, from south to north.
 */
static bool is_over_limit_at(const struct lonlat_box *boxes, size_t n, size_t nth, size_t most,
                             struct spans *spans)
{
    const struct lonlat_box *of = &boxes[nth];

    spans->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(boxes[i].sw.lon <= of->sw.lon && boxes[i].ne.lon >= of->sw.lon &&
              boxes[i].sw.lat <= of->ne.lat && boxes[i].ne.lat >= of->sw.lat))
            continue;
        spans->from[spans->n] = fmax(boxes[i].sw.lat, of->sw.lat);
        spans->to[spans->n++] = boxes[i].ne.lat;
    }
    return spans->n > most && most_over(spans) > most;
}

/* The first zone at which more than `most` lie over one place; n: none. */
static size_t first_over_limit(const struct respondent *who, size_t most, struct lonlat_box *boxes,
                               struct spans *spans)
{
    size_t n = who->n_exclusions, at = 0;

    for (size_t i = 0; i < n; i++)
        boxes[i] = ring_box(who->exclusions[i]);
    while (at < n && !is_over_limit_at(boxes, n, at, most, spans)) // RESPONDENT_ZONES_MAX
        at++;
    return at;
}

size_t rulebook_zones_over_one_place(size_t devices)
{
    return ZONES_OVER_ONE_PLACE_MAX / (devices > 0 ? devices : 1);
}

bool rulebook_overlap(const struct rulebook *rulebook, size_t nth, struct fault *why)
{
    const struct respondent *who = rulebook_respondent(rulebook, nth);
    size_t n = who->n_exclusions, most = rulebook_zones_over_one_place(who->n_devices), at;
    struct spans spans = { 0 };
    struct lonlat_box *boxes;

    if (n <= ZONES_ALWAYS_ASKED || n <= most)
        return false;
    boxes = calloc(n, sizeof *boxes);
    spans.from = calloc(n, sizeof *spans.from);
    spans.to = calloc(n, sizeof *spans.to);
    if (boxes == NULL || spans.from == NULL || spans.to == NULL) {
        fault_set(why, "respondent %s: out of memory", who->id);
        at = 0;
    } else if ((at = first_over_limit(who, most, boxes, &spans)) < n) {
        fault_set(why,
                  "respondent %s: more than %zu zones reach over one place, with their rings: "
                  "at zone %s",
                  who->id, most, who->exclusions[at]->subject);
    }
    free(boxes);
    free(spans.from);
    free(spans.to);
    return at < n;
}
