/* SPDX-License-Identifier: Apache-2.0 */
/* svg_legend.c - what the signs mean, how long the bar is, and where north is. */
#include "ctl/line.h"
#include "ctl/svg_parts.h"

#include <math.h>
#include <string.h>

enum { ROW = 20, SAMPLE = 30 };

void svg_scale(const struct sheet *sheet)
{
    const struct box *frame = &sheet->frame;
    double metres = svg_step(sheet), length = metres * sheet->scale;
    double x = frame->left + 14, y = frame->bottom - 14, n = frame->right - 26;
    bool far = metres >= 1000;

    fprintf(sheet->out,
            "<path class=\"scale\" d=\"M%.1f %.1fv6h%.1fv-6\"/>\n"
            "<text x=\"%.1f\" y=\"%.1f\">%g %s</text>\n",
            x, y - 6, length, x + 4, y - 6, far ? metres / 1000 : metres, far ? "km" : "m");
    svg_take(sheet, (struct box){ x - 4, y - 24, x + fmax(length, 60) + 4, y + 4 });
    fprintf(sheet->out,
            "<path class=\"north\" d=\"M%.1f %.1fl8 24l-8 -5l-8 5Z\"/>\n"
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">N</text>\n",
            n, frame->top + 10, n, frame->top + 48);
    svg_take(sheet, (struct box){ n - 14, frame->top, frame->right, frame->top + 54 });
}

/* ---- the legend ---- */

/* Where the next entry stands; a new row where this one has no room. */
struct pen {
    FILE *out;
    double x, y;
};

static struct spot move(struct pen *pen, const char *text)
{
    double wide = SAMPLE + 8 + 7.2 * (double)strlen(text) + 16;
    struct spot at;

    if (pen->x + wide > SVG_WIDTH - SVG_MARGIN) {
        pen->x = SVG_MARGIN;
        pen->y += ROW;
    }
    at = (struct spot){ pen->x + SAMPLE / 2.0, pen->y };
    fprintf(pen->out, "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", pen->x + SAMPLE + 4, pen->y + 4,
            text);
    pen->x += wide;
    return at;
}

static void put_line(struct pen *pen, const char *class, const char *text)
{
    struct spot at = move(pen, text);

    fprintf(pen->out, "<path class=\"%s\" d=\"M%.1f %.1fh24\"/>\n", class, at.x - 12, at.y);
}

static void put_signs(struct pen *pen)
{
    struct spot at = move(pen, "the zone");

    fprintf(pen->out, "<rect class=\"zone\" x=\"%.1f\" y=\"%.1f\" width=\"22\" height=\"12\"/>\n",
            at.x - 11, at.y - 6);
    put_line(pen, "ring", "its ring");
    put_line(pen, "way", "his way, as numbered");
    put_line(pen, "way gap", "nothing heard for 3 minutes");
    at = move(pen, "accuracy: 68 of 100 lie within");
    fprintf(pen->out, "<circle class=\"accuracy\" cx=\"%.1f\" cy=\"%.1f\" r=\"7\"/>\n", at.x, at.y);
    at = move(pen, "not believed, no part of the way");
    fprintf(pen->out, "<path class=\"doubted\" d=\"M%.1f %.1fl10 10m0 -10l-10 10\"/>\n", at.x - 5,
            at.y - 5);
}

/* Those that are there, each type once. */
static void put_moments(const struct sheet *sheet, struct pen *pen)
{
    bool put[ALERT_TYPES] = { false };

    for (size_t i = 0; i < sheet->history->n_acks; i++) {
        const struct history_ack *ack = &sheet->history->acks[i];
        enum alert_type type;

        if (!ack->is_alert || svg_ping_of(sheet, ack->json) == NULL ||
            !line_type_of(ack->json, &type) || put[type])
            continue;
        put[type] = true;
        svg_moment(sheet->out, type,
                   move(pen, type == ALERT_UPDATE ? "goes on" : alert_type_name(type)), 0.8);
    }
}

static bool is_beyond(const struct sheet *sheet, const struct history_ping *one)
{
    struct spot at = svg_place(sheet, one->ping.at);

    return at.x < sheet->frame.left || at.x > sheet->frame.right || at.y < sheet->frame.top ||
           at.y > sheet->frame.bottom;
}

/* Not on the map, and told nevertheless. */
static void put_rest(const struct sheet *sheet, struct pen *pen)
{
    size_t doubted = 0, far = 0;
    char text[96];

    for (size_t i = 0; i < sheet->history->n_pings; i++) {
        const struct history_ping *one = &sheet->history->pings[i];
        enum svg_ping is = svg_ping_is(sheet, one);

        far += is == SVG_UNSEEN && ping_has_place(&one->ping);
        doubted += is == SVG_DOUBTED && ping_has_place(&one->ping) && is_beyond(sheet, one);
    }
    if (doubted > 0) {
        snprintf(text, sizeof text, "%zu not believed: beyond the edge", doubted);
        move(pen, text);
    }
    if (far > 0) {
        snprintf(text, sizeof text, "%zu over %d km away: not drawn", far, SVG_FAR_M / 1000);
        move(pen, text);
    }
    if (sheet->taken->left_out > 0) {
        snprintf(text, sizeof text, "%zu without room for a label", sheet->taken->left_out);
        move(pen, text);
    }
}

void svg_legend(const struct sheet *sheet)
{
    struct pen pen = { sheet->out, SVG_MARGIN, sheet->frame.bottom + 18 };

    fputs("<g class=\"legend\">\n", sheet->out);
    put_signs(&pen);
    put_moments(sheet, &pen);
    put_rest(sheet, &pen);
    fputs("</g>\n", sheet->out);
}
