/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testbed.h"

#include <inttypes.h>
#include <stdio.h>

#include "support/test.h"

void testbed_order(const struct testbed *testbed, const char *id, const char *device, double north,
                   double radius, const char *more)
{
    char name[96];

    snprintf(name, sizeof(name), "orders.d/%s.conf", id);
    testbed_print(testbed, name,
                  "[order %s]\nkind = DVPO\nclause = 3\nrespondent = R-%s\ndevices = %s\n"
                  "area = Basildon\nmonitoring = consent\nfrom = 2020-01-01T00:00:00Z\n"
                  "served = 2020-01-01T00:00:00Z\n\n"
                  "[zone %s/home]\ncentre = %.6f, %.6f\nradius = %.0f m\n%s",
                  id, id, device, id, HOME_LAT + north / METRES_PER_DEGREE, HOME_LON, radius, more);
}

char *testbed_ping_print(const struct testbed *testbed, const char *device, int second,
                         double north, char json[TESTBED_PING_MAX])
{
    snprintf(json, TESTBED_PING_MAX,
             "{\"device\":\"%s\",\"time\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.7f,\"accuracy\":8}",
             device, testbed->base + second, HOME_LAT + north / METRES_PER_DEGREE, HOME_LON);
    return json;
}

int testbed_ping(struct testbed *testbed, const char *device, int second, double north)
{
    char json[TESTBED_PING_MAX];

    return testbed_post(testbed, testbed_ping_print(testbed, device, second, north, json));
}

void testbed_open(struct testbed *testbed, const char *zone, const char *argument)
{
    testbed_order(testbed, "A", "tag-1", 0, 200, zone);
    if (testbed->db == NULL)
        testbed_redis_start(testbed, "");
    testbed_start(testbed, argument, NULL);
}

/* From the ring into the zone, on to its middle, a stay, and away: at most 1.5 m/s. */
static const struct step {
    int second;
    double north;
} walk[] = { { 0, 900 },  { 120, 780 }, { 240, 600 },  { 360, 420 },  { 480, 240 }, { 540, 150 },
             { 600, 60 }, { 900, 30 },  { 1000, 150 }, { 1050, 225 }, { 1100, 300 } };

void testbed_visit(struct testbed *testbed)
{
    testbed_open(testbed, "warn = 800 m\n", "--rehearse");
    for (size_t i = 0; i < sizeof(walk) / sizeof(*walk); i++)
        assert_int_equal(testbed_ping(testbed, "tag-1", walk[i].second, walk[i].north), 200);
}
