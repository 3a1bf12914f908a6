/* SPDX-License-Identifier: Apache-2.0 */
/* breachctl order import: tables and maps of others become order files, and say how. */
#include "ctl/order_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"
#include "support/test.h"

#define TABLE                                                                                      \
    "order,kind,respondent,devices,from,monitoring,zone,lat,lon,radius,warn,schedule\n"            \
    "A,bail,R-1,\"tag-1, tag-2\",2026-01-01 09:00,bail,home,51.5712,0.4712,200,800,\n"             \
    "A,,,,,,work,51.5812,0.4812,150 m,,Mon-Fri 08:00-16:30; Sat 09:00-12:00\n"                     \
    "\n"                                                                                           \
    "B,bail,R-2,tag-3,2026-01-01 09:00,bail,home,51.5712,0.4712,100,,\n"
#define TABLE_WRITTEN                                                                              \
    "[order A]\nkind       = bail\nrespondent = R-1\ndevices    = tag-1, tag-2\n"                  \
    "monitoring = bail\nfrom       = 2026-01-01 09:00\n\n"                                         \
    "[zone A/home]\ncentre     = 51.5712, 0.4712\nradius     = 200 m\nwarn       = 800 m\n\n"      \
    "[zone A/work]\ncentre     = 51.5812, 0.4812\nradius     = 150 m\n"                            \
    "schedule   = Mon-Fri 08:00-16:30; Sat 09:00-12:00\n\n"                                        \
    "[order B]\nkind       = bail\nrespondent = R-2\ndevices    = tag-3\nmonitoring = bail\n"      \
    "from       = 2026-01-01 09:00\n\n"                                                            \
    "[zone B/home]\ncentre     = 51.5712, 0.4712\nradius     = 100 m\n"

static void a_table_is_orders_with_their_zones(void **state)
{
    (void)state;
    scratch_write("town.csv", TABLE);
    assert_ended(order_run("order import town.csv"), 0,
                 "orders.d/town.conf is in place; with it "
                 "there are 2 orders, 3 zones");
    assert_file("orders.d/town.conf", TABLE_WRITTEN);
    assert_string_equal(order_said(), TABLE_WRITTEN);
}

/* What every row would say may be said once, and semicolons part as well. */
static void the_options_say_what_the_table_does_not(void **state)
{
    (void)state;
    scratch_write("zones.csv",
                  "Name;Latitude;Longitude;Colour\nHer home (new);51.5712;0.4712;red\n");
    assert_ended(order_run("order import zones.csv --id A --kind bail --respondent R-1 --devices t "
                           "--from 2026-01-01T00:00:00Z --radius '200 m'"),
                 0, "column 4, Colour, is not taken");
    assert_file("orders.d/zones.conf",
                "[order A]\nkind       = bail\nrespondent = R-1\ndevices    = t\n"
                "from       = 2026-01-01T00:00:00Z\n\n[zone A/Her-home--new-]\n"
                "centre     = 51.5712, 0.4712\nradius     = 200 m\n");
}

static void eastings_and_polygons_of_the_grid_go_by_proj(void **state)
{
    double lat = 0, lon = 0;
    (void)state;

    scratch_write("grid.csv",
                  "order,kind,respondent,devices,from,zone,easting,northing,radius,wkt\n"
                  "A,bail,R-1,t,2026-01-01 09:00,a,571340,188470,100,\n"
                  "A,,,,,b,,,,\"SRID=27700;POLYGON Z ((571340 188470 5, 571440 188470 "
                  "5, 571440 188570 5, 571340 188470 5))\"\n");
    assert_ended(order_run("order import grid.csv"), 0,
                 "places of EPSG:27700 to WGS84: by Inverse of British National Grid + OSGB36 to "
                 "WGS 84");
    assert_non_null(strstr(order_complained(), "accurate to "));
    assert_int_equal(sscanf(strstr(order_said(), "centre     = "), "centre = %lf, %lf", &lat, &lon),
                     2);
    assert_true(lat > 51.56903 && lat < 51.56911 && lon > 0.47082 && lon < 0.47092);
    assert_int_equal(sscanf(strstr(order_said(), "POLYGON (("), "POLYGON ((%lf %lf", &lon, &lat),
                     2);
    assert_true(lat > 51.56903 && lat < 51.56911 && lon > 0.47082 && lon < 0.47092);
}

