/* SPDX-License-Identifier: Apache-2.0 */
/* zone_refused_test.c - what is no zone, and the words for it. */
#include "core/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/near.h"
#include "support/rows.h"
#include "support/said.h"

static struct zone_maker *maker;

#define SQUARE       "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]"
#define POLYGON_JSON "{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}"
#define FEATURE      "{\"type\":\"Feature\",\"properties\":{},\"geometry\":" POLYGON_JSON "}"

/* `want` is how the complaint begins; "" where the words are GEOS's own. */
static const struct text_row {
    const char *says;
    enum zone_format format;
    const char *text, *want;
} texts[] = {
    { "nothing", ZONE_WKT, "", "" },
    { "no WKT", ZONE_WKT, "the house at the corner",
      "cannot be read as a shape: ParseException: Unknown type: 'THE'" },
    { "WKT that breaks off", ZONE_WKT, "POLYGON ((0 0, 1 0",
      "cannot be read as a shape: ParseException: " },
    { "WKT with something after it", ZONE_WKT, "POLYGON ((0 0, 1 0, 1 1, 0 0)) and more", "" },
    { "two polygons where one is read", ZONE_WKT,
      "POLYGON ((0 0, 1 0, 1 1, 0 0)), POLYGON ((2 0, 3 0, 3 1, 2 0))", "" },
    { "a ring that is not closed", ZONE_WKT, "POLYGON ((0 0, 1 0, 1 1, 0 1))",
      "cannot be read as a shape: IllegalArgumentException: Points of LinearRing do not form a "
      "closed linestring" },
    { "a ring of two corners", ZONE_WKT, "POLYGON ((0 0, 1 0, 0 0))",
      "Too few points in geometry component at longitude 0, latitude 0" },
    { "a bow tie, with its knot", ZONE_WKT, "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))",
      "Self-intersection at longitude 0.5, latitude 0.5" },
    { "a ring that touches itself along a line", ZONE_WKT,
      "POLYGON ((0 0, 2 0, 1 0, 1 1, 0 1, 0 0))", "Self-intersection at longitude " },
    { "a hole outside", ZONE_WKT, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0), (2 2, 3 2, 3 3, 2 3, 2 2))",
      "Hole lies outside shell at longitude " },
    { "a hole in a hole", ZONE_WKT,
      "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 8 1, 8 8, 1 8, 1 1), (2 2, 3 2, 3 3, 2 3, 2 2))",
      "Holes are nested at longitude " },
    { "two that overlap", ZONE_WKT,
      "MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((1 1, 3 1, 3 3, 1 3, 1 1)))",
      "Self-intersection at longitude " },
    { "one inside the other", ZONE_WKT,
      "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((1 1, 2 1, 2 2, 1 2, 1 1)))",
      "Nested shells at longitude " },
    { "no area at all", ZONE_WKT, "POLYGON ((0 0, 1 1, 2 2, 0 0))", "" },
    // alphagov/notifications-admin#3943; rounding makes some 1e-15 square degrees of it.
    { "no area but what rounding makes", ZONE_WKT,
      "POLYGON ((0.47 51.57, 0.48 51.58, 0.49 51.59, 0.47 51.57))", "covers " },
    { "not a number in it", ZONE_WKT, "POLYGON ((0 0, nan 0, 1 1, 0 0))", "" },
    { "infinity in it", ZONE_WKT, "POLYGON ((0 0, inf 0, 1 1, 0 0))", "" },
    { "1e999 in it", ZONE_WKT, "POLYGON ((0 0, 1e999 0, 1 1, 0 0))", "" },
    { "a point", ZONE_WKT, "POINT (0.45 51.5)",
      "a Point is no area: one polygon or multipolygon is wanted" },
    { "a line", ZONE_WKT, "LINESTRING (0 0, 1 1)", "a LineString is no area" },
    { "a ring alone", ZONE_WKT, "LINEARRING (0 0, 1 0, 1 1, 0 0)", "a LinearRing is no area" },
    { "two in a collection", ZONE_WKT,
      "GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 0)), POLYGON ((2 0, 3 0, 3 1, 2 0)))",
      "a GeometryCollection is no area" },
    { "an empty polygon", ZONE_WKT, "POLYGON EMPTY", "the polygon is empty" },
    { "an empty multipolygon", ZONE_WKT, "MULTIPOLYGON EMPTY", "the polygon is empty" },
    { "an empty collection", ZONE_WKT, "GEOMETRYCOLLECTION EMPTY", "a GeometryCollection is no" },
    { "over the 180th meridian", ZONE_WKT, "POLYGON ((179 0, 181 0, 181 1, 179 1, 179 0))",
      "reaches over the 180th meridian, or off the map" },
    { "on the north pole", ZONE_WKT, "POLYGON ((0 89, 120 89, 120 90, 0 90, 0 89))",
      "touches a pole" },
    { "on the south pole", ZONE_WKT, "POLYGON ((0 -89, 120 -89, 120 -90, 0 -90, 0 -89))",
      "touches a pole" },
    { "past the pole", ZONE_WKT, "POLYGON ((0 80, 1 80, 1 91, 0 91, 0 80))", "" },
    { "no JSON", ZONE_GEOJSON, "POLYGON ((0 0, 1 0, 1 1, 0 0))",
      "cannot be read as a shape: ParseException: " },
    { "JSON that is no GeoJSON", ZONE_GEOJSON, "{\"lat\":51.5,\"lon\":0.45}",
      "cannot be read as a shape: ParseException: " },
    { "an array", ZONE_GEOJSON, "[1,2]", "" },
    { "a null", ZONE_GEOJSON, "null", "" },
    { "a number for the type", ZONE_GEOJSON, "{\"type\":7}", "" },
    { "an unknown type", ZONE_GEOJSON, "{\"type\":\"Circle\",\"radius\":200}",
      "cannot be read as a shape: ParseException: " },
    { "no coordinates", ZONE_GEOJSON, "{\"type\":\"Polygon\"}", "" },
    { "coordinates of text", ZONE_GEOJSON, "{\"type\":\"Polygon\",\"coordinates\":\"here\"}", "" },
    { "a corner of one number", ZONE_GEOJSON,
      "{\"type\":\"Polygon\",\"coordinates\":[[[0],[1],[1],[0]]]}", "" },
    { "a corner of words", ZONE_GEOJSON,
      "{\"type\":\"Polygon\",\"coordinates\":[[[\"a\",0],[1,0],[1,1],[0,0]]]}", "" },
    { "an empty GeoJSON polygon", ZONE_GEOJSON, "{\"type\":\"Polygon\",\"coordinates\":[]}",
      "the polygon is empty" },
    { "a GeoJSON point", ZONE_GEOJSON, "{\"type\":\"Point\",\"coordinates\":[0.45,51.5]}",
      "a Point is no area: one polygon or multipolygon is wanted" },
    { "a feature without a geometry", ZONE_GEOJSON,
      "{\"type\":\"Feature\",\"properties\":{},\"geometry\":null}", "" },
    { "a collection of two features", ZONE_GEOJSON,
      "{\"type\":\"FeatureCollection\",\"features\":[" FEATURE "," FEATURE "]}",
      "a GeometryCollection is no area: one polygon or multipolygon is wanted" },
    { "a collection of no features", ZONE_GEOJSON,
      "{\"type\":\"FeatureCollection\",\"features\":[]}",
      "a GeometryCollection is no area: one polygon or multipolygon is wanted" },
    { "GeoJSON over the 180th meridian", ZONE_GEOJSON,
      "{\"type\":\"Polygon\",\"coordinates\":[[[179,0],[181,0],[181,1],[179,1],[179,0]]]}",
      "reaches over the 180th meridian, or off the map" },
};

