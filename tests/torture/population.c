/* SPDX-License-Identifier: Apache-2.0 */
#include "population.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* breachd's clock is that of its turn: a report of this very millisecond could be ahead of it. */
enum { BEHIND_MS = 100 };

static const double south = 51.30, west = -0.20; // of the testbed's region
static const double row_degrees = 0.03, column_degrees = 0.08;
static const double degree_east = 69500; // metres, at 51.5 N; nothing depends on its exactness

enum { COLUMNS = 20 };

/* Read back from its text, so that breachd and the oracle hold the same double. */
static double as_printed(double degrees)
{
    char text[32];

    snprintf(text, sizeof text, "%.7f", degrees);
    return strtod(text, NULL);
}

static struct lonlat place(const struct resident *resident, double x, double y)
{
    return (struct lonlat){ as_printed(resident->centre.lon + x / degree_east),
                            as_printed(resident->centre.lat + y / METRES_PER_DEGREE) };
}

static void settle(struct resident *resident, size_t nth, unsigned long seed)
{
    double row = (double)(nth / COLUMNS), column = (double)(nth % COLUMNS);

    resident->habit = (enum habit)(nth % HABITS);
    resident->dice.state = seed * 1000003 + nth;
    resident->centre.lat = as_printed(south + row * row_degrees);
    resident->centre.lon = as_printed(west + column * column_degrees);
    resident->n_devices = resident->habit == HABIT_PAIR ? 2 : 1;
    snprintf(resident->respondent, sizeof resident->respondent, "R-%03zu", nth);
    snprintf(resident->order, sizeof resident->order, "T-%03zu", nth);
    for (size_t i = 0; i < resident->n_devices; i++) {
        struct carried_device *device = &resident->devices[i];

        snprintf(device->id, sizeof device->id, "%s-%03zu", i == 0 ? "tag" : "phone", nth);
        device->x = device->to_x = resident->habit == HABIT_RING ? 200 : 80;
    }
}

struct population *population_create(size_t n, unsigned long seed)
{
    struct population *population = calloc(1, sizeof *population);

    if (population == NULL)
        return NULL;
    population->n = n;
    for (size_t i = 0; i < n; i++)
        settle(&population->residents[i], i, seed);
    return population;
}

void population_destroy(struct population *population)
{
    if (population == NULL)
        return;
    for (size_t i = 0; i < population->n; i++)
        free(population->residents[i].journal);
    free(population);
}

/* A square of 80 m whose west side lies 20 m east of the centre. */
static void print_square(const struct resident *resident, char *out, size_t size)
{
    struct lonlat sw = place(resident, 20, -40), ne = place(resident, 100, 40);

    snprintf(out, size,
             "\n[zone %s/yard]\nwkt = POLYGON ((%.7f %.7f, %.7f %.7f, %.7f %.7f, %.7f %.7f, "
             "%.7f %.7f))\nwarn = 600 m\n",
             resident->order, sw.lon, sw.lat, ne.lon, sw.lat, ne.lon, ne.lat, sw.lon, ne.lat,
             sw.lon, sw.lat);
}

void population_write(const struct population *population, const struct testbed *testbed)
{
    testbed_set(testbed, "breachd.conf", "detect", "update", "3s");
    testbed_set(testbed, "breachd.conf", "detect", "ping-interval",
                "1s"); // small zones: no warning
    // Counts in a text told again depend on when the pings came, not on when they were taken.
    testbed_set(testbed, "breachd.conf", "alerts", "device-interval", "24h");
    for (size_t i = 0; i < population->n; i++) {
        const struct resident *who = &population->residents[i];
        char name[64], yard[512] = "", phone[64] = "";

        snprintf(name, sizeof name, "orders.d/%s.conf", who->order);
        if (who->n_devices > 1)
            snprintf(phone, sizeof phone, ", %s", who->devices[1].id);
        if (who->habit == HABIT_TWINS)
            print_square(who, yard, sizeof yard);
        testbed_print(testbed, name,
                      "[order %s]\nkind = other\nclause = 3\nrespondent = %s\ndevices = %s%s\n"
                      "area = %s\nmonitoring = consent\nfrom = 2020-01-01T00:00:00Z\n"
                      "served = 2020-01-01T00:00:00Z\n\n"
                      "[zone %s/home]\ncentre = %.7f, %.7f\nradius = %d m\nwarn = 600 m\n%s",
                      who->order, who->respondent, who->devices[0].id, phone,
                      i % 2 == 0 ? "Basildon" : "Harlow", who->order, who->centre.lat,
                      who->centre.lon, who->habit == HABIT_RING ? 60 : 50, yard);
    }
}

/* ---- the next step ---- */

static struct report *next_entry(struct resident *resident)
{
    if (resident->n == resident->room) {
        size_t room = resident->room + JOURNAL_ROOM;
        struct report *larger = reallocarray(resident->journal, room, sizeof *larger);

        if (larger == NULL)
            return NULL;
        resident->journal = larger;
        resident->room = room;
    }
    return &resident->journal[resident->n];
}

