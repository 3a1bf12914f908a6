/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/visits.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAST_ALERT_S = 10 };

/* When a person first stepped inside; due 0: not yet. */
struct visit {
    char time[UTC_TEXT_MAX];
    int64_t due;
    bool alerted;
};

static void on_visit(void *arg, unsigned who, const char *time, int64_t due)
{
    struct visits *visits = arg;
    struct visit *visit = &visits->of[who];

    visits->awaited++;
    visit->due = due;
    snprintf(visit->time, sizeof visit->time, "%s", time);
}

void visits_init(struct visits *visits, int argc, char **argv, int first)
{
    struct knob knobs[PLAN_KNOBS];

    *visits = (struct visits){ .load = { .plan = PLAN_DEFAULT, .on_visit = on_visit } };
    visits->load.plan.visitors = 2000;
    plan_knobs(&visits->load.plan, knobs);
    knobs_read(argc, argv, first, knobs, PLAN_KNOBS);
    if (visits->load.plan.rate == 0)
        errx(2, "--rate: at a rate of 0 the delay is that of the queue alone");
    visits->load.arg = visits;
    visits->load.base = load_base();
    visits->of = needed(calloc((size_t)visits->load.plan.people, sizeof *visits->of));
}

void visits_fini(struct visits *visits)
{
    load_fini(&visits->load);
    event_base_free(visits->load.base);
    free(visits->of);
    free(visits->delays.us);
}

static void hear_of(struct visits *visits, const char *device, const char *time, int64_t now)
{
    struct visit *visit;
    unsigned who;

    if (sscanf(device, "tag-%u", &who) != 1 || who >= (unsigned)visits->load.plan.people ||
        visits->of[who].due == 0) {
        visits->strange++;
        return;
    }
    visit = &visits->of[who];
    if (visit->alerted || strcmp(visit->time, time) != 0)
        return;
    if (load_counts(&visits->load, visit->due))
        samples_add(&visits->delays, now - visit->due);
    visit->alerted = true;
    visits->awaited--;
}

void visits_hear(struct visits *visits, const json_t *alert, int64_t now)
{
    const char *device, *time;

    if (json_unpack((json_t *)alert, "{s:{s:s,s:{s:s}}}", "data", "device", &device, "ping", "time",
                    &time) == 0)
        hear_of(visits, device, time, now);
    else
        visits->strange++;
    if (visits->awaited == 0 && now > visits->load.over)
        event_base_loopbreak(visits->load.base);
}

/* The last requests are answered; their alerts may still be on the way. */
static void await_alerts(const struct visits *visits)
{
    const struct timeval limit = { LAST_ALERT_S, 0 };

    if (visits->awaited == 0)
        return;
    event_base_loopexit(visits->load.base, &limit);
    event_base_dispatch(visits->load.base);
}

bool visits_run(struct visits *visits)
{
    const struct plan *plan = &visits->load.plan;

    load_run(&visits->load);
    await_alerts(visits);
    printf("%11s %6s %9s %9s %9s %7s %8s %8s %8s %8s\n", "connections", "batch", "asked/s",
           "pings/s", "alerts", "missed", "strange", "p50 ms", "p99 ms", "max ms");
    printf("%11.0f %6.0f %9.0f %9.0f %9zu %7zu %8zu %8.2f %8.2f %8.2f\n", plan->connections,
           plan->batch, plan->rate, (double)visits->load.accepted / plan->seconds, visits->delays.n,
           visits->awaited, visits->strange, samples_ms(&visits->delays, 0.5),
           samples_ms(&visits->delays, 0.99), samples_ms(&visits->delays, 1));
    if (visits->load.complaint[0] != '\0')
        fprintf(stderr, "not all was taken: %s\n", visits->load.complaint);
    return visits->delays.n > 0;
}
