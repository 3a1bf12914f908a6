/* SPDX-License-Identifier: Apache-2.0 */
/* A zone's edge as lines: every corner lies on it; and how far it has moved to another's. */
#include "core/zone.h"

#include <math.h>
#include <string.h>

#include "support/near.h"
#include "support/rows.h"

#define SQUARE "POLYGON ((0.46 51.57, 0.47 51.57, 0.47 51.58, 0.46 51.58, 0.46 51.57))"
/* The same from another corner, with one more on a side. */
#define SQUARE_AGAIN                                                                               \
    "POLYGON ((0.47 51.58, 0.46 51.58, 0.46 51.575, 0.46 51.57, 0.47 51.57, 0.47 51.58))"
#define SQUARE_NORTH "POLYGON ((0.46 51.571, 0.47 51.571, 0.47 51.581, 0.46 51.581, 0.46 51.571))"
#define HOLED                                                                                      \
    "POLYGON ((0.46 51.57, 0.47 51.57, 0.47 51.58, 0.46 51.58, 0.46 51.57),"                       \
    " (0.463 51.573, 0.467 51.573, 0.467 51.577, 0.463 51.577, 0.463 51.573))"
#define TWO                                                                                        \
    "MULTIPOLYGON (((0.46 51.57, 0.47 51.57, 0.47 51.58, 0.46 51.57)),"                            \
    " ((0.48 51.57, 0.49 51.57, 0.49 51.58, 0.48 51.57)))"

static const struct lonlat basildon = { 0.45782, 51.56844 };
static struct zone_maker *maker;

/* A circle of `size` metres where `wkt` is NULL, so far north; else a polygon with that buffer. */
struct drawn {
    const char *wkt;
    double size, north;
};

static struct zone *draw(const struct drawn *drawn)
{
    struct lonlat centre = { basildon.lon, basildon.lat + drawn->north / 111259.0 };
    struct zone *zone = NULL;
    struct fault why;

    if (drawn->wkt != NULL ? !zone_from_text(maker, ZONE_WKT, drawn->wkt, drawn->size, &zone, &why)
                           : !zone_from_circle(centre, drawn->size, &zone, &why))
        fail_msg("%s", why.text);
    return zone;
}

static const struct row {
    const char *says;
    struct drawn drawn;
    size_t rings, holes, polygons;
    double off; // metres that a corner may lie off the edge
} rows[] = {
    { "a circle of 200 m", { NULL, 200, 0 }, 1, 0, 1, 0.001 },
    { "a circle of 1 m", { NULL, 1, 0 }, 1, 0, 1, 0.001 },
    { "a circle of 50 km", { NULL, 50000, 0 }, 1, 0, 1, 0.1 },
    { "the largest circle", { NULL, ZONE_RADIUS_MAX_M, 0 }, 1, 0, 1, 0.1 },
    { "a square", { SQUARE, 0, 0 }, 1, 0, 1, 0.001 },
    { "a square with a hole", { HOLED, 0, 0 }, 2, 1, 1, 0.001 },
    { "a hole grown over is gone", { HOLED, 400, 0 }, 1, 0, 1, 0.5 },
    // libgeos/geos#295; an empty line in GeoJSON is none (openlayers#15636).
    { "an empty one beside it",
      { "MULTIPOLYGON (EMPTY, ((0.46 51.57, 0.47 51.57, 0.47 51.58, "
        "0.46 51.57)))",
        0, 0 },
      1,
      0,
      1,
      0.001 },
    { "an empty hole",
      { "POLYGON ((0.46 51.57, 0.47 51.57, 0.47 51.58, 0.46 51.57), EMPTY)", 0, 0 },
      1,
      0,
      1,
      0.001 },
    { "two in one", { TWO, 0, 0 }, 2, 0, 2, 0.001 },
    { "two grown into each other are one", { TWO, 600, 0 }, 1, 0, 1, 1 },
    { "a square with a buffer", { SQUARE, 50, 0 }, 1, 0, 1, 0.1 },
};

struct seen {
    const struct zone *zone;
    const struct row *row;
    size_t rings, holes, polygons;
};

