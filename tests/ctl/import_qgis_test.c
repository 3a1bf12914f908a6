/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zones that go out, through QGIS, and come in again, in the shapes in which QGIS 3.22 with GDAL
 * 3.6 writes them; and what is given by hand beside a map.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/order_fixture.h"
#include "support/scratch.h"
#include "support/test.h"

/* In summer, so that an instant read as local time would be another. */
#define ORDERS                                                                                     \
    "[order A]\nkind = bail\nrespondent = R-1\ndevices = tag-1, tag-2\nmonitoring = bail\n"        \
    "from = 2026-06-01 09:00\nserved = 2026-06-02 12:30\nuntil = 2026-09-01 00:00\n"               \
    "[zone A/home]\ncentre = 51.5712, 0.4712\nradius = 200 m\nwarn = 800 m\n"                      \
    "[zone A/school]\nwkt = POLYGON ((0.46 51.57, 0.47 51.57, 0.47 51.58, 0.46 51.57))\n"          \
    "[order B]\nkind = bail\nrespondent = R-2\ndevices = tag-3\nmonitoring = bail\n"               \
    "from = 2026-06-01 09:00\n[zone B/home]\ncentre = 51.56, 0.50\nradius = 150 m\n"

/* Its GeoJSON: the system by name, `id` as a property, instants without an offset. */
#define AS_GEOJSON                                                                                 \
    "sed -E -e 's/(\"(from|served|until)\":\"[^\"]*)[.]000Z\"/\\1\"/g' "                           \
    "-e 's/\"properties\":[{]/\"properties\":{\"id\":\"A\\/home\",/g' "                            \
    "-e 's/^[{]/{\"name\":\"map\",\"crs\":{\"type\":\"name\",\"properties\":"                      \
    "{\"name\":\"urn:ogc:def:crs:OGC:1.3:CRS84\"}},/' zones.geojson >map.geojson"

static bool has_gdal(void)
{
    if (system("command -v ogr2ogr ogrinfo >/dev/null") == 0) // NOLINT
        return true;
    print_message("skipped: no ogr2ogr here\n");
    return false;
}

/* By a command that makes PATH of zones.geojson. */
static void there_and_back(const char *convert, const char *path)
{
    char *before, *after;

    scratch_write("orders.d/A.conf", ORDERS);
    assert_int_equal(system("rm -rf back.d map.* && mkdir back.d"), 0); // NOLINT
    before = order_export("orders.d");
    assert_int_equal(system(convert), 0); // NOLINT
    assert_ended(order_run("order import %s --orders back.d --file A", path), 0, "is in place");
    assert_non_null(strstr(order_said(), "until      = 2026-08-31T23:00:00.000Z\n"));
    after = order_export("back.d");
    assert_string_equal(after, before);
    free(before);
    free(after);
}

static void the_geojson_that_qgis_writes_comes_in_as_the_same_orders(void **state)
{
    (void)state;
    there_and_back(AS_GEOJSON, "map.geojson");
    assert_int_equal(system("grep -q '\"until\":\"2026-08-31T23:00:00\"' map.geojson"), 0);
}

static void its_geopackage_does_too(void **state)
{
    (void)state;
    if (has_gdal())
        there_and_back(AS_GEOJSON " && ogr2ogr map.gpkg map.geojson", "map.gpkg");
}

/* GDAL itself keeps dates there, and QGIS texts like 2026/08/31 23:00:00.000. */
static void a_shapefile_too_though_it_keeps_no_time_of_day(void **state)
{
    (void)state;
    if (!has_gdal())
        return;
    there_and_back("ogr2ogr map.shp zones.geojson 2>gdal", "map.shp");
    there_and_back(AS_GEOJSON " && sed -E -i 's|\"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9:]{8})\"|"
                              "\"\\1/\\2/\\3 \\4.000\"|g' map.geojson",
                   "map.geojson");
}