/* Towards a point within 280 m of the centre, at up to 20 m/s: always in the zone or its ring. */
static void wander(struct resident *resident, struct carried_device *device, double seconds)
{
    double dx = device->to_x - device->x, dy = device->to_y - device->y, left = hypot(dx, dy);
    double step = fmin(dice_between(&resident->dice, 2, 20) * fmin(seconds, 4), left);

    if (left < 1) {
        double angle = dice_between(&resident->dice, 0, 6.283185307);
        double far = dice_below(&resident->dice, 2) ? dice_between(&resident->dice, 0, 40)
                                                    : dice_between(&resident->dice, 80, 280);

        device->to_x = far * cos(angle);
        device->to_y = far * sin(angle);
        return;
    }
    device->x += dx / left * step;
    device->y += dy / left * step;
}

/* In or out, never on the edge, never over 90 m in one step: two seconds are enough for that. */
static void hop(struct resident *resident, struct carried_device *device)
{
    bool inside = dice_below(&resident->dice, 100) < 45;

    device->x =
        inside ? dice_between(&resident->dice, 0, 35) : dice_between(&resident->dice, 65, 90);
    device->y = 0;
}

/* Between 60 m west of the circle and 20 m east of the yard. */
static void stride(struct resident *resident, struct carried_device *device)
{
    double x = device->x + dice_between(&resident->dice, -70, 70);

    device->x = fmax(-110, fmin(120, x));
    device->y = 0;
}

/* What the device says of itself; its clock is wrong only while he is out. */
static void feel(struct resident *resident, struct report *report, bool is_out)
{
    unsigned mood = dice_below(&resident->dice, 40);

    if (mood < 3)
        report->ping.battery = mood == 0 ? 90 : 7;
    report->ping.tamper = mood == 4;
    if (mood == 5 && is_out) {
        report->by_arrival = true;
        report->ping.time =
            dice_below(&resident->dice, 2) ? utc_plus(report->made, 300000) : (struct utc){ 5000 };
    }
}

/* A receiver that leaps 5 km for once, or a ping of some seconds ago that comes only now. */
static void be_restless(struct resident *resident, const struct carried_device *device,
                        struct report *report)
{
    if (dice_below(&resident->dice, 3) == 0) {
        report->ping.at = place(resident, device->x + 5000, device->y);
        report->ping.time = utc_plus(device->last, 1);
        return;
    }
    report->ping.time = utc_plus(device->last, -1000 - (int64_t)dice_below(&resident->dice, 20000));
    report->ping.at =
        place(resident, dice_between(&resident->dice, -50, 50) + device->x / 2, device->y / 2);
}

static void step(struct resident *resident, struct carried_device *device, struct report *report)
{
    double seconds = (double)(report->made.ms - device->last.ms) / 1000;
    bool was_out = device->x > 60;

    if (resident->habit == HABIT_RING)
        wander(resident, device, seconds);
    else if (resident->habit == HABIT_TWINS)
        stride(resident, device);
    else
        hop(resident, device);
    report->ping.at = place(resident, device->x, device->y);
    if (resident->habit == HABIT_EDGE)
        feel(resident, report, was_out && device->x > 60);
    device->last = report->made;
    device->restless = resident->habit == HABIT_RING && dice_below(&resident->dice, 8) == 0;
}

bool resident_report(struct resident *resident, size_t nth, struct utc now, size_t *out_index)
{
    struct carried_device *device = &resident->devices[nth];
    struct report *report = next_entry(resident);

    if (report == NULL)
        return false;
    *report = (struct report){
        .ping = { .time = utc_plus(now, -BEHIND_MS), .accuracy = 8, .battery = NAN }, .made = now
    };
    snprintf(report->ping.device, sizeof report->ping.device, "%s", device->id);
    if (device->restless) {
        be_restless(resident, device, report);
        report->restless = true;
        device->restless = false;
    } else {
        step(resident, device, report);
    }
    *out_index = resident->n++;
    return true;
}

void report_print(const struct report *report, char out[REPORT_JSON_MAX])
{
    const struct ping *ping = &report->ping;
    char when[UTC_TEXT_MAX], battery[32] = "";

    if (!isnan(ping->battery))
        snprintf(battery, sizeof battery, ",\"battery\":%.0f", ping->battery);
    snprintf(out, REPORT_JSON_MAX,
             "{\"device\":\"%s\",\"time\":\"%s\",\"lat\":%.7f,\"lon\":%.7f,\"accuracy\":%.0f%s%s}",
             ping->device, utc_print(ping->time, when), ping->at.lat, ping->at.lon, ping->accuracy,
             battery, ping->tamper ? ",\"tamper\":true" : "");
}
