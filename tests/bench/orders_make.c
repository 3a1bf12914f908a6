/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orders_make.c - a population as FOLDER/breachd.conf and FOLDER/orders.d, with one order a person.
 */
#include "bench/population.h"
#include "core/plane.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/file.h"

struct make {
    double people, seed, polygons, each, port; // polygons: their share; each: orders in one file
};

enum { CORNERS = 64 };

/*
 * Redis and ledger lie in the folder too: sequences of one population never meet those of another.
 */
static void settings_write(const struct make *make)
{
    FILE *file = file_open("breachd.conf");

    fprintf(file,
            "[site]\nname = bench\nregion = 51.40,0.00 52.10,1.30\norders = orders.d\n\n"
            "[ledger]\npath = ledger.db\n\n"
            "[http]\nlisten = 127.0.0.1:%.0f\n\n"
            "[redis]\nurl = unix:redis.sock\n",
            make->port);
    file_close(file, "breachd.conf");
}

static void circle_write(FILE *file, struct lonlat home)
{
    fprintf(file, "centre = %.6f, %.6f\nradius = %.0f m\n", home.lat, home.lon,
            POPULATION_RADIUS_M);
}

/* The circle by its corners, one of them due north, where people step over the edge. */
static void polygon_write(FILE *file, struct lonlat home)
{
    struct plane plane = plane_at(home);

    fprintf(file, "wkt = POLYGON ((");
    for (int i = 0; i <= CORNERS; i++) {
        double angle = 2 * M_PI * (i % CORNERS) / CORNERS;

        fprintf(file, "%s%.6f %.6f", i > 0 ? ", " : "",
                home.lon + POPULATION_RADIUS_M * sin(angle) / plane.east,
                home.lat + POPULATION_RADIUS_M * cos(angle) / plane.north);
    }
    fprintf(file, "))\n");
}

static void order_write(FILE *file, const struct make *make, unsigned who)
{
    static const char *const areas[] = { "Basildon", "Chelmsford", "Clacton", "Harlow",
                                         "Southend" };
    unsigned seed = (unsigned)make->seed;
    struct lonlat home = population_home(seed, who);

    fprintf(file,
            "[order B-%06u]\nkind = non-molestation\nclause = 1\nrespondent = R-%06u\n"
            "devices = " POPULATION_DEVICE "\narea = %s\nmonitoring = consent\n"
            "from = 2020-01-01T00:00:00Z\nserved = 2020-01-01T00:00:00Z\n\n"
            "[zone B-%06u/home]\n",
            who, who, who, areas[who % 5], who);
    if (population_dice(seed, who, DICE_SHAPE) < make->polygons)
        polygon_write(file, home);
    else
        circle_write(file, home);
    fprintf(file, "warn = 800 m\n\n");
}

static void orders_write(const struct make *make)
{
    unsigned people = (unsigned)make->people, each = (unsigned)make->each;
    char path[32];

    for (unsigned who = 0; who < people;) {
        FILE *file;

        snprintf(path, sizeof path, "orders.d/%06u.conf", who);
        file = file_open(path);
        do
            order_write(file, make, who++);
        while (who < people && who % each != 0);
        file_close(file, path);
    }
}

int main(int argc, char **argv)
{
    struct make make = { .people = 100000, .seed = 1, .polygons = 0.05, .each = 1, .port = 8751 };
    const struct knob knobs[] = {
        { "people", &make.people, 1, POPULATION_PEOPLE_MAX },
        { "seed", &make.seed, 0, UINT32_MAX },
        { "polygons", &make.polygons, 0, 1 },
        { "each", &make.each, 1, POPULATION_PEOPLE_MAX },
        { "port", &make.port, 1, 65535 },
    };

    if (argc < 2)
        errx(2,
             "usage: orders_make FOLDER [--people N --seed S --polygons SHARE --each N --port P]");
    knobs_read(argc, argv, 2, knobs, sizeof knobs / sizeof *knobs);
    if (mkdir(argv[1], 0700) != 0 || chdir(argv[1]) != 0 || mkdir("orders.d", 0700) != 0)
        err(1, "%s", argv[1]);
    settings_write(&make);
    orders_write(&make);
    return 0;
}
