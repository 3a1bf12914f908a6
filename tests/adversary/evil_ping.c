/* SPDX-License-Identifier: Apache-2.0 */
/* Adversaries with the access of nobody, of one device, or of a gateway. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "evil.h"
#include "honest.h"

enum { BODY_MAX = 48 * 1024 };

static struct wire wire_of(const struct evil *evil)
{
    struct wire wire;

    wire_init(&wire, testbed_path(evil->testbed, "http.sock").text);
    return wire;
}

double evil_lat(int nth)
{
    return HOME_LAT - (nth + 1) * 5000.0 / METRES_PER_DEGREE;
}

void evil_settle(const struct testbed *testbed)
{
    char id[32], device[32];

    for (int i = 0; i < EVIL_DEVICES; i++) {
        snprintf(id, sizeof id, "E%d", i);
        snprintf(device, sizeof device, "evil-%d", i);
        testbed_order(testbed, id, device, -(i + 1) * 5000.0, 200, "warn = 400 m\n");
    }
}

const char *evil_number(struct dice *dice, char text[40])
{
    static const char *const worst[] = {
        "1e308",  "-1e308", "1e-400", "1e309",  "0",   "-0",  "-1",
        "100000", "100001", "70",     "70.001", "360", "361", "9223372036854775807",
        "1e18",   "5e-324", "null",   "199.99", "1e15"
    };
    unsigned nth = dice_below(dice, sizeof worst / sizeof *worst + 4);

    if (nth < sizeof worst / sizeof *worst)
        return worst[nth];
    snprintf(text, 40, "%.6g", dice_between(dice, -1000, 100000));
    return text;
}

static int64_t evil_time(struct dice *dice, int64_t now)
{
    static const int64_t day = 86400000;

    switch (dice_below(dice, 8)) {
    case 0:
        return 0;
    case 1:
        return now - 7168 * day;
    case 2:
        return now + 7168 * day;
    case 3:
        return now + (int64_t)dice_below(dice, 300000) - 150000;
    case 4:
        return now - (int64_t)dice_below(dice, 100000000);
    case 5:
        return 253402300799000; // the last millisecond of the year 9999
    default:
        return now;
    }
}

/* One ping of that device; `wild`: each of its numbers may be anything. */
static int print_ping(struct dice *dice, char *out, size_t room, int device, double metres,
                      int64_t time, bool wild)
{
    char a[40], s[40], c[40], b[40];

    return snprintf(out, room,
                    "{\"device\":\"evil-%d\",\"time\":%" PRId64
                    ",\"lat\":%.7f,\"lon\":%.5f,\"accuracy\":%s,"
                    "\"speed\":%s,\"course\":%s,\"battery\":%s,\"tamper\":%s}",
                    device, time, evil_lat(device) + metres / METRES_PER_DEGREE, HOME_LON,
                    wild ? evil_number(dice, a) : "5", wild ? evil_number(dice, s) : "null",
                    wild ? evil_number(dice, c) : "null", wild ? evil_number(dice, b) : "null",
                    dice_below(dice, 2) == 0 ? "true" : "false");
}

static void post(struct evil *evil, struct wire *wire, const char *token, const char *path,
                 const char *body, int n)
{
    wire_post(wire, token, path, body, (size_t)n);
    atomic_fetch_add(&evil->done, 1);
}

/* ---- nobody ---- */

static void act_nobody(struct evil *evil)
{
    static const char *const heads[] = {
        "GET /metrics HTTP/1.1\r\nHost: x\r\n",
        "POST /v1/pings HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n",
        "POST /osmand?id=evil-0&lat=1e308 HTTP/1.1\r\nHost: x\r\n",
        "POST /v1/pings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n",
        "\x16\x03\x01\x02",
        "*3\r\n$3\r\nSET\r\n"
    };
    struct wire wire = wire_of(evil);
    unsigned char bytes[512];
    char text[1024];

    while (!atomic_load(&evil->stop)) {
        int n;

        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)dice_below(&evil->dice, 256);
        n = snprintf(text, sizeof text, "%s",
                     heads[dice_below(&evil->dice, sizeof heads / sizeof *heads)]);
        memcpy(text + n, bytes, dice_below(&evil->dice, sizeof bytes));
        wire_throw(&wire, text, (size_t)n + dice_below(&evil->dice, sizeof bytes));
        post(evil, &wire, "wrong", "/v1/pings", "[]", 2);
    }
    wire_close(&wire);
}

const struct evil_kind evil_nobody = { .name = "nobody",
                                       .says = "no token: rubbish, half requests, wrong tokens",
                                       .act = act_nobody };

/* ---- one device ---- */

