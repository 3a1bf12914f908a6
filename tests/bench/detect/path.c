/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/path.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>

void path_add(struct path *path, double t, struct metres at)
{
    if (path->n == path->room) {
        path->room = path->room == 0 ? 64 : 2 * path->room;
        path->points = reallocarray(path->points, path->room, sizeof *path->points);
        if (path->points == NULL)
            err(1, "path");
    }
    path->points[path->n++] = (struct waypoint){ t, at };
}

void path_start(struct path *path, struct metres at)
{
    path->n = 0;
    path_add(path, 0, at);
}

void path_go(struct path *path, struct metres to, double speed)
{
    struct waypoint from = path->points[path->n - 1];

    path_add(path, from.t + hypot(to.x - from.at.x, to.y - from.at.y) / speed, to);
}

void path_wait(struct path *path, double seconds)
{
    struct waypoint from = path->points[path->n - 1];

    path_add(path, from.t + seconds, from.at);
}

void path_fini(struct path *path)
{
    free(path->points);
    *path = (struct path){ 0 };
}

double path_end(const struct path *path)
{
    return path->points[path->n - 1].t;
}

static struct metres between(const struct waypoint *a, const struct waypoint *b, double t)
{
    double part = b->t > a->t ? fmin(fmax((t - a->t) / (b->t - a->t), 0), 1) : 1;

    return (struct metres){ a->at.x + part * (b->at.x - a->at.x),
                            a->at.y + part * (b->at.y - a->at.y) };
}

struct metres path_at(const struct path *path, double t, size_t *leg)
{
    while (*leg + 2 < path->n && path->points[*leg + 1].t < t)
        ++*leg;
    return path->n == 1 ? path->points[0].at
                        : between(&path->points[*leg], &path->points[*leg + 1], t);
}

/* What is known while the path is gone along. */
struct walker {
    struct truth *out;
    struct stay *open; // NULL: outside
    double deep_since; // NaN: not deep
    double before;     // the instant looked at before
    bool full;
};

static void leave(struct walker *walker, double t)
{
    walker->open->leave = t;
    walker->open = NULL;
}

static void enter(struct walker *walker, double t)
{
    if (walker->out->n == TRUTH_STAYS_MAX) {
        walker->full = true;
        return;
    }
    walker->open = &walker->out->stays[walker->out->n++];
    *walker->open = (struct stay){ .enter = t, .leave = t };
}

static void step(struct walker *walker, double t, double distance)
{
    bool inside = distance <= 0;

    if (!inside && walker->open == NULL)
        walker->out->outside += t - walker->before;
    if (inside && walker->open == NULL)
        enter(walker, t);
    else if (!inside && walker->open != NULL)
        leave(walker, t);
    if (distance > -TRUTH_DEEP_M)
        walker->deep_since = NAN;
    else if (isnan(walker->deep_since))
        walker->deep_since = t;
    if (walker->open != NULL) {
        walker->open->leave = t;
        walker->open->depth = fmax(walker->open->depth, -distance);
        if (!isnan(walker->deep_since))
            walker->open->deep = fmax(walker->open->deep, t - walker->deep_since);
    }
    walker->before = t;
}

/* Distance changes by no more than what is walked, so far from an edge the steps are long. */
static void walk_leg(struct walker *walker, const struct area *area, const struct waypoint *a,
                     const struct waypoint *b)
{
    double speed = hypot(b->at.x - a->at.x, b->at.y - a->at.y) / fmax(b->t - a->t, 1e-9);
    double t = a->t;

    while (t < b->t) {
        double distance = area_distance(area, between(a, b, t));
        double free = fmin(fabs(distance), fabs(distance + TRUTH_DEEP_M));

        step(walker, t, distance);
        t += fmax(0.05, free / fmax(speed, 1e-9));
    }
}

bool truth_find(const struct path *path, const struct area *area, struct truth *out)
{
    struct walker walker = { .out = out, .deep_since = NAN };

    *out = (struct truth){ 0 };
    for (size_t i = 1; i < path->n; i++)
        walk_leg(&walker, area, &path->points[i - 1], &path->points[i]);
    step(&walker, path_end(path), area_distance(area, path->points[path->n - 1].at));
    return !walker.full;
}