static void on_ring(const struct zone_ring *ring, void *arg)
{
    struct seen *seen = arg;
    const struct lonlat *first = &ring->corners[0], *last = &ring->corners[ring->n - 1];

    assert_true(ring->n >= 4);
    assert_near(first->lon, last->lon, 0);
    assert_near(first->lat, last->lat, 0);
    for (size_t i = 0; i < ring->n; i++)
        assert_near(zone_distance(seen->zone, ring->corners[i], INFINITY), 0, seen->row->off);
    seen->rings++;
    seen->holes += ring->hole;
    if (ring->polygon + 1 > seen->polygons)
        seen->polygons = ring->polygon + 1;
}

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct zone *zone = draw(&row->drawn);
    struct seen seen = { .zone = zone, .row = row };

    assert_true(zone_rings(zone, on_ring, &seen));
    assert_int_equal(seen.rings, row->rings);
    assert_int_equal(seen.holes, row->holes);
    assert_int_equal(seen.polygons, row->polygons);
    assert_near(zone_moved(zone, zone), 0, fmin(row->off, 0.001));
    zone_destroy(zone);
}

static const struct move {
    const char *says;
    struct drawn from, to;
    double metres;
} moves[] = {
    { "a larger radius", { NULL, 200, 0 }, { NULL, 300, 0 }, 100 },
    { "a smaller radius", { NULL, 300, 0 }, { NULL, 200, 0 }, 100 },
    { "a kilometre north", { NULL, 200, 0 }, { NULL, 200, 1000 }, 1000 },
    { "a kilometre north and 100 m larger", { NULL, 200, 0 }, { NULL, 300, 1000 }, 1100 },
    { "the largest circle, written again",
      { NULL, ZONE_RADIUS_MAX_M, 0 },
      { NULL, ZONE_RADIUS_MAX_M, 0 },
      0 },
    { "half a metre north", { NULL, 200, 0 }, { NULL, 200, 0.5 }, 0.5 },
    { "a buffer of 50 m", { SQUARE, 0, 0 }, { SQUARE, 50, 0 }, 50 },
    { "a buffer 10 m larger", { SQUARE, 50, 0 }, { SQUARE, 60, 0 }, 10 },
    { "the same, written otherwise", { SQUARE, 0, 0 }, { SQUARE_AGAIN, 0, 0 }, 0 },
    { "the same with its buffer", { SQUARE, 50, 0 }, { SQUARE_AGAIN, 50, 0 }, 0 },
    { "the same with a buffer of a kilometre", { SQUARE, 1000, 0 }, { SQUARE_AGAIN, 1000, 0 }, 0 },
    { "moved with its buffer", { SQUARE, 50, 0 }, { SQUARE_NORTH, 50, 0 }, 111.26 },
};

/* What a reload tells begins at a millimetre, and of what did not move it tells nothing. */
static double move_off(const struct move *move)
{
    return move->metres == 0 ? 0.0005 : 0.01 + move->metres * 0.001;
}

static void move_holds(void **state)
{
    const struct move *move = *state;
    struct zone *from = draw(&move->from), *to = draw(&move->to);

    assert_near(zone_moved(from, to), move->metres, move_off(move));
    assert_near(zone_moved(to, from), move->metres, move_off(move));
    zone_destroy(from);
    zone_destroy(to);
}

static void is_as_far_off(const struct zone_ring *ring, void *arg)
{
    for (size_t i = 0; i < ring->n; i++)
        assert_near(zone_distance(arg, ring->corners[i], INFINITY), 800, 1);
}

/* Where an approach is told: so many metres outside of a circle, and of a square with a buffer. */
static void a_ring_around_lies_as_far_off(void **state)
{
    static const struct drawn drawings[] = { { NULL, 200, 0 }, { SQUARE, 50, 0 } };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct zone *zone = draw(&drawings[i]);

        assert_true(zone_rings_around(zone, 800, is_as_far_off, zone));
        zone_destroy(zone);
    }
}

int main(void)
{
    const struct CMUnitTest around[] = { cmocka_unit_test(a_ring_around_lies_as_far_off) };
    int bad;

    maker = zone_maker_create();
    bad = rows_hold("zone_rings", rows, row_holds) + rows_hold("zone_moved", moves, move_holds) +
          cmocka_run_group_tests_name("zone_rings_around", around, NULL, NULL);
    zone_maker_destroy(maker);
    return bad;
}
