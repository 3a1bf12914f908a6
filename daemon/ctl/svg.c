/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/svg.h"

#include "adapter/text.h"
#include "core/plane.h"
#include "ctl/line.h"
#include "ctl/respondent_replay.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 900, HEIGHT = 900, MARGIN = 60, FAR_M = 20000, TEXT_MAX = 512 };

/* From metres to the sheet: one scale for both directions. */
struct sheet {
    FILE *out;
    struct plane plane;
    double west, north; // metres, of the left upper corner
    double scale;       // to a metre
    struct metres least, most;
};

static void stretch(struct sheet *sheet, struct lonlat at, double by)
{
    struct metres here = plane_project(&sheet->plane, at);

    sheet->least.x = fmin(sheet->least.x, here.x - by);
    sheet->least.y = fmin(sheet->least.y, here.y - by);
    sheet->most.x = fmax(sheet->most.x, here.x + by);
    sheet->most.y = fmax(sheet->most.y, here.y + by);
}

static struct metres place(const struct sheet *sheet, struct lonlat at)
{
    struct metres here = plane_project(&sheet->plane, at);

    return (struct metres){ MARGIN + (here.x - sheet->west) * sheet->scale,
                            MARGIN + (sheet->north - here.y) * sheet->scale };
}

static void stretch_over_ring(const struct zone_ring *ring, void *arg)
{
    for (size_t i = 0; i < ring->n; i++)
        stretch(arg, ring->corners[i], 0);
}

