/* SPDX-License-Identifier: Apache-2.0 */
/* real.c - the tables of the real recordings. */
#include "adapter/ping/reading.h"
#include "detect/report.h"

static void still_rows(FILE *out, const struct stills *stills, int source, int radius)
{
    for (enum judge judge = OURS; judge < JUDGES; judge++) {
        const struct still *row = stills->of[source][judge][radius];
        const char *name = judge_name(judge);

        fprintf(out, "| %s | %.0f m | %s | breach |", still_sources[source], still_radii[radius],
                name);
        for (int edge = 0; edge < STILL_EDGES; edge++)
            fprintf(out, " %zu (worst %zu) |", row[edge].breaches, row[edge].worst);
        fprintf(out, "\n");
        if (judge != OURS)
            continue;
        fprintf(out, "| %s | %.0f m | %s | possible |", still_sources[source], still_radii[radius],
                name);
        for (int edge = 0; edge < STILL_EDGES; edge++)
            fprintf(out, " %zu |", row[edge].possibles);
        fprintf(out, "\n| %s | %.0f m | %s | retrospective |", still_sources[source],
                still_radii[radius], name);
        for (int edge = 0; edge < STILL_EDGES; edge++)
            fprintf(out, " %zu |", row[edge].pasts);
        fprintf(out, "\n");
    }
}

static void stills(FILE *out, const struct stills *stills)
{
    fprintf(
        out,
        "## Real devices that lay still\n\n"
        "mobilitynet: %zu recordings of phones, %zu fixes, of days when nobody touched them. "
        "gpsd: %zu receivers' logs, %zu fixes, whose own Doppler speed never was over 0.2 m/s. "
        "Each lies that far from the edge, in %d directions, by the median of its fixes of 100 m "
        "accuracy and better: two recordings are mostly of a mast 416 and 764 m off, and the "
        "median of all fixes would be the mast, while the other recordings show the phones in "
        "one house. Every alert is false; the bars are on all of these together. The 2 km zone is "
        "nearly a straight edge, which "
        "also catches "
        "the leaps of 700 m to a mast that jump over a zone of 100 m.\n\n"
        "| source | radius | judge | alert | 10 m | 20 m | 30 m | 50 m | 100 m |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        stills->recordings[0], stills->fixes[0], stills->recordings[1], stills->fixes[1],
        STILL_DIRECTIONS);
    for (int source = 0; source < STILL_SOURCES; source++) {
        for (int radius = 0; radius < STILL_RADII; radius++)
            still_rows(out, stills, source, radius);
    }
    fprintf(out, "\n");
}

static void dilution_rows(FILE *out, const struct dilutions *found, enum dilution_source source)
{
    static const char *const sources[] = { "receivers", "phones" };
    static const char *const ways[] = { "5 m for each 1 (before)", "as it is read now",
                                        "not at all", "10 m for each 1, at least 20 m" };

    for (enum dilution_way way = DILUTION_FIVE; way < DILUTION_WAYS; way++) {
        const struct dilution_score *row = found->of[source][way];

        fprintf(out, "| %s | %s |", sources[source], ways[way]);
        for (int edge = 0; edge < DILUTION_EDGES; edge++)
            fprintf(out, " %zu (%zu) |", row[edge].false_breaches, row[edge].false_possibles);
        for (int edge = 0; edge < DILUTION_EDGES; edge++)
            fprintf(out, " %zu (%zu) |", row[edge].missed_breaches, row[edge].missed_altogether);
        fprintf(out, "\n");
    }
}

static void dilutions(FILE *out, const struct dilutions *found)
{
    fprintf(out,
            "## Trackers that tell HDOP and no accuracy\n\n"
            "The devices of the table before, with their accuracy taken from an HDOP. Receivers: "
            "%zu logs of gpsd whose NMEA tells one, %zu fixes; most are short, and hold still what "
            "they say, so they err little. Phones: %zu recordings of mobilitynet, %zu fixes of "
            "100 m accuracy and better, as if each had told an HDOP of %.1f in place of it, which "
            "half of the receivers' is: so they show what an error is that no HDOP tells. Each "
            "lies that far outside of a straight edge, where every alert is false: `breach` "
            "(`possible`); and so far inside, in %d directions, where a run without one misses "
            "it: `breach` (any). An HDOP up to %.0f is worth nothing to breachd, a poorer one "
            "%.0f m for each 1.\n\n"
            "| source | HDOP read | false at 10 m | 20 m | 30 m | 50 m | missed at 10 m | 20 m | "
            "30 m | 50 m |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
            found->recordings[DILUTION_RECEIVERS], found->fixes[DILUTION_RECEIVERS],
            found->recordings[DILUTION_PHONES], found->fixes[DILUTION_PHONES], DILUTION_USUAL,
            STILL_DIRECTIONS, READING_HDOP_USUAL, READING_HDOP_METRES);
    dilution_rows(out, found, DILUTION_RECEIVERS);
    dilution_rows(out, found, DILUTION_PHONES);
    fprintf(out,
            "\nAt 5 m for each 1 the phones' errors are told as `breach`; as unknown none is. The "
            "price is that a shallow stay is told as `possible` alone more often, and at the "
            "receivers, whose logs are a minute or two long, a stay up to 30 m deep: an unknown "
            "accuracy needs company. The last reading is bolder and has no false `breach` here "
            "either, but more false `possible`, up to 50 m off: it is not taken, as these are "
            "phones, which tell no HDOP, and it would be tuned on them. "
            "`sh tests/bench/run.sh detect --quick --ours` makes this section too.\n\n");
}

static void trips(FILE *out, const struct trips *trips)
{
    fprintf(out,
            "## Real trips with marks made by hand\n\n"
            "%zu recordings by phones of a person who pressed START and STOP in two libraries "
            "whose polygons are known: %zu marks. A mark is told when an incident is open within 5 "
            "min of it. Elsewhere: alerts at the other %zu polygons, to which no trip led (though "
            "one may have led past). The bench's geometry and the GEOS answers that come with the "
            "data agree on %zu of %zu fixes.\n\n"
            "| judge | possible | breach | alerts at the libraries | alerts elsewhere |\n"
            "| --- | --- | --- | --- | --- |\n",
            trips->recordings, trips->marks, trips->polygons - 2, trips->agreed, trips->oracle);
    for (enum judge judge = OURS; judge < JUDGES; judge++) {
        const struct trip_score *score = &trips->of[judge];

        fprintf(out, "| %s | %zu of %zu | %zu of %zu | %zu | %zu |\n", judge_name(judge),
                score->possible, trips->marks, score->breach, trips->marks, score->alerts,
                score->elsewhere);
    }
    fprintf(out, "\n");
}

void report_real(FILE *out, const struct findings *found)
{
    if (found->stills->recordings[0] == 0) {
        fprintf(out, "## Real devices\n\nskipped: no ../shared/data here\n");
        return;
    }
    stills(out, found->stills);
    dilutions(out, found->dilutions);
    trips(out, found->trips);
}
