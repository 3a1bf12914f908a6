/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/chart.h"

#include <err.h>
#include <math.h>
#include <string.h>

enum { WIDTH = 760, HEIGHT = 430, LEFT = 70, RIGHT = 190, TOP = 40, FOOT = 55, TICKS_MAX = 12 };

/* Okabe and Ito's, which nearly everybody can tell apart. */
static const char *const colours[CHART_SERIES_MAX] = { "#d55e00", "#0072b2", "#009e73", "#cc79a7",
                                                       "#e69f00", "#56b4e9", "#000000", "#999999" };

struct series *chart_add(struct chart *chart, const char *name)
{
    struct series *series = &chart->series[chart->n++];

    if (chart->n > CHART_SERIES_MAX)
        errx(1, "%s: more than %d series", chart->file, CHART_SERIES_MAX);
    *series = (struct series){ 0 };
    snprintf(series->name, sizeof series->name, "%s", name);
    return series;
}

void series_add(struct series *series, double x, double y, const char *mark)
{
    if (series->n == CHART_POINTS_MAX)
        errx(1, "%s: more than %d points", series->name, CHART_POINTS_MAX);
    series->marks[series->n] = mark;
    series->x[series->n] = x;
    series->y[series->n++] = y;
}

/* From values to the drawing, along one axis. */
struct scale {
    bool logarithmic;
    double low, high;   // of the values
    double from, until; // of the drawing
};

static double placed(const struct scale *scale, double value)
{
    double part;

    if (scale->logarithmic)
        part = log(fmax(value, scale->low) / scale->low) / log(scale->high / scale->low);
    else
        part = (value - scale->low) / (scale->high - scale->low);
    return scale->from + part * (scale->until - scale->from);
}

static void stretch(struct scale *scale, double value)
{
    if (isnan(value) || (scale->logarithmic && value <= 0))
        return;
    scale->low = fmin(scale->low, value);
    scale->high = fmax(scale->high, value);
}

static struct scale scale_of(const struct chart *chart, bool across)
{
    const struct axis *axis = across ? &chart->x : &chart->y;
    struct scale scale = { axis->logarithmic, INFINITY, -INFINITY, 0, 0 };

    for (size_t i = 0; i < chart->n; i++) {
        for (size_t k = 0; k < chart->series[i].n; k++)
            stretch(&scale, across ? chart->series[i].x[k] : chart->series[i].y[k]);
    }
    if (scale.logarithmic && scale.low <= scale.high) { // whole powers of ten
        scale.low = pow(10, floor(log10(scale.low) - 1e-9));
        scale.high = pow(10, ceil(log10(scale.high) + 1e-9));
    }
    if (!scale.logarithmic && scale.low < scale.high) { // air around the points
        double air = (scale.high - scale.low) / 20;

        scale.low -= air;
        scale.high += air;
    }
    if (axis->low < axis->high) {
        scale.low = axis->low;
        scale.high = axis->high;
    }
    if (!(scale.low < scale.high)) {
        scale.low = scale.logarithmic ? 0.1 : 0;
        scale.high = 1;
    }
    scale.from = across ? LEFT : HEIGHT - FOOT;
    scale.until = across ? WIDTH - RIGHT : TOP;
    return scale;
}

/* Round values: powers of ten, or fifths of a decade's step. */
static size_t ticks_of(const struct scale *scale, double ticks[TICKS_MAX])
{
    double span = scale->high - scale->low, step = pow(10, floor(log10(span)));
    size_t n = 0;

    if (scale->logarithmic) {
        for (double t = scale->low; t <= scale->high * 1.001 && n < TICKS_MAX; t *= 10)
            ticks[n++] = t;
        return n;
    }
    step *= span / step < 2 ? 0.2 : span / step < 5 ? 0.5 : 1;
    for (double t = ceil(scale->low / step) * step; t <= scale->high + step / 1000; t += step) {
        if (n < TICKS_MAX)
            ticks[n++] = t;
    }
    return n;
}

static bool same_x(const struct chart *chart)
{
    for (size_t i = 1; i < chart->n; i++) {
        if (chart->series[i].n != chart->series[0].n)
            return false;
        for (size_t k = 0; k < chart->series[0].n; k++) {
            if (chart->series[i].x[k] < chart->series[0].x[k] ||
                chart->series[i].x[k] > chart->series[0].x[k])
                return false;
        }
    }
    return true;
}

/* Where all series have the same few values of x, these. */
static size_t ticks_across(const struct chart *chart, const struct scale *x,
                           double ticks[TICKS_MAX])
{
    const struct series *first = &chart->series[0];

    if (chart->n == 0 || first->n > TICKS_MAX || !same_x(chart))
        return ticks_of(x, ticks);
    memcpy(ticks, first->x, first->n * sizeof *ticks);
    return first->n;
}

