/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness.h - whose last known position says most of a zone, when no ping does: a boundary, other
 * rules. For watch.c.
 */
#ifndef CORE_WITNESS_H
#define CORE_WITNESS_H

#include "core/assessment.h"

/* The position that says most of a zone, and whose it is. */
struct witness {
    size_t device; /* SIZE_MAX: nobody was ever heard of */
    double score, distance;
    bool stale, alive; /* alive: its score speaks for its being inside, where it is now */
};

/* A fresh position before a stale one, then the surer, then the nearer. Older is stale. */
struct witness witness_find(const struct assessment *assessment, struct utc stale_before);

/*
 * Nothing is open, and no device is where its score is from: what has just ended does not begin
 * anew by it.
 */
bool witness_lacks(const struct assessment *assessment);

#endif
