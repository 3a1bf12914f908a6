/* SPDX-License-Identifier: Apache-2.0 */
/*
 * growth.h - how fast something grows, in bytes a day: by its size now and its oldest sample of the
 * last day, of which one is kept an hour.
 */
#ifndef CORE_GROWTH_H
#define CORE_GROWTH_H

#include "core/instant.h"

enum { GROWTH_SAMPLES = 25 };

struct growth {
    struct {
        struct tick at;
        double bytes;
    } samples[GROWTH_SAMPLES]; /* a ring */
    unsigned n, next;
};

/* To be called often: keeps what is a sample. */
void growth_note(struct growth *growth, struct tick now, double bytes);

/* Below 0 while it shrinks; NaN in the first hour, of which nobody can say what a day makes. */
double growth_a_day(const struct growth *growth, struct tick now, double bytes);

#endif
