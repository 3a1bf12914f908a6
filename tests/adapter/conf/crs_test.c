/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which names of a coordinate reference system are WGS84, and what is said of the others: to show
 * a shape where it is not is what came of passing them over (openlayers/openlayers#6425,
 * spacesyntax/OpenMapping#3).
 */
#include "adapter/conf/crs.h"

#include <string.h>

#include "support/rows.h"

#define WANTED       "degrees of WGS84 are wanted"
#define OTHER(name)  name " is not WGS84: " WANTED
#define METRES(name) name ": these are National Grid metres: " WANTED
#define WEB(name)    name ": these are Web Mercator metres: " WANTED

static const struct row {
    const char *name, *want; // "": it is WGS84
} rows[] = {
    // As GDAL, QGIS, GeoServer, MapServer, ArcGIS, OpenLayers and PostGIS write it.
    { "urn:ogc:def:crs:OGC:1.3:CRS84", "" },
    { "urn:ogc:def:crs:OGC::CRS84", "" },
    { "URN:OGC:DEF:CRS:OGC:1.3:crs84", "" },
    { "urn:x-ogc:def:crs:OGC:1.3:CRS84", "" },
    { "urn:ogc:def:crs:OGC:2:84", "" },
    { "urn:ogc:def:crs:OGC:0:CRS84h", "" },
    { "urn:ogc:def:crs:EPSG::4326", "" },
    { "urn:ogc:def:crs:EPSG:6.9:4326", "" },
    { "urn:ogc:def:crs:EPSG:4326", "" },
    { "urn:x-ogc:def:crs:EPSG:4326", "" },
    { "urn:ogc:def:crs:EPSG::4979", "" },
    { "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "" },
    { "https://www.opengis.net/def/crs/EPSG/0/4326", "" },
    { "http://www.opengis.net/gml/srs/epsg.xml#4326", "" },
    { "EPSG:4326", "" },
    { "epsg:4326", "" },
    { "EPSG:4979", "" },
    { "OGC:CRS84", "" },
    { "CRS84", "" },
    { "CRS:84", "" },
    { "SRID=4326", "" },
    { "srid = 4326", "" },
    { "WGS84", "" },
    { "WGS 84", "" },
    { "WGS_1984", "" },

    // The numbers of each would be degrees, and the place another.
    { "urn:ogc:def:crs:EPSG::4277", OTHER("urn:ogc:def:crs:EPSG::4277") },
    { "EPSG:4258", OTHER("EPSG:4258") },
    { "EPSG:4269", OTHER("EPSG:4269") },
    { "urn:ogc:def:crs:OGC:1.3:CRS83", OTHER("urn:ogc:def:crs:OGC:1.3:CRS83") },
    { "EPSG:43261", OTHER("EPSG:43261") },
    { "EPSG:3395", OTHER("EPSG:3395") },
    { "EPSG:38570", OTHER("EPSG:38570") },
    { "SRID=0", OTHER("SRID=0") },
    { "4326", OTHER("4326") },
    { "", OTHER("") },
    { "EPSG:4326 ", OTHER("EPSG:4326 ") },
    { "urn:ogc:def:crs:EPSG::27700:4326", OTHER("urn:ogc:def:crs:EPSG::27700:4326") },
    { "urn:ogc:def:crs,crs:EPSG::27700,crs:EPSG::4326",
      OTHER("urn:ogc:def:crs,crs:EPSG::27700,crs:EPSG::4326") },

    { "urn:ogc:def:crs:EPSG::27700", METRES("urn:ogc:def:crs:EPSG::27700") },
    { "EPSG:27700", METRES("EPSG:27700") },
    { "SRID=27700", METRES("SRID=27700") },
    { "http://www.opengis.net/def/crs/EPSG/0/27700",
      METRES("http://www.opengis.net/def/crs/EPSG/0/27700") },
    { "OSGB 1936 / British National Grid", METRES("OSGB 1936 / British National Grid") },
    { "British_National_Grid", METRES("British_National_Grid") },

    { "EPSG:3857", WEB("EPSG:3857") },
    { "urn:ogc:def:crs:EPSG::3857", WEB("urn:ogc:def:crs:EPSG::3857") },
    { "SRID=900913", WEB("SRID=900913") },
    { "WGS 84 / Pseudo-Mercator", WEB("WGS 84 / Pseudo-Mercator") },
    { "WGS_1984_Web_Mercator_Auxiliary_Sphere", WEB("WGS_1984_Web_Mercator_Auxiliary_Sphere") },
};

static void row_holds(void **state)
{
    const struct row *row = *state;
    struct fault why = { .text = "" };

    assert_int_equal(crs_is_wgs84(row->name, &why), row->want[0] == '\0');
    assert_string_equal(why.text, row->want);
}

/* It is cut, and costs no more than a short one. */
static void a_name_of_any_length_is_refused(void **state)
{
    static char name[1024 * 1024];
    struct fault why;
    (void)state;

    memset(name, '1', sizeof name - 1);
    memcpy(name, "urn:ogc:def:crs:EPSG:", 21);
    assert_false(crs_is_wgs84(name, &why));
    assert_true(strlen(why.text) < 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_of_any_length_is_refused),
    };

    return rows_hold("names of systems", rows, row_holds) +
           cmocka_run_group_tests_name("crs", tests, NULL, NULL);
}