#define SHAPE                                                                                      \
    "{\"type\":\"Polygon\",\"coordinates\":[[[0.47,51.57],[0.48,51.57],[0.48,51.58],[0.47,51.57]]" \
    "]}"
#define FEATURE(properties, geometry)                                                              \
    "{\"type\":\"Feature\",\"properties\":{" properties "},\"geometry\":" geometry "}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define FLAGS                "--kind bail --respondent R-1 --devices t --from 2026-01-01T00:00:00Z "

static const struct refused_row {
    const char *says, *file, *text, *arguments, *complaint;
} refused[] = {
    { "no order", "a.csv", "zone,lat,lon,radius\nz,51.5,0.5,9\n", "",
      "line 2: of which order? a column or property `order`, or --id" },
    { "two words for one order", "a.csv", "order,kind,respondent\nA,bail,R-1\n\nA,DVPO,R-1\n", "",
      "line 4: kind: \"DVPO\" here, and \"bail\" before" },
    { "a zone twice", "a.csv", "order,zone,lat,lon,radius\nA,z,51.5,0.5,9\nA,z,51.6,0.5,9\n", FLAGS,
      "line 3: zone: there is a A/z before" },
    { "half a place", "a.csv", "order,lat\nA,51.5\n", FLAGS, "line 2: lat and lon go together" },
    { "two columns of one name", "a.csv", "order,lat,latitude\n", "",
      "two columns are called latitude" },
    { "no known column", "a.csv", "colour\nred\n", "", "names no column that is known" },
    { "an empty table", "a.csv", "", "", "the table is empty" },
    { "no row", "a.csv", "order,lat\n", "", "has no line to import" },
    { "a zone without a place", "a.csv", "order,zone,lat,lon,radius\nA,z,51.5,0.5,9\nA,y,,,\n",
      FLAGS, "line 3: zone y: has no place" },
    { "a zone of a radius alone", "a.csv", "order,zone,lat,lon,radius\nA,z,,,9\n", FLAGS,
      "line 2: zone z: has no place" },
    { "a name without a place", "a.csv", "order,name,lat,lon,radius\nA,her home,,,\n", FLAGS,
      "line 2: zone her-home: has no place" },
    { "a thousand, unquoted", "a.csv", "order,zone,lat,lon,radius\nA,z,51.5,0.5,1,000\n", FLAGS,
      "line 2: has 6 fields, and line 1 names 5" },
    { "two places", "a.csv",
      "order,zone,lat,lon,easting,northing,radius\nA,z,51.5,0.5,560000,188000,9\n", FLAGS,
      "line 2: says where it lies by lat, lon and by easting, northing: leave one in" },
    { "a place and a half", "a.csv",
      "order,zone,lat,lon,easting,northing,radius\nA,z,51.5,0.5,560000,,9\n", FLAGS,
      "line 2: easting and northing go together" },
    { "a centre beside lat and lon", "a.csv",
      "order,zone,centre,lat,lon,radius\nA,z,\"51.5, 0.5\",51.6,0.5,9\n", FLAGS,
      "line 2: says where it lies by centre and by other columns" },
    { "a feature without a geometry", "a.geojson",
      COLLECTION(FEATURE("\"zone\":\"home\"", SHAPE) "," FEATURE(
          "\"zone\":\"school\",\"schedule\":\"Mon-Fri 08:00-16:30\"", "null")),
      FLAGS "--id A", "feature 2: geometry: there is none" },
    { "an unknown system", "a.csv", "order,wkt\nA,\"SRID=1;POLYGON ((1 2, 3 4, 5 6, 1 2))\"\n",
      FLAGS, "EPSG:1: PROJ knows no such system" },
    { "a line of a map", "a.geojson",
      COLLECTION(
          FEATURE("", "{\"type\":\"LineString\",\"coordinates\":[[0.47,51.57],[0.48,51.57]]}")),
      FLAGS "--id A", "feature 1: geometry: a LineString is no area" },
    { "no feature", "a.geojson", COLLECTION(""), FLAGS, "holds no feature" },
    { "no JSON", "a.geojson", "{\"type\":", FLAGS, "cannot be read as JSON" },
    { "a map in Paris", "a.geojson",
      COLLECTION(FEATURE("", "{\"type\":\"Point\",\"coordinates\":[2.35,48.85]}")),
      FLAGS "--id A --radius '9 m'", "outside the region" },
    { "no such file", "a.geojson", NULL, FLAGS, "a.geojson: No such file or directory" },
};

