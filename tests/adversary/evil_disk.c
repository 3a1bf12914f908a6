/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger's disk has a quota, and two devices write it full as fast as they may. */
#include <inttypes.h>
#include <stdio.h>

#include "evil.h"
#include "honest.h"
#include "wire.h"

/* Of 48 MiB: tight from the beginning, and dire when 1.5 are left. */
enum { ROOM_KIB = 4 * 1024, PINGS = 300, BODY_MAX = PINGS * 160 };

static void quota_before(struct testbed *testbed)
{
    testbed_disk_fit(testbed);
}

/* What there is of the ledger once it is started, and so much more. */
static void quota_midway(struct testbed *testbed, int nth)
{
    if (nth == 1)
        testbed_print(testbed, "full", "quota %ld\n", testbed_disk_kib(testbed) + ROOM_KIB);
}

/* In the ring, where each is kept; never in the zone, so that no alert comes of any. */
static int print_pings(struct dice *dice, char body[BODY_MAX])
{
    int64_t now = wall_ms();
    int n = 0;

    for (int i = 0; i < PINGS; i++)
        n += snprintf(body + n, BODY_MAX - (size_t)n,
                      "%c{\"device\":\"evil-%d\",\"time\":%" PRId64
                      ",\"lat\":%.7f,\"lon\":%.5f,\"accuracy\":5}",
                      i == 0 ? '[' : ',', 1 + i % 2, now + i,
                      evil_lat(1 + i % 2) + dice_between(dice, 300, 310) / METRES_PER_DEGREE,
                      HOME_LON);
    return n + snprintf(body + n, BODY_MAX - (size_t)n, "]");
}

static void act_quota(struct evil *evil)
{
    struct wire wire;
    char body[BODY_MAX];

    wire_init(&wire, testbed_path(evil->testbed, "http.sock").text);
    while (!atomic_load(&evil->stop)) {
        wire_post(&wire, GATEWAY_TOKEN, "/v1/pings", body, (size_t)print_pings(&evil->dice, body));
        atomic_fetch_add(&evil->done, 1);
    }
    wire_close(&wire);
}

const struct evil_kind evil_quota = { .name = "quota",
                                      .says = "a gateway's token: its disk's quota is used up",
                                      .act = act_quota,
                                      .before = quota_before,
                                      .midway = quota_midway };