/* It says something that a person can read, and leaves the zone untouched. */
static void it_is_refused_so(void **state)
{
    const struct text_row *row = *state;
    struct zone *const untouched = (struct zone *)(uintptr_t)8, *zone = untouched;
    struct fault why = { .text = "" };

    if (zone_from_text(maker, row->format, row->text, 0, &zone, &why)) {
        zone_destroy(zone);
        fail_msg("taken for a zone");
    }
    assert_ptr_equal(zone, untouched);
    assert_null(strstr(why.text, "longitude ")); // that is for the operator, not for a log
    if (strncmp(said(&why).text, row->want, strlen(row->want)) != 0 || strlen(why.text) < 8)
        fail_msg("\"%s\" does not begin with \"%s\"", said(&why).text, row->want);
}

static const struct circle_row {
    const char *says;
    struct lonlat centre;
    double radius;
    const char *want;
} circles[] = {
    { "half a metre", { 0.45, 51.5 }, 0.5, "0.5 m is outside 1..100000 m" },
    { "no radius", { 0.45, 51.5 }, 0, "0 m is outside 1..100000 m" },
    { "less than none", { 0.45, 51.5 }, -200, "-200 m is outside 1..100000 m" },
    { "101 km", { 0.45, 51.5 }, 101000, "101000 m is outside 1..100000 m" },
    { "a radius that is no number", { 0.45, 51.5 }, NAN, "nan m is outside 1..100000 m" },
    { "a radius without end", { 0.45, 51.5 }, INFINITY, "inf m is outside 1..100000 m" },
    { "over the 180th meridian from the west", { 179.999, 10 }, 200, "reaches over the 180th" },
    { "over the 180th meridian from the east", { -179.999, 10 }, 200, "reaches over the 180th" },
    { "on the pole", { 10, 89.999 }, 200, "" },
    { "near the pole", { 10, 89.5 }, 200, "touches a pole" },
    { "near the south pole", { 10, -89.5 }, 200, "touches a pole" },
};