static void it_is_refused_by_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        print_message("%s\n", refused[i].says);
        remove("a.geojson");
        if (refused[i].text != NULL)
            scratch_write(refused[i].file, refused[i].text);
        assert_ended(order_run("order import %s %s", refused[i].file, refused[i].arguments), 1,
                     refused[i].complaint);
        assert_null(order_file("orders.d/a.conf"));
    }
}

static void a_nul_in_a_table_is_told_as_one(void **state)
{
    (void)state;
    assert_int_equal(system("printf 'order,lat\\nA\\0,51\\n' >a.csv"), 0); // NOLINT
    assert_ended(order_run("order import a.csv"), 1, "line 2: holds a NUL: no text");
    assert_int_equal(system("printf 'order\\0,lat\\n' >a.csv"), 0); // NOLINT
    assert_ended(order_run("order import a.csv"), 1, "line 1: holds a NUL: no text");
}

/* What a spreadsheet puts behind the last column is no value. */
static void blanks_behind_the_last_name_are_nothing(void **state)
{
    (void)state;
    scratch_write("a.csv", "order,zone,lat,lon,radius\nA,z,51.5712,0.4712,9,,\n");
    assert_ended(order_run("order import a.csv " FLAGS), 0, "is in place");
}

/* ---- there and back ---- */

#define ORDERS                                                                                     \
    "[order A]\nkind = bail\nclause = 3\nrespondent = R-1\ndevices = tag-1, tag-2\n"               \
    "area = Basildon\nage = 27\nmonitoring = bail\nfrom = 2026-01-01T00:00:00Z\n"                  \
    "served = 2026-01-02T00:00:00Z\nuntil = 2026-07-01T00:00:00Z\n"                                \
    "[zone A/home]\ncentre = 51.5712, 0.4712\nradius = 200 m\nbuffer = 50 m\nwarn = 800 m\n"       \
    "schedule = Mon-Fri 08:00-16:30; Sat 09:00-12:00\n"                                            \
    "[zone A/school]\nwkt = MULTIPOLYGON (((0.46 51.57, 0.47 51.57, 0.47 51.58, 0.46 51.57), "     \
    "(0.466 51.572, 0.468 51.572, 0.468 51.574, 0.466 51.572)), ((0.48 51.57, 0.49 51.57, 0.49 "   \
    "51.58, 0.48 51.57)))\n"
#define BACK                                                                                       \
    "[order A]\nkind       = bail\nclause     = 3\nrespondent = R-1\ndevices    = tag-1, tag-2\n"  \
    "area       = Basildon\nage        = 27\nmonitoring = bail\n"                                  \
    "from       = 2026-01-01T00:00:00%sZ\nserved     = 2026-01-02T00:00:00%sZ\n"                   \
    "until      = 2026-07-01T00:00:00%sZ\n\n"                                                      \
    "[zone A/home]\ncentre     = 51.5712, 0.4712\nradius     = 250 m\nwarn       = 800 m\n"        \
    "schedule   = Mon-Fri 08:00-16:30; Sat 09:00-12:00\n\n"                                        \
    "[zone A/school]\nwkt        = MULTIPOLYGON (((0.46 51.57, "