/* A ping from another county would make the rest a dot. */
static bool is_shown(const struct sheet *sheet, const struct history_ping *one)
{
    struct metres here = plane_project(&sheet->plane, one->ping.at);

    return fabs(here.x) < FAR_M && fabs(here.y) < FAR_M;
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

static bool lay_out(struct sheet *sheet, const struct incident_history *history, struct fault *why)
{
    const struct exclusion *exclusion = history->exclusion;
    double side;

    if (exclusion != NULL) {
        struct lonlat_box box = zone_box(exclusion->zone);

        sheet->plane = plane_at(
            (struct lonlat){ (box.sw.lon + box.ne.lon) / 2, (box.sw.lat + box.ne.lat) / 2 });
        if (!zone_rings(exclusion->zone, stretch_over_ring, sheet))
            return fault_set(why, "the zone cannot be drawn");
    } else if (first_place(history) != NULL) {
        sheet->plane = plane_at(first_place(history)->ping.at);
    } else {
        return fault_set(why, "nothing is left to draw: retention has taken the pings away");
    }
    for (size_t i = 0; i < history->n_pings; i++) {
        if (is_shown(sheet, &history->pings[i]))
            stretch(sheet, history->pings[i].ping.at, 20);
    }
    side = fmax(sheet->most.x - sheet->least.x, sheet->most.y - sheet->least.y);
    sheet->scale = (WIDTH - 2 * MARGIN) / fmax(side, 1);
    sheet->west = (sheet->least.x + sheet->most.x - side) / 2;
    sheet->north = (sheet->least.y + sheet->most.y + side) / 2;
    return true;
}

/* ---- what is drawn ---- */

/* As on a terminal, and then as XML has it; what is longer than a line of the drawing is cut. */
static void put_text(FILE *out, const char *text)
{
    char shown[TEXT_MAX];

    text_escape(text, strlen(text), shown, sizeof shown);
    for (const char *at = shown; *at != '\0'; at++) {
        if (strchr("<>&\"'", *at) != NULL)
            fprintf(out, "&#%d;", *at);
        else
            fputc(*at, out);
    }
}

static void draw_ring(const struct zone_ring *ring, void *arg)
{
    const struct sheet *sheet = arg;

    for (size_t i = 0; i < ring->n; i++) {
        struct metres at = place(sheet, ring->corners[i]);

        fprintf(sheet->out, "%c%.1f %.1f", i == 0 ? 'M' : 'L', at.x, at.y);
    }
    fputs("Z ", sheet->out);
}

static void draw_way(const struct sheet *sheet, const struct incident_history *history)
{
    fputs("<polyline class=\"way\" points=\"", sheet->out);
    for (size_t i = 0; i < history->n_pings; i++) {
        struct metres at = place(sheet, history->pings[i].ping.at);

        if (is_shown(sheet, &history->pings[i]))
            fprintf(sheet->out, "%.1f,%.1f ", at.x, at.y);
    }
    fputs("\"/>\n", sheet->out);
}

/* A dot where it says it was, and a circle of its accuracy: 68 in 100 lie in such a circle. */
static void draw_pings(const struct sheet *sheet, const struct incident_history *history)
{
    char time[UTC_TEXT_MAX];

    for (size_t i = 0; i < history->n_pings; i++) {
        const struct history_ping *one = &history->pings[i];
        struct metres at = place(sheet, one->ping.at);

        if (!is_shown(sheet, one))
            continue;
        if (!isnan(one->accuracy))
            fprintf(sheet->out, "<circle class=\"accuracy\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n",
                    at.x, at.y, one->accuracy * sheet->scale);
        fprintf(sheet->out, "<circle class=\"ping\" cx=\"%.1f\" cy=\"%.1f\" r=\"2\"><title>%s",
                at.x, at.y, utc_print(one->ping.time, time));
        if (!isnan(one->distance))
            fprintf(sheet->out, ", %.0f m %s, probability %.3f", fabs(one->distance),
                    one->distance > 0 ? "outside" : "inside", one->probability);
        fputs("</title></circle>\n", sheet->out);
    }
}

/* The ping that an alert was told of; NULL: of none, or it is gone. */
static const struct history_ping *ping_of(const struct incident_history *history,
                                          const json_t *event)
{
    struct utc time;

    if (!utc_parse(line_text(event, "data.ping.time"), &time))
        return NULL;
    for (size_t i = 0; i < history->n_pings; i++) {
        if (history->pings[i].ping.time.ms == time.ms)
            return &history->pings[i];
    }
    return NULL;
}

/* The moment of each alert; those that only tell how it goes on are marked without words. */
static void draw_alerts(const struct sheet *sheet, const struct incident_history *history)
{
    for (size_t i = 0; i < history->n_words; i++) {
        const json_t *event = history->words[i].json;
        const struct history_ping *one =
            history->words[i].is_alert ? ping_of(history, event) : NULL;
        struct metres at;

        if (one == NULL || !is_shown(sheet, one))
            continue;
        at = place(sheet, one->ping.at);
        fprintf(sheet->out, "<circle class=\"alert ");
        put_text(sheet->out, line_text(event, "data.severity"));
        fprintf(sheet->out, "\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>\n", at.x, at.y);
        if (line_is(event, ALERT_UPDATE))
            continue;
        fprintf(sheet->out, "<text x=\"%.1f\" y=\"%.1f\">", at.x + 8, at.y + 4);
        put_text(sheet->out, line_type(event));
        fputc(' ', sheet->out);
        put_text(sheet->out, line_text(event, "time"));
        fputs("</text>\n", sheet->out);
    }
}

/* The longest of 1, 2, 5 times a power of ten that takes a quarter of the sheet at most. */
static void draw_scale(const struct sheet *sheet)
{
    static const double steps[] = { 5, 2, 1 };
    double most = WIDTH / 4.0 / sheet->scale, power = pow(10, floor(log10(most))), metres = power;

    for (int i = 2; i >= 0; i--) {
        if (steps[i] * power <= most)
            metres = steps[i] * power;
    }
    fprintf(sheet->out,
            "<path class=\"scale\" d=\"M%d %d h%.1f\"/>\n<text x=\"%d\" y=\"%d\">%g m</text>\n",
            MARGIN, HEIGHT - 20, metres * sheet->scale, MARGIN, HEIGHT - 28, metres);
}

static const char style[] =
    "<style>text{font:12px sans-serif}.zone{fill:#c00;fill-opacity:.12;stroke:#c00;"
    "fill-rule:evenodd}.way{fill:none;stroke:#246;stroke-width:1.2}.accuracy{fill:#246;"
    "fill-opacity:.06;stroke:#246;stroke-opacity:.25}.ping{fill:#246}.alert{fill:none;"
    "stroke-width:2}.critical{stroke:#c00}.high{stroke:#e60}.warning{stroke:#b90}"
    ".info{stroke:#666}.scale{stroke:#000;stroke-width:2}</style>\n";

bool svg_draw(FILE *out, const struct incident_history *history, struct fault *why)
{
    struct sheet sheet = { .out = out,
                           .least = { INFINITY, INFINITY },
                           .most = { -INFINITY, -INFINITY } };

    if (!lay_out(&sheet, history, why))
        return false;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n"
            "<title>",
            WIDTH, HEIGHT);
    put_text(out, history->incident);
    fprintf(out, "</title>\n%s<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", style, WIDTH,
            HEIGHT);
    if (history->exclusion != NULL) {
        fputs("<path class=\"zone\" d=\"", out);
        zone_rings(history->exclusion->zone, draw_ring, &sheet);
        fputs("\"/>\n", out);
    }
    draw_way(&sheet, history);
    draw_pings(&sheet, history);
    draw_alerts(&sheet, history);
    draw_scale(&sheet);
    fputs("</svg>\n", out);
    return true;
}
