/* SPDX-License-Identifier: Apache-2.0 */
/* http_load.c - how many pings a second breachd takes by HTTP, and how long an answer takes. */
#include "bench/load.h"

#include <err.h>
#include <stdio.h>

static void show(struct load *load)
{
    printf("%11s %6s %6s %9s %10s %9s %8s %8s %8s %8s", "connections", "batch", "near", "pings/s",
           "accepted", "rejected", "not 200", "p50 ms", "p99 ms", "max ms");
    printf(" %9s %9s\n", "sender %", "breachd %");
    printf("%11.0f %6.0f %6.3f %9.0f %10ju %9ju %8ju %8.2f %8.2f %8.2f", load->plan.connections,
           load->plan.batch, load->plan.near, (double)load->accepted / load->plan.seconds,
           (uintmax_t)load->accepted, (uintmax_t)load->rejected, (uintmax_t)load->turned_away,
           samples_ms(&load->waits, 0.5), samples_ms(&load->waits, 0.99),
           samples_ms(&load->waits, 1));
}

int main(int argc, char **argv)
{
    struct load load = { .plan = PLAN_DEFAULT };
    double pid = 0, breachd, sender, took; // pid of breachd; seconds of a core, and of the wall
    struct knob knobs[PLAN_KNOBS + 1] = { [PLAN_KNOBS] = { "pid", &pid, 0, INT32_MAX } };

    plan_knobs(&load.plan, knobs);
    knobs_read(argc, argv, 1, knobs, PLAN_KNOBS + 1);
    load.base = load_base();
    breachd = used_s(pid);
    sender = used_s(0);
    load_run(&load);
    took = (double)(now_us() - load.begun) / 1e6;
    sender = used_s(0) - sender;
    breachd = used_s(pid) - breachd;

    show(&load);
    // A sender at 100 % has measured itself.
    printf(" %9.0f %9.0f\n", 100 * sender / took, pid > 0 ? 100 * breachd / took : 0);
    if (load.complaint[0] != '\0')
        fprintf(stderr, "http_load: not all was taken: %s\n", load.complaint);
    load_fini(&load);
    event_base_free(load.base);
    return load.accepted > 0 ? 0 : 1;
}
