/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of [zone]: circles, polygons, files of them; what is no zone, and where it must not lie.
 */
#include "adapter/conf/orderfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/orders.h"
#include "support/rows.h"
#include "support/scratch.h"
#include "support/test.h"

#define A(n)   "orders.d/A.conf:" #n ": "
#define Z(n)   A(n) "warning: zone A/z: "
#define REGION "outside the region 51.4..52.1, -0.1..1.4"
#define WANTED "degrees of WGS84 are wanted"
#define RING   "0.50 51.60, 0.51 51.60, 0.51 51.61, 0.50 51.61, 0.50 51.60"

/* What stands in the section of zone A/z, from line 9 on; and what is said of it. */
static const struct row {
    const char *says, *zone, *want;
} rows[] = {
    { "a circle", "centre = 51.56844, 0.45782\nradius = 0.2 km\nwarn = 800 m\n", "" },
    { "a circle with a buffer", "centre = 51.56844, 0.45782\nradius = 200 m\nbuffer = 50 m\n", "" },
    { "a polygon", "wkt = POLYGON ((" RING "))\nbuffer = 50 m\n", "" },
    { "a polygon with a hole",
      "wkt = POLYGON ((" RING "), (0.504 51.604, 0.506 51.604, 0.506 51.606, 0.504 51.604))\n",
      "" },
    { "a multipolygon",
      "wkt = MULTIPOLYGON (((" RING ")), ((0.6 51.6, 0.61 51.6, 0.61 51.61, 0.6 51.6)))\n", "" },
    { "EWKT", "wkt = SRID=4326;POLYGON ((" RING "))\n", "" },
    { "corners with heights and measures",
      "wkt = POLYGONZM ((0.5 51.6 3 4, 0.6 51.6 3 4, 0.6 51.7 3 4, 0.5 51.6 3 4))\n", "" },
    { "a schedule", "wkt = POLYGON ((" RING "))\nschedule = Mon-Fri 08:00-16:30; Sat 09:00-12:00\n",
      "" },

    { "no shape", "warn = 1 m\n",
      A(8) "A/z: exactly one of centre, wkt and geojson must be given\n" },
    { "two shapes", "centre = 51.5, 0.4\nradius = 200 m\nwkt = POLYGON ((" RING "))\n",
      A(8) "A/z: exactly one of centre, wkt and geojson must be given\n" },
    { "a centre without radius", "centre = 51.5, 0.4\n", A(8) "A/z: radius must be given\n" },
    { "a polygon with radius", "wkt = POLYGON ((" RING "))\nradius = 200 m\n",
      A(10) "radius: goes with centre; a polygon has buffer\n" },
    { "an unknown key", "centre = 51.5, 0.4\nradius = 200 m\ncolour = red\n",
      A(11) "colour: no such key here\n" },
    { "a key twice", "centre = 51.5, 0.4\nradius = 200 m\nradius = 300 m\n",
      A(11) "radius: given twice\n" },
    { "a radius of no size", "centre = 51.5, 0.4\nradius = 0.5 m\n",
      A(10) "radius: 0.5 m is outside 1 m..100 km\n" },
    { "a radius without unit", "centre = 51.5, 0.4\nradius = 200\n",
      A(10) "radius: \"200\" is not a distance like 200 m or 1.5 km\n" },
    { "a ring too wide", "centre = 51.5, 0.4\nradius = 200 m\nwarn = 101 km\n",
      A(11) "warn: 101 km is outside 0 m..100 km\n" },
    { "a negative buffer", "centre = 51.5, 0.4\nradius = 200 m\nbuffer = -1 m\n",
      A(11) "buffer: \"-1 m\" is not a distance like 200 m or 1.5 km\n" },
    { "a bad schedule", "centre = 51.5, 0.4\nradius = 200 m\nschedule = Mon-Fri 8-16\n",
      A(11) "schedule: \"Mon-Fri 8-16\" is not like `Mon-Fri 08:00-16:30; Sat 09:00-12:00`\n" },
    { "all of it",
      "centre = here\nradius = 0 m\nbuffer = x\nwarn = y\nschedule = z\ncolour = red\n",
      A(14) "colour: no such key here\n" A(
          9) "centre: not like `51.56844, 0.45782` (latitude, "
             "longitude) (\"here\")\n" A(10) "radius: 0 m is "
                                             "outside 1 m..100 "
                                             "km\n" A(11) "buffer:"
                                                          " \"x\" "
                                                          "is not "
                                                          "a "
                                                          "distanc"
                                                          "e like "
                                                          "200 m "
                                                          "or 1.5 "
                                                          "km\n" A(12) "warn: \"y\" is not a "
                                                                       "distance like 200 m or "
                                                                       "1.5 km\n" A(
                                                                           13) "schedule: "
                                                                               "\"z\" is not "
                                                                               "like `Mon-Fri "
                                                                               "08:00-16:30; "
                                                                               "Sat "
                                                                               "09:00-12:00`"
                                                                               "\n" },

    { "a centre off the map", "centre = 91, 0.4\nradius = 200 m\n",
      A(9) "centre: latitude is outside -90..90: swapped with longitude? (91)\n" },
    { "a centre elsewhere", "centre = 48.85, 2.35\nradius = 200 m\n",
      A(9) "centre: " REGION " (latitude 48.85000..48.85000, longitude 2.35000..2.35000)\n" },
    { "a centre the wrong way round", "centre = 0.45782, 51.56844\nradius = 200 m\n",
      A(9) "centre: " REGION
           ": latitude and longitude are swapped, here or in region? (latitude 0.45782..0.45782, "
           "longitude 51.56844..51.56844)\n" },
    { "a polygon the wrong way round",
      "wkt = POLYGON ((51.60 0.50, 51.60 0.51, 51.61 0.51, 51.60 0.50))\n",
      A(9) "wkt: " REGION
           ": latitude and longitude are swapped, here or in region? (latitude 0.50000..0.51000, "
           "longitude 51.60000..51.61000)\n" },
    { "a polygon half outside", "wkt = POLYGON ((1.3 51.6, 1.5 51.6, 1.5 51.7, 1.3 51.6))\n",
      A(9) "wkt: " REGION " (latitude 51.60000..51.70000, longitude 1.30000..1.50000)\n" },

    { "a small circle", "centre = 51.56844, 0.45782\nradius = 50 m\n",
      Z(8) "100 m wide: at 30 mph and a ping in 15 s he may pass through unseen\n" },
    { "a narrow polygon",
      "wkt = POLYGON ((0.5 51.6, 0.6 51.6, 0.6 51.601, 0.5 51.601, 0.5 51.6))\n",
      Z(8) "111 m wide: at 30 mph and a ping in 15 s he may pass through unseen\n" },

#define BOW "POLYGON ((0.5 51.6, 0.6 51.7, 0.6 51.6, 0.5 51.7, 0.5 51.6))"
    { "a bow tie", "wkt = " BOW "\n",
      A(9) "wkt: Self-intersection at longitude 0.55, latitude 51.65\n" },
    { "a hole outside", "wkt = POLYGON ((" RING "), (0.6 51.6, 0.61 51.6, 0.61 51.61, 0.6 51.6))\n",
      A(9) "wkt: Hole lies outside shell at longitude 0.6, latitude 51.6\n" },
    { "a ring left open", "wkt = POLYGON ((0.5 51.6, 0.6 51.6, 0.6 51.7))\n",
      A(9) "wkt: cannot be read as a shape: IllegalArgumentException: Points of LinearRing do not "
           "form a closed "
           "linestring\n" },
    { "two corners", "wkt = POLYGON ((0.5 51.6, 0.6 51.6, 0.5 51.6))\n",
      A(9) "wkt: Too few points in geometry component at longitude 0.5, latitude 51.6\n" },
    { "a line", "wkt = LINESTRING (0.5 51.6, 0.6 51.6)\n",
      A(9) "wkt: a LineString is no area: one polygon or multipolygon is wanted\n" },
    { "a point", "wkt = POINT (0.5 51.6)\n",
      A(9) "wkt: a Point is no area: one polygon or multipolygon is wanted\n" },
    { "more behind the polygon", "wkt = POLYGON ((" RING ")) POLYGON ((" RING "))\n",
      A(9) "wkt: something stands behind the shape\n" },
    { "a corner at no number", "wkt = POLYGON ((nan 51.6, 0.6 51.6, 0.6 51.7, nan 51.6))\n",
      A(9) "wkt: cannot be read as a shape: IllegalArgumentException: Points of LinearRing do not "
           "form a closed "
           "linestring\n" },
    { "a corner at infinity", "wkt = POLYGON ((0.5 51.6, inf 51.6, 0.6 51.7, 0.5 51.6))\n",
      A(9) "wkt: Invalid Coordinate\n" },
    { "metres in WKT",
      "wkt = POLYGON ((571340 188470, 571440 188470, 571440 188570, 571340 188470))\n",
      A(9) "wkt: these are National Grid metres: " WANTED " (571340..571440, 188470..188570)\n" },
    { "metres in EWKT",
      "wkt = SRID=27700;POLYGON ((571340 188470, 571440 188470, 571440 188570, 571340 188470))\n",
      A(9) "wkt: SRID=27700: these are National Grid metres: " WANTED "\n" },
    { "metres for a centre", "centre = 571340, 188470\nradius = 200 m\n",
      A(9) "centre: these are National Grid metres: " WANTED
           " (571340..571340, 188470..188470)\n" },
    { "a polygon in quotation marks", "wkt = \"POLYGON ((" RING "))\"\n",
      A(9) "wkt: stands in quotation marks: leave them out\n" },
    { "a centre in quotation marks", "centre = '51.5, 0.4'\nradius = 200 m\n",
      A(9) "centre: stands in quotation marks: leave them out\n" },
    { "a file in quotation marks", "geojson = \"z.geojson\"\n",
      A(9) "geojson: stands in quotation marks: leave them out\n" },
    // openlayers#3686: a longitude beside Greenwich.
    { "numbers with exponents",
      "wkt = POLYGON ((9.1993293867552632E-05 51.57, 3e-3 51.57, 3E-3 5.158e1, "
      "9.1993293867552632E-05 51.57))\n",
      "" },
    // traccar#3957: a map that was turned round once more.
    { "a longitude of another turn",
      "wkt = POLYGON ((360.47 51.57, 360.48 51.57, 360.48 51.58, 360.47 51.57))\n",
      A(9) "wkt: reaches over the 180th meridian, or off the map\n" },
    { "a polygon of no letters", "wkt =\n",
      A(9) "wkt: cannot be read as a shape: ParseException: Expected word but encountered end of "
           "stream\n" },
    { "nothing", "wkt = POLYGON EMPTY\n", A(9) "wkt: the polygon is empty\n" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    char text[2048];

    snprintf(text, sizeof text, ORDER("A", "R", "t") "[zone A/z]\n%s", row->zone);
    assert_said_of(row->says, text, row->want);
}

#define SQUARE         "[[[0.50,51.60],[0.51,51.60],[0.51,51.61],[0.50,51.61],[0.50,51.60]]]"
#define GEOMETRY       "{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}"
#define FEATURE        "{\"type\":\"Feature\",\"properties\":{\"name\":\"x\"},\"geometry\":" GEOMETRY "}"
#define FEATURES(list) "{\"type\":\"FeatureCollection\",\"features\":[" list "]}"
#define OF(name)                                                                                   \
    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"" name  \
    "\"}},\"features\":[" FEATURE "]}"
#define SHAPE(why) A(9) "geojson: " why "\n"

/* What stands in the file; `want` "?" when only that something is said is promised. */
static const struct row shapes[] = {
    { "a geometry", GEOMETRY, "" },
    { "a byte order mark before it", "\xEF\xBB\xBF" GEOMETRY, "" },
    { "UTF-16", "\xFF\xFE{",
      SHAPE("orders.d/shapes/z.geojson: UTF-16, not UTF-8: save it as UTF-8") },
    { "a multipolygon", "{\"type\":\"MultiPolygon\",\"coordinates\":[" SQUARE "]}", "" },
    { "a feature", FEATURE, "" },
    { "a collection of one", FEATURES(FEATURE), "" },
    { "a collection of two", FEATURES(FEATURE "," FEATURE),
      SHAPE("2 features: one is wanted: areas of one zone go into a MultiPolygon") },
    { "a collection of none", FEATURES(""),
      SHAPE("a FeatureCollection without features: one polygon is wanted") },
    // As airspaces are exported: GEOSwift#90.
    { "a collection of one in a collection of one",
      FEATURES("{\"type\":\"Feature\",\"geometry\":{\"type\":\"GeometryCollection\",\"geometries\":"
               "[" GEOMETRY "]}}"),
      "" },
    // azure-docs#32826
    { "a collection in a wrapper", "{\"FeatureCollection\":" FEATURES(FEATURE) "}", "?" },
    { "a collection that names WGS84", OF("urn:ogc:def:crs:OGC:1.3:CRS84"), "" },
    // 129 m off, and nobody was told.
    { "one of OSGB36's degrees", OF("urn:ogc:def:crs:EPSG::4277"),
      SHAPE("crs: urn:ogc:def:crs:EPSG::4277 is not WGS84: " WANTED) },
    { "metres, of which nothing is said",
      "{\"type\":\"Polygon\",\"coordinates\":[[[571340,188470],[571440,188470],[571440,188570],"
      "[571340,188470]]]}",
      SHAPE("these are National Grid metres: " WANTED " (571340..571440, 188470..188570)") },
    { "KML", "<kml/>", SHAPE("this is KML (breachctl order import reads it), and no GeoJSON") },
    { "a point", "{\"type\":\"Point\",\"coordinates\":[0.5,51.6]}",
      SHAPE("a Point is no area: one polygon or multipolygon is wanted") },
    { "nothing", "", "?" },
    { "no JSON", "POLYGON ((" RING "))", "?" },
    { "no GeoJSON", "[1,2,3]", "?" },
    { "a number", "7", "?" },
    { "an open end", "{\"type\":\"Polygon\",\"coordinates\":[[[0.5", "?" },
    { "a corner of one number", "{\"type\":\"Polygon\",\"coordinates\":[[[0.5],[0.6]]]}", "?" },
    { "no coordinates", "{\"type\":\"Polygon\"}", "?" },
    { "texts for numbers", "{\"type\":\"Polygon\",\"coordinates\":[[[\"a\",\"b\"]]]}", "?" },
    { "no geometry", "{\"type\":\"Feature\",\"properties\":{},\"geometry\":null}", "?" },
};

#define SHAPED ORDER("A", "R", "t") "[zone A/z]\ngeojson = shapes/z.geojson\n"

static void each_shape_file_is_taken_or_told_why_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct complaints complaints = { 0 };

        scratch_write("orders.d/shapes/z.geojson", shapes[i].zone);
        if (shapes[i].want[0] != '?') {
            assert_said_of(shapes[i].says, SHAPED, shapes[i].want);
            continue;
        }
        scratch_write("orders.d/A.conf", SHAPED);
        assert_null(orders_load(&complaints));
        if (complaints.n != 1 ||
            strncmp(complaints.kept[0].text, SHAPE(""), strlen(SHAPE("")) - 1) != 0)
            fail_msg("%s: %s", shapes[i].says, complaints.n > 0 ? complaints.kept[0].text : "");
        complaints_fini(&complaints);
    }
}

