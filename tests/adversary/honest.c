/* SPDX-License-Identifier: Apache-2.0 */
#include "honest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { APART_M = 5000, RADIUS_M = 200, STEP_M = 30, SLACK_MS = 10 };

int64_t wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void honest_init(struct honest *honest, const struct testbed *testbed, int nth, const char *token)
{
    double north = (double)nth * APART_M;

    *honest = (struct honest){ .lat = HOME_LAT + north / METRES_PER_DEGREE };
    snprintf(honest->device, sizeof honest->device, "honest-%d", nth);
    snprintf(honest->order, sizeof honest->order, "H%d", nth);
    snprintf(honest->token, sizeof honest->token, "%s", token);
    wire_init(&honest->wire, testbed_path(testbed, "http.sock").text);
    testbed_order(testbed, honest->order, honest->device, north, RADIUS_M, "warn = 400 m\n");
}

void honest_step(struct honest *honest)
{
    unsigned long turn = honest->pings % (HONEST_OUT + HONEST_IN);
    bool inside = turn >= HONEST_OUT;
    double metres = RADIUS_M + (inside ? -STEP_M : STEP_M);
    int64_t made = wall_ms(), began = now_ms(), took;
    char body[256];
    int n = snprintf(body, sizeof body,
                     "{\"device\":\"%s\",\"time\":%" PRId64 ",\"lat\":%.7f,\"lon\":%.5f,"
                     "\"accuracy\":5}",
                     honest->device, made, honest->lat + metres / METRES_PER_DEGREE, HOME_LON);
    int code = wire_post(&honest->wire, honest->token, "/v1/pings", body, (size_t)n);

    took = now_ms() - began;
    honest->slowest = took > honest->slowest ? took : honest->slowest;
    if (code != 200) {
        if (++honest->unserved <= 2)
            fprintf(stderr, "%s: answered %d after %" PRId64 " ms\n", honest->device, code, took);
        return; // made anew with the next step: the turn waits
    }
    honest->pings++;
    if (turn == HONEST_OUT && honest->n < HONEST_STAYS)
        honest->stays[honest->n++] = (struct stay){ .from = made };
    if (turn == HONEST_OUT + HONEST_TOLD - 1 && honest->n > 0)
        honest->stays[honest->n - 1].until = wall_ms();
}

static bool is_of(const json_t *alert, const char *order, const char *type)
{
    const char *of = json_string_value(alert_at(alert, "data.order"));

    return of != NULL && strcmp(of, order) == 0 && strcmp(alert_text(alert, "type"), type) == 0;
}

static bool is_breach_of(const json_t *alert, const char *order)
{
    return is_of(alert, order, "breachd.breach");
}

static int64_t received(const json_t *alert)
{
    const char *text = alert_text(alert, "data.received");
    struct tm tm = { 0 };
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

    return timegm(&tm) * 1000LL + (rest != NULL ? (int64_t)(strtod(rest, NULL) * 1000) : 0);
}

/*
 * Told while he was there; or before, and not taken back: whose pings come slowly enough stands for
 * too long where he stood before to be believed to have moved.
 */
static bool is_told(const struct honest *honest, const struct stay *stay, const json_t *alerts)
{
    const json_t *alert;
    bool alerted = false;
    size_t i;

    json_array_foreach(alerts, i, alert)
    {
        bool breach = is_breach_of(alert, honest->order);

        if (!breach && !is_of(alert, honest->order, "breachd.cleared"))
            continue;
        if (breach && received(alert) >= stay->from - SLACK_MS && received(alert) <= stay->until)
            return true;
        if (received(alert) <= stay->until)
            alerted = breach;
    }
    return alerted;
}

size_t honest_unreported(const struct honest *honest, const json_t *alerts, bool clock)
{
    size_t unreported = 0, breaches = 0, whole = 0, i;
    const json_t *alert;

    json_array_foreach(alerts, i, alert) breaches += is_breach_of(alert, honest->order);
    for (i = 0; i < honest->n; i++) {
        const struct stay *stay = &honest->stays[i];

        if (stay->until == 0)
            continue;
        whole++;
        if (!clock && !is_told(honest, stay, alerts)) {
            unreported++;
            fprintf(stderr, "%s: stay %zu was not told within %d pings\n", honest->device, i + 1,
                    HONEST_TOLD);
        }
    }
    if (clock && breaches < whole) {
        unreported = whole - breaches;
        fprintf(stderr, "%s: %zu breaches told of %zu stays\n", honest->device, breaches, whole);
    }
    return unreported;
}
