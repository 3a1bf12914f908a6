/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/population.h"

#include "core/plane.h"

#include <err.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double far_m = 5000; // from the edge to most people

double population_dice(unsigned seed, unsigned who, enum population_throw dice)
{
    // splitmix64 of the three in one number
    uint64_t x = ((uint64_t)seed << 32 | (uint64_t)who << 2 | dice) + 0x9e3779b97f4a7c15;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return (double)((x ^ x >> 31) >> 11) * 0x1p-53;
}

struct lonlat population_home(unsigned seed, unsigned who)
{
    return (struct lonlat){ .lat = 51.5 + 0.5 * population_dice(seed, who, DICE_LATITUDE),
                            .lon = 0.1 + 1.1 * population_dice(seed, who, DICE_LONGITUDE) };
}

double population_north(unsigned seed, unsigned who, double near, unsigned turns)
{
    if (population_dice(seed, who, DICE_NEAR) < near)
        return POPULATION_RADIUS_M + (turns % 2 == 0 ? -POPULATION_STEP_M : POPULATION_STEP_M);
    return POPULATION_RADIUS_M + far_m + turns % 10;
}

size_t population_ping(char out[POPULATION_PING_MAX], unsigned seed, unsigned who, const char *time,
                       double north)
{
    struct lonlat home = population_home(seed, who);

    return (size_t)snprintf(out, POPULATION_PING_MAX,
                            "{\"device\":\"" POPULATION_DEVICE "\",\"time\":\"%s\",\"lat\":%.6f,"
                            "\"lon\":%.6f,\"accuracy\":5}",
                            who, time, home.lat + north / plane_at(home).north, home.lon);
}

static _Noreturn void usage(const char *program, const char *arg, const struct knob *knobs,
                            size_t n)
{
    fprintf(stderr, "%s: %s: not `--name value` of these:\n", program, arg);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "  --%-12s %.10g..%.10g (%.10g)\n", knobs[i].name, knobs[i].least,
                knobs[i].most, *knobs[i].value);
    exit(2);
}

static bool knob_turn(const struct knob *knob, const char *text)
{
    char *end;
    double value = text ? strtod(text, &end) : NAN;

    if (text == NULL || *text == '\0' || *end != '\0' ||
        !(value >= knob->least && value <= knob->most))
        return false;
    *knob->value = value;
    return true;
}

void knobs_read(int argc, char **argv, int first, const struct knob *knobs, size_t n)
{
    for (int i = first; i < argc; i += 2) {
        size_t k = 0;

        while (k < n && (strncmp(argv[i], "--", 2) != 0 || strcmp(argv[i] + 2, knobs[k].name) != 0))
            k++;
        if (k == n || !knob_turn(&knobs[k], argv[i + 1])) // argv ends with NULL
            usage(argv[0], argv[i], knobs, n);
    }
}

void *needed(void *memory)
{
    if (memory == NULL)
        errx(1, "out of memory");
    return memory;
}

void samples_add(struct samples *samples, int64_t us)
{
    if (samples->n == samples->room) {
        samples->room = samples->room ? 2 * samples->room : 1024;
        samples->us = needed(realloc(samples->us, samples->room * sizeof *samples->us));
    }
    samples->us[samples->n++] = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static int by_length(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

double samples_ms(struct samples *samples, double share)
{
    if (samples->n == 0)
        return NAN;
    qsort(samples->us, samples->n, sizeof *samples->us, by_length);
    return samples->us[(size_t)(share * (double)(samples->n - 1))] / 1e3;
}

int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

double used_s(double pid)
{
    struct timespec used;
    clockid_t clock;
    int why = clock_getcpuclockid((pid_t)pid, &clock);

    if (why != 0 || clock_gettime(clock, &used) != 0)
        errx(1, "process %.0f: %s", pid, strerror(why));
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}
