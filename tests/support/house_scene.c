/* SPDX-License-Identifier: Apache-2.0 */
#include "support/house.h"

#include <inttypes.h>
#include <stdio.h>

#include "support/test.h"

void house_order(const struct house *house, const char *id, const char *device, double north,
                 double radius, const char *more)
{
    char name[96];

    snprintf(name, sizeof(name), "orders.d/%s.conf", id);
    house_print(house, name,
                "[order %s]\nkind = DVPO\nclause = 3\nrespondent = R-%s\ndevices = %s\n"
                "area = Basildon\nmonitoring = consent\nfrom = 2020-01-01T00:00:00Z\n"
                "served = 2020-01-01T00:00:00Z\n\n"
                "[zone %s/home]\ncentre = %.6f, %.6f\nradius = %.0f m\n%s",
                id, id, device, id, HOME_LAT + north / METRES_PER_DEGREE, HOME_LON, radius, more);
}

char *house_ping_print(const struct house *house, const char *device, int second, double north,
                       char json[HOUSE_PING_MAX])
{
    snprintf(json, HOUSE_PING_MAX,
             "{\"device\":\"%s\",\"time\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f,\"accuracy\":8}",
             device, house->base + second, HOME_LAT + north / METRES_PER_DEGREE, HOME_LON);
    return json;
}

int house_ping(struct house *house, const char *device, int second, double north)
{
    char json[HOUSE_PING_MAX];

    return house_post(house, house_ping_print(house, device, second, north, json));
}

void house_open(struct house *house, const char *zone, const char *argument)
{
    house_order(house, "A", "tag-1", 0, 200, zone);
    if (house->db == NULL)
        house_redis_start(house, "");
    house_start(house, argument, NULL);
}

/* From the ring into the zone, on to its middle, a stay, and away: at most 1.5 m/s. */
static const struct step {
    int second;
    double north;
} walk[] = { { 0, 900 },   { 120, 780 }, { 240, 600 }, { 360, 420 },  { 480, 240 },
             { 540, 150 }, { 600, 60 },  { 900, 30 },  { 1000, 150 }, { 1100, 300 } };

void house_evening(struct house *house)
{
    house_open(house, "warn = 800 m\n", "--rehearse");
    for (size_t i = 0; i < sizeof(walk) / sizeof(*walk); i++)
        assert_int_equal(house_ping(house, "tag-1", walk[i].second, walk[i].north), 200);
}
