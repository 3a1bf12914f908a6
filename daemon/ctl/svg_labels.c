/* SPDX-License-Identifier: Apache-2.0 */
/*
 * svg_labels.c - where words stand: none over another, none over a sign, none over the map's edge.
 * Labels of alerts go as far as they must, by a line to their place; a number of a ping that has no
 * room beside it is left out.
 */
#include "ctl/line.h"
#include "ctl/svg_parts.h"

#include <math.h>
#include <string.h>

enum { LINE_HEIGHT = 15, RINGS = 14, DIRECTIONS = 16, LEADER_LEAST = 22 };

static const double character = 7.2; // width at 12 px of what is no wider than most, in sans-serif

static bool is_free(const struct sheet *sheet, struct box box)
{
    const struct taken *taken = sheet->taken;

    if (box.left < sheet->frame.left + 2 || box.right > sheet->frame.right - 2 ||
        box.top < sheet->frame.top + 2 || box.bottom > sheet->frame.bottom - 2 ||
        taken->n == SVG_BOXES_MAX)
        return false;
    for (size_t i = 0; i < taken->n; i++) {
        const struct box *other = &taken->of[i];

        if (box.left < other->right && box.right > other->left && box.top < other->bottom &&
            box.bottom > other->top)
            return false;
    }
    return true;
}

/* Around the place, nearest first and from the right on; false: no room within `rings`. */
static bool find_room(const struct sheet *sheet, struct spot at, double wide, int rings,
                      struct box *out)
{
    for (int ring = 0; ring < rings; ring++) {
        for (int i = 0; i < DIRECTIONS; i++) {
            double angle = 2 * M_PI * i / DIRECTIONS, away = 12 + 14 * ring;
            double x = at.x + cos(angle) * (away + wide / 2);
            double y = at.y + sin(angle) * (away + LINE_HEIGHT / 2.0);
            struct box box = { x - wide / 2, y - LINE_HEIGHT / 2.0, x + wide / 2,
                               y + LINE_HEIGHT / 2.0 };

            if (!is_free(sheet, box))
                continue;
            *out = box;
            return true;
        }
    }
    return false;
}

static void draw_leader(const struct sheet *sheet, struct spot at, const struct box *box)
{
    double x = fmax(box->left, fmin(at.x, box->right)), y = fmax(box->top, fmin(at.y, box->bottom));

    if (hypot(x - at.x, y - at.y) >= LEADER_LEAST)
        fprintf(sheet->out, "<path class=\"leader\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", at.x, at.y, x,
                y);
}

static bool label(const struct sheet *sheet, struct spot at, const char *text, int rings)
{
    double wide = character * (double)strlen(text) + 4;
    struct box box;

    if (!find_room(sheet, at, wide, rings, &box))
        return false;
    svg_take(sheet, box);
    draw_leader(sheet, at, &box);
    fprintf(sheet->out, "<text class=\"label\" x=\"%.1f\" y=\"%.1f\">", box.left + 2,
            box.bottom - 4);
    line_put_xml(sheet->out, text);
    fputs("</text>\n", sheet->out);
    return true;
}

/* What only tells how it goes on is marked without words. */
static void label_alerts(const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->history->n_acks; i++) {
        const struct history_ack *ack = &sheet->history->acks[i];
        const struct history_ping *one = ack->is_alert ? svg_ping_of(sheet, ack->json) : NULL;
        char time[SVG_TIME_MAX], text[SVG_TIME_MAX + 32];
        struct utc at;

        if (one == NULL || line_is(ack->json, ALERT_UPDATE) ||
            !utc_parse(line_text(ack->json, "time"), &at))
            continue;
        snprintf(text, sizeof text, "%.24s %s", line_type(ack->json), svg_time(sheet, at, time));
        if (!label(sheet, svg_place(sheet, one->ping.at), text, RINGS))
            sheet->taken->left_out++;
    }
}

/* In the order in which he came by, of the way and of what is no part of it. */
static void number_pings(const struct sheet *sheet)
{
    size_t nth = 0;

    for (size_t i = 0; i < sheet->history->n_pings; i++) {
        const struct history_ping *one = &sheet->history->pings[i];
        enum svg_ping is = svg_ping_is(sheet, one);
        char text[24];

        if (is != SVG_WAY && is != SVG_DOUBTED)
            continue;
        snprintf(text, sizeof text, "%zu", ++nth);
        label(sheet, svg_place(sheet, one->ping.at), text, 1);
    }
}

void svg_labels(const struct sheet *sheet)
{
    label_alerts(sheet);
    number_pings(sheet);
}