static void the_circle_is_refused_so(void **state)
{
    const struct circle_row *row = *state;
    struct zone *zone = NULL;
    struct fault why = { .text = "" };

    assert_false(zone_from_circle(row->centre, row->radius, &zone, &why));
    assert_null(zone);
    if (strncmp(said(&why).text, row->want, strlen(row->want)) != 0 || strlen(why.text) < 8)
        fail_msg("\"%s\" does not begin with \"%s\"", said(&why).text, row->want);
}

/* The complaint is about the centre then, not about a radius that is quite right. */
static void a_centre_off_the_map_is_said_to_be_so(void **state)
{
    static const struct lonlat centres[] = { { 0.45, 91 }, { 181, 51.5 }, { NAN, 51.5 } };
    struct zone *zone = NULL;
    struct fault why = { .text = "" };

    (void)state;
    for (size_t i = 0; i < sizeof centres / sizeof *centres; i++) {
        assert_false(zone_from_circle(centres[i], 200, &zone, &why));
        if (strstr(why.text, "200 m is outside") != NULL)
            fail_msg("\"%s\"", why.text);
    }
}

static void a_buffer_has_its_range(void **state)
{
    static const double buffers[] = { -1, 100001, NAN, INFINITY };
    struct zone *zone = NULL;
    struct fault why = { .text = "" };

    (void)state;
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
        assert_false(zone_from_text(maker, ZONE_WKT, "POLYGON ((0 0, 1 0, 1 1, 0 0))", buffers[i],
                                    &zone, &why));
        assert_non_null(strstr(why.text, "m is outside 0..100000 m"));
    }
}

static void a_buffer_over_the_180th_meridian_is_refused(void **state)
{
    const char *text = "POLYGON ((179.9 0, 179.99 0, 179.99 0.1, 179.9 0))";
    struct zone *zone = NULL;
    struct fault why = { .text = "" };

    (void)state;
    assert_false(zone_from_text(maker, ZONE_WKT, text, 2000, &zone, &why));
    assert_string_equal(why.text, "reaches over the 180th meridian, or off the map");
    assert_true(zone_from_text(maker, ZONE_WKT, text, 1000, &zone, &why));
    zone_destroy(zone);
}

/* A regular polygon of `corners` points, the first again at the end; the caller frees it. */
static char *polygon_of(int corners)
{
    char *text = malloc((size_t)corners * 48 + 32), *at = text;

    assert_non_null(text);
    at += sprintf(at, "POLYGON ((");
    for (int i = 0; i < corners; i++) {
        double angle = 6.283185307179586 * (i % (corners - 1)) / (corners - 1);

        at += sprintf(at, "%s%.12f %.12f", i ? "," : "", 0.45 + 0.1 * cos(angle),
                      51.5 + 0.1 * sin(angle));
    }
    strcpy(at, "))");
    return text;
}

