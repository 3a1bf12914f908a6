/* SPDX-License-Identifier: Apache-2.0 */
/* svg_marks.c - what is drawn on the map: zone, way, each ping, the moment of each alert. */
#include "ctl/line.h"
#include "ctl/respondent_replay.h"
#include "ctl/svg_parts.h"

#include <math.h>
#include <string.h>

enum { GAP_MS = 180 * 1000, /* nobody knows where he was in between */ ARROW_LEAST = 12 };

/* ---- the ground ---- */

static void draw_grid(const struct sheet *sheet)
{
    const struct box *frame = &sheet->frame;
    double step = svg_step(sheet) * sheet->scale;
    struct spot middle = { frame->left - sheet->west * sheet->scale,
                           frame->top + sheet->north * sheet->scale };

    for (double x = middle.x - floor((middle.x - frame->left) / step) * step; x < frame->right;
         x += step)
        fprintf(sheet->out, "<path class=\"grid\" d=\"M%.1f %.1fV%.1f\"/>\n", x, frame->top,
                frame->bottom);
    for (double y = middle.y - floor((middle.y - frame->top) / step) * step; y < frame->bottom;
         y += step)
        fprintf(sheet->out, "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>\n", frame->left, y,
                frame->right);
}

static void draw_ring(const struct zone_ring *ring, void *arg)
{
    const struct sheet *sheet = arg;

    for (size_t i = 0; i < ring->n; i++) {
        struct spot at = svg_place(sheet, ring->corners[i]);

        fprintf(sheet->out, "%c%.1f %.1f", i == 0 ? 'M' : 'L', at.x, at.y);
    }
    fputs("Z ", sheet->out);
}

void svg_ground(const struct sheet *sheet)
{
    const struct exclusion *exclusion = sheet->history->exclusion;

    draw_grid(sheet);
    if (exclusion == NULL)
        return;
    fputs("<path class=\"zone\" d=\"", sheet->out);
    zone_rings(exclusion->zone, draw_ring, (void *)(uintptr_t)sheet);
    fputs("\"/>\n", sheet->out);
    if (exclusion->warn <= 0)
        return;
    fputs("<path class=\"ring\" d=\"", sheet->out);
    zone_rings_around(exclusion->zone, exclusion->warn, draw_ring, (void *)(uintptr_t)sheet);
    fputs("\"/>\n", sheet->out);
}

/* ---- the way ---- */

/* In the middle, towards where it goes; none where it would hide the way. */
static void draw_arrow(const struct sheet *sheet, struct spot from, struct spot to)
{
    double length = hypot(to.x - from.x, to.y - from.y);

    if (length >= ARROW_LEAST)
        fprintf(sheet->out,
                "<path class=\"arrow\" d=\"M5 0L-4 4L-4 -4Z\" "
                "transform=\"translate(%.1f %.1f) rotate(%.0f)\"/>\n",
                (from.x + to.x) / 2, (from.y + to.y) / 2,
                atan2(to.y - from.y, to.x - from.x) * 180 / M_PI);
}

void svg_way(const struct sheet *sheet)
{
    const struct history_ping *before = NULL;

    for (size_t i = 0; i < sheet->history->n_pings; i++) {
        const struct history_ping *one = &sheet->history->pings[i];
        struct spot from, to;

        if (svg_ping_is(sheet, one) != SVG_WAY)
            continue;
        if (before != NULL) {
            from = svg_place(sheet, before->ping.at);
            to = svg_place(sheet, one->ping.at);
            fprintf(sheet->out, "<path class=\"way%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n",
                    one->when.ms - before->when.ms > GAP_MS ? " gap" : "", from.x, from.y, to.x,
                    to.y);
            draw_arrow(sheet, from, to);
        }
        before = one;
    }
}

/* ---- pings ---- */