/* By `convert`, a command that makes PATH of zones.geojson; the same zones come back. */
static void there_and_back(const char *convert, const char *path, const char *fraction)
{
    char want[2048], *before, *after;

    scratch_write("orders.d/A.conf", ORDERS);
    assert_int_equal(system("rm -rf back.d map.* && mkdir back.d"), 0); // NOLINT
    before = order_export("orders.d");
    assert_int_equal(system(convert), 0); // NOLINT
    assert_ended(order_run("order import %s --orders back.d --file A", path), 0, "is in place");
    snprintf(want, sizeof want, BACK, fraction, fraction, fraction);
    if (strncmp(order_said(), want, strlen(want)) != 0)
        fail_msg("-- wanted:\n%s-- said:\n%s", want, order_said());
    after = order_export("back.d");
    assert_string_equal(after, before);
    free(before);
    free(after);
}

static void the_zones_that_go_out_come_in_again(void **state)
{
    (void)state;
    there_and_back("cp zones.geojson map.geojson", "map.geojson", ".000");
}

static bool has_gdal(void)
{
    if (system("command -v ogr2ogr ogrinfo >/dev/null") == 0) // NOLINT
        return true;
    print_message("skipped: no ogr2ogr here\n");
    return false;
}

/* As QGIS does it: its layers are GDAL's. */
static void by_a_geopackage_of_qgis_they_do_too(void **state)
{
    (void)state;
    if (has_gdal())
        there_and_back("ogr2ogr map.gpkg zones.geojson", "map.gpkg", "");
}

static void a_geopackage_of_the_grid_says_by_which_transformation(void **state)
{
    (void)state;
    if (!has_gdal())
        return;
    scratch_write("orders.d/A.conf", ORDERS);
    free(order_export("orders.d"));
    assert_int_equal(system("mkdir back.d; ogr2ogr -t_srs EPSG:27700 map.gpkg zones.geojson"), 0);
    assert_ended(order_run("order import map.gpkg --orders back.d"), 0, "OSGB36 to WGS 84");
    // Nobody drew it anew, so the circle is still one.
    assert_non_null(strstr(order_said(), "centre     = 51.5712, 0.4712\nradius     = 250 m\n"));
    assert_non_null(strstr(order_said(), "wkt        = MULTIPOLYGON (((0.4600000"));
}

static void other_kinds_of_maps_are_read_too(void **state)
{
    (void)state;
    if (!has_gdal())
        return;
    scratch_write("home.kml",
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml "
                  "xmlns=\"http://www.opengis.net/kml/2.2\"><Placemark><name>Her home</name>"
                  "<Polygon><outerBoundaryIs><LinearRing><coordinates>0.45,51.56,0 0.46,51.56,0 "
                  "0.46,51.57,0 0.45,51.56,0</coordinates></LinearRing></outerBoundaryIs></Polygon>"
                  "</Placemark></kml>\n");
    assert_ended(order_run("order import home.kml --id A " FLAGS), 0, "is in place");
    assert_non_null(strstr(order_said(), "[zone A/Her-home]\nwkt        = POLYGON ((0.45 51.56, "
                                         "0.46 51.56, 0.46 51.57, 0.45 51.56))\n"));
    scratch_write("noise.gpkg", "this is none");
    assert_ended(order_run("order import noise.gpkg --id B " FLAGS), 1, "noise.gpkg: ");
    assert_int_equal(
        system("ogr2ogr two.gpkg home.kml && ogr2ogr -update -nln other two.gpkg home.kml"), 0);
    assert_ended(order_run("order import two.gpkg --id B " FLAGS), 1,
                 "two.gpkg: has several layers: --layer says which");
}