static void a_shape_file_lies_beside_its_order_file(void **state)
{
    (void)state;
    assert_said_of("not there", SHAPED,
                   SHAPE("orders.d/shapes/z.geojson: No such file or directory"));
    scratch_write("shapes/z.geojson", GEOMETRY);
    assert_said_of("beside the settings", SHAPED,
                   SHAPE("orders.d/shapes/z.geojson: No such file or directory"));
    scratch_write("orders.d/shapes/z.geojson", GEOMETRY);
    assert_said_of("where it belongs", SHAPED, "");
    assert_said_of("a folder", ORDER("A", "R", "t") "[zone A/z]\ngeojson = shapes\n",
                   SHAPE("orders.d/shapes: Is a directory"));
    assert_int_equal(remove("orders.d/shapes/z.geojson") | remove("orders.d/shapes"), 0);
    assert_int_equal(mkfifo("orders.d/pipe", 0600), 0);
    assert_said_of("a FIFO", ORDER("A", "R", "t") "[zone A/z]\ngeojson = pipe\n",
                   SHAPE("orders.d/pipe: is no regular file"));
}

static void a_shape_file_over_16_mib_is_refused(void **state)
{
    size_t n = ORDERFILE_GEOJSON_MAX + 1;
    char *text = malloc(n);
    (void)state;

    assert_non_null(text);
    memset(text, ' ', n);
    scratch_write_bytes("orders.d/shapes/z.geojson", text, n);
    free(text);
    assert_said_of("too large", SHAPED,
                   SHAPE("orders.d/shapes/z.geojson: larger than 16777216 bytes"));
}

