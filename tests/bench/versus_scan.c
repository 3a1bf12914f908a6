/* SPDX-License-Identifier: Apache-2.0 */
/* versus_scan.c - microseconds of a core a ping, of the scanner alone over the bodies of a load. */
#include "bench/versus_load.h"

#include "adapter/ping/ping_scan.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 5 };

static void count(const struct ping *ping, size_t index, const char *why, void *arg)
{
    size_t *n = arg;

    (void)index;
    (void)why;
    *n += ping != NULL;
}

int main(int argc, char **argv)
{
    struct versus_plan plan = VERSUS_DEFAULT;
    double batch = 100;
    struct knob knobs[VERSUS_KNOBS + 1] = { [VERSUS_KNOBS] = { "batch", &batch, 1, 10000 } };
    struct versus_load load;
    size_t bodies, n = 0, *lengths;
    char **body;
    double began;

    versus_knobs(&plan, knobs);
    knobs_read(argc, argv, 1, knobs, VERSUS_KNOBS + 1);
    versus_load_init(&load, &plan);
    bodies = (size_t)(plan.pings / batch);
    body = needed(calloc(bodies, sizeof *body));
    lengths = needed(calloc(bodies, sizeof *lengths));
    for (size_t i = 0; i < bodies; i++) {
        body[i] = needed(malloc((size_t)batch * VERSUS_PING_MAX + 2));
        lengths[i] = versus_body(&load, i * (size_t)batch, (size_t)batch, body[i]);
    }
    began = used_s(0);
    for (size_t i = 0; i < ROUNDS * bodies; i++) {
        if (!ping_scan(body[i % bodies], lengths[i % bodies], PING_SCAN_VALUE, count, &n))
            errx(1, "a body that is not plain");
    }
    printf("%.3f\n", (used_s(0) - began) / (double)n * 1e6);
    for (size_t i = 0; i < bodies; i++)
        free(body[i]);
    free(body);
    free(lengths);
    versus_load_fini(&load);
    return 0;
}
