/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cost.c - what a ping costs in core alone: detect_cost far|near|inside|eight [PINGS]. The
 * respondent has one zone of 64 corners. far: 15 to 25 km off. near: in its ring, 50 to 150 m
 * outside. inside: an incident is open. eight: near eight such zones, each told of by itself. Made
 * to be run under callgrind too, where core's share is told by --toggle-collect=watch_ping; the
 * commands are printed.
 */
#include "detect/site.h"

#include "core/belief.h"
#include "core/watch.h"
#include "detect/judge.h"
#include "detect/rng.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CORNERS = 64, PINGS = 1000000, TURN = 512, ZONES = 8 };

static const struct place {
    const char *name;
    double low, high; // metres from the edge, along a ray
    size_t zones;
} places[] = { { "far", 15000, 25000, 1 },
               { "near", 50, 150, 1 },
               { "inside", -80, -30, 1 },
               { "eight", 50, 150, ZONES } };

/* Two radii in turn, so that no corner is superfluous. */
static void make_site(struct site *site)
{
    struct site here = { .plane = plane_at((struct lonlat){ 0.45782, 51.56844 }) };
    struct lonlat ring[CORNERS];

    for (int i = 0; i < CORNERS; i++) {
        double angle = 2 * M_PI * i / CORNERS, radius = i % 2 == 0 ? 200 : 180;

        ring[i] = site_lonlat(&here, (struct metres){ radius * cos(angle), radius * sin(angle) });
    }
    site_polygon(site, "64 corners", ring, CORNERS);
}

/* A slow walk around the zone, as the receiver sees it each 15 s. */
static struct ping *make_pings(const struct site *site, const struct place *place)
{
    struct ping *pings = calloc(TURN, sizeof *pings);
    struct rng rng = rng_of(1, 0, 0);

    if (pings == NULL)
        err(1, "pings");
    for (int i = 0; i < TURN; i++) {
        double angle = 2 * M_PI * i / TURN, wave = (1 + sin(8 * angle)) / 2;
        struct metres at =
            area_place(&site->area, angle, place->low + (place->high - place->low) * wave);

        at.x += 3 * rng_normal(&rng);
        at.y += 3 * rng_normal(&rng);
        pings[i] = (struct ping){ .device = "tag", .accuracy = 8, .battery = NAN };
        pings[i].at = site_lonlat(site, at);
    }
    return pings;
}

static double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double ns_a_ping(const struct site *site, size_t zones, struct ping *pings, long n)
{
    struct detect detect = judge_detect("");
    static struct estimate estimate;
    static struct known_device device = { .estimate = &estimate };
    static struct incident incidents[ZONES];
    static struct outcome outcome;
    struct known_device *devices[] = { &device };
    struct incident *incident_views[ZONES];
    const struct exclusion *exclusions[ZONES];
    struct respondent who = *site->who;
    struct track track = { .devices = devices, .incidents = incident_views };
    struct watch watch = { .civil = rulebook_civil(site->rules), .detect = &detect };
    struct utc when = { 1592899200000 };
    double began;

    for (size_t i = 0; i < zones; i++) {
        exclusions[i] = site->who->exclusions[0];
        incident_views[i] = &incidents[i];
    }
    who.exclusions = exclusions;
    who.n_exclusions = zones;
    began = now_ns();
    for (long i = 0; i < n; i++) {
        struct ping *ping = &pings[i % TURN];

        when.ms += 15000;
        ping->time = when;
        watch_ping(&watch, &who, &track, 0, ping, when, &outcome);
    }
    return (now_ns() - began) / (double)n;
}

static double distance(const void *area, struct metres at, double horizon)
{
    const struct site *site = area;

    return zone_distance(site->who->exclusions[0]->zone, site_lonlat(site, at), horizon);
}

/* The same pings before core/belief alone: heard, looked at, and the way where he is outside. */
static double ns_a_belief(const struct site *site, const struct ping *pings, long n)
{
    static struct belief belief;
    struct belief_zone zone = { distance, site, NAN };
    struct belief_fix fix = { .when = { 1592899200000 }, .accuracy = 8 };
    struct belief_step step;
    double began = now_ns();

    for (long i = 0; i < n; i++) {
        fix.when.ms += 15000;
        fix.at = plane_project(&site->plane, pings[i % TURN].at);
        if (belief_hear(&belief_usual, &belief, &fix, &step) &&
            belief_evaluate(&belief_usual, &belief, &step, &zone).inside < 0.3)
            belief_way(&belief_usual, &belief, &step, &zone);
    }
    return (now_ns() - began) / (double)n;
}

int main(int argc, char **argv)
{
    struct site site;
    struct ping *pings;
    const struct place *place = NULL;
    long n = argc > 2 ? strtol(argv[2], NULL, 10) : PINGS;

    for (size_t i = 0; argc > 1 && i < sizeof places / sizeof *places; i++)
        place = strcmp(argv[1], places[i].name) == 0 ? &places[i] : place;
    if (place == NULL || n < 1)
        errx(2, "usage: detect_cost far|near|inside|eight [PINGS]");
    make_site(&site);
    pings = make_pings(&site, place);
    printf("%-7s %8.1f ns a ping, %ld pings: detect_cost %s %ld\n", place->name,
           ns_a_ping(&site, place->zones, pings, n), n, place->name, n);
    printf("belief  %8.1f ns a ping, the same pings before core/belief alone\n",
           ns_a_belief(&site, pings, n));
    printf("instructions: valgrind --tool=callgrind --toggle-collect=watch_ping "
           "--callgrind-out-file=/dev/null detect_cost %s 10000\n",
           place->name);
    free(pings);
    site_fini(&site);
    return 0;
}
