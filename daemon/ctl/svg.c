/* SPDX-License-Identifier: Apache-2.0 */
/* svg.c - an incident as a drawing: how it lies on its sheet, and what is drawn in which order. */
#include "adapter/text.h"
#include "ctl/line.h"
#include "ctl/respondent_replay.h"
#include "ctl/svg_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FAR_M = 20000, AROUND_M = 20, PAD = 48 /* of the map, in which only labels stand */ };

struct metres svg_place(const struct sheet *sheet, struct lonlat at)
{
    struct metres here = plane_project(&sheet->plane, at);

    return (struct metres){ sheet->frame.left + (here.x - sheet->west) * sheet->scale,
                            sheet->frame.top + (sheet->north - here.y) * sheet->scale };
}

static bool is_class(const struct history_ping *one, enum arrival class)
{
    return one->class != NULL && strcmp(one->class, arrival_name(class)) == 0;
}

enum svg_ping svg_ping_is(const struct sheet *sheet, const struct history_ping *one)
{
    struct metres here = plane_project(&sheet->plane, one->ping.at);

    // A ping from another county would make the rest a dot.
    if (!ping_has_place(&one->ping) || fabs(here.x) >= FAR_M || fabs(here.y) >= FAR_M)
        return SVG_UNSEEN;
    if (is_class(one, ARRIVED_LATE) || is_class(one, ARRIVED_IMPLAUSIBLE) ||
        is_class(one, ARRIVED_NO_FIX))
        return SVG_DOUBTED;
    return is_class(one, ARRIVED_AGAIN) ? SVG_AGAIN : SVG_WAY;
}

void svg_text(FILE *out, const char *text)
{
    char shown[SVG_TEXT_MAX];

    text_escape(text, strlen(text), shown, sizeof shown);
    for (const char *at = shown; *at != '\0'; at++) {
        if (strchr("<>&\"'", *at) != NULL)
            fprintf(out, "&#%d;", *at);
        else
            fputc(*at, out);
    }
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

/* The zone and the way: a wide ring around would make them a dot, and so would a leap. */
static bool lay_out(struct sheet *sheet, struct fault *why)
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

/* ---- the whole ---- */

/* Colours of the page by day; each is 4.5 to 1 or better on white. */
static const char style[] =
    "<style>text{font:12px sans-serif;fill:#0b0c0c;paint-order:stroke;stroke:#fff;stroke-width:3px;"
    "stroke-linejoin:round}.title{font:bold 18px "
    "sans-serif}.grid{stroke:#d4dadf}.zone{fill:#b3102a;"
    "fill-opacity:.15;stroke:#b3102a;stroke-width:2;fill-rule:evenodd}.ring{fill:none;"
    "stroke:#b3102a;stroke-width:1.5;stroke-dasharray:10 8}.way{fill:none;stroke:#1d4ed8;"
    "stroke-width:2}.gap{stroke-dasharray:2 7}.arrow{fill:#1d4ed8}.accuracy{fill:#1d4ed8;"
    "fill-opacity:.08;stroke:#1d4ed8;stroke-opacity:.4}.ping{fill:#0b0c0c}.doubted{stroke:#0b0c0c;"
    "stroke-width:1.5;fill:none}.alert{stroke:#fff;stroke-width:1.5}.approach{fill:#6b5900}"
    ".possible,.retrospective{fill:#8f4100}.breach,.update{fill:#b3102a}.cleared{fill:#2b5a88}"
    ".other{fill:#0b0c0c}.leader{stroke:#444b52}.scale{stroke:#0b0c0c;stroke-width:2;fill:none}"
    ".north{fill:#0b0c0c}.frame{fill:none;stroke:#b1b8bf}</style>\n";

static void open_sheet(const struct sheet *sheet)
{
    const struct box *frame = &sheet->frame;
    const struct respondent_replay *replay = sheet->history->replay;
    char date[SVG_TIME_MAX];

    fprintf(sheet->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n"
            "<title>",
            SVG_WIDTH, SVG_HEAD + SVG_MAP + SVG_FOOT);
    svg_text(sheet->out, sheet->history->incident);
    fprintf(sheet->out,
            "</title>\n%s<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
            "<text class=\"title\" x=\"%d\" y=\"24\">%s",
            style, SVG_MARGIN, replay != NULL && replay->exercise ? "EXERCISE: " : "");
    svg_text(sheet->out, sheet->history->incident);
    fprintf(sheet->out, "</text>\n<text class=\"date\" x=\"%d\" y=\"44\">%s</text>\n", SVG_MARGIN,
            svg_date(sheet, date));
    fprintf(sheet->out,
            "<clipPath id=\"map\"><rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\"/>"
            "</clipPath>\n<g clip-path=\"url(#map)\">\n",
            frame->left, frame->top, frame->right - frame->left, frame->bottom - frame->top);
}

static void close_map(const struct sheet *sheet)
{
    const struct box *frame = &sheet->frame;

    fprintf(sheet->out,
            "</g>\n<rect class=\"frame\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\"/>\n",
            frame->left, frame->top, frame->right - frame->left, frame->bottom - frame->top);
}

bool svg_draw(FILE *out, const struct incident_history *history, struct fault *why)
{
    struct sheet sheet = { .out = out,
                           .history = history,
                           .frame = { SVG_MARGIN, SVG_HEAD, SVG_WIDTH - SVG_MARGIN,
                                      SVG_HEAD + SVG_MAP },
                           .least = { INFINITY, INFINITY },
                           .most = { -INFINITY, -INFINITY },
                           .taken = calloc(1, sizeof *sheet.taken) };
    bool ok = sheet.taken != NULL ? lay_out(&sheet, why) : fault_set(why, FAULT_MEMORY);

    if (ok) {
        open_sheet(&sheet);
        svg_ground(&sheet);
        svg_way(&sheet);
        svg_pings(&sheet);
        svg_moments(&sheet);
        svg_scale(&sheet);
        svg_labels(&sheet);
        close_map(&sheet);
        svg_legend(&sheet);
        fputs("</svg>\n", out);
    }
    free(sheet.taken);
    return ok;
}
