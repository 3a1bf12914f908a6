/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/report.h"

#include "detect/bars.h"
#include "detect/curves.h"
#include "detect/integrity.h"

#include <err.h>

static const char *const trade_offs =
    "## Trade-offs\n"
    "\n"
    "Why not every stay is told as `breach`: a receiver under an urban canyon is off by 15 to"
    " 40 m and more, by nearly the same error for minutes, and many stays are 11 to 20 m "
    "deep. Then most of their pings, and of some stays all, lie outside. The plain test tells"
    " every stay of which one single ping lies inside, so its point below is the ceiling for "
    "whoever wants to see at least one; what is above it can only be had by convicting people"
    " whom every ping shows outside, and who stands beside the zone would look the same. "
    "Hence the curve: what a lower threshold of proof wins in stays it costs in false alarms "
    "of neighbours. `breach` sends an officer: it stays where a false one is rare, as who "
    "cries in vain is not believed when it is true. The stays that it leaves out are not "
    "missed, save for a few in ten thousand of which every ping lay far outside: `possible` "
    "tells of them at once, with how sure we are, and it stands lower, as for her a look too "
    "many is better than one too few. *taken*: as shipped.\n"
    "\n";

void report_bars(FILE *out, const struct findings *found)
{
    struct bar bars[BARS_MAX];
    size_t n = bars_measure(found->results, found->stills, bars);

    fprintf(out, "## Bars\n\n| bar | wanted | got | met |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < n; i++)
        fprintf(out, "| %s | %s | %s | %s |\n", bars[i].what, bars[i].wanted, bars[i].got,
                bars[i].met ? "yes" : "**no**");
    fprintf(
        out,
        "\nStays are those with the accuracy reported right. What is missed, who stands beside and "
        "ways have bars that need more runs than these: ENGINES.md, Large runs and Engine 6.\n\n");
}

static void head(FILE *out, const struct findings *found)
{
    fprintf(out,
            "# How well breachd detects\n\n"
            "Made by `%s`: seed %llu, %zu simulated runs, %zu pings, each before breachd and its "
            "rivals; %s.\n\n",
            found->command, (unsigned long long)found->seed, found->runs, found->pings,
            found->stills->recordings[0] > 0 ? "and real recordings of ../shared/data"
                                             : "no shared data here, so the real part is skipped");
}

static void write_svg(const struct chart *chart, const char *folder)
{
    char path[512];
    FILE *out;

    snprintf(path, sizeof path, "%s/%s.svg", folder, chart->file);
    out = fopen(path, "we");
    if (out == NULL)
        err(1, "%s", path);
    chart_svg(chart, out);
    if (fclose(out) != 0)
        err(1, "%s", path);
}

static void show(const struct chart *chart, const char *folder, FILE *out)
{
    fprintf(out, "### %s\n\n", chart->title);
    if (folder != NULL) {
        fprintf(out, "![%s](%s.svg)\n\n", chart->title, chart->file);
        write_svg(chart, folder);
    }
    chart_table(chart, out);
}

static void curves(FILE *out, const struct findings *found, const char *folder)
{
    static struct chart charts[CURVES_MAX];
    size_t n = curves_draw(found->results, found->stills, charts);

    fprintf(out, "## Curves\n\n");
    for (size_t i = 0; i < n; i++)
        show(&charts[i], folder, out);
    if (found->n_sweeps > 0)
        fputs(trade_offs, out);
    for (size_t i = 0; i < found->n_sweeps; i++) {
        for (int k = 0; k < SWEEP_CHARTS; k++)
            show(&found->sweeps[i].charts[k], folder, out);
    }
}

static void integrity(FILE *out, const struct findings *found, const char *folder)
{
    static struct chart chart;

    integrity_report(out, found->results, found->before);
    stanford_chart(found->stanford, &chart);
    show(&chart, folder, out);
    stanford_tables(found->stanford, out);
    going_report(out, found->goings);
}

bool report_write(const struct findings *found, const char *folder)
{
    char path[512];
    FILE *out = stdout;

    if (folder != NULL) {
        snprintf(path, sizeof path, "%s/RESULTS.md", folder);
        out = fopen(path, "we");
        if (out == NULL)
            return false;
    }
    head(out, found);
    integrity(out, found, folder);
    report_bars(out, found);
    report_definitions(out);
    curves(out, found, folder);
    report_tables(out, found);
    report_real(out, found);
    quiet_report(out, found->quiets);
    if (folder != NULL)
        return fclose(out) == 0;
    return fflush(out) == 0 && !ferror(out);
}
