/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handover_html.c - the handover as one file for a browser: tables and two plots as inline SVG. No
 * script and nothing from elsewhere; severity is told by a word, never by colour alone.
 */
#include "core/plural.h"
#include "ctl/handover.h"
#include "ctl/line.h"

#include <math.h>
#include <string.h>

enum {
    PLOT_WIDTH = 860,
    PLOT_HEIGHT = 200,
    PLOT_LEFT = 40,
    PLOT_BELOW = 30,
    BARS_MAX = 24 * 7 // of hours: of a longer shift the newest
};

static void put_time(FILE *out, struct utc at, struct utc now)
{
    char text[UTC_TEXT_MAX], local[LINE_TIME_MAX];

    if (at.ms == 0)
        return;
    fputs("<span class=\"time\">", out);
    line_put_xml(out, line_time(utc_print(at, text), now, local));
    fputs("</span>", out);
}

/* ---- tables ---- */

static void put_course(FILE *out, const struct logged_incident *one, struct utc now)
{
    if (one->open)
        fputs("goes on", out);
    else
        put_time(out, one->ended, now);
    if (!logged_is_closed(one))
        return;
    fputs(one->ended.ms != one->closed.ms ? "; closed " : ", closed", out);
    if (one->ended.ms != one->closed.ms)
        put_time(out, one->closed, now);
}

static void put_row(FILE *out, const struct logged_incident *one, struct utc now)
{
    fputs("<tr><td>", out);
    put_time(out, one->began, now);
    fprintf(out, "</td><td class=\"%s\">%s</td><td>%s</td><td>%s", severity_name(one->worst),
            severity_name(one->worst), alert_type_name(one->gravest),
            one->exercise ? "EXERCISE " : "");
    line_put_xml(out, one->incident);
    fputs("</td><td>", out);
    line_put_xml(out, one->area);
    fputs("</td><td>", out);
    put_course(out, one, now);
    fputs("</td><td>", out);
    line_put_xml(out, one->by[0] != '\0' ? one->by : logged_is_untaken(one) ? "nobody" : "");
    if (logged_is_shelved(one)) {
        fputs(", shelved by ", out);
        line_put_xml(out, one->shelved_by);
        fputs(" until ", out);
        put_time(out, one->shelved, now);
    }
    fputs("</td><td>", out);
    line_put_xml(out, one->outcome);
    fputs("</td><td class=\"note\">", out);
    line_put_xml(out, one->note);
    fputs("</td></tr>\n", out);
}

static void put_section(FILE *out, const struct handover *handover, size_t section)
{
    size_t n = 0;

    fputs("<h2>", out);
    line_put_xml(out, handover_title(section));
    fputs("</h2>\n", out);
    for (size_t i = 0; i < handover->log.n; i++) {
        if (!handover_has(handover, section, handover->log.of[i]))
            continue;
        if (n++ == 0)
            fputs("<div "
                  "class=\"wide\" "
                  "tabindex=\"0\"><table><thead><tr><th>since</th><th>severity</th><th>what</"
                  "th><th>incident</th>"
                  "<th>area</th><th>until</th><th>who has it</th><th>outcome</th><th>note</th></tr>"
                  "</thead><tbody>\n",
                  out);
        put_row(out, handover->log.of[i], handover->load.now);
    }
    fputs(n == 0 ? "<p>Nothing.</p>\n" : "</tbody></table></div>\n", out);
}

/* ---- plots ---- */

static void put_line(FILE *out, double y, const char *class, const char *label)
{
    fprintf(out,
            "<line class=\"%s\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>"
            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
            class, PLOT_LEFT, y, PLOT_WIDTH, y, PLOT_WIDTH, y - 3, label);
}

static void begin_plot(FILE *out, const char *title)
{
    fprintf(out,
            "<h3>%s</h3>\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
            "aria-label=\"%s\" viewBox=\"0 0 %d %d\">\n",
            title, title, PLOT_WIDTH, PLOT_HEIGHT + PLOT_BELOW);
}

static void put_axis(FILE *out, double most, const char *unit)
{
    fprintf(out,
            "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
            "<text x=\"%d\" y=\"12\" text-anchor=\"end\">%.0f</text>"
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>"
            "<text x=\"%d\" y=\"12\">%s</text>\n",
            PLOT_LEFT, PLOT_HEIGHT, PLOT_WIDTH, PLOT_HEIGHT, PLOT_LEFT - 4, most, PLOT_LEFT - 4,
            PLOT_HEIGHT, PLOT_LEFT + 4, unit);
}

/* One bar: number `nth` of `n`, with what it counts and, where there is room, its label. */
static void put_bar(FILE *out, size_t nth, size_t n, double share, unsigned count,
                    const char *label)
{
    double wide = (double)(PLOT_WIDTH - PLOT_LEFT) / (double)n;
    double high = share * (PLOT_HEIGHT - 20), x = PLOT_LEFT + wide * (double)nth;

    fprintf(out,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %u</title>"
            "</rect>\n",
            x + 1, PLOT_HEIGHT - high, fmax(1, wide - 2), high, label, count);
    if (n <= 12 || nth % (n / 12 + 1) == 0)
        fprintf(out, "<text x=\"%.1f\" y=\"%d\">%s</text>\n", x + 1, PLOT_HEIGHT + 16, label);
}

