/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walks.c - a recording to replay: `walks FILE --people N --pings N` writes as many pings as
 * NDJSON, of a population's people in turn, each with a ping every 15 s, who stroll out to a
 * kilometre from the middle of their zones, back, and out again.
 */
#include "bench/population.h"
#include "core/instant.h"
#include "core/plane.h"

#include <err.h>
#include <math.h>
#include <stdio.h>

enum { INTERVAL_MS = 15000 };
static const int64_t begin_ms = 1592938800000; // 2020-06-23T19:00:00Z
static const double pace = 1.4, turn_m = 1000;

/* Metres north of home: to and fro, everybody from a place of his own. */
static double stand(unsigned seed, unsigned who, unsigned turn)
{
    double way =
        2 * turn_m * population_dice(seed, who, DICE_WHEN) + pace * INTERVAL_MS / 1000 * turn;

    return fabs(fmod(way, 2 * turn_m) - turn_m);
}

int main(int argc, char **argv)
{
    double people = 1000, pings = 200000, seed = 1;
    const struct knob knobs[] = { { "people", &people, 1, POPULATION_PEOPLE_MAX },
                                  { "pings", &pings, 1, 1e8 },
                                  { "seed", &seed, 0, UINT32_MAX } };
    char time[UTC_TEXT_MAX];
    FILE *file;

    if (argc < 2)
        errx(2, "usage: walks FILE [--people N --pings N --seed S]");
    knobs_read(argc, argv, 2, knobs, sizeof knobs / sizeof *knobs);
    file = fopen(argv[1], "we");
    if (file == NULL)
        err(1, "%s", argv[1]);
    for (unsigned i = 0; i < (unsigned)pings; i++) {
        unsigned who = i % (unsigned)people, turn = i / (unsigned)people;
        struct lonlat home = population_home((unsigned)seed, who);
        double north = stand((unsigned)seed, who, turn);

        utc_print((struct utc){ begin_ms + (int64_t)turn * INTERVAL_MS + who }, time);
        fprintf(file,
                "{\"device\":\"" POPULATION_DEVICE "\",\"time\":\"%s\",\"lat\":%.6f,\"lon\":%.6f,"
                "\"accuracy\":8}\n",
                who, time, home.lat + north / plane_at(home).north, home.lon);
    }
    if (ferror(file) || fclose(file) != 0)
        err(1, "%s", argv[1]);
    return 0;
}