static void draw_title(const struct sheet *sheet, const struct history_ping *one)
{
    char time[SVG_TIME_MAX];

    fprintf(sheet->out, "<title>%s", svg_time(sheet, one->when, time));
    if (one->class != NULL)
        fprintf(sheet->out, ", %s", one->class);
    if (!isnan(one->distance))
        fprintf(sheet->out, ", %.0f m %s, probability %.3f", fabs(one->distance),
                one->distance > 0 ? "outside" : "inside", one->probability);
    fputs("</title>", sheet->out);
}

/* A dot where it says it was, or a cross; and a circle: 68 in 100 lie in such a one. */
static void draw_ping(const struct sheet *sheet, const struct history_ping *one, enum svg_ping is)
{
    struct spot at = svg_place(sheet, one->ping.at);

    if (!isnan(one->accuracy))
        fprintf(sheet->out, "<circle class=\"accuracy\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n",
                at.x, at.y, one->accuracy * sheet->scale);
    if (is == SVG_DOUBTED)
        fprintf(sheet->out, "<path class=\"doubted\" d=\"M%.1f %.1fl10 10m0 -10l-10 10\">",
                at.x - 5, at.y - 5);
    else
        fprintf(sheet->out, "<circle class=\"ping\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\">", at.x,
                at.y);
    draw_title(sheet, one);
    fputs(is == SVG_DOUBTED ? "</path>\n" : "</circle>\n", sheet->out);
}

void svg_pings(const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->history->n_pings; i++) {
        enum svg_ping is = svg_ping_is(sheet, &sheet->history->pings[i]);

        if (is != SVG_UNSEEN)
            draw_ping(sheet, &sheet->history->pings[i], is);
    }
}

/* ---- alerts ---- */

/* As moments.js of the page has them: corners (0: round), the angle of the first one, radius. */
static const struct moment {
    enum alert_type type;
    const char *class;
    int corners;
    double angle, radius;
} moments[] = {
    { ALERT_APPROACH, "approach", 4, 0, 10 },
    { ALERT_POSSIBLE, "possible", 3, 0, 10 },
    { ALERT_BREACH, "breach", 8, M_PI / 8, 10 },
    { ALERT_UPDATE, "update", 4, M_PI / 4, 6 },
    { ALERT_CLEARED, "cleared", 0, 0, 8 },
    { ALERT_RETROSPECTIVE, "retrospective", 3, M_PI, 10 },
};

static const struct moment *moment_of(enum alert_type type)
{
    static const struct moment other = { ALERT_TYPES, "other", 5, 0, 9 };

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        if (moments[i].type == type)
            return &moments[i];
    }
    return &other;
}

void svg_moment(FILE *out, enum alert_type type, struct spot at, double size)
{
    const struct moment *moment = moment_of(type);
    double radius = moment->radius * size;

    if (moment->corners == 0) {
        fprintf(out, "<circle class=\"alert %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n",
                moment->class, at.x, at.y, radius);
        return;
    }
    fprintf(out, "<path class=\"alert %s\" d=\"", moment->class);
    for (int i = 0; i < moment->corners; i++) {
        double angle = moment->angle - M_PI / 2 + 2 * M_PI * i / moment->corners;

        fprintf(out, "%c%.1f %.1f", i == 0 ? 'M' : 'L', at.x + radius * cos(angle),
                at.y + radius * sin(angle));
    }
    fputs("Z\"/>\n", out);
}

void svg_moments(const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->history->n_acks; i++) {
        const struct history_ack *ack = &sheet->history->acks[i];
        const struct history_ping *one = ack->is_alert ? svg_ping_of(sheet, ack->json) : NULL;
        enum alert_type type;
        struct spot at;

        if (one == NULL || !line_type_of(ack->json, &type))
            continue;
        at = svg_place(sheet, one->ping.at);
        svg_moment(sheet->out, type, at, 1);
        svg_take(sheet, (struct box){ at.x - 10, at.y - 10, at.x + 10, at.y + 10 });
    }
}
