/* SPDX-License-Identifier: Apache-2.0 */
/* WKT as programs write it, made what GEOS reads; everything else of it stays as it is. */
#include "adapter/conf/wkt.h"

#include "support/rows.h"
#include "support/said.h"

static const struct row {
    const char *says, *given, *want; // want: the plain text, or why there is none
} rows[] = {
    { "WKT is what it was", "POLYGON ((0 1, 2 3))", "POLYGON ((0 1, 2 3))" },
    // MatanYadaev/laravel-eloquent-spatial#143
    { "EWKT of PostGIS", "SRID=4326;POLYGON((0 1, 2 3))", "POLYGON((0 1, 2 3))" },
    { "with a blank, and in small letters", "srid=4326; polygon((0 1))", "polygon((0 1))" },
    // apache/sedona-db#162
    { "POLYGONZ, as MariaDB and older PostGIS have it", "POLYGONZ((0 1 9))", "POLYGON ((0 1 9))" },
    { "POLYGON Z is GEOS's own", "POLYGON Z ((0 1 9))", "POLYGON Z ((0 1 9))" },
    { "measures", "PolygonM ((0 1 9))", "Polygon  ((0 1 9))" },
    { "both", "MULTIPOLYGONZM (((0 1 9 8)))", "MULTIPOLYGON   (((0 1 9 8)))" },
    { "inside a collection", "GEOMETRYCOLLECTIONZ(POLYGONZ((0 1 9)))",
      "GEOMETRYCOLLECTION (POLYGON ((0 1 9)))" },
    { "and all of it", "SRID=4326;POLYGONZ((0 1 9))", "POLYGON ((0 1 9))" },
    { "another word stays, for GEOS to name", "CURVEPOLYGONZ((0 1))", "CURVEPOLYGONZ((0 1))" },
    { "nothing", "", "" },

    { "another system", "SRID=4277;POLYGON((0 1))",
      "SRID=4277 is not WGS84: degrees of WGS84 are wanted" },
    { "the National Grid", "SRID=27700;POLYGON((571340 188470))",
      "SRID=27700: these are National Grid metres: degrees of WGS84 "
      "are wanted" },
    { "no system", "SRID=0;POLYGON((0 1))", "SRID=0 is not WGS84: degrees of WGS84 are wanted" },
    { "a semicolon forgotten", "SRID=4326 POLYGON((0 1))", "behind SRID=… a semicolon is missing" },
    { "nothing behind it", "SRID=4326", "behind SRID=… a semicolon is missing" },
    { "KML", "<Polygon><coordinates>0,1</coordinates></Polygon>",
      "this is XML (GML, GPX, KML?), and no WKT" },
    { "WKB", "0103000020E6100000010000000500", "this is WKB in hexadecimal digits, and no WKT" },
    { "GeoJSON", "{\"type\":\"Polygon\"}", "this is GeoJSON, and no WKT" },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct arena arena = { 0 };
    struct fault why = { .text = "" };
    const char *plain = wkt_plain(row->given, &arena, &why);

    assert_string_equal(plain ? plain : said(&why).text, row->want);
    arena_fini(&arena);
}

int main(void)
{
    return rows_hold("wkt", rows, row_holds);
}
