/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pings.c - pings of now, one a line, for programs that send lines: everybody has his turn, and
 * times rise by a millisecond a round.
 */
#include "bench/population.h"
#include "core/instant.h"

#include <err.h>
#include <stdio.h>
#include <time.h>

int main(int argc, char **argv)
{
    double people = 100000, entries = 1e6, near = 0, seed = 1;
    const struct knob knobs[] = { { "people", &people, 1, POPULATION_PEOPLE_MAX },
                                  { "entries", &entries, 1, 1e8 },
                                  { "near", &near, 0, 1 },
                                  { "seed", &seed, 0, UINT32_MAX } };
    struct utc from = { (int64_t)time(NULL) * 1000 };

    knobs_read(argc, argv, 1, knobs, sizeof knobs / sizeof *knobs);
    for (unsigned nth = 0; nth < (unsigned)entries; nth++) {
        unsigned who = nth % (unsigned)people, turns = nth / (unsigned)people;
        char time[UTC_TEXT_MAX], ping[POPULATION_PING_MAX];

        utc_print(utc_plus(from, turns), time);
        population_ping(ping, (unsigned)seed, who, time,
                        population_north((unsigned)seed, who, near, turns));
        puts(ping);
    }
    if (fflush(stdout) != 0)
        err(1, "stdout");
    return 0;
}
