/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/area.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static double to_segment(struct metres at, struct metres a, struct metres b)
{
    double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    double along = length > 0 ? ((at.x - a.x) * dx + (at.y - a.y) * dy) / length : 0;

    along = fmin(fmax(along, 0), 1);
    return hypot(at.x - a.x - along * dx, at.y - a.y - along * dy);
}

/* Even and odd crossings of the ray to the east. */
static double ring_distance(const struct area *area, struct metres at)
{
    double nearest = INFINITY;
    bool inside = false;

    for (size_t i = 0, j = area->n - 1; i < area->n; j = i++) {
        struct metres a = area->corners[j], b = area->corners[i];

        nearest = fmin(nearest, to_segment(at, a, b));
        if ((a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x))
            inside = !inside;
    }
    return inside ? -nearest : nearest;
}

double area_distance(const struct area *area, struct metres at)
{
    return area->n == 0 ? hypot(at.x, at.y) - area->radius : ring_distance(area, at);
}

struct area area_circle(double radius)
{
    return (struct area){ .radius = radius, .depth = radius, .reach = radius };
}

/* The deepest of a grid of places, refined around the best one. */
static void find_core(struct area *area, struct metres low, struct metres high)
{
    for (int round = 0; round < 4; round++) {
        double dx = (high.x - low.x) / 32, dy = (high.y - low.y) / 32;

        for (int i = 0; i <= 32; i++) {
            for (int j = 0; j <= 32; j++) {
                struct metres at = { low.x + i * dx, low.y + j * dy };
                double depth = -area_distance(area, at);

                if (depth > area->depth) {
                    area->depth = depth;
                    area->core = at;
                }
            }
        }
        low = (struct metres){ area->core.x - dx, area->core.y - dy };
        high = (struct metres){ area->core.x + dx, area->core.y + dy };
    }
}

struct area area_polygon(const struct metres *corners, size_t n)
{
    struct area area = { .n = n, .depth = -INFINITY };
    struct metres low = corners[0], high = corners[0];

    memcpy(area.corners, corners, n * sizeof *corners);
    for (size_t i = 1; i < n; i++) {
        low = (struct metres){ fmin(low.x, corners[i].x), fmin(low.y, corners[i].y) };
        high = (struct metres){ fmax(high.x, corners[i].x), fmax(high.y, corners[i].y) };
    }
    find_core(&area, low, high);
    for (size_t i = 0; i < n; i++)
        area.reach =
            fmax(area.reach, hypot(corners[i].x - area.core.x, corners[i].y - area.core.y));
    return area;
}

static struct metres along(const struct area *area, double angle, double by)
{
    return (struct metres){ area->core.x + by * cos(angle), area->core.y + by * sin(angle) };
}

struct metres area_place(const struct area *area, double angle, double distance)
{
    double near = 0, far = area->reach + fmax(distance, 0) + 1;

    for (int i = 0; i < 60; i++) {
        double middle = (near + far) / 2;

        if (area_distance(area, along(area, angle, middle)) < distance)
            near = middle;
        else
            far = middle;
    }
    return along(area, angle, far);
}

double area_support(const struct area *area, double angle)
{
    double support = area->n == 0 ? area->radius : -INFINITY;

    for (size_t i = 0; i < area->n; i++)
        support = fmax(support, (area->corners[i].x - area->core.x) * cos(angle) +
                                    (area->corners[i].y - area->core.y) * sin(angle));
    return support;
}
