/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/versus_load.h"

#include "core/plane.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/dice.h"

/* A county: where the zones lie, and who is about none of them. */
static const struct lonlat_box county = { { 0.02, 51.46 }, { 1.28, 52.09 } };

void versus_knobs(struct versus_plan *plan, struct knob knobs[VERSUS_KNOBS])
{
    const struct knob all[VERSUS_KNOBS] = {
        { "zones", &plan->zones, 1, 1e6 },      { "devices", &plan->devices, 1, 1e6 },
        { "pings", &plan->pings, 1, 1e7 },      { "about", &plan->about, 0, 1 },
        { "within", &plan->within, 50, 10000 }, { "seed", &plan->seed, 0, UINT32_MAX }
    };

    memcpy(knobs, all, sizeof all);
}

static double to_six_digits(double degrees)
{
    return round(degrees * 1e6) / 1e6;
}

static struct lonlat rounded(struct lonlat at)
{
    return (struct lonlat){ to_six_digits(at.lon), to_six_digits(at.lat) };
}

static struct lonlat anywhere(struct dice *dice)
{
    return rounded((struct lonlat){ dice_between(dice, county.sw.lon, county.ne.lon),
                                    dice_between(dice, county.sw.lat, county.ne.lat) });
}

/* Metres east and north of a place. */
static struct lonlat moved(struct lonlat from, double east, double north)
{
    struct plane plane = plane_at(from);

    return rounded((struct lonlat){ from.lon + east / plane.east, from.lat + north / plane.north });
}

struct walker {
    struct lonlat at;
    const struct lonlat *zone; // that it is about; NULL: none
    double within;
};

static bool may_go(const struct walker *walker, struct lonlat to)
{
    struct plane plane;

    if (walker->zone == NULL)
        return lonlat_box_holds(&county, to);
    plane = plane_at(*walker->zone);
    return fabs(to.lon - walker->zone->lon) * plane.east <= walker->within &&
           fabs(to.lat - walker->zone->lat) * plane.north <= walker->within;
}

/* A step in any direction, or back where that leads out. */
static void step(struct walker *walker, struct dice *dice)
{
    double way = dice_between(dice, 0, 2 * M_PI);
    double east = VERSUS_STEP_M * cos(way), north = VERSUS_STEP_M * sin(way);
    struct lonlat to = moved(walker->at, east, north);

    walker->at = may_go(walker, to) ? to : moved(walker->at, -east, -north);
}

static void begin(struct walker *walker, const struct versus_load *load, size_t device,
                  struct dice *dice)
{
    size_t devices = (size_t)load->plan.devices, zones = (size_t)load->plan.zones;
    double within = load->plan.within;
    bool about = dice_between(dice, 0, 1) < load->plan.about && device < zones;
    size_t own = about ? (zones - device - 1) / devices + 1 : 0; // how many are its own

    *walker = (struct walker){ .at = anywhere(dice), .within = within };
    if (!about)
        return;
    walker->zone = &load->zones[device + devices * dice_below(dice, (unsigned)own)];
    walker->at = moved(*walker->zone, dice_between(dice, -within, within),
                       dice_between(dice, -within, within));
}

static void walk(struct versus_load *load, struct dice *dice)
{
    size_t devices = (size_t)load->plan.devices;
    struct walker *walkers = needed(calloc(devices, sizeof *walkers));

    for (size_t i = 0; i < devices; i++)
        begin(&walkers[i], load, i, dice);
    for (size_t i = 0; i < (size_t)load->plan.pings; i++) {
        struct walker *walker = &walkers[i % devices];

        step(walker, dice);
        load->pings[i] =
            (struct versus_ping){ (uint32_t)(i % devices), (uint32_t)(i / devices), walker->at };
    }
    free(walkers);
}

void versus_load_init(struct versus_load *load, const struct versus_plan *plan)
{
    struct dice dice = { (uint64_t)plan->seed };

    *load = (struct versus_load){
        .plan = *plan,
        .zones = needed(calloc((size_t)plan->zones, sizeof *load->zones)),
        .pings = needed(calloc((size_t)plan->pings, sizeof *load->pings)),
        .last = { (int64_t)time(NULL) * 1000 },
    };
    for (size_t i = 0; i < (size_t)plan->zones; i++)
        load->zones[i] = anywhere(&dice);
    walk(load, &dice);
}

void versus_load_fini(struct versus_load *load)
{
    free(load->zones);
    free(load->pings);
}

char *versus_time(const struct versus_load *load, const struct versus_ping *ping,
                  char text[UTC_TEXT_MAX])
{
    int64_t turns = (int64_t)((load->plan.pings - 1) / load->plan.devices);
    int64_t before_s = (turns - ping->turn) * VERSUS_TURN_S;

    utc_print(utc_plus(load->last, -before_s * 1000), text);
    return strcpy(strchr(text, '.'), "Z") - strlen("2020-06-23T20:14:05");
}

size_t versus_json(const struct versus_load *load, const struct versus_ping *ping,
                   char out[VERSUS_PING_MAX])
{
    char text[UTC_TEXT_MAX];

    return (size_t)snprintf(out, VERSUS_PING_MAX,
                            "{\"device\":\"d%u\",\"time\":\"%s\",\"lat\":%.6f,\"lon\":%.6f,"
                            "\"accuracy\":1}",
                            ping->device, versus_time(load, ping, text), ping->at.lat,
                            ping->at.lon);
}

size_t versus_body(const struct versus_load *load, size_t first, size_t n, char *body)
{
    size_t length = 0;

    for (size_t i = 0; i < n; i++) {
        body[length++] = i == 0 ? '[' : ',';
        length += versus_json(load, &load->pings[first + i], body + length);
    }
    body[length++] = ']';
    body[length] = '\0';
    return length;
}