/* So many pings in one array, each by `print`; its length. */
static int print_array(struct dice *dice, char body[BODY_MAX], int n,
                       int (*print)(struct dice *dice, char *out, size_t room, int nth))
{
    int length = 0;

    for (int i = 0; i < n; i++) {
        length += snprintf(body + length, BODY_MAX - (size_t)length, i == 0 ? "[" : ",");
        length += print(dice, body + length, BODY_MAX - (size_t)length, i);
    }
    return length + snprintf(body + length, BODY_MAX - (size_t)length, "]");
}

/* Half of them of now and where he is, so that it is the numbers that matter. */
static int print_extreme(struct dice *dice, char *out, size_t room, int nth)
{
    bool now = nth % 2 == 0;

    return print_ping(dice, out, room, 0, now ? nth : dice_between(dice, -400, 400),
                      now ? wall_ms() : evil_time(dice, wall_ms()), true);
}

/* C1: an accuracy of 1e308 in the zone blinded everybody. */
static void act_extremes(struct evil *evil)
{
    static const char *const paths[] = { "/v1/pings", "/v1/pings", "/traccar", "/owntracks",
                                         "/osmand" };
    struct wire wire = wire_of(evil);
    char body[BODY_MAX];

    while (!atomic_load(&evil->stop))
        post(evil, &wire, EVIL_TOKEN, paths[dice_below(&evil->dice, sizeof paths / sizeof *paths)],
             body, print_array(&evil->dice, body, 20, print_extreme));
    wire_close(&wire);
}

const struct evil_kind evil_extremes = { .name = "extremes",
                                         .says = "one device: extremes of each field at each door",
                                         .act = act_extremes };

static int print_flip(struct dice *dice, char *out, size_t room, int nth)
{
    (void)dice;
    return snprintf(out, room,
                    "{\"device\":\"evil-0\",\"time\":%" PRId64
                    ",\"lat\":%.7f,\"lon\":%.5f,\"accuracy\":5,\"battery\":%d,\"tamper\":%s}",
                    wall_ms() + nth, evil_lat(0), HOME_LON + nth * 1e-5, nth % 2 == 0 ? 5 : 95,
                    nth % 2 == 0 ? "true" : "false");
}

/* H4: flips of `tamper` filled the disk. */
static void act_flips(struct evil *evil)
{
    struct wire wire = wire_of(evil);
    char body[BODY_MAX];

    while (!atomic_load(&evil->stop))
        post(evil, &wire, EVIL_TOKEN, "/v1/pings", body,
             print_array(&evil->dice, body, 40, print_flip));
    wire_close(&wire);
}

const struct evil_kind evil_flips = { .name = "flips",
                                      .says =
                                          "one device: tamper and battery to and fro, in its zone",
                                      .act = act_flips };

static void act_decoys(struct evil *evil)
{
    struct wire wire = wire_of(evil);
    char body[BODY_MAX];

    for (int i = 0; !atomic_load(&evil->stop); i++) {
        int64_t time = wall_ms() + (i % 3 == 0 ? 110000 : 0);

        post(evil, &wire, EVIL_TOKEN, "/v1/pings", body,
             print_ping(&evil->dice, body, sizeof body, 0, i % 4 == 0 ? 0 : 103000, time, false));
    }
    wire_close(&wire);
}

const struct evil_kind evil_decoys = { .name = "decoys",
                                       .says =
                                           "one device: three pings elsewhere for each honest one",
                                       .act = act_decoys };

static void act_sprays(struct evil *evil)
{
    struct wire wire = wire_of(evil);
    char body[BODY_MAX];

    for (int64_t i = 0; !atomic_load(&evil->stop); i++)
        post(evil, &wire, EVIL_TOKEN, "/v1/pings", body,
             print_ping(&evil->dice, body, sizeof body, 0, 0,
                        dice_below(&evil->dice, 2) == 0 ? i * 1000 : evil_time(&evil->dice, i),
                        false));
    wire_close(&wire);
}

const struct evil_kind evil_sprays = { .name = "sprays",
                                       .says = "one device: times of 1970 and of all ages",
                                       .act = act_sprays };

/* ---- a gateway: an honest device behind it must still be served ---- */

static int print_of_gateway(struct dice *dice, char *out, size_t room, int nth)
{
    return print_ping(dice, out, room, 1 + nth % 2, 2.0 * nth, wall_ms(), nth % 5 == 0);
}

static void act_gateway(struct evil *evil)
{
    struct wire wire = wire_of(evil);
    char body[BODY_MAX];

    while (!atomic_load(&evil->stop))
        post(evil, &wire, GATEWAY_TOKEN, "/v1/pings", body,
             print_array(&evil->dice, body, 150, print_of_gateway));
    wire_close(&wire);
}

const struct evil_kind evil_gateway = { .name = "gateway",
                                        .says = "a gateway's token: some of its devices flood",
                                        .act = act_gateway };
