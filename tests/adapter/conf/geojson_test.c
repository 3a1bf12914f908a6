/* SPDX-License-Identifier: Apache-2.0 */
/* Altitudes go, a crs is looked at; everything else of a shape stays as it is. */
#include "adapter/conf/geojson.h"

#include "support/rows.h"
#include "support/said.h"

#define POINT         "\"type\":\"Point\",\"coordinates\":[1,2]"
#define CRS(name)     "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"" name "\"}}"
#define FEATURE(more) "{\"type\":\"Feature\",\"geometry\":{" POINT "}" more "}"
#define WANTED        "degrees of WGS84 are wanted"
#define SAME          NULL

static const struct row {
    const char *says, *given, *want; // the plain text, or why there is none; SAME: as it was given
} rows[] = {
    { "a corner with an altitude",
      "{\"type\":\"Polygon\",\"coordinates\":[[[0.1,51.5,12],[0.2,51.5,12.5],[0.1,51.6,0],"
      "[0.1,51.5,12]]]}",
      "{\"type\":\"Polygon\",\"coordinates\":[[[0.10000000000000001,51.5],[0.20000000000000001,51."
      "5]"
      ",[0.10000000000000001,51.600000000000001],[0.10000000000000001,51.5]]]}" },
    { "in a feature of a collection",
      "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":{\"type\":"
      "\"Point\",\"coordinates\":[1,2,3]}}]}",
      "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":{\"type\":"
      "\"Point\",\"coordinates\":[1.0,2.0]}}]}" },
    { "without altitudes it is the same text", "{\"type\":\"Point\", \"coordinates\":[1, 2]}",
      NULL },
    { "three numbers elsewhere are no position", "{\"properties\":{\"rgb\":[1,2,3]}}", NULL },
    { "one has lost its altitude", "{\"coordinates\":[[[1,2,3],[1,2]]]}", NULL },
    { "words are no position", "{\"coordinates\":[1,2,\"3\"]}", NULL },
    { "four numbers are for GEOS to refuse", "{\"coordinates\":[1,2,3,4]}", SAME },
    { "with a byte order mark", "\xEF\xBB\xBF{" POINT "}", "{" POINT "}" },
    { "a name twice in the properties", FEATURE(",\"properties\":{\"a\":1,\"a\":2}"), SAME },
    { "a number without end", FEATURE(",\"properties\":{\"a\":99999999999999999999}"), SAME },
    { "a NUL", FEATURE(",\"properties\":{\"a\":\"\\u0000\"}"), SAME },
};

static const struct row systems[] = {
    { "WGS84", "{" CRS("urn:ogc:def:crs:OGC:1.3:CRS84") "," POINT "}", SAME },
    { "in the draft's form",
      "{\"crs\":{\"type\":\"EPSG\",\"properties\":{\"code\":4326}}," POINT "}", SAME },
    { "as a mere text", "{\"crs\":\"EPSG:4326\"," POINT "}", SAME },
    { "a property of that name says nothing", FEATURE(",\"properties\":{" CRS("EPSG:4277") "}"),
      SAME },
    { "another one", "{" CRS("urn:ogc:def:crs:EPSG::4277") "," POINT "}",
      "crs: urn:ogc:def:crs:EPSG::4277 is not WGS84: " WANTED },
    { "the National Grid", "{" CRS("EPSG:27700") "," POINT "}",
      "crs: EPSG:27700: these are National Grid metres: " WANTED },
    { "in the draft's form, another one",
      "{\"crs\":{\"type\":\"EPSG\",\"properties\":{\"code\":27700}}," POINT "}",
      "crs: EPSG:27700: these are National Grid metres: " WANTED },
    { "of a feature", FEATURE("," CRS("EPSG:4277")), "crs: EPSG:4277 is not WGS84: " WANTED },
    { "of a member feature, under one that is WGS84",
      "{" CRS("EPSG:4326") ",\"features\":[" FEATURE("," CRS("EPSG:4277")) "]}",
      "crs: EPSG:4277 is not WGS84: " WANTED },
    { "of a feature's geometry", "{\"geometry\":{" POINT "," CRS("EPSG:4277") "}}",
      "crs: EPSG:4277 is not WGS84: " WANTED },
    { "of a member of a collection", "{\"geometries\":[{" POINT "," CRS("EPSG:4277") "}]}",
      "crs: EPSG:4277 is not WGS84: " WANTED },
    { "null", "{\"crs\":null," POINT "}",
      "crs: null says that nobody knows the system of these coordinates: leave crs out where it is "
      "WGS84" },
    { "a link",
      "{\"crs\":{\"type\":\"link\",\"properties\":{\"href\":\"http://a/"
      "4326\",\"type\":\"proj4\"}}," POINT "}",
      "crs: http://a/4326: a link is not followed: " WANTED },
    { "an empty one", "{\"crs\":{}," POINT "}", "crs: names no system: " WANTED },
    { "a number", "{\"crs\":4326," POINT "}", "crs: names no system: " WANTED },
    { "a name that is no text",
      "{\"crs\":{\"type\":\"name\",\"properties\":{\"name\":4326}}," POINT "}",
      "crs: names no system: " WANTED },
    { "a type that nobody knows",
      "{\"crs\":{\"type\":\"wkt\",\"properties\":{\"name\":\"EPSG:4326\"}}," POINT "}",
      "crs: names no system: " WANTED },
    { "a code without end",
      "{\"crs\":{\"type\":\"EPSG\",\"properties\":{\"code\":1e300}}," POINT "}",
      "crs: EPSG:10000000000000000525047602 is not WGS84: " WANTED },
};

static const struct row others[] = {
    { "no JSON", "{\"coordinates\":[1,2,3]",
      "cannot be read as JSON, line 1: '}' expected near end of file" },
    { "nothing at all", "",
      "cannot be read as JSON, line 1: '[' or '{' expected near end of file" },
    { "a corner without numbers, where GEOS reads address 0",
      "{\"type\":\"Polygon\",\"coordinates\":[[[0.46,51.57],[],[0.47,51.58],[0.46,51.57]]]}",
      "coordinates: a position is no list of two numbers, lon and lat" },
    { "a corner of one number", "{\"geometry\":{\"coordinates\":[[[0.46],[0.47,51.5]]]}}",
      "coordinates: a position is no list of two numbers, lon and lat" },
    { "a ring of nothing", "{\"geometries\":[{\"coordinates\":[[]]}]}",
      "coordinates: a position is no list of two numbers, lon and lat" },
    { "a point of nothing", "{\"features\":[{\"geometry\":{\"coordinates\":[]}}]}",
      "coordinates: a position is no list of two numbers, lon and lat" },
    { "two features", "{\"features\":[" FEATURE("") "," FEATURE("") "]}",
      "2 features: one is wanted: areas of one zone go into a MultiPolygon" },
    { "no feature", "{\"features\":[]}",
      "a FeatureCollection without features: one polygon is wanted" },
    { "KML", "<?xml version=\"1.0\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"/>",
      "this is KML (breachctl order import reads it), and no GeoJSON" },
    { "GPX", "<?xml version=\"1.0\"?><gpx/>", "this is XML (GML, GPX, KML?), and no GeoJSON" },
    { "KMZ", "PK\003\004", "this is a zip archive (KMZ, a shapefile?), and no GeoJSON" },
    { "UTF-16", "\xFF\xFE{", "this is UTF-16, and no GeoJSON" },
    { "WKT", "POLYGON ((0 1))", "this is WKT, and no GeoJSON" },
    { "a sequence", "\x1E{}", "this is a sequence of JSON texts (RFC 8142), and no GeoJSON" },
    { "JSON in quotation marks", "\"{}\"", "this is a text in quotation marks, and no GeoJSON" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct arena arena = { 0 };
    struct fault why = { .text = "" };
    const char *plain = geojson_plain(row->given, &arena, &why);

    if (row->want == SAME)
        assert_ptr_equal(plain, row->given);
    else
        assert_string_equal(plain ? plain : said(&why).text, row->want);
    arena_fini(&arena);
}

int main(void)
{
    return rows_hold("geojson, altitudes", rows, row_holds) +
           rows_hold("geojson, systems", systems, row_holds) +
           rows_hold("what is no geojson", others, row_holds);
}