/* In the table of QGIS it may be anybody's local time: the digits there were those of UTC. */
static void an_instant_that_was_changed_in_qgis_is_refused_until_it_is_given(void **state)
{
    (void)state;
    scratch_write("orders.d/A.conf", ORDERS);
    free(order_export("orders.d"));
    assert_int_equal(system(AS_GEOJSON " && mkdir back.d && " // NOLINT
                                       "sed -i 's/2026-08-31T23:00:00\"/2026-08-15T12:00:00\"/g' "
                                       "map.geojson"),
                     0);
    assert_ended(order_run("order import map.geojson --orders back.d"), 1,
                 "until: \"2026-08-15T12:00:00\" has no offset, and is not the instant that ");
    // With a blank it would be local time, an hour off in summer.
    assert_int_equal(system("sed 's/2026-08-15T12/2026-08-15 12/g' map.geojson >blank.geojson"), 0);
    assert_ended(order_run("order import blank.geojson --orders back.d"), 1,
                 "until: \"2026-08-15 12:00:00\" has no offset, and is not the instant that ");
    assert_ended(order_run("order import map.geojson --orders back.d --until '2026-08-15 12:00'"),
                 0, "breachctl: --until 2026-08-15 12:00: in place of what 2 features say\n");
    assert_non_null(strstr(order_said(), "until      = 2026-08-15 12:00\n"));
}

static void a_table_of_qgis_has_an_id_of_its_own(void **state)
{
    (void)state;
    scratch_write("map.csv",
                  "WKT,id,order,zone,kind,respondent,warn,from,until,text,in_force,times,devices\n"
                  "\"MULTIPOLYGON (((0.46 51.57,0.47 51.57,0.47 51.58,0.46 51.57)))\",A/school,A,"
                  "school,bail,R-1,0,2026/06/01 08:00:00,,b7c9dd9c6b9f,\"0\","
                  "from 2026-06-01T08:00:00.000Z,\"tag-1, tag-2\"\n");
    assert_ended(order_run("order import map.csv"), 0, "column 2, id, is not taken");
    assert_file("orders.d/map.conf",
                "[order A]\nkind       = bail\nrespondent = R-1\ndevices    = tag-1, tag-2\n"
                "from       = 2026-06-01T08:00:00.000Z\n\n[zone A/school]\n"
                "wkt        = MULTIPOLYGON (((0.46 51.57, 0.47 51.57, 0.47 51.58, 0.46 51.57)))\n");
}

/* The last of them may be another window, or another device's id, by then. */
static void a_text_that_a_shapefile_may_have_cut_is_refused(void **state)
{
    char table[2048], schedule[512] = "Mon 08:00-08:30";

    (void)state;
    if (!has_gdal())
        return;
    for (int i = 1; i < 16; i++)
        snprintf(schedule + strlen(schedule), sizeof schedule - strlen(schedule),
                 "; Mon %02d:00-%02d:30", 8 + i, 8 + i);
    snprintf(table, sizeof table,
             "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{"
             "\"order\":\"A\",\"zone\":\"z\",\"kind\":\"bail\",\"respondent\":\"R-1\","
             "\"devices\":\"t\",\"schedule\":\"%s\"},\"geometry\":{\"type\":\"Polygon\","
             "\"coordinates\":[[[0.46,51.57],"
             "[0.47,51.57],[0.47,51.58],[0.46,51.57]]]}}]}",
             schedule);
    scratch_write("map.geojson", table);
    assert_int_equal(system("ogr2ogr map.shp map.geojson 2>gdal"), 0); // NOLINT
    assert_ended(order_run("order import map.shp --from '2026-06-01 09:00'"), 1,
                 "map.shp: feature 1: schedule: has all 254 bytes that such a file keeps");
    assert_ended(order_run("order import map.geojson --from '2026-06-01 09:00'"), 0, "is in place");
}

/* ---- by hand ---- */