static void plot_hours(FILE *out, const struct shift_load *load)
{
    size_t n = load->hours < BARS_MAX ? load->hours : BARS_MAX, from = load->hours - n;
    double most = LOAD_MANAGEABLE * load->operators;

    for (size_t i = from; i < load->hours; i++)
        most = fmax(most, load->of_hour[i]);
    begin_plot(out, "Alerts an hour");
    put_axis(out, most, "alerts");
    for (size_t i = from; i < load->hours; i++) {
        char text[UTC_TEXT_MAX], local[LINE_TIME_MAX];

        line_time(utc_print(utc_plus(load->since, (int64_t)i * 3600000), text), load->now, local);
        local[strlen(local) > 3 ? strlen(local) - 3 : 0] = '\0'; // no seconds
        put_bar(out, i - from, n, load->of_hour[i] / most, load->of_hour[i], local);
    }
    put_line(out, PLOT_HEIGHT - LOAD_ACCEPTABLE * load->operators / most * (PLOT_HEIGHT - 20),
             "limit", "acceptable (EEMUA 191)");
    put_line(out, PLOT_HEIGHT - LOAD_MANAGEABLE * load->operators / most * (PLOT_HEIGHT - 20),
             "limit", "manageable");
    fputs("</svg>\n", out);
}

/* How many were taken within a minute, within two, five, and so on. */
static void plot_minutes(FILE *out, const struct shift_load *load)
{
    static const struct {
        double below;
        const char *label;
    } bins[] = { { 1, "under 1 min" },   { 2, "1 to 2" },         { 5, "2 to 5" },
                 { 10, "5 to 10" },      { 30, "10 to 30" },      { 60, "30 to 60" },
                 { INFINITY, "longer" }, { NAN, "by nobody yet" } };
    enum { BINS = sizeof bins / sizeof *bins };
    unsigned counts[BINS] = { 0 };
    double most = 1;

    for (size_t i = 0; i < load->n_minutes; i++) {
        size_t bin = 0;

        while (bin < BINS - 2 && load->minutes[i] >= bins[bin].below)
            bin++;
        counts[bin]++;
    }
    counts[BINS - 1] = load->untaken;
    for (size_t i = 0; i < BINS; i++)
        most = fmax(most, counts[i]);
    begin_plot(out, "Minutes to ack");
    put_axis(out, most, "incidents");
    for (size_t i = 0; i < BINS; i++)
        put_bar(out, i, BINS, counts[i] / most, counts[i], bins[i].label);
    fputs("</svg>\n", out);
}

/* ---- the page ---- */

static void put_load(FILE *out, const struct shift_load *load)
{
    double median = shift_load_median(load);

    fprintf(out,
            "<h2>How busy it was</h2>\n<p>%u alert%s of severity warning or more, %.1f an hour "
            "and operator (%u): by EEMUA 191 <strong>%s</strong>. %u flood%s of %d or more in "
            "ten minutes; at most %u in ten minutes of one operator.</p>\n",
            load->alerts, plural(load->alerts), load->an_hour, load->operators,
            shift_load_rating(load), load->floods, plural(load->floods), LOAD_FLOOD_BEGINS,
            load->worst);
    if (!isnan(median))
        fprintf(out, "<p>Taken after %.1f minutes (median), %.1f at most.</p>\n", median,
                load->minutes[load->n_minutes - 1]);
    plot_hours(out, load);
    plot_minutes(out, load);
    fputs(
        "<p class=\"source\">EEMUA Publication 191, Alarm systems, 3rd edition 2013: one alarm in "
        "ten minutes and operator is likely to be acceptable, one in five is manageable, more than "
        "one in two minutes is over-demanding. A flood: ISA-18.2-2016.</p>\n",
        out);
}

bool handover_draw(FILE *out, const struct handover *handover, struct fault *why)
{
    const struct shift_load *load = &handover->load;
    char time[LINE_TIME_MAX];

    fputs(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\"><title>Handover</title>\n<style>body{font:16px/1.4 sans-serif;margin:"
        "2em;color:#0b0c0c;background:#fff}table{border-collapse:collapse;width:100%}th,td{text-"
        "align:left;padding:.3em .6em;border-bottom:1px solid #b1b4b6;vertical-align:top}"
        ".time{white-space:nowrap}.note{min-width:16em;overflow-wrap:anywhere}"
        "@media "
        "print{body{margin:0;font-size:11px}}.wide{overflow-x:auto}.critical,.high{font-weight:"
        "bold}.critical{text-transform:uppercase}"
        "svg{"
        "max-width:100%;font-size:12px}rect{fill:#8eb8dc}.axis{stroke:#0b0c0c}.limit{stroke:"
        "#505a5f;stroke-dasharray:6 4}.source{color:#505a5f;font-size:14px}</style></head><body>\n"
        "<h1>",
        out);
    fputs(handover->log.exercise ? "EXERCISE: handover, " : "Handover, ", out);
    line_put_xml(out, handover_time(load->since, time));
    fputs(" to ", out);
    line_put_xml(out, handover_time(load->now, time));
    fputs("</h1>\n<p>Local time; ledger ", out);
    line_put_xml(out, handover->ledger);
    fputs(".</p>\n", out);
    for (size_t i = 0; i < HANDOVER_SECTIONS; i++)
        put_section(out, handover, i);
    put_load(out, load);
    fputs("</body></html>\n", out);
    return !ferror(out) || fault_set(why, "it could not be written");
}
