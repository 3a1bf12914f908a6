/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/fit.h"

#include <err.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OF_MODEL(field, low, high)                                                                 \
    {                                                                                              \
#field, offsetof(struct belief_model, field), low, high                                    \
    }
const struct fit_constant fit_constants[FIT_CONSTANTS] = {
    OF_MODEL(scale, 0.05, 10),        OF_MODEL(floor, 0.1, 30),
    OF_MODEL(rho, 0.02, 0.98),        OF_MODEL(error_still_s, 2, 7200),
    OF_MODEL(error_going_s, 2, 1800), OF_MODEL(wild, 1.5, 20),
    OF_MODEL(to_wild, 1e-6, 0.1),     OF_MODEL(to_usual, 1e-4, 1),
    OF_MODEL(lost, 1e-5, 0.3),        OF_MODEL(lost_mast, 0.01, 0.95),
    OF_MODEL(moved, 1e-5, 0.3),       OF_MODEL(unknown, 1, 60),
    OF_MODEL(unknown_times, 1.2, 12), OF_MODEL(unknown_share, 0.01, 0.9),
    OF_MODEL(error_wild_s, 2, 7200),
};
#undef OF_MODEL

const uint32_t fit_of_truth = 1U << 0 | 1U << 1 | 1U << 2, fit_all = (1U << FIT_CONSTANTS) - 1;

static const double factors[] = { 2, 1.4, 1.15 };
enum { FACTORS = 3, STEPS_MAX = 5 };
static const double gain_least = 1e-4; // nat a fix: less is no reason to go on

struct fit_device *fit_device(struct fit_set *set, const char *name)
{
    for (size_t i = 0; i < set->n; i++) {
        if (strcmp(set->devices[i].name, name) == 0)
            return &set->devices[i];
    }
    if (set->n == FIT_DEVICES_MAX)
        errx(1, "%s: more than %d devices", name, FIT_DEVICES_MAX);
    snprintf(set->devices[set->n].name, FIT_NAME_MAX, "%s", name);
    return &set->devices[set->n++];
}

void fit_add(struct fit_device *device, const struct fit_fix *fix)
{
    if (device->n == device->room) {
        device->room = device->room == 0 ? 512 : 2 * device->room;
        device->fixes = reallocarray(device->fixes, device->room, sizeof *device->fixes);
        if (device->fixes == NULL)
            err(1, "recordings");
    }
    device->stretches += fix->first;
    device->fixes[device->n++] = *fix;
}

void fit_fini(struct fit_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        free(set->devices[i].fixes);
    *set = (struct fit_set){ 0 };
}

static double *place_of(struct belief_model *model, size_t constant)
{
    return (double *)(void *)((char *)model + fit_constants[constant].offset);
}

double fit_value(const struct belief_model *model, size_t constant)
{
    struct belief_model copy = *model;

    return *place_of(&copy, constant);
}

/* That he moved unseen is told on top of what adds up to 1: taken out, lest more be better. */
static double surplus(const struct belief_model *model, const struct belief_fix *fix,
                      double seconds)
{
    return model->moved * (1 - exp(-seconds / model->moved_s)) *
           (fix->accuracy > BELIEF_MAST_M ? 0.1 : 1);
}

struct fit_score fit_score(const struct belief_model *model, const struct fit_device *device)
{
    struct fit_score score = { { 0, 0 }, { 0, 0 } };
    struct belief belief = { .n = 0 };
    struct belief_step step;

    for (size_t i = 0; i < device->n; i++) {
        const struct fit_fix *fix = &device->fixes[i];

        if (fix->first)
            belief = (struct belief){ .n = 0 };
        if (!belief_hear(model, &belief, &fix->heard, &step) || belief.frozen > 0 ||
            step.seconds <= 0)
            continue;
        score.sum[fix->still] +=
            log(fmax(step.density, DBL_MIN)) - log1p(surplus(model, &fix->heard, step.seconds));
        score.n[fix->still]++;
    }
    return score;
}

double fit_mean(const struct fit_score *score)
{
    return (score->sum[0] + score->sum[1]) / (double)(score->n[0] + score->n[1]);
}

static double mean_of(const struct fit_set *set, size_t without, const struct belief_model *model)
{
    struct fit_score all = { { 0, 0 }, { 0, 0 } };

    for (size_t i = 0; i < set->n; i++) {
        struct fit_score one;

        if (i == without)
            continue;
        one = fit_score(model, &set->devices[i]);
        for (int still = 0; still < 2; still++) {
            all.sum[still] += one.sum[still];
            all.n[still] += one.n[still];
        }
    }
    return fit_mean(&all);
}

/* As far as it goes that way; false when the first step is no gain. */
static bool follow(const struct fit_set *set, size_t without, struct belief_model *model,
                   size_t constant, double factor, double *best)
{
    double *value = place_of(model, constant);
    int steps = 0;

    for (; steps < STEPS_MAX; steps++) {
        double before = *value, mean;

        *value =
            fmin(fmax(before * factor, fit_constants[constant].low), fit_constants[constant].high);
        mean = mean_of(set, without, model);
        if (!(mean > *best + gain_least)) {
            *value = before;
            break;
        }
        *best = mean;
    }
    return steps > 0;
}

struct belief_model fit_search(const struct fit_set *set, size_t without, uint32_t which)
{
    struct belief_model model = belief_usual;
    double best = mean_of(set, without, &model);

    for (int pass = 0; pass < FACTORS; pass++) {
        for (size_t i = 0; i < FIT_CONSTANTS; i++) {
            if ((which >> i & 1) != 0 && !follow(set, without, &model, i, factors[pass], &best))
                follow(set, without, &model, i, 1 / factors[pass], &best);
        }
    }
    return model;
}