static void what_is_given_by_hand_counts_and_that_is_told(void **state)
{
    (void)state;
    scratch_write("town.csv", "order,kind,respondent,devices,from,zone,lat,lon,radius,warn\n"
                              "A,bail,R-1,t,2026-01-01,home,51.5712,0.4712,200,800\n"
                              "B,bail,R-2,u,2026-02-01,home,51.5712,0.4912,100,900\n"
                              "B,,,,,work,51.5712,0.4812,50,\n");
    assert_ended(order_run("order import town.csv --from '2026-03-01 09:00' --warn 0 --id C "
                           "--zone other --radius '1 km'"),
                 0, "breachctl: --from 2026-03-01 09:00: in place of what 2 lines say\n");
    assert_non_null(strstr(order_complained(), "--warn 0: in place of what 2 lines say\n"));
    assert_null(strstr(order_complained(), "--radius")); // where it lies, and which it is, stays
    assert_null(strstr(order_complained(), "--id"));
    assert_file("orders.d/town.conf",
                "[order A]\nkind       = bail\nrespondent = R-1\ndevices    = t\n"
                "from       = 2026-03-01 09:00\n\n[zone A/home]\n"
                "centre     = 51.5712, 0.4712\nradius     = 200 m\n\n"
                "[order B]\nkind       = bail\nrespondent = R-2\ndevices    = u\n"
                "from       = 2026-03-01 09:00\n\n[zone B/home]\n"
                "centre     = 51.5712, 0.4912\nradius     = 100 m\n\n[zone B/work]\n"
                "centre     = 51.5712, 0.4812\nradius     = 50 m\n");
}

static void whom_it_binds_is_said_once(void **state)
{
    (void)state;
    scratch_write("town.csv", "order,kind,respondent,devices,from,zone,lat,lon,radius\n"
                              "A,bail,R-1,t,2026-01-01 09:00,home,51.5712,0.4712,200\n");
    assert_ended(order_run("order import town.csv --respondent R-2"), 1,
                 "line 2: respondent: \"R-1\" here, and \"R-2\" by --respondent");
    assert_ended(order_run("order import town.csv --devices u"), 1,
                 "line 2: devices: \"t\" here, and \"u\" by --devices");
    assert_ended(order_run("order import town.csv --respondent R-1 --devices t"), 0, "in place");
}

/* GDAL's own spelling of instants, which a table and KML keep as texts. */
static void instants_as_ogr2ogr_writes_them_into_texts_are_read(void **state)
{
    static const char *const made[] = { "map.csv", "map.kml" };

    (void)state;
    if (!has_gdal())
        return;
    scratch_write("map.geojson",
                  "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
                  "\"properties\":{\"order\":\"X\",\"zone\":\"home\",\"kind\":\"bail\","
                  "\"respondent\":\"R-1\",\"devices\":\"t\",\"monitoring\":\"bail\","
                  "\"from\":\"2020-06-09T12:00:00Z\",\"until\":\"2020-07-07T12:00:00+01:00\"},"
                  "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0.45,51.56],"
                  "[0.46,51.56],[0.46,51.57],[0.45,51.56]]]}}]}");
    assert_int_equal(
        system("ogr2ogr -lco GEOMETRY=AS_WKT map.csv map.geojson 2>/dev/null && " // NOLINT
               "ogr2ogr -f KML map.kml map.geojson 2>/dev/null"),
        0);
    assert_int_equal(system("grep -q '2020/06/09 12:00:00+00' map.csv map.kml"), 0); // NOLINT
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        assert_int_equal(system("rm -rf back.d && mkdir back.d"), 0); // NOLINT
        assert_ended(order_run("order import %s --orders back.d --file X", made[i]), 0,
                     "is in place");
        assert_non_null(strstr(order_said(), "from       = 2020-06-09T12:00:00+00:00\n"));
        assert_non_null(strstr(order_said(), "until      = 2020-07-07T12:00:00+01:00\n"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        order_test(the_geojson_that_qgis_writes_comes_in_as_the_same_orders),
        order_test(its_geopackage_does_too),
        order_test(instants_as_ogr2ogr_writes_them_into_texts_are_read),
        order_test(a_shapefile_too_though_it_keeps_no_time_of_day),
        order_test(an_instant_that_was_changed_in_qgis_is_refused_until_it_is_given),
        order_test(a_table_of_qgis_has_an_id_of_its_own),
        order_test(a_text_that_a_shapefile_may_have_cut_is_refused),
        order_test(what_is_given_by_hand_counts_and_that_is_told),
        order_test(whom_it_binds_is_said_once),
    };

    return cmocka_run_group_tests_name("import qgis", tests, NULL, NULL);
}
