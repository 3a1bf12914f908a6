/* SPDX-License-Identifier: Apache-2.0 */
/* chart.h - one curve of the report: the same numbers as an SVG and as a table. */
#ifndef DETECT_CHART_H
#define DETECT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { CHART_SERIES_MAX = 8, CHART_POINTS_MAX = 24 };

struct series {
    char name[48];
    size_t n;
    double x[CHART_POINTS_MAX], y[CHART_POINTS_MAX]; /* y NaN: nothing there */
    const char *marks[CHART_POINTS_MAX]; /* what a point stands for, beside it; NULL: nothing */
};

struct axis {
    const char *name;
    bool logarithmic; /* what is 0 or less stands at the foot */
    double low, high; /* both 0: as the points have it */
};

struct chart {
    const char *file; /* "stays-depth": the SVG's name without its end */
    const char *title;
    const char *note; /* a sentence under the table, or NULL */
    struct axis x, y;
    size_t n;
    struct series series[CHART_SERIES_MAX];
    int digits; /* of y, in the table */
};

/* The next series of the chart; its name is copied. */
struct series *chart_add(struct chart *chart, const char *name);
void series_add(struct series *series, double x, double y, const char *mark);

void chart_svg(const struct chart *chart, FILE *out);

/* A row for each series, a column for each x; where series have x of their own, a row a point. */
void chart_table(const struct chart *chart, FILE *out);

#endif
