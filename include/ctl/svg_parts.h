/* SPDX-License-Identifier: Apache-2.0 */
/*
 * svg_parts.h - what an incident's drawing is made of; for svg*.c alone. It looks as the map of the
 * control room's page does (daemon/web/page/map.js and moments.js), on paper.
 */
#ifndef CTL_SVG_PARTS_H
#define CTL_SVG_PARTS_H

#include "core/plane.h"
#include "ctl/svg.h"

enum {
    SVG_WIDTH = 900,
    SVG_HEAD = 56,   /* title and date stand above the map, */
    SVG_MAP = 820,   /* which is so high, */
    SVG_FOOT = 84,   /* and the legend below it */
    SVG_MARGIN = 12, /* around all of them */
    SVG_BOXES_MAX = 2400,
    SVG_FAR_M = 20000 /* a place so far off would make the rest a dot */
};

/* On the sheet, in its units; y grows downwards. */
struct box {
    double left, top, right, bottom;
};

/* Where something stands already, so that no label covers it. */
struct taken {
    struct box of[SVG_BOXES_MAX];
    size_t n;
    size_t left_out; /* labels for which there was no room */
};

/* A place on the sheet. */
struct spot {
    double x, y;
};

/* From metres to the sheet: one scale for both directions. */
struct sheet {
    FILE *out;
    const struct incident_history *history;
    struct plane plane;
    double west, north;                  /* metres, of the map's left upper corner */
    double scale;                        /* to a metre */
    struct box frame;                    /* of the map */
    struct metres least, most;           /* of what must be on the map */
    struct metres near_least, near_most; /* of the zone, or of the first place */
    struct taken *taken;
};

/* What a ping is to the drawing. */
enum svg_ping {
    SVG_UNSEEN,  /* no place, or one that is believed and SVG_FAR_M or more beyond the zone */
    SVG_WAY,     /* a place on the way */
    SVG_AGAIN,   /* one that was told before */
    SVG_DOUBTED, /* late, implausible, or without a fix: no part of the way */
};

/* ---- svg_sheet.c ---- */

/* The zone and the way: a wide ring around would make them a dot, and so would a leap. */
bool svg_lay_out(struct sheet *sheet, struct fault *why);

struct spot svg_place(const struct sheet *sheet, struct lonlat at);
enum svg_ping svg_ping_is(const struct sheet *sheet, const struct history_ping *one);

/* The ping that an alert was told of; NULL: of none, or it is gone, or not on the map. */
const struct history_ping *svg_ping_of(const struct sheet *sheet, const json_t *event);

/* Metres of the bar and the grid: 1, 2 or 5 times a power of ten, a fifth of the sheet at most. */
double svg_step(const struct sheet *sheet);

/* No label is to stand there. */
void svg_take(const struct sheet *sheet, struct box box);

/* ---- svg_times.c: the site's local time, "21:08:45", of another day "24 Jun 00:10:05" ---- */

enum { SVG_TIME_MAX = 128 };

const char *svg_time(const struct sheet *sheet, struct utc at, char out[SVG_TIME_MAX]);

/* "Tuesday 23 June 2020, 20:56:00 to 21:19:45, local time (Europe/London)", of its alerts. */
const char *svg_date(const struct sheet *sheet, char out[SVG_TIME_MAX]);

/* ---- svg_marks.c ---- */

void svg_ground(const struct sheet *sheet);  /* grid, zone and ring */
void svg_way(const struct sheet *sheet);     /* with arrows; dotted where nothing was heard */
void svg_pings(const struct sheet *sheet);   /* circles, dots and crosses */
void svg_moments(const struct sheet *sheet); /* of alerts: by type a shape and a colour */

/* The sign of a type of alert around a place; `size` 1 as on the map. */
void svg_moment(FILE *out, enum alert_type type, struct spot at, double size);

/* ---- svg_labels.c ---- */

void svg_labels(const struct sheet *sheet); /* of alerts first, then numbers of pings */

/* ---- svg_legend.c ---- */

void svg_scale(const struct sheet *sheet); /* with north; they take their room */
void svg_legend(const struct sheet *sheet);

#endif