static void without_gdal_it_is_told_what_is_missing(void **state)
{
    (void)state;
    scratch_write("home.kml", "<kml/>\n");
    setenv("PATH_BEFORE", getenv("PATH"), 1);
    setenv("PATH", "/nowhere", 1);
    assert_ended(order_run("order import home.kml --id A " FLAGS), 1,
                 "ogrinfo is not there, which reads such files: install gdal-bin");
    setenv("PATH", getenv("PATH_BEFORE"), 1);
}

/* In QGIS somebody has moved a corner of the drawn circle: what is drawn is meant. */
static void a_circle_that_was_drawn_anew_is_none_any_more(void **state)
{
    (void)state;
    scratch_write("map.geojson",
                  COLLECTION(FEATURE("\"order\":\"A\",\"zone\":\"home\",\"centre\":\"51.5712, "
                                     "0.4712\",\"radius\":200",
                                     SHAPE)));
    assert_ended(order_run("order import map.geojson " FLAGS), 0,
                 "A/home: was drawn anew, by up to ");
    assert_non_null(strstr(order_said(), "[zone A/home]\nwkt        = POLYGON ((0.47 51.57, 0.48 "
                                         "51.57, 0.48 51.58, 0.47 51.57))\n"));
    assert_null(strstr(order_said(), "centre"));
}

/* ---- over a file that is there ---- */

#define PERMIT                                                                                     \
    "[permit A/court]\nfrom = 2026-02-01T09:00:00Z\nuntil = 2026-02-01T17:00:00Z ; that day\n"     \
    "by = Sgt 1234\n"

static void a_file_is_replaced_only_when_that_was_said(void **state)
{
    (void)state;
    scratch_write("orders.d/town.conf", "; mine\n");
    scratch_write("town.csv", TABLE);
    assert_ended(order_run("order import town.csv"), 1, "is there already, and stays as it is");
    assert_file("orders.d/town.conf", "; mine\n");
}

static void permits_stay_when_a_file_is_replaced(void **state)
{
    (void)state;
    scratch_write("orders.d/town.conf", TABLE_WRITTEN PERMIT);
    scratch_write("town.csv", TABLE);
    assert_ended(order_run("order import town.csv --replace"), 0, "is in place");
    assert_file("orders.d/town.conf",
                TABLE_WRITTEN "\n[permit A/court]\nfrom       = 2026-02-01T09:00:00Z\n"
                              "until      = 2026-02-01T17:00:00Z\nby         = Sgt 1234\n");
}

#define RICH                                                                                       \
    "[order A]\nkind = bail\nrespondent = R-1\ndevices = tag-1, tag-9, tag-2\n"                    \
    "monitoring = bail\nfrom = 2026-01-01 09:00\nserved = 2026-01-02T00:00:00Z\n"                  \
    "until = 2026-07-01T00:00:00Z\narea = Basildon\n"                                              \
    "[zone A/home]\ncentre = 51.5712, 0.4712\nradius = 500 m\nbuffer = 50 m\nwarn = 900 m\n"       \
    "[zone A/work]\nwkt = POLYGON ((0.46 51.57, 0.47 51.57, 0.47 51.58, 0.46 51.57))\n"            \
    "schedule = Mon-Fri 08:00-16:30\n"

