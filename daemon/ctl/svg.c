/* SPDX-License-Identifier: Apache-2.0 */
/* svg.c - an incident as a drawing: what is drawn, in which order. */
#include "ctl/line.h"
#include "ctl/respondent_replay.h"
#include "ctl/svg_parts.h"

#include <math.h>
#include <stdlib.h>

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
    line_put_xml(sheet->out, sheet->history->incident);
    fprintf(sheet->out,
            "</title>\n%s<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
            "<text class=\"title\" x=\"%d\" y=\"24\">%s",
            style, SVG_MARGIN, replay != NULL && replay->exercise ? "EXERCISE: " : "");
    line_put_xml(sheet->out, sheet->history->incident);
    fprintf(sheet->out, "</text>\n<text class=\"date\" x=\"%d\" y=\"44\">", SVG_MARGIN);
    line_put_xml(sheet->out, svg_date(sheet, date));
    fprintf(
        sheet->out,
        "</text>\n<clipPath id=\"map\"><rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\"/>"
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
    bool ok = sheet.taken != NULL ? svg_lay_out(&sheet, why) : fault_set(why, FAULT_MEMORY);

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