/* In a region that holds everything nothing else would stop them. */
static void no_zone_crosses_the_180th_meridian_or_touches_a_pole(void **state)
{
    static const struct civil civil = { .n = 1, .change = { { UTC_ALWAYS, 0 } } };
    static const char *const zones[] = {
        "centre = 10, 179.9999\nradius = 200 m\n",
        "centre = 89.9999, 10\nradius = 200 m\n",
        "centre = -90, 0\nradius = 200 m\n",
        "wkt = POLYGON ((10 80, 20 80, 20 90, 10 80))\n",
        "wkt = POLYGON ((179 10, 181 10, 181 11, 179 10))\n",
        "wkt = POLYGON ((179.9 10, -179.9 10, -179.9 11, 179.9 11, 179.9 10))\n",
    };
    struct orderfile_options options = { .folder = "orders.d",
                                         .region = { { -180, -90 }, { 180, 90 } },
                                         .civil = &civil };
    int taken = 0;
    (void)state;

    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        struct complaints complaints = { 0 };
        struct rulebook *rulebook;
        char text[512];

        snprintf(text, sizeof text, ORDER("A", "R", "t") "[zone A/z]\n%s", zones[i]);
        scratch_write("orders.d/A.conf", text);
        rulebook = orderfile_load(&options, &complaints);
        if (rulebook != NULL) {
            print_error("taken: %s", zones[i]);
            taken++;
        }
        rulebook_destroy(rulebook);
        complaints_fini(&complaints);
    }
    assert_int_equal(taken, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(each_shape_file_is_taken_or_told_why_not),
        scratch_test(a_shape_file_lies_beside_its_order_file),
        scratch_test(a_shape_file_over_16_mib_is_refused),
        scratch_test(no_zone_crosses_the_180th_meridian_or_touches_a_pole),
    };

    return rows_hold_in("orderfile_zones_rows", rows, row_holds, scratch_setup, scratch_teardown) +
           cmocka_run_group_tests_name("orderfile_zones", tests, NULL, NULL);
}