/* A table that says less than the file does takes nothing away by saying nothing. */
static void what_an_import_does_not_say_stays_and_what_goes_is_told(void **state)
{
    (void)state;
    scratch_write("orders.d/rich.conf", RICH);
    scratch_write("rich.csv",
                  "order,kind,respondent,devices,from,zone,lat,lon,radius\n"
                  "A,bail,R-1,\"tag-1, tag-2\",2026-01-01 09:00,home,51.5712,0.4712,200\n"
                  "A,,,,,work,51.5812,0.4812,150\n");
    assert_ended(order_run("order import rich.csv --replace"), 0,
                 "breachctl: A: its served stays: the import has none\n");
    assert_non_null(strstr(order_complained(), "A: its device tag-9 goes: "));
    assert_non_null(strstr(order_complained(), "A/home: its buffer stays"));
    assert_non_null(
        strstr(order_complained(), "A/work: its wkt goes: the import has another shape"));
    assert_file("orders.d/rich.conf",
                "[order A]\nkind       = bail\nrespondent = R-1\ndevices    = tag-1, tag-2\n"
                "area       = Basildon\nmonitoring = bail\nfrom       = 2026-01-01 09:00\n"
                "served     = 2026-01-02T00:00:00Z\nuntil      = 2026-07-01T00:00:00Z\n\n"
                "[zone A/home]\ncentre     = 51.5712, 0.4712\nradius     = 200 m\n"
                "buffer     = 50 m\nwarn       = 900 m\n\n"
                "[zone A/work]\ncentre     = 51.5812, 0.4812\nradius     = 150 m\n"
                "schedule   = Mon-Fri 08:00-16:30\n");
}

/* A map has the buffer in what is drawn: it would be grown twice. */
static void a_buffer_goes_with_the_shape_that_a_map_has(void **state)
{
    (void)state;
    scratch_write("orders.d/map.conf", RICH);
    scratch_write("map.geojson",
                  COLLECTION(FEATURE("\"order\":\"A\",\"zone\":\"home\"", SHAPE) "," FEATURE(
                      "\"order\":\"A\",\"zone\":\"work\"", SHAPE)));
    assert_ended(order_run("order import map.geojson --replace"), 0,
                 "A/home: its buffer goes: the import has another shape");
    assert_non_null(strstr(order_complained(), "A/home: its radius goes: "));
    assert_null(strstr(order_file("orders.d/map.conf"), "buffer"));
    assert_non_null(strstr(order_file("orders.d/map.conf"), "warn       = 900 m"));
}

static void an_order_is_not_lost_with_the_file_that_is_replaced(void **state)
{
    (void)state;
    scratch_write("orders.d/town.conf",
                  TABLE_WRITTEN "[order C]\nkind = bail\nrespondent = R-3\ndevices = tag-4\n"
                                "from = 2026-01-01T00:00:00Z\n");
    scratch_write("town.csv", TABLE);
    assert_ended(order_run("order import town.csv --replace"), 1,
                 "town.conf: has [order C], which the import has not");
    assert_non_null(strstr(order_file("orders.d/town.conf"), "[order C]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        order_test(a_table_is_orders_with_their_zones),
        order_test(the_options_say_what_the_table_does_not),
        order_test(eastings_and_polygons_of_the_grid_go_by_proj),
        order_test(it_is_refused_by_its_row),
        order_test(a_nul_in_a_table_is_told_as_one),
        order_test(blanks_behind_the_last_name_are_nothing),
        order_test(the_zones_that_go_out_come_in_again),
        order_test(by_a_geopackage_of_qgis_they_do_too),
        order_test(a_geopackage_of_the_grid_says_by_which_transformation),
        order_test(other_kinds_of_maps_are_read_too),
        order_test(without_gdal_it_is_told_what_is_missing),
        order_test(a_circle_that_was_drawn_anew_is_none_any_more),
        order_test(a_file_is_replaced_only_when_that_was_said),
        order_test(permits_stay_when_a_file_is_replaced),
        order_test(what_an_import_does_not_say_stays_and_what_goes_is_told),
        order_test(a_buffer_goes_with_the_shape_that_a_map_has),
        order_test(an_order_is_not_lost_with_the_file_that_is_replaced),
    };

    return cmocka_run_group_tests_name("order import", tests, NULL, NULL);
}
