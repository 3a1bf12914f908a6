/* SPDX-License-Identifier: Apache-2.0 */
/* svg_sheet.c - how an incident lies on its sheet, and what of it is on the map. */
#include "ctl/line.h"
#include "ctl/svg_parts.h"

#include <math.h>
#include <string.h>

enum { AROUND_M = 20, PAD = 48 /* of the map, in which only labels stand */ };

struct spot svg_place(const struct sheet *sheet, struct lonlat at)
{
    struct metres here = plane_project(&sheet->plane, at);

    return (struct spot){ sheet->frame.left + (here.x - sheet->west) * sheet->scale,
                          sheet->frame.top + (sheet->north - here.y) * sheet->scale };
}

static bool is_class(const struct history_ping *one, enum arrival class)
{
    return one->class != NULL && strcmp(one->class, arrival_name(class)) == 0;
}

/* Zones are metres or a hundred kilometres wide: it is measured from their edge. */
static bool is_far(const struct sheet *sheet, struct lonlat at)
{
    struct metres here = plane_project(&sheet->plane, at);

    return here.x <= sheet->near_least.x - SVG_FAR_M || here.x >= sheet->near_most.x + SVG_FAR_M ||
           here.y <= sheet->near_least.y - SVG_FAR_M || here.y >= sheet->near_most.y + SVG_FAR_M;
}

enum svg_ping svg_ping_is(const struct sheet *sheet, const struct history_ping *one)
{
    if (!ping_has_place(&one->ping))
        return SVG_UNSEEN;
    if (is_class(one, ARRIVED_LATE) || is_class(one, ARRIVED_IMPLAUSIBLE) ||
        is_class(one, ARRIVED_NO_FIX))
        return SVG_DOUBTED;
    if (is_far(sheet, one->ping.at))
        return SVG_UNSEEN;
    return is_class(one, ARRIVED_AGAIN) ? SVG_AGAIN : SVG_WAY;
}

/* ---- how it lies there ---- */

static void stretch(struct sheet *sheet, struct lonlat at, double by)
{
    struct metres here = plane_project(&sheet->plane, at);

    sheet->least.x = fmin(sheet->least.x, here.x - by);
    sheet->least.y = fmin(sheet->least.y, here.y - by);
    sheet->most.x = fmax(sheet->most.x, here.x + by);
    sheet->most.y = fmax(sheet->most.y, here.y + by);
}

static void stretch_over_ring(const struct zone_ring *ring, void *arg)
{
    for (size_t i = 0; i < ring->n; i++)
        stretch(arg, ring->corners[i], 0);
}

/* The first ping that says where it was; NULL: none. */
static const struct history_ping *first_place(const struct incident_history *history)
{
    for (size_t i = 0; i < history->n_pings; i++) {
        if (ping_has_place(&history->pings[i].ping))
            return &history->pings[i];
    }
    return NULL;
}

bool svg_lay_out(struct sheet *sheet, struct fault *why)
{
    const struct incident_history *history = sheet->history;
    const struct exclusion *exclusion = history->exclusion;
    double wide = SVG_WIDTH - 2 * SVG_MARGIN - 2 * PAD, high = SVG_MAP - 2 * PAD;

    if (exclusion != NULL) {
        struct lonlat_box box = zone_box(exclusion->zone);

        sheet->plane = plane_at(
            (struct lonlat){ (box.sw.lon + box.ne.lon) / 2, (box.sw.lat + box.ne.lat) / 2 });
        if (!zone_rings(exclusion->zone, stretch_over_ring, sheet))
            return fault_set(why, "the zone cannot be drawn");
    } else if (first_place(history) != NULL) {
        sheet->plane = plane_at(first_place(history)->ping.at);
        stretch(sheet, first_place(history)->ping.at, AROUND_M);
    } else {
        return fault_set(why, "nothing is left to draw: retention has taken the pings away");
    }
    sheet->near_least = sheet->least;
    sheet->near_most = sheet->most;
    for (size_t i = 0; i < history->n_pings; i++) {
        if (svg_ping_is(sheet, &history->pings[i]) == SVG_WAY)
            stretch(sheet, history->pings[i].ping.at, AROUND_M);
    }
    sheet->scale = fmin(wide / fmax(sheet->most.x - sheet->least.x, 1),
                        high / fmax(sheet->most.y - sheet->least.y, 1));
    sheet->west = (sheet->least.x + sheet->most.x) / 2 - (wide / 2 + PAD) / sheet->scale;
    sheet->north = (sheet->least.y + sheet->most.y) / 2 + (high / 2 + PAD) / sheet->scale;
    return true;
}

/* ---- what stands there ---- */

void svg_take(const struct sheet *sheet, struct box box)
{
    if (sheet->taken->n < SVG_BOXES_MAX)
        sheet->taken->of[sheet->taken->n++] = box;
}

const struct history_ping *svg_ping_of(const struct sheet *sheet, const json_t *event)
{
    const struct incident_history *history = sheet->history;
    struct utc time;

    if (!utc_parse(line_text(event, "data.ping.time"), &time))
        return NULL;
    for (size_t i = 0; i < history->n_pings; i++) {
        if (history->pings[i].ping.time.ms == time.ms &&
            svg_ping_is(sheet, &history->pings[i]) != SVG_UNSEEN)
            return &history->pings[i];
    }
    return NULL;
}

/* The longest that takes a fifth of the sheet at most. */
double svg_step(const struct sheet *sheet)
{
    static const double steps[] = { 5, 2, 1 };
    double most = SVG_WIDTH / 5.0 / sheet->scale, power = pow(10, floor(log10(most)));

    for (size_t i = 0; i < 3; i++) {
        if (steps[i] * power <= most)
            return steps[i] * power;
    }
    return power;
}