static void draw_frame(const struct chart *chart, const struct scale *x, const struct scale *y,
                       FILE *out)
{
    double ticks[TICKS_MAX];
    size_t n = ticks_across(chart, x, ticks);

    for (size_t i = 0; i < n; i++)
        fprintf(out,
                "<path d=\"M%.1f %d V%d\" class=\"g\"/><text x=\"%.1f\" y=\"%d\" "
                "text-anchor=\"middle\">%g</text>\n",
                placed(x, ticks[i]), TOP, HEIGHT - FOOT, placed(x, ticks[i]), HEIGHT - FOOT + 18,
                ticks[i]);
    n = ticks_of(y, ticks);
    for (size_t i = 0; i < n; i++)
        fprintf(out,
                "<path d=\"M%d %.1f H%d\" class=\"g\"/><text x=\"%d\" y=\"%.1f\" "
                "text-anchor=\"end\">%g</text>\n",
                LEFT, placed(y, ticks[i]), WIDTH - RIGHT, LEFT - 8, placed(y, ticks[i]) + 4,
                ticks[i]);
    fprintf(out,
            "<text x=\"%d\" y=\"22\" font-size=\"15\">%s</text>\n"
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
            "<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
            LEFT, chart->title, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, chart->x.name,
            (TOP + HEIGHT - FOOT) / 2, chart->y.name);
}

static void draw_series(const struct series *series, size_t nth, const struct scale *x,
                        const struct scale *y, FILE *out)
{
    const char *colour = colours[nth];
    double row = TOP + 10 + 22 * (double)nth;
    bool pen = false;

    fprintf(out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"", colour);
    for (size_t i = 0; i < series->n; i++) {
        if (!isnan(series->y[i]))
            fprintf(out, "%c%.1f %.1f ", pen ? 'L' : 'M', placed(x, series->x[i]),
                    placed(y, series->y[i]));
        pen = !isnan(series->y[i]);
    }
    fprintf(out, "\"/>\n");
    for (size_t i = 0; i < series->n; i++) {
        double px = placed(x, series->x[i]), py = placed(y, series->y[i]);

        if (isnan(series->y[i]))
            continue;
        fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>", px, py, colour);
        if (series->marks[i] != NULL)
            fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"10\">%s</text>", px + 6, py - 5,
                    series->marks[i]);
        fprintf(out, "\n");
    }
    fprintf(out,
            "<path d=\"M%d %.1f h22\" stroke=\"%s\" stroke-width=\"3\"/>"
            "<text x=\"%d\" y=\"%.1f\">%s</text>\n",
            WIDTH - RIGHT + 14, row, colour, WIDTH - RIGHT + 42, row + 4, series->name);
}

void chart_svg(const struct chart *chart, FILE *out)
{
    struct scale x = scale_of(chart, true), y = scale_of(chart, false);

    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
            "font-family=\"sans-serif\" font-size=\"12\">\n"
            "<style>.g{stroke:#ddd;fill:none}</style>\n"
            "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
            WIDTH, HEIGHT, WIDTH, HEIGHT);
    draw_frame(chart, &x, &y, out);
    for (size_t i = chart->n; i-- > 0;) // the first lies on top
        draw_series(&chart->series[i], i, &x, &y, out);
    fprintf(out, "</svg>\n");
}

static void value(FILE *out, double y, int digits)
{
    if (isnan(y))
        fprintf(out, " - |");
    else
        fprintf(out, " %.*f |", digits, y);
}

static void table_of_points(const struct chart *chart, FILE *out)
{
    fprintf(out, "| | | %s | %s |\n| --- | --- | --- | --- |\n", chart->x.name, chart->y.name);
    for (size_t i = 0; i < chart->n; i++) {
        const struct series *series = &chart->series[i];

        for (size_t k = 0; k < series->n; k++) {
            fprintf(out, "| %s | %s |", series->name, series->marks[k] ? series->marks[k] : "");
            value(out, series->x[k], 2);
            value(out, series->y[k], chart->digits);
            fprintf(out, "\n");
        }
    }
}

void chart_table(const struct chart *chart, FILE *out)
{
    if (!same_x(chart)) {
        table_of_points(chart, out);
    } else {
        fprintf(out, "| %s |", chart->x.name);
        for (size_t k = 0; k < chart->series[0].n; k++)
            fprintf(out, " %g |", chart->series[0].x[k]);
        fprintf(out, "\n| --- |");
        for (size_t k = 0; k < chart->series[0].n; k++)
            fprintf(out, " --- |");
        for (size_t i = 0; i < chart->n; i++) {
            fprintf(out, "\n| %s |", chart->series[i].name);
            for (size_t k = 0; k < chart->series[i].n; k++)
                value(out, chart->series[i].y[k], chart->digits);
        }
        fprintf(out, "\n");
    }
    fprintf(out, "\n%s%s", chart->note ? chart->note : "", chart->note ? "\n\n" : "");
}
