/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/dilution.h"

#include "adapter/ping/reading.h"
#include "detect/pile.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { DAY_S = 24 * 3600, GGA_HDOP = 8 };

const double dilution_edges[DILUTION_EDGES] = { 10, 20, 30, 50 };

/* ---- the HDOP of a receiver's NMEA, by the second of the day ---- */

static double hdops[DAY_S];

/* $..GGA,hhmmss.ss,lat,N,lon,E,quality,satellites,HDOP,… */
static void read_line(const char *line)
{
    const char *at = strstr(line, "GGA,");
    int hour, minute, second;
    double hdop;

    if (at == NULL || sscanf(at + 4, "%2d%2d%2d", &hour, &minute, &second) != 3 || hour > 23 ||
        minute > 59 || second > 59)
        return;
    for (int i = 0; i < GGA_HDOP && at != NULL; i++) {
        at = strchr(at, ',');
        at = at != NULL ? at + 1 : NULL;
    }
    if (at != NULL && sscanf(at, "%lf", &hdop) == 1 && hdop > 0)
        hdops[hour * 3600 + minute * 60 + second] = hdop;
}

static void read_nmea(const char *shared_data, const char *track)
{
    char path[512], line[512];
    gzFile file;

    for (int i = 0; i < DAY_S; i++)
        hdops[i] = NAN;
    snprintf(path, sizeof path, "%s/tracks-gpsd/raw/%s.log.gz", shared_data, track);
    file = gzopen(path, "r");
    while (file != NULL && gzgets(file, line, sizeof line) != NULL)
        read_line(line);
    if (file != NULL)
        gzclose(file);
}

/* ---- one recording ---- */

static double accuracy_of(enum dilution_way way, double hdop)
{
    switch (way) {
    case DILUTION_FIVE:
        return 5 * hdop;
    case DILUTION_READ:
        return reading_accuracy(NAN, hdop);
    case DILUTION_LEAST:
        return fmax(20, 10 * hdop);
    case DILUTION_NONE:
    case DILUTION_WAYS:
        break;
    }
    return NAN;
}

/* Copies those fixes that told an HDOP; how many. */
static size_t dilute(enum dilution_source source, enum dilution_way way,
                     const struct recorded *rows, size_t n, struct recorded *out)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        double hdop = source == DILUTION_PHONES
                          ? DILUTION_USUAL
                          : hdops[((long long)rows[i].epoch % DAY_S + DAY_S) % DAY_S];

        // A mast's fix has no HDOP: a tracker has none of those.
        if (isnan(hdop) || (source == DILUTION_PHONES && !(rows[i].accuracy <= 100)))
            continue;
        out[kept] = rows[i];
        out[kept++].accuracy = accuracy_of(way, hdop);
    }
    return kept;
}

static void count(const struct sayings *sayings, bool inside, struct dilution_score *score)
{
    size_t breaches = 0, possibles = 0;

    for (size_t i = 0; i < sayings->n; i++) {
        breaches += sayings->list[i].word == SAYS_BREACH;
        possibles += sayings->list[i].word == SAYS_POSSIBLE;
    }
    if (!inside) {
        score->false_breaches += breaches;
        score->false_possibles += possibles;
        return;
    }
    score->missed_breaches += breaches == 0;
    score->missed_altogether += breaches + possibles == 0;
}

static void each_edge(const struct recorded *rows, size_t n, const struct site *site,
                      const struct detect *detect, struct dilution_score of[DILUTION_EDGES])
{
    struct run run = { 0 };
    struct sayings sayings = { 0 };

    for (int edge = 0; edge < DILUTION_EDGES; edge++) {
        for (int i = 0; i < 2 * STILL_DIRECTIONS; i++) {
            bool inside = i >= STILL_DIRECTIONS;
            double off = inside ? -dilution_edges[edge] : dilution_edges[edge];

            still_carry(&run, rows, n, site, 2 * M_PI * i / STILL_DIRECTIONS,
                        site->area.radius + off);
            judge_run(OURS, detect, site, &run, &sayings);
            count(&sayings, inside, &of[edge]);
        }
    }
    run_fini(&run);
    sayings_fini(&sayings);
}

static void one_recording(enum dilution_source source, const struct recorded *rows, size_t n,
                          const struct site *site, const struct detect *detect,
                          struct dilutions *out)
{
    struct recorded *diluted = calloc(n, sizeof *diluted);
    size_t kept = 0;

    if (diluted == NULL)
        err(1, "recordings");
    for (enum dilution_way way = DILUTION_FIVE; way < DILUTION_WAYS; way++) {
        kept = dilute(source, way, rows, n, diluted);
        if (kept > 0)
            each_edge(diluted, kept, site, detect, out->of[source][way]);
    }
    out->recordings[source] += kept > 0;
    out->fixes[source] += kept;
    free(diluted);
}

void dilution_run(const char *shared_data, const struct detect *detect, struct dilutions *out)
{
    static const char *const piles[] = { "gpsd", "mobilitynet" };
    static const int stills[] = { 1, 0 }; // of still_sources
    const struct recorded *rows;
    struct site site;
    size_t n;

    *out = (struct dilutions){ 0 };
    site_circle(&site, still_radii[STILL_RADII - 1]);
    for (enum dilution_source source = 0; source < DILUTION_SOURCES; source++) {
        struct pile pile = pile_read(shared_data, piles[source]);

        while ((rows = pile_next(&pile, &n)) != NULL) {
            if (!still_lay(stills[source], rows, n))
                continue;
            if (source == DILUTION_RECEIVERS)
                read_nmea(shared_data, rows->track);
            one_recording(source, rows, n, &site, detect, out);
        }
        pile_fini(&pile);
    }
    site_fini(&site);
}