static void a_hundred_thousand_corners_fit_and_one_more_does_not(void **state)
{
    struct zone *zone = NULL;
    struct fault why = { .text = "" };
    char *fits = polygon_of(ZONE_CORNERS_MAX), *too_many = polygon_of(ZONE_CORNERS_MAX + 1);

    (void)state;
    assert_true(zone_from_text(maker, ZONE_WKT, fits, 0, &zone, &why));
    assert_true(zone_distance(zone, (struct lonlat){ 0.45, 51.5 }, INFINITY) < -6000);
    zone_destroy(zone);
    assert_false(zone_from_text(maker, ZONE_WKT, too_many, 0, &zone, &why));
    assert_string_equal(why.text, "100001 corners are more than 100000");
    free(fits);
    free(too_many);
}

/* `open` so many times, and nothing more: what matters is how deep a reader goes. */
static char *nested(const char *open, size_t depth)
{
    char *text = malloc(strlen(open) * depth + 1), *at = text;

    assert_non_null(text);
    for (size_t i = 0; i < depth; i++)
        at = stpcpy(at, open);
    return text;
}

/* In a child, as a stack that runs out takes its process with it. Frees `text`. */
static void check_survived(enum zone_format format, char *text)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        struct zone *zone = NULL;
        struct fault why = { .text = "" };
        bool read = zone_from_text(maker, format, text, 0, &zone, &why);

        _exit(read || why.text[0] == '\0');
    }
    free(text);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("status %#x", (unsigned)status);
}

static char *nested_geojson(size_t depth)
{
    char *inner = nested("{\"type\":\"GeometryCollection\",\"geometries\":[", depth);
    char *outer = nested("]}", depth), *text = malloc(strlen(inner) + strlen(outer) + 1);

    assert_non_null(text);
    strcpy(stpcpy(text, inner), outer);
    free(inner);
    free(outer);
    return text;
}

static void ten_thousand_deep_is_refused(void **state)
{
    (void)state;
    check_survived(ZONE_WKT, nested("GEOMETRYCOLLECTION(", 10000));
    check_survived(ZONE_GEOJSON, nested_geojson(10000));
}

static void wkt_however_deep_is_refused(void **state)
{
    (void)state;
    check_survived(ZONE_WKT, nested("GEOMETRYCOLLECTION(", 200000));
}

static void geojson_however_deep_is_refused(void **state)
{
    (void)state;
    check_survived(ZONE_GEOJSON, nested_geojson(200000));
}

/* Each complaint is of its own text, not left over from the one before. */
static void a_complaint_is_not_kept_for_the_next(void **state)
{
    struct zone *zone = NULL;
    struct fault why = { .text = "" };

    (void)state;
    assert_false(zone_from_text(maker, ZONE_WKT, "nonsense", 0, &zone, &why));
    assert_true(zone_from_text(maker, ZONE_WKT, "POLYGON ((0 0, 1 0, 1 1, 0 0))", 0, &zone, &why));
    zone_destroy(zone);
    assert_false(zone_from_text(maker, ZONE_WKT, "POINT (0 0)", 0, &zone, &why));
    assert_null(strstr(why.text, "NONSENSE"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_centre_off_the_map_is_said_to_be_so),
        cmocka_unit_test(a_buffer_has_its_range),
        cmocka_unit_test(a_buffer_over_the_180th_meridian_is_refused),
        cmocka_unit_test(a_hundred_thousand_corners_fit_and_one_more_does_not),
        cmocka_unit_test(ten_thousand_deep_is_refused),
        cmocka_unit_test(wkt_however_deep_is_refused),
        cmocka_unit_test(geojson_however_deep_is_refused),
        cmocka_unit_test(a_complaint_is_not_kept_for_the_next),
    };
    int failed;

    maker = zone_maker_create();
    failed = rows_hold("texts that are no zone", texts, it_is_refused_so) +
             rows_hold("circles that are no zone", circles, the_circle_is_refused_so) +
             cmocka_run_group_tests_name("zone, refused", tests, NULL, NULL);
    zone_maker_destroy(maker);
    return failed;
}
