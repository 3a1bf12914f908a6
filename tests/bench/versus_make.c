/* SPDX-License-Identifier: Apache-2.0 */
/*
 * versus_make.c - a load as FOLDER/orders.d for breachd; and for Redis as commands, to be given to
 * `redis-cli --pipe`: FOLDER/zones and, of a script loaded as SHA1, FOLDER/calls; and
 * FOLDER/entries of breachd's own stream.
 */
#include "bench/versus_load.h"

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/file.h"

enum { WORDS_MAX = 16, WORD_MAX = 48, ORDERS_A_FILE = 100 };

static void command(FILE *file, char words[WORDS_MAX][WORD_MAX], size_t n)
{
    fprintf(file, "*%zu\r\n", n);
    for (size_t i = 0; i < n; i++)
        fprintf(file, "$%zu\r\n%s\r\n", strlen(words[i]), words[i]);
}

#define WORD(i, ...) snprintf(words[i], WORD_MAX, __VA_ARGS__)

/* A key a device, so that only its own are looked at. */
static void zones_write(const struct versus_load *load)
{
    FILE *file = file_open("zones");
    char words[WORDS_MAX][WORD_MAX] = { "GEOADD" };

    for (size_t i = 0; i < (size_t)load->plan.zones; i++) {
        WORD(1, "zones:d%zu", i % (size_t)load->plan.devices);
        WORD(2, "%.6f", load->zones[i].lon);
        WORD(3, "%.6f", load->zones[i].lat);
        WORD(4, "z%zu", i);
        command(file, words, 5);
    }
    file_close(file, "zones");
}

static void calls_write(const struct versus_load *load, const char *sha1)
{
    FILE *file = file_open("calls");
    char words[WORDS_MAX][WORD_MAX] = { "EVALSHA" };

    WORD(1, "%s", sha1);
    WORD(2, "0");
    WORD(6, "%.0f", VERSUS_RADIUS_M);
    for (size_t i = 0; i < (size_t)load->plan.pings; i++) {
        const struct versus_ping *ping = &load->pings[i];

        WORD(3, "d%u", ping->device);
        WORD(4, "%.6f", ping->at.lon);
        WORD(5, "%.6f", ping->at.lat);
        WORD(7, "zones:d%u", ping->device);
        command(file, words, 8);
    }
    file_close(file, "calls");
}

static void entries_write(const struct versus_load *load)
{
    FILE *file = file_open("entries");
    char words[WORDS_MAX][WORD_MAX] = { "XADD", "breachd:pings", "*", "device", "", "time",
                                        "",     "lat",           "",  "lon",    "", "accuracy",
                                        "1" };
    char text[UTC_TEXT_MAX];

    for (size_t i = 0; i < (size_t)load->plan.pings; i++) {
        const struct versus_ping *ping = &load->pings[i];

        WORD(4, "d%u", ping->device);
        WORD(6, "%s", versus_time(load, ping, text));
        WORD(8, "%.6f", ping->at.lat);
        WORD(10, "%.6f", ping->at.lon);
        command(file, words, 13);
    }
    file_close(file, "entries");
}

static void order_write(FILE *file, const struct versus_load *load, size_t device)
{
    size_t devices = (size_t)load->plan.devices;

    fprintf(file,
            "[order O-%zu]\nkind = other\nrespondent = R-%zu\ndevices = d%zu\narea = Test\n"
            "monitoring = bail\nfrom = 2000-01-01T00:00:00Z\nserved = 2000-01-01T00:00:00Z\n"
            "until = 2100-01-01T00:00:00Z\n",
            device, device, device);
    for (size_t i = device; i < (size_t)load->plan.zones; i += devices)
        fprintf(file, "[zone O-%zu/z%zu]\ncentre = %.6f, %.6f\nradius = %.0f m\nwarn = 0 m\n",
                device, i, load->zones[i].lat, load->zones[i].lon, VERSUS_RADIUS_M);
}

static void orders_write(const struct versus_load *load)
{
    char path[64];

    if (mkdir("orders.d", 0700) != 0)
        err(1, "orders.d");
    for (size_t first = 0; first < (size_t)load->plan.devices; first += ORDERS_A_FILE) {
        FILE *file;

        snprintf(path, sizeof path, "orders.d/%06zu.conf", first);
        file = file_open(path);
        for (size_t i = first; i < first + ORDERS_A_FILE && i < (size_t)load->plan.devices; i++)
            order_write(file, load, i);
        file_close(file, path);
    }
}

int main(int argc, char **argv)
{
    struct versus_plan plan = VERSUS_DEFAULT;
    struct knob knobs[VERSUS_KNOBS];
    struct versus_load load;

    versus_knobs(&plan, knobs);
    if (argc < 3)
        errx(2, "usage: versus_make FOLDER SHA1 [--knob value]...");
    knobs_read(argc, argv, 3, knobs, VERSUS_KNOBS);
    if (chdir(argv[1]) != 0)
        err(1, "%s", argv[1]);
    versus_load_init(&load, &plan);
    zones_write(&load);
    calls_write(&load, argv[2]);
    entries_write(&load);
    orders_write(&load);
    versus_load_fini(&load);
    return 0;
}
